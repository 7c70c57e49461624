"""A visitor's own documents beside the shared ones."""

import gc
import os
import re
import subprocess
import zipfile
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from threading import Event, Thread
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from qa import storage
from qa.config import Config
from qa.embedding.base import EmbeddingIdentity, Encoder
from qa.embedding.encoder import TextEncoder
from qa.errors import UserError
from qa.index.index import Index
from qa.index.stores.local import LocalStore
from qa.index.update.update import build_index
from qa.pipeline import Ask, Pipeline
from qa.query.document_filter import DocumentFilter
from qa.retrieval.hybrid import HybridRetriever
from qa.runtime import StaticRuntime
from qa.schema import Answer
from qa.uploads.library import Library
from qa.uploads.limits import Limits, Quota
from qa.uploads.listing import DocumentRow, DocumentState
from tests.support.fakes import IDENTITY, FakeEncoder, document

SHARED = [
    document("Siemens installs four gas turbines in Uzbekistan. They have 54 MW each.", "turbines.md"),
    document("Alstom builds electric locomotives. Rail is the future.", "rail.md"),
]
LIGHTHOUSE = "The lighthouse of Arholma was lit in 1768. Its keeper was Anna Lindqvist."
HARBOUR = "The harbour of Visby has three cranes. They were built in 1904."

pytestmark = pytest.mark.usefixtures("temporary")


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory) -> StaticRuntime:
    """Two shared documents and small stand-ins for the models."""
    return shared(tmp_path_factory.mktemp("shared"), FakeEncoder())


@pytest.fixture
def library(parts: StaticRuntime) -> Library:
    return Library(parts)


@pytest.fixture(scope="module")
def real(index: Index, encoder: TextEncoder) -> StaticRuntime:
    """The two articles and the real embedding model, with the fitted threshold."""
    return of(index, encoder, storage.embedding_identity(Config()), None)


def shared(folder: Path, encoder: FakeEncoder) -> StaticRuntime:
    build_index(LocalStore(folder, IDENTITY), SHARED, FakeEncoder())
    return of(Index.open(LocalStore(folder, IDENTITY)), encoder, IDENTITY, 0.0)


def of(index: Index, encoder: Encoder, identity: EmbeddingIdentity, threshold: float | None) -> StaticRuntime:
    pipeline = Pipeline(HybridRetriever(source=index, encoder=encoder), index.documents, None, threshold)
    return StaticRuntime(index, encoder, identity, pipeline)


