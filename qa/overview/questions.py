"""Questions to begin with that documents answer, or none. Pure.

They are made of what documents state: of headings that are questions, in any language, and of English
sentences that say what something is, when something was done, who somebody is, or how much or many there are.
Each is offered only if the check says that it is answered from the very words that it was made of.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, islice, zip_longest

from qa.nlp.sentences import sentences
from qa.overview.dates import find_dates
from qa.overview.figures import find_figures
from qa.schema import Document, Span

SUGGESTIONS = 4

SAMPLE_DOCUMENTS = 50
"""Documents that are looked at: few enough to open a page over thousands of documents at once."""

CHECKED = 12
"""Questions that are checked at most. Each takes a search, some 20 ms."""

READ_CHARS = 6_000
"""Characters of a document that are looked at, from its start: two pages."""

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
    r"\b(it|its|this|that|these|those|they|them|their|he|him|his|she|her|we|us|our|here|now|there)\b",
    re.IGNORECASE,
)
"""Words that refer to what stands elsewhere, so that the question is not understood alone."""
_PERSON = re.compile(r"\b(he|him|his|she|her|born)\b", re.IGNORECASE)
_DEFINES = (
    r"^\W*(?:[Tt]he\s+)?{title}(?:\s*\([^)\n]*\))?(?:,[^,.\n]*,)?\s+(is|are|was|were)\s+(?:an?|the|one)\s"
)

_SUBJECT = r"(?P<subject>(?:The )?[A-Z][\w’'-]*(?: (?:of|the|for|in|and|[A-Z][\w’'-]*|[a-z]+)){0,5}?)"
"""The beginning of a sentence up to its verb: a name, or a thing with a name."""
_DONE = re.compile(
    rf"^{_SUBJECT} (?P<verb>was|were) (?P<done>[a-z]+ed|built|sold|held|born|written|won|made|begun)\b"
    r"[^,.;]* (?:in|on) "
)
_WORTH = re.compile(rf"^{_SUBJECT} (?P<verb>is|was|are|were) worth ")
_COSTS = re.compile(rf"^{_SUBJECT} (?P<verb>costs?) ")
_HAS = re.compile(
    rf"^{_SUBJECT} (?P<verb>has|have|had) (?:(?:about|some|almost|over|more than) )?"
    r"(?P<number>\d[\d,.]*\d|\d|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve) "
    r"(?P<things>(?:[a-z-]+ ){0,2}?[a-z]+s)\b"
)
_ROLE = (
    r"(?:[Cc]hair\w*|[Dd]irector|[Pp]resident|[Mm]inister|[Ff]ounder|[Hh]ead|[Mm]anager|[Pp]rofessor|[Aa]uthor|CEO"
    r"|[Cc]hief|[Cc]hancellor|[Ss]ecretary|[Ee]ditor|[Gg]overnor|[Mm]ayor)"
)
_WHO = re.compile(
    rf"(?<![Tt]he )(?P<name>[A-Z][\w’'-]+(?: [A-Z][\w’'.-]*){{1,2}}), "
    rf"(?:the |a |an )?(?:[\w-]+ ){{0,3}}?{_ROLE}"
    r"(?: [\w-]+)? (?:of|at|for|in) "
)
_DO = {"has": "does", "have": "do", "had": "did"}


@dataclass(frozen=True, slots=True)
class StatedQuestion:
    """A question, and the characters of a document that answer it."""

    text: str
    span: Span


def suggest_questions(
    documents: Iterable[Document], is_answered: Callable[[StatedQuestion], bool]
) -> list[str]:
    """Return up to ``SUGGESTIONS`` questions that ``documents`` answer, taking turns between them. Those that
    are not ``is_answered`` from the words that they were made of are left out.
    """
    sampled = islice(documents, SAMPLE_DOCUMENTS)
    by_turns = (each for each in chain.from_iterable(zip_longest(*map(_questions, sampled))) if each)
    unique = {each.text: each for each in islice(by_turns, CHECKED)}.values()
    return [each.text for each in islice(filter(is_answered, unique), SUGGESTIONS)]


def _questions(document: Document) -> Iterator[StatedQuestion]:
    if question := _question_of_title(document):
        yield question
    for heading in document.headings:
        text = _NUMBER.sub("", " ".join(heading.text.split()))
        under = heading.end - heading.start - len(heading.text)
        if text.endswith(_QUESTION_MARKS) and under >= ANSWER_CHARS and _stands_alone(text):
            yield StatedQuestion(text, Span(document.id, heading.start, heading.end))
    if document.language == "en":
        text = document.text[:READ_CHARS]
        for start, end in sentences(text, "en"):
            for asked in _questions_of_sentence(text[start:end], document.text):
                if _stands_alone(asked):
                    yield StatedQuestion(asked, Span(document.id, start, end))


def _questions_of_sentence(sentence: str, text: str) -> Iterator[str]:
    """Yield what an English sentence of ``text`` answers, asked in its own words."""
    dated = (_DONE.fullmatch(sentence, 0, date.start) for date in find_dates(sentence))
    if said := next(filter(None, dated), None):
        yield f"When {said['verb']} {_subject(said, text)} {said['done']}?"
    if (said := _WORTH.match(sentence)) and _figure_follows(sentence, said.end()):
        yield f"How much {said['verb']} {_subject(said, text)} worth?"
    if (said := _COSTS.match(sentence)) and _figure_follows(sentence, said.end()):
        yield f"How much {'does' if said['verb'] == 'costs' else 'do'} {_subject(said, text)} cost?"
    if said := _HAS.match(sentence):
        yield f"How many {said['things']} {_DO[said['verb']]} {_subject(said, text)} have?"
    # The first word of a sentence may be no part of the name.
    if (said := _WHO.search(sentence)) and (said.start() or len(said["name"].split()) == 2):
        yield f"Who is {said['name']}?"


def _subject(said: re.Match[str], text: str) -> str:
    """Return the subject of a sentence of ``text`` as it stands inside a question."""
    subject = said["subject"]
    return f"the {subject[4:]}" if subject.startswith("The ") else _inside(subject, text)


def _inside(words: str, text: str) -> str:
    """Return ``words`` without their first capital letter, if ``text`` has their first word without it."""
    small = words[0].lower() + words[1:]
    return small if re.search(rf"\b{re.escape(small.split()[0])}\b", text) else words


def _figure_follows(sentence: str, offset: int) -> bool:
    """Return whether a figure begins at ``offset``, but for a word such as "about"."""
    near = (each.start - offset for each in find_figures(sentence, "en"))
    return any(0 <= each <= len("more than ") for each in near)


def _stands_alone(question: str) -> bool:
    words = question.split()
    return (
        question[0].isalpha()
        and not question[0].islower()
        and MIN_WORDS - question.startswith("Who is ") <= len(words) <= MAX_WORDS
        and len(question) <= MAX_CHARS
        and not _REFERENCE.search(question)
    )


def _question_of_title(document: Document) -> StatedQuestion | None:
    """Return the question what an English document's title is, where its text begins with that."""
    title = " ".join(document.title.split()).removeprefix("The ")
    if document.language != "en" or not 1 <= len(title.split()) <= TITLE_WORDS or not title[:1].isupper():
        return None
    beginning = document.text[:BEGINNING_CHARS]
    defines = re.search(_DEFINES.format(title=re.escape(title)), beginning, re.MULTILINE)
    if not defines or not title[-1].isalnum():
        return None
    article = "the " if re.search(rf"^\W*The {re.escape(title)}\b", beginning, re.MULTILINE) else ""
    who = "Who" if _PERSON.search(beginning, defines.end()) else "What"
    return StatedQuestion(
        f"{who} {defines[1]} {article}{_inside(title, document.text)}?", Span(document.id, *defines.span())
    )
