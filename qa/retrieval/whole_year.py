"""Prefer what is of a whole year to what is of a part of it. Pure."""

import re
from collections.abc import Mapping, Sequence

from qa.nlp.periods import PART_OF_YEAR, YEAR, years_in
from qa.nlp.terms import content_terms
from qa.query.answer_type import asks_when
from qa.retrieval.scope import is_headed_by_part, owner_words
from qa.schema import Document, ScoredSentence, Span, nearest_headings

_FIGURE = re.compile(r"\d")


def prefer_whole_year(
    question: str, scored: Sequence[ScoredSentence], documents: Mapping[str, Document]
) -> list[ScoredSentence]:
    """Return ``scored``, best first, with what has every word of ``question`` for a whole year before what is
    of a part of it, where it asks about a year: the revenue of a quarter is not that of the year.
    """
    if not years_in(question) or PART_OF_YEAR.search(question) or asks_when(question):
        return list(scored)
    first = next((i for i, each in enumerate(scored) if not _is_of_part(each.span, documents)), 0)
    whole = next((i for i in range(first, len(scored)) if _has_all(question, scored[i].span, documents)), 0)
    if not first or not whole or _is_of_part(scored[whole].span, documents):
        return list(scored)
    return [scored[whole], *scored[:whole], *scored[whole + 1 :]]


def _is_of_part(span: Span, documents: Mapping[str, Document]) -> bool:
    """Return whether a passage says that it is of a part of a year, or the innermost heading with a time
    does.
    """
    document = documents[span.doc_id]
    return bool(PART_OF_YEAR.search(span.cut(documents))) or is_headed_by_part(
        nearest_headings(document, span.start)
    )


def _has_all(question: str, span: Span, documents: Mapping[str, Document]) -> bool:
    """Return whether a passage, with what stands over it, has every word of ``question`` and a figure."""
    document = documents[span.doc_id]
    text = span.cut(documents)
    over = " ".join((document.title, document.file_words, *nearest_headings(document, span.start)))
    asked = content_terms(question, document.language) - owner_words(question, document)
    years = years_in(question)
    said = content_terms(f"{text} {over}", document.language)
    has_figure = bool(_FIGURE.search(YEAR.sub("", text)))
    return has_figure and asked <= said and (years <= years_in(text) or not years_in(text))
