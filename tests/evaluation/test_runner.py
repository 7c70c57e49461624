from pathlib import Path

import pytest

from qa.evaluation.datasets.base import Case
from qa.evaluation.runner import rank_of, retrieve
from qa.index.index import Index
from qa.index.stores.local import LocalStore
from qa.index.update.update import build_index
from qa.pipeline.pipeline import Pipeline
from qa.retrieval.hybrid import HybridRetriever
from qa.schema import Span
from tests.support.fakes import IDENTITY, FakeEncoder, document

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


def test_questions_are_retrieved_with_their_spelling_corrected_as_a_reader_s_are(tmp_path: Path):
    texts = [
        document("The lighthouse of Aktau is lit at night.", "light.md"),
        document("The night of Aktau is dark.", "night.md"),
    ]
    build_index(LocalStore(tmp_path, IDENTITY), texts, FakeEncoder())
    index = Index.open(LocalStore(tmp_path, IDENTITY))
    retriever = HybridRetriever(source=index, encoder=FakeEncoder())
    question = "Is the lighthuose of Aktau dark at night?"
    case = Case("x", "fact", question, answerable=True, gold=(Span("light.md", 0, 20),))
    as_written = [hit.passage.span for hit in retriever.search(question).hits]
    outcome = next(retrieve(Pipeline(retriever, index.documents, None), retriever, [case]))
    assert rank_of(as_written, case) == 2
    assert outcome.rank == 1
