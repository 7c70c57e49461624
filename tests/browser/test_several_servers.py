"""Two servers behind nginx over one Milvus, of which one is killed in the middle of an answer."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, expect

from qa.index.stores.milvus.connection import Address
from qa.index.stores.milvus.store import MilvusStore
from qa.index.update.update import build_index
from tests.support.browser import Tab, opened
from tests.support.fakes import IDENTITY, ROOT, FakeEncoder, document
from tests.support.milvus_lite_server import free_port, running, wait_for
from tests.support.milvus_server_replica import SAID

CORPUS = [
    document("Siemens installs four gas turbines in Uzbekistan. They have 54 MW each.", "turbines.md"),
    document("Boyet leads Alstom in Central Asia. Alstom builds electric locomotives.", "rail.md"),
]
QUESTION = "What does Siemens install in Uzbekistan?"


@dataclass
class Cluster:
    """The address of nginx, and the servers behind it by port."""

    address: str
    servers: dict[int, "subprocess.Popen[bytes]"]

    def kill_the_one_that_answers(self) -> None:
        told = httpx.get(f"{self.address}/health", trust_env=False).headers["x-served-by"]
        server = self.servers[int(told.rpartition(":")[2])]
        server.kill()
        server.wait()


def nginx() -> str:
    found = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if found is None:
        pytest.fail("nginx is not installed; install it with: apt-get install nginx-light")
    return found


@contextmanager
def started(command: list[str], port: int) -> Iterator["subprocess.Popen[bytes]"]:
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        try:
            wait_for(port, 120)
            yield process
        finally:
            process.terminate()


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    with ExitStack() as stack:
        milvus = stack.enter_context(running(tmp_path / "milvus"))
        build_index(MilvusStore(Address(milvus.uri, "", "shared"), IDENTITY, tmp_path), CORPUS, FakeEncoder())
        front, *ports = (free_port() for _ in range(3))
        replica = [sys.executable, "-m", "tests.support.milvus_server_replica", milvus.uri, "shared"]
        servers = {port: stack.enter_context(started([*replica, str(port)], port)) for port in ports}
        configuration = (ROOT / "docs" / "nginx.conf").read_text()
        for written, port in zip(("7860", "7861", "7862"), (front, *ports), strict=True):
            configuration = re.sub(rf"(127\.0\.0\.1:){written}\b", rf"\g<1>{port}", configuration)
        (tmp_path / "nginx.conf").write_text(configuration)
        command = [nginx(), "-p", str(tmp_path), "-c", str(tmp_path / "nginx.conf"), "-g", "daemon off;"]
        stack.enter_context(started(command, front))
        yield Cluster(f"http://127.0.0.1:{front}", servers)


def events(cluster: Cluster) -> Iterator[dict]:
    asked = {"question": QUESTION, "stream": True}
    with httpx.stream("POST", f"{cluster.address}/ask", json=asked, trust_env=False, timeout=60) as response:
        response.raise_for_status()
        for line in response.iter_lines():
            yield json.loads(line)


def test_a_killed_server_costs_one_retry_and_nothing_is_lost(cluster: Cluster, browser: Browser):
    (*_, whole) = (event.get("answer") for event in events(cluster))
    assert whole["answer"].startswith(SAID)
    assert whole["quotes"][0]["document"] == "turbines.md"

    with opened(browser, cluster.address) as tab:
        tab.ask(QUESTION)
        _killed_while_writing(cluster, tab)
        tab.page.reload()  # the conversation is in the browser, and the other server takes over
        expect(tab.exchanges.first).to_contain_text(SAID)
        expect(tab.ask(QUESTION)).to_contain_text(SAID)
        assert tab.exchanges.count() >= 2

    (*_, retried) = (event.get("answer") for event in events(cluster))
    assert retried["quotes"] == whole["quotes"]


def _killed_while_writing(cluster: Cluster, tab: Tab) -> None:
    """Kill the server that both a reader and a program are listening to."""
    listening = events(cluster)
    next(listening)
    tab.begin("What does Alstom build?")
    cluster.kill_the_one_that_answers()
    with pytest.raises(httpx.RemoteProtocolError):
        assert not any("answer" in event for event in listening)
