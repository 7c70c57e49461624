"""Read files in other processes, so that no file can take long, use up the memory or crash Attest.

A process is ended when a file takes too long or too much memory. Memory is looked at several times a second
on every system; Linux also refuses a process more address space than that, at once. A process reads one file,
or many one after the other where :func:`reuse_processes` says so. It ends when nobody can ask it any more.
"""

import base64
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Lock
from typing import Any

import psutil

from qa.concurrency import repeat_in_background, usable_cores
from qa.errors import UserError
from qa.ingest.readers import suffix
from qa.ingest.readers.archive import Member
from qa.ingest.readers.base import TOO_MUCH_MEMORY, FileContent, Piece
from qa.ingest.readers.pdf_image import PageImage

SECONDS = 180.0
"""The time limit for one file. Set by hand: a PDF of two thousand full pages takes about as long on two
processor cores that have other work as well."""

OCR_SECONDS = 3_600.0
"""The time limit with text recognition, which takes seconds for each page."""

MEMORY = 4 * 1024**3
"""Bytes of memory that a process may use."""

LOOK_SECONDS = 0.2
"""The time between two looks at the memory of a process."""

FILES_EACH = 100
"""The files that a process reads before another takes its place, so that whatever a file leaves behind in a
library ends soon. Starting one costs a quarter of a second: a few milliseconds for each file then."""

GROWN = 512 * 1024**2
"""The bytes of memory with which a process is not used again. One that has read small files has a tenth."""

_CRASHED = "it is damaged: the reader of its format crashed on it"


def read_in_sandbox(
    data: bytes, name: str, ocr: str = "", seconds: float | None = None, memory: int = MEMORY
) -> FileContent:
    """Return what :func:`qa.ingest.readers.read` returns for a file, within ``seconds`` and ``memory`` bytes.

    Raises:
        UserError: it cannot be read, or not within the limits.
    """
    limit = seconds or (OCR_SECONDS if ocr else SECONDS)
    answer = _run(data, ["read", f"file{suffix(name)}", ocr], limit, memory)
    return _content(answer)


def unpack_in_sandbox(data: bytes, name: str, seconds: float = SECONDS) -> Iterator[Member]:
    """Yield what :func:`qa.ingest.readers.unpack` returns for a file of mails, read within ``seconds``.

    Raises:
        UserError: it cannot be read, or not within the limits.
    """
    for each in _run(data, ["unpack", f"file{suffix(name)}"], seconds, MEMORY)["members"]:
        content = _content(each["content"]) if each["content"] else None
        yield Member(**each | {"data": base64.b64decode(each["data"]), "content": content})


def draw_in_sandbox(data: bytes, page: int, quote: str, seconds: float = SECONDS) -> PageImage:
    """Return what :func:`qa.ingest.readers.pdf_image.draw_page` returns for a page of a PDF, within
    ``seconds``.

    Raises:
        UserError: it cannot be drawn, or not within the limits.
    """
    answer = _run(data, ["draw", str(page), quote], seconds, MEMORY)
    return PageImage(base64.b64decode(answer["png"]), answer["boxed"])


@contextmanager
def reuse_processes() -> Iterator[None]:
    """Let each process read many files until the context ends, which ends the processes. Threads may share
    one context, or have one each.

    It is for the files of one owner. Those of strangers are read outside it, each in a process of its own, so
    that a file which takes over its reader does not see the next one.
    """
    _pool.open()
    try:
        yield
    finally:
        _pool.close()


