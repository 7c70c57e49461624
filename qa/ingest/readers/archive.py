"""Zip archives of documents: their files one by one, under names that serve as ids only. Mails with what is
attached to them are read as such files too.
"""

import stat
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from zipfile import BadZipFile, ZipFile, ZipInfo

from qa.ingest.readers.base import MAX_BYTES, TOO_LARGE, FileContent
from qa.ingest.readers.safe_zip import TOO_COMPRESSED, expands_too_far, open_zip


@dataclass(frozen=True, slots=True)
class Member:
    """A file of an archive or a mail. One that cannot be read has a ``reason`` instead of ``data``, and one
    that has been read has ``content``.
    """

    name: str
    """With forward slashes, and without parts that lead out of a folder. No file is ever written under it.
    Empty for a mail that is the file itself."""
    data: bytes = b""
    reason: str = ""
    content: FileContent | None = None
    attached_to: str = ""
    """The subject of the mail that it is attached to; empty where it is not."""
    date: str | None = None
    """The date of that mail (ISO 8601)."""


def members(data: bytes) -> Iterator[Member]:
    """Read the files of an archive in the order of their names. Repeated names are numbered.

    Links and folders are skipped. Archives inside it are not opened.

    Raises:
        UserError: it is not an archive, or unpacks to more than the limits.
    """
    taken: set[str] = set()
    with open_zip(data, whole=False) as archive:
        for info in sorted(archive.infolist(), key=lambda info: info.filename):
            name = clean_name(info.filename)
            if info.is_dir() or stat.S_ISLNK(info.external_attr >> 16) or not name:
                continue
            name = unique_name(name, taken)
            taken.add(name)
            yield _member(archive, info, name)


def _member(archive: ZipFile, info: ZipInfo, name: str) -> Member:
    if info.flag_bits & 1:
        return Member(name, reason="it is locked with a password; unpack the archive first")
    if info.file_size > MAX_BYTES:
        return Member(name, reason=TOO_LARGE)
    if expands_too_far(info):
        return Member(name, reason=TOO_COMPRESSED)
    try:
        return Member(name, archive.read(info))
    except (BadZipFile, EOFError, NotImplementedError, OSError, RuntimeError, ValueError, zlib.error):
        return Member(name, reason="it is damaged inside its archive")


def clean_name(name: str) -> str:
    """Return ``name`` with forward slashes, and without parts that lead out of a folder."""
    parts = name.replace("\\", "/").split("/")
    return "/".join(part for part in parts if part.strip(" .") and not part.endswith(":"))


def unique_name(name: str, taken: set[str]) -> str:
    """Return ``name``, with a number before its ending if it is in ``taken``."""
    stem, dot, ending = name.rpartition(".")
    number, unique = 1, name
    while unique in taken:
        number += 1
        unique = f"{stem} ({number}){dot}{ending}" if dot else f"{name} ({number})"
    return unique
