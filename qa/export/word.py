"""Write conversations as Word documents with the quotes as footnotes. Pure."""

import io
import re
from collections.abc import Iterable

import docx
from docx.document import Document
from docx.enum.text import WD_UNDERLINE
from docx.text.paragraph import Paragraph

from qa.export.chance import chance_text
from qa.export.text import (
    NEAREST,
    SEARCHED,
    SHORT,
    UNANSWERED,
    fact_lines,
    highlight_lines,
    is_refusal,
    passages_heading,
    refusal_text,
    rejected_text,
    split_at_spans,
    unit_text,
    unquoted_notes,
)
from qa.export.word_footnotes import Footnotes
from qa.schema import Answer, Quote

_TITLE_CHARS = 255
"""The longest title that python-docx allows in a document's properties."""

_NOT_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that no XML document may have (XML 1.0, 2.2)."""


def conversation_docx(title: str, answers: Iterable[Answer]) -> bytes:
    """Return a conversation as a Word file: each question is a heading over its answer, whose sentences have
    their quotes as footnotes. Words that are in no quote are underlined with dots.
    """
    document = docx.Document()
    document.core_properties.author = document.core_properties.comments = ""  # of python-docx's template
    document.core_properties.title = _clean(title)[:_TITLE_CHARS]
    document.add_heading(_clean(title), 0)
    footnotes = Footnotes(document)
    for answer in answers:
        document.add_heading(_clean(answer.question), 1)
        _Writer(document, footnotes, answer).write()
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


class _Writer:
    """Writes one answer. A quote becomes a footnote where it is cited first; later it is referred to."""

    def __init__(self, document: Document, footnotes: Footnotes, answer: Answer) -> None:
        self._document = document
        self._footnotes = footnotes
        self._answer = answer
        self._numbers: dict[int, int] = {}
        """The footnote of each quote that was cited, by the quote's number."""

    def write(self) -> None:
        answer = self._answer
        if answer.follows_up:
            self._say(f"Understood as: {answer.resolved}", italic=True)
        if answer.note:
            self._say(f"{answer.note}.", italic=True)
        if answer.answered:
            self._write_answer()
        else:
            self._write_refusal()
        if answer.cut:
            self._say(f"{rejected_text(answer.cut)}:")
            for each in answer.cut:
                self._say(f"{each.text} ({each.reason})", style="List Bullet")
        if answer.searched:
            self._say(f"{SEARCHED}: {answer.searched}")

    def _write_answer(self) -> None:
        answer = self._answer
        for part in answer.refused:
            self._say(f"{UNANSWERED}: {part}")
        for line in fact_lines(answer):
            self._say(line)
        if answer.passages_only:
            for line in highlight_lines(answer.highlights):
                self._say(line)
            self._say(passages_heading(answer), bold=True)
            self._write_passages(answer.quotes)
        else:
            self._write_sentences()

    def _write_sentences(self) -> None:
        answer = self._answer
        if answer.short:
            paragraph = self._say(f"{SHORT}: ")
            paragraph.add_run(_clean(answer.short.text)).bold = True
            paragraph.add_run(_clean(unit_text(answer.short)))
            self._cite(paragraph, answer.short.quote)
        paragraph = self._say("")
        for i, sentence in enumerate(answer.sentences):
            if i:
                paragraph.add_run(" ")
            for piece, is_unquoted in split_at_spans(sentence.text, sentence.unquoted):
                paragraph.add_run(_clean(piece)).font.underline = WD_UNDERLINE.DOTTED if is_unquoted else None
            for number in sentence.cites:
                self._cite(paragraph, number)
        for note in unquoted_notes(answer.sentences):
            self._say(note, italic=True)

    def _write_refusal(self) -> None:
        answer = self._answer
        verdict, rest = refusal_text(answer.reason)
        paragraph = self._say("")
        paragraph.add_run(verdict).bold = True
        paragraph.add_run(f" {_clean(rest)}")
        for choice in answer.choices:
            self._cite(self._say(choice.text, style="List Bullet"), choice.quote)
        if answer.choices:
            return
        if is_refusal(answer):
            self._say(chance_text(answer))
            if answer.nearest:
                self._say(NEAREST)
        self._write_passages(answer.nearest)

    def _write_passages(self, quotes: Iterable[Quote]) -> None:
        for quote in quotes:
            for line in _note_lines(quote):
                self._say(line, style="Quote")

    def _say(
        self, text: str, style: str | None = None, *, bold: bool = False, italic: bool = False
    ) -> Paragraph:
        paragraph = self._document.add_paragraph(style=style)
        if text:
            run = paragraph.add_run(_clean(text))
            run.bold, run.italic = bold or None, italic or None
        return paragraph

    def _cite(self, paragraph: Paragraph, number: int) -> None:
        if number in self._numbers:
            self._footnotes.refer(paragraph, self._numbers[number])
            return
        quotes = (*self._answer.quotes, *self._answer.nearest)
        quote = next(each for each in quotes if each.number == number)
        self._numbers[number] = self._footnotes.add(paragraph, _note_lines(quote))


def _note_lines(quote: Quote) -> list[str]:
    """Return a quote line by line, and its source."""
    known = (*quote.source, f"{quote.span.doc_id}:{quote.span.start}–{quote.span.end}")
    first, *rest = (_clean(line) for line in f"“{quote.text}”".split("\n"))
    return [first, *rest, "— " + ", ".join(_clean(part) for part in known)]


def _clean(text: str) -> str:
    """Return ``text`` without characters that XML forbids."""
    return _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", text)
