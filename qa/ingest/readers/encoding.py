"""Decode bytes to text: by what they declare, then as UTF-8, then by a guess."""

import codecs
import re

from charset_normalizer import from_bytes

from qa.errors import UserError

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
"""Byte-order marks; a longer one comes before its own beginning."""

_WESTERN = "cp1252"
"""The usual encoding of text in Latin letters; it covers Latin-1."""

_CENTRAL = "cp1250"
"""The usual encoding in Central Europe."""

_OTHERS = (
    *("cp1251", "cp1253", "cp1255", "cp1256", "koi8_r", "cp866"),
    *("shift_jis", "euc_jp", "gb18030", "big5", "euc_kr"),
)
"""Encodings of other scripts that are still in use; each additional one makes a wrong guess likelier."""

_COMMON = {
    "shift_jis": ((0x81, 0x83), (0x88, 0x97)),
    "euc_jp": ((0xA1, 0xA5), (0xB0, 0xCF)),
    "gb18030": ((0xA1, 0xA3), (0xB0, 0xD7)),
    "big5": ((0xA1, 0xA1), (0xA4, 0xC6)),
    "euc_kr": ((0xA1, 0xA3), (0xB0, 0xC8)),
}
"""The first bytes of the signs, syllables and everyday characters of East Asian encodings, as their standards
(JIS X 0208, GB 2312, Big5, KS X 1001) order them."""

_MOSTLY = 0.9
"""The share of a text that is everyday characters. Set by hand, on forty small tables in eleven encodings."""

_EAST_ASIAN = re.compile(r"[\u3000-\u30ff\u4e00-\u9fff\uac00-\ud7a3\uff01-\uff5e]+")

_HIGH = re.compile(rb"[\x80-\xff]+")
_RUN = 2
"""In Latin scripts, letters beyond ASCII come one or two in a row; words of other scripts consist of them."""

_BROKEN_WORD = re.compile(r"[^\W\d_][¹³£¿¼¾¯Ÿ\ufffd][^\W\d_]")
"""Signs inside a word, which only appear when Central European text is decoded as Western."""

_SAMPLE = 100_000
"""Bytes that the guess is made from."""


def decode(data: bytes, declared: str | None = None) -> str:
    """Decode the bytes of a text file.

    A byte-order mark decides, then ``declared`` (the encoding that the file names), then whether the bytes
    are valid UTF-8; otherwise the encoding is guessed.

    Raises:
        UserError: the bytes are binary, or not valid in the encoding of their byte-order mark.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _decode_marked(data, encoding)
    if b"\x00" in data:
        raise UserError("it is a binary file, not text; convert it to text first")
    for candidate in filter(None, (declared, "utf-8")):
        try:
            return data.decode(candidate)
        except (UnicodeDecodeError, LookupError):
            continue
    return data.decode(_guess(data), errors="replace")


def _decode_marked(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        name = encoding.removesuffix("-sig").upper()
        raise UserError(f"byte {error.start} is not valid {name}; save the file as UTF-8") from error


def _guess(data: bytes) -> str:
    sample = data[:_SAMPLE]
    east_asian = [encoding for encoding in _COMMON if _is_everyday(sample, encoding)]
    if len(east_asian) == 1:
        return east_asian[0]
    runs = _HIGH.findall(sample)
    latin = sum(map(len, runs)) <= _RUN * len(runs)
    if latin and not east_asian:
        western = sample.decode(_WESTERN, errors="replace")
        return _CENTRAL if _BROKEN_WORD.search(western) else _WESTERN
    best = from_bytes(sample, cp_isolation=east_asian or list(_OTHERS)).best()
    return best.encoding if best else (east_asian or [_WESTERN])[0]


def _is_everyday(data: bytes, encoding: str) -> bool:
    """Return whether ``data`` is words of everyday characters in an East Asian encoding.

    Several of them stand together; a letter with an accent that is read as one stands among Latin letters.
    """
    try:
        text = codecs.getincrementaldecoder(encoding)().decode(data)
    except UnicodeDecodeError:
        return False
    high = sum(not char.isascii() for char in text)
    words = [word for word in _EAST_ASIAN.findall(text) if len(word) > 1]
    everyday = sum(
        any(first <= char.encode(encoding)[0] <= last for first, last in _COMMON[encoding])
        for word in words
        for char in word
    )
    return 0 < _MOSTLY * high <= everyday
