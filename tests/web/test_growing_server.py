"""``attest serve FOLDER``: it answers while it indexes, follows changes, and needs no document to start."""

import socket
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from threading import Event, current_thread

import httpx
import numpy as np
import pytest
from numpy.typing import NDArray

from qa import assemble
from qa.cli import parser
from qa.index import follower
from qa.index.update import grow
from qa.web import server
from tests.support.cli import CommandResult, Run
from tests.support.fakes import FakeEncoder

PATIENCE_SECONDS = 60.0

Visit = Callable[[httpx.Client], None]


class Slow(FakeEncoder):
    """Embeds nothing for the index until it is let; passages for a question at once."""

    def __init__(self) -> None:
        super().__init__()
        self.go = Event()

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        if current_thread().name == "indexing":
            assert self.go.wait(PATIENCE_SECONDS)
        return super().encode(texts)


@pytest.fixture
def encoder(attest: Run, monkeypatch: pytest.MonkeyPatch) -> Iterator[Slow]:
    # after ``attest``, which has an encoder of its own
    slow = Slow()
    monkeypatch.setattr(assemble, "load_encoder", lambda *_: slow)
    monkeypatch.setattr(follower, "LOOK_SECONDS", 0.1)
    monkeypatch.setattr(grow, "FIRST_SECONDS", 0.0)
    monkeypatch.setattr(grow, "FIRST_CHARACTERS", 500)
    yield slow
    slow.go.set()


@pytest.fixture
def serve(attest: Run, monkeypatch: pytest.MonkeyPatch) -> Callable[[Visit, Path], CommandResult]:
    """Run ``attest serve FOLDER`` while a visitor is there."""

    def run(visit: Visit, folder: Path) -> CommandResult:
        def serve(app: server.Application, listener: socket.socket, *_: object) -> None:
            with (
                server.run_in_background(app, listener) as address,
                httpx.Client(base_url=address, trust_env=False, timeout=PATIENCE_SECONDS) as client,
            ):
                visit(client)

        monkeypatch.setattr(server, "serve", serve)
        return attest("serve", str(folder), "--port", "0")

    return run


def until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.1)


def documents(client: httpx.Client) -> int:
    return int(client.get("/health").json()["documents"])


def ask(client: httpx.Client, question: str) -> dict:
    return client.post("/ask", json={"question": question}).json()


def test_it_answers_before_anything_is_embedded(encoder: Slow, serve: Callable, tmp_path: Path):
    folder = tmp_path / "reports"
    folder.mkdir()
    for n in range(60):
        (folder / f"{n}.txt").write_text(f"Harbour {n} has {n * 7} berths. Its master is number {n}.")
    (folder / "aden.txt").write_text("The lighthouse of Aden was lit in 1867.")

    def visit(client: httpx.Client) -> None:
        until(lambda: documents(client) == 61)
        answer = ask(client, "When was the lighthouse of Aden lit?")
        assert answer["quotes"][0]["text"] == "The lighthouse of Aden was lit in 1867."
        assert answer["coverage"] == {"files": 61, "searched": 61, "by_meaning": 0.0}
        assert "searched 61 of 61 files; 0% also by meaning" in answer["note"]
        found = client.post("/search", json={"query": "lighthouse"}).json()
        assert found["coverage"] == answer["coverage"]
        encoder.go.set()
        until(lambda: "coverage" not in ask(client, "When was the lighthouse of Aden lit?"))

    assert serve(visit, folder).status == 0


@pytest.mark.parametrize("there", [True, False], ids=["empty", "missing"])
def test_it_starts_without_documents_and_reads_the_first(
    encoder: Slow, serve: Callable, tmp_path: Path, there: bool
):
    folder = tmp_path / "later"
    if there:
        folder.mkdir()
    encoder.go.set()

    def visit(client: httpx.Client) -> None:
        assert documents(client) == 0
        answer = ask(client, "When was the lighthouse of Aden lit?")
        assert not answer["answered"]
        assert "no document" in answer["reason"]
        folder.mkdir(exist_ok=True)
        (folder / "aden.txt").write_text("The lighthouse of Aden was lit in 1867.")
        until(lambda: documents(client) == 1)
        assert ask(client, "When was the lighthouse of Aden lit?")["answered"]
        (folder / "oman.txt").write_text("The lighthouse of Muscat was lit in 1921.")
        until(lambda: documents(client) == 2)

    ran = serve(visit, folder)
    assert ran.status == 0
    assert "Traceback" not in ran.err


def test_it_ends_while_it_indexes_and_goes_on_when_started_again(
    encoder: Slow, serve: Callable, tmp_path: Path, attest: Run
):
    folder = tmp_path / "reports"
    folder.mkdir()
    for n in range(60):
        (folder / f"{n}.txt").write_text(f"Harbour {n} has {n * 7} berths. Its master is number {n}.")

    def leave(client: httpx.Client) -> None:
        until(lambda: documents(client) == 60)
        encoder.go.set()

    def stay(client: httpx.Client) -> None:
        assert documents(client) == 60
        until(lambda: "coverage" not in ask(client, "Who is the master of harbour 3?"))

    assert serve(leave, folder).status == 0
    assert serve(stay, folder).status == 0
    assert "Still growing" not in attest("status").out
    assert parser.create_parser().parse_args(["serve"]).folder is None
