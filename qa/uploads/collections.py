"""A reader's own collections: names for sets of documents and folders, in a file of the reader's."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from filelock import FileLock
from pydantic import TypeAdapter, ValidationError

from qa.errors import UserError
from qa.index.files import read_bytes, write_whole
from qa.query.document_filter import Collection, find_documents

MOST = 100
"""Collections of a reader: more are not looked through in a list of choices."""

NAME_CHARS = 60
"""Characters of a name, so that it fits on a line beside the question."""

MOST_NAMES = 10_000
"""Documents and folders in a collection: a megabyte of names or so. A folder counts as one."""

Names = Mapping[str, tuple[str, ...]]
"""The documents and folders of each collection, by its name."""

_NAMES = TypeAdapter(dict[str, tuple[str, ...]])


class CollectionFile:
    """The collections of one reader, in a file that several servers may change."""

    def __init__(self, path: Path) -> None:
        """Use the file at ``path``, which is made with the first collection."""
        self._path = path

    def read(self) -> Names:
        """Return the collections, in the order of their names; none if the file cannot be read."""
        try:
            return dict(sorted(_NAMES.validate_json(read_bytes(self._path)).items()))
        except (OSError, ValidationError):
            return {}

    def save(self, name: str, names: tuple[str, ...]) -> str:
        """Save a new collection of the documents and folders ``names``, and return its name.

        Raises:
            UserError: nothing is in it, there is one of that name, there are too many, or it cannot be
                written.
        """
        if not names:
            raise UserError("Nothing is selected; tick documents, or choose a folder, and save that")
        if len(names) > MOST_NAMES:
            raise UserError(
                f"A collection can have at most {MOST_NAMES:,} documents; choose a folder instead"
            )

        def add(saved: dict[str, tuple[str, ...]]) -> None:
            if len(saved) >= MOST:
                raise UserError(f"You have {MOST} collections, and cannot have more; remove one first")
            saved[check_name(name, saved)] = names

        self._change(add)
        return _plain(name)

    def rename(self, name: str, new: str) -> str:
        """Rename a collection, and return its new name.

        Raises:
            UserError: there is none, there is another of that name, or it cannot be written.
        """

        def rename(saved: dict[str, tuple[str, ...]]) -> None:
            names = _take(saved, name)
            saved[check_name(new, saved)] = names

        self._change(rename)
        return _plain(new)

    def remove(self, name: str) -> None:
        """Remove a collection. Its documents stay.

        Raises:
            UserError: there is none, or it cannot be written.
        """
        self._change(lambda saved: _take(saved, name))

    def _change(self, change: Callable[[dict[str, tuple[str, ...]]], object]) -> None:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with FileLock(self._path.with_name(f"{self._path.name}.lock")):
                saved = dict(self.read())
                change(saved)
                write_whole(self._path, _NAMES.dump_json(saved))
        except OSError as error:
            raise UserError(
                f"Your collections cannot be saved ({error.strerror}); tell whoever runs this server"
            ) from error


def find_members(name: str, names: Sequence[str], ids: Iterable[str]) -> frozenset[str]:
    """Return those of the documents ``ids`` that are in the collection ``name``, which is made of ``names``.

    Raises:
        UserError: there are none any more.
    """
    try:
        return find_documents([name], dict.fromkeys(ids), {name: Collection(tuple(names))}) or frozenset()
    except UserError as error:
        raise UserError(
            f"The collection {name} is empty: none of its documents is left; choose another "
            "collection, or all documents"
        ) from error


def check_name(name: str, taken: Mapping[str, object]) -> str:
    """Return ``name`` without spaces around it, if it can be that of another collection beside ``taken``.

    Raises:
        UserError: it cannot.
    """
    plain = _plain(name)
    if not plain:
        raise UserError("A collection needs a name")
    if len(plain) > NAME_CHARS:
        raise UserError(f"This name has {len(plain)} characters; choose one with at most {NAME_CHARS}")
    if not plain.isprintable() or plain.endswith("/"):
        raise UserError("This cannot be the name of a collection; use letters, digits and spaces")
    if plain.casefold() in {each.casefold() for each in taken}:
        raise UserError(f"There is a collection called {plain} already; choose another name")
    return plain


def _plain(name: str) -> str:
    return " ".join(name.split())


def _take(saved: dict[str, tuple[str, ...]], name: str) -> tuple[str, ...]:
    try:
        return saved.pop(name)
    except KeyError as error:
        raise UserError(f"You no longer have a collection called {name}") from error
