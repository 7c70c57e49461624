"""The space that the documents of one library take: their text, and the files that are kept of them."""

import weakref
from collections.abc import Iterable, Sequence
from pathlib import Path

from qa.errors import UserError
from qa.index.files import original_name
from qa.index.sources import SourceFile, Upload
from qa.uploads.limits import Limits, Quota


class Space:
    """The share of one library in the space that all visitors have together. It is free again when this
    object is gone.
    """

    def __init__(self, limits: Limits, quota: Quota | None, file_quota: Quota | None) -> None:
        """Take nothing yet: of text from ``quota``, of files from ``file_quota``."""
        self._limits = limits
        self._quota = quota or Quota(limits.all_visitors_text_bytes)
        self._file_quota = file_quota or Quota(limits.upload_bytes)
        self._key = object()
        for each in (self._quota, self._file_quota):
            weakref.finalize(self, each.reserve, self._key, 0)

    def reserve_text(self, files: Iterable[SourceFile]) -> None:
        """Reserve space for the text of ``files``, in place of what was reserved before.

        Raises:
            UserError: it is more than before, and more than is free.
        """
        self._quota.reserve(self._key, sum(file.size for file in files))

    def reserve_files(self, size: int) -> None:
        """Reserve ``size`` bytes for files, in place of what was reserved before.

        Raises:
            UserError: it is more than before, and more than is free.
        """
        self._file_quota.reserve(self._key, size)

    def note_original(self, original: Path, files: Sequence[SourceFile], *, lasts: bool) -> Upload:
        """Return what is noted of a file beside ``files``: it is kept if there is room for it. One that
        ``lasts`` takes no space from visitors.
        """
        size = original.stat().st_size
        kept = size + kept_bytes(files)
        if kept > self._limits.upload_bytes:
            return Upload()
        try:
            if not lasts:
                self.reserve_files(kept)
        except UserError:
            return Upload()
        return Upload(original=original_name(original), size=size)


def kept_bytes(files: Iterable[SourceFile]) -> int:
    """Return the bytes of the files that are kept of ``files``."""
    return sum(each.upload.size for each in files if each.upload)
