"""A server, from its start to its first evidence."""

import os
import subprocess
import sys
import time
from pathlib import Path

import httpx

from qa.errors import AttestError

PATIENCE_SECONDS = 120.0
"""For an answer; the first one waits for what is still loading."""


def seconds_to_evidence(index: Path, question: str) -> float:
    """Seconds from starting ``attest serve`` over ``index``, page and models as the settings say, until it
    has shown the first evidence for ``question``.

    Raises:
        AttestError: the server does not start.
    """
    given = {"ATTEST_INDEX": str(index), "ATTEST_HOST": "127.0.0.1", "ATTEST_PORT": "0"}
    command = [sys.executable, "-m", "qa", "serve"]
    begun = time.perf_counter()
    with subprocess.Popen(command, env=os.environ | given, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout
            address = server.stdout.readline().rpartition(" ")[2].strip().rstrip("/")
            if not address:
                raise AttestError("The server that was to be timed does not start; it says why above")
            asked = {"question": question, "stream": True}
            with (
                httpx.Client(trust_env=False, timeout=PATIENCE_SECONDS) as client,
                client.stream("POST", f"{address}/ask", json=asked) as answer,
            ):
                answer.raise_for_status()
                next(answer.iter_lines())
            return time.perf_counter() - begun
        finally:
            server.terminate()
