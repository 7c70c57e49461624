from collections.abc import Sequence
from pathlib import Path

import pytest

from qa.export.mentions import mentions_record
from qa.index.index import Index
from qa.index.multi_index import MultiIndex
from qa.index.stores.local import LocalStore
from qa.index.update.update import build_index
from qa.mentions.base import Found, Mentions
from qa.mentions.listing import NOT_MENTIONED
from qa.mentions.text import count_text
from qa.pipeline import Ask, Pipeline
from qa.query.document_filter import DocumentFilter
from qa.retrieval.hybrid import HybridRetriever
from qa.schema import Document
from tests.support.fakes import IDENTITY, FakeEncoder, document

DOCUMENTS = (
    document(
        "The European Union (EU) has rules. The EU pays. The Union agreed. Nobody else came.",
        "rules.txt",
        date="2020",
    ),
    document("Penalties for late deliveries are due. A cat sat on a mat.", "new.txt", date="2021-05"),
    document("The EU pays twice. A penalty was due when delivery was late.", "undated.txt"),
)


def pipeline_over(folder: Path, documents: Sequence[Document]) -> Pipeline:
    store = LocalStore(folder, IDENTITY)
    build_index(store, documents, FakeEncoder())
    index = Index.open(store)
    return Pipeline(HybridRetriever(source=index, encoder=FakeEncoder()), index.documents, None)


@pytest.fixture
def pipeline(tmp_path: Path) -> Pipeline:
    return pipeline_over(tmp_path, DOCUMENTS)


def texts(found: Mentions, pipeline: Pipeline, how: Found | None = None) -> list[str]:
    return [each.span.cut(pipeline.documents) for each in found.mentions if how is None or each.found is how]


def texts_of(pipeline: Pipeline, query: str) -> list[str]:
    return texts(pipeline.find(query, by_meaning=False), pipeline)


def test_every_inflection_is_found_the_newest_document_first(pipeline: Pipeline):
    found = pipeline.find("penalty for late delivery")
    assert texts(found, pipeline, Found.WORDS) == [
        "Penalties for late deliveries are due.",
        "A penalty was due when delivery was late.",
    ]
    assert found.forms[0].spellings == ("deliveries", "delivery", "late", "penalties", "penalty")


def test_a_name_is_found_by_the_other_forms_that_the_documents_give_it(pipeline: Pipeline):
    found = pipeline.find("European Union")
    assert texts(found, pipeline, Found.WORDS) == ["The European Union (EU) has rules."]
    assert texts(found, pipeline, Found.NAME) == ["The EU pays.", "The Union agreed.", "The EU pays twice."]
    assert found.documents == 2
    assert found.cut_off is None  # what is near in meaning is about something like it


def test_what_is_near_in_meaning_is_found_and_told_apart(pipeline: Pipeline):
    found = pipeline.find("late deliveries cost penalties due")
    assert texts(found, pipeline, Found.WORDS) == []
    assert texts(found, pipeline, Found.MEANING)[0] == "Penalties for late deliveries are due."
    assert found.cut_off is not None
    assert not pipeline.find("late deliveries cost penalties due", by_meaning=False).mentions


def test_only_documents_of_the_filter_are_swept(pipeline: Pipeline):
    chosen = DocumentFilter(only=frozenset({"undated.txt"}))
    found = pipeline.find("penalty for late delivery", chosen)
    assert {each.span.doc_id for each in found.mentions} == {"undated.txt"}
    assert (found.searched.documents, found.searched.of) == (1, 3)


def test_a_term_that_stands_nowhere_is_not_found(pipeline: Pipeline):
    found = pipeline.find("uranium")
    assert not found.mentions
    assert found.passages == {"uranium": 0}


def test_a_term_of_every_sentence_is_found_in_every_sentence(tmp_path: Path):
    many = [
        document(" ".join(f"The valve {n} of plant {d} leaks." for n in range(100)), f"{d}.txt")
        for d in range(50)
    ]
    found = pipeline_over(tmp_path, many).find("valves")
    assert len(found.mentions) == 5_000
    assert found.documents == 50
    starts = [(each.span.doc_id, each.span.start) for each in found.mentions]
    assert starts == sorted(starts)


def test_copies_of_a_document_are_listed_one_after_the_other(tmp_path: Path):
    text = "The first valve leaks. The pump runs. A second valve leaks."
    found = pipeline_over(tmp_path, [document(text, "copy.txt"), document(text, "first.txt")]).find("valve")
    assert [(each.doc_id, len(each.mentions)) for each in found.by_document] == [
        ("copy.txt", 2),
        ("first.txt", 2),
    ]


def test_a_number_is_found_whole_and_one_in_words_in_figures_too(tmp_path: Path):
    texts = "The plant has twelve pumps. The mill has 12 pumps. The dam has 1,200 pumps."
    pipeline = pipeline_over(tmp_path, [document(texts, "a.txt")])
    assert texts_of(pipeline, "twelve pumps") == ["The plant has twelve pumps.", "The mill has 12 pumps."]
    assert texts_of(pipeline, "12 pumps") == ["The mill has 12 pumps."]


