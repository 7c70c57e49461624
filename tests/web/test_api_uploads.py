"""Programs add documents over HTTP to a server that shares uploads, and remove them."""

from pathlib import Path

import httpx
import pytest
from starlette.testclient import TestClient

from qa.config import Config
from qa.index.index import Index
from qa.index.stores.local import LocalStore
from qa.runtime import StaticRuntime
from qa.web import server
from qa.web.security.auth import new_token, set_password
from tests.support.sample_files import drawn
from tests.web.test_api import assert_problem

AT = "http://127.0.0.1"
LLAMAS = b"The llamas of Peru carry 25 kilograms each."
QUESTION = "How much do the llamas of Peru carry?"


@pytest.fixture
def shared(settings: Config, index: Index, tmp_path: Path) -> Config:
    """Settings of a server whose uploads are everybody's, in a store of the test's own."""
    own = tmp_path / "index"
    own.mkdir()
    return settings.model_copy(update={"index": own, "shared": True})


@pytest.fixture
def client(quick_parts: StaticRuntime, shared: Config) -> TestClient:
    return TestClient(server.create(quick_parts, shared), AT, raise_server_exceptions=False)


def sent(client: TestClient, *files: tuple[str, bytes], **options: dict) -> httpx.Response:
    return client.post("/documents", files=[("files", each) for each in files], **options)


def ids(client: TestClient) -> set[str]:
    return {each["id"] for each in client.get("/documents").json()["documents"]}


def test_a_document_that_is_sent_can_be_asked_read_and_removed(client: TestClient):
    before = ids(client)
    added = sent(client, ("llamas.txt", LLAMAS))
    assert added.status_code == 201
    (document,) = added.json()["documents"]
    assert added.json()["refused"] == []
    assert ids(client) == before | {document["id"]}
    answer = client.post("/ask", json={"question": QUESTION}).json()
    assert answer["quotes"][0]["document"] == document["id"]
    chat = {"model": "attest", "messages": [{"role": "user", "content": QUESTION}]}
    assert "25 kilograms" in client.post("/v1/chat/completions", json=chat).text
    assert client.get(f"/documents/{document['id']}").json()["text"] == LLAMAS.decode()
    assert client.delete(f"/documents/{document['id']}").status_code == 204
    assert ids(client) == before
    assert_problem(client.delete(f"/documents/{document['id']}"), 404, "no document called")


def test_of_several_files_those_that_can_be_read_are_added(client: TestClient):
    added = sent(client, ("a.txt", LLAMAS), ("b.txt", b""), ("c.exe", b"MZ"), ("a.txt", b"Another a."))
    assert added.status_code == 201
    assert [each["id"] for each in added.json()["documents"]] == ["uploads/a.txt", "uploads/a (2).txt"]
    refused = {each["file"]: each["reason"] for each in added.json()["refused"]}
    assert set(refused) == {"b.txt", "c.exe"}
    assert "cannot be added" in refused["c.exe"]


def test_sending_a_document_twice_adds_it_once(client: TestClient):
    assert sent(client, ("llamas.txt", LLAMAS)).status_code == 201
    before = ids(client)
    assert_problem(sent(client, ("llamas.txt", LLAMAS)), 422, "same text as uploads/llamas.txt")
    assert ids(client) == before


@pytest.mark.parametrize(
    ("files", "status", "said"),
    [
        ([("a.exe", b"MZ")], 415, "docs/formats.md"),
        ([("noending", b"text")], 415, "no files of this kind"),
        ([("a.txt", b"")], 422, "a.txt: there is no text in it"),
        ([("a.pdf", b"not a PDF")], 422, "a.pdf"),
        ([("", b"x")], 422, "files"),
    ],
)
def test_what_cannot_be_added_is_refused_with_its_reason(
    client: TestClient, files: list[tuple[str, bytes]], status: int, said: str
):
    before = ids(client)
    assert_problem(sent(client, *files), status, said)
    assert ids(client) == before


