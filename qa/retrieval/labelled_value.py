"""Find the line of a form that has what a question asks for: "Prepared by: Ada Brand". Pure.

Such a line has no words but its label, and none of the meaning of a sentence, so that it is ranked low.
"""

import re
from collections.abc import Mapping, Sequence

from qa.nlp.tokens import content_keys, tokens
from qa.query.answer_type import AnswerType, asks_when, expected_answer_type, missing_answer_type
from qa.query.types import wants_short_answer
from qa.schema import Document, ScoredSentence, Span, headings_at

_LINE = re.compile(
    r"[ \t>*•·-]*([^\W\d_][^:：\n]{0,60})[:：]\*{0,2}[ \t]*([^\s:：*][^:：\n]{0,80}(?<![.!?…。]))"
)
"""A label and its value alone on a line, which is no sentence, "Ada: Yes." The longest are set by hand."""

_ASKED_EXTENT = re.compile(r"\bhow\s+\w+", re.IGNORECASE)
_NUMBERS = {AnswerType.MONEY, AnswerType.NUMBER, AnswerType.PERCENTAGE}


def find_value(question: str, span: Span, document: Document) -> Span | None:
    """Return the value of the line at ``span`` if its label, with the headings and the document's name, is
    all that ``question`` asks, and it is of the kind that is asked for; None else.
    """
    text = document.text[span.start : span.end]
    line = _LINE.fullmatch(text.rstrip())
    if not line or not wants_short_answer(question) or any(token.negated for token in tokens(question)):
        return None
    language = document.language
    over = (document.title, document.file_words, *headings_at(document.headings, span.start))
    asked, label, above = (
        content_keys(each, language) for each in (_ASKED_EXTENT.sub(" ", question), line[1], "\n".join(over))
    )
    value = line[2]
    needs_figure = asks_when(question) or expected_answer_type(question) in _NUMBERS
    is_of_kind = any(map(str.isdigit, value)) if needs_figure else True
    if not (label & asked - above and label <= asked <= label | above and is_of_kind):
        return None
    if missing_answer_type(value, question, language):
        return None
    return Span(document.id, span.start + line.start(2), span.start + line.end(2))


def prefer_labelled(
    question: str,
    best: Sequence[ScoredSentence],
    scored: Sequence[ScoredSentence],
    documents: Mapping[str, Document],
) -> list[ScoredSentence]:
    """Return ``best`` with that line of ``scored`` first whose label is all that ``question`` asks."""
    found = (each for each in scored if find_value(question, each.span, documents[each.span.doc_id]))
    line = next(found, None)
    return [line, *(each for each in best if each is not line)] if line else list(best)
