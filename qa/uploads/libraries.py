"""The documents that a reader or visitor sees: the one place that decides it, for the chat and all pages."""

import time
from collections import OrderedDict
from threading import Lock
from weakref import WeakValueDictionary

from qa.runtime import PipelineSource, Runtime
from qa.uploads.library import Library
from qa.uploads.limits import Limits, Quota
from qa.uploads.stored import StoredUploads, Uploads, uploads_of

KEPT_SECONDS = 3_600.0
"""The time for which a library is kept after it was looked at last: as long as Gradio keeps a session whose
page was closed."""


class Libraries:
    """The libraries of a server: that of everybody, those of readers with accounts, and those of visits. Safe
    to use from many threads.
    """

    def __init__(
        self, parts: Runtime, limits: Limits, stored: StoredUploads, *, shared: bool = False
    ) -> None:
        """Put the documents of ``parts`` into every library, beside those that are ``stored``. On a
        ``shared`` server there is one library, on others each reader has one; without an account, each visit.
        """
        self._parts = parts
        self._limits = limits
        self._stored = stored
        self._is_shared = shared
        self._quotas = Quota(limits.all_visitors_text_bytes), Quota(limits.upload_bytes)
        self._opening = Lock()
        # A library lives as long as a session of the chat has it, and a while after a page has looked at it.
        self._libraries: WeakValueDictionary[tuple[str, str], Library] = WeakValueDictionary()
        self._looked_at: OrderedDict[tuple[str, str], tuple[float, Library]] = OrderedDict()
        self.shared = self.open("", "") if shared else None
        """The library of everybody; None on a server that has none."""

    def open(self, reader: str, visit: str) -> Library:
        """Return the library of ``reader``, by the name of an account, as it is now on all servers; without a
        name, that of the visit with this token, or a new one where there is no token.
        """
        uploads = uploads_of(reader, shared=self._is_shared)
        with self._opening:
            key = _key(uploads, reader, visit)
            library = self._libraries.get(key)
            if library is None:
                library = self._new(uploads, reader)
                if any(key):
                    self._libraries[key] = library
        if uploads is Uploads.OWN:  # those of everybody are looked at regularly
            library.refresh()
        return library

    def find(self, reader: str, visit: str) -> PipelineSource:
        """Return what a page of ``reader`` or of the visit shows: the same library as :meth:`open` returns,
        or the documents of the index where the visit has none.
        """
        uploads = uploads_of(reader, shared=self._is_shared)
        key = _key(uploads, reader, visit)
        if uploads is Uploads.NONE and key not in self._libraries:
            return self._parts
        library = self.open(reader, visit)
        self._keep(key, library)
        return library

    def _new(self, uploads: Uploads, reader: str) -> Library:
        if uploads is Uploads.NONE:
            return Library(self._parts, self._limits, *self._quotas)
        stored = self._stored.index(uploads, reader)
        return Library(self._parts, self._limits, stored=stored, shared=uploads is Uploads.SHARED)

    def _keep(self, key: tuple[str, str], library: Library) -> None:
        now = time.monotonic()
        with self._opening:
            self._looked_at[key] = now, library
            self._looked_at.move_to_end(key)
            while next(iter(self._looked_at.values()))[0] < now - KEPT_SECONDS:
                self._looked_at.popitem(last=False)


def _key(uploads: Uploads, reader: str, visit: str) -> tuple[str, str]:
    """Return what tells a library from all others; nothing for one that is new each time."""
    names = {Uploads.SHARED: "", Uploads.OWN: reader, Uploads.NONE: visit}
    return str(uploads), names[uploads]
