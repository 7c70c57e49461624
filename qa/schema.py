"""The values that flow through Attest: frozen, standard library only, importing nothing of ``qa``.

The invariant that everything rests on: for every quote that leaves Attest,
``document.text[quote.start:quote.end] == quote.text``. Offsets count Unicode code points of the
document's normalised text, end exclusive.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

CHANGED = "changed since it was indexed"
"""The remark beside a quote from a document whose file has changed."""

GROWING = "The documents are still being indexed"
"""The beginning of the remark that not everything was searched."""

SECTION = "section "
"""How the label of a place begins where the reader found a heading."""

TABLE = ", table "
"""What comes before the title of a table in the label of a place in a sheet."""

LOCATION_HEADINGS = 2
"""The most headings that say where a quote stands, so that its card keeps to a line or two."""

Rarity = Callable[[str], float]
"""Inverse document frequency of a stemmed term."""


@dataclass(frozen=True, slots=True)
class Place:
    """A label for a part of a document that a reader can find: its text from ``start`` to the next place."""

    start: int
    label: str
    """``page 3``, ``section Results``, ``sheet Costs, row 12``; empty where a part has no label."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of a document, and how far the text goes that it heads."""

    start: int
    """Where the heading begins."""
    end: int
    """Where the text that it heads ends, exclusive."""
    text: str
    parent: int | None = None
    """The place, among the document's headings, of the heading that it stands under."""


@dataclass(frozen=True, slots=True)
class Document:
    """A document. ``text`` was normalised once, when it was read; all offsets refer to it."""

    id: str
    """The file's path relative to the corpus root, with forward slashes."""
    text: str
    title: str
    date: str | None = None
    """ISO 8601 calendar date, as exact as the file states it: ``2025-01-22``, ``2025-01``, ``2025``."""
    publisher: str | None = None
    place: str | None = None
    author: str | None = None
    places: tuple[Place, ...] = ()
    """In ascending order of their starts."""
    language: str = ""
    """Of most of the text, in ISO 639-1; empty where it cannot be told. Such a text is treated as English."""
    headings: tuple[Heading, ...] = ()
    """In ascending order of their starts. One ends where a heading of its rank or a higher one begins."""
    date_source: str = ""
    """Where the date was taken from, for a person: ``the mail's header``, or in quotation marks the words of
    the text that state it. Empty without a date."""

    @property
    def file_words(self) -> str:
        """The words of its file's name, without the ending: ``alstom annual report 2022``."""
        name = self.id.rpartition("/")[2]
        return re.sub(r"[\W_]+", " ", name.rpartition(".")[0] or name).strip()


def headings_at(headings: Sequence[Heading], offset: int) -> tuple[str, ...]:
    """Return those of a document's ``headings`` that stand over the character at ``offset``, outermost first;
    not one that begins there.
    """
    above: list[str] = []
    before = bisect_left(headings, offset, key=lambda heading: heading.start)
    place = before - 1 if before else None
    while place is not None:
        heading = headings[place]
        if offset < heading.end:
            above.append(heading.text)
        place = heading.parent
    return tuple(reversed(above))


def place_at(document: Document, offset: int) -> str:
    """Return the label of the place that holds the character at ``offset``; empty without one."""
    before = bisect_right(document.places, offset, key=lambda place: place.start)
    return document.places[before - 1].label if before else ""


def nearest_headings(document: Document, offset: int) -> tuple[str, ...]:
    """Return the ``LOCATION_HEADINGS`` nearest of the headings over the character at ``offset``, outermost
    first. The document's title is not among them.
    """
    above = [each for each in headings_at(document.headings, offset) if each != document.title]
    return tuple(above[-LOCATION_HEADINGS:])


def location(document: Document, offset: int) -> str:
    """Return where the character at ``offset`` stands, for a person: the label of its place, and the headings
    over it, such as ``page 57, Consolidated Statements of Cash Flows``; empty where nothing is known.
    """
    label = place_at(document, offset)
    headings = [each for each in nearest_headings(document, offset) if not label.endswith(each)]
    return ", ".join([*([label] if label else []), *headings])


