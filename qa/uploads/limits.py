"""Limits on uploaded files: of one file, of one visitor, and of all visitors together."""

from collections.abc import Collection
from dataclasses import dataclass
from threading import RLock

from qa.errors import UserError
from qa.ingest.documents import SUFFIXES


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one visitor may upload.

    The defaults are set by hand, so that nobody waits, or keeps two processor cores busy, for more than a few
    minutes: a megabyte of text, some 12,000 sentences, takes two to four minutes to embed on two cores.
    """

    file_bytes: int = 1_000_000
    """Bytes of one file: a thick book of plain text."""
    files: int = 20
    """Files of a visitor at a time."""
    total_bytes: int = 4_000_000
    """Bytes of a visitor's files together."""
    all_visitors_bytes: int = 100_000_000
    """Bytes of all visitors' files together. Their index takes six to fifteen times as much disk space, and
    up to as much memory: the more, the shorter the sentences are, because each has a vector of 768 bytes."""
    suffixes: frozenset[str] = SUFFIXES
    """Supported endings of file names, in lower case and with their dot."""


LIMITS = Limits()
"""The default limits."""


def check_limits(sizes: Collection[int], limits: Limits) -> None:
    """Check that a visitor may have files of ``sizes`` bytes at a time.

    Raises:
        UserError: there are too many, or they are too large. The message is a sentence about the last file.
    """
    if len(sizes) > limits.files:
        files = "1 file is" if limits.files == 1 else f"{limits.files:,} files are"
        raise UserError(f"at most {files} allowed at a time; remove one first")
    if sum(sizes) > limits.total_bytes:
        raise UserError(
            f"all files together can be at most {megabytes(limits.total_bytes)}; remove one first"
        )


def megabytes(size: int) -> str:
    """Return ``size``, in bytes, as text: ``1.5 MB``."""
    return f"{size / 1e6:g} MB"


class Quota:
    """The bytes that all visitors' files together may take. Safe to use from many threads."""

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
                    f"there is no space left: the files of all visitors together can be at most "
                    f"{megabytes(self._limit)}; try again when others have removed theirs"
                )
            if size:
                self._reserved[visitor] = size
            else:
                self._reserved.pop(visitor, None)
