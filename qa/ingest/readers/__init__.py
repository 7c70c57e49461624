"""Read files of every format: one small module each.

The bytes of a file go in; pieces of text with their places, and what the file says of itself, come out.
"""

from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import PurePath

from qa.errors import UserError
from qa.ingest.readers.base import MAX_CHARS, MAX_PIECES, ImagesError, Piece, Read

__all__ = ["HOME", "MAX_CHARS", "MAX_PIECES", "READERS", "Piece", "Read", "read", "suffix"]

HOME = "text"
"""The reader of files whose suffix says nothing, which somebody named all the same."""

READERS: Mapping[str, str] = {
    ".txt": "text",
    ".md": "text",
    ".csv": "csv",
    ".json": "json",
    ".jsonl": "json",
    ".html": "html",
    ".htm": "html",
    ".eml": "eml",
    ".pdf": "pdf",
    ".docx": "docx",
    ".pptx": "pptx",
    ".xlsx": "xlsx",
    ".odt": "odt",
    ".epub": "epub",
    ".rtf": "rtf",
}
"""Which module of this package reads the files that end so. Each is imported when it is first needed."""


def suffix(name: str) -> str:
    """The ending of a file's name, in lower case and with its dot."""
    return PurePath(name).suffix.lower()


def read(data: bytes, name: str, ocr: str = "") -> Read:
    """The pieces of a file called ``name``, in their order. Pages that are pictures are recognised in the
    languages ``ocr`` (see :mod:`qa.ingest.readers.pdf_ocr`), or not without one.

    Raises:
        UserError: it cannot be read; the message is a clause that follows the file's name.
    """
    ending = suffix(name)
    reader: Callable[[bytes, str], Read] = import_module(
        f"qa.ingest.readers.{READERS.get(ending, HOME)}"
    ).read
    try:
        return reader(data, name)
    except ImagesError:
        if not ocr:
            raise
        scanned: Callable[[bytes, str], Read] = import_module("qa.ingest.readers.pdf_ocr").read
        return scanned(data, ocr)
    except UserError:
        raise
    except RecursionError as error:
        raise UserError("it is nested too deep to be read") from error
    except MemoryError as error:
        raise UserError("it takes more memory to read than there is; split it") from error
    except Exception as error:  # whatever a damaged file may do to a library
        what = f"{ending.removeprefix('.').upper() or 'text'} file"
        raise UserError(f"it is damaged, or no {what}") from error
