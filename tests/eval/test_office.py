"""The mixed folder and its questions: the instrument is right before anything is measured with it."""

import json
import re
from pathlib import Path, PurePosixPath

import pytest

from eval.known_answers import FOLDER
from eval.office.__main__ import main
from eval.office.folder import QUESTIONS, files
from qa import assemble
from qa.config import Config
from qa.errors import UserError
from qa.evaluation.datasets.base import Dataset
from qa.evaluation.datasets.evidence import is_part_of
from qa.evaluation.datasets.own import read_own
from qa.evaluation.datasets.select import select_dataset
from qa.evaluation.evaluate import evaluate
from qa.evaluation.metrics import meets
from qa.evaluation.report import record
from qa.ingest import discovery
from qa.ingest.base import LoadResult
from tests.support.fakes import FakeChat, FakeEncoder

LONG = ("reports/brennholm-annual-report-2022.pdf", "reports/tessaline-annual-report-2023.pdf")

BRENNHOLM, TESSALINE = "reports/brennholm", "reports/tessaline"
ANYWHERE = ""
STATED_NOWHERE = {
    "varga-died": ("articles/ottilie-varga.md", r"\bdied\b|†|1891 ?[–-]"),
    "debt-year": (ANYWHERE, r"interest-bearing debt[^\n]*31 December"),
    "tessaline-co2": (TESSALINE, r"CO2|[Ee]missions|[Cc]arbon"),
    "interest-2019": ("contracts/supply-agreement-2019", r"\b[Ii]nterest\b|\b[Oo]verdue\b"),
    "fibre-2019": ("contracts/supply-agreement-2019", r"FH-40|[Ff]ibre"),
    "hx60-weight": ("reports/hx40", r"Weight \(kg\)[^\n]*(168 \| \d|HX-60[^\n:]*: \d)"),
    "conversion-year": (TESSALINE, r"(?s)Cash conversion \(%\).*Cash conversion \(%\)"),
    "stanmoor-water": ("tables/plant-costs", r"[Ww]ater"),
    "bridge-cost": ("articles/emeric-varga", r"\b[Cc]ost|\b[Pp]rice|[€£$]"),
    "regatta-winner": (ANYWHERE, r"\b(won|winner)\b[^\n]*regatta|regatta[^\n]*\b(won|winner)\b"),
    "baths-reopened": ("tables/baths-roof", r"Baths reopen[^\n]*(Actual: \d|\d{4}\D[^\n]*\d{4})"),
    "hx30-fan": ("tables/spare-parts", r"Fan motor[^\n]*HX-30"),
    "pier-coldest": ("tables/weather", r"(?s)Marlhaven pier.*coldest"),
    "well-july": ("notes/heath", r"Well A,[^\n]*July"),
    "mediator": ("news/ferry", r"Saalbach (said|says)|(said|says) [^\n]*Saalbach"),
    "chief-2012": (BRENNHOLM, r"2012[^\n]*chief executive|chief executive[^\n]*2012"),
    "damages-paid": ("mail/call-off", r"(pay|paid) [\d,]+|EUR|euros"),
    "quaymatic-rest": (ANYWHERE, r"(remaining|other) (30|thirty)"),
    "loopwell-vat": ("contracts/loopwell", r"VAT (number|no|ID)|\bDE\d+"),
    "mirabel": ("reports/oresk", r"Mirabel[^\n]*(EUR|euros|€|GBP|£)"),
}
"""Of each unanswerable question, the files in which one would look and what would answer it there."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("office") / "folder"
    assert main([str(place)]) == 0
    return place


@pytest.fixture(scope="module")
def loaded(folder: Path) -> LoadResult:
    return discovery.load([folder])


@pytest.fixture(scope="module")
def dataset(loaded: LoadResult) -> Dataset:
    return read_own(loaded.documents, QUESTIONS)


def test_the_folder_has_the_same_bytes_each_time(folder: Path):
    names = {path.relative_to(folder).as_posix() for path in folder.rglob("*.*")}
    again = files()
    assert names == again.keys()
    assert [name for name in names if (folder / name).read_bytes() != again[name]] == []


def test_every_file_is_read(folder: Path, loaded: LoadResult):
    assert loaded.failures == ()
    names = [path.relative_to(folder).as_posix() for path in folder.rglob("*.*")]
    assert len(names) >= 30
    for name in names:
        assert any(is_part_of(document.id, name) for document in loaded.documents), name


def test_two_reports_are_long(loaded: LoadResult):
    pages = {document.id: {place.label for place in document.places} for document in loaded.documents}
    assert all("page 110" in pages[name] for name in LONG)


def test_a_third_of_the_questions_has_no_answer(dataset: Dataset):
    assert len({case.id for case in dataset.cases}) == 60
    assert sum(case.answerable for case in dataset.cases) == 40
    assert all(bool(case.gold) is bool(case.answers) is case.answerable for case in dataset.cases)


def test_questions_are_asked_about_every_kind_of_file(dataset: Dataset):
    endings = {PurePosixPath(span.doc_id).suffix for case in dataset.cases for span in case.gold}
    assert endings >= set(".pdf .docx .html .rtf .xlsx .csv .json .eml .pptx .odt .txt .md".split())


def test_what_is_accepted_stands_in_the_evidence(dataset: Dataset):
    """But for a yes or a no; and every file that is named has evidence."""
    texts = {document.id: document for document in dataset.documents}
    named = {line["id"]: line for line in map(json.loads, QUESTIONS.read_text("utf-8").splitlines())}
    for case in dataset.cases:
        places = " ".join(span.cut(texts) for span in case.gold)
        assert case.kind == "yes-no" or meets(places, case.answers), case.id
        for name in named[case.id].get("documents", ()):
            assert any(is_part_of(span.doc_id, name) for span in case.gold), (case.id, name)


def test_what_is_not_answerable_is_stated_nowhere(dataset: Dataset):
    assert STATED_NOWHERE.keys() == {case.id for case in dataset.cases if not case.answerable}
    for case_id, (prefix, pattern) in STATED_NOWHERE.items():
        sought = [document for document in dataset.documents if document.id.startswith(prefix)]
        assert sought, case_id
        for document in sought:
            assert not re.search(pattern, document.text), (case_id, document.id)


def test_the_folder_is_measured_by_its_name(
    folder: Path, loaded: LoadResult, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    monkeypatch.setattr(discovery, "load", lambda paths: loaded if paths == [folder] else None)
    monkeypatch.setattr(assemble, "load_encoder", lambda *_: FakeEncoder())
    monkeypatch.setattr(assemble, "load_model", lambda *_: FakeChat(says="Nobody knows.", short="1.45"))
    settings = Config(index=tmp_path / "index")
    done = evaluate(["office", str(folder)], settings, limit=6, project=FOLDER)
    assert done.title == "office"
    assert len(done.outcomes) == 6
    values = {line.name: line.value for line in done.summary.lines}
    assert 0 < (values["right place in a quote"] or 0) <= 1
    assert values["verbatim quotes"] == 1.0
    (by_ending,) = record(done)["tables"]
    assert by_ending["title"] == "By kind of file"


def test_without_the_folder_the_command_that_writes_it_is_named():
    with pytest.raises(UserError, match=r"python -m eval\.office FOLDER"):
        select_dataset(["office"], Config(), FOLDER)


def test_a_folder_that_is_in_use_is_left_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    (tmp_path / "mine.txt").write_text("Mine.")
    assert main([str(tmp_path)]) != 0
    assert "is not empty" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]
