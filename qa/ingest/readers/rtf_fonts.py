"""The fonts of a Rich Text file, whose character sets say how its bytes are meant."""

import codecs
from dataclasses import dataclass, field
from typing import Final

from qa.ingest.readers.symbols import symbol

_WESTERN: Final = "cp1252"
_SYMBOLS: Final = 2
"""The character set of fonts that hold signs."""

_ENCODINGS: Final = {
    **{0: "cp1252", 77: "mac_roman", 128: "cp932", 129: "cp949", 130: "johab", 134: "gb18030", 136: "cp950"},
    **{161: "cp1253", 162: "cp1254", 163: "cp1258", 177: "cp1255", 178: "cp1256", 186: "cp1257"},
    **{204: "cp1251", 222: "cp874", 238: "cp1250", 254: "cp437", 255: "cp850"},
}
"""The encodings of Windows' character sets, by the numbers that the RTF specification gives them."""


@dataclass(slots=True)
class Fonts:
    """The fonts by their numbers, and the decoding of bytes that are set in them."""

    encoding: str = _WESTERN
    """That of the whole file."""
    default: int = 0
    charsets: dict[int, int] = field(default_factory=dict)
    pages: dict[int, int] = field(default_factory=dict)
    names: dict[int, str] = field(default_factory=dict)
    _pending: bytes = b""
    """The first byte of a letter of two."""

    def set_page(self, page: int) -> None:
        """Take the code page of the whole file, if Python knows it."""
        self.encoding = _codec(page) or self.encoding

    def decode(self, data: bytes, font: int, escaped: bool) -> str:
        """Return bytes as text. A letter may be of two bytes, in two tokens."""
        charset = self.charsets.get(font)
        if charset == _SYMBOLS:
            return "".join(symbol(self.names.get(font, ""), f"{byte:x}") for byte in data)
        if not escaped and not self._pending:
            return data.decode("ascii") if data.isascii() else data.decode(self._encoding(font), "replace")
        decoder = codecs.getincrementaldecoder(self._encoding(font))("replace")
        text = decoder.decode(self._pending + data)
        self._pending = decoder.getstate()[0]
        return text

    def flush(self) -> str:
        """Return what a letter that was broken off stands for."""
        broken, self._pending = bool(self._pending), b""
        return "\ufffd" if broken else ""

    def _encoding(self, font: int) -> str:
        return _codec(self.pages.get(font, 0)) or _ENCODINGS.get(self.charsets.get(font, -1)) or self.encoding


def _codec(page: int) -> str | None:
    if not page:
        return None
    try:
        return codecs.lookup({65001: "utf-8", 10000: "mac_roman"}.get(page, f"cp{page}")).name
    except LookupError:
        return None
