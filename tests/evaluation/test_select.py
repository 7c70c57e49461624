"""What ``--dataset`` names is read in the format it has."""

import json
from pathlib import Path

import pytest

from eval.known_answers import FOLDER
from qa import storage
from qa.config import Config
from qa.errors import IndexMissingError, UserError
from qa.evaluation.datasets.claims import ClaimSet
from qa.evaluation.datasets.select import FLOORS, NO_FLOORS, Measure, select_dataset, split_by_language
from qa.index.stores.local import LocalStore
from qa.index.update.update import build_index
from tests.support.fakes import CORPUS, IDENTITY, FakeEncoder, document, facts

GAS = document("Gas is cheap. Rail is fast.", "gas.md")
RECORD = {
    "id": "one",
    "question": "What is fast?",
    "answerable": True,
    "answers": [["rail"]],
    "spans": [{"document": "gas.md", "start": 14, "end": 27, "text": "Rail is fast."}],
}


@pytest.fixture
def settings(tmp_path: Path) -> Config:
    return Config(corpus=tmp_path / "corpus", index=tmp_path / "index")


@pytest.fixture
def squad(tmp_path: Path) -> Path:
    path = tmp_path / "facts"  # its name says nothing of its format
    path.write_text(json.dumps(facts()))
    return path


@pytest.fixture
def known(tmp_path: Path) -> Path:
    path = tmp_path / "known.jsonl"
    path.write_text(json.dumps(RECORD) + "\n")
    return path


