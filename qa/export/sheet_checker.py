"""Check an evidence sheet against the documents, from its HTML alone. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from html.parser import HTMLParser

from qa.errors import UserError
from qa.export.evidence_sheet import Entry, Exhibit, Sheet, sheet_html, surrounding_text, text_sha256
from qa.schema import Document, Quote, RejectedSentence, Sentence, ShortAnswer, Span, location
from qa.verification.citing import unquoted_spans
from qa.verification.verify import NOTHING_SUPPORTED

_EMPTY_ELEMENTS = frozenset({"meta"})
"""The elements of a sheet that have no end tag."""


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
    if sheet_html(sheet) != _undo_saving(html):
        faults.append(
            Fault(
                "The sheet was changed after it was made, or was made by another version of Attest "
                f"(it says {sheet.version}), so it may show more than could be checked"
            )
        )
    for place, entry in enumerate(sheet.entries, start=1):
        faults += [Fault(reason, place) for reason in _citation_faults(entry)]
        if entry.short:
            faults += [Fault(reason, place) for reason in _short_answer_faults(entry.short, entry, documents)]
        for exhibit in entry.exhibits:
            faults += [Fault(why, place, exhibit.quote.number) for why in _quote_faults(exhibit, documents)]
    return faults


class QuoteState(StrEnum):
    """What became of a quote since its sheet was made."""

    HOLDS = "holds"
    """It stands where the sheet says."""
    MOVED = "moved"
    """Its words stand elsewhere in its document, or in another one."""
    GONE = "gone"
    """No document has its words."""


def quote_states(html: str, documents: Mapping[str, Document]) -> list[QuoteState]:
    """Return what became of each quote of the sheet ``html``, in their order.

    Raises:
        UserError: it is not an evidence sheet.
    """
    quotes = [exhibit.quote for entry in read_sheet(html).entries for exhibit in entry.exhibits]
    return [_quote_state(each, documents) for each in quotes]


def _quote_state(quote: Quote, documents: Mapping[str, Document]) -> QuoteState:
    span = quote.span
    if span.doc_id in documents and span.cut(documents) == quote.text:
        return QuoteState.HOLDS
    found = quote.text and any(quote.text in each.text for each in documents.values())
    return QuoteState.MOVED if found else QuoteState.GONE


def read_sheet(html: str) -> Sheet:
    """Return the content of an evidence sheet, unchecked.

    Raises:
        UserError: it is not an evidence sheet.
    """
    reader = _Reader()
    try:
        reader.feed(_undo_saving(html))
        reader.close()
        return _sheet(reader.fields)
    except (AssertionError, KeyError, ValueError) as error:  # html.parser asserts on a broken declaration
        raise UserError("This is not an evidence sheet made by Attest, or it is damaged") from error


def _undo_saving(html: str) -> str:
    """Return ``html`` without what an editor may add on saving: a byte-order mark, and Windows line ends."""
    return html.removeprefix("\ufeff").replace("\r\n", "\n")


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


def _short_answer_faults(
    short: ShortAnswer, entry: Entry, documents: Mapping[str, Document]
) -> Iterator[str]:
    quote = next((each.quote for each in entry.exhibits if each.quote.number == short.quote), None)
    if quote is None:
        yield f"quote {short.quote}, from which the short answer is cut, is not in the sheet"
        return
    span = short.span
    if not quote.span.start <= span.start < span.end <= quote.span.end:
        yield f"the short answer, at {span.start}–{span.end}, is not inside quote {short.quote}"
    elif span.doc_id in documents and span.cut(documents) != short.text:
        yield f"{span.doc_id} does not say “{short.text}” at {span.start}–{span.end}"


def _quote_faults(exhibit: Exhibit, documents: Mapping[str, Document]) -> Iterator[str]:
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


@dataclass(frozen=True, slots=True)
class _Field:
    """An element with the attribute ``data-field``: its name, its other attributes, its own text."""

    name: str
    known: dict[str, str]
    pieces: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(self.pieces)


class _Reader(HTMLParser):
    """The fields of a page in the order of their start tags; text belongs to the innermost open field."""

    def __init__(self) -> None:
        super().__init__()
        self.fields: list[_Field] = []
        self._open: list[tuple[str, _Field | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = {name: value or "" for name, value in attrs}
        inside = self._open[-1][1] if self._open else None
        if "data-field" in known:
            inside = _Field(known["data-field"], known)
            self.fields.append(inside)
        if tag not in _EMPTY_ELEMENTS:
            self._open.append((tag, inside))

    def handle_endtag(self, tag: str) -> None:
        if self._open and self._open[-1][0] == tag:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        if self._open and (inside := self._open[-1][1]):
            inside.pieces.append(data)


def _sheet(fields: Sequence[_Field]) -> Sheet:
    head, *entries = _split_at(fields, "entry")
    known = _texts(head)
    return Sheet(known["title"], known.get("made", ""), known["version"], tuple(map(_entry, entries)))


def _entry(fields: Sequence[_Field]) -> Entry:
    head, *exhibits = _split_at(fields, "exhibit")
    known = _texts(fields)
    shown = tuple(map(_exhibit, exhibits))
    return Entry(
        question=known["question"],
        resolved=known.get("resolved", known["question"]),
        p_answerable=known["p"],
        threshold=known["threshold"],
        sentences=tuple(map(_sentence, _named(head, "sentence"))),
        exhibits=shown,
        reason=NOTHING_SUPPORTED if "unchecked" in known else known.get("reason", ""),
        refused=tuple(each.text for each in _named(head, "refused")),
        short=next((_short_answer(each, shown) for each in _named(head, "short")), None),
        passages_only="passages" in known,
        searched=known.get("searched", ""),
        cut=tuple(
            RejectedSentence(text.text, reason.text)
            for text, reason in zip(_named(fields, "cut"), _named(fields, "cut-reason"), strict=True)
        ),
    )


def _sentence(stated: _Field) -> Sentence:
    known = stated.known
    spans = (span.split("-") for span in known["data-unquoted"].split())
    return Sentence(
        stated.text,
        tuple(int(number) for number in known["data-cites"].split()),
        float(known["data-support"]) if known["data-support"] else None,
        tuple((int(start), int(end)) for start, end in spans),
    )


def _short_answer(stated: _Field, exhibits: Sequence[Exhibit]) -> ShortAnswer:
    number = int(stated.known["data-quote"])
    quote = next((each.quote for each in exhibits if each.quote.number == number), None)
    doc_id = quote.span.doc_id if quote else ""
    span = Span(doc_id, int(stated.known["data-start"]), int(stated.known["data-end"]))
    return ShortAnswer(stated.text, number, span)


def _exhibit(fields: Sequence[_Field]) -> Exhibit:
    stated, known = fields[0].known, _texts(fields)
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


def _split_at(fields: Sequence[_Field], name: str) -> list[list[_Field]]:
    """Split ``fields`` before each that has ``name``: those before the first, then one group for each."""
    parts: list[list[_Field]] = [[]]
    for each in fields:
        if each.name == name:
            parts.append([])
        parts[-1].append(each)
    return parts


def _named(fields: Sequence[_Field], name: str) -> list[_Field]:
    return [each for each in fields if each.name == name]


def _texts(fields: Sequence[_Field]) -> dict[str, str]:
    return {each.name: each.text for each in fields}
