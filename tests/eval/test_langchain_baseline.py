"""The chain of LangChain's parts answers the same questions, and its figures have the same names."""

import json
from pathlib import Path

import pytest
from langchain_core.embeddings import Embeddings

from eval.__main__ import main
from eval.bench import langchain_baseline
from eval.bench.langchain_baseline import LangChainBaseline, index_folder, nearest_files
from qa import assemble
from qa.evaluation.datasets.base import Case
from qa.schema import Span
from tests.support.fakes import FakeChat, FakeEncoder, document, facts

LONG = "Gas is cheap in Peru, where much of it is found. " * 60
DOCUMENTS = [document(LONG + "Copper is dear.", "gas.md"), document("Rail is fast.", "rail.md")]
FAST = Case("fast", "fact", "How fast is rail?", True, (("fast",),), (Span("rail.md", 0, 13),))


class BagOfWords(Embeddings):
    """The fake encoder behind LangChain's interface."""

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return FakeEncoder().encode(texts).tolist()

    def embed_query(self, text: str) -> list[float]:
        return self.embed_documents([text])[0]


def test_the_best_chunks_are_in_the_prompt_and_the_answer_is_checked_against_them():
    model = FakeChat(says="Rail is fast.")
    found = LangChainBaseline(DOCUMENTS, BagOfWords(), model).answer(FAST)
    assert (found.rank, found.text, found.refused, found.supported) == (1, "Rail is fast.", False, (True,))
    assert "Rail is fast." in model.prompts[0]
    assert LONG not in model.prompts[0]  # it was split


def test_a_place_late_in_a_long_document_is_found_at_its_offsets():
    start = len(LONG)
    case = Case("dear", "fact", "Copper is dear?", True, (("dear",),), (Span("gas.md", start, start + 15),))
    assert LangChainBaseline(DOCUMENTS, BagOfWords(), FakeChat()).answer(case).rank == 1


def test_a_left_out_document_is_not_in_the_prompt():
    model = FakeChat(says="I don't know.")
    case = Case("gone", "absent", "How fast is rail?", False, without=frozenset({"rail.md"}))
    found = LangChainBaseline(DOCUMENTS, BagOfWords(), model).answer(case)
    assert found.refused
    assert "Rail is fast." not in model.prompts[0]


def test_a_folder_is_indexed_and_searched(tmp_path: Path):
    for name, text in (("a.txt", "Gas is cheap."), ("b.txt", "Rail is fast.")):
        (tmp_path / name).write_text(text)
    store = index_folder(tmp_path, BagOfWords())
    assert store.index.ntotal == 2
    assert nearest_files(store, "Is rail fast?", 1) == ["b.txt"]


def test_a_comparison_stands_beside_attests_figures(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    path = tmp_path / "facts.json"
    path.write_text(json.dumps(facts()))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(assemble, "load_encoder", lambda config: FakeEncoder())
    monkeypatch.setattr(assemble, "load_model", lambda config: FakeChat(says="I don't know."))
    monkeypatch.setattr(langchain_baseline, "load_embeddings", lambda folder: BagOfWords())
    assert main(["--dataset", "facts.json", "--baseline", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["command"] == "python -m eval --dataset facts.json --baseline"
    assert said["baseline"].keys() <= said["metrics"].keys() | {"correct abstention, unanswerable"}
    assert said["baseline"]["recall@10"]["value"] == 1.0
    assert said["baseline"]["false abstention"]["value"] == 1.0
    assert said["baseline"]["correct abstention, absent"]["n"] == 6
    assert "LangChain" in (tmp_path / "reports" / "facts.html").read_text()
