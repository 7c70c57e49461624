"""Read a file in a process of its own, so that no file can take long, use up the memory or crash Attest.

The process is ended when it takes too long or too much memory. Memory is looked at several times a second on
every system; Linux also refuses the process more address space than that, at once.
"""

import base64
import json
import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil

from qa.concurrency import repeat_in_background
from qa.errors import UserError
from qa.ingest.readers import suffix
from qa.ingest.readers.base import TOO_MUCH_MEMORY, FileContent, Piece
from qa.ingest.readers.pdf_image import PageImage

SECONDS = 180.0
"""The time limit for one file. Set by hand: a PDF of two thousand full pages takes about as long on two
processor cores that have other work as well."""

OCR_SECONDS = 3_600.0
"""The time limit with text recognition, which takes seconds for each page."""

MEMORY = 4 * 1024**3
"""Bytes of memory that the process may use."""

LOOK_SECONDS = 0.2
"""The time between two looks at the memory of the process."""


def read_in_sandbox(
    data: bytes, name: str, ocr: str = "", seconds: float | None = None, memory: int = MEMORY
) -> FileContent:
    """Return what :func:`qa.ingest.readers.read` returns for a file, within ``seconds`` and ``memory`` bytes.

    Raises:
        UserError: it cannot be read, or not within the limits.
    """
    limit = seconds or (OCR_SECONDS if ocr else SECONDS)
    answer = _run(data, ["read", f"file{suffix(name)}", ocr], limit, memory)
    return FileContent(tuple(Piece(label, text) for label, text in answer["pieces"]), answer["metadata"])


def draw_in_sandbox(data: bytes, page: int, quote: str, seconds: float = SECONDS) -> PageImage:
    """Return what :func:`qa.ingest.readers.pdf_image.draw_page` returns for a page of a PDF, within
    ``seconds``.

    Raises:
        UserError: it cannot be drawn, or not within the limits.
    """
    answer = _run(data, ["draw", str(page), quote], seconds, MEMORY)
    return PageImage(base64.b64decode(answer["png"]), answer["boxed"])


def _run(data: bytes, command: list[str], seconds: float, memory: int) -> dict[str, Any]:
    home = str(Path(__file__).parents[3])
    known = os.environ.get("PYTHONPATH")
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([home, *([known] if known else [])])}
    with subprocess.Popen(
        # -P: a module that lies in the working folder is not taken for one of ours.
        [sys.executable, "-P", "-m", "qa.ingest.readers", str(memory), *command],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment,
    ) as process:
        watchdog = _MemoryWatchdog(process, memory)
        try:
            with repeat_in_background(watchdog.look, LOOK_SECONDS):
                output, _ = process.communicate(data, seconds)
        except subprocess.TimeoutExpired as error:
            raise UserError(f"reading it takes longer than {seconds:g} seconds; split it") from error
        finally:
            process.kill()
    return _answer(output, watchdog.exceeded)


def _answer(output: bytes, exceeded: bool) -> dict[str, Any]:
    try:
        answer: dict[str, Any] = json.loads(output)
    except ValueError as error:
        raise UserError(
            TOO_MUCH_MEMORY if exceeded else "it is damaged: the reader of its format crashed on it"
        ) from error
    if "reason" in answer:
        raise UserError(answer["reason"])
    return answer


class _MemoryWatchdog:
    """Ends a process that has more than ``memory`` bytes in the machine's memory."""

    def __init__(self, process: subprocess.Popen[bytes], memory: int) -> None:
        self.exceeded = False
        self._process = process
        self._memory = memory

    def look(self) -> None:
        """Look once."""
        with suppress(psutil.NoSuchProcess):
            if psutil.Process(self._process.pid).memory_info().rss > self._memory:
                self.exceeded = True
                self._process.kill()
