"""An index in Milvus: which collections it has, the order they are written in, what is verified.

A segment has two collections, one of its passages and one of its texts. A snapshot has one, with a number in
its name; the highest is the current one. It is written under another name and committed by renaming it to the
number after that of its predecessor. Milvus refuses a name that exists: of two writers with the same
predecessor one commits, however long either stalled.
"""

import hashlib
import json
import re
import secrets
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from qa.embedding.base import EmbeddingIdentity
from qa.errors import IndexDamagedError, IndexMissingError, IndexUnavailableError, UserError
from qa.index.change import change_name
from qa.index.manifest import FORMAT, REBUILD, Manifest, verify_model
from qa.index.prepare import PreparedSegment, corpus_digest, segment_digest
from qa.index.snapshot import (
    SegmentInfo,
    SegmentRef,
    Snapshot,
    SnapshotInfo,
    dump_snapshot,
    parse_snapshot,
)
from qa.index.sources import SourceFile, dump_sources, parse_sources
from qa.index.stores.milvus import lock
from qa.index.stores.milvus.blobs import TextCollection
from qa.index.stores.milvus.connection import Address, Connection
from qa.index.stores.milvus.schema import texts_of, verify_text
from qa.index.stores.milvus.segment import MilvusSegment
from qa.index.stores.milvus.segment_writer import write_segment
from qa.schema import Document

_MANIFEST, _SNAPSHOT, _SOURCES = "manifest", "state", "sources"


