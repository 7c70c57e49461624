"""Documents that disagree: in an answer, and over a corpus."""

import re
from pathlib import Path

import pytest

from qa.conflicts.compare import compare, disagrees
from qa.export.evidence_sheet import evidence_sheet
from qa.export.json import answer_record
from qa.export.markdown import answer_markdown
from qa.export.sheet_checker import check_sheet
from qa.export.text import plain_text
from qa.index.index import Index
from qa.index.stores.local import LocalStore
from qa.index.update.update import build_index
from qa.pipeline import Ask, Pipeline
from qa.retrieval.hybrid import HybridRetriever
from qa.schema import Answer, Document
from qa.web.ui.answer_html import answer_html
from tests.support.contracts import NEW, OLD, OTHER
from tests.support.fakes import IDENTITY, FakeChat, FakeEncoder, html_text

QUESTION = "How long is the notice period for this agreement?"


def open_pipeline(folder: Path, model: FakeChat | None, *documents: Document) -> Pipeline:
    store = LocalStore(folder, IDENTITY)
    build_index(store, documents, FakeEncoder())
    retriever = HybridRetriever(source=Index.open(store), encoder=FakeEncoder())
    return Pipeline(retriever, retriever.source.documents, model, 0.0)


@pytest.fixture
def answer(tmp_path: Path) -> Answer:
    model = FakeChat(says="The notice period for this agreement is six months.")
    return open_pipeline(tmp_path, model, OLD, NEW, OTHER).invoke(Ask(QUESTION))


def test_two_versions_of_a_contract_are_shown_side_by_side_the_newer_first(answer: Answer):
    (conflict,) = answer.conflicts
    quotes = {quote.number: quote for quote in answer.quotes}
    assert conflict.kind == "number"
    assert [side.text for side in conflict.sides] == ["six", "three"]
    assert [quotes[side.quote].date for side in conflict.sides] == ["2024-05-01", "2022-03-01"]


@pytest.mark.parametrize(
    "question",
    [
        "What changed in the notice period?",
        "How did the notice period of the agreement change from 2022 to 2024?",
        "what is the difference in the notice period between the two agreements",
    ],
)
def test_what_changed_is_answered_by_both_versions_the_older_first(tmp_path: Path, question: str):
    model = FakeChat(says="The notice period is nine months.", p_yes=0.01)
    answer = open_pipeline(tmp_path, model, OLD, NEW, OTHER).invoke(Ask(question))
    assert [sentence.text for sentence in answer.sentences] == [
        "The notice period for this agreement is three months.",
        "The notice period for this agreement is six months.",
    ]
    assert {quote.date for quote in answer.quotes} == {"2022-03-01", "2024-05-01"}


@pytest.mark.parametrize(
    "question",
    [
        "What changed in the penalty?",
        "What changed in the notice period from 2022 to 2025?",
        "What changed in the contract price?",
        "What is the notice period?",
    ],
)
def test_two_versions_are_no_answer_to_what_they_do_not_say(tmp_path: Path, question: str):
    answer = open_pipeline(tmp_path, None, OLD, NEW, OTHER).invoke(Ask(question))
    assert [sentence.text for sentence in answer.sentences] != [
        "The notice period for this agreement is three months.",
        "The notice period for this agreement is six months.",
    ]


def test_what_the_question_does_not_ask_about_is_left_out(tmp_path: Path):
    answer = open_pipeline(tmp_path, None, OLD, NEW, OTHER).invoke(Ask(QUESTION))
    assert len(answer.quotes) > 2
    assert [conflict.kind for conflict in answer.conflicts] == ["number"]


def test_every_output_shows_both_sides_with_their_dates(answer: Answer):
    (record,) = answer_record(answer)["conflicts"]
    assert [side["text"] for side in record["sides"]] == ["six", "three"]
    for shown in (plain_text(answer), answer_markdown(answer), html_text(answer_html(answer))):
        assert "The documents give different numbers" in shown
        assert shown.index("2024-05-01") < shown.index("2022-03-01")


def test_a_sheet_shows_both_sides_and_is_checked(answer: Answer):
    documents = {each.id: each for each in (OLD, NEW, OTHER)}
    sheet = evidence_sheet("Notice", [answer], documents, None)
    assert "The documents give different numbers" in html_text(sheet)
    assert check_sheet(sheet, documents) == []
    damaged = sheet.replace(">three</q>", ">seven</q>")
    assert damaged != sheet
    assert any("seven" in str(fault) for fault in check_sheet(damaged, documents))


