"""What of an index is in force: its builds, what was removed from them, and the files it was made of.

All of it is said by one file, ``CURRENT``, which is replaced in one step. A change becomes visible with it;
until then, and whatever happens to the process, readers see the state before. Of two files that are in force
together none can be newer than the other, because ``CURRENT`` has the digest of each build's manifest and of
the list of files, and of itself.
"""

import datetime
import hashlib
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from qa import __version__
from qa.errors import IndexDamagedError, IndexMissingError
from qa.manifest import FORMAT, MANIFEST, REBUILD, EmbeddingIdentity, Manifest, checked_build, flush, sha256
from qa.sources import Source, read_sources

_CURRENT = "CURRENT"


@dataclass(frozen=True, slots=True)
class Held:
    """A build that is in force, but for the documents that were removed since it was written."""

    name: str
    """Of its folder."""
    manifest: str
    """The SHA-256 of its manifest, which has those of its other files."""
    removed: tuple[str, ...] = ()
    """Ids of documents."""


@dataclass(frozen=True, slots=True)
class State:
    """An index at one moment. Whatever else lies in its folder is left over or not finished."""

    format: int
    builds: tuple[Held, ...]
    written: str
    """When, in UTC (ISO 8601)."""
    by: str
    """The version of Attest that wrote it."""
    ocr: str = ""
    """The languages in which pages that are pictures were recognised; empty where they were not."""
    root: str = ""
    """The folder that the files were found under; empty for an index that was not made of files."""
    sources: str = ""
    """The name of the list of files, which is its SHA-256 too; empty without one."""

    @classmethod
    def now(cls, builds: Iterable[Held], ocr: str = "", root: str = "", sources: str = "") -> "State":
        """A state of this moment and this version."""
        moment = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
        return cls(FORMAT, tuple(builds), moment, __version__, ocr, root, sources)


@dataclass(frozen=True, slots=True)
class Whole:
    """A build in force whose files were checked."""

    held: Held
    folder: Path
    manifest: Manifest


@dataclass(frozen=True, slots=True)
class Opened:
    """A state whose files were checked."""

    state: State
    builds: tuple[Whole, ...]
    sources: tuple[Source, ...]
    """The files it was made of."""


_STATE = TypeAdapter(State)


def read_state(folder: Path) -> State:
    """The state in force of the index in ``folder``.

    Raises:
        IndexMissingError: there is none.
        IndexDamagedError: it cannot be read, or is of another format.
    """
    path = folder / _CURRENT
    try:
        digest, _, said = path.read_bytes().partition(b"\n")
    except FileNotFoundError as error:
        raise IndexMissingError(f"There is no index in {folder}; make one with: attest index") from error
    except OSError as error:
        raise IndexDamagedError(f"{path} cannot be read ({error.strerror}); {REBUILD}") from error
    if hashlib.sha256(said).hexdigest().encode() != digest:
        raise IndexDamagedError(f"{path} is not as Attest {__version__} writes it; {REBUILD}")
    try:
        state = _STATE.validate_json(said)
    except ValidationError as error:
        raise IndexDamagedError(f"{path} was written by another version of Attest; {REBUILD}") from error
    if state.format != FORMAT:
        raise IndexDamagedError(f"The index in {folder} has format {state.format}, not {FORMAT}; {REBUILD}")
    return state


def checked_state(folder: Path, identity: EmbeddingIdentity) -> Opened:
    """The state in force, every file of it as it was written.

    Raises:
        IndexMissingError: there is none.
        IndexDamagedError: a file is missing or changed, the format is another, or the vectors were made by
            another embedding model than ``identity``.
    """
    state = read_state(folder)
    builds = []
    for held in state.builds:
        build = folder / Path(held.name).name
        if not build.is_dir():
            raise IndexDamagedError(f"{folder / _CURRENT} names {held.name}, which is missing; {REBUILD}")
        manifest = checked_build(build, identity)
        if sha256(build / MANIFEST) != held.manifest:
            raise IndexDamagedError(f"{build / MANIFEST} has changed since it was written; {REBUILD}")
        builds.append(Whole(held, build, manifest))
    return Opened(state, tuple(builds), read_sources(folder, state.sources))


def put_in_force(folder: Path, state: State) -> None:
    """Make ``state`` what readers see, in one step; what no state needs any more is removed after it."""
    said = _STATE.dump_json(state)
    draft = folder / f"{_CURRENT}.new"
    draft.write_bytes(hashlib.sha256(said).hexdigest().encode() + b"\n" + said)
    flush(draft)
    draft.replace(folder / _CURRENT)
    flush(folder)
    _tidy(folder, state)


def _tidy(folder: Path, state: State) -> None:
    """Remove builds and lists of files that ``state`` does not name. Whoever reads one has it open."""
    needed = {state.sources, *(held.name for held in state.builds)}
    for left in (*folder.glob("build-*"), *folder.glob("sources-*")):
        if left.name in needed:
            continue
        if left.is_dir():
            shutil.rmtree(left, ignore_errors=True)
        else:
            left.unlink(missing_ok=True)
