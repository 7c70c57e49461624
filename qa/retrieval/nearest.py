"""Choose the passages that are shown as nearest where a question is not answered. Pure.

A quote is as short as a proof can be; who reads what came nearest has to see what it is about.
"""

import re
from collections.abc import Mapping, Sequence

from qa.nlp.headings import states_nothing
from qa.nlp.tables import read_row
from qa.nlp.tokens import content_keys, tokens
from qa.retrieval.evidence import MAX_QUOTES
from qa.schema import Document, Hit, Quote, ScoredSentence, Span, cut_quote

PASSAGE_CHARS = 345
"""The longest passage: nine in ten of the best quotes that answer public SQuAD questions are no longer, as
:data:`qa.verification.short_answer.BRIEF_CHARS` says."""

_VALUE = re.compile(r"\S[:：]\s*\S")
"""A name and its value: "Member: Ada Byron"."""
_END = re.compile(r"[.!?…。！？؟।]['\"”’»）)\]]*\s*$")
"""The end of a sentence: lines at the edges of pages have neither it nor a value."""
_WORD = re.compile(r"[^\W\d_]+")
_NAME_WORDS = 6
"""Words up to which a line of capitalised words alone is a name: "Alder Foods, Inc.". In the texts of SQuAD
2.0 and SQuADShifts 948 lines of capitalised words alone have so many: names, headings and exclamations. The
80 longer ones are mostly sentences in capitals, which state something (``python -m eval.constants``)."""

_PARAGRAPH_END = re.compile(r"\n[ \t]*\n")


def select_nearest(
    question: str,
    hits: Sequence[Hit],
    documents: Mapping[str, Document],
    similarity: float,
    asked_in: str = "",
) -> tuple[Quote, ...]:
    """Return what of the best ``hits`` comes nearest to ``question``, in their order; none where nothing is
    near. A passage is near if the meaning of a sentence has that ``similarity`` to the question, or if it has
    a name of it. In another language than the question, which is ``asked_in``, no words compare, and what is
    better than all that is in the language of the question is near.

    It is the best sentence of a hit with those around it. A heading, or a line without a statement, such as
    one at the edge of a page, is in none.
    """
    found: list[Span] = []
    has_own = False
    for hit in hits:
        language = documents[hit.passage.span.doc_id].language
        is_foreign = bool(asked_in and language and language != asked_in)
        has_own |= not is_foreign
        stating = [each for each in hit.sentences if _states(each.span, documents)]
        if not stating:
            continue
        best = max(stating, key=lambda each: each.score)
        around = _around(stating, stating.index(best), documents)
        span = Span(best.span.doc_id, around[0].span.start, around[-1].span.end)
        is_near = (
            (is_foreign and not has_own)
            or max(each.cosine for each in around) >= similarity
            or _has_name(question, span, documents)
        )
        if is_near and not any(span.overlaps(other) for other in found):
            found.append(span)
        if len(found) == MAX_QUOTES:
            break
    return tuple(cut_quote(i, span, documents) for i, span in enumerate(found, start=1))


def _states(span: Span, documents: Mapping[str, Document]) -> bool:
    text = span.cut(documents)
    words = _WORD.findall(text)
    is_name = len(words) <= _NAME_WORDS and all(word[0].isupper() for word in words)
    states = _VALUE.search(text) or (_END.search(text) and not is_name)
    return bool(states) and not states_nothing(span, documents[span.doc_id])


def _around(
    sentences: Sequence[ScoredSentence], place: int, documents: Mapping[str, Document]
) -> Sequence[ScoredSentence]:
    """Return the sentence at ``place`` with those beside it: of its paragraph, or of its passage, if it is a
    paragraph by itself. A row of a table stands alone.
    """
    if read_row(sentences[place].span.cut(documents)):
        return sentences[place : place + 1]
    paragraph = _grow(sentences, place, documents, within_paragraph=True)
    if len(paragraph) > 1:
        return paragraph
    return _grow(sentences, place, documents, within_paragraph=False)


def _grow(
    sentences: Sequence[ScoredSentence],
    place: int,
    documents: Mapping[str, Document],
    *,
    within_paragraph: bool,
) -> Sequence[ScoredSentence]:
    """Return the sentence at ``place`` with as many of those before and after it as may be shown with it."""
    first = last = place
    while True:
        wider = [(a, b) for a, b in ((first - 1, last), (first, last + 1)) if a >= 0 and b < len(sentences)]
        fit = [each for each in wider if _joins(sentences, *each, documents, within_paragraph)]
        if not fit:
            return sentences[first : last + 1]
        first, last = fit[0]


def _joins(
    sentences: Sequence[ScoredSentence],
    first: int,
    last: int,
    documents: Mapping[str, Document],
    within_paragraph: bool,
) -> bool:
    """Return whether the sentences from ``first`` to ``last`` are short enough to be shown together, and
    follow each other.
    """
    span = Span(sentences[first].span.doc_id, sentences[first].span.start, sentences[last].span.end)
    between = [
        Span(span.doc_id, one.span.end, other.span.start).cut(documents)
        for one, other in zip(sentences[first:last], sentences[first + 1 : last + 1], strict=True)
    ]
    return (
        span.end - span.start <= PASSAGE_CHARS
        and not any(each.strip() for each in between)
        and not (within_paragraph and any(map(_PARAGRAPH_END.search, between)))
    )


def _has_name(question: str, span: Span, documents: Mapping[str, Document]) -> bool:
    """Return whether the text at ``span`` has, as a name, a word of ``question``, which may be in small
    letters.
    """
    language = documents[span.doc_id].language
    asked = content_keys(question, language)
    return any(token.name and token.key in asked for token in tokens(span.cut(documents), language))
