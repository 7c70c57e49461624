"""The commands that make, follow, tell of and check an index."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from qa import assemble, config
from qa.export.evidence_sheet import evidence_sheet
from qa.pipeline import Ask
from tests.support.cli import Run
from tests.support.fakes import FakeEncoder

QUESTION = "Who installs gas turbines?"


def test_an_index_and_an_evidence_sheet_are_verified(attest: Run, corpus: Path, tmp_path: Path):
    attest("index", str(corpus))
    assert attest("verify").status == 0
    pipeline = assemble.open_pipeline(config.load())
    answer = pipeline.invoke(Ask(QUESTION))
    sheet = tmp_path / "evidence.html"
    sheet.write_text(evidence_sheet("Turbines", [answer], pipeline.documents, None), encoding="utf-8")
    holds = attest("verify", str(sheet))
    assert (holds.status, "is valid" in holds.err) == (0, True)
    sheet.write_text(sheet.read_text(encoding="utf-8").replace("four gas", "nine gas"), encoding="utf-8")
    forged = attest("verify", str(sheet))
    assert forged.status == 1
    assert "evidence.html" in forged.err


def test_a_file_that_is_no_sheet_is_said_to_be_none(attest: Run, corpus: Path, tmp_path: Path):
    attest("index", str(corpus))
    (tmp_path / "other.html").write_bytes(b"\xff\xfe nothing")
    told = attest("verify", str(tmp_path / "other.html"))
    assert (told.status, "not an evidence sheet" in told.err) == (2, True)


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


def test_indexing_tells_what_was_done(attest: Run, corpus: Path):
    assert (
        "2 documents, 2 passages, 4 sentences in index (2 read, 0 replaced or removed)"
        in attest("index", str(corpus)).err
    )
    (corpus / "rail.txt").write_text("Rail is the future.")
    assert "(1 read, 1 replaced or removed)" in attest("index", str(corpus)).err
    assert "1 document, " in attest("index", str(corpus), "--exclude", "*.md").err
    assert "1 document, " in attest("index", str(corpus), "--include", "*.md").err


def test_status_tells_what_is_indexed(attest: Run, corpus: Path):
    (corpus / "bad.txt").write_bytes(b"\x00")
    (corpus / "twin.txt").write_bytes((corpus / "rail.txt").read_bytes())
    attest("index", str(corpus))
    (corpus / "turbines.md").write_text("Other words.")
    told = attest("status")
    assert told.status == 0
    for line in (
        "index (set by ATTEST_INDEX)\n2 documents, from the files in ",
        "in 1 segment\n",
        "twin.txt has the same content as rail.txt",
        "turbines.md has changed since it was indexed",
        "1 file left out (attest status --files names each):\n  1 file: ",
        "(bad.txt)",
    ):
        assert line in told.out
    record = attest("status", "--json").json
    assert record["documents"] == 2
    assert record["changed"] == ["turbines.md"]
    assert [each["path"] for each in record["failed"]] == ["bad.txt"]


def test_what_is_left_out_is_told_in_full_once(attest: Run, corpus: Path):
    for name in ("a.gif", "b.bmp", "c.gif", "d.gif"):
        (corpus / name).write_bytes(b"x")
    (corpus / "bad.txt").write_bytes(b"\x00")
    first = attest("index", str(corpus)).err
    assert "5 files left out (attest status --files names each):" in first
    assert "4 files: pictures are not read (a.gif, b.bmp, c.gif and 1 more)" in first
    again = attest("index", str(corpus)).err
    assert "5 files left out, as before (attest status --files names each)" in again
    assert "pictures" not in again
    (corpus / "song.mp3").write_bytes(b"x")
    later = attest("index", str(corpus)).err
    assert "6 files left out, 5 of them as before" in later
    assert "1 file: sound recordings are not read (song.mp3)" in later
    assert "pictures" not in later
    assert "\n    d.gif\n" in attest("status", "--files").out
    assert "d.gif" not in attest("status").out
    failed = {each["path"]: each["reason"] for each in attest("status", "--json").json["failed"]}
    assert failed["d.gif"] == "pictures are not read"
    assert len(failed) == 6
    assert attest("status", "--json").json["changed"] == []


def test_a_folder_without_any_text_says_why(attest: Run, tmp_path: Path):
    folder = tmp_path / "pictures"
    folder.mkdir()
    (folder / "a.gif").write_bytes(b"x")
    told = attest("index", str(folder))
    assert (told.status, "1 file: pictures are not read (a.gif)" in told.err) == (2, True)


def test_status_without_an_index_says_how_to_make_one(attest: Run):
    told = attest("status")
    assert (told.status, "attest index" in told.err) == (2, True)


def test_status_names_the_place_of_the_index_and_why_it_is_there(
    attest: Run, corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    attest("index", str(corpus), "--index", str(tmp_path / "elsewhere"))
    told = attest("status", "--index", str(tmp_path / "elsewhere"))
    assert f"Index: {tmp_path / 'elsewhere'} (set by --index)" in told.out
    missing = attest("status")
    assert missing.out == f"Index: {tmp_path / 'index'} (set by ATTEST_INDEX)\n"
    assert "There is no index in index" in missing.err
    monkeypatch.setenv("ATTEST_INDEX", "elsewhere")
    record = attest("status", "--json").json
    assert (record["index"], record["index_origin"]) == (str(tmp_path / "elsewhere"), "set by ATTEST_INDEX")


def test_the_folder_of_documents_can_be_named_by_a_flag(attest: Run, corpus: Path):
    assert "2 documents" in attest("index", "--corpus", str(corpus)).err
    assert attest("show", "rail.txt").status == 0


def test_a_path_wins_over_the_folder_of_documents(attest: Run, corpus: Path):
    assert "1 document," in attest("index", str(corpus / "rail.txt"), "--corpus", str(corpus)).err


def test_a_folder_of_documents_that_is_missing_is_named(attest: Run):
    told = attest("index", "--corpus", "nowhere")
    assert (told.status, "nowhere does not exist" in told.err) == (2, True)


def test_an_answer_says_that_its_file_has_changed(attest: Run, corpus: Path):
    attest("index", str(corpus))
    (corpus / "turbines.md").write_text("Other words.")
    assert "changed since it was indexed" in attest("ask", QUESTION).out
    quotes = attest("ask", QUESTION, "--json").json["quotes"]
    assert [quote.get("changed") for quote in quotes if quote["document"] == "turbines.md"] == [True]


def start(script: str, *arguments: str) -> subprocess.Popen[str]:
    """Start Python with ``script`` and ``arguments``, so that it can be sent a signal."""
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    command = [sys.executable, "-c", script, *arguments]
    return subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment)


WATCHING = """
import sys
from qa import assemble, model_files
from qa.cli import parser
from tests.support.fakes import FakeEncoder
assemble.load_encoder = lambda config: FakeEncoder()
model_files.ensure = lambda *_: None
sys.exit(parser.main(["watch", *sys.argv[1:]]))
"""


@pytest.mark.parametrize("ends", [signal.SIGINT, signal.SIGTERM])
def test_watching_follows_a_folder_until_it_is_stopped(attest: Run, corpus: Path, ends: signal.Signals):
    index = str(corpus / "index")  # among the documents: what indexing writes is no change
    with start(WATCHING, str(corpus), "--index", index) as watching:
        assert watching.stderr
        lines = iter(watching.stderr.readline, "")
        assert any("Watching" in line for line in lines)
        (corpus / "more.txt").write_text("Wind turns the turbines of Baku.")
        assert any("3 documents" in line for line in lines)
        watching.send_signal(ends)
        assert watching.wait(30) == 0
    assert attest("show", "more.txt", "--index", index).out == "Wind turns the turbines of Baku.\n"


SLOW = """
import sys, time
from qa import assemble, model_files
from qa.cli import parser
from tests.support.fakes import FakeEncoder

class SlowEncoder(FakeEncoder):
    def encode(self, texts):
        print("embedding", file=sys.stderr, flush=True)
        time.sleep(0.5)
        return super().encode(texts)

assemble.load_encoder = lambda config: SlowEncoder()
model_files.ensure = lambda *_: None
sys.exit(parser.main(["index", *sys.argv[1:]]))
"""


@pytest.mark.parametrize("ends", [signal.SIGINT, signal.SIGTERM])
def test_indexing_that_is_stopped_says_how_to_go_on(attest: Run, corpus: Path, ends: signal.Signals):
    index = str(corpus / "index")
    with start(SLOW, str(corpus), "--index", index) as indexing:
        assert indexing.stderr
        assert any("embedding" in line for line in iter(indexing.stderr.readline, ""))
        indexing.send_signal(ends)
        said = indexing.stderr.read()
    assert indexing.returncode == 1
    assert "start it again to go on" in said
    assert "Traceback" not in said
    assert "2 documents" in attest("index", str(corpus), "--index", index).err