def test_a_file_that_is_too_large_is_refused(quick_parts: StaticRuntime, shared: Config):
    small = shared.model_copy(update={"max_upload": 1})
    client = TestClient(server.create(quick_parts, small), AT, raise_server_exceptions=False)
    assert_problem(sent(client, ("a.txt", b"x" * 1_000_001)), 413, "1 MB")
    beyond = sent(client, ("a.txt", b"x"), headers={"Content-Length": "999999999"})
    assert_problem(beyond, 413, "too large")


def test_a_body_that_is_no_form_of_files_is_refused(client: TestClient):
    assert_problem(client.post("/documents", json={"files": ["a"]}), 422, "multipart/form-data")
    assert_problem(client.post("/documents", files={"file": ("a.txt", b"x")}), 422, "fields called files")
    broken = {"Content-Type": "multipart/form-data; boundary=x"}
    assert_problem(client.post("/documents", content=b"--y", headers=broken), 422, "multipart/form-data")
    many = [("files", (f"{each}.txt", b"x")) for each in range(200)]
    assert_problem(client.post("/documents", files=many), 422, "files can be sent at a time")


def test_nobody_can_send_in_the_name_of_another(client: TestClient):
    files = [("files", ("llamas.txt", LLAMAS))]
    assert_problem(client.post("/documents", files=files, data={"owner": "ada"}), 422, "fields called files")
    assert "uploads/llamas.txt" not in ids(client)


@pytest.mark.parametrize("name", ["../../evil.txt", "/etc/evil.txt", "..\\evil.txt", "a/b/evil.txt"])
def test_a_name_leads_nowhere(client: TestClient, name: str):
    (document,) = sent(client, (name, LLAMAS)).json()["documents"]
    assert document["id"] == "uploads/evil.txt"


def test_a_document_that_was_not_uploaded_cannot_be_removed(client: TestClient):
    (first, *_) = ids(client)
    assert_problem(client.delete(f"/documents/{first}"), 403, "was not uploaded")
    assert first in ids(client)


def test_a_server_that_does_not_share_keeps_nothing(quick_parts: StaticRuntime, settings: Config):
    client = TestClient(server.create(quick_parts, settings), AT, raise_server_exceptions=False)
    assert_problem(sent(client, ("llamas.txt", LLAMAS)), 403, "attest serve --shared")
    assert_problem(client.delete("/documents/uploads/llamas.txt"), 403, "attest serve --shared")


def test_another_site_cannot_send_a_document(client: TestClient):
    foreign = {"Origin": "https://example.org", "Sec-Fetch-Site": "cross-site"}
    assert_problem(sent(client, ("llamas.txt", LLAMAS), headers=foreign), 403, "Another site")
    assert_problem(client.delete("/documents/uploads/x.txt", headers=foreign), 403, "Another site")


def test_only_a_token_that_may_write_changes_documents(
    quick_parts: StaticRuntime, shared: Config, tmp_path: Path
):
    accounts = tmp_path / "accounts"
    set_password(accounts, "ada", "correct horse")
    reads, writes = new_token(accounts, "nightly"), new_token(accounts, "importer", may_write=True)
    locked = shared.model_copy(update={"auth": accounts})
    client = TestClient(server.create(quick_parts, locked), AT, raise_server_exceptions=False)
    sending = ("llamas.txt", LLAMAS)
    for method in ("POST", "DELETE"):
        path = "/documents" if method == "POST" else "/documents/uploads/llamas.txt"
        for token, status, said in (("", 401, "token"), ("wrong", 401, "token"), (reads, 403, "--write")):
            headers = {"Authorization": f"Bearer {token}"}
            assert_problem(client.request(method, path, headers=headers), status, said)
    headers = {"Authorization": f"Bearer {writes}"}
    assert sent(client, sending, headers=headers).status_code == 201
    assert client.get(
        "/documents/uploads/llamas.txt", headers={"Authorization": f"Bearer {reads}"}
    ).is_success
    assert client.delete("/documents/uploads/llamas.txt", headers=headers).status_code == 204


