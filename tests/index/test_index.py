import json
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from qa.embedding.base import EmbeddingIdentity
from qa.errors import IndexDamagedError, IndexMissingError, UserError
from qa.index.files import sha256
from qa.index.index import Index
from qa.index.stores.local import LocalStore
from qa.index.update.update import build_index
from qa.ingest.chunking import split
from qa.schema import Document, Place
from tests.support.fakes import IDENTITY, NORMAL_TEXTS, FakeEncoder, by_id, candidates, document

TURBINES = document("Siemens installs four gas turbines in Uzbekistan. They have 54 MW each.", "turbines.md")
RAIL = document("Alstom builds electric locomotives. Boyet leads it in Central Asia.", "sub/rail.txt")
CORPUS = [TURBINES, replace(RAIL, date="2025-01-22", publisher="Trend", place="Baku")]
LATER = [document("A new text about harbours.", "harbours.txt")]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder of an index of ``CORPUS``."""
    build_index(LocalStore(tmp_path / "index", IDENTITY), CORPUS, FakeEncoder())
    return tmp_path / "index"


def open_(folder: Path, identity: EmbeddingIdentity = IDENTITY) -> Index:
    return Index.open(LocalStore(folder, identity))


def files(folder: Path) -> list[Path]:
    """Every file of the only segment under ``folder``."""
    (build,) = folder.glob("build-*")
    return [path for path in build.rglob("*") if path.is_file()]


def found(index: Index, question: str) -> set[str]:
    return {candidate.passage.span.doc_id for candidate in candidates(index, question, 1)}


def answers(folder: Path) -> bool:
    """Return whether the index of ``CORPUS`` is there and whole."""
    index = open_(folder)
    return dict(index.documents) == by_id(*CORPUS) and found(index, "locomotives") == {RAIL.id}


@settings(max_examples=25)
@given(st.lists(NORMAL_TEXTS, min_size=1, max_size=4))
def test_documents_and_offsets_survive_writing_and_opening(texts: list[str]):
    documents = [document(text, f"sub/{i}.txt") for i, text in enumerate(texts)]
    with tempfile.TemporaryDirectory() as scratch:
        build_index(LocalStore(Path(scratch), IDENTITY), documents, FakeEncoder())
        index = open_(Path(scratch))
        assert dict(index.documents) == by_id(*documents) == LocalStore(Path(scratch), IDENTITY).documents()
        assert list(index.passages) == [passage for each in documents for passage in split(each)]


def test_candidates_carry_the_scores_of_their_own_sentences(folder: Path):
    encoder = FakeEncoder()
    index = open_(folder)
    (best,) = (c for c in candidates(index, "54 MW each", 10) if c.passage.span.doc_id == TURBINES.id)
    (question,) = encoder.encode(["54 MW each"])
    expected = encoder.encode([span.cut(index.documents) for span in best.passage.sentences]) @ question
    assert np.allclose(best.sentence_cosines, expected, atol=1e-2)
    assert best.bm25 > 0
    assert [len(terms) for terms in best.sentence_terms] == [7, 5]


@pytest.mark.parametrize("question", ["unheard-of words", "the of and", "中文", "5"])
def test_any_question_has_candidates(folder: Path, question: str):
    assert found(open_(folder), question) <= {TURBINES.id, RAIL.id}


def test_a_document_without_a_word_can_be_indexed(tmp_path: Path):
    build_index(LocalStore(tmp_path, IDENTITY), [document("!!!", "a.txt"), RAIL], FakeEncoder())
    assert found(open_(tmp_path), "locomotives") == {RAIL.id}


def test_the_same_documents_are_not_indexed_again(folder: Path):
    encoder = FakeEncoder()
    build_index(LocalStore(folder, IDENTITY), CORPUS, encoder)
    assert encoder.encoded == []


@pytest.mark.parametrize(
    ("documents", "identity"),
    [
        (LATER, IDENTITY),
        ([replace(CORPUS[0], title="Another title"), CORPUS[1]], IDENTITY),
        (CORPUS, EmbeddingIdentity("another model", "1" * 64)),
    ],
)
def test_a_change_is_indexed_and_replaces_the_former_segment(
    folder: Path, documents: list[Document], identity: EmbeddingIdentity
):
    build_index(LocalStore(folder, identity), documents, FakeEncoder())
    assert dict(open_(folder, identity).documents) == by_id(*documents)
    assert len(list(folder.glob("build-*"))) == 1


def test_an_open_index_goes_on_answering_while_it_is_replaced(folder: Path):
    before = open_(folder)
    build_index(LocalStore(folder, IDENTITY), LATER, FakeEncoder())
    assert found(before, "locomotives") == {RAIL.id}


def test_the_manifest_tells_what_is_in_the_index(folder: Path):
    manifest = open_(folder).stats
    assert (manifest.documents, manifest.passages, manifest.sentences) == (2, 2, 4)
    assert (manifest.embedding_model, manifest.embedding_sha256) == (IDENTITY.name, IDENTITY.sha256)


def test_nothing_in_the_index_needs_to_be_unpickled(folder: Path):
    arrays = [path for path in files(folder) if path.suffix == ".npy"]
    assert len(arrays) >= 2
    for path in arrays:
        np.load(path, allow_pickle=False)


def test_a_missing_index_says_how_to_make_one(tmp_path: Path):
    for call in (lambda: open_(tmp_path), lambda: LocalStore(tmp_path / "nowhere", IDENTITY).documents()):
        with pytest.raises(IndexMissingError, match="attest index"):
            call()


class FailingEncoder(FakeEncoder):
    """Fails in the middle with ``error``."""

    def __init__(self, error: BaseException) -> None:
        super().__init__()
        self._error = error

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        raise self._error


@pytest.mark.parametrize("error", [RuntimeError("out of memory"), KeyboardInterrupt()])
def test_a_rebuild_that_fails_leaves_the_former_index_in_force(folder: Path, error: BaseException):
    with pytest.raises(type(error)):
        build_index(LocalStore(folder, IDENTITY), LATER, FailingEncoder(error))
    assert answers(folder)


def test_a_full_disk_leaves_the_former_index_in_force(folder: Path, monkeypatch: pytest.MonkeyPatch):
    before = sorted(path.name for path in folder.glob("build-*"))

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(np, "save", full)
        with pytest.raises(OSError, match="No space left"):
            build_index(LocalStore(folder, IDENTITY), LATER, FakeEncoder())
    assert answers(folder)
    assert sorted(path.name for path in folder.glob("build-*")) == before
    build_index(LocalStore(folder, IDENTITY), LATER, FakeEncoder())
    assert dict(open_(folder).documents) == by_id(*LATER)


def test_a_second_writer_is_told_to_wait(folder: Path):
    class Busy(FakeEncoder):
        def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
            with pytest.raises(UserError, match="try again"):
                build_index(LocalStore(folder, IDENTITY), CORPUS, FakeEncoder())
            return super().encode(texts)

    build_index(LocalStore(folder, IDENTITY), LATER, Busy())
    assert dict(open_(folder).documents) == by_id(*LATER)


def test_no_documents_are_refused(folder: Path):
    with pytest.raises(UserError, match="no text to index"):
        build_index(LocalStore(folder, IDENTITY), [], FakeEncoder())
    assert answers(folder)


def test_an_index_of_another_model_is_refused(folder: Path):
    with pytest.raises(IndexDamagedError, match=r"bag of words.*another model.*attest index"):
        open_(folder, EmbeddingIdentity("another model", "1" * 64))


def _flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def _truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def _empty(path: Path) -> None:
    path.write_bytes(b"")


def _remove(path: Path) -> None:
    path.unlink()


@pytest.mark.parametrize("damage", [_flip, _truncate, _empty, _remove])
def test_a_damaged_file_of_any_kind_is_named_with_the_remedy(folder: Path, damage: Callable[[Path], None]):
    for path in files(folder):
        if path.name == "manifest.json" and damage is _flip:
            continue
        whole = path.read_bytes()
        damage(path)
        with pytest.raises(IndexDamagedError, match=f"{path.name}.*attest index"):
            open_(folder)
        path.write_bytes(whole)
    assert answers(folder)


@pytest.mark.parametrize("damage", [_flip, _truncate, _remove])
def test_a_damaged_index_is_mended_by_indexing_again(folder: Path, damage: Callable[[Path], None]):
    for path in files(folder):
        damage(path)
        build_index(LocalStore(folder, IDENTITY), CORPUS, FakeEncoder())
        assert answers(folder)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("format", 99),
        ("embedding_sha256", ""),
        ("documents", 7),
        ("sentences", 7),
        ("dimensions", 7),
        ("files", {}),
        ("files", []),
    ],
)
def test_an_altered_manifest_is_refused(folder: Path, key: str, value: object):
    (path,) = (path for path in files(folder) if path.name == "manifest.json")
    path.write_text(json.dumps(json.loads(path.read_text()) | {key: value}))
    with pytest.raises(IndexDamagedError, match="attest index"):
        open_(folder)


@pytest.mark.parametrize("damage", [_flip, _truncate, _remove])
def test_the_documents_alone_are_checked_too(folder: Path, damage: Callable[[Path], None]):
    (path,) = (path for path in files(folder) if path.name == "documents.jsonl")
    damage(path)
    with pytest.raises(IndexDamagedError, match=r"documents\.jsonl.*attest index"):
        LocalStore(folder, IDENTITY).documents()


@pytest.mark.parametrize("content", [b"", b"nonsense", b"build-0000", b"../index", b"/etc", b"\xff\xfe\x00"])
def test_a_pointer_to_no_segment_is_refused_and_mended(folder: Path, content: bytes):
    (folder / "CURRENT").write_bytes(content)
    with pytest.raises(IndexDamagedError, match=r"CURRENT.*attest index"):
        open_(folder)
    build_index(LocalStore(folder, IDENTITY), CORPUS, FakeEncoder())
    assert answers(folder)


def test_places_and_authors_outlive_the_disk(tmp_path: Path):
    placed = replace(RAIL, author="A. Writer", places=(Place(0, "page 1"), Place(5, "page 2")))
    build_index(LocalStore(tmp_path, IDENTITY), [placed], FakeEncoder())
    assert open_(tmp_path).documents[RAIL.id] == placed
    assert LocalStore(tmp_path, IDENTITY).documents()[RAIL.id] == placed


@pytest.mark.parametrize(
    "change", [{"places": None}, {"places": [1]}, {"places": [{"at": 3}]}, {"colour": "red"}, {"places": {}}]
)
def test_a_document_with_other_fields_is_refused(folder: Path, change: dict[str, object]):
    """Its digests are right: it was written by another version, which forgot to say so."""
    (path,) = (path for path in files(folder) if path.name == "documents.jsonl")
    lines = [json.loads(line) | change for line in path.read_text().splitlines()]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    (manifest,) = (path for path in files(folder) if path.name == "manifest.json")
    stated = json.loads(manifest.read_text())
    stated["files"]["documents.jsonl"] = sha256(path)
    manifest.write_text(json.dumps(stated))
    with pytest.raises(IndexDamagedError, match="attest index"):
        open_(folder)
    with pytest.raises(IndexDamagedError, match="attest index"):
        LocalStore(folder, IDENTITY).documents()