@dataclass(frozen=True, slots=True)
class Span:
    """Characters ``start`` to ``end`` (exclusive) of one document."""

    doc_id: str
    start: int
    end: int

    def cut(self, documents: Mapping[str, Document]) -> str:
        """Return the characters of this span."""
        return documents[self.doc_id].text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Passage:
    """A run of whole sentences of one document: the unit that is retrieved."""

    span: Span
    sentences: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage that may be relevant, with what the indexes know about it: the input to ranking."""

    passage: Passage
    sentence_texts: tuple[str, ...]
    sentence_terms: tuple[tuple[str, ...], ...]
    """The stemmed terms of each sentence."""
    title_terms: tuple[str, ...]
    """The stemmed terms of the document's head and of the headings over the passage."""
    bm25: float
    passage_cosine: float
    sentence_cosines: tuple[float, ...]
    """One for each sentence; none where the passage has not been embedded yet."""
    language: str = ""
    """The language of the document, by which the terms are stemmed."""
    heading_terms: tuple[str, ...] = ()
    """The stemmed terms of the headings alone, which are the last of ``title_terms``."""
    document_chars: int = 0
    """How many characters the document has; 0 where that is not known."""

    @property
    def head_terms(self) -> tuple[str, ...]:
        """The stemmed terms of the document's head."""
        return self.title_terms[: len(self.title_terms) - len(self.heading_terms)]


