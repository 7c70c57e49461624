"""Prompts to replies: the one way to a language model, whoever provides it, and whatever it raises."""

import logging
from collections.abc import Callable, Iterator, Sequence
from itertools import chain, islice
from typing import TypeVar

import tenacity
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import BaseMessage
from pydantic import BaseModel

from qa.errors import ModelRefusedError, ModelSilentError, ModelUnavailableError

log = logging.getLogger(__name__)

ATTEMPTS = 3
"""How often a model is asked before it counts as silent: time-outs and rate limits pass."""

LONGEST_WAIT = 8.0
"""Seconds before an attempt, at most: one or two before the second, and twice as long before the next."""

_REFUSALS = {400, 422}
"""The statuses of HTTP that say that the request itself is at fault (RFC 9110): it would be again."""

_Form = TypeVar("_Form", bound=BaseModel)
_T = TypeVar("_T")


def complete(model: BaseChatModel, asked: Sequence[BaseMessage], **bound: object) -> BaseMessage:
    """What the model replies, at the latest at the last of its ``ATTEMPTS``.

    Raises:
        ModelRefusedError: it does not take what is ``bound``, or what is asked.
        ModelSilentError: it does not reply.
        ModelUnavailableError: it cannot be run.
    """
    bound_model = model.bind(**bound)
    return _patiently(lambda: bound_model.invoke(list(asked)))


def complete_structured(model: BaseChatModel, asked: Sequence[BaseMessage], form: type[_Form]) -> _Form:
    """``form`` as the model fills it in.

    Raises:
        ModelRefusedError: it fills in no forms.
        ModelSilentError: it does not reply, or with something else.
    """
    try:
        filling = model.with_structured_output(form)
    except NotImplementedError as error:
        raise ModelRefusedError("The language model fills in no forms") from error
    found = _patiently(lambda: filling.invoke(list(asked)))
    if not isinstance(found, form):
        raise ModelRefusedError("The language model did not fill in the form")
    return found


def stream(model: BaseChatModel, asked: Sequence[BaseMessage], **bound: object) -> Iterator[str]:
    """What the model replies, as it writes it. Closing the iterator stops it.

    Raises:
        ModelSilentError: it does not begin to reply, or does not reply to the end.
        ModelUnavailableError: it cannot be run.
    """
    bound_model = model.bind(**bound)

    def begun() -> Iterator[BaseMessage]:
        chunks = bound_model.stream(list(asked))
        return chain(list(islice(chunks, 1)), chunks)

    chunks = _patiently(begun)
    try:
        for chunk in chunks:
            if chunk.text:
                yield str(chunk.text)
    except ModelUnavailableError:
        raise
    except Exception as error:
        raise _silent(error) from error


def _patiently(ask: Callable[[], _T]) -> _T:
    attempts = tenacity.Retrying(
        stop=tenacity.stop_after_attempt(ATTEMPTS),
        wait=tenacity.wait_exponential_jitter(max=LONGEST_WAIT),
        retry=tenacity.retry_if_exception(_may_pass),
        reraise=True,
    )
    try:
        return attempts(ask)
    except ModelUnavailableError:
        raise
    except Exception as error:
        raise _silent(error) from error


def _may_pass(error: BaseException) -> bool:
    return not (_is_refusal(error) or isinstance(error, ModelUnavailableError))


def _is_refusal(error: BaseException) -> bool:
    # A client that does not know an option raises TypeError before it asks anybody.
    return isinstance(error, TypeError) or getattr(error, "status_code", None) in _REFUSALS


def _silent(error: Exception) -> ModelSilentError:
    # Its name alone: what a provider says of a refused key may have the key in it.
    name = type(error).__name__
    if _is_refusal(error):
        return ModelRefusedError(f"The language model refused the question ({name})")
    log.warning("The language model did not answer: %s", name)
    return ModelSilentError(f"The language model did not answer ({name})")
