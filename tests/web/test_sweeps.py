"""The lists of mentions that a server keeps: the right ones, and not for ever."""

import gc
from pathlib import Path
from weakref import ref

import pytest

from qa.index.stores.local import LocalStore
from qa.index.update.update import build_index
from qa.pipeline import Pipeline
from qa.query.document_filter import DocumentFilter
from qa.web.sweeps import Sweeps
from tests.support.changed_folder import open_runtime
from tests.support.fakes import IDENTITY, FakeEncoder, document


def pipeline_over(root: Path, *texts: str) -> Pipeline:
    documents = [document(text, f"{number}.txt") for number, text in enumerate(texts)]
    build_index(LocalStore(root / "index", IDENTITY), documents, FakeEncoder())
    return open_runtime(root).pipeline


def test_other_documents_do_not_have_the_mentions_that_are_kept(tmp_path: Path):
    sweeps = Sweeps()
    before = pipeline_over(tmp_path / "a", "A cat sat here.")
    assert len(sweeps.find(before, "cat").mentions) == 1
    after = pipeline_over(tmp_path / "a", "A cat sat here.", "A cat ran.")
    assert len(sweeps.find(after, "cat").mentions) == 2
    assert not sweeps.find(pipeline_over(tmp_path / "b", "A dog."), "cat").mentions
    assert len(sweeps.find(before, "cat").mentions) == 1


def test_each_reader_sees_their_own_name_for_the_same_documents(tmp_path: Path):
    sweeps, pipeline = Sweeps(), pipeline_over(tmp_path, "A cat sat here.", "A cat ran.", "A cat slept.")
    both = frozenset({"0.txt", "1.txt"})
    for name in ("Drafts", "Letters"):
        assert sweeps.find(pipeline, "cat", DocumentFilter(both, name=name)).searched.name == name


def test_a_list_goes_with_its_documents(tmp_path: Path):
    sweeps, pipeline = Sweeps(), pipeline_over(tmp_path, "A cat sat here.")
    sweeps.find(pipeline, "cat")
    gone = ref(pipeline)
    del pipeline
    gc.collect()
    assert gone() is None


def test_a_list_that_is_too_long_is_not_kept_but_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("qa.web.sweeps.MOST_MENTIONS", 1)
    sweeps, pipeline = Sweeps(), pipeline_over(tmp_path, "A cat sat here.", "A cat ran.")
    assert [len(sweeps.find(pipeline, "cat").mentions) for _ in range(2)] == [2, 2]
