"""In a long document what was asked decides, not the names that its head says of all of it."""

from collections.abc import Sequence

import pytest

from qa.index.index import Index
from qa.index.stores.local import LocalStore
from qa.index.update.update import build_index
from qa.ingest.documents import parse
from qa.retrieval.evidence import select_quotes
from qa.retrieval.features import QuestionTerms
from qa.retrieval.hybrid import HybridRetriever
from qa.retrieval.in_document import passage_in_document, sentences_in_document
from qa.schema import Candidate, Passage, Span
from qa.weights import IN_DOCUMENT
from tests.support.fakes import IDENTITY, FakeEncoder

AROUND = 6 * (
    "The parties settle differences in good faith and meet once a year for that purpose in the spring. "
    "Changes are made in writing and signed by both, and copies of them are kept with the original. "
)

CONTRACT = """# Supply agreement

This supply agreement is made on 4 May {year} between Orlune Ltd of Vexstad (the Supplier) and Castavel GmbH
of Drornford (the Customer). Orlune supplies hoses to Castavel, and Castavel buys hoses from Orlune.

## 1. Scope

{around}The supply agreement replaces what Orlune and Castavel agreed on before, by word or by letter.

## 2. Delays

For each week of delay a part of the price is deducted. {around}

## 3. Law

{around}It is governed by the law of Iceland. {around}
"""

REPORT = """# Orlune annual report 2021

Orlune makes hoses and valves. {around}

## Letter

2021 was a good year for Orlune. Orlune plans to raise net income in 2021 and after. {around}

## Quarters

EUR million: Net income; First quarter of 2021: 4.1; Second quarter of 2021: 5.2; Third quarter of 2021: 6.3
EUR million: Goodwill; First quarter of 2021: 1.1; Second quarter of 2021: 1.2; Third quarter of 2021: 1.3

{around}

## Years

EUR million: Net income; 2021: 21.7; 2020: 19.3
EUR million: Goodwill; 2021: 7.7; 2020: 7.9

{around}
"""

FILES = {
    "agreement-2019.md": CONTRACT.format(year=2019, around=AROUND),
    "agreement-2022.md": CONTRACT.format(year=2022, around=AROUND),
    "report.md": REPORT.format(around=AROUND),
}


@pytest.fixture(scope="module")
def retriever(tmp_path_factory: pytest.TempPathFactory) -> HybridRetriever:
    store = LocalStore(tmp_path_factory.mktemp("index"), IDENTITY)
    build_index(store, [parse(text.encode(), name) for name, text in FILES.items()], FakeEncoder())
    return HybridRetriever(source=Index.open(store), encoder=FakeEncoder())


@pytest.mark.parametrize(
    ("question", "document", "answer"),
    [
        ("Which law governs the supply agreement of 2022 between Orlune and Castavel?",
         "agreement-2022.md", "It is governed by the law of Iceland."),
        ("What was the net income of Orlune in 2021?",
         "report.md", "EUR million: Net income; 2021: 21.7; 2020: 19.3"),
    ],
)  # fmt: skip
def test_the_first_quote_says_what_was_asked(
    retriever: HybridRetriever, question: str, document: str, answer: str
):
    found = retriever.retrieve(question)
    quotes = select_quotes(found.question, found.hits, retriever.source.documents, found.language).quotes
    assert quotes[0].span.doc_id == document
    assert answer in quotes[0].text


def below(*texts: str, head: Sequence[str] = ()) -> Candidate:
    """A passage far down in its document."""
    spans = tuple(Span("a.md", 9_000 + i, 9_001 + i) for i, _ in enumerate(texts))
    written = tuple(tuple(text.lower().split()) for text in texts)
    return Candidate(
        Passage(Span("a.md", 9_000, 9_000 + len(spans)), spans), texts, written, tuple(head), 1.0, 0.3,
        (0.3,) * len(spans), "en", document_chars=20_000,
    )  # fmt: skip


def test_features_are_those_the_weights_were_fitted_for():
    asked, one = QuestionTerms("gas in 2021", lambda _: 1.0), below("Gas: 3; 2021: 4", "gas")
    assert len(passage_in_document(asked, one)) == len(IN_DOCUMENT.passage.weights)
    assert [len(row) for row in sentences_in_document(asked, one)] == [len(IN_DOCUMENT.sentence.weights)] * 2


def test_a_row_of_a_name_in_the_head_is_not_what_was_asked():
    """In Orlune's report the row "Orlune Capital" has Orlune's name, as every page could."""
    asked = QuestionTerms("What was the gain of Orlune in 2021?", lambda _: 1.0)
    row = below("Orlune Capital: Orlune Capital; 2021: 4; 2020: 5", head=("orlun",))
    gain = below("EUR million: Gain of Orlune; 2021: 4; 2020: 5", head=("orlun",))
    assert max(_of_row_names(asked, row)) == 0.0
    assert max(_of_row_names(asked, gain)) == 1.0


def _of_row_names(asked: QuestionTerms, candidate: Candidate) -> list[float]:
    return [passage_in_document(asked, candidate)[0], sentences_in_document(asked, candidate)[0][0]]
