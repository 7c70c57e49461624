"""Check sentences with a cross-encoder of sentence-transformers, as ``ATTEST_CHECKER`` names one."""

import logging
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from qa.errors import UserError
from qa.schema import Quote

log = logging.getLogger(__name__)

_FLOOR = 1e-6


def load_cross_encoder(name: str) -> "CrossEncoderVerdict":
    """Load the cross-encoder in the folder ``name``, or with that id on the Hugging Face Hub.

    Raises:
        UserError: there is none, or it has several labels of which none is "entailment".
    """
    from sentence_transformers import CrossEncoder  # takes seconds to import

    try:
        model = CrossEncoder(name, device="cpu")
    except Exception as error:  # each file that is missing or damaged raises its own type
        where = "The folder" if Path(name).is_dir() else "The model"
        raise UserError(
            f"{where} {name} is not a cross-encoder that sentence-transformers can load "
            f"({str(error).partition(chr(10))[0]}); set ATTEST_CHECKER to another one, or leave it out"
        ) from error
    labels = {str(label).lower(): i for i, label in (model.config.id2label or {}).items()}
    entailment = next((i for label, i in labels.items() if "entail" in label and "not" not in label), None)
    if len(labels) > 1 and entailment is None:
        raise UserError(
            f"{name} has the labels {', '.join(labels)}, none of which is entailment; set ATTEST_CHECKER to "
            "a cross-encoder with one label, or with entailment among them"
        )
    return CrossEncoderVerdict(model, entailment if len(labels) > 1 else None)


class CrossEncoderVerdict:
    """The logit of support as a cross-encoder sees it."""

    def __init__(self, model: Any, entailment: int | None) -> None:
        """Ask ``model``; ``entailment`` is the number of its label for support, None if it has one label."""
        self._model = model
        self._entailment = entailment

    def __call__(self, claim: str, quotes: Sequence[Quote]) -> float | None:
        """Return the logit that ``quotes`` support ``claim``; None, with a warning, if the model fails."""
        pair = (" ".join(quote.text for quote in quotes), claim)
        try:
            scores = self._model.predict([pair], activation_fn=_identity(), convert_to_numpy=True)[0]
        except Exception as error:  # whatever a model of someone else raises, nothing unchecked is shown
            log.warning("The checker failed (%s); sentences are checked by their form", type(error).__name__)
            return None
        if self._entailment is None:
            return float(scores)
        weights = [math.exp(float(score) - max(map(float, scores))) for score in scores]
        p = weights[self._entailment] / sum(weights)
        return math.log(max(p, _FLOOR) / max(1 - p, _FLOOR))


def _identity() -> Any:
    import torch

    return torch.nn.Identity()