def test_a_program_removes_only_what_it_added(quick_parts: StaticRuntime, shared: Config, tmp_path: Path):
    accounts = tmp_path / "accounts"
    set_password(accounts, "ada", "correct horse")
    one, other = (new_token(accounts, name, may_write=True) for name in ("importer", "cleaner"))
    locked = shared.model_copy(update={"auth": accounts})
    client = TestClient(server.create(quick_parts, locked), AT, raise_server_exceptions=False)
    first, second = ({"Authorization": f"Bearer {token}"} for token in (one, other))
    assert sent(client, ("llamas.txt", LLAMAS), headers=first).status_code == 201
    at = "/documents/uploads/llamas.txt"
    # Nothing but the token says who somebody is.
    for claim in ({}, {"X-Forwarded-User": "importer"}, {"Remote-User": "program importer"}):
        told = client.delete(f"{at}?uploader=program%20importer", headers={**second, **claim})
        assert_problem(told, 403, "added by program importer; only program importer or an owner")
    forged = {"uploader": "program cleaner"}
    assert_problem(
        sent(client, ("b.txt", b"Another text."), headers=first, data=forged), 422, "fields called files"
    )
    assert client.get(at, headers=second).is_success
    assert client.delete(at, headers=first).status_code == 204


def test_the_file_of_a_document_comes_back_as_it_was_sent(client: TestClient):
    pdf = drawn([(72, 700, LLAMAS.decode())])
    (document,) = sent(client, ("llamas of Peru.pdf", pdf)).json()["documents"]
    got = client.get(f"/documents/{document['id']}/file")
    assert (got.status_code, got.content) == (200, pdf)
    assert got.headers["content-disposition"] == "attachment; filename*=utf-8''llamas%20of%20Peru.pdf"
    assert got.headers["content-type"] == "application/octet-stream"
    assert got.headers["cache-control"] == "no-store"
    client.delete(f"/documents/{document['id']}")
    assert_problem(client.get(f"/documents/{document['id']}/file"), 404, "no document called")


def test_a_program_gets_only_the_files_that_it_added(
    quick_parts: StaticRuntime, shared: Config, tmp_path: Path
):
    accounts = tmp_path / "accounts"
    set_password(accounts, "ada", "correct horse")
    one, other = (new_token(accounts, name, may_write=True) for name in ("importer", "cleaner"))
    locked = shared.model_copy(update={"auth": accounts})
    client = TestClient(server.create(quick_parts, locked), AT, raise_server_exceptions=False)
    first, second = ({"Authorization": f"Bearer {token}"} for token in (one, other))
    sent(client, ("llamas.txt", LLAMAS), headers=first)
    at = "/documents/uploads/llamas.txt/file"
    assert_problem(client.get(at), 401, "token")
    client.post("/login", data={"username": "ada", "password": "correct horse"})
    assert_problem(client.get(at), 401, "token")  # the API reads no cookies
    for claim in ({}, {"X-Forwarded-User": "importer"}, {"Remote-User": "program importer"}):
        told = client.get(f"{at}?uploader=program%20importer", headers={**second, **claim})
        assert_problem(told, 403, "added by somebody else")
        assert LLAMAS not in told.content
    reads = {"Authorization": f"Bearer {new_token(accounts, 'importer')}"}
    assert client.get(at, headers=reads).content == LLAMAS


def test_a_file_that_was_not_uploaded_or_is_not_kept_is_refused(
    client: TestClient,
    quick_parts: StaticRuntime,
    settings: Config,
    shared: Config,
    monkeypatch: pytest.MonkeyPatch,
):
    (first, *_) = ids(client)
    assert_problem(client.get(f"/documents/{first}/file"), 403, "was not uploaded")
    outside = client.get("/documents/uploads%2F..%2F..%2Fattest.toml/file")
    assert_problem(outside, 404, "no document called")
    with monkeypatch.context() as patch:
        patch.setattr(LocalStore, "keeps_originals", False)  # as with Milvus
        sent(client, ("llamas.txt", LLAMAS))
    assert_problem(client.get("/documents/uploads/llamas.txt/file"), 404, "Only the text of")
    alone = TestClient(server.create(quick_parts, settings), AT, raise_server_exceptions=False)
    assert_problem(alone.get(f"/documents/{first}/file"), 403, "attest serve --shared")
