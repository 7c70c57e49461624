"""Calibrations of models other than the default one, as ``attest calibrate`` measures them."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter

from qa.errors import UserError
from qa.weights import Judge


@dataclass(frozen=True, slots=True)
class Calibration:
    """P(answerable) for one model, and where it comes from."""

    model: str
    """The model's name, as in ``ATTEST_MODEL``."""
    judge: Judge
    command: str
    data_sha256: Mapping[str, str]
    """SHA-256 of each file that was measured on, by the file's name."""


_JSON = TypeAdapter(Calibration)


def write_calibration(cache: Path, calibration: Calibration) -> Path:
    """Save ``calibration`` under ``cache``, in place of any other of that model, and return the file.

    Raises:
        OSError: the folder cannot be written.
    """
    path = _path(cache, calibration.model)
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".new")
    draft.write_bytes(_JSON.dump_json(calibration, indent=2) + b"\n")
    draft.replace(path)
    return path


def read_calibration(cache: Path, model: str) -> Calibration | None:
    """Read the calibration of ``model``; None if there is none.

    Raises:
        UserError: the file cannot be read.
    """
    path = _path(cache, model)
    if not path.exists():
        return None
    try:
        return _JSON.validate_json(path.read_bytes())
    except (OSError, ValueError) as error:
        raise UserError(f"{path} cannot be read; make it again with: attest calibrate") from error


def claims_of(model: str) -> str:
    """Return the name under which the calibration of ``model`` for checking sentences is kept."""
    return f"claims {model}"


def _path(cache: Path, model: str) -> Path:
    return cache / "calibrations" / f"{hashlib.sha256(model.encode()).hexdigest()[:16]}.json"
