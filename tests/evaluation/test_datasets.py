import json
from collections import Counter
from pathlib import Path

import pytest

from eval.known_answers import CONVERSATIONS, QUESTIONS
from qa.errors import UserError
from qa.evaluation.datasets.base import Case, Dataset, absent, sample
from qa.evaluation.datasets.own import read_own
from qa.evaluation.datasets.squad import read_squad, with_questions
from qa.evaluation.metrics import meets
from qa.schema import Document, Span
from tests.support.fakes import ROOT, document

GAS = document("Gas is cheap. Rail is fast.", "gas.md")
RECORD = {
    "id": "one",
    "question": "What is fast?",
    "answerable": True,
    "answers": [["rail"]],
    "spans": [{"document": "gas.md", "start": 14, "end": 27, "text": "Rail is fast."}],
}


def own(folder: Path, **changed: object) -> Dataset:
    path = folder / "cases.jsonl"
    path.write_text(json.dumps(RECORD | changed) + "\n\n")
    return read_own([GAS], path)


def squad(path: Path, *articles: dict[str, object]) -> Dataset:
    path.write_text(json.dumps({"version": "2", "data": articles}))
    return read_squad([path])


def article(title: str, *contexts: str) -> dict[str, object]:
    """An article with an answerable and an unanswerable question on each paragraph."""
    paragraphs = [
        {
            "context": context,
            "qas": [
                {"id": f"{title}{i}y", "question": " What? ", "answers": [{"text": "x"}, {"text": "x"}]},
                {"id": f"{title}{i}n", "question": "Why?", "answers": [], "is_impossible": True},
            ],
        }
        for i, context in enumerate(contexts)
    ]
    return {"title": title, "paragraphs": paragraphs}


@pytest.mark.parametrize("path", [QUESTIONS, CONVERSATIONS], ids=["questions", "conversations"])
def test_every_place_of_a_known_answer_is_cut_from_the_corpus(documents: dict[str, Document], path: Path):
    dataset = read_own(list(documents.values()), path)
    assert len(dataset.cases) >= 30
    assert len({case.id for case in dataset.cases}) == len(dataset.cases)
    assert all(case.gold and case.answers for case in dataset.cases if case.answerable)
    assert not any(case.gold or case.answers for case in dataset.cases if not case.answerable)
    assert 0.2 < sum(not case.answerable for case in dataset.cases) / len(dataset.cases) < 0.6


def test_what_is_accepted_stands_where_it_is_said_to(documents: dict[str, Document]):
    """But for what only a date, a count, a yes or a no tells."""
    derived = {"date", "number", "yes-no"}
    for case in read_own(list(documents.values()), QUESTIONS).cases:
        if case.answerable and case.kind not in derived:
            places = " ".join(span.cut(documents) for span in case.gold)
            known = " ".join(documents[span.doc_id].title for span in case.gold)
            assert meets(f"{places} {known}", case.answers), case.id


def test_conversations_have_a_history(documents: dict[str, Document]):
    assert all(case.history for case in read_own(list(documents.values()), CONVERSATIONS).cases)


def test_a_record_becomes_a_case(tmp_path: Path):
    (case,) = own(tmp_path).cases
    assert (case.question, case.answerable, case.answers) == ("What is fast?", True, (("rail",),))
    assert case.gold == (Span("gas.md", 14, 27),)


@pytest.mark.parametrize(
    "changed",
    [
        {"spans": [{"document": "gas.md", "start": 13, "end": 27, "text": "Rail is fast."}]},
        {"spans": [{"document": "other.md", "start": 14, "end": 27, "text": "Rail is fast."}]},
        {"answerable": "perhaps"},
        {"unheard_of": 1},
        {"question": None},
    ],
)
def test_a_record_that_is_wrong_is_refused_with_its_file(tmp_path: Path, changed: dict[str, object]):
    with pytest.raises(UserError, match=r"cases\.jsonl"):
        own(tmp_path, **changed)


ROWS = document(
    "Costs\n\nItem: Fuel; Price: 151\nItem: Oil; Price: 51\n\nRail is\nfast, says the note.", "a.xlsx"
)
NOTE = document("Rail is fast.", "notes.zip/note.txt")


