"""Build the sheet of a refusal: what was searched and how, as HTML that ``attest verify`` checks. Pure."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

from qa import __version__
from qa.export import text
from qa.export.evidence_sheet import Exhibit, exhibit, sheet_template
from qa.mentions.absence import Absence, NearPassage, SearchedFile
from qa.mentions.base import UnreadFile
from qa.schema import Document, Quote, location
from qa.verification.verify import NOTHING_SUPPORTED


@dataclass(frozen=True, slots=True)
class Near:
    """One of the nearest sentences, with its similarity as shown: four decimals, or empty."""

    exhibit: Exhibit
    similarity: str


@dataclass(frozen=True, slots=True)
class AbsenceSheet:
    """The content of a sheet."""

    question: str
    resolved: str
    made: str
    """ISO 8601 calendar date on which it was made."""
    version: str
    """The version of Attest that made it."""
    reason: str
    p_answerable: str
    threshold: str
    searched: str
    """The documents that were searched: their number, and which they are."""
    index: str
    """The digest of the files searched and not read."""
    files: tuple[SearchedFile, ...]
    unread: tuple[UnreadFile, ...]
    forms: str
    words: tuple[tuple[str, int], ...]
    with_all_words: int
    nearest: tuple[Near, ...]
    refuses: tuple[tuple[str, str], ...]
    """The shares of unanswerable questions that are refused, in percent, by their kind."""

    @property
    def unchecked(self) -> bool:
        """True if the documents may answer: a draft was written, and nothing of it passed the check."""
        return self.reason == NOTHING_SUPPORTED


def absence_sheet(absence: Absence, documents: Mapping[str, Document], made: datetime.date) -> str:
    """Return a refusal as one HTML file without script or network. Write it as UTF-8."""
    answer = absence.answer
    return sheet_html(
        AbsenceSheet(
            question=answer.question,
            resolved=answer.resolved,
            made=made.isoformat(),
            version=__version__,
            reason=answer.reason,
            p_answerable=f"{answer.p_answerable:.4f}",
            threshold=f"{answer.threshold:.4f}",
            searched=str(answer.searched or ""),
            index=absence.index,
            files=absence.files,
            unread=absence.unread,
            forms=absence.forms,
            words=tuple(absence.words.items()),
            with_all_words=absence.with_all_words,
            nearest=tuple(
                _near(number, each, documents[each.span.doc_id])
                for number, each in enumerate(absence.nearest, start=1)
            ),
            refuses=tuple((kind, f"{share:.0%}") for kind, share in absence.refuses.items()),
        )
    )


def sheet_html(sheet: AbsenceSheet) -> str:
    """Return the sheet as a self-contained HTML file: no script, no network, all text escaped."""
    return sheet_template("absence_sheet.html").render(sheet=sheet, wording=text)


def _near(number: int, near: NearPassage, document: Document) -> Near:
    span = near.span
    quote = Quote(
        number,
        span,
        document.text[span.start : span.end],
        document.title,
        document.date,
        location(document, span.start),
        language=document.language,
    )
    return Near(exhibit(quote, document), "" if near.similarity is None else f"{near.similarity:.4f}")