def file(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def quoted(library: Library, question: str, only: frozenset[str] | None = None) -> list[str]:
    """The documents that an answer to ``question``, or what is shown in its place, quotes, best first."""
    answer = library.pipeline.invoke(Ask(question, document_filter=DocumentFilter(only=only)))
    return [quote.span.doc_id for quote in (*answer.quotes, *answer.nearest)]


def own(library: Library) -> list[DocumentRow]:
    return [row for row in library.listing() if row.own]


def asked(library: Library, question: str) -> Answer:
    return library.pipeline.invoke(Ask(question))


def test_what_is_added_can_be_asked_and_what_is_removed_cannot(real: StaticRuntime, tmp_path: Path):
    library = Library(real)
    question = "Who was the keeper of the lighthouse of Arholma?"
    assert not asked(library, question).answered
    library.add([file(tmp_path, "lighthouse.txt", LIGHTHOUSE)])
    answer = asked(library, question)
    assert answer.answered
    assert answer.quotes[0].span.doc_id == "uploads/lighthouse.txt"
    assert "Anna Lindqvist" in answer.text
    library.remove("uploads/lighthouse.txt")
    assert not asked(library, question).answered


def test_the_shared_documents_are_answered_from_as_before(real: StaticRuntime, tmp_path: Path):
    library = Library(real)
    question = "How much is the gas turbine contract in Uzbekistan worth?"
    before = asked(library, question)
    library.add([file(tmp_path, "lighthouse.txt", LIGHTHOUSE)])
    after = asked(library, question)
    assert after.answered
    assert after.quotes[0] == before.quotes[0]


def test_two_visitors_never_see_each_others_documents(real: StaticRuntime, tmp_path: Path):
    one, two = Library(real), Library(real)
    one.add([file(tmp_path / "one", "notes.txt", LIGHTHOUSE)])
    two.add([file(tmp_path / "two", "notes.txt", HARBOUR)])
    for library, theirs, others in [(one, LIGHTHOUSE, HARBOUR), (two, HARBOUR, LIGHTHOUSE)]:
        assert library.pipeline.documents["uploads/notes.txt"].text == theirs
        for question in ("Who was the keeper of the lighthouse?", "How many cranes has the harbour?"):
            answer = asked(library, question)
            assert not any(quote.text in others for quote in (*answer.quotes, *answer.nearest))


def test_visitors_who_share_a_library_share_its_documents(parts: StaticRuntime, tmp_path: Path):
    shared_uploads = Library(parts)
    sessions = [shared_uploads, shared_uploads]
    sessions[0].add([file(tmp_path, "lighthouse.txt", LIGHTHOUSE)])
    assert quoted(sessions[1], "Who kept the lighthouse?")[0] == "uploads/lighthouse.txt"


def test_one_document_alone_is_asked(library: Library, tmp_path: Path):
    library.add([file(tmp_path, "a.txt", LIGHTHOUSE), file(tmp_path, "b.txt", HARBOUR)])
    for doc_id in ("uploads/a.txt", "uploads/b.txt", "rail.md"):
        assert set(quoted(library, "When was it built?", frozenset({doc_id}))) == {doc_id}


def test_a_library_that_nothing_was_added_to_leaves_no_trace(library: Library, temporary: Path):
    assert quoted(library, "Who builds locomotives?")[0] == "rail.md"
    assert [row.id for row in library.listing()] == ["turbines.md", "rail.md"]
    library.add([])
    library.close()
    assert list(temporary.iterdir()) == []


def test_the_listing_tells_of_every_document(library: Library, tmp_path: Path):
    text = f"---\ntitle: On light\ndate: 1901-02-03\n---\n{LIGHTHOUSE}"
    library.add([file(tmp_path, "light.md", text), file(tmp_path, "photo.txt", b"\x00\x01")])
    rows = {row.id: row for row in library.listing()}
    assert list(rows) == ["turbines.md", "rail.md", "uploads/light.md", "uploads/photo.txt"]
    assert rows["rail.md"] == DocumentRow("rail.md", "A title", None, len(SHARED[1].text), 1, own=False)
    length = len(LIGHTHOUSE)
    light = DocumentRow(
        *("uploads/light.md", "On light", "1901-02-03", length, 1),
        has_original=True,
        date_source="the front matter",
    )
    assert rows["uploads/light.md"] == light
    photo = rows["uploads/photo.txt"]
    assert (photo.title, photo.state, photo.own) == ("photo.txt", DocumentState.FAILED, True)
    assert "binary" in photo.reason


def test_a_failure_stays_listed_until_it_is_removed_or_more_is_added(library: Library, tmp_path: Path):
    bad = file(tmp_path, "bad.txt", b"")
    library.add([bad])
    library.remove("uploads/bad.txt")
    assert own(library) == []
    library.add([bad])
    library.add([file(tmp_path, "good.txt", LIGHTHOUSE)])
    assert [row.id for row in own(library)] == ["uploads/good.txt"]


def test_documents_are_added_to_those_that_are_there(library: Library, tmp_path: Path):
    library.add([file(tmp_path, "a.txt", LIGHTHOUSE)])
    library.add([file(tmp_path, "b.txt", HARBOUR)])
    assert [row.id for row in own(library)] == ["uploads/a.txt", "uploads/b.txt"]
    library.remove("uploads/a.txt")
    assert [row.id for row in own(library)] == ["uploads/b.txt"]
    assert quoted(library, "How many cranes has the harbour?")[0] == "uploads/b.txt"
    assert "uploads/a.txt" not in library.pipeline.documents


def test_what_was_indexed_before_is_not_embedded_again(tmp_path: Path):
    encoder = FakeEncoder()
    library = Library(shared(tmp_path / "index", encoder))
    library.add([file(tmp_path, "a.txt", LIGHTHOUSE)])
    encoder.encoded.clear()
    library.add([file(tmp_path, "b.txt", HARBOUR)])
    library.remove("uploads/a.txt")
    assert sorted(encoder.encoded) == ["The harbour of Visby has three cranes.", "They were built in 1904."]


def test_progress_is_told_from_none_to_all(library: Library, tmp_path: Path):
    text = " ".join(f"Crane {i} lifts {i} tonnes." for i in range(300))
    heard: list[tuple[int, int]] = []
    library.add([file(tmp_path, "cranes.txt", text)], lambda done, of: heard.append((done, of)))
    assert heard == sorted(heard)
    assert len(heard) > 2
    assert (heard[0], heard[-1]) == ((0, 300), (300, 300))


@pytest.mark.parametrize(
    ("name", "doc_id"),
    [
        ("plain.txt", "uploads/plain.txt"),
        ("UPPER.TXT", "uploads/UPPER.TXT"),
        ("<b>bold<b>.txt", "uploads/bboldb.txt"),
        ("<img src=x onerror=alert(1)>.md", "uploads/img src=x onerror=alert(1).md"),
        ("innocent\u202etxt.exe.txt", "uploads/innocenttxt.exe.txt"),
        ("a\nb\x1b[2J.txt", "uploads/ab[2J.txt"),
        ("..\\..\\up.txt", "uploads/up.txt"),
        ("C:\\x.txt", "uploads/x.txt"),
        ("CON.txt", "uploads/CON.txt"),
        ("हिन्दी.txt", "uploads/हिन्दी.txt"),
        ("\u200b.txt", "uploads/unnamed.txt"),
        ("....txt", "uploads/unnamed.txt"),
        ("x" * 200 + ".txt", "uploads/" + "x" * 80 + ".txt"),
    ],
)
def test_any_name_becomes_a_safe_id(library: Library, tmp_path: Path, name: str, doc_id: str):
    (added,) = library.add([file(tmp_path, name, LIGHTHOUSE)]).documents
    assert added.id == doc_id
    assert quoted(library, "Who kept the lighthouse?")[0] == doc_id


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("a\0b.txt", "not a file"),
        ("../../../../nowhere/x.txt", "not a file"),
        ("CON", "files without an ending cannot be added"),
        ("page.exe", r"files ending in \.exe cannot be added"),
        (".txt", "files without an ending"),
        ("..", "files without an ending"),
        ("", "files without an ending"),
        ("x" * 5_000 + ".txt", "cannot be read"),
        ("missing.txt", "not a file"),
        ("folder.txt", "not a file"),
        ("link.txt", "not a file"),
        ("pipe.txt", "not a file"),
        ("empty.txt", "no text"),
        ("binary.txt", "binary"),
        ("broken.pdf", "damaged"),
        ("deep.md", "front matter"),
    ],
)
def test_a_file_that_cannot_be_taken_says_why_and_stops_no_other(
    library: Library, tmp_path: Path, name: str, reason: str
):
    (tmp_path / "folder.txt").mkdir()
    (tmp_path / "link.txt").symlink_to(file(tmp_path, "secret.txt", "Secret."))
    os.mkfifo(tmp_path / "pipe.txt")
    file(tmp_path, "page.exe", "<p>Text.</p>")
    file(tmp_path, "empty.txt", b"")
    file(tmp_path, "binary.txt", b"%PDF\x00")
    file(tmp_path, "broken.pdf", b"%PDF-")
    file(tmp_path, "deep.md", b"---\na: " + b"[" * 5_000 + b"\n---\ntext")
    added = library.add([tmp_path / name, file(tmp_path, "good.txt", LIGHTHOUSE)])
    assert [each.id for each in added.documents] == ["uploads/good.txt"]
    (failure,) = added.failures
    assert failure.path.isprintable()
    assert len(failure.path) < 100
    assert re.search(reason, failure.reason)
    assert "\n" not in failure.reason


