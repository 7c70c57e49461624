"""The webhook is told of every change, signed, until it takes it; inside, only if the owner allows it."""

import base64
import hashlib
import hmac
import json
import shutil
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import httpx
import pytest

from qa.errors import UserError
from qa.tracking import webhook
from qa.tracking.store import TrackingStore
from qa.tracking.webhook import Target, Webhook, is_public
from tests.tracking.test_crashes import killed_at_random
from tests.tracking.test_tracking import QUESTION, V1, V2, Folder

KEY = "a key of the owner"


class Receiver:
    """A server on this machine that keeps what it gets, and answers with ``status`` after ``seconds``."""

    def __init__(self) -> None:
        self.got: list[tuple[dict[str, str], bytes]] = []
        self.status = 204
        self.seconds = 0.0
        self.url = ""

    @property
    def ids(self) -> list[str]:
        return [headers["webhook-id"] for headers, _ in self.got]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            receiver.got.append(({name.lower(): value for name, value in self.headers.items()}, body))
            time.sleep(receiver.seconds)
            self.send_response(receiver.status)
            self.send_header("Location", "/elsewhere")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        receiver.url = f"http://127.0.0.1:{server.server_port}/hook"
        yield receiver
        server.shutdown()


@pytest.fixture(scope="module")
def store_with_a_change(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a store with one change to deliver, of the owner's question and not of a reader's."""
    folder = Folder(tmp_path_factory.mktemp("folder"))
    folder.put("contract.txt", V1)
    folder.tracked.add(QUESTION)
    folder.tracked.add(QUESTION, "ada")
    folder.update()
    folder.put("contract.txt", V2)
    tracker = folder.tracker()
    tracker._delivers = True
    tracker.update()
    assert len(folder.tracked.deliveries()) == 1
    return folder.tracked.folder


@pytest.fixture
def changed(store_with_a_change: Path, tmp_path: Path) -> TrackingStore:
    """A copy of that store."""
    return TrackingStore(shutil.copytree(store_with_a_change, tmp_path / "tracked"))


def hook(store: TrackingStore, receiver: Receiver, *, private: bool = True) -> Webhook:
    return Webhook(store, Target(receiver.url, KEY, private))


def test_it_is_told_once_and_can_check_who_says_so(changed: TrackingStore, receiver: Receiver):
    hook(changed, receiver).deliver()
    hook(changed, receiver).deliver()
    ((headers, body),) = receiver.got
    (change,) = changed.changes()
    told = json.loads(body)
    assert (told["id"], told["kind"], told["question"]) == (change.id, "changed", QUESTION)
    signed = f"{change.id}.{headers['webhook-timestamp']}.".encode() + body
    expected = base64.b64encode(hmac.new(KEY.encode(), signed, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{expected}"


@pytest.mark.parametrize("status", [302, 307, 400, 503])
def test_what_is_not_taken_is_sent_again_with_the_same_id(
    changed: TrackingStore, receiver: Receiver, monkeypatch: pytest.MonkeyPatch, status: int
):
    monkeypatch.setattr(webhook, "FIRST_WAIT", 0.2)
    receiver.status = status
    sender = hook(changed, receiver)
    sender.deliver()
    sender.deliver()  # too early
    assert len(receiver.got) == 1
    receiver.status = 204
    time.sleep(0.25)
    sender.deliver()
    (change,) = changed.changes()
    assert receiver.ids == [change.id, change.id]
    assert changed.deliveries() == []


def test_one_that_hangs_is_given_up_and_tried_again(
    changed: TrackingStore, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(webhook, "TIMEOUT_SECONDS", 0.5)
    receiver.seconds = 5.0
    hook(changed, receiver).deliver()
    assert changed.deliveries()[0].attempts == 1


def test_nothing_inside_is_reached_unless_the_owner_allows_it(changed: TrackingStore, receiver: Receiver):
    hook(changed, receiver, private=False).deliver()
    named = Target(receiver.url.replace("127.0.0.1", "localhost"), KEY)
    Webhook(changed, named).deliver()
    assert receiver.got == []
    assert len(changed.deliveries()) == 1


PUBLIC, INSIDE = "93.184.215.14", "127.0.0.1"


@pytest.mark.parametrize(
    ("lookups", "reached"),
    [
        (((PUBLIC,), (INSIDE,)), [PUBLIC]),  # a name that leads inside when it is looked up again
        (((PUBLIC, INSIDE),), []),
        (((INSIDE,), (PUBLIC,)), []),
    ],
)
def test_a_name_is_looked_up_once_and_connected_to_where_it_was_checked(
    changed: TrackingStore,
    monkeypatch: pytest.MonkeyPatch,
    lookups: tuple[tuple[str, ...], ...],
    reached: list[str],
):
    answers = iter(lookups)
    connected: list[str] = []

    async def look_up(host: str, port: int, **_: object) -> list[tuple[object, ...]]:
        assert host == "hooks.example.org"
        return [(None, None, None, None, (address, port)) for address in next(answers)]

    async def connect(self: httpx.AsyncHTTPTransport, request: httpx.Request) -> httpx.Response:
        assert request.headers["Host"] == "hooks.example.org"
        assert request.extensions["sni_hostname"] == "hooks.example.org"
        connected.append(request.url.host)
        return httpx.Response(204)

    monkeypatch.setattr("anyio.getaddrinfo", look_up)
    monkeypatch.setattr(httpx.AsyncHTTPTransport, "handle_async_request", connect)
    Webhook(changed, Target("https://hooks.example.org/told", KEY)).deliver()
    assert connected == reached
    assert len(changed.deliveries()) == 1 - len(reached)


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "10.1.2.3", "192.168.0.1", "169.254.169.254", "100.64.0.1", "224.0.0.1"),
        *("::", "::1", "fe80::1%eth0", "fd00::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::"),
    ],
)
def test_what_is_inside(address: str):
    assert not is_public(address)


@pytest.mark.parametrize("address", ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c"])
def test_what_is_public(address: str):
    assert is_public(address)


def test_it_needs_a_key(changed: TrackingStore):
    with pytest.raises(UserError, match="ATTEST_TRACK_SECRET"):
        Webhook(changed, Target("https://example.org", ""))


def test_kills_lose_nothing_and_double_at_most_with_the_same_id(
    changed: TrackingStore, receiver: Receiver, tmp_path: Path
):
    kept = tmp_path / "kept"
    shutil.copytree(changed.folder, kept)
    (change,) = changed.changes()
    receiver.seconds = 0.05

    def check() -> bool:
        told = len(receiver.got)
        hook(TrackingStore(changed.folder), receiver).deliver()
        assert set(receiver.ids) == {change.id}
        assert TrackingStore(changed.folder).deliveries() == []
        again = len(receiver.got) > told
        receiver.got.clear()
        return again

    def deliver() -> None:
        hook(TrackingStore(changed.folder), receiver).deliver()

    killed_at_random(kept, changed.folder, deliver, check)