def by_words(folder: Path, *evidence: object, files: tuple[str, ...] = ("a.xlsx",)) -> list[str]:
    """The texts that a question's evidence is found in."""
    record = RECORD | {"documents": files, "evidence": evidence}
    del record["spans"]
    path = folder / "cases.jsonl"
    path.write_text(json.dumps(record))
    dataset = read_own([GAS, ROWS, NOTE], path)
    texts = {each.id: each for each in dataset.documents}
    return [span.cut(texts) for span in dataset.cases[0].gold]


@pytest.mark.parametrize(
    ("evidence", "found"),
    [
        (["Rail is fast"], ["Rail is\nfast"]),
        ([["Oil", "51"]], ["Item: Oil; Price: 51"]),
        ([["Fuel", "1,51"], ["Fuel", "151"]], ["Item: Fuel; Price: 151"]),
        (["Item"], ["Item", "Item"]),
    ],
    ids=["a phrase over a line break", "words of one row", "the form that is there", "every place"],
)
def test_evidence_is_found_by_its_words(tmp_path: Path, evidence: list[object], found: list[str]):
    assert by_words(tmp_path, *evidence) == found


def test_a_file_in_an_archive_is_named_by_the_archive(tmp_path: Path):
    assert by_words(tmp_path, "Rail is fast", files=("notes.zip",)) == ["Rail is fast"]


@pytest.mark.parametrize(
    ("evidence", "files"),
    [(["Coal is dear"], ["a.xlsx"]), ([["Fuel", "51"]], ["a.xlsx"]), (["Rail is fast"], ["other.pdf"])],
    ids=["words that are nowhere", "words of two rows", "a file that is not there"],
)
def test_evidence_that_is_not_found_is_refused_with_its_question(
    tmp_path: Path, evidence: list[object], files: list[str]
):
    with pytest.raises(UserError, match=r"cases\.jsonl: one .*(a\.xlsx|other\.pdf)"):
        by_words(tmp_path, *evidence, files=tuple(files))


def test_squad_paragraphs_become_documents(tmp_path: Path):
    dataset = squad(tmp_path / "dev.json", article("Steam_engine", "  It has x.\r\n", "It has y and x."))
    assert [(d.title, d.text) for d in dataset.documents] == [
        ("Steam engine", "It has x."),
        ("Steam engine", "It has y and x."),
    ]
    assert Counter(case.kind for case in dataset.cases) == {"answerable": 2, "adversarial": 2}
    yes, no = dataset.cases[:2]
    assert (yes.question, yes.answers, no.answers) == ("What?", (("x",),), ())
    assert yes.gold == no.gold == (Span(dataset.documents[0].id, 0, 9),)


@pytest.mark.parametrize("title", ["", "Same"])
def test_articles_of_one_title_stay_apart(tmp_path: Path, title: str):
    dataset = squad(tmp_path / "dev.json", article(title, "First."), article(title, "Second."))
    assert [each.text for each in dataset.documents] == ["First.", "Second."]
    assert len({case.gold for case in dataset.cases}) == 2


def test_files_of_one_name_stay_apart(tmp_path: Path):
    paths = [tmp_path / name / "dev.json" for name in ("one", "two")]
    for path, text in zip(paths, ("First.", "Second."), strict=True):
        path.parent.mkdir()
        path.write_text(json.dumps({"data": [article("Title", text)]}))
    assert [each.text for each in read_squad(paths).documents] == ["First.", "Second."]


@pytest.mark.parametrize(
    "content", ["", "[]", "{}", '{"data": [{}]}', '{"data": 5}', '{"data": [{"paragraphs": [{"qas": []}]}]}']
)
def test_a_file_of_another_format_is_refused_by_name(tmp_path: Path, content: str):
    (tmp_path / "other.json").write_text(content)
    with pytest.raises(UserError, match=r"other\.json"):
        read_squad([tmp_path / "other.json"])


