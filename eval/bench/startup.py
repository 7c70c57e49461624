"""Time a server from its start to its first evidence and to its page."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from qa.errors import AttestError

PATIENCE_SECONDS = 120.0
"""The longest wait for an answer; the first one waits for what is still loading."""


@dataclass(frozen=True, slots=True)
class Start:
    """Seconds from starting a server until it is of use."""

    evidence: float
    """Until it has sent the first evidence over HTTP."""
    page: float
    """Until it has sent the page. Measured with another start, without a question: a question makes the
    server load the language model, and the page has to wait for that."""


def time_start(index: Path, question: str) -> Start:
    """Start ``attest serve`` over ``index`` twice, page and models as the settings say, and ask it for
    evidence for ``question``, and for the page, as soon as it listens.

    Raises:
        AttestError: the server does not start.
    """
    with running_server(index) as server:
        asked = {"question": question, "stream": True}
        with server.client.stream("POST", "/ask", json=asked) as answer:
            answer.raise_for_status()
            next(answer.iter_lines())
            evidence = server.seconds()
    with running_server(index) as server:
        server.client.get("/").raise_for_status()
        return Start(evidence, server.seconds())


@dataclass(frozen=True, slots=True)
class Server:
    """A server that listens."""

    client: httpx.Client
    begun: float
    process: int
    """Its id."""

    def seconds(self) -> float:
        """Return the time since its process was started."""
        return time.perf_counter() - self.begun


@contextmanager
def running_server(index: Path, **settings: str) -> Iterator[Server]:
    """Run ``attest serve`` over ``index`` with ``settings``, environment variables, until the context ends.

    Raises:
        AttestError: the server does not start.
    """
    given = settings | {"ATTEST_INDEX": str(index), "ATTEST_HOST": "127.0.0.1", "ATTEST_PORT": "0"}
    command = [sys.executable, "-m", "qa", "serve"]
    begun = time.perf_counter()
    with subprocess.Popen(command, env=os.environ | given, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            address = process.stdout.readline().rpartition(" ")[2].strip().rstrip("/")
            if not address:
                raise AttestError("The server did not start; its own message is above")
            with httpx.Client(base_url=address, trust_env=False, timeout=PATIENCE_SECONDS) as client:
                yield Server(client, begun, process.pid)
        finally:
            process.terminate()
