"""Tell which of a document's rows of one name a question means. Pure.

An annual report has a row "Revenue" for the group, each segment, each quarter and the parent company. Who
names the company and a year means the group's for all of the year; who names a segment, that segment's.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, takewhile

from qa.nlp.periods import PART_OF_YEAR, YEAR, years_in
from qa.nlp.tables import find_tables, read_row
from qa.nlp.terms import content_terms
from qa.nlp.tokens import may_be_name, tokens
from qa.schema import Document, ScoredSentence, Span, nearest_headings, place_at

PARENT = re.compile(
    r"\bparent(?: |-)(?:company|entity|undertaking|only)\b|\bparent['’]s\b|\b(?:un|non-?)consolidated\b"
    r"|\b(?:separate|stand-?alone|company[ -]only) (?:financial )?(?:statements|accounts)\b"
    r"|\bmutter(?:gesellschaft|unternehmen)|\beinzelabschluss"
    r"|\bsociété mère\b|\bcomptes (?:sociaux|individuels)\b"
    r"|\b(?:sociedad|empresa) matriz\b|\b(?:cuentas|estados financieros) (?:individuales|separados)\b"
    r"|\bcapogruppo\b|\bbilancio (?:separato|d['’]esercizio)\b|\bcontroladora\b"
    r"|материнск\w+ (?:компани|организаци)|неконсолидированн|母公司",
    re.IGNORECASE,
)
"""Names of reports for the statements of the company that owns the others, which are not the group's."""

_FIGURE = re.compile(r"\d")

_ROW = ", row "
"""What stands in the place of a row between its sheet and its number."""

NEARBY = 8_000
"""Characters around a row in which the rest of its table is looked for."""


@dataclass(frozen=True, slots=True)
class _NamedRow:
    """A row of a document's table, with the headings over it and the form of its table."""

    span: Span
    name: str
    cells: tuple[tuple[str, str], ...]
    """The name of the column and the text of each cell but the first."""
    headings: tuple[str, ...]
    """Its sheet, those over it, and the words with which all its columns begin: "Net 2020 | Net 2021"."""
    form: tuple[tuple[str, ...], tuple[str, ...]]
    """The names of the table's rows and of its columns."""

    @property
    def words(self) -> list[str]:
        """The cells without figures: "Investment loan" beside a rate of the same name as another loan's."""
        return [text for _, text in self.cells if not _FIGURE.search(text)]

    @property
    def columns(self) -> list[str]:
        """The names of its columns but the first, without the words with which all begin."""
        names = [column for column, _ in self.cells]
        shared = len(_first_words(names))
        return [" ".join(name.split()[shared:]) for name in names]

    def terms(self, document: Document) -> frozenset[str]:
        """Return what the headings over it and its cells without figures say, stemmed."""
        return content_terms(" ".join((*self.headings, *self.words)), document.language)

    def of_years(self, years: frozenset[str]) -> tuple[tuple[str, str], ...]:
        """Return the cells in columns of ``years``; all where there are none, or the row is of one."""
        own = not years or years & years_in(self.name)
        return tuple(cell for cell in self.cells if own or years & years_in(cell[0]))


def prefer_meant(
    question: str, scored: Sequence[ScoredSentence], documents: Mapping[str, Document]
) -> list[ScoredSentence]:
    """Return ``scored``, best first, with the rows that ``question`` means before others of the same name in
    the same document. Where the best have none of them, the document's own is added, if all that it has show
    the same figures. The others are left out where the question has no word that could mean them, or has more
    words over a row of the same columns, and so are rows of that name in a document that lacks one: another
    company's revenue.
    """
    placed: dict[Span, ScoredSentence] = {}
    left_out: set[Span] = set()
    seen: set[tuple[str, str]] = set()
    settled: set[str] = set()
    for sentence in scored:
        document = documents[sentence.span.doc_id]
        name = _name_of(sentence.span.cut(documents).strip())
        if name and (document.id, name) not in seen:
            seen.add((document.id, name))
            rows = _namesakes(question, name, document)
            meant = _meant_spans(question, rows, document, scored)
            is_named = not _words_beyond(question, name, document)
            placed |= {span: replace(sentence, span=span) for span in meant if span not in placed}
            if meant and is_named:
                left_out |= {row.span for row in rows} - set(meant)
            elif name in settled and not is_named:
                left_out |= {row.span for row in rows}
            elif meant:
                left_out |= _less_meant(question, rows, meant, document)
            if rows and is_named:
                settled.add(name)
        placed.setdefault(sentence.span, sentence)
    return [sentence for span, sentence in placed.items() if span not in left_out]