def test_names_that_differ_by_case_alone_stay_apart(library: Library, tmp_path: Path):
    names = ["one/Notes.txt", "two/notes.txt", "three/NOTES.TXT"]
    library.add([file(tmp_path, name, f"This is {name}.") for name in names])
    library.add([file(tmp_path, "four/notes.txt", "This is the fourth.")])
    expected = ["Notes.txt", "notes (2).txt", "NOTES (3).TXT", "notes (4).txt"]
    assert [row.id for row in own(library)] == [f"uploads/{name}" for name in expected]


def test_an_id_that_a_shared_document_has_is_not_given_again(tmp_path: Path):
    build_index(LocalStore(tmp_path / "index", IDENTITY), [document("Text.", "uploads/a.txt")], FakeEncoder())
    index = Index.open(LocalStore(tmp_path / "index", IDENTITY))
    library = Library(of(index, FakeEncoder(), IDENTITY, 0.0))
    (added,) = library.add([file(tmp_path, "a.txt", LIGHTHOUSE)]).documents
    assert added.id == "uploads/a (2).txt"


def test_the_same_text_is_taken_once(library: Library, tmp_path: Path):
    copies = [file(tmp_path, f"{name}.txt", LIGHTHOUSE) for name in "abc"]
    first, second = library.add(copies[:2]), library.add(copies[2:])
    assert len(first.documents) == 1
    for failure in (*first.failures, *second.failures):
        assert "uploads/a.txt" in failure.reason


