"""Reads a file in a process of its own, so that no file can take long, take all memory, or crash Attest."""

import base64
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from qa.errors import UserError
from qa.ingest.readers import suffix
from qa.ingest.readers.base import Piece, Read
from qa.ingest.readers.pdf_image import Pictured

SECONDS = 180.0
"""How long reading one file may take. Set by hand: a PDF of two thousand full pages takes about as long where
two processor cores have other work as well."""

MEMORY = 4 * 1024**3
"""Bytes of memory the reading process may ask for, where the system can say so."""


OCR_SECONDS = 3_600.0
"""The same where pages are recognised, which takes seconds for each."""


def read_apart(data: bytes, name: str, ocr: str = "", seconds: float | None = None) -> Read:
    """What :func:`qa.readers.read` makes of a file, within ``seconds``.

    Raises:
        UserError: it cannot be read, or not within the time.
    """
    said = _asked(data, ["read", f"file{suffix(name)}", ocr], seconds or (OCR_SECONDS if ocr else SECONDS))
    return Read(tuple(Piece(label, text) for label, text in said["pieces"]), said["metadata"])


def picture_apart(data: bytes, page: int, quote: str, seconds: float = SECONDS) -> Pictured:
    """What :func:`qa.ingest.readers.pdf_image.picture` makes of a page of a PDF, within ``seconds``.

    Raises:
        UserError: it cannot be drawn, or not within the time.
    """
    said = _asked(data, ["draw", str(page), quote], seconds)
    return Pictured(base64.b64decode(said["png"]), said["boxed"])


def _asked(data: bytes, command: list[str], seconds: float) -> dict[str, Any]:
    home = str(Path(__file__).parents[3])
    known = os.environ.get("PYTHONPATH")
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([home, *([known] if known else [])])}
    try:
        done = subprocess.run(
            # -P: a module that lies in the working folder is not taken for one of ours.
            [sys.executable, "-P", "-m", "qa.ingest.readers", *command],
            input=data,
            capture_output=True,
            timeout=seconds,
            env=environment,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise UserError(f"reading it takes longer than {seconds:g} seconds; split it") from error
    try:
        said: dict[str, Any] = json.loads(done.stdout)
    except ValueError as error:
        raise UserError("it is damaged: its reader broke down over it") from error
    if "reason" in said:
        raise UserError(said["reason"])
    return said
