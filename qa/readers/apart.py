"""Reads a file in a process of its own, so that no file can take long, take all memory, or crash Attest."""

import json
import os
import subprocess
import sys
from pathlib import Path

from qa.errors import UserError
from qa.readers import suffix
from qa.readers.base import Piece, Read

SECONDS = 180.0
"""How long reading one file may take. Set by hand: a PDF of two thousand full pages takes about as long where
two processor cores have other work as well."""

MEMORY = 4 * 1024**3
"""Bytes of memory the reading process may ask for, where the system can say so."""


def read_apart(data: bytes, name: str, seconds: float = SECONDS) -> Read:
    """What :func:`qa.readers.read` makes of a file, within ``seconds``.

    Raises:
        UserError: it cannot be read, or not within the time.
    """
    home = str(Path(__file__).parents[2])
    known = os.environ.get("PYTHONPATH")
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([home, *([known] if known else [])])}
    try:
        done = subprocess.run(
            # -P: a module that lies in the working folder is not taken for one of ours.
            [sys.executable, "-P", "-m", "qa.readers", f"file{suffix(name)}"],
            input=data,
            capture_output=True,
            timeout=seconds,
            env=environment,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise UserError(f"reading it takes longer than {seconds:g} seconds; split it") from error
    try:
        said = json.loads(done.stdout)
    except ValueError as error:
        raise UserError("it is damaged: its reader broke down over it") from error
    if "reason" in said:
        raise UserError(said["reason"])
    return Read(tuple(Piece(label, text) for label, text in said["pieces"]), said["metadata"])
