"""Calibrate a language model of the user's own: ``attest calibrate``."""

import hashlib
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from qa import assemble
from qa.answering.calibration import Calibration, claims_of, write_calibration
from qa.answering.checker import SupportLogit, support_logit
from qa.answering.cross_encoder import load_cross_encoder
from qa.config import Config
from qa.errors import UserError
from qa.evaluation.datasets.base import sample
from qa.evaluation.datasets.claims import read_claims, sample_claims
from qa.evaluation.datasets.index import indexed
from qa.evaluation.datasets.squad import SQUAD, read_squad
from qa.evaluation.fit import Separation, ask_verdicts, fit_judge
from qa.evaluation.fit_support import PassRates, fit_support
from qa.evaluation.progress import Track, untracked

CALIBRATED = ("default", "none")
"""Models that need no calibration: that of the default one is part of the package."""


@dataclass(frozen=True, slots=True)
class CalibrationReport:
    """A calibration, where it was saved, and how well it does on articles that it was not fitted on."""

    calibration: Calibration
    path: Path
    unseen: Mapping[str, Separation]
    """By kind of unanswerable question."""


def calibrate(
    names: Sequence[str], settings: Config, *, limit: int = 200, seed: int = 7, track: Track = untracked
) -> CalibrationReport:
    """Fit P(answerable) of the configured model to a sample of ``limit`` questions, and save it in the cache.

    ``names`` are paths of files in SQuAD 2.0 format.

    Raises:
        UserError: no model but the default one is configured, or the questions are too few or all answerable.
        AttestError: a model or a file is missing.
        OSError: the calibration cannot be saved.
    """
    if settings.model in CALIBRATED:
        raise UserError(
            "The default model is already calibrated. Choose another one first, for example with "
            "ATTEST_MODEL=openai:gpt-4.1-mini"
        )
    files = [Path(name) for name in (names[1:] if names[:1] == [SQUAD] else names)]
    if not files:
        raise UserError("Give a file of questions in SQuAD 2.0 format: attest calibrate --dataset FILE")
    dataset = read_squad(files)
    chosen = sample(dataset, limit, seed).cases
    if len({each.answerable for each in chosen}) < 2:
        raise UserError(
            "Calibration needs answerable and unanswerable questions; give a file in SQuAD 2.0 format that "
            "has questions without an answer"
        )
    model = assemble.load_model(settings)
    assert model is not None
    encoder = assemble.load_encoder(settings)
    with indexed(dataset, encoder, settings) as index:
        retriever = assemble.create_retriever(settings, index, encoder)
        fit = fit_judge(retriever, dataset.cases, chosen, partial(ask_verdicts, model), track).judge
    command = ["attest", "calibrate", "--dataset", *(path.name for path in files)]
    calibration = Calibration(
        settings.model,
        fit.judge,
        shlex.join([*command, "--limit", str(limit), "--seed", str(seed)]),
        {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files},
    )
    return CalibrationReport(calibration, write_calibration(settings.cache, calibration), fit.unseen)


@dataclass(frozen=True, slots=True)
class ClaimsReport:
    """A calibration for checking sentences, where it was saved, and its errors on claims that it was not
    fitted on.
    """

    calibration: Calibration
    path: Path
    unseen: Mapping[str, PassRates]
    """By file of claims."""


def calibrate_on_claims(
    files: Sequence[Path], settings: Config, *, limit: int = 200, seed: int = 7, track: Track = untracked
) -> ClaimsReport:
    """Fit the probability that quotes support a sentence, as the configured checker or language model sees
    it, to ``limit`` claims of each of ``files``, and save it in the cache.

    Raises:
        UserError: nothing but the default model is configured, or the claims are too few or in no format.
        AttestError: a model or a file is missing.
        OSError: the calibration cannot be saved.
    """
    name = settings.checker or settings.model
    if name in CALIBRATED:
        raise UserError(
            "The default model is already calibrated for checking sentences. Choose another model or a "
            "checker first, for example with ATTEST_CHECKER=/path/to/cross-encoder"
        )
    claims = [case for path in files for case in sample_claims(read_claims([path]), limit, seed).claims]
    fit = fit_support(claims, _verdict(settings), track)
    command = ["attest", "calibrate", "--claims", *(path.name for path in files)]
    calibration = Calibration(
        claims_of(name),
        fit.judge,
        shlex.join([*command, "--limit", str(limit), "--seed", str(seed)]),
        {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files},
    )
    return ClaimsReport(calibration, write_calibration(settings.cache, calibration), fit.unseen)


def _verdict(settings: Config) -> SupportLogit:
    if settings.checker:
        return load_cross_encoder(settings.checker)
    model = assemble.load_model(settings)
    assert model is not None
    return partial(support_logit, model)