def test_what_one_allows_and_the_other_forbids_is_an_opposite(tmp_path: Path):
    pipeline = open_pipeline(tmp_path, None, OLD, NEW)
    answer = pipeline.invoke(Ask("May the supplier assign this agreement to a third party?"))
    assert [conflict.kind for conflict in answer.conflicts] == ["opposite"]


def test_one_number_in_two_notations_is_no_conflict(tmp_path: Path):
    answer = open_pipeline(tmp_path, None, OLD, NEW).invoke(Ask("What is the contract price in euros?"))
    assert answer.answered
    assert answer.conflicts == ()


def test_copies_of_a_document_do_not_disagree(tmp_path: Path):
    copy = Document("copy.md", OLD.text, OLD.title, OLD.date, language="en")
    assert open_pipeline(tmp_path, None, OLD, copy).invoke(Ask(QUESTION)).conflicts == ()


@pytest.mark.parametrize(
    ("first", "second", "kind"),
    [
        ("Alstom employs 84,000 people in France.", "Alstom employs 48,000 people in France.", "number"),
        (
            "The treaty of Lund was signed on 3 May 1954.",
            "The treaty of Lund was signed on 9 May 1954.",
            "date",
        ),
        (
            "The dam near Aktau was built by Siemens in 1995.",
            "The dam near Aktau was built by Alstom in 1995.",
            "name",
        ),
        (
            "Profits of Varso increased sharply in Spain.",
            "Profits of Varso decreased sharply in Spain.",
            "opposite",
        ),
    ],
)
def test_one_changed_fact_is_a_disagreement(first: str, second: str, kind: str):
    difference = compare(first, second)
    assert difference is not None
    assert disagrees(difference)
    assert difference.kind == kind


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Aktau has a capacity of 54 MW since 1995.", "Navoi has a capacity of 80 MW since 2001."),
        ("Sales of Varso were 5 million in 2020.", "Sales of Varso were 7 million in 2021."),
        ("The bridge in Lund is 1,000 metres long.", "The bridge in Lund is 1000 metres long."),
        ("The bridge in Lund was opened in 1995.", "The bridge in Lund was opened on 3 May 1995."),
        ("The town of Lund has 8,278 inhabitants.", "The town of Lund has about 8,300 inhabitants."),
        ("The bridge in Lund is 5 km long.", "The bridge in Lund is 5,000 metres long."),
    ],
)
def test_what_only_looks_alike_is_none(first: str, second: str):
    assert not disagrees(compare(first, second))


@pytest.mark.parametrize(
    ("first", "second", "language"),
    [
        ("11.1 The supplier of Varso may end this agreement.", "10.1", "en"),
        ("11. Governing law of this agreement is the law of England.", "10", "en"),
        ("(3) The supplier Varso delivers the pumps every week.", "4", "en"),
        ("3) the supplier Varso delivers the pumps every week.", "4", "en"),
        ("The liability of Varso is subject to clause 11.1 of this agreement.", "10.1", "en"),
        ("Under Article 12(3), Varso pays the fee in Spain.", "14", "en"),
        ("Varso pays the fee of pages 8 to 12 in Spain.", "14", "en"),
        ("See page 12 for the revenue of Varso in Spain.", "17", "en"),
        ("The revenue of Varso in Spain is shown in Figure 3.", "5", "en"),
        ("Table 3 shows the revenue of Varso in Spain.", "4", "en"),
        ("Die Haftung von Varso richtet sich nach § 12 dieses Vertrags.", "14", "de"),
        ("Die Haftung von Varso regelt Abs. 3 des Vertrags mit Siemens.", "4", "de"),
        ("La responsabilité de Varso est fixée à l'article 12 du contrat.", "14", "fr"),
        ("La responsabilidad de Varso está en la cláusula 12.3 del contrato.", "14.3", "es"),
        ("Ответственность указана в пункте 12.3 договора поставки.", "14.3", "ru"),
        ("供应商的责任见本合同第12条规定。", "14", "zh"),
        ('1.3 "Products" means the pumps of Varso listed in Annex B.', "1.5", "en"),
        ("1.3 „Ware“ sind die Pumpen von Varso nach der Liste.", "1.5", "de"),
        ("The revenue of Varso in Spain rose by half.[3]", "12", "en"),
        ("The revenue of Varso in Spain is explained in footnote 3.", "4", "en"),
        ("Liability of the supplier Varso in Spain ........ 12", "14", "en"),
    ],
)
def test_another_number_of_a_clause_page_or_table_is_none(first: str, second: str, language: str):
    (number, *_) = re.findall(r"\d+(?:\.\d+)*", first)[-1:]
    assert not disagrees(compare(first, first.replace(number, second), language))


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (
            "12 employees of Varso work at the plant in Spain.",
            "14 employees of Varso work at the plant in Spain.",
        ),
        (
            "12.5 million euros were paid by Varso in Spain.",
            "14.5 million euros were paid by Varso in Spain.",
        ),
        (
            "54 MW are the power of the plant of Varso in Spain.",
            "80 MW are the power of the plant of Varso in Spain.",
        ),
        ("Part of 12 pumps of Varso in Spain failed.", "Part of 14 pumps of Varso in Spain failed."),
        ("11.1 Varso has 54 pumps in Spain every week.", "10.1 Varso has 80 pumps in Spain every week."),
    ],
)
def test_a_number_at_the_beginning_or_after_the_name_of_a_part_may_be_a_fact(first: str, second: str):
    difference = compare(first, second)
    assert disagrees(difference)
    assert difference is not None
    assert difference.kind == "number"


