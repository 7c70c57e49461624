"""The size of an index."""

from collections.abc import Sequence
from dataclasses import dataclass

from qa.embedding.base import EmbeddingIdentity
from qa.index.base import Segment, Store
from qa.index.snapshot import SegmentInfo


@dataclass(frozen=True, slots=True)
class IndexStats:
    """The size of an index, and the model that made its vectors."""

    embedding_model: str
    embedding_sha256: str
    documents: int
    passages: int
    sentences: int


def count_opened(segments: Sequence[Segment], identity: EmbeddingIdentity) -> IndexStats:
    """Count what opened segments hold."""
    return IndexStats(
        embedding_model=identity.name,
        embedding_sha256=identity.sha256,
        documents=sum(len(segment.documents) for segment in segments),
        passages=sum(segment.passage_count for segment in segments),
        sentences=sum(segment.sentence_count for segment in segments),
    )


def count_stored(store: Store, segments: Sequence[SegmentInfo]) -> IndexStats:
    """Count what the segments of an index hold, by their manifests. Only a segment that documents were
    removed from is opened, because its manifest does not say how many passages those had; no file is verified
    again.

    Raises:
        IndexDamagedError: such a segment cannot be read.
    """
    thinned = count_opened(
        [store.open_segment(each) for each in segments if each.ref.removed], store.identity
    )
    manifests = [each.manifest for each in segments if not each.ref.removed]
    return IndexStats(
        embedding_model=store.identity.name,
        embedding_sha256=store.identity.sha256,
        documents=thinned.documents + sum(each.documents for each in manifests),
        passages=thinned.passages + sum(each.passages for each in manifests),
        sentences=thinned.sentences + sum(each.sentences for each in manifests),
    )
