"""Name the measure that a question asks for by an adjective, "how heavy", as tables do. Pure."""

from collections.abc import Iterable

from qa.nlp.tables import read_row
from qa.nlp.terms import terms
from qa.query.answer_type import MEASURED

_NOUNS = {
    "old": ("age",),
    "long": ("length", "duration"),
    "fast": ("speed",),
    "far": ("distance",),
    "tall": ("height",),
    "deep": ("depth",),
    "wide": ("width",),
    "heavy": ("weight", "mass"),
}
"""What each of these adjectives asks for."""


def name_measure(question: str, texts: Iterable[str]) -> str:
    """Return the English ``question`` with the noun behind it that a row of a table among ``texts`` has for
    its measure: ``How heavy is the HX-40? (weight)``. Such a row has no word of "heavy".
    """
    measured = MEASURED.search(question)
    if not measured:
        return question
    named = {
        term
        for text in texts
        if (row := read_row(text.rstrip()))
        for name in (text[row[0].shown : row[0].end], *(cell.column for cell in row))
        for term in terms(name)
    }
    nouns = (noun for noun in _NOUNS[measured[1].lower()] if named.issuperset(terms(noun)))
    found = next((noun for noun in nouns if noun not in question.lower()), "")
    return f"{question} ({found})" if found else question
