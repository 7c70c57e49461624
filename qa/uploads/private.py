"""One visitor's uploaded documents: an index in a temporary folder, which goes with the visitor."""

import tempfile
from collections.abc import Callable
from pathlib import Path

from qa.index.index import Index
from qa.index.stores.local import LocalStore
from qa.index.update.base import Vectors
from qa.runtime import Runtime
from qa.uploads.index import Revision, UploadIndex
from qa.uploads.temporary import TemporaryFolder


class PrivateUploads:
    """The documents that one visitor uploaded, and that nobody else sees.

    The folder is created with the first document. It is removed with the last, by :meth:`clear`, with this
    object, or at the end of the process.
    """

    trouble = ""
    """The reason why the documents cannot be read: they were written by this process, so there is no
    reason."""

    def __init__(self, runtime: Runtime) -> None:
        """No documents. New ones are embedded by the model of ``runtime``."""
        self._runtime = runtime
        self._folder: TemporaryFolder | None = None
        self._uploads: UploadIndex | None = None

    @property
    def index(self) -> Index | None:
        """The index; None without documents."""
        return self._uploads.index if self._uploads else None

    @property
    def folder(self) -> Path | None:
        """The folder; None without documents."""
        return self._folder.path if self._folder else None

    keeps_originals = True
    """They are files in the folder, which go with it."""

    @property
    def home(self) -> Path:
        """The folder that must be written to change the documents."""
        return Path(tempfile.gettempdir())

    def refresh(self) -> None:
        """Do nothing: no other server changes these documents."""

    def change(self, revise: Callable[[Index | None], Revision], vectors: Vectors) -> None:
        """Change the index, as :meth:`UploadIndex.change` does.

        Raises:
            AttestError: the new index cannot be opened; the former one stays.
            OSError: the disk is full or the folder cannot be written; the former index stays.
        """
        if self._folder is None:
            self._folder = TemporaryFolder()
        if self._uploads is None:
            store = LocalStore(self._folder.path, self._runtime.identity)
            self._uploads = UploadIndex(store)
        self._uploads.change(revise, vectors)

    def remove_if_empty(self) -> None:
        """Remove the folder where no documents are left."""
        if self.index is None:
            self.clear()

    def clear(self) -> None:
        """Remove all documents, and the folder."""
        if self._folder:
            self._folder.remove()
        self._folder = self._uploads = None