def test_a_sweep_goes_over_the_documents_that_it_began_with_while_the_folder_changes(tmp_path: Path):
    begun = pipeline_over(tmp_path, [document("The valve leaks.", "a.txt")])
    store = LocalStore(tmp_path, IDENTITY)
    build_index(store, [document("The new valve holds.", "b.txt")], FakeEncoder())
    assert texts(begun.find("valve"), begun) == ["The valve leaks."]
    index = Index.open(store)
    after = begun.over(index)
    assert texts(after.find("valve"), after) == ["The new valve holds."]


def test_uploads_are_swept_with_the_index(tmp_path: Path, pipeline: Pipeline):
    own = LocalStore(tmp_path / "own", IDENTITY)
    build_index(own, [document("The EU writes.", "own.txt")], FakeEncoder())
    shared = Index.open(LocalStore(tmp_path, IDENTITY))
    joined = pipeline.over(MultiIndex([shared, Index.open(own)]))
    assert "The EU writes." in texts(joined.find("EU"), joined)


@pytest.mark.parametrize(
    "question",
    [
        "How many documents mention the EU?",
        "List every mention of the EU",
        "Which files mention EU?",
        "Find all sentences about the EU.",
        "Wie viele Dokumente erwähnen die EU?",
        "Combien de documents mentionnent l'EU ?",
        "Liste todas las menciones de la EU",
        "Сколько документов упоминают EU?",
        "列出所有提到EU的句子",
    ],
)
def test_a_question_for_every_mention_is_answered_with_all_and_says_how_it_counted(
    pipeline: Pipeline, question: str
):
    answer = pipeline.invoke(Ask(question))
    assert answer.passages_only
    assert len(answer.quotes) == 4
    assert answer.note.startswith("4 sentences mention it, in 2 of 3 documents; 1 of them by another form")


def test_a_question_for_every_mention_of_nothing_is_refused(pipeline: Pipeline):
    answer = pipeline.invoke(Ask("Which contracts mention uranium?"))
    assert not answer.answered
    assert answer.reason == NOT_MENTIONED


NOTATIONS = {
    "grouped.txt": "The bridge cost 1,234,500 euros here.",
    "points.txt": "The bridge cost 1.234.500 euros here.",
    "spaces.txt": "The bridge cost 1 234 500 euros here.",
    "plain.txt": "The bridge cost 1234500 euros here.",
    "million.txt": "The bridge cost 1.2345 million euros here.",
    "other.txt": "The 1 bridge of 234 cost 500 euros here.",
}


@pytest.mark.parametrize(
    "query", ["1,234,500 euros", "1.234.500 euros", "1234500 euros", "1.2345 million euros", "€1,234,500"]
)
def test_a_number_is_found_in_every_notation(tmp_path: Path, query: str):
    pipeline = pipeline_over(tmp_path, [document(text, name) for name, text in NOTATIONS.items()])
    found = pipeline.find(query, by_meaning=False)
    assert {each.span.doc_id for each in found.mentions} == set(NOTATIONS) - {"other.txt"}


@pytest.mark.parametrize(
    ("query", "text", "found"),
    [
        ("three million customers", "It has 3,000,000 customers.", Found.NUMBER),
        ("zwölf Millionen Euro", "Der Umsatz betrug 12 Millionen Euro.", Found.NUMBER),
        ("3 Millionen Kunden", "Die Firma hat 3.000.000 Kunden.", Found.NUMBER),
        ("12,5 millions d'euros", "Le pont a coûté 12 500 000 euros.", Found.NUMBER),
        ('"3 million" customers', "It has 3 million customers.", Found.WORDS),
    ],
)
def test_a_number_in_words_is_found_in_figures(tmp_path: Path, query: str, text: str, found: Found):
    pipeline = pipeline_over(tmp_path, [document(text, "a.txt")])
    (mention,) = pipeline.find(query, by_meaning=False).mentions
    assert mention.found is found


@pytest.mark.parametrize("query", ["2020", "1,234 or 5,678 euros", '"1,234 euros"', "HX-40", "1" * 2_000])
def test_a_year_several_numbers_and_what_is_quoted_stay_as_they_are(tmp_path: Path, query: str):
    pipeline = pipeline_over(tmp_path, [document("It cost 1234 euros in 2,020 weeks.", "a.txt")])
    assert not pipeline.find(query, by_meaning=False).mentions


def test_copies_of_a_document_are_counted_and_told(tmp_path: Path):
    text = "The port pays half. The work is late."
    copies = [document(text, name) for name in ("a.txt", "b.md", "c.docx")]
    other = document("The port pays half. The work is done.", "d.txt")
    found = pipeline_over(tmp_path, [*copies, other]).find("port", by_meaning=False)
    assert found.copies == {"b.md": "a.txt", "c.docx": "a.txt"}
    assert count_text(found) == (
        "4 sentences mention it, in 4 of 4 documents. "
        "2 of these documents are copies, with the same text as another"
    )
    records = mentions_record(found, {each.id: each for each in [*copies, other]})["results"]
    assert [each["copy_of"] for each in records] == [None, "a.txt", "a.txt", None]
