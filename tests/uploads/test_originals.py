"""The files of uploads: kept beside the index of their text, and gone with it."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from qa import storage
from qa.config import Config
from qa.index.index import Index
from qa.index.prepare import by_id, cut_documents
from qa.index.sources import SourceFile
from qa.index.stores.local import LocalStore
from qa.index.update.copy import copy_index
from qa.index.update.update import build_index, put_documents
from qa.pipeline import Pipeline
from qa.retrieval.hybrid import HybridRetriever
from qa.runtime import StaticRuntime
from qa.uploads import index as uploads_index
from qa.uploads.actor import Actor
from qa.uploads.index import UploadIndex
from qa.uploads.library import Library
from qa.uploads.limits import LIMITS, Limits, Quota
from qa.web import server
from qa.web.ui.chat import render_citation
from tests.support.fakes import IDENTITY, FakeEncoder, document
from tests.support.sample_files import drawn, letter, zipped

LIGHTHOUSE = "The lighthouse of Arholma was lit in 1768. Its keeper was Anna Lindqvist."
HARBOUR = "The harbour of Visby has three cranes. They were built in 1904."

pytestmark = pytest.mark.usefixtures("temporary")


@pytest.fixture
def parts(tmp_path: Path) -> StaticRuntime:
    store = LocalStore(tmp_path / "index", IDENTITY)
    build_index(store, [document("Rail is the future.", "rail.md")], FakeEncoder())
    index = Index.open(store)
    pipeline = Pipeline(HybridRetriever(source=index, encoder=FakeEncoder()), index.documents, None, 0.0)
    return StaticRuntime(index, FakeEncoder(), IDENTITY, pipeline)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """The folder of uploads that last."""
    return tmp_path / "index" / "uploads"


@pytest.fixture
def lasting(parts: StaticRuntime, home: Path) -> Library:
    return opened(parts, home)


def opened(parts: StaticRuntime, home: Path, limits: Limits = LIMITS) -> Library:
    uploads = UploadIndex(LocalStore(home, IDENTITY))
    uploads.refresh()
    return Library(parts, limits, stored=uploads)


def file(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def originals(folder: Path) -> set[bytes]:
    """What the files are that are kept anywhere in ``folder``."""
    return {each.read_bytes() for each in folder.rglob("original-*")}


def original(library: Library, doc_id: str) -> bytes:
    path = library.original(doc_id)
    assert path
    return path.read_bytes()


def test_a_file_is_kept_as_it_was_and_goes_with_its_document(
    lasting: Library, parts: StaticRuntime, home: Path, tmp_path: Path
):
    pdf = drawn([(72, 700, LIGHTHOUSE)])
    lasting.add([file(tmp_path, "light.pdf", pdf), file(tmp_path, "a.txt", "\ufeff" + HARBOUR)])
    again = opened(parts, home)  # after a restart
    assert original(again, "uploads/light.pdf") == pdf
    assert original(again, "uploads/a.txt") == ("\ufeff" + HARBOUR).encode()
    assert again.original("rail.md") is None
    again.remove("uploads/light.pdf")
    assert originals(home) == {("\ufeff" + HARBOUR).encode()}
    assert again.original("uploads/light.pdf") is None
    again.remove("uploads/a.txt")
    assert originals(home) == set()


def test_every_reader_sees_the_pages_of_a_shared_file_and_nobody_those_of_anothers(
    parts: StaticRuntime, home: Path, tmp_path: Path
):
    pdf = file(tmp_path, "light.pdf", drawn([(72, 700, LIGHTHOUSE)]))
    anna, bert = Actor("anna"), Actor("bert")
    uploads = UploadIndex(LocalStore(home, IDENTITY))
    shared = Library(parts, stored=uploads, shared=True)
    (document,) = shared.add([pdf], by=anna).documents
    quoted = SimpleNamespace(document=document.id, start=0, end=len(document.text), tone=1)

    def page(library: Library) -> str:
        shown = render_citation(quoted, library.pipeline.documents, library.file, page_image=True)
        return str(shown)

    assert "data:image/" in page(shared)  # whoever reads it, though the file is hers alone to download
    assert shared.original(document.id, anna)
    assert shared.original(document.id, bert) is None
    private, other = Library(parts), Library(parts)
    private.add([pdf])
    assert "data:image/" in page(private)
    assert "Arholma" not in page(other)
    assert other.file(document.id) is None


def test_nobody_else_on_the_machine_can_read_it(lasting: Library, home: Path, tmp_path: Path):
    lasting.add([file(tmp_path, "a.txt", LIGHTHOUSE)])
    (kept,) = home.glob("original-*")
    assert kept.stat().st_mode & 0o077 == 0


def test_a_visitors_file_lives_as_long_as_the_temporary_index(
    parts: StaticRuntime, temporary: Path, tmp_path: Path
):
    library = Library(parts)
    library.add([file(tmp_path, "a.txt", LIGHTHOUSE), file(tmp_path, "b.txt", HARBOUR)])
    assert original(library, "uploads/a.txt") == LIGHTHOUSE.encode()
    library.remove("uploads/a.txt")
    assert originals(temporary) == {HARBOUR.encode()}
    library.close()
    assert list(temporary.iterdir()) == []


def test_of_an_archive_each_file_is_kept_and_goes_alone(lasting: Library, home: Path, tmp_path: Path):
    mail = letter()
    content = {"deep/light.txt": LIGHTHOUSE, "harbour.txt": HARBOUR, "mail.eml": mail}
    lasting.add([file(tmp_path, "all.zip", zipped(content))])
    assert originals(home) == {LIGHTHOUSE.encode(), HARBOUR.encode(), mail}
    assert original(lasting, "uploads/all.zip/deep/light.txt") == LIGHTHOUSE.encode()
    lasting.remove("uploads/all.zip/deep/light.txt")
    assert originals(home) == {HARBOUR.encode(), mail}
    assert not any(b"Lindqvist" in each.read_bytes() for each in home.rglob("*") if each.is_file())


def test_a_file_that_is_not_added_is_not_kept(lasting: Library, home: Path, tmp_path: Path):
    lasting.add([file(tmp_path, "a.txt", LIGHTHOUSE)])
    lasting.add([file(tmp_path, "b.txt", LIGHTHOUSE + "\n\n"), file(tmp_path, "c.txt", b"\x00\x01")])
    assert originals(home) == {LIGHTHOUSE.encode()}


def test_where_there_is_no_room_for_files_the_text_is_kept(parts: StaticRuntime, home: Path, tmp_path: Path):
    room = Limits(upload_bytes=len(LIGHTHOUSE) + len(HARBOUR) - 1)
    library = opened(parts, home, room)
    library.add([file(tmp_path, "a.txt", LIGHTHOUSE), file(tmp_path, "b.txt", HARBOUR)])
    kept = {row.id: row.has_original for row in library.listing() if row.own}
    assert kept == {"uploads/a.txt": True, "uploads/b.txt": False}
    library.remove("uploads/a.txt")
    library.remove("uploads/b.txt")
    library.add([file(tmp_path, "b.txt", HARBOUR)])
    assert original(library, "uploads/b.txt") == HARBOUR.encode()


def test_all_visitors_together_have_room_for_so_many_files(parts: StaticRuntime, tmp_path: Path):
    room = Quota(len(LIGHTHOUSE) + len(HARBOUR) - 1)
    one, other = (Library(parts, file_quota=room) for _ in range(2))
    one.add([file(tmp_path, "a.txt", LIGHTHOUSE)])
    other.add([file(tmp_path, "b.txt", HARBOUR)])
    assert one.original("uploads/a.txt")
    assert [row.has_original for row in other.listing() if row.own] == [False]
    one.close()
    other.add([file(tmp_path, "c.txt", HARBOUR + " So it is.")])
    assert other.original("uploads/c.txt")


class KilledError(BaseException):
    """Stands for the end of the process: nothing is cleaned up after it."""


@pytest.mark.parametrize("before", [0, 1])
def test_a_server_that_is_killed_before_the_index_is_written_leaves_no_file(
    quick_parts: StaticRuntime, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, before: int
):
    settings = Config(index=tmp_path / "served", shared=True)
    uploads = UploadIndex(storage.open_uploads(settings))
    library = Library(quick_parts, stored=uploads)
    library.add([file(tmp_path, "a.txt", LIGHTHOUSE)][:before])

    def die(*_: object) -> None:
        raise KilledError

    with monkeypatch.context() as patch:
        patch.setattr(uploads_index, "put_documents", die)
        patch.setattr(LocalStore, "remove_unused", die)
        with pytest.raises(KilledError):
            library.add([file(tmp_path, "b.txt", HARBOUR)])
    folder = settings.index / "uploads"
    assert HARBOUR.encode() in originals(folder)
    server.create(quick_parts, settings)
    assert originals(folder) == {LIGHTHOUSE.encode()} if before else originals(folder) == set()
    again = Library(quick_parts, stored=UploadIndex(storage.open_uploads(settings)))
    again.refresh()
    assert [row.id for row in again.listing() if row.own] == ["uploads/a.txt"][:before]
    again.add([file(tmp_path, "b.txt", HARBOUR)])
    assert original(again, "uploads/b.txt") == HARBOUR.encode()


def test_a_server_that_is_killed_before_a_removed_file_is_gone_removes_it_when_it_starts(
    quick_parts: StaticRuntime, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    accounts = file(tmp_path, "accounts", "token a:" + "0" * 64)
    settings = Config(index=tmp_path / "served", auth=accounts)
    uploads = UploadIndex(storage.open_reader_uploads(settings, "anna"))
    library = Library(quick_parts, stored=uploads)
    library.add([file(tmp_path, "a.txt", LIGHTHOUSE), file(tmp_path, "b.txt", HARBOUR)])

    def die(*_: object) -> None:
        raise KilledError

    with monkeypatch.context() as patch:
        patch.setattr(LocalStore, "_remove_except", die)
        with pytest.raises(KilledError):
            library.remove("uploads/a.txt")
    assert LIGHTHOUSE.encode() in originals(settings.index)
    server.create(quick_parts, settings)
    assert originals(settings.index) == {HARBOUR.encode()}
    left = [each for each in (settings.index / "readers").rglob("*") if each.is_file()]
    assert not any(b"Lindqvist" in each.read_bytes() for each in left)


def test_a_change_that_fails_leaves_no_file(
    lasting: Library, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(uploads_index, "put_documents", full)
        assert "No space left" in lasting.add([file(tmp_path, "a.txt", LIGHTHOUSE)]).failures[0].reason
    assert originals(home) == set()


def test_a_damaged_file_is_not_given_out(lasting: Library, home: Path, tmp_path: Path):
    lasting.add([file(tmp_path, "a.txt", LIGHTHOUSE)])
    (kept,) = home.glob("original-*")
    kept.write_text("Other.")
    assert lasting.original("uploads/a.txt") is None


def test_a_copy_of_the_index_has_the_files(
    lasting: Library, home: Path, parts: StaticRuntime, tmp_path: Path
):
    lasting.add([file(tmp_path, "a.txt", LIGHTHOUSE)])
    copied = tmp_path / "copied"
    copy_index(LocalStore(home, IDENTITY), LocalStore(copied, IDENTITY))
    assert original(opened(parts, copied), "uploads/a.txt") == LIGHTHOUSE.encode()


def test_an_index_of_an_earlier_version_is_read_and_has_no_files(
    home: Path, parts: StaticRuntime, tmp_path: Path
):
    store, former = LocalStore(home, IDENTITY), document(LIGHTHOUSE, "uploads/a.txt")
    noted = SourceFile(former.id, "0" * 64, len(LIGHTHOUSE), 0, (former.id,))
    vectors = FakeEncoder().encode(sentences := cut_documents(by_id([former])).sentences)
    with store.write_lock():
        put_documents(store, [former], [noted], dict(zip(sentences, vectors, strict=True)))
    (listed,) = home.glob("sources-*")
    assert b'upload"' not in listed.read_bytes()
    library = opened(parts, home)
    library.add([file(tmp_path, "b.txt", HARBOUR)])
    assert [row.has_original for row in library.listing()] == [False, False, True]
    assert library.file("uploads/a.txt") is None
    library.remove("uploads/a.txt")
    assert [row.id for row in library.listing() if row.own] == ["uploads/b.txt"]