@pytest.mark.parametrize(
    ("first", "second", "language"),
    [
        ("The bridge of Aldmoor cost 1.234,5 euros.", "The bridge of Aldmoor cost 1,234.5 euros.", "en"),
        ("The bridge of Aldmoor cost 3.000.000 euros.", "The bridge of Aldmoor cost 3 million euros.", "en"),
        ("Die Brücke von Aldmoor kostete 1,234.5 Euro.", "Die Brücke von Aldmoor kostete 1234,5 Euro.", "de"),
        ("Le pont d'Aldmoor a coûté 1 234,5 euros.", "Le pont d'Aldmoor a coûté 1234,5 euros.", "fr"),
    ],
)
def test_the_notation_of_another_language_is_no_conflict(first: str, second: str, language: str):
    assert not disagrees(compare(first, second, language))


def test_a_number_grouped_by_spaces_is_shown_whole():
    first = "La société du pont compte 12 500 clients dans la région."
    difference = compare(first, first.replace("12 500", "14 500"), "fr")
    assert disagrees(difference)
    assert difference is not None
    assert first[slice(*difference.first)] == "12 500"


def test_clauses_and_headings_of_a_corpus_may_be_numbered_otherwise(tmp_path: Path):
    texts = [
        f"# Supply agreement\n\n## {n}. Liability of Varso in Spain\n\n{n}.1 The liability of Varso is "
        f"limited to {price} euros.\n\n{n}.2 The liability in clause {n}.1 ends after five years."
        for n, price in ((10, "54,000"), (11, "80,000"))
    ]
    documents = [Document(f"{i}.md", text, "Supply agreement", language="en") for i, text in enumerate(texts)]
    found = open_pipeline(tmp_path, None, *documents).conflicts()
    assert [{side.text for side in each.sides} for each in found.conflicts] == [{"54,000", "80,000"}]


def test_a_corpus_is_compared_and_the_bill_is_about_something_else(tmp_path: Path):
    found = open_pipeline(tmp_path, None, OLD, NEW, OTHER).conflicts()
    assert sorted(conflict.kind for conflict in found.conflicts) == ["number", "opposite"]
    assert found.complete
    assert found.documents == 3
    quotes = {quote.number: quote for quote in found.quotes}
    for conflict in found.conflicts:
        assert [quotes[side.quote].date for side in conflict.sides] == ["2024-05-01", "2022-03-01"]
        for side in conflict.sides:
            assert side.text in quotes[side.quote].text


def test_comparing_ends_when_the_time_is_up(tmp_path: Path):
    found = open_pipeline(tmp_path, None, OLD, NEW).conflicts(seconds=0)
    assert not found.complete
    assert found.conflicts == ()


def test_documents_that_share_the_name_of_a_month_alone_are_about_different_things(tmp_path: Path):
    texts = {
        "Alder report": "Six apprentices of the Bakery unit passed their examinations in March.",
        "Good pumps": "Six apprentices of the Deck unit passed their examinations in March.",
    }
    documents = [Document(f"{title}.md", text, title, language="en") for title, text in texts.items()]
    found = open_pipeline(tmp_path, None, *documents).conflicts()
    assert found.conflicts == ()


def test_fewer_conflicts_are_shown_than_there_are(tmp_path: Path):
    found = open_pipeline(tmp_path, None, OLD, NEW).conflicts(limit=1)
    assert len(found.conflicts) == 1
    assert found.found == 2
