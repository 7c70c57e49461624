"""The JSON records of answers, passages and documents: their fields. Pure."""

from typing import NotRequired

from typing_extensions import TypedDict  # pydantic reads typing's own from Python 3.12 on only


class ExcerptRecord(TypedDict):
    """An excerpt of a document: ``text`` is its characters ``start`` to ``end`` (exclusive).

    ``place`` is where it begins, such as ``page 3``; empty where that is not known.
    """

    text: str
    document: str
    title: str
    date: str | None
    place: str
    start: int
    end: int


class QuoteRecord(ExcerptRecord):
    """A quote, which the answer cites by its ``number``. ``changed`` is present, and true, when the file has
    changed since it was indexed.
    """

    number: int
    changed: NotRequired[bool]


class TimingsRecord(TypedDict):
    """Wall-clock milliseconds that each stage took."""

    retrieve: float
    judge: float
    generate: float
    total: float


class UnitRecord(TypedDict):
    """The unit that a table states for its numbers: ``text`` is the characters ``start`` to ``end``
    (exclusive) of the same document.
    """

    text: str
    start: int
    end: int


class ShortAnswerRecord(TypedDict):
    """A few words, such as those that answer a question, cut from the quote of that number: ``text`` is the
    characters ``start`` to ``end`` (exclusive) of the quote's document, counted as the quote's own offsets
    are. ``unit`` is there where they are a number of a table that states its unit elsewhere.
    """

    text: str
    quote: int
    start: int
    end: int
    unit: NotRequired[UnitRecord]


class ConflictRecord(TypedDict):
    """A fact that several documents state differently; which of them is right is not judged. ``kind`` is
    ``number``, ``date``, ``name`` or ``opposite``; ``sides`` are words of quotes, the newest document first.
    """

    kind: str
    sides: list[ShortAnswerRecord]


class FigureRecord(TypedDict):
    """A number that code computed from the ``operands``, words of quotes, in the order of the ``formula``."""

    kind: str
    formula: str
    result: str
    unit: str
    operands: list[ShortAnswerRecord]


class SentenceRecord(TypedDict):
    """A sentence of an answer, with the numbers of its quotes.

    ``unquoted`` has the start and end (exclusive), counted in the sentence's ``text``, of the words that are
    in none of its quotes. ``support`` is the probability that the quotes support the sentence; null where its
    words alone show it. ``translated`` is there, and true, where it says in the language of the question what
    its quote says in another.
    """

    text: str
    cites: list[int]
    support: float | None
    unquoted: list[tuple[int, int]]
    translated: NotRequired[bool]


class RejectedSentenceRecord(TypedDict):
    """A drafted sentence that was left out, and why."""

    text: str
    reason: str


class ChoiceRecord(TypedDict):
    """One of the things that a question could mean, in the words of the quote of that number."""

    text: str
    quote: int


class CoverageRecord(TypedDict):
    """The part of the files that was searched: ``searched`` of ``files`` by words, and ``by_meaning``, a
    share from 0 to 1 of the documents in those, by meaning too.
    """

    files: int
    searched: int
    by_meaning: float


class SearchedRecord(TypedDict):
    """The number of documents that were searched, of ``of``; ``name`` says which, where that is known."""

    documents: int
    of: int
    name: str


class AnswerRecord(TypedDict):
    """An answer.

    ``answer`` is its ``sentences`` as one text, each followed by the numbers of its quotes. ``short`` is
    present when a few words of a quote answer the question; ``passages_only``, and true, when the sentences
    are passages to read, from which nobody phrased an answer; ``cut`` when sentences of the draft did not
    pass the check; ``note`` when there is a remark on how the answer was made, as when the language model did
    not answer; ``refused`` when the documents do not answer some parts of the question; ``nearest`` and
    ``reason`` when Attest abstains; ``choices`` when it asks back which of several things the question is
    about; ``highlights`` when it asks what the documents are about; ``coverage`` when the index is still
    growing; ``conflicts`` where its quotes disagree; ``figures`` when code computed the answer from its
    quotes. An abstention whose draft was cut as a whole is no checked answer: the documents may answer the
    question.
    """

    question: str
    answered: bool
    answer: str
    sentences: list[SentenceRecord]
    p_answerable: float
    quotes: list[QuoteRecord]
    timings_ms: TimingsRecord
    searched: NotRequired[SearchedRecord]
    short: NotRequired[ShortAnswerRecord]
    passages_only: NotRequired[bool]
    cut: NotRequired[list[RejectedSentenceRecord]]
    note: NotRequired[str]
    refused: NotRequired[list[str]]
    nearest: NotRequired[list[QuoteRecord]]
    reason: NotRequired[str]
    choices: NotRequired[list[ChoiceRecord]]
    coverage: NotRequired[CoverageRecord]
    conflicts: NotRequired[list[ConflictRecord]]
    figures: NotRequired[list[FigureRecord]]
    highlights: NotRequired["HighlightsRecord"]


class ConflictsRecord(TypedDict):
    """Conflicts between documents, the surest first; ``found`` is how many there are, of which these
    may be the first. ``quotes`` has the sentences of their sides. ``documents`` were compared; with
    ``complete`` false, the time did not suffice for all of what they say.
    """

    conflicts: list[ConflictRecord]
    quotes: list[QuoteRecord]
    found: int
    documents: int
    complete: bool


class HighlightRecord(TypedDict):
    """A name, date or figure, cut from the quote of that number: ``text`` is the characters ``start`` to
    ``end`` (exclusive) of the quote's document. It stands ``mentions`` times in ``documents`` documents.
    ``date`` is present for dates: the day, month or year.
    """

    text: str
    quote: int
    start: int
    end: int
    mentions: int
    documents: int
    date: NotRequired[str]


class HighlightsRecord(TypedDict):
    """Names, dates and figures of documents: names that most have first, dates in the order of time, figures
    in the order of the documents.
    """

    names: list[HighlightRecord]
    dates: list[HighlightRecord]
    figures: list[HighlightRecord]


class OverviewRecord(TypedDict):
    """An overview of documents. The first ``main`` of the ``quotes`` are their main sentences. ``whole`` is
    false where only a part of them was read.
    """

    searched: SearchedRecord
    whole: bool
    main: int
    highlights: HighlightsRecord
    quotes: list[QuoteRecord]


class EvidenceRecord(TypedDict):
    """The quotes found for a question, as it was searched, before the answer is written."""

    question: str
    quotes: list[QuoteRecord]


class HitRecord(ExcerptRecord):
    """A passage; its score orders the passages of one query and cannot be compared across queries."""

    rank: int
    score: float


class SearchRecord(TypedDict):
    """The best passages for a query, best first. ``reason`` says why there are none; else it is empty.
    ``coverage`` is present when the index is still growing.
    """

    query: str
    results: list[HitRecord]
    reason: str
    coverage: NotRequired[CoverageRecord]


class DocumentRecord(TypedDict):
    """A document; ``characters`` is the length of the text that offsets refer to. ``date_source`` says where
    the date was taken from; it is empty without a date.
    """

    id: str
    title: str
    date: str | None
    date_source: str
    characters: int


class DocumentTextRecord(DocumentRecord):
    """A document with the text that offsets refer to."""

    text: str
