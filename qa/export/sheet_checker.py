"""Check an evidence sheet against the documents, from its HTML alone. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from qa.errors import UserError
from qa.export.evidence_sheet import Entry, Exhibit, Sheet, sheet_html, surrounding_text, text_sha256
from qa.export.html_fields import (
    Field,
    fields_named,
    read_fields,
    split_at,
    texts_by_name,
    undo_saving,
)
from qa.schema import (
    Conflict,
    Document,
    Figure,
    Quote,
    QuotedWords,
    RejectedSentence,
    Sentence,
    ShortAnswer,
    Span,
    location,
)
from qa.verification.citing import unquoted_spans
from qa.verification.verify import NOTHING_SUPPORTED


@dataclass(frozen=True, slots=True)
class Fault:
    """An error in a sheet. ``str`` describes it to a person."""

    reason: str
    question: int | None = None
    """The number of the question in the sheet, from 1; None for the sheet as a whole."""
    number: int | None = None
    """The number of the quote; None for a fault that is not about a quote."""

    def __str__(self) -> str:
        """The place of the fault and the reason."""
        quote = "" if self.number is None else f", quote [{self.number}]"
        return self.reason if self.question is None else f"Question {self.question}{quote}: {self.reason}"


def check_sheet(html: str, documents: Mapping[str, Document]) -> list[Fault]:
    """Return every fault of the sheet ``html``, checked against ``documents`` by id; empty when it is right.

    A quote must be in its document at its offsets, among the words shown around it, under the document's
    title and date and at the place it names; the document's text must have the SHA-256 and length that the
    sheet states; a sentence must cite quotes that are in the sheet, and the words of it that are in none of
    them must be marked; a short answer must be in its document at its offsets, inside its quote. A file that
    shows anything else than what was read from it has a fault for that. Title, questions, sentences, what was
    left out, probabilities and date have to be taken on trust; whether a sentence follows from its quotes is
    for the reader to judge.

    Raises:
        UserError: it is not an evidence sheet.
    """
    sheet = read_sheet(html)
    faults: list[Fault] = []
    if sheet_html(sheet) != undo_saving(html):
        faults.append(
            Fault(
                "The sheet was changed after it was made, or was made by another version of Attest "
                f"(it says {sheet.version}), so it may show more than could be checked"
            )
        )
    for place, entry in enumerate(sheet.entries, start=1):
        faults += [Fault(reason, place) for reason in _citation_faults(entry)]
        for what, words in _words_of(entry):
            faults += [Fault(reason, place) for reason in _words_faults(what, words, entry, documents)]
        for exhibit in entry.exhibits:
            faults += [Fault(why, place, exhibit.quote.number) for why in quote_faults(exhibit, documents)]
    return faults


class QuoteState(StrEnum):
    """The state of a quote of a sheet against the documents of today."""

    HOLDS = "holds"
    """It stands where the sheet says."""
    MOVED = "moved"
    """Its words stand elsewhere in its document, or in another one."""
    GONE = "gone"
    """No document has its words."""


@dataclass(frozen=True, slots=True)
class QuoteFate:
    """The fate of a quote of a sheet. ``str`` describes it to a person."""

    question: int
    """The number of its question in the sheet, from 1."""
    number: int
    state: QuoteState
    span: Span | None
    """The place where its words stand now; None if nowhere."""

    def __str__(self) -> str:
        """The number of the quote, and what became of it."""
        if self.span is None:
            what = "is gone"
        elif self.state is QuoteState.HOLDS:
            what = "holds"
        else:
            what = f"moved to {self.span.doc_id}:{self.span.start}-{self.span.end}"
        return f"Question {self.question}, quote [{self.number}] {what}"


def quote_fates(html: str, documents: Mapping[str, Document]) -> list[QuoteFate]:
    """Return what became of each quote of the sheet ``html``, in their order.

    Raises:
        UserError: it is not an evidence sheet.
    """
    return [
        _quote_fate(place, exhibit.quote, documents)
        for place, entry in enumerate(read_sheet(html).entries, start=1)
        for exhibit in entry.exhibits
    ]


def _quote_fate(place: int, quote: Quote, documents: Mapping[str, Document]) -> QuoteFate:
    span, text = quote.span, quote.text
    own = documents.get(span.doc_id)
    if own and text and span.cut(documents) == text:
        return QuoteFate(place, quote.number, QuoteState.HOLDS, span)
    for each in (*([own] if own else []), *documents.values()):
        start = each.text.find(text) if text else -1
        if start >= 0:
            moved = Span(each.id, start, start + len(text))
            return QuoteFate(place, quote.number, QuoteState.MOVED, moved)
    return QuoteFate(place, quote.number, QuoteState.GONE, None)


def read_sheet(html: str) -> Sheet:
    """Return the content of an evidence sheet, unchecked.

    Raises:
        UserError: it is not an evidence sheet.
    """
    try:
        return _sheet(read_fields(html))
    except (AssertionError, KeyError, ValueError) as error:  # html.parser asserts on a broken declaration
        raise UserError("This is not an evidence sheet made by Attest, or it is damaged") from error


def _citation_faults(entry: Entry) -> Iterator[str]:
    numbers = [exhibit.quote.number for exhibit in entry.exhibits]
    for number in sorted({number for number in numbers if numbers.count(number) > 1}):
        yield f"two quotes have the number {number}"
    for sentence in entry.sentences:
        if not sentence.cites:
            yield f"no quote is cited for “{sentence.text}”"
        for number in sentence.cites:
            if number not in numbers:
                yield f"quote {number}, cited for “{sentence.text}”, is not in the sheet"
        cited = [each.quote for each in entry.exhibits if each.quote.number in sentence.cites]
        if cited and unquoted_spans(sentence.text, cited) != sentence.unquoted:
            yield f"the words of “{sentence.text}” that are in none of its quotes are not those marked"


def _words_of(entry: Entry) -> Iterator[tuple[str, ShortAnswer | QuotedWords]]:
    """Yield all words that are cut from quotes, each after what they are."""
    if entry.short:
        yield "the short answer", entry.short
    for figure in entry.figures:
        yield from (("a number that was computed with", operand) for operand in figure.operands)
    for conflict in entry.conflicts:
        yield from (("a side of a conflict", side) for side in conflict.sides)


def _words_faults(
    what: str, words: ShortAnswer | QuotedWords, entry: Entry, documents: Mapping[str, Document]
) -> Iterator[str]:
    quote = next((each for each in entry.quotes if each.number == words.quote), None)
    if quote is None:
        yield f"quote {words.quote}, from which {what} is cut, is not in the sheet"
        return
    span = words.span
    if not quote.span.start <= span.start < span.end <= quote.span.end:
        yield f"{what}, at {span.start}–{span.end}, is not inside quote {words.quote}"
    elif span.doc_id in documents and span.cut(documents) != words.text:
        yield f"{span.doc_id} does not say “{words.text}” at {span.start}–{span.end}"


def quote_faults(exhibit: Exhibit, documents: Mapping[str, Document]) -> Iterator[str]:
    """Yield what is wrong with a quote and what the sheet says of it, checked against ``documents``."""
    quote, span = exhibit.quote, exhibit.quote.span
    document = documents.get(span.doc_id)
    if document is None:
        same = [other.id for other in documents.values() if text_sha256(other) == exhibit.sha256]
        yield f"there is no document {span.doc_id}" + (f", but {same[0]} has the same text" if same else "")
        return
    if (found := text_sha256(document)) != exhibit.sha256 or len(document.text) != exhibit.length:
        yield (
            f"the text of {span.doc_id} differs: it has {len(document.text)} characters and SHA-256 {found}; "
            f"the sheet states {exhibit.length} and {exhibit.sha256}"
        )
    if not 0 <= span.start < span.end <= len(document.text) or span.cut(documents) != quote.text:
        elsewhere = document.text.find(quote.text) if quote.text else -1
        yield f"{span.doc_id} does not say this at {span.start}–{span.end}" + (
            f", but at {elsewhere}–{elsewhere + len(quote.text)}" if elsewhere >= 0 else ""
        )
    elif surrounding_text(span, document) != (exhibit.before, exhibit.after):
        yield f"the words around it differ from those in {span.doc_id}"
    if quote.place and (place := location(document, span.start)) != quote.place:
        yield f"this is at “{place}” in {span.doc_id}, not at “{quote.place}”"
    if (document.title, document.date) != (quote.title, quote.date):
        date = f"the date {document.date}" if document.date else "no date"
        yield f"{span.doc_id} has the title “{document.title}” and {date}"


def _sheet(fields: Sequence[Field]) -> Sheet:
    head, *entries = split_at(fields, "entry")
    known = texts_by_name(head)
    return Sheet(known["title"], known.get("made", ""), known["version"], tuple(map(_entry, entries)))


def _entry(fields: Sequence[Field]) -> Entry:
    head, *exhibits = split_at(fields, "exhibit")
    known = texts_by_name(fields)
    shown = tuple(map(read_exhibit, exhibits))
    return Entry(
        question=known["question"],
        resolved=known.get("resolved", known["question"]),
        p_answerable=known["p"],
        threshold=known["threshold"],
        sentences=tuple(map(_sentence, fields_named(head, "sentence"))),
        exhibits=shown,
        reason=NOTHING_SUPPORTED if "unchecked" in known else known.get("reason", ""),
        refused=tuple(each.text for each in fields_named(head, "refused")),
        short=next((_short_answer(each, shown) for each in fields_named(head, "short")), None),
        conflicts=tuple(_conflict(each, shown) for each in split_at(head, "conflict")[1:]),
        figures=tuple(_figure(each, shown) for each in split_at(head, "figure")[1:]),
        passages_only="passages" in known,
        searched=known.get("searched", ""),
        cut=tuple(
            RejectedSentence(text.text, reason.text)
            for text, reason in zip(
                fields_named(fields, "cut"), fields_named(fields, "cut-reason"), strict=True
            )
        ),
    )


def _sentence(stated: Field) -> Sentence:
    known = stated.known
    spans = (span.split("-") for span in known["data-unquoted"].split())
    return Sentence(
        stated.text,
        tuple(int(number) for number in known["data-cites"].split()),
        float(known["data-support"]) if known["data-support"] else None,
        tuple((int(start), int(end)) for start, end in spans),
    )


def _short_answer(stated: Field, exhibits: Sequence[Exhibit]) -> ShortAnswer:
    words = _quoted_words(stated, exhibits)
    return ShortAnswer(words.text, words.quote, words.span)


def _quoted_words(stated: Field, exhibits: Sequence[Exhibit]) -> QuotedWords:
    number = int(stated.known["data-quote"])
    quote = next((each.quote for each in exhibits if each.quote.number == number), None)
    doc_id = quote.span.doc_id if quote else ""
    span = Span(doc_id, int(stated.known["data-start"]), int(stated.known["data-end"]))
    return QuotedWords(stated.text, number, span)


def _conflict(fields: Sequence[Field], exhibits: Sequence[Exhibit]) -> Conflict:
    sides = tuple(_quoted_words(each, exhibits) for each in fields_named(fields, "side"))
    return Conflict(fields[0].known["data-kind"], sides)


def _figure(fields: Sequence[Field], exhibits: Sequence[Exhibit]) -> Figure:
    known = fields[0].known
    operands = tuple(_quoted_words(each, exhibits) for each in fields_named(fields, "operand"))
    return Figure(
        known["data-kind"], known["data-formula"], known["data-result"], known["data-unit"], operands
    )


def read_exhibit(fields: Sequence[Field]) -> Exhibit:
    """Return the quote that ``fields`` state, the first of which is its element.

    Raises:
        KeyError, ValueError: they are not those of a quote.
    """
    stated, known = fields[0].known, texts_by_name(fields)
    start, end = int(stated["data-start"]), int(stated["data-end"])
    return Exhibit(
        quote=Quote(
            number=int(stated["data-number"]),
            span=Span(known["document"], start, end),
            text=known["quote"],
            title=known["source"],
            date=known.get("date"),
            place=known.get("place", ""),
            language=stated["data-language"],
        ),
        before=known["before"],
        after=known["after"],
        sha256=known["sha256"],
        length=int(stated["data-length"]),
    )
