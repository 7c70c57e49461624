import pytest

from qa.evaluation.datasets.base import Case
from qa.evaluation.runner import rank_of
from qa.schema import Span

FOUND = [Span("a", 0, 50), Span("a", 50, 90), Span("b", 0, 20), Span("c", 0, 9)]


@pytest.mark.parametrize(
    ("gold", "by_document", "rank"),
    [
        (Span("b", 0, 20), True, 2),
        (Span("c", 0, 9), True, 3),
        (Span("a", 60, 70), True, 1),
        (Span("a", 60, 70), False, 2),
        (Span("b", 5, 9), False, 3),
        (Span("d", 0, 9), True, None),
        (Span("b", 20, 30), False, None),
    ],
)
def test_a_document_cut_into_passages_counts_once_where_documents_are_sought(
    gold: Span, by_document: bool, rank: int | None
):
    case = Case("x", "fact", "What?", answerable=True, gold=(gold,), by_document=by_document)
    assert rank_of(FOUND, case) == rank
