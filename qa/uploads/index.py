"""Documents that were uploaded, as an index of their own in a store: what one server adds or removes there,
every other server of the same store has too.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from qa.embedding.base import Encoder
from qa.errors import AttestError, IndexDamagedError, IndexMissingError
from qa.index.base import Store
from qa.index.follower import Followed
from qa.index.index import Index
from qa.index.manifest import REBUILD
from qa.index.sources import SourceFile
from qa.index.update.update import put_documents
from qa.schema import Document

log = logging.getLogger(__name__)

WAIT_SECONDS = 120.0
"""How long a change waits for another server's. Nothing is embedded meanwhile; in Milvus Lite 30,000
passages, which are all that a server takes by default, were written in 44 s (docs/milvus.md)."""


@dataclass(frozen=True, slots=True)
class Revision:
    """What is to be there after a change."""

    files: tuple[SourceFile, ...]
    """Of every document, under its id."""
    new: tuple[Document, ...] = ()
    """Those of the documents that are not there yet."""


class Uploaded:
    """The uploaded documents in a store, as they were when it was last looked at.

    Safe to use from many threads. Servers' changes wait for each other.
    """

    def __init__(self, store: Store) -> None:
        """Nothing is asked of ``store`` yet."""
        self.trouble = ""
        """Why they could not be read when they were last looked at; empty if they could."""
        self._store = store
        self._followed = Followed(store)
        self._looking = Lock()

    @property
    def index(self) -> Index | None:
        """Their index; None without documents."""
        index = self._followed.index
        return index if index and index.documents else None

    @property
    def home(self) -> Path:
        """The folder that must be written to change them."""
        return self._store.home

    def refresh(self) -> None:
        """See what other servers have changed. What cannot be opened is told in the log, once, and as
        :attr:`trouble`; the last good state stays.
        """
        try:
            self.look()
        except (AttestError, OSError) as error:
            if str(error) != self.trouble:
                log.warning("%s", error)
            self.trouble = str(error)
        else:
            self.trouble = ""

    def change(self, revise: Callable[[Index | None], Revision], encoder: Encoder) -> None:
        """Put in force, in one step, what ``revise`` makes of what is there, with the vectors of ``encoder``.
        Nobody else changes it in between, and what ``revise`` raises leaves it as it is.

        Raises:
            UserError: another server has been changing it for two minutes.
            AttestError: what is there is damaged, or the store does not answer; it stays as it is.
            OSError: the disk is full or the folder cannot be written; it stays as it is.
        """
        with self._store.writing(WAIT_SECONDS):
            self.look()
            before = self.index
            after = revise(before)
            if after.new or after.files != tuple(sources_of(before).values()):
                try:
                    put_documents(self._store, after.new, after.files, encoder)
                except IndexDamagedError as error:
                    raise unreadable(error) from error
                self.look()

    def look(self) -> None:
        """Open what is there by now.

        Raises:
            AttestError: it is damaged, or the store does not answer.
        """
        with self._looking:
            try:
                self._followed.refresh()
            except IndexMissingError:
                pass  # nothing has been uploaded yet, or the owner has removed it
            except IndexDamagedError as error:
                raise unreadable(error) from error


def sources_of(index: Index | None) -> Mapping[str, SourceFile]:
    """What is known of the files of uploaded documents, by the documents' ids, in the order they came in."""
    return index.sources if index else {}


def unreadable(error: IndexDamagedError) -> AttestError:
    """The same of uploaded documents, which no command reads once more: only who uploaded one has it."""
    what = str(error).removesuffix(f"; {REBUILD}")
    return AttestError(
        f"What was uploaded to this server cannot be read ({what}); bring a copy of it back, or remove it: "
        "docs/deployment.md"
    )
