"""What the verdicts of a model other than the default are worth, as ``attest calibrate`` measured it."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from qa.errors import UserError
from qa.weights import Judge, judge_of


@dataclass(frozen=True, slots=True)
class Calibration:
    """P(answerable) for one model, and how it came about."""

    model: str
    """As ``ATTEST_MODEL`` names it."""
    judge: Judge
    command: str
    data_sha256: Mapping[str, str]
    """Of each file that was measured on, by its name."""


def write_calibration(cache: Path, found: Calibration) -> Path:
    """Keep ``found`` under ``cache``, in place of what was known of that model; return the file.

    Raises:
        OSError: the folder cannot be written.
    """
    path = _path(cache, found.model)
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".new")
    draft.write_text(json.dumps(asdict(found), indent=2) + "\n", encoding="utf-8")
    draft.replace(path)
    return path


def read_calibration(cache: Path, model: str) -> Calibration | None:
    """What is known of ``model``; None where nothing is.

    Raises:
        UserError: the file cannot be read.
    """
    path = _path(cache, model)
    if not path.exists():
        return None
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
        judge = judge_of({**record["judge"]["calibration"], "threshold": record["judge"]["threshold"]})
        judge.calibration.probability(dict.fromkeys(judge.calibration.weights, 0.0))
        return Calibration(record["model"], judge, record["command"], record["data_sha256"])
    except (OSError, ValueError, KeyError, TypeError, AssertionError) as error:
        raise UserError(f"{path} cannot be read; make it anew with: attest calibrate") from error


def _path(cache: Path, model: str) -> Path:
    return cache / "calibrations" / f"{hashlib.sha256(model.encode()).hexdigest()[:16]}.json"
