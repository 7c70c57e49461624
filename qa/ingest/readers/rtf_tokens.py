"""The tokens of Rich Text Format: braces, control words with their numbers, bytes and text."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

_TOKEN: Final = re.compile(
    rb"\\([A-Za-z]{1,32})(-?\d{1,10})?[ ]?|\\'([0-9A-Fa-f]{2})|\\([^A-Za-z])"
    rb"|([{}])|[\r\n]+|([^\\{}\r\n]+)|\\",
    re.DOTALL,
)


class Kind(Enum):
    """The kind of a token."""

    OPEN = auto()
    CLOSE = auto()
    WORD = auto()
    SIGN = auto()
    """A backslash with a character that is no letter."""
    BYTES = auto()


@dataclass(frozen=True, slots=True)
class Token:
    """One token."""

    kind: Kind
    name: str = ""
    """The control word or sign."""
    number: int | None = None
    data: bytes = b""
    escaped: bool = False
    """True if a byte is written as its number."""


def tokens(data: bytes) -> Iterator[Token]:
    """Yield the tokens of a file. Binary data inside it is passed over."""
    place = 0
    while match := _TOKEN.match(data, place):
        place = match.end()
        word, number, code, sign, brace, text = match.groups()
        if word == b"bin":
            place += max(int(number or 0), 0)
        elif word:
            yield Token(Kind.WORD, word.decode("ascii"), int(number) if number else None)
        elif code:
            yield Token(Kind.BYTES, data=bytes.fromhex(code.decode("ascii")), escaped=True)
        elif sign:
            yield Token(Kind.SIGN, sign.decode("latin-1"))
        elif brace:
            yield Token(Kind.OPEN if brace == b"{" else Kind.CLOSE)
        elif text:
            yield Token(Kind.BYTES, data=text)
