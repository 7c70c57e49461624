"""Find the line that dates a document, for a question that asks when it was written or published. Pure.

"Date: 3 February 2021" has no word of "when was the lease signed", so that it is ranked low.
"""

import re
from collections.abc import Mapping, Sequence

from qa.nlp.language import ENGLISH
from qa.nlp.tokens import content_keys
from qa.nlp.written_dates import dates_in
from qa.schema import Document, ScoredSentence

_WRITTEN = "|".join(
    """concluded dated drafted issued made posted prepared printed published recorded released sent signed
    written""".split()
)
_ASKS = re.compile(
    rf"^\W*(?:when|(?:on|in)?\s*(?:what|which)\s+(?:date|day|month|year))\b.*\b(?:{_WRITTEN})\W*$"
    r"|^\W*(?:what(?:['’]s| is| was)?\s+)?(?:the\s+)?date\s+of\b",
    re.IGNORECASE,
)
"""A question in English for when something was written, or for its date."""
_ASKED = re.compile(rf"\b(?:{_WRITTEN}|date|day|month|year)\b", re.IGNORECASE)


def prefer_dated(
    question: str,
    best: Sequence[ScoredSentence],
    scored: Sequence[ScoredSentence],
    documents: Mapping[str, Document],
) -> list[ScoredSentence]:
    """Return ``best`` with that sentence of ``scored`` first which states the date of the document that
    ``question`` asks it of: one whose title, and the name of its file, have every word of the rest.
    """
    if not _ASKS.search(question):
        return list(best)
    asked = content_keys(_ASKED.sub(" ", question), ENGLISH)
    named = (each for each in scored if _is_named(asked, documents[each.span.doc_id]))
    line = next((each for each in named if _states_date(each, documents[each.span.doc_id])), None)
    return [line, *(each for each in best if each is not line)] if line else list(best)


def _is_named(asked: frozenset[str], document: Document) -> bool:
    called = content_keys(f"{document.title} {document.file_words}", ENGLISH)
    return bool(asked) and asked <= called


def _states_date(sentence: ScoredSentence, document: Document) -> bool:
    text = document.text[sentence.span.start : sentence.span.end]
    return bool(document.date) and any(each.iso == document.date for each in dates_in(text))