def test_a_file_without_questions_is_refused(tmp_path: Path):
    with pytest.raises(UserError, match="no questions"):
        squad(tmp_path / "dev.json")


def in_french(path: Path, *ids: str) -> Path:
    """The questions of these ids in another language, about a paragraph in that language."""
    questions = [{"id": each, "question": f"Quoi, {each} ?", "answers": [{"text": "y"}]} for each in ids]
    paragraph = {"context": "Il y a y.", "qas": questions}
    path.write_text(json.dumps({"data": [{"title": "Titre", "paragraphs": [paragraph]}]}))
    return path


def test_questions_of_one_file_are_asked_of_another(tmp_path: Path):
    dataset = squad(tmp_path / "en.json", article("T", "It has x.", "It has no x."))
    asked = with_questions(dataset, in_french(tmp_path / "fr.json", "T0y", "T1n", "other"))
    assert asked.documents == dataset.documents
    assert [case.question for case in asked.cases] == ["Quoi, T0y ?", "Quoi, T1n ?"]
    assert [case.answers for case in asked.cases] == [(("x",),), ()]
    assert [case.gold for case in asked.cases] == [dataset.cases[0].gold, dataset.cases[3].gold]
    assert asked.notes == ("fr.json: 1 of 3 questions are not about these documents and were skipped",)


def test_the_same_paragraph_in_two_languages_is_right_in_either(tmp_path: Path):
    paths = [tmp_path / "en.json", tmp_path / "it.json"]
    for path in paths:
        path.write_text(json.dumps({"data": [article("T", "It has x.")]}))
    (yes, no) = with_questions(read_squad(paths), in_french(tmp_path / "fr.json", "T0y", "T0n")).cases
    assert len({span.doc_id for span in yes.gold}) == len({span.doc_id for span in no.gold}) == 2
    assert (yes.answers, no.answers) == ((("x",),), ())


def test_questions_about_other_documents_are_refused(tmp_path: Path):
    dataset = squad(tmp_path / "en.json", article("T", "It has x."))
    with pytest.raises(UserError, match=r"No question of .*fr\.json"):
        with_questions(dataset, in_french(tmp_path / "fr.json", "other"))


XQUAD = ROOT.parent / "shared" / "data" / "xquad"


@pytest.mark.skipif(not XQUAD.is_dir(), reason="needs ../shared/data/xquad beside the project")
@pytest.mark.parametrize("language", ["es", "zh", "ar"])
def test_xquads_questions_of_one_language_are_those_of_another(language: str):
    dataset = read_squad([XQUAD / "xquad.ru.json"])
    asked = with_questions(dataset, XQUAD / f"xquad.{language}.json")
    assert len(asked.cases) == len(dataset.cases) == 1_190
    assert not asked.notes


def cases(yes: int, no: int) -> Dataset:
    every = [Case(f"{'yes' if i < yes else 'no'}{i}", "", "What?", i < yes) for i in range(yes + no)]
    return Dataset("d", (GAS,), tuple(every))


@pytest.mark.parametrize(
    ("yes", "no", "limit", "answerable"), [(50, 50, 20, 10), (50, 3, 20, 17), (50, 50, 7, 4), (5, 50, 20, 5)]
)
def test_a_sample_is_half_unanswerable_where_it_can_be(yes: int, no: int, limit: int, answerable: int):
    chosen = sample(cases(yes, no), limit, seed=1).cases
    assert sum(case.answerable for case in chosen) == answerable
    assert len({case.id for case in chosen}) == len(chosen) <= limit


def test_a_sample_depends_on_the_seed_and_nothing_else():
    dataset = cases(50, 50)
    assert sample(dataset, 10, 1) == sample(dataset, 10, 1) != sample(dataset, 10, 2)
    assert sample(dataset, None, 1) is sample(dataset, 1_000, 1) is dataset


def test_an_answerable_question_is_also_asked_without_its_documents(tmp_path: Path):
    (case,) = own(tmp_path).cases
    (without,) = absent([case, *cases(0, 1).cases])
    assert (without.answerable, without.without, without.kind) == (False, {"gas.md"}, "absent")
    assert without.question == case.question
