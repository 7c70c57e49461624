"""Evidence to P(answerable): what the model's first token betrays and what retrieval knows, calibrated.

A small model's words say little about what it does not know; the probability of its first token says
much (Kadavath et al. 2022, "Language Models (Mostly) Know What They Know", in its P(True) form).
"""

import math
from collections.abc import Mapping, Sequence
from contextlib import suppress
from statistics import fmean
from typing import Any

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import BaseMessage
from pydantic import BaseModel, Field

from qa.errors import ModelRefusedError
from qa.llm.client import complete, complete_structured
from qa.llm.prompts import ask
from qa.schema import Evidence, Quote
from qa.weights import FITTED, Judge

TOP_TOKENS = 10
"""First-token alternatives to look through: enough to hold every spelling of yes and no."""

WORDS_ONLY = 2.0
"""The logit of a verdict from a model that gives neither token probabilities nor a number: "yes" counts as
0.88. ``attest calibrate`` finds out what it is worth."""

SUREST = 0.98
"""No model that puts a number on how sure it is is believed beyond this: they say 100 per cent too easily
(Xiong et al. 2024, "Can LLMs Express Their Uncertainty?")."""

_FLOOR = 1e-6
_PROBABILITIES = {"logprobs", "top_logprobs"}
"""What LangChain's class of a model has as settings if the provider gives token probabilities."""


class Stated(BaseModel):
    """Whether the quotes state the answer to the question."""

    stated: bool = Field(description="whether the quotes state the answer")
    sure_percent: int = Field(ge=50, le=100, description="how sure you are of that, from 50 to 100 per cent")


def quotes_only(evidence: Evidence) -> float:
    """P(answerable) from the retrieval signals alone, for when there is no language model."""
    return FITTED.quotes_only.calibration.probability(evidence.signals)


def judge(model: BaseChatModel, evidence: Evidence, fitted: Judge = FITTED.judge) -> float:
    """Return P(answerable), calibrated for the model: by ``python -m eval.training`` for the default one, by
    ``attest calibrate`` for another.

    The model is asked whether the quotes answer the question, twice, and writes one token each time; where
    its provider tells no probabilities it fills in a form.

    Raises:
        ModelSilentError: it does not answer.
    """
    return combine(verdict_logit(model, evidence), evidence.signals, fitted)


def combine(verdict: float, signals: Mapping[str, float], fitted: Judge = FITTED.judge) -> float:
    """P(answerable) from the verdict's logit and the retrieval signals."""
    return fitted.calibration.probability({**signals, "verdict": verdict})


def verdict_logit(model: BaseChatModel, evidence: Evidence) -> float:
    """Ln P(yes)/P(no) of the first token of the model's verdict: the mean of that on the best quote alone
    and that on all of them.

    Quotes that are merely near lead a small model astray; the best one alone may lack what another has.
    On 450 public questions the mean tells better than either (AUC 0.843 and 0.835, against 0.837 and
    0.824 for all quotes, on adversarial questions and absent answers). The best quote comes first in the
    prompt, so that the model has read it already when it is shown the others.
    """
    shown = [evidence.quotes[:1], evidence.quotes][: len(evidence.quotes)]
    return fmean(_verdict(model, evidence.question, quotes) for quotes in shown)


def _verdict(model: BaseChatModel, question: str, quotes: Sequence[Quote]) -> float:
    """The logit, in the best way that the model knows: token probabilities, a form, the word."""
    asked, said = ask("judge", question, quotes), None
    if type(model).model_fields.keys() >= _PROBABILITIES:
        with suppress(ModelRefusedError):
            said = complete(model, asked, logprobs=True, top_logprobs=TOP_TOKENS, max_tokens=1)
            logit = _from_tokens(said.response_metadata)
            if logit is not None:
                return logit
    with suppress(ModelRefusedError):
        return _from_form(complete_structured(model, ask("judge_form", question, quotes), Stated))
    return _from_words(said or complete(model, asked))


def _from_tokens(metadata: Mapping[str, Any]) -> float | None:
    content = (metadata.get("logprobs") or {}).get("content") or []
    if not content:
        return None
    mass = {"yes": _FLOOR, "no": _FLOOR}
    for alternative in content[0]["top_logprobs"]:
        word = alternative["token"].strip().lower()
        if word in mass:
            mass[word] += math.exp(alternative["logprob"])
    return math.log(mass["yes"] / mass["no"])


def _from_form(said: Stated) -> float:
    p = min(said.sure_percent / 100, SUREST)
    return math.log(p / (1 - p)) * (1 if said.stated else -1)


def _from_words(message: BaseMessage) -> float:
    said = str(message.text).strip().lower()
    return WORDS_ONLY if said.startswith("yes") else -WORDS_ONLY