@pytest.mark.parametrize(
    ("limits", "reason"),
    [
        (Limits(file_bytes=len(HARBOUR) - 1), "larger than"),
        (Limits(documents=1), "at most 1 document is allowed at a time"),
        (Limits(text_bytes=len(LIGHTHOUSE) + len(HARBOUR) - 1), "all your documents together"),
        (Limits(suffixes=frozenset({".txt"})), "cannot be added"),
    ],
)
def test_limits_are_kept_and_named(parts: StaticRuntime, tmp_path: Path, limits: Limits, reason: str):
    text = LIGHTHOUSE[: len(HARBOUR) - 1]
    first = file(tmp_path, "first.txt", text if limits.file_bytes < 100 else LIGHTHOUSE)
    library = Library(parts, limits)
    assert library.add([first]).failures == ()
    (failure,) = library.add([file(tmp_path, "second.md", HARBOUR)]).failures
    assert re.search(reason, failure.reason)
    assert [row.id for row in own(library) if row.state is DocumentState.INDEXED] == ["uploads/first.txt"]


def test_what_is_removed_makes_room(parts: StaticRuntime, tmp_path: Path):
    library = Library(parts, Limits(documents=1))
    library.add([file(tmp_path, "a.txt", LIGHTHOUSE)])
    library.remove("uploads/a.txt")
    assert library.add([file(tmp_path, "b.txt", HARBOUR)]).failures == ()


@pytest.mark.parametrize("doc_id", ["rail.md", "uploads/nowhere.txt", "", "../index"])
def test_only_ones_own_documents_can_be_removed(library: Library, tmp_path: Path, doc_id: str):
    library.add([file(tmp_path, "a.txt", LIGHTHOUSE)])
    with pytest.raises(UserError, match="not one of your documents"):
        library.remove(doc_id)
    assert len(library.listing()) == 3


