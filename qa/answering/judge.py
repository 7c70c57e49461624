"""Judge how probable it is that the quotes answer the question, from the model and the retrieval signals.

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
from qa.llm.prompts import short_answer_messages, task_messages
from qa.schema import Evidence, Quote
from qa.weights import WEIGHTS, Judge

TOP_TOKENS = 10
"""Number of alternatives for the first token: enough to include every spelling of yes and no."""

WORDS_ONLY = 2.0
"""Logit of a verdict from a model that gives neither token probabilities nor a number: "yes" counts as
0.88. ``attest calibrate`` measures what it is worth."""

SUREST = 0.98
"""Highest probability to accept from a model that states how sure it is: models say 100 per cent too easily
(Xiong et al. 2024, "Can LLMs Express Their Uncertainty?")."""

VERDICTS = ("verdict", "has_short", "short")
"""The features that a model tells of a question and its quotes."""

_FLOOR = 1e-6
_PROBABILITY_SETTINGS = {"logprobs", "top_logprobs"}
"""Settings that LangChain's class of a model has if the provider gives token probabilities."""


class Stated(BaseModel):  # a provider sees this name, the next line and the descriptions: part of the prompt
    """Whether the quotes state the answer to the question."""

    stated: bool = Field(description="whether the quotes state the answer")
    sure_percent: int = Field(ge=50, le=100, description="how sure you are of that, from 50 to 100 per cent")


def judge_without_model(evidence: Evidence, judge: Judge = WEIGHTS.quotes_only) -> float:
    """Return P(answerable) from the retrieval signals alone."""
    return judge.calibration.probability(evidence.signals)


def combine(
    verdicts: Mapping[str, float], signals: Mapping[str, float], judge: Judge = WEIGHTS.judge
) -> float:
    """Return P(answerable) from what the model tells and the retrieval signals, calibrated for the model: by
    ``python -m eval.training`` for the default one, by ``attest calibrate`` for another.
    """
    return judge.calibration.probability({**signals, **verdicts})


def combine_at_best(
    verdicts: Mapping[str, float], signals: Mapping[str, float], judge: Judge = WEIGHTS.judge
) -> float:
    """Return the most that P(answerable) can become once the model has told the rest."""
    return combine({**judge.surest, **verdicts}, signals, judge)


def ask_first_verdict(model: BaseChatModel, evidence: Evidence) -> dict[str, float]:
    """Return the logit of the model's verdict on the question and its best quote alone, as ``first``.

    Raises:
        ModelSilentError: the model does not answer.
    """
    return {"first": _verdict(model, evidence.question, evidence.quotes[:1])}


def ask_verdict(
    model: BaseChatModel, evidence: Evidence, told: Mapping[str, float] | None = None
) -> dict[str, float]:
    """Return the logit of the model's verdict on the question, by its name in :data:`VERDICTS`, beside the
    ``first`` one, unless that has been ``told``.

    Raises:
        ModelSilentError: the model does not answer.
    """
    told = told or ask_first_verdict(model, evidence)
    return {**told, "verdict": verdict_logit(model, evidence, told["first"])}


def ask_short_verdict(model: BaseChatModel, evidence: Evidence, short: str) -> dict[str, float]:
    """Return what a ``short`` answer, empty where none was found, says of the question: ``has_short`` is 1 if
    there is one, and ``short`` the logit of the model's verdict on it, if its provider gives probabilities.

    Raises:
        ModelSilentError: the model does not answer.
    """
    logit = short_answer_logit(model, evidence, short) if short else None
    told = {"has_short": float(bool(short))}
    return told if logit is None else {**told, "short": logit}


def verdict_logit(model: BaseChatModel, evidence: Evidence, first: float) -> float:
    """Return ln P(yes)/P(no) of the first token of the model's verdict: the mean of the ``first`` verdict, on
    the best quote alone, and the verdict on all quotes.

    Quotes that are merely close mislead a small model; the best one alone may lack what another has.
    On 450 public questions the mean separates best (AUC 0.843 and 0.835, against 0.837 and 0.824 for all
    quotes, on adversarial questions and absent answers). The best quote comes first in the prompt, so the
    model has already read it when it is shown the others.
    """
    if len(evidence.quotes) == 1:
        return first
    return fmean((first, _verdict(model, evidence.question, evidence.quotes)))


def _verdict(model: BaseChatModel, question: str, quotes: Sequence[Quote]) -> float:
    """Return the logit by the best means that the model offers: token probabilities, a form, its word."""
    messages = task_messages("judge", question, quotes)
    logit, reply = yes_logit(model, messages)
    if logit is not None:
        return logit
    with suppress(ModelRefusedError):
        form = complete_structured(model, task_messages("judge_form", question, quotes), Stated)
        return _logit_from_form(form)
    return _logit_from_words(reply or complete(model, messages))


def short_answer_logit(model: BaseChatModel, evidence: Evidence, short: str) -> float | None:
    """Return ln P(yes)/P(no) of the first token of the model's reply, asked whether the quotes state that
    ``short`` answers the question; None where its provider gives no probabilities.

    Raises:
        ModelSilentError: the model does not answer.
    """
    return yes_logit(model, short_answer_messages(evidence.question, short, evidence.quotes))[0]


def yes_logit(
    model: BaseChatModel, messages: Sequence[BaseMessage]
) -> tuple[float | None, BaseMessage | None]:
    """Return ln P(yes)/P(no) of the first token of the model's reply to ``messages``, None where its provider
    gives no probabilities, and that reply, None where it was not asked.

    Raises:
        ModelSilentError: the model does not answer.
    """
    if not type(model).model_fields.keys() >= _PROBABILITY_SETTINGS:
        return None, None
    try:
        reply = complete(model, messages, logprobs=True, top_logprobs=TOP_TOKENS, max_tokens=1)
    except ModelRefusedError:
        return None, None
    return _logit_from_tokens(reply.response_metadata), reply


def _logit_from_tokens(metadata: Mapping[str, Any]) -> float | None:
    told = metadata.get("logprobs") or []
    content = told.get("content") if isinstance(told, dict) else told  # OpenAI's form, or Ollama's
    if not content:
        return None
    mass = {"yes": _FLOOR, "no": _FLOOR}
    for alternative in content[0]["top_logprobs"]:
        word = alternative["token"].strip().lower()
        if word in mass:
            mass[word] += math.exp(alternative["logprob"])
    return math.log(mass["yes"] / mass["no"])


def _logit_from_form(form: Stated) -> float:
    p = min(form.sure_percent / 100, SUREST)
    return math.log(p / (1 - p)) * (1 if form.stated else -1)


def _logit_from_words(message: BaseMessage) -> float:
    reply = str(message.text).strip().lower()
    return WORDS_ONLY if reply.startswith("yes") else -WORDS_ONLY
