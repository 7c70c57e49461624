"""Tell rows of one table apart by the names that a question says in full. Pure."""

from collections.abc import Mapping, Sequence

from qa.nlp.tables import read_row
from qa.nlp.terms import content_terms
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
    is_partly_said: dict[int, bool] = {}
    for index, sentence in enumerate(scored):
        document = documents[sentence.span.doc_id]
        text = sentence.span.cut(documents)
        row = read_row(text)
        if len(row) > 1:
            asked = content_terms(question, document.language)
            name = content_terms(text[row[0].shown : row[0].end], document.language)
            if name & asked:
                is_partly_said[index] = not name <= asked
                columns = tuple(cell.column for cell in row)
                tables.setdefault((document.id, columns), []).append(index)
    ordered = list(scored)
    for places in tables.values():
        for place, index in zip(places, sorted(places, key=is_partly_said.__getitem__), strict=True):
            ordered[place] = scored[index]
    return ordered