def test_nothing_is_written_outside_one_folder_which_goes_with_the_last_document(
    library: Library, tmp_path: Path, temporary: Path
):
    given = file(tmp_path / "given", "a.txt", LIGHTHOUSE)
    before = sorted(path for path in tmp_path.rglob("*") if temporary not in path.parents)
    library.add([given])
    folder, lock = sorted(temporary.iterdir())
    assert (folder.is_dir(), lock.name) == (True, f"{folder.name}.lock")
    assert sorted(path for path in tmp_path.rglob("*") if temporary not in path.parents) == before
    library.remove("uploads/a.txt")
    assert list(temporary.iterdir()) == []


def test_a_removed_document_is_gone_from_the_disk(library: Library, tmp_path: Path, temporary: Path):
    library.add([file(tmp_path, "a.txt", LIGHTHOUSE), file(tmp_path, "b.txt", HARBOUR)])
    library.remove("uploads/a.txt")
    left = b"".join(path.read_bytes() for path in temporary.rglob("*") if path.is_file())
    assert b"cranes" in left
    assert b"Lindqvist" not in left


def test_the_folder_goes_when_the_session_ends(library: Library, tmp_path: Path, temporary: Path):
    library.add([file(tmp_path, "a.txt", LIGHTHOUSE)])
    pipeline = library.pipeline
    library.close()
    assert list(temporary.iterdir()) == []
    assert own(library) == []
    assert pipeline.invoke(Ask("Who kept the lighthouse?")).answered
    with pytest.raises(UserError, match="session has ended"):
        library.add([file(tmp_path, "a.txt", LIGHTHOUSE)])
    library.close()


def test_the_folder_goes_with_the_library(parts: StaticRuntime, tmp_path: Path, temporary: Path):
    library = Library(parts)
    library.add([file(tmp_path, "a.txt", LIGHTHOUSE)])
    assert list(temporary.iterdir())
    del library
    gc.collect()
    assert list(temporary.iterdir()) == []


class PausingEncoder(FakeEncoder):
    """Waits, when it embeds a document on cranes, until it is released."""

    def __init__(self) -> None:
        super().__init__()
        self.reached, self.released = Event(), Event()

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        if any("cranes." in text for text in texts):
            self.reached.set()
            assert self.released.wait(60)
        return super().encode(texts)


@pytest.fixture
def pausing(tmp_path: Path) -> PausingEncoder:
    return PausingEncoder()


def test_while_documents_are_indexed_questions_see_the_former_ones(pausing: PausingEncoder, tmp_path: Path):
    library = Library(shared(tmp_path / "index", pausing))
    library.add([file(tmp_path, "a.txt", LIGHTHOUSE)])
    adding = Thread(target=library.add, args=([file(tmp_path, "b.txt", HARBOUR)],))
    adding.start()
    assert pausing.reached.wait(60)
    assert [(row.id, row.state) for row in own(library)] == [
        ("uploads/a.txt", DocumentState.INDEXED),
        ("uploads/b.txt", DocumentState.READING),
    ]
    assert "uploads/b.txt" not in quoted(library, "How many harbour cranes?")
    pausing.released.set()
    adding.join()
    assert quoted(library, "How many harbour cranes?")[0] == "uploads/b.txt"
    assert [row.state for row in own(library)] == [DocumentState.INDEXED] * 2


def test_additions_wait_for_each_other(pausing: PausingEncoder, tmp_path: Path):
    library = Library(shared(tmp_path / "index", pausing))
    given = [file(tmp_path, f"{i}.txt", f"There are {i} cranes. This is text {i}.") for i in range(8)]
    adding = [Thread(target=library.add, args=([each],)) for each in given]
    for each in adding:
        each.start()
    assert pausing.reached.wait(60)
    pausing.released.set()
    for each in adding:
        each.join()
    assert {row.id for row in own(library)} == {f"uploads/{i}.txt" for i in range(8)}
    assert {row.state for row in own(library)} == {DocumentState.INDEXED}


