"""Questions to begin with that a reader would ask and a document answers, or none. Pure.

They are taken from headings that are questions, in any language, and from English texts that begin by saying
what their title is.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import chain, islice, zip_longest

from qa.schema import Document

SUGGESTIONS = 4

SAMPLE_DOCUMENTS = 50
"""Documents that are looked at: few enough to open a page over thousands of documents at once."""

BEGINNING_CHARS = 1_000
"""Characters of a text in which it says what its title is, and whether that is a person."""

ANSWER_CHARS = 40
"""Characters of the text under a heading that can answer it: a short sentence."""

MAX_WORDS, MAX_CHARS = 14, 100
"""Of a question that is read at a glance."""

MIN_WORDS = 4
"""Of a heading that is understood without the text around it."""

TITLE_WORDS = 4
"""Of a title that is a name. A longer one is a sentence or a headline."""

_NUMBER = re.compile(r"^(?:[\dIVX]+[.):]\s*)+")
_QUESTION_MARKS = ("?", "？", "؟")
_REFERENCE = re.compile(
    r"\b(it|its|this|that|these|those|they|them|their|he|him|his|she|her|we|us|our|here|now)\b", re.IGNORECASE
)
"""Words that refer to what stands elsewhere, so that the question is not understood alone."""
_PERSON = re.compile(r"\b(he|him|his|she|her|born)\b", re.IGNORECASE)
_DEFINES = (
    r"^\W*(?:[Tt]he\s+)?{title}(?:\s*\([^)\n]*\))?(?:,[^,.\n]*,)?\s+(is|are|was|were)\s+(?:an?|the|one)\s"
)


def suggest_questions(documents: Iterable[Document]) -> list[str]:
    """Return up to ``SUGGESTIONS`` questions that ``documents`` answer, taking turns between them."""
    sampled = islice(documents, SAMPLE_DOCUMENTS)
    by_turns = chain.from_iterable(zip_longest(*map(_questions, sampled)))
    return list(islice(dict.fromkeys(each for each in by_turns if each), SUGGESTIONS))


def _questions(document: Document) -> Iterator[str]:
    if question := _question_of_title(document):
        yield question
    for heading in document.headings:
        question = _NUMBER.sub("", " ".join(heading.text.split()))
        under = heading.end - heading.start - len(heading.text)
        if under >= ANSWER_CHARS and _stands_alone(question):
            yield question


def _stands_alone(question: str) -> bool:
    words = question.split()
    return (
        question.endswith(_QUESTION_MARKS)
        and question[0].isalpha()
        and not question[0].islower()
        and MIN_WORDS <= len(words) <= MAX_WORDS
        and len(question) <= MAX_CHARS
        and not _REFERENCE.search(question)
    )


def _question_of_title(document: Document) -> str:
    """Return the question what an English document's title is, where its text begins with that."""
    title = " ".join(document.title.split()).removeprefix("The ")
    if document.language != "en" or not 1 <= len(title.split()) <= TITLE_WORDS or not title[:1].isupper():
        return ""
    beginning = document.text[:BEGINNING_CHARS]
    defines = re.search(_DEFINES.format(title=re.escape(title)), beginning, re.MULTILINE)
    if not defines or not title[-1].isalnum():
        return ""
    article = "the " if re.search(rf"^\W*The {re.escape(title)}\b", beginning, re.MULTILINE) else ""
    who = "Who" if _PERSON.search(beginning, defines.end()) else "What"
    return f"{who} {defines[1]} {article}{title}?"