class MilvusStore:
    """One index in a Milvus."""

    def __init__(self, address: Address, identity: EmbeddingIdentity, home: Path) -> None:
        """Nothing is asked of Milvus yet. ``home`` is a folder on this machine for the lock and unfinished
        work.
        """
        self.identity = identity
        self.home = home
        self._name = address.name
        self._claim: lock.Claim | None = None
        self._milvus = Connection(address)
        self._changes = f"{address.name}_changes"

    @property
    def grows(self) -> bool:
        """False: every passage in Milvus has a vector, so an index there is searched once it is complete."""
        return False

    @property
    def keeps_originals(self) -> bool:
        """False: Milvus keeps texts and vectors, and no files."""
        return False

    def snapshot(self) -> Snapshot:
        """Return the current snapshot.

        Raises:
            IndexMissingError: there is no index.
            IndexDamagedError: the snapshot cannot be read, or is of another format.
            IndexUnavailableError: Milvus does not answer.
        """
        return parse_snapshot(self._read(_SNAPSHOT), self._name)

    def describe(self) -> SnapshotInfo:
        """Read the snapshot, the manifests and the list of files.

        Raises:
            IndexMissingError, IndexDamagedError: there is no index, or this cannot be read.
            IndexUnavailableError: Milvus does not answer.
        """
        snapshot = self.snapshot()
        segments = tuple(SegmentInfo(ref, self._manifest(ref)) for ref in snapshot.segments)
        sources = parse_sources(self._read(_SOURCES), snapshot.sources) if snapshot.sources else ()
        return SnapshotInfo(snapshot, segments, sources)

    def load_verified(self, texts: bool = False) -> SnapshotInfo:
        """Read the same as :meth:`describe` and verify that every passage is there, and that the words and
        the list of documents are as they were written. The text of a document is verified when it is read;
        with ``texts``, now.

        Raises:
            IndexMissingError: there is no index.
            IndexDamagedError: something is missing or changed, the format is another, or the vectors were
                made by another embedding model.
            IndexUnavailableError: Milvus does not answer.
        """
        info = self.describe()
        for segment in info.segments:
            self._verify(segment, texts)
        return info

    def open_segment(self, segment: SegmentInfo) -> MilvusSegment:
        """Open a segment that was verified.

        Raises:
            IndexDamagedError: it cannot be read.
            IndexUnavailableError: Milvus does not answer.
        """
        return MilvusSegment(self._milvus, segment)

    def documents(self) -> Mapping[str, Document]:
        """Return the current documents, by id; each is read when it is asked for.

        Raises:
            IndexMissingError, IndexDamagedError: there is no index, or it cannot be read.
            IndexUnavailableError: Milvus does not answer.
        """
        segments = [self.open_segment(each) for each in self.describe().segments]
        return {doc_id: segment.documents[doc_id] for segment in segments for doc_id in segment.documents}

    @contextmanager
    def write_lock(self, wait_seconds: float = 0.0) -> Iterator[None]:
        """Hold the lock that every write needs, on all machines. Wait for another writer for up to
        ``wait_seconds``. A writer that died is waited for a minute by another machine, and not at all by its
        own.

        Raises:
            UserError: another process is still writing; the message says which.
            IndexUnavailableError: Milvus does not answer.
            OSError: the folder on this machine cannot be written.
        """
        with lock.write_lock(self._milvus, self._name, self.home, wait_seconds) as claim:
            self._claim = claim
            try:
                yield
            finally:
                self._claim = None

    def write(self, prepared: PreparedSegment) -> SegmentRef:
        """Write a segment that a snapshot may name. An undamaged one of the same documents is kept instead.
        The manifest is written last.

        Raises:
            UserError: another machine took this process for dead and is writing now.
            IndexUnavailableError: Milvus does not answer, or has no room.
        """
        if self._claim:
            self._claim.confirm()
        digest = corpus_digest(prepared.documents.values())
        # A name that includes the snapshot it was made from is not one that a stalled writer still removes.
        unique = f"{segment_digest(digest, self.identity)} {self._newest().number}"
        name = f"{self._name}_build_{hashlib.sha256(unique.encode()).hexdigest()[:16]}"
        texts = TextCollection(self._milvus, texts_of(name))
        with suppress(IndexDamagedError):
            self._require(texts_of(name))
            ref = SegmentRef(name, hashlib.sha256(texts.read(_MANIFEST)).hexdigest())
            segment = SegmentInfo(ref, self._manifest(ref))
            self._verify(segment, texts=True)
            if segment.manifest.corpus_sha256 == digest:
                return ref  # the current snapshot may name it, so it is not touched
        manifest = prepared.manifest(digest, self.identity, write_segment(self._milvus, name, prepared))
        return SegmentRef(name, texts.write(_MANIFEST, json.dumps(asdict(manifest))))

    def write_change(self, change: bytes) -> str:
        """Write a change that a snapshot may name, and return its name.

        Raises:
            IndexUnavailableError: Milvus does not answer, or has no room.
        """
        if self._milvus("has_collection", collection_name=self._changes):
            texts = TextCollection(self._milvus, self._changes)
        else:
            texts = TextCollection.create(self._milvus, self._changes)
        texts.write(change_name(change), change.decode())
        return change_name(change)

    def read_change(self, name: str) -> bytes:
        """Read a change that the current snapshot names.

        Raises:
            IndexDamagedError: it is missing.
            IndexUnavailableError: Milvus does not answer.
        """
        return TextCollection(self._milvus, self._changes).read(name)

    def write_original(self, file: Path, name: str) -> None:
        """Keep nothing: :meth:`keeps_originals` is false."""
        raise NotImplementedError

    def original(self, name: str) -> None:
        """Return None: no files are kept."""

    def remove_unused(self) -> None:
        """Do nothing: the next change removes what a writer that was killed has left, on any machine."""

    def commit(self, snapshot: Snapshot, sources: Sequence[SourceFile]) -> None:
        """Make ``snapshot`` the current one, in one step, then remove what neither it nor the one before
        needs: readers of that have until the next update to open the new one.

        Raises:
            UserError: another machine took this process for dead and is writing now, or has written.
            IndexUnavailableError: Milvus does not answer, or has no room.
        """
        before = self._newest()
        record, committed = dump_snapshot(snapshot), f"{self._name}_snapshot_{before.number + 1}"
        draft = f"{self._name}_draft_{secrets.token_hex(8)}"
        texts = TextCollection.create(self._milvus, draft)
        texts.write(_SOURCES, dump_sources(sources).decode())
        texts.write(_SNAPSHOT, record.decode())
        if self._claim:
            self._claim.confirm()
        try:
            self._milvus("rename_collection", old_name=draft, new_name=committed)
        except IndexUnavailableError:
            self._require_committed(committed, record)
        if before.collection and not before.number:
            self._milvus("drop_alias", alias=self._name)
        needed = {committed, before.collection}
        for each in (snapshot, *self._readable(before)):
            names = {ref.name for ref in each.segments}
            needed |= names | {texts_of(name) for name in names}
        self._remove_unused(needed, {each.name for each in snapshot.changes})

    def _newest(self) -> "_NumberedCollection":
        """Return the collection of the current snapshot; the number 0 stands for no index."""
        pattern = re.compile(rf"{re.escape(self._name)}_snapshot_(\d+)")
        found = [(int(each[1]), each[0]) for each in map(pattern.fullmatch, self._collections()) if each]
        if found:
            return _NumberedCollection(*max(found))
        # Before 0.2.0 they had no numbers: an alias with the name of the index pointed to the current one.
        if not self._milvus("has_collection", collection_name=self._name):
            return _NumberedCollection(0, "")
        return _NumberedCollection(
            0, str(self._milvus("describe_alias", alias=self._name)["collection_name"])
        )

    def _read(self, name: str) -> bytes:
        """Read a text of the current snapshot.

        Raises:
            IndexMissingError: there is no index.
            IndexDamagedError: the text is not there.
            IndexUnavailableError: Milvus does not answer.
        """
        newest = self._newest()
        while newest.collection:
            try:
                return TextCollection(self._milvus, newest.collection).read(name)
            except (IndexDamagedError, IndexUnavailableError):
                before, newest = newest, self._newest()
                if newest == before:
                    raise  # otherwise others have committed meanwhile, and removed this one
        uri = self._milvus.address.uri
        raise IndexMissingError(f"There is no index {self._name} in {uri}; make one with: attest index")

    def _readable(self, numbered: "_NumberedCollection") -> list[Snapshot]:
        """Return the snapshot that has a number, if there is one and it is undamaged."""
        if not numbered.collection:
            return []
        try:
            record = TextCollection(self._milvus, numbered.collection).read(_SNAPSHOT)
            return [parse_snapshot(record, self._name)]
        except IndexDamagedError:
            return []

    def _require_committed(self, collection: str, record: bytes) -> None:
        """Do nothing if ``collection`` has ``record`` after all: then only Milvus' answer was lost.

        Raises:
            UserError: another process has committed that number.
            IndexUnavailableError: nobody has, so Milvus did not do it.
        """
        if not self._milvus("has_collection", collection_name=collection):
            raise IndexUnavailableError(
                f"Milvus at {self._milvus.address.uri} did not make the new state of {self._name} current; "
                "the index is unchanged. Try again"
            )
        if TextCollection(self._milvus, collection).read(_SNAPSHOT) != record:
            raise UserError(
                f"Another process has changed the index {self._name} in {self._milvus.address.uri} "
                "since this one began, and that change stays. Try again"
            )

    def _collections(self) -> list[str]:
        return list(self._milvus("list_collections"))

    def _remove_unused(self, needed: Collection[str], changes: Collection[str]) -> None:
        """Remove the collections of this index that are not ``needed``, and all texts of former documents but
        ``changes``; nothing that a later writer made.
        """
        kinds = r"(?:build|texts|state|draft)_[0-9a-f]{16}|snapshot_\d+"
        ours = re.compile(rf"{re.escape(self._name)}_(?:{kinds})")
        unused = [each for each in self._collections() if ours.fullmatch(each) and each not in needed]
        texts = TextCollection(self._milvus, self._changes)
        kept = self._milvus("has_collection", collection_name=self._changes)
        forgotten = texts.keys_except(changes) if kept else []
        if self._claim and not self._claim.is_held():
            return  # who holds the lock now may have made some of them
        for collection in unused:
            self._milvus("drop_collection", collection_name=collection)
        texts.delete(forgotten)

    def _manifest(self, ref: SegmentRef) -> Manifest:
        """Read the manifest of a segment.

        Raises:
            IndexDamagedError: it is missing, or is not the one that the snapshot names.
        """
        self._require(texts_of(ref.name))
        found = TextCollection(self._milvus, texts_of(ref.name)).read(_MANIFEST)
        if hashlib.sha256(found).hexdigest() != ref.manifest:
            raise IndexDamagedError(f"The manifest of {ref.name} has changed; {REBUILD}")
        try:
            return Manifest(**json.loads(found))
        except (ValueError, TypeError) as error:
            raise IndexDamagedError(f"The manifest of {ref.name} cannot be read; {REBUILD}") from error

    def _require(self, collection: str) -> None:
        """Raise IndexDamagedError unless there is such a collection."""
        if not self._milvus("has_collection", collection_name=collection):
            raise IndexDamagedError(f"The collection {collection} is missing; {REBUILD}")

    def _verify(self, segment: SegmentInfo, texts: bool) -> None:
        manifest, name = segment.manifest, segment.ref.name
        if manifest.format != FORMAT:
            raise IndexDamagedError(f"{name} has format {manifest.format}, not {FORMAT}; {REBUILD}")
        verify_model(manifest, self.identity, name)
        self._require(name)
        (found,) = self._milvus.read("query", name, filter="", output_fields=["count(*)"])
        if found["count(*)"] != manifest.passages:
            raise IndexDamagedError(
                f"{name} has {found['count(*)']} passages, not {manifest.passages} as its manifest says; "
                f"{REBUILD}"
            )
        for file in manifest.files:
            verify_text(TextCollection(self._milvus, texts_of(name)).read(file), manifest, name, file)
        if texts:
            self.open_segment(segment).verify_texts()


@dataclass(frozen=True, slots=True)
class _NumberedCollection:
    """The collection of a snapshot and its number."""

    number: int
    collection: str
    """Empty if there is none."""
