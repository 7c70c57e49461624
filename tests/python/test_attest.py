"""Attest in a program, as docs/python.md shows it."""

import asyncio
import re
import subprocess
import sys
from pathlib import Path

import pytest

import qa
from qa import Answer, Attest, AttestRetriever, Evidence, UserError, assemble
from tests.support.fakes import ROOT, FakeEncoder

BLOCKS = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)
QUESTION = "How many gas turbines does Siemens install?"


@pytest.fixture
def program(corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in which a program runs: ``reports`` are its documents, and there is no language model."""
    corpus.rename(tmp_path / "reports")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ATTEST_MODEL", "none")
    monkeypatch.setenv("ATTEST_THRESHOLD", "0")
    monkeypatch.setattr(assemble, "load_encoder", lambda *_: FakeEncoder())
    return tmp_path


@pytest.fixture
def attest(program: Path) -> Attest:
    return Attest.build("reports", index="index")


def test_what_the_page_shows_runs(program: Path, capsys: pytest.CaptureFixture[str]):
    blocks = BLOCKS.findall((ROOT / "docs" / "python.md").read_text(encoding="utf-8"))
    assert len(blocks) > 5
    names: dict[str, object] = {}
    for block in blocks:
        exec(compile(block, "docs/python.md", "exec"), names)
    said = capsys.readouterr().out
    assert "Siemens installs four gas turbines." in said
    assert "quotes found" in said
    assert "There is no document, folder or collection called nowhere" in said
    assert names["found"]


def test_an_overview_is_of_the_documents_that_are_named(attest: Attest):
    overview = attest.overview(documents=["turbines.md"])
    assert [each.text for each in overview.highlights.figures] == ["54 MW"]
    assert overview.searched.documents == 1
    with pytest.raises(UserError, match="nowhere"):
        attest.overview(documents=["nowhere"])


def test_the_names_are_there_and_cost_nothing_before_they_are_used():
    light = "import qa, sys; print([each for each in sys.modules if each.startswith(('qa.', 'numpy'))])"
    ran = subprocess.run([sys.executable, "-c", light], capture_output=True, text=True, cwd=ROOT, check=True)
    assert ran.stdout.strip() == "[]"
    assert all(getattr(qa, name) for name in qa.__all__)
    assert set(qa.__all__) <= set(dir(qa))
    with pytest.raises(AttributeError, match="no attribute 'Nothing'"):
        _ = qa.Nothing


def test_an_index_is_built_once_and_opened_again(attest: Attest, program: Path):
    assert set(attest.documents) == {"turbines.md", "rail.txt"}
    (program / "reports" / "empty.txt").touch()
    (program / "reports" / "new.txt").write_text("Vestas builds wind turbines in Norway.")
    again = Attest.build([program / "reports"], index=program / "index")
    assert set(again.documents) == {"turbines.md", "rail.txt", "new.txt"}
    assert [each.path for each in again.left_out] == ["empty.txt"]
    assert set(attest.documents) == {"turbines.md", "rail.txt"}
    assert set(Attest.open("index").documents) == set(again.documents)


def test_a_stream_ends_with_what_ask_returns(attest: Attest):
    first, *_, last = attest.stream(QUESTION)
    assert isinstance(first, Evidence)
    assert isinstance(last, Answer)
    assert last.quotes == attest.ask(QUESTION).quotes


def test_some_documents_or_times_are_searched_alone(attest: Attest):
    assert {each.span.doc_id for each in attest.search("builds gas turbines")} == {"turbines.md", "rail.txt"}
    for chosen in ({"documents": ["turbines.md"]}, {"since": "2023", "until": "2023-12"}):
        assert {each.span.doc_id for each in attest.search("gas turbines", **chosen)} == {"turbines.md"}
        assert {each.span.doc_id for each in attest.ask(QUESTION, **chosen).quotes} == {"turbines.md"}
        retriever = AttestRetriever(attest=attest, **chosen)
        assert {each.metadata["source"] for each in retriever.invoke("gas turbines")} == {"turbines.md"}


def test_langchain_gets_passages_with_their_places(attest: Attest):
    retriever = AttestRetriever(attest=attest, k=1)
    (found,) = retriever.invoke("gas turbines")
    assert [found] == asyncio.run(retriever.ainvoke("gas turbines"))
    assert found.metadata["title"] == "Turbines"
    assert found.metadata["date"] == "2023-10-23"
    text = attest.documents[found.metadata["source"]].text
    assert text[found.metadata["start"] : found.metadata["end"]] == found.page_content


def test_a_mistake_is_an_error_of_one_sentence(attest: Attest, program: Path):
    for mistake, said in (
        (lambda: Attest.open(program / "nowhere"), "attest index"),
        (lambda: Attest.open("index", modle="none"), "no setting called modle"),
        (lambda: Attest.build(program / "nowhere"), "nowhere"),
        (lambda: attest.ask(" "), "empty"),
        (lambda: attest.search("gas", since="soon"), "not a date"),
    ):
        with pytest.raises(UserError, match=said):
            mistake()
