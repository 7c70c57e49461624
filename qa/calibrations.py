"""Load the weights, judges and checker that were fitted to the models of a configuration."""

import logging
from dataclasses import replace

from qa.answering.calibration import claims_of, read_calibration
from qa.answering.checker import CalibratedChecker
from qa.answering.cross_encoder import load_cross_encoder
from qa.config import Config
from qa.embedding.background import measure_background
from qa.embedding.base import Encoder
from qa.embedding.models import SHIPPED
from qa.verification.policy import Checker
from qa.weights import SUPPORT, WEIGHTS, Judge, Weights, load_weights

log = logging.getLogger(__name__)


def find_weights(config: Config, encoder: Encoder) -> Weights:
    """Return what was fitted with the configured embedding model. For one that Attest does not bring, that
    is what was fitted with the default model, with the cosine of unrelated texts measured here, but for what
    compares tokens.
    """
    name = SHIPPED[config.embedding].name if config.embedding in SHIPPED else config.embedding
    return load_weights(name) or replace(WEIGHTS, background=measure_background(encoder), reranker=None)


def load_checker(config: Config) -> Checker | None:
    """Return the checker of sentences that ``config`` names; None where the language model checks them.

    Raises:
        UserError: it is not a cross-encoder, or its calibration cannot be read.
    """
    if not config.checker:
        return None
    return CalibratedChecker(load_cross_encoder(config.checker), load_support(config))


def load_support(config: Config) -> Judge:
    """Return the calibration of the verdicts on sentences, by the checker or the language model.

    Raises:
        UserError: the calibration cannot be read.
    """
    name = config.checker or config.model
    if name in {"default", "none"}:
        return SUPPORT
    known = read_calibration(config.cache, claims_of(name))
    if known is None:
        log.warning(
            "%s is not calibrated for checking sentences, so Attest uses the calibration of the default "
            "model. Calibrate it with: attest calibrate --claims FILE",
            name,
        )
        return SUPPORT
    return known.judge


def load_judge(config: Config, weights: Weights = WEIGHTS) -> Judge:
    """Return the calibration of the configured language model. Without one it is that of the default model,
    which is in ``weights``.

    Raises:
        UserError: the calibration cannot be read.
    """
    if config.model in {"default", "none"}:
        return weights.judge
    known = read_calibration(config.cache, config.model)
    if known is None:
        log.warning(
            "%s is not calibrated, so Attest uses the calibration of the default model. Calibrate it with: "
            "attest calibrate --dataset FILE",
            config.model,
        )
        return replace(weights.judge, first=None)  # what another model says first settles nothing
    return known.judge


def is_calibrated(config: Config) -> bool:
    """Return whether the probabilities of the configured language model were measured.

    Raises:
        UserError: the calibration cannot be read.
    """
    return config.model in {"default", "none"} or read_calibration(config.cache, config.model) is not None
