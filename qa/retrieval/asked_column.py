"""Tell rows of one name apart by the columns that a question asks for. Pure."""

from collections.abc import Mapping, Sequence

from qa.nlp.tables import read_row
from qa.nlp.terms import content_terms, words
from qa.schema import Document, ScoredSentence

_VOWELS = frozenset("aeiou")
_SHORTEST = 3
"""The fewest letters of a contraction."""


def prefer_asked_column(
    question: str, scored: Sequence[ScoredSentence], documents: Mapping[str, Document]
) -> list[ScoredSentence]:
    """Return ``scored`` with the rows of one name in one document in another order among themselves: first
    those of which a column has the most words of ``question``. A row about freight has no passengers.
    """
    groups: dict[tuple[str, str], list[int]] = {}
    most: dict[int, int] = {}
    for index, sentence in enumerate(scored):
        span = sentence.span
        text = span.cut(documents)
        row = read_row(text, repeated=True)
        if len(row) > 1:
            document, name = documents[span.doc_id], text[row[0].shown : row[0].end]
            columns = [cell.column for cell in row[1:]]
            most[index] = _most_words(question, name, columns, document.language)
            groups.setdefault((span.doc_id, name), []).append(index)
    ordered = list(scored)
    for places in groups.values():
        best = sorted(places, key=lambda index: -most[index])
        for place, index in zip(places, best, strict=True):
            ordered[place] = scored[index]
    return ordered


def _most_words(question: str, name: str, columns: Sequence[str], language: str) -> int:
    """Return how many words of ``question`` beyond the ``name`` of a row one of its ``columns`` has, at
    most.
    """
    known = content_terms(name, language)
    asked = {word for word in words(question, language) if not content_terms(word, language) <= known}
    most = 0
    for column in columns:
        own, terms = words(column, language), content_terms(column, language)
        most = max(
            most,
            sum(
                bool(content_terms(word, language) & terms) or any(_contracts(each, word) for each in own)
                for word in asked
            ),
        )
    return most


def _contracts(short: str, word: str) -> bool:
    """Return whether ``short`` is ``word`` without its vowels and some other letters: "intl", "qty"."""
    if not _SHORTEST <= len(short) < len(word) or short[0] != word[0] or short[-1] != word[-1]:
        return False
    letters = iter(word)
    return _VOWELS.isdisjoint(short[1:]) and all(letter in letters for letter in short)