@pytest.fixture
def index(settings: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    """The user's index, which has the document that ``known`` is about."""
    monkeypatch.setattr(storage, "embedding_identity", lambda *_: IDENTITY)
    build_index(LocalStore(settings.index, IDENTITY), [GAS], FakeEncoder())


@pytest.mark.parametrize("spelling", [["{}"], ["squad", "{}"]])
def test_squad_is_known_by_its_content_or_named(squad: Path, settings: Config, spelling: list[str]):
    found = select_dataset([word.format(squad) for word in spelling], settings)
    assert (found.dataset.name, len(found.dataset.cases)) == ("facts", 12)
    assert found.with_absent
    assert not found.in_user_index
    assert found.floors == NO_FLOORS


@pytest.mark.usefixtures("index")
def test_a_users_known_answers_are_about_the_users_index(known: Path, settings: Config):
    found = select_dataset([str(known)], settings)
    assert found.in_user_index
    assert not found.with_absent
    assert found.dataset.documents == (GAS,)
    assert [case.question for case in found.dataset.cases] == ["What is fast?"]


def test_without_an_index_they_are_about_the_corpus(known: Path, settings: Config):
    settings.corpus.mkdir()
    for each in (GAS, document("Coal is dear.", "coal.md")):
        (settings.corpus / each.id).write_text(each.text)
    assert not select_dataset([str(known)], settings).in_user_index


def test_without_an_index_and_a_corpus_the_index_is_missing(known: Path, settings: Config):
    with pytest.raises(IndexMissingError, match="attest index"):
        select_dataset([str(known)], settings)


@pytest.mark.usefixtures("index")
def test_several_files_are_one_dataset(known: Path, settings: Config, tmp_path: Path):
    other = tmp_path / "more.jsonl"
    other.write_text(json.dumps(RECORD | {"id": "two"}))
    found = select_dataset([str(known), str(other)], settings).dataset
    assert (found.name, [case.id for case in found.cases]) == ("known+more", ["one", "two"])


def test_files_of_two_formats_are_refused(known: Path, squad: Path, settings: Config):
    with pytest.raises(UserError, match="one kind at a time"):
        select_dataset([str(known), str(squad)], settings)


@pytest.mark.parametrize(
    ("names", "name", "floors"),
    [
        ([], "questions", FLOORS),
        (["own"], "questions", FLOORS),
        (["questions"], "questions", FLOORS),
        (["conversations"], "conversations", NO_FLOORS),
    ],
)
def test_the_projects_known_answers_have_names(names: list[str], name: str, floors: object):
    found = select_dataset(names, Config(corpus=CORPUS), FOLDER)
    assert (found.dataset.name, found.floors) == (name, floors)


@pytest.mark.parametrize("names", [[], ["questions"], ["conversations"]])
def test_outside_a_checkout_the_flag_to_give_is_named(
    names: list[str], settings: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    (tmp_path / "eval").mkdir()
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UserError, match="--dataset FILE"):
        select_dataset(names, settings)


def test_squad_without_a_file_is_refused(settings: Config):
    with pytest.raises(UserError, match="--dataset FILE"):
        select_dataset(["squad"], settings)


@pytest.fixture
def nomiracl(tmp_path: Path) -> Path:
    path = tmp_path / "xx-relevant.jsonl"
    prompt = "QUESTION:\nWhere?\n\nCONTEXTS:\n[1] Peru: There.\n\nOUTPUT:\n"
    path.write_text(json.dumps({"query_id": "1", "docids": ["1#0"], "prompt": prompt, "results": {}}))
    return path


@pytest.mark.parametrize("spelling", [["{}"], ["nomiracl", "{}"]])
def test_nomiracl_is_known_by_its_content_or_named(nomiracl: Path, settings: Config, spelling: list[str]):
    found = select_dataset([word.format(nomiracl) for word in spelling], settings)
    assert found.measure is Measure.REFUSALS
    assert not found.with_absent
    assert [case.question for case in found.dataset.cases] == ["Where?"]


LINES = {
    "claims": {"claim": "It rains.", "evidence": "It rains.", "label": "SUPPORTS"},
    "clapnq": {"id": "1", "input": "why", "passages": [{"title": "A", "text": "It rains."}], "output": []},
    "mtrag": {
        "task_id": "1",
        "input": [{"speaker": "user", "text": "Why?"}],
        "contexts": [{"document_id": "1", "text": "It rains."}],
        "answerability": ["ANSWERABLE"],
    },
}


@pytest.mark.parametrize("named", [True, False])
@pytest.mark.parametrize("name", LINES)
def test_a_format_of_lines_is_known_by_its_content_or_named(
    name: str, named: bool, settings: Config, tmp_path: Path
):
    path = tmp_path / "file"
    path.write_text("\n" + json.dumps(LINES[name]))
    found = select_dataset([*([name] if named else []), str(path)], settings)
    if isinstance(found, ClaimSet):
        assert (name, len(found.claims)) == ("claims", 1)
    else:
        assert (found.dataset.name, len(found.dataset.cases)) == (name, 1)
        assert found.own_documents
        assert found.at_threshold
    with pytest.raises(UserError, match="--dataset FILE"):
        select_dataset([name], settings)
    with pytest.raises(UserError, match="SQuAD format"):
        select_dataset([str(path)], settings, questions=path)


def test_languages_of_nomiracl_are_measured_apart(nomiracl: Path, squad: Path):
    other = nomiracl.with_name("yy-relevant.jsonl")
    half = nomiracl.with_name("xx-non_relevant.jsonl")
    for path in (other, half):
        path.write_text(nomiracl.read_text())
    names = [str(each) for each in (nomiracl, other, half)]
    expected = [["nomiracl", names[0], names[2]], ["nomiracl", names[1]]]
    assert split_by_language(names) == split_by_language(["nomiracl", *names]) == expected
    for untouched in ([], ["questions"], ["squad", str(squad)], [str(squad)], ["missing.json"]):
        assert split_by_language(untouched) == [untouched]


def test_nomiracl_without_a_file_is_refused(settings: Config):
    (names,) = split_by_language(["nomiracl"])
    with pytest.raises(UserError, match="--dataset FILE"):
        select_dataset(names, settings)


def test_questions_replace_those_of_squads_files(squad: Path, settings: Config):
    found = select_dataset(["squad", str(squad)], settings, questions=squad)
    assert (found.dataset.name, len(found.dataset.cases)) == ("facts+questions-facts", 12)
    assert found.with_absent


@pytest.mark.usefixtures("index")
def test_questions_for_another_format_are_refused(known: Path, squad: Path, settings: Config):
    with pytest.raises(UserError, match="SQuAD format"):
        select_dataset([str(known)], settings, questions=squad)
