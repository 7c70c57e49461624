"""Gather what a refusal rests on from the index that was searched for it."""

import hashlib
from collections.abc import Mapping

from qa.mentions.absence import Absence, NearPassage, SearchedFile, index_digest
from qa.mentions.base import Found, Mentions, UnreadFile
from qa.mentions.text import forms_text
from qa.query.document_filter import DocumentFilter
from qa.retrieval.hybrid import CandidateSource, HybridRetriever
from qa.schema import Answer, Span

NEAREST = 10
"""Passages that a sheet shows, at most."""


def describe_absence(
    answer: Answer,
    mentions: Mentions,
    retriever: HybridRetriever,
    chosen: DocumentFilter,
    refuses: Mapping[str, float],
) -> Absence:
    """Return what ``answer``, a refusal, rests on. ``mentions`` is the sweep for its question over the
    documents ``chosen``.
    """
    files = searched_files(retriever.source, chosen)
    near = {each.span: each.similarity for each in (*mentions.mentions, *mentions.below)}
    near |= _similarities(answer, retriever)
    nearest = sorted(near.items(), key=lambda pair: -(pair[1] or 0.0))[:NEAREST]
    return Absence(
        answer=answer,
        index=index_digest(files, mentions.left_out),
        files=files,
        unread=mentions.left_out,
        forms=forms_text(mentions),
        words=mentions.passages,
        with_all_words=len(mentions.mentions) - mentions.counts[Found.MEANING],
        nearest=tuple(NearPassage(span, similarity) for span, similarity in nearest),
        refuses=refuses,
    )


def _similarities(answer: Answer, retriever: HybridRetriever) -> dict[Span, float | None]:
    """Return the similarity of the question with each passage that was shown as nearest."""
    if not answer.nearest:
        return {}
    question = retriever.encoder.encode_question(answer.resolved)
    cosines = (retriever.encoder.encode([each.text for each in answer.nearest]) @ question).tolist()
    similarities = map(retriever.weights.similarity, cosines)
    return {quote.span: value for quote, value in zip(answer.nearest, similarities, strict=True)}


def searched_files(source: CandidateSource, chosen: DocumentFilter) -> tuple[SearchedFile, ...]:
    """Return the files of the documents ``chosen``, in alphabetical order."""
    found: dict[str, str] = {}
    for doc_id, date in source.dates().items():
        if chosen.matches(doc_id, date):
            if file := source.sources.get(doc_id):
                found[file.path] = file.sha256
            else:
                text = source.documents[doc_id].text
                found[doc_id] = hashlib.sha256(text.encode()).hexdigest()
    return tuple(SearchedFile(path, digest) for path, digest in sorted(found.items()))


def unread_files(source: CandidateSource) -> tuple[UnreadFile, ...]:
    """Return the files that are not in ``source``, wholly or in part, and why."""
    return tuple(UnreadFile(each.path, each.reason) for each in source.left_out)
