"""Rich Text Format (RTF)."""

import re

from striprtf.striprtf import rtf_to_text

from qa.ingest.readers.base import FileContent, Piece, within_limits

_FIELD = r"\{\\%s\s+((?:[^{}\\]|\\[^\n])*)\}"
_CREATED = re.compile(r"\\creatim\\yr(\d{4})\\mo(\d{1,2})\\dy(\d{1,2})")


def read(data: bytes, name: str) -> FileContent:
    """Return the text as one piece; its places are lines.

    Raises:
        UserError: it is too long.
    """
    if not data.lstrip().startswith(b"{\\rtf"):
        raise ValueError("it does not begin like an RTF file")
    written = data.decode("latin-1")  # RTF is ASCII; other characters are written as their numbers
    created = _CREATED.search(written)
    date = "{}-{:0>2}-{:0>2}".format(*created.groups()) if created else None
    known = {"title": _field(written, "title"), "author": _field(written, "author"), "date": date}
    return FileContent(within_limits([Piece("", _text(written))]), known)


def _field(written: str, name: str) -> str | None:
    found = re.search(_FIELD % name, written)
    return _text("{\\rtf1 " + found[1] + "}") if found else None


def _text(written: str) -> str:
    return str(rtf_to_text(written, errors="replace"))  # type: ignore[no-untyped-call]
