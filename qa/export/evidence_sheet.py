"""Build evidence sheets: answers with everything needed to check their quotes, as a value and as HTML. Pure.

The HTML is written from the value alone, so :mod:`qa.export.sheet_checker` can read the value back and tell
whether a file contains anything else.
"""

import datetime
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup, escape

from qa import __version__
from qa.export import text
from qa.schema import Answer, Conflict, Document, Figure, Quote, RejectedSentence, Sentence, ShortAnswer, Span
from qa.verification.integrity import check_quotes
from qa.verification.verify import NOTHING_SUPPORTED

CONTEXT_CHARS = 200
"""Characters shown on either side of a quote: two or three lines, enough to see who speaks about what."""


@dataclass(frozen=True, slots=True)
class Exhibit:
    """A quote among the words around it, with the fingerprint of its document."""

    quote: Quote
    before: str
    after: str
    sha256: str
    """The SHA-256 of the document's text, see :func:`text_sha256`."""
    length: int
    """The length of the document's text in code points."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A question and its answer; without sentences, Attest abstained or there are passages only."""

    question: str
    resolved: str
    p_answerable: str
    """P(answerable) with four decimals, as shown."""
    threshold: str
    sentences: tuple[Sentence, ...]
    exhibits: tuple[Exhibit, ...]
    """The quotes of an answer; the passages, where there is none in words."""
    reason: str = ""
    """The reason why Attest abstained; empty if it did not."""
    refused: tuple[str, ...] = ()
    short: ShortAnswer | None = None
    passages_only: bool = False
    """True if the exhibits are passages that may answer the question, from which nobody phrased an answer."""
    cut: tuple[RejectedSentence, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    figures: tuple[Figure, ...] = ()
    searched: str = ""
    """The documents that were searched: their number, and which; empty where that is not known."""

    @property
    def unchecked(self) -> bool:
        """True if nothing that the model wrote passed the check."""
        return self.reason == NOTHING_SUPPORTED

    @property
    def quotes(self) -> tuple[Quote, ...]:
        """The quotes of the exhibits."""
        return tuple(exhibit.quote for exhibit in self.exhibits)

    def short_spans(self, quote: Quote) -> list[tuple[int, int]]:
        """Return the start and end of the short answer in the text of ``quote``; none where it is not."""
        return text.short_spans(self.short, quote)


@dataclass(frozen=True, slots=True)
class Sheet:
    """The content of an evidence sheet."""

    title: str
    made: str
    """ISO 8601 calendar date on which it was made, or empty."""
    version: str
    """The version of Attest that made it."""
    entries: tuple[Entry, ...]


def evidence_sheet(
    title: str, answers: Iterable[Answer], documents: Mapping[str, Document], made: datetime.date | None
) -> str:
    """Return ``answers`` as one HTML file without script or network, which ``attest verify`` checks.

    For each question it says what the answer is, which of its words are in no quote and what was left out, or
    that there is no answer, and shows each quote among the words around it with its document's id, title,
    date, offsets, length and SHA-256. ``made`` is the date that it shows. Write it as UTF-8.

    Raises:
        AttestError: a quote differs from its document at its offsets, or the document does not exist.
    """
    return sheet_html(build_sheet(title, answers, documents, made))


def build_sheet(
    title: str, answers: Iterable[Answer], documents: Mapping[str, Document], made: datetime.date | None
) -> Sheet:
    """Return the sheet of ``answers`` after checking their quotes against ``documents`` again.

    Raises:
        AttestError: a quote differs from its document at its offsets, or the document does not exist.
    """
    entries = tuple(_entry(answer, documents) for answer in answers)
    return Sheet(title, made.isoformat() if made else "", __version__, entries)


def sheet_html(sheet: Sheet) -> str:
    """Return the sheet as a self-contained HTML file: no script, no network, all text escaped."""
    return sheet_template("evidence_sheet.html").render(sheet=sheet, wording=text, pieces=text.split_at_spans)


def text_sha256(document: Document) -> str:
    """Return the SHA-256, in hexadecimal, of a document's normalised text in UTF-8."""
    return hashlib.sha256(document.text.encode("utf-8")).hexdigest()


def surrounding_text(span: Span, document: Document) -> tuple[str, str]:
    """Return up to ``CONTEXT_CHARS`` before and after ``span``, cut between words where there is a space."""
    before = document.text[max(span.start - CONTEXT_CHARS, 0) : span.start]
    after = document.text[span.end : span.end + CONTEXT_CHARS]
    if len(before) < span.start:
        before = before.partition(" ")[2] or before
    if span.end + len(after) < len(document.text):
        after = after.rpartition(" ")[0] or after
    return before, after


def _entry(answer: Answer, documents: Mapping[str, Document]) -> Entry:
    quotes = answer.quotes if answer.answered else answer.nearest
    check_quotes(quotes, documents)
    phrased = answer.answered and not answer.passages_only
    return Entry(
        question=answer.question,
        resolved=answer.resolved,
        p_answerable=f"{answer.p_answerable:.4f}",
        threshold=f"{answer.threshold:.4f}",
        sentences=tuple(_rounded(each) for each in answer.sentences) if phrased else (),
        exhibits=tuple(exhibit(quote, documents[quote.span.doc_id]) for quote in quotes),
        reason="" if answer.answered else answer.reason,
        refused=answer.refused,
        short=answer.short if phrased else None,
        passages_only=answer.answered and answer.passages_only,
        cut=answer.cut,
        conflicts=answer.conflicts,
        figures=answer.figures,
        searched=str(answer.searched or ""),
    )


def _rounded(sentence: Sentence) -> Sentence:
    """Return ``sentence`` with its probability as the sheet states it, with four decimals."""
    return replace(sentence, support=None if sentence.support is None else round(sentence.support, 4))


def exhibit(quote: Quote, document: Document) -> Exhibit:
    """Return ``quote`` among the words around it in its ``document``."""
    before, after = surrounding_text(quote.span, document)
    return Exhibit(quote, before, after, text_sha256(document), len(document.text))


@cache
def sheet_template(name: str) -> Template:
    """Return the template of a sheet, which escapes all that it is given."""
    environment = Environment(
        loader=PackageLoader("qa.export"),
        autoescape=True,
        trim_blocks=True,
        undefined=StrictUndefined,
        finalize=_escape,
        keep_trailing_newline=True,
    )
    return environment.get_template(name)


def _escape(value: object) -> Markup:
    """Escape ``value``, carriage returns included, which an HTML parser would read as line feeds."""
    return Markup(escape(value).replace("\r", Markup("&#13;")))  # noqa: S704  escaped just before