def test_a_session_that_ends_gives_up_what_it_was_indexing(
    pausing: PausingEncoder, tmp_path: Path, temporary: Path
):
    library = Library(shared(tmp_path / "index", pausing))
    adding = Thread(target=library.add, args=([file(tmp_path, "b.txt", HARBOUR)],))
    adding.start()
    assert pausing.reached.wait(60)
    closing = Thread(target=library.close)
    closing.start()
    pausing.released.set()
    adding.join()
    closing.join()
    assert own(library) == []
    assert list(temporary.iterdir()) == []


def test_an_addition_that_is_stopped_leaves_what_was_there(library: Library, tmp_path: Path):
    library.add([file(tmp_path, "a.txt", LIGHTHOUSE)])

    def stop(done: int, of: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        library.add([file(tmp_path, "b.txt", HARBOUR)], stop)
    assert [row.id for row in own(library)] == ["uploads/a.txt"]
    assert quoted(library, "Who kept the lighthouse?")[0] == "uploads/a.txt"
    assert len(library.add([file(tmp_path, "b.txt", HARBOUR)]).documents) == 1


def test_a_full_disk_is_a_line_of_the_report_and_changes_nothing(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    library.add([file(tmp_path, "a.txt", LIGHTHOUSE)])
    with monkeypatch.context() as patch:
        patch.setattr(np, "save", full)
        added = library.add([file(tmp_path, "b.txt", HARBOUR)])
    assert added.documents == ()
    assert "No space left" in added.failures[0].reason
    assert quoted(library, "Who kept the lighthouse?")[0] == "uploads/a.txt"


def test_questions_of_many_visitors_are_answered_while_one_adds(real: StaticRuntime, tmp_path: Path):
    library = Library(real)
    text = " ".join(f"Crane {i} of Visby lifts {i} tonnes of cargo." for i in range(200))
    answers: list[bool] = []
    adding = Thread(target=library.add, args=([file(tmp_path, "cranes.txt", text)],))
    asking = [
        Thread(target=lambda: answers.append(asked(library, "What is said about Uzbekistan?").answered))
        for _ in range(6)
    ]
    for each in (adding, *asking):
        each.start()
    for each in (adding, *asking):
        each.join()
    assert answers == [True] * 6
    assert quoted(library, "How much does crane 117 of Visby lift?")[0] == "uploads/cranes.txt"


def archive(folder: Path, name: str, members: dict[str, str | bytes]) -> Path:
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as opened:
        for inner, content in members.items():
            opened.writestr(inner, content)
    return file(folder, name, made.getvalue())


def test_an_archive_is_taken_apart(library: Library, tmp_path: Path):
    inner = archive(tmp_path, "inner.zip", {"a.txt": HARBOUR}).read_bytes()
    members = {
        "north/lighthouse.txt": LIGHTHOUSE,
        "south/lighthouse.txt": HARBOUR,
        "south/copy.txt": HARBOUR,
        "../../<b>up.md": "# Kivik\n\nThe mill of Kivik has two wheels.",
        "photo.gif": b"GIF89a",
        "inner.zip": inner,
        "__MACOSX/x.txt": "Nothing.",
    }
    result = library.add([archive(tmp_path, "coast.zip", members)])
    assert {each.id for each in result.documents} == {
        "uploads/coast.zip/bup.md",
        "uploads/coast.zip/north/lighthouse.txt",
        "uploads/coast.zip/south/copy.txt",
    }
    reasons = {each.path: each.reason for each in result.failures}
    assert reasons.keys() == {
        f"coast.zip/{each}" for each in ("photo.gif", "inner.zip", "south/lighthouse.txt")
    }
    assert "the same text as uploads/coast.zip/south/copy.txt" in reasons["coast.zip/south/lighthouse.txt"]
    assert "archive inside an archive" in reasons["coast.zip/inner.zip"]
    assert quoted(library, "Who was the keeper of the lighthouse?")[0].endswith("north/lighthouse.txt")
    library.remove("uploads/coast.zip/north/lighthouse.txt")
    again = library.add([archive(tmp_path, "coast.zip", {"bup.md": "The dam of Ullared is high."})])
    assert [each.id for each in again.documents] == ["uploads/coast.zip/bup (2).md"]


def test_an_archive_that_unpacks_to_too_much_is_refused(parts: StaticRuntime, tmp_path: Path):
    library = Library(parts, Limits(documents=3, text_bytes=1_000))
    bomb = archive(tmp_path, "bomb.zip", {"bomb.txt": b"word " * 5_000_000})
    many = archive(tmp_path, "many.zip", {f"{i}.txt": f"Crane {i}." for i in range(4)})
    long = archive(tmp_path, "long.zip", {"a.txt": LIGHTHOUSE, "b.txt": "word " * 200})
    empty = archive(tmp_path, "empty.zip", {})
    torn = file(tmp_path, "torn.zip", b"PK and no more")
    result = library.add([bomb, many, long, empty, torn])
    assert [each.id for each in result.documents] == ["uploads/long.zip/a.txt"]
    reasons = {each.path: each.reason for each in result.failures}
    assert "unpacks to far more than its size" in reasons["bomb.zip/bomb.txt"]
    assert "it holds 4 files, and at most 3" in reasons["many.zip"]
    assert "all your documents together" in reasons["long.zip/b.txt"]
    assert reasons["empty.zip"] == "there are no documents in it"
    assert "damaged" in reasons["torn.zip"]


def test_no_more_files_are_taken_at_once_than_allowed(parts: StaticRuntime, tmp_path: Path):
    library = Library(parts, Limits(files=1))
    result = library.add([file(tmp_path, "a.txt", LIGHTHOUSE), file(tmp_path, "b.txt", HARBOUR)])
    (failure,) = result.failures
    assert (failure.path, failure.reason) == ("b.txt", "at most 1 file can be added at once")
    assert library.add([file(tmp_path, "b.txt", HARBOUR)]).failures == ()


def test_the_quota_is_of_all_visitors_together(parts: StaticRuntime, tmp_path: Path):
    quota = Quota(len(LIGHTHOUSE) + 10)
    one, two = Library(parts, quota=quota), Library(parts, quota=quota)
    one.add([file(tmp_path, "a.txt", LIGHTHOUSE)])
    late = file(tmp_path, "b.txt", HARBOUR)
    (failure,) = two.add([late]).failures
    assert "all visitors together" in failure.reason
    assert "try again" in failure.reason
    assert two.add([file(tmp_path, "c.txt", "Short.")]).failures == ()
    one.remove("uploads/a.txt")
    assert two.add([file(tmp_path, "d.txt", HARBOUR[:40])]).failures == ()


@pytest.mark.parametrize("ending", ["closed", "collected", "failed"])
def test_a_library_that_ends_frees_its_part_of_the_quota(
    parts: StaticRuntime, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ending: str
):
    quota = Quota(len(LIGHTHOUSE))
    one, two = Library(parts, quota=quota), Library(parts, quota=quota)
    given = file(tmp_path, "a.txt", LIGHTHOUSE)

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        if ending == "failed":
            patch.setattr(np, "save", full)
        one.add([given])
    if ending == "closed":
        one.close()
    elif ending == "collected":
        del one
        gc.collect()
    assert two.add([given]).failures == ()


def test_an_addition_that_fails_leaves_no_folder(
    library: Library, tmp_path: Path, temporary: Path, monkeypatch: pytest.MonkeyPatch
):
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(np, "save", full)
    assert library.add([file(tmp_path, "a.txt", LIGHTHOUSE)]).failures
    assert list(temporary.iterdir()) == []


def test_each_file_of_a_stranger_has_a_process_of_its_own(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    started: list[object] = []
    really = subprocess.Popen

    def start(command: list[str], **options: Any) -> object:
        started.append(command)
        return really(command, **options)

    monkeypatch.setattr(subprocess, "Popen", start)
    library.add([file(tmp_path, f"{i}.csv", f"Item,Price\nFuel,{i}\n") for i in range(3)])
    assert len(started) == 3
