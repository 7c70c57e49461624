"""The uploaded documents, as an index of their own in a store. Every server of that store sees what one adds
or removes.
"""

import logging
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock

from qa.errors import AttestError, IndexDamagedError, IndexMissingError
from qa.index.base import Store
from qa.index.follower import IndexFollower
from qa.index.index import Index
from qa.index.manifest import REBUILD
from qa.index.sources import SourceFile
from qa.index.update.base import Vectors
from qa.index.update.update import put_documents
from qa.schema import Document

log = logging.getLogger(__name__)

WAIT_SECONDS = 120.0
"""The longest wait of a change for another server's. Nothing is embedded meanwhile; in Milvus Lite 30,000
passages, which are all that a server takes by default, were written in 44 s (docs/milvus.md)."""


@dataclass(frozen=True, slots=True)
class Revision:
    """The content of the index after a change."""

    files: tuple[SourceFile, ...]
    """Of every document, each under the document's id."""
    new: tuple[Document, ...] = ()
    """The documents that are not in the index yet."""
    originals: Mapping[str, Path] = field(default_factory=dict)
    """The files that are to be kept, by the names that ``files`` have for them."""


class UploadIndex:
    """The index of uploaded documents in a store, as it was at the last :meth:`refresh`.

    Safe to use from many threads. Changes by several servers wait for each other.
    """

    def __init__(self, store: Store) -> None:
        """Nothing is asked of ``store`` yet."""
        self.trouble = ""
        """The reason why the index could not be opened the last time; empty if it could."""
        self._store = store
        self._follower = IndexFollower(store)
        self._looking = Lock()

    @property
    def index(self) -> Index | None:
        """The index; None without documents."""
        index = self._follower.index
        return index if index and index.documents else None

    @property
    def keeps_originals(self) -> bool:
        """True if the files are kept beside their text."""
        return self._store.keeps_originals

    @property
    def home(self) -> Path:
        """The folder that must be written to change them."""
        return self._store.home

    def refresh(self) -> None:
        """See what other servers have changed. If the index cannot be opened, the log says so once, and
        :attr:`trouble`; the last good one stays.
        """
        try:
            self.look()
        except (AttestError, OSError) as error:
            if str(error) != self.trouble:
                log.warning("%s", error)
            self.trouble = str(error)
        else:
            self.trouble = ""

    def change(self, revise: Callable[[Index | None], Revision], known: Vectors) -> None:
        """Make the revision that ``revise`` returns for the current index, in one step. ``known`` has the
        vectors of the new documents' sentences. No other server changes the index in between, and it stays as
        it is if ``revise`` raises.

        Raises:
            UserError: another server has been changing it for two minutes.
            AttestError: the index is damaged, or the store does not answer; the index stays as it is.
            OSError: the disk is full or the folder cannot be written; the index stays as it is.
        """
        with self._store.write_lock(WAIT_SECONDS):
            self.look()
            before = self.index
            after = revise(before)
            if after.new or after.files != tuple(sources_of(before).values()):
                try:
                    for name, file in after.originals.items():
                        self._store.write_original(file, name)
                    put_documents(self._store, after.new, after.files, known)
                except BaseException as error:  # what was written so far is removed, and it goes on
                    with suppress(AttestError, OSError):
                        self._store.remove_unused()
                    if isinstance(error, IndexDamagedError):
                        raise unreadable(error) from error
                    raise
                self.look()

    def remove_unused(self) -> None:
        """Remove what a server that was killed in the middle of a change has left, unless one is changing the
        index now.
        """
        with suppress(AttestError, OSError), self._store.write_lock():
            self._store.remove_unused()

    def look(self) -> None:
        """Open the current index.

        Raises:
            AttestError: the index is damaged, or the store does not answer.
        """
        with self._looking:
            try:
                self._follower.refresh()
            except IndexMissingError:
                pass  # nothing has been uploaded yet, or the owner has removed it
            except IndexDamagedError as error:
                raise unreadable(error) from error


def sources_of(index: Index | None) -> Mapping[str, SourceFile]:
    """Return the files of uploaded documents, by the documents' ids, in the order of their upload."""
    return index.sources if index else {}


def unreadable(error: IndexDamagedError) -> AttestError:
    """Return the error with another remedy: no command can index uploads again, because not all
    files are kept.
    """
    what = str(error).removesuffix(f"; {REBUILD}")
    return AttestError(
        f"What was uploaded to this server cannot be read ({what}); restore it from a backup, or remove it: "
        "docs/deployment.md"
    )