def owner_words(question: str, document: Document) -> frozenset[str]:
    """Return the words of the names in ``question`` by which ``document``, whose title or file's name has one
    of their words, calls itself: "Dunmore Lighting" of the report in ``dunmore-2021.pdf``.
    """
    known = content_terms(f"{document.title} {document.file_words}", document.language)
    found: frozenset[str] = frozenset()
    for may_name, run in groupby(tokens(question), key=may_be_name):
        name = " ".join(token.surface for token in run)
        words = content_terms(name, document.language)
        if may_name and words & known and name in document.text:
            found |= words
    return found


def rows_meant(question: str, offset: int, document: Document) -> list[Span]:
    """Return the rows that ``question`` means of those with the name of the row at ``offset``; none where
    there is no row.
    """
    line = _line_at(document, offset)
    name = _name_of(document.text[line.start : line.end])
    rows = _namesakes(question, name, document) if name else []
    return [row.span for row in _meant(question, rows, document)]


def is_outside_scope(question: str, document: Document, offset: int) -> bool:
    """Return whether what is at ``offset`` stands in a row of a table, and ``question`` means another row of
    the same name.
    """
    line = _line_at(document, offset)
    name = _name_of(document.text[line.start : line.end])
    rows = _namesakes(question, name, document) if name else []
    meant = {row.span for row in _meant(question, rows, document)}
    return bool(meant) and line in {row.span for row in rows} - meant


def _meant_spans(
    question: str, rows: Sequence[_NamedRow], document: Document, scored: Sequence[ScoredSentence]
) -> list[Span]:
    """Return those of ``rows`` of one name that ``question`` means, those of ``scored`` if it has any; none
    where it does not tell them apart.
    """
    meant = _meant(question, rows, document)
    if len(meant) == len(rows):
        return []
    starts = {row.span.start for row in meant}
    ranked = [each.span for each in scored if each.span.doc_id == document.id and each.span.start in starts]
    if ranked or not meant:
        return ranked
    years = years_in(question)
    agree = len({tuple(shown for _, shown in row.of_years(years)) for row in meant}) == 1
    return [meant[0].span] if agree else []


def _namesakes(question: str, name: str, document: Document) -> list[_NamedRow]:
    """Return the rows of ``document`` called ``name`` that have a column of the year that ``question`` names,
    if the question has every word of the name.
    """
    own = content_terms(name, document.language)
    if not own or not own <= content_terms(question, document.language):
        return []
    years = years_in(question)
    return [row for row in _rows_called(name, document) if row.of_years(years)]


def _meant(question: str, rows: Sequence[_NamedRow], document: Document) -> list[_NamedRow]:
    """Return those of ``rows`` of one name that have words of ``question`` over them or in other cells which
    the name and the document do not have, and not only a part of those of another; where none has any, those
    for the whole, as far as their tables tell.

    Tables of one form, which come again with other figures, are of parts: a segment after the other. Where
    ``question`` names no year, the newest is meant.
    """
    meant = _meant_part(question, rows, document)
    if years_in(question):
        return meant
    latest = [max(years_in(" ".join(column for column, _ in row.cells)), default="") for row in meant]
    return [row for row, year in zip(meant, latest, strict=True) if year == max(latest)]


def _meant_part(question: str, rows: Sequence[_NamedRow], document: Document) -> list[_NamedRow]:
    if not rows or PART_OF_YEAR.search(question):
        return list(rows)
    years = years_in(question)
    shared = _shared_words(question, rows, document)
    rows = [row for row in rows if row.span in shared]
    if any(shared.values()):
        told = [
            row
            for row in rows
            if shared[row.span] and not any(shared[row.span] < others for others in shared.values())
        ]
        return [row for row in told if not any(_is_more_special(row, each, document) for each in told)]
    if PARENT.search(question):
        return [row for row in rows if any(map(PARENT.search, row.headings))]
    unmarked = [row for row in rows if not _is_marked_as_part(row, years)]
    figures: dict[object, set[object]] = {}
    for row in unmarked:
        figures.setdefault(row.form, set()).add(row.cells)
    return [row for row in unmarked if len(figures[row.form]) == 1]


def _is_more_special(row: _NamedRow, other: _NamedRow, document: Document) -> bool:
    """Return whether ``row`` has over it all that stands over the ``other``, and more: "Cascade Mask R-CNN"
    is not "Mask R-CNN", and males and females are not females.
    """
    own, others = (content_terms(" ".join(each.headings), document.language) for each in (row, other))
    return others < own


