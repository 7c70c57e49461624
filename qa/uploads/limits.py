"""Limits on uploads: of one file, of one visitor, and of all visitors together."""

from collections.abc import Sequence
from dataclasses import dataclass
from threading import RLock

from qa.errors import UserError
from qa.ingest.discovery import ARCHIVES
from qa.ingest.documents import SUFFIXES


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits on what one visitor may upload.

    Of one file its own size counts, and of all together the size of their text, which is what takes time to
    embed, and space in an index. The defaults are set by hand. A megabyte of text, some 12,000 sentences,
    takes two to four minutes to embed on two processor cores.
    """

    files: int = 50
    """Files that can be added at once."""
    file_bytes: int = 50_000_000
    """Bytes of one file."""
    upload_bytes: int = 500_000_000
    """Bytes of the files that are added at once, and of those that are kept: of a library together, and of
    all visitors together, but for those that last. Of more, only the text is kept."""
    documents: int = 1_000
    """Documents of a visitor at a time: the files of an archive are a document each."""
    text_bytes: int = 20_000_000
    """Bytes of the text of a visitor's documents together: twenty thick books."""
    all_visitors_text_bytes: int = 100_000_000
    """Bytes of the text of all visitors' documents together, but for those that last. Their index takes six
    to fifteen times as much disk space, and up to as much memory: the more, the shorter the sentences are,
    because each has a vector of 768 bytes."""
    suffixes: frozenset[str] = SUFFIXES | ARCHIVES
    """Supported endings of file names, in lower case and with their dot."""


LIMITS = Limits()
"""The default limits."""


def check_limits(sizes: Sequence[int], limits: Limits) -> None:
    """Check that a visitor may have documents with texts of ``sizes`` bytes at a time.

    Raises:
        UserError: there are too many, or they are too large. The message is a sentence about the last one.
    """
    if len(sizes) > limits.documents:
        documents = "1 document is" if limits.documents == 1 else f"{limits.documents:,} documents are"
        raise UserError(f"at most {documents} allowed at a time; remove one first")
    if sum(sizes) > limits.text_bytes:
        raise UserError(
            f"it has {megabytes(sizes[-1])} of text, and all your documents together can have at most "
            f"{megabytes(limits.text_bytes)}; remove one first"
        )


def files_text(number: int) -> str:
    """Return a number of files as text: ``50 files``."""
    return f"{number:,} {'file' if number == 1 else 'files'}"


def megabytes(size: int) -> str:
    """Return ``size``, in bytes, as text: ``1.5 MB``."""
    return f"{size / 1e6:.3g} MB"


class Quota:
    """The bytes of text that all visitors' documents together may have. Safe to use from many threads."""

    def __init__(self, limit: int) -> None:
        """A quota of ``limit`` bytes, all of them free."""
        self._limit = limit
        self._reserved: dict[object, int] = {}
        self._changing = RLock()  # a library may be garbage-collected, which frees its share, at any moment

    def reserve(self, visitor: object, size: int) -> None:
        """Reserve ``size`` bytes for ``visitor``, any key, in place of what it had before; 0 frees them.

        Raises:
            UserError: it is more than before, and more than is free. Nothing has changed then.
        """
        with self._changing:
            before = self._reserved.get(visitor, 0)
            total = sum(tuple(self._reserved.values()))
            if size > before and total - before + size > self._limit:
                raise UserError(
                    "there is no space left: the documents of all visitors together can have at most "
                    f"{megabytes(self._limit)} of text; try again when others have removed theirs"
                )
            if size:
                self._reserved[visitor] = size
            else:
                self._reserved.pop(visitor, None)