class _Process:
    """A process that does one command after the other, within ``memory`` bytes."""

    def __init__(self, memory: int) -> None:
        home = str(Path(__file__).parents[3])
        known = os.environ.get("PYTHONPATH")
        environment = os.environ | {"PYTHONPATH": os.pathsep.join([home, *([known] if known else [])])}
        self.memory = memory
        self.files = 0
        """The number of files that it has been given."""
        self._spent = False
        self._process = subprocess.Popen(
            # -P: a module that lies in the working folder is not taken for one of ours.
            [sys.executable, "-P", "-m", "qa.ingest.readers", str(memory)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
        )

    def run(self, data: bytes, command: list[str], seconds: float) -> dict[str, Any]:
        """Return the answer to a command about ``data``.

        Raises:
            UserError: it takes too long.
            _BrokenError: the process ended, or has no memory left.
        """
        self.files += 1
        watchdog = _Watchdog(self._process, seconds, self.memory)
        with repeat_in_background(watchdog.look, min(LOOK_SECONDS, seconds)):
            line = self._ask(json.dumps([len(data), *command]).encode() + b"\n", data)
        self._spent = watchdog.late or watchdog.exceeded
        if watchdog.late:
            raise UserError(f"reading it takes longer than {seconds:g} seconds; split it")
        try:
            answer: dict[str, Any] = json.loads(line)
        except ValueError as error:
            self._spent = True
            raise _BrokenError(TOO_MUCH_MEMORY if watchdog.exceeded else _CRASHED) from error
        if answer.get("reason") == TOO_MUCH_MEMORY:
            self._spent = True
            raise _BrokenError(TOO_MUCH_MEMORY)
        return answer

    @property
    def reusable(self) -> bool:
        """True if it can take another file as a new process would."""
        if self._spent or self.files >= FILES_EACH:
            return False
        try:
            return bool(psutil.Process(self._process.pid).memory_info().rss < GROWN)
        except psutil.Error:
            return False

    def end(self) -> None:
        """End the process."""
        self._process.kill()
        with suppress(OSError):  # what it has not taken cannot be flushed
            self._process.communicate()

    def _ask(self, request: bytes, data: bytes) -> bytes:
        """Send a request with its data and return the line that comes back; empty if the process ends."""
        assert self._process.stdin
        assert self._process.stdout
        with suppress(OSError):  # it may have ended, with or without an answer
            self._process.stdin.write(request)
            self._process.stdin.write(data)
            self._process.stdin.flush()
        return self._process.stdout.readline()


class _BrokenError(UserError):
    """A process ended, or has no memory left: because of the file that it reads, or of one before."""


class _Pool:
    """Processes that wait for the next file, as long as somebody has the pool open."""

    def __init__(self) -> None:
        self._users = 0
        self._waiting: list[_Process] = []
        self._lock = Lock()

    def open(self) -> None:
        """Keep processes from now on."""
        with self._lock:
            self._users += 1

    def close(self) -> None:
        """End the processes that wait, unless somebody else has the pool open."""
        with self._lock:
            self._users -= 1
            ending = [] if self._users else self._waiting
            self._waiting = self._waiting if self._users else []
        for process in ending:
            process.end()

    def take(self, memory: int) -> _Process:
        """Return a process that waits, or a new one."""
        with self._lock:
            for process in self._waiting:
                if process.memory == memory:
                    self._waiting.remove(process)
                    return process
        return _Process(memory)

    def put_back(self, process: _Process) -> None:
        """Keep a process for the next file, or end it."""
        if process.reusable:
            with self._lock:
                if self._users and len(self._waiting) < usable_cores():
                    self._waiting.append(process)
                    return
        process.end()


_pool = _Pool()


def _content(answer: Mapping[str, Any]) -> FileContent:
    return FileContent(tuple(Piece(label, text) for label, text in answer["pieces"]), answer["metadata"])


def _run(data: bytes, command: list[str], seconds: float, memory: int) -> dict[str, Any]:
    process = _pool.take(memory)
    try:
        try:
            answer = process.run(data, command, seconds)
        except _BrokenError:
            if process.files == 1:
                raise
            process.end()
            process = _Process(memory)  # it may have been a file before this one
            answer = process.run(data, command, seconds)
    except BaseException:  # a process in an unknown state is not used again
        process.end()
        raise
    _pool.put_back(process)
    if "reason" in answer:
        raise UserError(answer["reason"])
    return answer


class _Watchdog:
    """Ends a process that takes more than ``seconds``, or more than ``memory`` bytes of the machine's."""

    def __init__(self, process: subprocess.Popen[bytes], seconds: float, memory: int) -> None:
        self.late = False
        self.exceeded = False
        self._process = process
        self._deadline = time.monotonic() + seconds
        self._memory = memory

    def look(self) -> None:
        """Look once."""
        if time.monotonic() > self._deadline:
            self.late = True
            self._process.kill()
            return
        with suppress(psutil.NoSuchProcess):
            if psutil.Process(self._process.pid).memory_info().rss > self._memory:
                self.exceeded = True
                self._process.kill()