@dataclass(frozen=True, slots=True)
class ScoredSentence:
    """A sentence of a retrieved passage with its relevance to the question."""

    span: Span
    score: float
    """The ranking's logit: unbounded, comparable between sentences of one question."""
    cosine: float = 0.0
    coverage: float = 0.0
    """Share (0 to 1) of the question's terms, weighted by rarity, that the sentence contains."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A retrieved passage. ``score`` orders the hits of one question and means nothing across questions."""

    passage: Passage
    score: float
    sentences: tuple[ScoredSentence, ...] = ()


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of an index can be searched while it grows: by words what has been read, and by meaning what
    has been embedded as well.
    """

    files: int
    """That are, or will be, in the index."""
    searched: int
    """Files of them that have been read."""
    documents: int
    """In the files that have been read."""
    by_meaning: int
    """Documents of them that have been embedded."""

    def __add__(self, other: "Coverage") -> "Coverage":
        """The coverage of two indexes that are searched together."""
        return Coverage(
            self.files + other.files,
            self.searched + other.searched,
            self.documents + other.documents,
            self.by_meaning + other.by_meaning,
        )

    @property
    def complete(self) -> bool:
        """Whether everything is searched, by words and by meaning."""
        return self.searched == self.files and self.by_meaning == self.documents

    @property
    def share_by_meaning(self) -> float:
        """The share, 0 to 1, of the documents read that have been embedded."""
        return self.by_meaning / self.documents if self.documents else 1.0

    def __str__(self) -> str:
        """For a person: ``3,120 of 6,089 files; 40% also by meaning``. Almost all is not rounded to all."""
        files = "file" if self.files == 1 else "files"
        percent = int(100 * self.share_by_meaning)
        return f"{self.searched:,} of {self.files:,} {files}; {percent}% also by meaning"


@dataclass(frozen=True, slots=True)
class RetrievalResult:
    """The passages retrieved for a question, or why there are none."""

    question: str
    """The question as it was searched: its spelling may have been corrected."""
    hits: tuple[Hit, ...]
    """Best first."""
    reason: str = ""
    """Why nothing was found, as part of a sentence for a person; empty where there are hits."""
    language: str = field(default="", compare=False)
    """Of the question, in ISO 639-1; empty where it cannot be told."""
    coverage: Coverage | None = field(default=None, compare=False)
    """How much was searched, while the index grows; None for all of it."""


@dataclass(frozen=True, slots=True)
class Quote:
    """Text cut verbatim from a document, under the number an answer cites it by (from 1)."""

    number: int
    span: Span
    text: str
    title: str
    date: str | None
    place: str = ""
    """Where in the document it begins, for a person: ``page 3``; empty where that is not known."""
    changed: bool = False
    """Whether the file has changed since it was indexed."""
    language: str = ""
    """Of its document."""
    headings: tuple[str, ...] = ()
    """The headings over it, outermost first."""
    date_source: str = field(default="", compare=False)
    """Where the date was taken from, as in :class:`Document`."""

    @property
    def source(self) -> tuple[str, ...]:
        """The known facts about its source, for a person: title, date, place."""
        known = (self.title, self.date, self.place, CHANGED if self.changed else "")
        return tuple(part for part in known if part)


def mark_changed(quotes: tuple[Quote, ...], changed: Callable[[str], bool]) -> tuple[Quote, ...]:
    """Return ``quotes`` marked with whether their document, by id, has ``changed`` by now."""
    return tuple(replace(quote, changed=changed(quote.span.doc_id)) for quote in quotes)


@dataclass(frozen=True, slots=True)
class Evidence:
    """The quotes that code offers as proof for one question, before any model writes a word."""

    question: str
    """The question as it was searched."""
    quotes: tuple[Quote, ...]
    signals: Mapping[str, float] = field(default_factory=dict)
    """The strength of the evidence as retrieval sees it, by the names in :mod:`qa.retrieval.signals`."""
    asked_in: str = ""
    """The language of the question, in ISO 639-1; empty where it cannot be told."""

    @property
    def foreign_language(self) -> str:
        """The language of the first quote, if the question is in another; otherwise empty."""
        language = self.quotes[0].language if self.quotes else ""
        return language if self.asked_in and language != self.asked_in else ""


@dataclass(frozen=True, slots=True)
class QueuePosition:
    """The position of a question that waits for the language model."""

    ahead: int
    """Number of turns before its own; 0 once its turn has come."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A piece of the draft that the model is writing; not yet an answer."""

    text: str


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a verified answer and the numbers of the quotes that support it (never empty)."""

    text: str
    cites: tuple[int, ...]
    support: float | None = None
    """The probability, 0 to 1, that its quotes support it; None where the words alone show it."""
    unquoted: tuple[tuple[int, int], ...] = ()
    """Start and end, in ``text``, of the words that stand in none of its quotes."""
    translated: bool = False
    """Whether it says in the language of the question what its quote says in another."""


@dataclass(frozen=True, slots=True)
class ShortAnswer:
    """The few words that answer a question, cut verbatim from a quote: the characters of ``span``."""

    text: str
    quote: int
    """The number of the quote that holds them."""
    span: Span


@dataclass(frozen=True, slots=True)
class QuotedWords:
    """Words cut verbatim from a quote: the characters of ``span``."""

    text: str
    quote: int
    """The number of the quote that holds them."""
    span: Span


@dataclass(frozen=True, slots=True)
class Conflict:
    """A fact that several documents state differently. Which of them is right is not judged."""

    kind: str
    """What differs: ``number``, ``date``, ``name``, or ``opposite``, where one denies what the other says."""
    sides: tuple[QuotedWords, ...]
    """What each of them says, the newest document first."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A number that code computed from numbers in quotes."""

    kind: str
    """``difference``, ``growth``, ``total`` or ``share``."""
    formula: str
    """``8,278 − 7,685 = 593``; with ``≈`` where the result is rounded."""
    result: str
    unit: str
    """``million dollars``, ``%``, ``percentage points``; empty where the numbers have none."""
    operands: tuple[QuotedWords, ...]
    """The numbers that it is computed from, as the quotes have them, in the order of the formula."""

    @property
    def text(self) -> str:
        """The formula with its unit and the numbers of its quotes: ``8,278 − 7,685 = 593 MW [1][2]``."""
        unit = self.unit if self.unit in {"", "%"} else f" {self.unit}"
        cites = dict.fromkeys(each.quote for each in self.operands)
        return f"{self.formula}{unit} {''.join(f'[{number}]' for number in cites)}"


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several things that a question could mean."""

    text: str
    """What it is about, in the words of a quote or as the title of its document."""
    quote: int
    """The number of the quote that speaks of it."""


@dataclass(frozen=True, slots=True)
class RejectedSentence:
    """A drafted sentence that did not pass verification, and the reason."""

    text: str
    reason: str


class Status(StrEnum):
    """Whether an answer answers."""

    ANSWERED = "answered"
    ABSTAINED = "abstained"


@dataclass(frozen=True, slots=True)
class Timings:
    """Wall-clock milliseconds that each stage took."""

    queue: float = 0.0
    """Time spent waiting for the language model."""
    retrieve: float = 0.0
    judge: float = 0.0
    generate: float = 0.0
    total: float = 0.0


@dataclass(frozen=True, slots=True)
class Searched:
    """What was searched for an answer."""

    documents: int
    """How many documents."""
    of: int
    """How many documents there are."""
    name: str = ""
    """Which ones they are, for a person: a title, folder, collection or period; empty for all, or many."""

    def __str__(self) -> str:
        """For a person: ``64 documents``, or ``1 of 64 documents: Apollo program``."""
        part = f"{self.documents:,} of " if self.documents != self.of else ""
        name = f": {self.name}" if self.name else ""
        return f"{part}{self.of:,} document{'' if self.of == 1 else 's'}{name}"


@dataclass(frozen=True, slots=True)
class Highlight:
    """A name, date or figure of documents, cut verbatim from a quote."""

    text: str
    quote: int
    """The number of the quote that has it."""
    span: Span
    mentions: int = 1
    """How often the documents have it."""
    documents: int = 1
    """How many documents have it."""
    date: str = ""
    """Of a date: the day, month or year, as in :class:`Document`."""


@dataclass(frozen=True, slots=True)
class Highlights:
    """What documents name and state, beside their main sentences."""

    names: tuple[Highlight, ...] = ()
    """Named in most documents, and most often, first."""
    dates: tuple[Highlight, ...] = ()
    """In the order of time."""
    figures: tuple[Highlight, ...] = ()
    """In the order of the documents."""

    @property
    def all(self) -> tuple[Highlight, ...]:
        """All of them, as a reader sees them."""
        return (*self.names, *self.dates, *self.figures)


@dataclass(frozen=True, slots=True)
class Overview:
    """What is in some documents: their main sentences, and what they name and state, all in quotes."""

    quotes: tuple[Quote, ...]
    """The main sentences first, then the sentences of the highlights."""
    main: int
    """How many of the quotes are main sentences."""
    highlights: Highlights
    searched: Searched
    """The documents that were looked at."""
    whole: bool = True
    """Whether all documents that were asked for were read to their ends."""


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer or an abstention. Only :mod:`qa.verification.verify` makes one.

    ``status`` and ``text`` are derived, so an answer cannot contradict its own quotes.
    """

    question: str
    resolved: str
    """The question as it was searched: a follow-up stands alone, its spelling is corrected."""
    sentences: tuple[Sentence, ...]
    quotes: tuple[Quote, ...]
    """The quotes that the sentences cite; empty when Attest abstains."""
    nearest: tuple[Quote, ...]
    """When Attest abstains: the nearest passages, which are not an answer."""
    p_answerable: float
    threshold: float
    reason: str = ""
    """Why Attest abstained, as the end of a sentence without its full stop; empty for an answer."""
    refused: tuple[str, ...] = ()
    """The parts of a question that the documents do not answer, when they answer others."""
    cut: tuple[RejectedSentence, ...] = ()
    """The drafted sentences that did not pass verification."""
    timings: Timings = Timings()
    note: str = ""
    """A remark on how the answer was made, such as that the language model did not answer; or empty."""
    model_failed: bool = False
    """Whether there was a language model and it gave up."""
    short: ShortAnswer | None = None
    """The few words that answer the question; None where it has no such answer, or none was found."""
    choices: tuple[Choice, ...] = ()
    """What the question could mean, when Attest asks back instead of answering."""
    searched: Searched | None = None
    """What was searched; None where that is not known, as in conversations of former versions."""
    passages_only: bool = False
    """Whether the sentences are quotes that nobody phrased: passages to read, not an answer in words."""
    coverage: Coverage | None = None
    """How much was searched, while the index grows; None for all of it."""
    conflicts: tuple[Conflict, ...] = ()
    """Where its quotes disagree with each other."""
    figures: tuple[Figure, ...] = ()
    """What code computed from its quotes."""
    highlights: Highlights | None = None
    """What the documents name and state, for a question that asks what they are about."""

    @property
    def status(self) -> Status:
        """Answered exactly when there is a sentence, and every sentence stands on a quote."""
        supported = self.sentences and all(sentence.cites for sentence in self.sentences)
        return Status.ANSWERED if supported else Status.ABSTAINED

    @property
    def answered(self) -> bool:
        """Whether there is an answer."""
        return self.status is Status.ANSWERED

    @property
    def follows_up(self) -> bool:
        """Whether the question was searched in other words than it was asked in."""
        return self.resolved.strip() != self.question.strip()

    @property
    def text(self) -> str:
        """The answer as plain text, what was computed first, each sentence followed by the numbers of its
        quotes: ``… [1][3]``.
        """
        cited = (s.text + " " + "".join(f"[{n}]" for n in s.cites) for s in self.sentences)
        return " ".join([*(figure.text for figure in self.figures), *cited])


@dataclass(frozen=True, slots=True)
class FirstAnswer:
    """The checked short answer to a question, or to a part of it, and its quote, while the sentences that
    explain it are still being written.
    """

    answer: Answer


@dataclass(frozen=True, slots=True)
class Turn:
    """One earlier exchange of a conversation."""

    question: str
    answer: str