def _less_meant(
    question: str, rows: Sequence[_NamedRow], spans: Collection[Span], document: Document
) -> set[Span]:
    """Return those of ``rows`` of one name that have the columns of one that is meant, at one of ``spans``,
    and over them fewer words of ``question``, a word that it denies, or all that stands over the other and
    more. What is meant has every word of the question that tells the rows apart.
    """
    shared = _shared_words(question, rows, document)
    every = frozenset().union(*shared.values())
    meant = [row for row in rows if row.span in spans and shared.get(row.span) == every]
    return {
        row.span
        for row in rows
        for other in meant
        if row.columns == other.columns
        and (shared.get(row.span) != every or _is_more_special(row, other, document))
    }


def _shared_words(question: str, rows: Sequence[_NamedRow], document: Document) -> dict[Span, frozenset[str]]:
    """Return the words of ``question`` beyond the name of ``rows`` that each has over it or in its cells,
    without the rows that have a word which it denies, unless all have.
    """
    more, denied = _words_beyond(question, rows[0].name, document), _denied_words(question, document)
    said = {row.span: row.terms(document) for row in rows}
    kept = {span: terms for span, terms in said.items() if not denied & terms} or said
    return {span: more & terms for span, terms in kept.items()}


def _words_beyond(question: str, name: str, document: Document) -> frozenset[str]:
    """Return the words of ``question`` that neither the ``name`` of a row nor the document's title and file
    name have, but for years and what it denies.
    """
    known = content_terms(f"{document.title} {document.file_words} {name}", document.language)
    known |= _denied_words(question, document)
    return content_terms(question, document.language) - known - years_in(question)


def _denied_words(question: str, document: Document) -> frozenset[str]:
    """Return the words that ``question`` denies: "a home loan (not investment)"."""
    asked = tokens(question, document.language)
    said = " ".join(token.surface for token in asked if not token.negated)
    denied = " ".join(token.surface for token in asked if token.negated)
    return content_terms(denied, document.language) - content_terms(said, document.language)


def _is_marked_as_part(row: _NamedRow, years: frozenset[str]) -> bool:
    """Return whether the headings over a row name the parent company or a part of a year, or each of its
    columns does.
    """
    return (
        any(map(PARENT.search, row.headings))
        or is_headed_by_part(row.headings)
        or all(PART_OF_YEAR.search(column) for column, _ in row.of_years(years))
    )


def is_headed_by_part(headings: Sequence[str]) -> bool:
    """Return whether the innermost of ``headings`` that names a time names a part of a year."""
    time = next((each for each in reversed(headings) if YEAR.search(each) or PART_OF_YEAR.search(each)), "")
    return bool(PART_OF_YEAR.search(time))


def _rows_called(name: str, document: Document) -> list[_NamedRow]:
    """Return every row of a table of ``document`` whose first cell is ``name``, in their order."""
    lines = dict.fromkeys(
        _line_at(document, match.start()) for match in re.finditer(re.escape(name), document.text)
    )
    rows = []
    for line in lines:
        text = document.text[line.start : line.end]
        if _name_of(text) != name:
            continue
        row = read_row(text)
        cells = tuple((cell.column, text[cell.shown : cell.end]) for cell in row[1:])
        sheet, is_row, _ = place_at(document, line.start).partition(_ROW)
        shared = YEAR.sub("", " ".join(_first_words([column for column, _ in cells]))).strip()
        over = (sheet if is_row else "", *nearest_headings(document, line.start), shared)
        headings = tuple(filter(None, over))
        rows.append(_NamedRow(line, name, cells, headings, _form(document, line)))
    return rows


def _first_words(names: Sequence[str]) -> tuple[str, ...]:
    """Return the words with which all ``names`` of several columns begin."""
    if len(names) < 2:
        return ()
    words = zip(*(name.split() for name in names), strict=False)
    return tuple(each[0] for each in takewhile(lambda each: len(set(each)) == 1, words))


def _form(document: Document, line: Span) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the names of the rows and of the columns of the table that has the row at ``line``."""
    first = document.text.rfind("\n", 0, max(0, line.start - NEARBY)) + 1
    around = document.text[first : line.end + NEARBY]
    for table in find_tables(around):
        starts = [first + row[0].start for row in table.rows]
        if line.start in starts:
            names = tuple(around[row[0].shown : row[0].end] for row in table.rows)
            return names, tuple(table.names)
    text = document.text[line.start : line.end]
    return (_name_of(text),), tuple(cell.column for cell in read_row(text))


def _name_of(text: str) -> str:
    """Return the first cell of a row of several; empty for what is no such row."""
    row = read_row(text)
    return text[row[0].shown : row[0].end] if len(row) > 1 else ""


def _line_at(document: Document, offset: int) -> Span:
    start = document.text.rfind("\n", 0, offset) + 1
    end = document.text.find("\n", offset)
    return Span(document.id, start, len(document.text) if end < 0 else end)
