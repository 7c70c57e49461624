import json
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path

import pytest

from qa.errors import IndexDamagedError
from qa.index import document_store
from qa.index.document_store import (
    LazyDocuments,
    dump_document,
    exclude,
    languages_of,
    open_documents,
    read_documents,
)
from qa.index.index import Index
from qa.index.stores.local import LocalStore
from qa.index.update.update import build_index
from qa.schema import Document, Place
from tests.support.fakes import IDENTITY, FakeEncoder, by_id, candidates, document

PLACES = (Place(0, "page 1"), Place(5, "page 2"))
DOCUMENTS = by_id(
    document("The plant has four turbines.", "plain.txt"),
    Document("two.txt", "One.\nTwo.\u2028Three. 中文 👩‍👩‍👧", "Pages", "2025-01-22", places=PLACES),
    document("Quoted.", 'a "quoted" \\ name\n.txt'),
    document("Somewhere else.", "ünï/中文.txt"),
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "documents.jsonl"
    lines = [json.dumps(asdict(each), ensure_ascii=False) + "\n" for each in DOCUMENTS.values()]
    path.write_text("".join(lines), encoding="utf-8")
    return path


@pytest.fixture(params=[10**9, 0], ids=["in memory", "in the file"])
def documents(request: pytest.FixtureRequest, path: Path) -> Mapping[str, Document]:
    opened = open_documents(path, request.param)
    assert isinstance(opened, LazyDocuments) == (request.param == 0)
    return opened


def test_documents_are_those_that_were_written_in_their_order(documents: Mapping[str, Document]):
    assert list(documents.items()) == list(DOCUMENTS.items())
    assert len(documents) == len(DOCUMENTS)
    assert documents == DOCUMENTS


def test_an_id_that_no_document_has_is_not_there(documents: Mapping[str, Document]):
    assert "other.txt" not in documents
    assert documents.get("other.txt") is None


def test_what_was_removed_is_not_there_and_the_rest_is(documents: Mapping[str, Document]):
    left = exclude(documents, {"two.txt", "plain.txt"})
    assert list(left) == [each for each in DOCUMENTS if each not in {"two.txt", "plain.txt"}]
    assert "two.txt" not in left
    assert left.get("plain.txt") is None
    assert exclude(documents, ()) is documents


def test_documents_outlast_their_file(path: Path):
    opened = open_documents(path, 0)
    path.unlink()
    assert opened == DOCUMENTS


def test_no_more_is_kept_than_there_is_room_for(path: Path, monkeypatch: pytest.MonkeyPatch):
    opened = open_documents(path, 0)
    first = opened["plain.txt"]
    assert opened["plain.txt"] is first
    monkeypatch.setattr(document_store, "CACHE_CHARACTERS", 30)
    assert opened["two.txt"] == DOCUMENTS["two.txt"]
    assert opened["plain.txt"] is not first
    assert opened["plain.txt"] == first


def test_threads_share_documents(path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(document_store, "CACHE_CHARACTERS", 30)
    opened = open_documents(path, 0)
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(opened.__getitem__, list(DOCUMENTS) * 100))
    assert found == list(DOCUMENTS.values()) * 100


@pytest.mark.parametrize("line", ["", "[]", '{"text": "a"}', '{"id": "a', '{"id": "\\n'])
def test_a_file_with_a_line_that_is_no_document_is_refused(line: str, path: Path):
    path.write_text(path.read_text() + line + "\n")
    for whole_up_to in (0, 10**9):
        with pytest.raises(ValueError):  # noqa: PT011  JSON's own words
            open_documents(path, whole_up_to)


def test_a_document_with_other_fields_is_refused_when_it_is_asked_for(path: Path):
    path.write_text(path.read_text() + '{"id": "late.txt", "text": "a"}\n')
    with pytest.raises(ValueError, match="other fields"):
        read_documents(path)
    with pytest.raises(IndexDamagedError, match="attest index"):
        open_documents(path, 0)["late.txt"]


def test_an_index_finds_the_same_whether_its_documents_are_in_memory_or_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    encoder = FakeEncoder()
    build_index(LocalStore(tmp_path, IDENTITY), list(DOCUMENTS.values()), encoder)
    whole = Index.open(LocalStore(tmp_path, IDENTITY))
    monkeypatch.setattr(document_store.open_documents, "__defaults__", (0,))
    read = Index.open(LocalStore(tmp_path, IDENTITY))
    assert not isinstance(whole.documents, LazyDocuments)
    assert isinstance(read.documents, LazyDocuments)
    assert candidates(read, "How many turbines?", 10) == candidates(whole, "How many turbines?", 10)
    assert read.stats == whole.stats


@pytest.mark.parametrize("in_memory_bytes", [0, 1_000_000])
def test_the_languages_are_known_without_reading_a_document(tmp_path: Path, in_memory_bytes: int):
    documents = by_id(
        Document("ru.txt", 'Он сказал: ", "language": "en"', "Порт", language="ru"),
        Document("unknown.txt", "17 18 19", "Figures"),
    )
    path = tmp_path / "documents.jsonl"
    path.write_text("".join(map(dump_document, documents.values())), encoding="utf-8")
    opened = open_documents(path, in_memory_bytes)
    assert languages_of(opened) == {"ru.txt": "ru", "unknown.txt": ""}
    assert languages_of(exclude(opened, {"ru.txt"})) == {"unknown.txt": ""}
