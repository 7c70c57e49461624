"""A visitor's file to its text: the limits on what is taken, and ids that are safe whatever it is called."""

import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from threading import RLock

from qa.errors import UserError
from qa.ingest.documents import SUFFIXES

FOLDER = "uploads"
"""What the ids of visitors' documents begin with. No folder of this name is made anywhere."""

NAME_CHARS, ENDING_CHARS = 80, 8
"""A longer name, or a longer ending of one, is shortened, so that it fits a line of the page."""

_RESERVED = frozenset('<>:"/\\|?*&')
"""Characters with a meaning in paths, HTML or a command line."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one visitor may bring. The defaults are set by hand, so that nobody waits, or keeps two
    processor cores busy, for more than some minutes: a megabyte of text, some 12,000 sentences, takes two to
    four minutes to embed there.
    """

    file_bytes: int = 1_000_000
    """Bytes of one file: a thick book of plain text."""
    files: int = 20
    """Files a visitor may have at a time."""
    total_bytes: int = 4_000_000
    """Bytes of all of them together."""
    all_visitors_bytes: int = 100_000_000
    """Bytes of all visitors' files together. Their index takes six to fifteen times as much of the disk, the
    more the shorter the sentences, each of which has a vector of 768 bytes; and up to as much of memory."""
    suffixes: frozenset[str] = SUFFIXES
    """Endings, in lower case and with their dot, of the names of files that are read."""


LIMITS = Limits()
"""The default limits."""


class Room:
    """What all visitors' files may have together. Safe to use from many threads."""

    def __init__(self, limit: int) -> None:
        """Room for ``limit`` bytes."""
        self._limit = limit
        self._shares: dict[object, int] = {}
        self._changing = RLock()  # a library may be collected, which ends its share, at any moment

    def hold(self, visitor: object, size: int) -> None:
        """Let ``visitor``, any key, have ``size`` bytes from now on, whatever it had before; 0 for none.

        Raises:
            UserError: it is more than before, and more than there is. Nothing has changed then.
        """
        with self._changing:
            before = self._shares.get(visitor, 0)
            held = sum(tuple(self._shares.values()))
            if size > before and held - before + size > self._limit:
                raise UserError(
                    f"the files of all visitors together may have {_megabytes(self._limit)}, and there are "
                    "almost as many; try again when others have removed theirs"
                )
            if size:
                self._shares[visitor] = size
            else:
                self._shares.pop(visitor, None)


def read(path: Path, limits: Limits) -> bytes:
    """The bytes of a file of a kind and size that is within ``limits``.

    Raises:
        UserError: it is not, or it cannot be read. The message is a sentence that follows the file's name.
    """
    if path.suffix.lower() not in limits.suffixes:
        raise UserError(f"only files ending in {' or '.join(sorted(limits.suffixes))} are read")
    try:
        if path.is_symlink() or not path.is_file():
            raise UserError("it is no file that can be read")
        with path.open("rb") as file:
            data = file.read(limits.file_bytes + 1)
    except OSError as error:
        raise UserError(f"it cannot be read ({str(error.strerror).lower()})") from error
    except ValueError as error:  # a null character
        raise UserError("it is no file that can be read") from error
    if len(data) > limits.file_bytes:
        raise UserError(f"it is larger than {_megabytes(limits.file_bytes)}; split it")
    return data


def check_room(sizes: Collection[int], limits: Limits) -> None:
    """See that files of so many bytes each are within ``limits``.

    Raises:
        UserError: they are not. The message is a sentence that follows the name of the last one.
    """
    if len(sizes) > limits.files:
        raise UserError(f"of files there may be at most {limits.files} at a time; remove one first")
    if sum(sizes) > limits.total_bytes:
        raise UserError(f"all files together may have {_megabytes(limits.total_bytes)}; remove one first")


def safe_name(name: str) -> str:
    """The last part of a file's name without what could mislead a reader, a path, a page or a shell.

    Control and invisible characters, such as those that turn the direction of writing, are taken out, and a
    long name is shortened before its ending.
    """
    last = unicodedata.normalize("NFC", name.replace("\\", "/").rpartition("/")[2])
    base = "".join(char for char in last if char.isprintable() and char not in _RESERVED)
    stem, dot, ending = base.rpartition(".") if "." in base else (base, "", "")
    return (stem.strip(". ")[:NAME_CHARS] or "unnamed") + (dot + ending)[:ENDING_CHARS].rstrip(". ")


def unique_id(name: str, taken: Collection[str]) -> str:
    """The id of a document called ``name``: one that is not, in lower case, among ``taken``."""
    plain = Path(safe_name(name))
    ids = (f"{FOLDER}/{plain.stem}{f' ({i})' if i > 1 else ''}{plain.suffix}" for i in count(1))
    return next(doc_id for doc_id in ids if doc_id.lower() not in taken)


def _megabytes(size: int) -> str:
    return f"{size / 1e6:g} MB"
