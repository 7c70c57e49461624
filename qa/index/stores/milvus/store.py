"""Where an index is kept in Milvus. A build has two collections, one of its passages and one of its texts; a
state has one, and the alias that has the index's name points to that of the state in force: it is altered in
one step.
"""

import hashlib
import json
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from qa.embedding.base import EmbeddingIdentity, Encoder
from qa.errors import IndexDamagedError, IndexMissingError
from qa.index.manifest import FORMAT, REBUILD, Manifest
from qa.index.segment_writer import corpus_digest, prepare
from qa.index.snapshot import SegmentInfo, SegmentRef, SnapshotInfo, State, dump_state, parse_state
from qa.index.sources import SourceFile, dump_sources, parse_sources
from qa.index.stores.milvus import lock
from qa.index.stores.milvus.blobs import Texts
from qa.index.stores.milvus.connection import Address, Connection
from qa.index.stores.milvus.schema import checked, texts_of
from qa.index.stores.milvus.segment import MilvusBuild
from qa.index.stores.milvus.segment_writer import write_build
from qa.schema import Document

_MANIFEST, _STATE, _SOURCES = "manifest", "state", "sources"


class MilvusStore:
    """The index of a name in a Milvus."""

    def __init__(self, address: Address, identity: EmbeddingIdentity, home: Path) -> None:
        """Nothing is asked of Milvus yet. ``home`` is a folder on this machine for what is not finished."""
        self.identity = identity
        self.home = home
        self._name = address.name
        self._claim: lock.Claim | None = None
        self._milvus = Connection(address)

    def state(self) -> State:
        """The state in force.

        Raises:
            IndexMissingError: there is none.
            IndexDamagedError: it cannot be read, or is of another format.
            IndexUnavailableError: Milvus does not answer.
        """
        if not self._milvus("has_collection", collection_name=self._name):
            uri = self._milvus.address.uri
            raise IndexMissingError(f"There is no index {self._name} in {uri}; make one with: attest index")
        return parse_state(Texts(self._milvus, self._name).read(_STATE), self._name)

    def describe(self) -> SnapshotInfo:
        """What the index says of itself.

        Raises:
            IndexMissingError, IndexDamagedError: there is none, or it cannot be read.
            IndexUnavailableError: Milvus does not answer.
        """
        state = self.state()
        builds = tuple(SegmentInfo(held, self._manifest(held)) for held in state.builds)
        if not state.sources:
            return SnapshotInfo(state, builds, ())
        found = Texts(self._milvus, self._name).read(_SOURCES)
        return SnapshotInfo(state, builds, parse_sources(found, state.sources))

    def load_verified(self, texts: bool = False) -> SnapshotInfo:
        """The same, with every passage there, and the words and the list of documents as they were written.
        The text of a document is checked when it is read; with ``texts``, now.

        Raises:
            IndexMissingError: there is none.
            IndexDamagedError: something is missing or changed, the format is another, or the vectors were
                made by another embedding model.
            IndexUnavailableError: Milvus does not answer.
        """
        opened = self.describe()
        for whole in opened.builds:
            self._check(whole, texts)
        return opened

    def open_segment(self, whole: SegmentInfo) -> "MilvusBuild":
        """Open a build that was checked.

        Raises:
            IndexDamagedError: it cannot be read.
            IndexUnavailableError: Milvus does not answer.
        """
        return MilvusBuild(self._milvus, whole)

    def documents(self) -> Mapping[str, Document]:
        """The documents in force, by id; each is read when it is asked for.

        Raises:
            IndexMissingError, IndexDamagedError: there is none, or it cannot be read.
            IndexUnavailableError: Milvus does not answer.
        """
        parts = [self.open_segment(whole) for whole in self.describe().builds]
        return {doc_id: part.documents[doc_id] for part in parts for doc_id in part.documents}

    @contextmanager
    def writing(self, wait_seconds: float = 0.0) -> Iterator[None]:
        """Be the only one to write this index, on whichever machine, once whoever writes it has finished, if
        that is within ``wait_seconds``. Who dies while writing is waited for a minute by another machine, and
        not at all by the same.

        Raises:
            UserError: another process is writing it; the message says which.
            IndexUnavailableError: Milvus does not answer.
            OSError: the folder on this machine cannot be written.
        """
        with lock.writing(self._milvus, self._name, self.home, wait_seconds) as claim:
            self._claim = claim
            try:
                yield
            finally:
                self._claim = None

    def write(self, documents: Sequence[Document], encoder: Encoder) -> SegmentRef:
        """Write a build of ``documents`` that a state may name. Its manifest is written last.

        Raises:
            IndexUnavailableError: Milvus does not answer, or has no room.
        """
        digest = corpus_digest(documents)
        content = hashlib.sha256(f"{FORMAT} {digest} {self.identity.sha256}".encode()).hexdigest()
        name = f"{self._name}_build_{content[:16]}"
        with suppress(IndexDamagedError):
            self._find(texts_of(name))
            held = SegmentRef(
                name, hashlib.sha256(Texts(self._milvus, texts_of(name)).read(_MANIFEST)).hexdigest()
            )
            whole = SegmentInfo(held, self._manifest(held))
            self._check(whole, texts=True)
            if whole.manifest.corpus_sha256 == digest:
                return held  # it may be in force: it is not touched
        prepared = prepare(documents, encoder)
        manifest = prepared.manifest(self.identity, write_build(self._milvus, name, prepared))
        return SegmentRef(
            name, Texts(self._milvus, texts_of(name)).write(_MANIFEST, json.dumps(asdict(manifest)))
        )

    def commit(self, state: State, sources: Sequence[SourceFile]) -> None:
        """Make ``state`` what readers see, in one step. What neither it nor the state before it needs is
        removed after it: readers of that one have until the next update to look.

        Raises:
            UserError: another machine took this process for dead and writes now.
            IndexUnavailableError: Milvus does not answer, or has no room.
        """
        before = self._present()
        record = dump_state(state)
        collection = f"{self._name}_state_{hashlib.sha256(record).hexdigest()[:16]}"
        texts = Texts.make(self._milvus, collection)
        texts.write(_SOURCES, dump_sources(sources).decode())
        texts.write(_STATE, record.decode())
        if self._claim:
            self._claim.confirm()
        self._milvus(
            "alter_alias" if before else "create_alias", collection_name=collection, alias=self._name
        )
        needed = {collection}
        for each in (state, before.state if before else state):
            needed |= {held.name for held in each.builds} | {texts_of(held.name) for held in each.builds}
        if before:
            needed.add(before.collection)
        self._tidy(needed)

    def _present(self) -> "_Present | None":
        try:
            state = self.state()
        except IndexMissingError:
            return None
        except IndexDamagedError:
            state = State.now(())
        found = self._milvus("describe_alias", alias=self._name)
        return _Present(state, found["collection_name"])

    def _tidy(self, needed: Collection[str]) -> None:
        ours = re.compile(rf"{self._name}_(build|texts|state)_[0-9a-f]{{16}}")
        for collection in self._milvus("list_collections"):
            if ours.fullmatch(collection) and collection not in needed:
                self._milvus("drop_collection", collection_name=collection)

    def _manifest(self, held: SegmentRef) -> Manifest:
        """What a build says of itself.

        Raises:
            IndexDamagedError: it is missing, or is not what the state names.
        """
        self._find(texts_of(held.name))
        found = Texts(self._milvus, texts_of(held.name)).read(_MANIFEST)
        if hashlib.sha256(found).hexdigest() != held.manifest:
            raise IndexDamagedError(f"The manifest of {held.name} has changed; {REBUILD}")
        try:
            return Manifest(**json.loads(found))
        except (ValueError, TypeError) as error:
            raise IndexDamagedError(f"The manifest of {held.name} cannot be read; {REBUILD}") from error

    def _find(self, collection: str) -> None:
        """Raise IndexDamagedError unless there is such a collection."""
        if not self._milvus("has_collection", collection_name=collection):
            raise IndexDamagedError(f"The collection {collection} is missing; {REBUILD}")

    def _check(self, whole: SegmentInfo, texts: bool) -> None:
        manifest, name = whole.manifest, whole.held.name
        if manifest.format != FORMAT:
            raise IndexDamagedError(f"{name} has format {manifest.format}, not {FORMAT}; {REBUILD}")
        if manifest.embedding_sha256 != self.identity.sha256:
            raise IndexDamagedError(
                f"{name} was made with {manifest.embedding_model}, but {self.identity.name} is configured; "
                f"{REBUILD}"
            )
        self._find(name)
        (found,) = self._milvus.ask("query", name, filter="", output_fields=["count(*)"])
        if found["count(*)"] != manifest.passages:
            raise IndexDamagedError(
                f"{name} has {found['count(*)']} passages, not {manifest.passages} as its manifest says; "
                f"{REBUILD}"
            )
        for file in manifest.files:
            checked(Texts(self._milvus, texts_of(name)).read(file), manifest, name, file)
        if texts:
            self.open_segment(whole).check_texts()


@dataclass(frozen=True, slots=True)
class _Present:
    """The state in force and the collection that says so."""

    state: State
    collection: str
