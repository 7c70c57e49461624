"""Find the financial statements that a question names, in documents that call them otherwise. Pure.

What one company calls its balance sheet is the "Statement of Financial Position" of another, and an income
statement is "Consolidated Statements of Operations", "of Earnings" or "of Profit or Loss" (IAS 1, paragraph
10, leaves the choice of titles open).
"""

import re
from bisect import bisect_right
from collections.abc import Iterator

from qa.nlp.tables import read_row
from qa.schema import Document, Span

STATEMENTS = {
    kind: "|".join(names)
    for kind, names in {
        "balance sheet": (
            "(?<!off )balance sheets?",
            "statements? of (?:consolidated )?financial (?:position|condition)",
            "(?:konzern)?bilanz",
            "bilan(?: consolidé)?",
            "balance (?:de situación|general)(?: consolidado)?",
            "stato patrimoniale(?: consolidato)?",
            "balanço(?: patrimonial)?(?: consolidado)?",
            "balans",
            r"бухгалтерск\w+ баланс\w*",
            r"отч[её]т\w* о финансов\w+ положении",
        ),
        "income statement": (
            r"p\s?&\s?l(?: (?:statement|account)s?)?",
            "(?:income|earnings) statements?",
            "profit (?:and|&|or) loss (?:statement|account)s?",
            "statements? of (?:consolidated )?(?:comprehensive )?"
            "(?:income|operations|earnings|profit (?:and|or) loss)",
            "gewinn und verlustrechnung",
            "compte de résultats?(?: consolidé)?",
            "cuenta de (?:pérdidas y ganancias|resultados)(?: consolidada)?",
            "estado de resultados(?: consolidado)?",
            "conto economico(?: consolidato)?",
            "demonstração d[eo]s? resultados?(?: consolidada)?",
            "winst en verliesrekening",
            r"отч[её]т\w* о (?:прибыл\w+ и убытк\w+|финансовых результатах|совокупном доходе)",
        ),
        "cash flow statement": (
            "cash flows? statements?",
            "statements? of (?:consolidated )?cash flows?",
            "(?:konzern)?kapitalflussrechnung",
            "tableau des flux de trésorerie(?: consolidé)?",
            "estado de flujos de efectivo(?: consolidado)?",
            "rendiconto finanziario(?: consolidato)?",
            "demonstração dos fluxos de caixa(?: consolidada)?",
            "kasstroomoverzicht",
            r"отч[её]т\w* о движении денежных средств",
        ),
    }.items()
}
"""The names of each statement, as a pattern, by the one that most people use."""

_ASKED = (
    r"\b(?:in|on|from|within|using|off|of|by|per|under|referencing|and|to|do|does|did|laut|gemäß|aus|dans|au|du"
    r"|selon|en|del|según|nel|nello|dal|secondo|no|na|segundo|op|uit|volgens|в|во|по|из|согласно) "
    r"(?:[\w&'’.]+ ){0,4}?"
)
"""What comes before a name where the answer is sought in the statement: "shown in the company's "."""

_LINE = re.compile(r"^[^\n]{3,150}$", re.MULTILINE)
"""A line that is long enough for a title and not too long."""
_NOTE = re.compile(r"\([^)]*\)|[#*:,-]")
"""What a title may have beside its words: "(unaudited)"."""
_YEAR = re.compile(r"(?:19|20)\d\d")
_DATED = r"(?:(?:asof|asat|at|for|as|year|zum|für|au|pour|al|del|per|em|на|за).*(?:19|20)\d\d)?"
"""The time after a name: "at 31 December 2022", without spaces."""
_LOWER = frozenset(
    "and as at of its or the for year years ended condensed combined und zum au al del per na em и на за г"
    " года".split()
) | {word.removesuffix("s") for names in STATEMENTS.values() for word in re.findall(r"[^\W\d_]{2,}", names)}
"""Words that may stand without a capital in a title, with those of the names themselves, in the singular."""

_TITLES = {
    kind: re.compile(
        rf"(?:{names}){_DATED}$|^(?:condensed|consolidated)*(?:{names})\|[^|]*$".replace(" ", ""),
        re.IGNORECASE,
    )
    for kind, names in STATEMENTS.items()
}

ROWS = 5
"""Rows of figures below a title without which it is none: an auditor's letter has such lines, too."""


def find_asked_statements(question: str) -> dict[str, str]:
    """Return which of ``STATEMENTS`` the answer to ``question`` is in, each with the name that it has there.
    A "balance sheet date" is none.
    """
    asked = " ".join(question.replace("-", " ").split())
    found = {
        kind: re.search(rf"{_ASKED}(?P<name>{names})\b(?! date)", asked, re.IGNORECASE)
        for kind, names in STATEMENTS.items()
    }
    return {kind: match["name"] for kind, match in found.items() if match}


def statements_in(kind: str, document: Document) -> list[Span]:
    """Return where ``document`` has statements of this ``kind``, each from its title to the end of its page,
    sheet or section.
    """
    starts = (start for found, start in find_titles(document.text) if found == kind)
    spans = (Span(document.id, start, _end_of_place(document, start)) for start in starts)
    return [span for span in spans if _has_rows(document.text, span)]


def find_titles(text: str) -> Iterator[tuple[str, int]]:
    """Yield the statement that each title in ``text`` is of, and where it begins. A title is a line that ends
    with a name, or with a name and its time, or begins with it and has the company's after a bar, but no
    page's number as in a table of contents. Letters are compared without spaces: some PDFs have a "Balance
    Shee t".
    """
    for line in _LINE.finditer(text):
        words = _NOTE.sub(" ", line[0]).split()
        if not all(map(_may_be_titled, words)):
            continue
        if line[0][-1].isdigit() and not _YEAR.fullmatch(words[-1]):
            continue
        for kind, title in _TITLES.items():
            if title.search("".join(words)):
                yield kind, line.start()


def _may_be_titled(word: str) -> bool:
    """Return whether ``word`` may stand in a title: with a capital, or as one of few."""
    return not word[0].islower() or len(word) == 1 or word.removesuffix("s") in _LOWER or word in _LOWER


def _end_of_place(document: Document, offset: int) -> int:
    """Return where the place at ``offset`` ends: a sheet has rows, which are places of their own."""
    after = bisect_right(document.places, offset, key=lambda place: place.start)
    label = document.places[after - 1].label if after else ""
    others = (place.start for place in document.places[after:] if not place.label.startswith(f"{label}, "))
    return next(others, len(document.text))


def _has_rows(text: str, span: Span) -> bool:
    lines = text[span.start : span.end].splitlines()
    return sum(len(read_row(line)) > 1 for line in lines) >= ROWS
