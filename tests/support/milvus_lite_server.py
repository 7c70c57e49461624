"""A Milvus Lite server that can be killed and started again, and a free port for it."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from resource import RLIMIT_FSIZE, setrlimit


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


def wait_for(port: int, seconds: float = 60) -> None:
    """Wait until somebody listens at ``port``."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.1)
    raise TimeoutError(f"Nobody listens at port {port}")


class Milvus:
    """The server over ``folder``, at a port of its own."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self.uri = f"http://127.0.0.1:{self.port}"
        self._folder = folder
        self._server: subprocess.Popen[bytes] | None = None

    def start(self, disk: int | None = None) -> None:
        """With ``disk``, no file can grow beyond so many bytes, as if the disk were full then."""
        command = "from milvus_lite.cmdline import main; main()"
        given = ["server", "--data-dir", str(self._folder), "--host", "127.0.0.1", "--port", str(self.port)]
        self._server = subprocess.Popen(
            [sys.executable, "-c", command, *given],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            preexec_fn=None if disk is None else lambda: setrlimit(RLIMIT_FSIZE, (disk, disk)),
        )
        wait_for(self.port)

    def kill(self) -> None:
        assert self._server
        self._server.kill()
        self._server.wait()


@contextmanager
def running(folder: Path) -> Iterator[Milvus]:
    server = Milvus(folder)
    server.start()
    try:
        yield server
    finally:
        server.kill()
