"""Zip archives of documents: their files one by one, under names that are nothing but ids."""

import stat
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from zipfile import BadZipFile, ZipFile, ZipInfo

from qa.ingest.readers.base import MAX_BYTES
from qa.ingest.readers.safe_zip import opened, shrunk_too_far


@dataclass(frozen=True, slots=True)
class Member:
    """A file of an archive; without ``data`` it cannot be read, for the ``reason`` given."""

    name: str
    """With forward slashes and nothing that leads out of a folder. Nothing is ever written under it."""
    data: bytes = b""
    reason: str = ""


def members(data: bytes) -> Iterator[Member]:
    """The files of an archive in the order of their names; of the same name, each further one is numbered.

    Links and folders are passed over. Archives within it are not opened.

    Raises:
        UserError: it is no archive, or unpacks to more than the bounds.
    """
    taken: set[str] = set()
    with opened(data, whole=False) as archive:
        for info in sorted(archive.infolist(), key=lambda info: info.filename):
            name = _clean(info.filename)
            if info.is_dir() or stat.S_ISLNK(info.external_attr >> 16) or not name:
                continue
            name = _free(name, taken)
            taken.add(name)
            yield _member(archive, info, name)


def _member(archive: ZipFile, info: ZipInfo, name: str) -> Member:
    if info.flag_bits & 1:
        return Member(name, reason="it is locked with a password; unpack the archive first")
    if info.file_size > MAX_BYTES:
        return Member(name, reason=f"it is larger than {MAX_BYTES // 1_000_000} MB; split it")
    if shrunk_too_far(info):
        return Member(name, reason="it unpacks to far more than its size, as no document does")
    try:
        return Member(name, archive.read(info))
    except (BadZipFile, EOFError, NotImplementedError, OSError, RuntimeError, ValueError, zlib.error):
        return Member(name, reason="it is damaged within its archive")


def _clean(name: str) -> str:
    parts = name.replace("\\", "/").split("/")
    return "/".join(part for part in parts if part.strip(" .") and not part.endswith(":"))


def _free(name: str, taken: set[str]) -> str:
    """``name``, with a number before its ending if it is taken."""
    stem, dot, ending = name.rpartition(".")
    number, free = 1, name
    while free in taken:
        number += 1
        free = f"{stem} ({number}){dot}{ending}" if dot else f"{name} ({number})"
    return free
