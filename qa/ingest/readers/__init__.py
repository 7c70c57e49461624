"""Read files of every format: one small module each.

The bytes of a file go in; pieces of text with their places, and the file's metadata, come out.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from pathlib import PurePosixPath
from types import ModuleType

from qa.errors import UserError
from qa.ingest.readers.archive import Member
from qa.ingest.readers.base import (
    MARKDOWN,
    MAX_CHARS,
    MAX_PIECES,
    TOO_MUCH_MEMORY,
    FileContent,
    ImagesError,
    Piece,
)
from qa.ingest.readers.converted import ENDINGS

__all__ = [
    "CODE",
    "CONVERTED",
    "DEFAULT",
    "MAILS",
    "MARKDOWN",
    "MARKUP",
    "MAX_CHARS",
    "MAX_PIECES",
    "PICTURES",
    "READERS",
    "FileContent",
    "Piece",
    "format_of",
    "read",
    "suffix",
    "unpack",
]

DEFAULT = "text"
"""The reader of files with an unknown ending, which are read only when somebody names them."""

CODE = frozenset(
    """.bas .bash .bat .bib .c .cc .cfg .clj .conf .cpp .cs .css .cxx .dart .erl .ex .f90 .go .gradle .groovy
    .h .hpp .hs .ini .java .jl .js .jsx .kt .less .lua .m .mjs .ml .pas .php .pl .pm .properties .proto .ps1
    .py .r .rb .rs .scala .scss .sh .sol .sql .swift .tf .toml .ts .tsx .vb .vue .yaml .yml .zig""".split()
)
"""Endings of source code and settings, which are read as they are, with a place for each line."""

MARKUP = frozenset({".adoc", ".asciidoc", ".org", ".rst"})
"""Endings of light markup other than Markdown, which is read as it is, with its sections as places."""

MAILS = frozenset({".eml", ".mbox", ".msg"})
"""Endings of e-mails and mailboxes, to which files may be attached."""

CONVERTED = frozenset(ENDINGS)
"""Endings of older formats and of other programs', which LibreOffice converts where it is installed."""

PICTURES = frozenset({".jpeg", ".jpg", ".png", ".tif", ".tiff", ".webp"})
"""Endings of pictures, whose text is recognised where the owner has turned this on."""

READERS: Mapping[str, str] = {
    **dict.fromkeys((".txt", *MARKDOWN, *CODE), "text"),
    **dict.fromkeys(MARKUP, "markup"),
    ".log": "log",
    ".csv": "csv",
    **dict.fromkeys((".json", ".jsonl"), "json"),
    ".ipynb": "notebook",
    **dict.fromkeys((".srt", ".vtt"), "subtitles"),
    **dict.fromkeys((".html", ".htm", ".xhtml"), "html"),
    **dict.fromkeys((".docbook", ".fb2", ".jats", ".nxml", ".tei", ".xml"), "xml"),
    **dict.fromkeys((".tex", ".latex"), "latex"),
    ".eml": "eml",
    ".mbox": "mbox",
    ".msg": "msg",
    ".pdf": "pdf",
    **dict.fromkeys((".docx", ".docm", ".dotx", ".dotm"), "docx"),
    **dict.fromkeys((".pptx", ".pptm", ".ppsx", ".ppsm", ".potx"), "pptx"),
    ".xlsx": "xlsx",
    **dict.fromkeys((".odt", ".ott"), "odt"),
    **dict.fromkeys((".odp", ".otp"), "odp"),
    **dict.fromkeys((".ods", ".ots"), "ods"),
    ".epub": "epub",
    ".rtf": "rtf",
    **dict.fromkeys(PICTURES, "picture"),
    **dict.fromkeys(CONVERTED, "converted"),
}
"""The module of this package that reads the files with an ending. Each is imported when first needed."""


def suffix(name: str) -> str:
    """Return the ending of a file's name, in lower case and with its dot."""
    return PurePosixPath(name).suffix.lower()


def format_of(name: str) -> str:
    """Return the name of the module that reads a file called ``name``; of one that is converted first, of the
    module that reads the newer format.
    """
    ending = suffix(name)
    return ENDINGS.get(ending) or READERS.get(ending, DEFAULT)


def read(data: bytes, name: str, ocr: str = "") -> FileContent:
    """Read a file called ``name`` into pieces, in their order. ``ocr`` names the languages in which the text
    of scanned pages is recognised (:mod:`qa.ingest.readers.pdf_ocr`); empty for not at all.

    Raises:
        UserError: it cannot be read. The message follows the file's name and a colon.
    """
    with _reasons_for_people(name):
        try:
            reader: Callable[[bytes, str], FileContent] = _module(name).read
            return reader(data, name)
        except ImagesError:
            if not ocr:
                raise
            kind = "picture" if suffix(name) in PICTURES else "pdf"
            scanned: Callable[[bytes, str], FileContent] = import_module(f"qa.ingest.readers.{kind}_ocr").read
            return scanned(data, ocr)


def unpack(data: bytes, name: str) -> tuple[Member, ...]:
    """Return the mails of a file called ``name``, which ends in one of ``MAILS``, each followed by what is
    attached to it.

    Raises:
        UserError: it cannot be read. The message follows the file's name and a colon.
    """
    with _reasons_for_people(name):
        members: Callable[[bytes, str], Iterator[Member]] = _module(name).unpack
        return tuple(members(data, name))


def _module(name: str) -> ModuleType:
    return import_module(f"qa.ingest.readers.{READERS.get(suffix(name), DEFAULT)}")


@contextmanager
def _reasons_for_people(name: str) -> Iterator[None]:
    """Turn whatever a file may do to a library into a UserError."""
    try:
        yield
    except UserError:
        raise
    except RecursionError as error:
        raise UserError("it is nested too deeply to be read") from error
    except MemoryError as error:
        raise UserError(TOO_MUCH_MEMORY) from error
    except Exception as error:  # whatever a damaged file may do to a library
        kind = suffix(name).removeprefix(".").upper() or "text"
        raise UserError(f"it is damaged, or not in {kind} format") from error
