"""Send messages to a chat model and receive its reply, with retries and one kind of error for any model."""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import chain, islice
from typing import TypeVar

import tenacity
from langchain_core.language_models import BaseChatModel, LanguageModelInput
from langchain_core.messages import BaseMessage
from langchain_core.runnables import Runnable
from pydantic import BaseModel

from qa.errors import ModelRefusedError, ModelSilentError, ModelUnavailableError

log = logging.getLogger(__name__)

ATTEMPTS = 3
"""Number of times a model is asked before it counts as silent: time-outs and rate limits pass."""

LONGEST_WAIT = 8.0
"""Most seconds to wait before an attempt: one or two before the second, then twice as long each time."""

_REJECTIONS = {400, 422}
"""HTTP statuses that say that the request itself is at fault (RFC 9110), so that repeating it is no use."""

_NOT_FOUND = 404
"""The status of Ollama and of servers with OpenAI's API for a model that they do not have."""

_Form = TypeVar("_Form", bound=BaseModel)
_T = TypeVar("_T")


def complete(model: BaseChatModel, messages: Sequence[BaseMessage], **options: object) -> BaseMessage:
    """Return the model's reply to ``messages``; ``options`` are the provider's, such as ``max_tokens``.

    Raises:
        ModelRefusedError: the model rejects the messages or the options.
        ModelSilentError: the model does not reply in ``ATTEMPTS`` attempts.
        ModelUnavailableError: the model cannot be run.
    """
    model_with_options = _bind(model, options)
    return _retry(lambda: model_with_options.invoke(list(messages)))


def complete_structured(model: BaseChatModel, messages: Sequence[BaseMessage], form: type[_Form]) -> _Form:
    """Return ``form`` filled in by the model.

    Raises:
        ModelRefusedError: the model does not fill in forms.
        ModelSilentError: the model does not reply in ``ATTEMPTS`` attempts, or only with something else.
        ModelUnavailableError: the model cannot be run.
    """
    try:
        structured = model.with_structured_output(form)
    except NotImplementedError as error:
        raise ModelRefusedError("The language model does not support structured output") from error
    reply = _retry(lambda: structured.invoke(list(messages)))
    if not isinstance(reply, form):
        raise ModelRefusedError("The language model did not return the structured output it was asked for")
    return reply


def stream(model: BaseChatModel, messages: Sequence[BaseMessage], **options: object) -> Iterator[str]:
    """Yield the model's reply as it is written. Closing the iterator stops the model.

    Raises:
        ModelSilentError: the model does not begin to reply, or stops before the end.
        ModelUnavailableError: the model cannot be run.
    """
    model_with_options = _bind(model, options)

    def start() -> Iterator[BaseMessage]:
        chunks = model_with_options.stream(list(messages))
        return chain(list(islice(chunks, 1)), chunks)

    chunks = _retry(start)
    try:
        for chunk in chunks:
            if chunk.text:
                yield str(chunk.text)
    except ModelUnavailableError:
        raise
    except Exception as error:  # each provider raises its own types
        raise _model_error(error) from error


def _bind(model: BaseChatModel, options: Mapping[str, object]) -> Runnable[LanguageModelInput, BaseMessage]:
    """Return ``model`` with ``options``. Ollama's integration has the limit of a reply as a field only, which
    is called ``num_predict``.
    """
    if "max_tokens" in options and "num_predict" in type(model).model_fields:
        rest = dict(options)
        return model.model_copy(update={"num_predict": rest.pop("max_tokens")}).bind(**rest)
    return model.bind(**options)


def _retry(call: Callable[[], _T]) -> _T:
    """Call ``call`` up to ``ATTEMPTS`` times while it fails in a way that may pass."""
    attempts = tenacity.Retrying(
        stop=tenacity.stop_after_attempt(ATTEMPTS),
        wait=tenacity.wait_exponential_jitter(max=LONGEST_WAIT),
        retry=tenacity.retry_if_exception(_may_pass),
        reraise=True,
    )
    try:
        return attempts(call)
    except ModelUnavailableError:
        raise
    except Exception as error:  # each provider raises its own types
        raise _model_error(error) from error


def _may_pass(error: BaseException) -> bool:
    return not (_is_rejection(error) or _is_gone(error) or isinstance(error, ModelUnavailableError))


def _is_gone(error: BaseException) -> bool:
    return getattr(error, "status_code", None) == _NOT_FOUND


def _is_rejection(error: BaseException) -> bool:
    # A client that does not know an option raises TypeError before it sends anything.
    return isinstance(error, TypeError) or getattr(error, "status_code", None) in _REJECTIONS


def _model_error(error: Exception) -> ModelSilentError:
    """Return the error to raise. It names the type of ``error`` alone: its message may contain the key."""
    name = type(error).__name__
    if _is_rejection(error):
        return ModelRefusedError(f"The language model rejected the request ({name})")
    if _is_gone(error):
        return ModelSilentError(
            "The server of the language model does not have the model that is set; attest models lists those "
            "that it has"
        )
    log.warning("The language model did not answer: %s", name)
    return ModelSilentError(f"The language model did not answer ({name})")
