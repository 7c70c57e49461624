"""An answer, the parts that it is made of, and what is sent while it is being made."""

import re
from dataclasses import dataclass
from enum import StrEnum

from qa.schema.documents import Span
from qa.schema.evidence import Quote
from qa.schema.retrieval import Coverage


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
    """True if it says in the language of the question what its quote says in another."""


@dataclass(frozen=True, slots=True)
class StatedUnit:
    """The unit that a table states for a number of it, ``GBP million``, cut verbatim from the name of its row
    or column or from what stands over the table: the characters of ``span``.
    """

    text: str
    span: Span


@dataclass(frozen=True, slots=True)
class ShortAnswer:
    """The few words that answer a question, cut verbatim from a quote: the characters of ``span``."""

    text: str
    quote: int
    """The number of the quote that holds them."""
    span: Span
    unit: StatedUnit | None = None
    """Of a number of a table; None where the number has its unit beside it, or the table states none."""


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
    """The kind of difference: ``number``, ``date``, ``name``, or ``opposite``, where one denies what the
    other says."""
    sides: tuple[QuotedWords, ...]
    """The words of each of them, the newest document first."""


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
    """Its subject, in the words of a quote or as the title of its document."""
    quote: int
    """The number of the quote that speaks of it."""


@dataclass(frozen=True, slots=True)
class RejectedSentence:
    """A drafted sentence that did not pass verification, and the reason."""

    text: str
    reason: str


class Status(StrEnum):
    """The outcome of a question: an answer or a refusal."""

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
class SearchedDocuments:
    """The documents that were searched for an answer."""

    documents: int
    """The number of documents searched."""
    of: int
    """The number of all documents."""
    name: str = ""
    """The name of them for a person: a title, folder, collection or period; empty for all, or many."""

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
    """The number of times that the documents have it."""
    documents: int = 1
    """The number of documents that have it."""
    date: str = ""
    """Of a date: the day, month or year, as in :class:`Document`."""


@dataclass(frozen=True, slots=True)
class Highlights:
    """The names, dates and figures of documents, beside their main sentences."""

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
    """An overview of documents: their main sentences, and what they name and state, all in quotes."""

    quotes: tuple[Quote, ...]
    """The main sentences first, then the sentences of the highlights."""
    main: int
    """The number of the quotes that are main sentences."""
    highlights: Highlights
    searched: SearchedDocuments
    """The documents that were looked at."""
    whole: bool = True
    """True if all documents that were asked for were read to their ends."""


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
    """The nearest passages when Attest abstains, which are not an answer."""
    p_answerable: float
    threshold: float
    reason: str = ""
    """The reason why Attest abstained, as the end of a sentence without its full stop; empty for an
    answer."""
    refused: tuple[str, ...] = ()
    """The parts of a question that the documents do not answer, when they answer others."""
    cut: tuple[RejectedSentence, ...] = ()
    """The drafted sentences that did not pass verification."""
    timings: Timings = Timings()
    note: str = ""
    """A remark on how the answer was made, such as that the language model did not answer; or empty."""
    model_failed: bool = False
    """True if there was a language model and it gave up."""
    short: ShortAnswer | None = None
    """The few words that answer the question; None where it has no such answer, or none was found."""
    choices: tuple[Choice, ...] = ()
    """The meanings that the question could have, when Attest asks back instead of answering."""
    searched: SearchedDocuments | None = None
    """The documents that were searched; None where that is not known, as in conversations of former
    versions."""
    passages_only: bool = False
    """True if the sentences are quotes that nobody phrased: passages to read, not an answer in words."""
    coverage: Coverage | None = None
    """The part that was searched, while the index grows; None for all of it."""
    conflicts: tuple[Conflict, ...] = ()
    """The conflicts between its quotes."""
    figures: tuple[Figure, ...] = ()
    """The figures that code computed from its quotes."""
    highlights: Highlights | None = None
    """The names and figures of the documents, for a question that asks what they are about."""

    @property
    def status(self) -> Status:
        """Answered exactly when there is a sentence, and every sentence stands on a quote."""
        supported = self.sentences and all(sentence.cites for sentence in self.sentences)
        return Status.ANSWERED if supported else Status.ABSTAINED

    @property
    def answered(self) -> bool:
        """True if there is an answer."""
        return self.status is Status.ANSWERED

    @property
    def follows_up(self) -> bool:
        """True if the question was searched in other words than it was asked in."""
        return _words(self.resolved) != _words(self.question)

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


def _words(text: str) -> list[str]:
    """Return the words and numbers of ``text``, whatever their case and the marks between them."""
    return re.findall(r"\w+", text.casefold())
