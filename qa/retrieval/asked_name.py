"""Tell rows of one table apart by the names that a question says in full. Pure."""

from collections.abc import Mapping, Sequence

from qa.nlp.tables import read_row
from qa.query.asked_row import is_named_in_full
from qa.schema import Document, ScoredSentence


def prefer_named_row(
    question: str, scored: Sequence[ScoredSentence], documents: Mapping[str, Document]
) -> list[ScoredSentence]:
    """Return ``scored`` with the rows of one table, those with the same columns in one document, in another
    order among themselves: one whose name ``question`` says in full comes before those of which it says a
    part. Asked for the price of judo for juniors, "Junior" is meant, and not "Baby judo". A name of which it
    says nothing may be meant in other words.
    """
    tables: dict[tuple[str, tuple[str, ...]], list[int]] = {}
    in_full: dict[int, bool] = {}
    for index, sentence in enumerate(scored):
        document = documents[sentence.span.doc_id]
        row = sentence.span.cut(documents)
        named = is_named_in_full(question, row, document.language)
        if named is not None:
            in_full[index] = named
            columns = tuple(cell.column for cell in read_row(row))
            tables.setdefault((document.id, columns), []).append(index)
    ordered = list(scored)
    for places in tables.values():
        best = sorted(places, key=lambda index: not in_full[index])
        for place, index in zip(places, best, strict=True):
            ordered[place] = scored[index]
    return ordered
