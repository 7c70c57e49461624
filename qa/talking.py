"""Prompts to replies: the one way to a language model, whoever provides it, and whatever it raises."""

import logging
import time
from collections.abc import Iterator, Sequence

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import BaseMessage

from qa.errors import ModelSilentError

log = logging.getLogger(__name__)

ATTEMPTS = 3
"""How often a model is asked before it counts as silent: time-outs and rate limits pass."""

LONGEST_WAIT = 8.0
"""Seconds before an attempt, at most: one or two before the second, and twice as long before the next."""


def reply(model: BaseChatModel, asked: Sequence[BaseMessage], **bound: object) -> BaseMessage:
    """What the model replies, at the latest at the last of its ``ATTEMPTS``.

    Raises:
        ModelSilentError: it does not reply.
    """
    patient = model.bind(**bound).with_retry(
        stop_after_attempt=ATTEMPTS, exponential_jitter_params={"max": LONGEST_WAIT}
    )
    try:
        return patient.invoke(list(asked))
    except Exception as error:
        raise _silent(error) from error


def pieces(model: BaseChatModel, asked: Sequence[BaseMessage], **bound: object) -> Iterator[str]:
    """What the model replies, as it writes it. Closing the iterator stops it.

    Raises:
        ModelSilentError: it does not begin to reply, or does not reply to the end.
    """
    for left in reversed(range(ATTEMPTS)):
        begun = False
        try:
            for chunk in model.bind(**bound).stream(list(asked)):
                begun = True
                if chunk.text:
                    yield str(chunk.text)
        except Exception as error:
            if begun or not left:
                raise _silent(error) from error
            log.info("The language model is asked again: %s", type(error).__name__)
        else:
            return
        time.sleep(min(2.0 ** (ATTEMPTS - 1 - left), LONGEST_WAIT))


def _silent(error: Exception) -> ModelSilentError:
    # Its name alone: what a provider says of a refused key may have the key in it.
    name = type(error).__name__
    log.warning("The language model did not answer: %s", name)
    return ModelSilentError(f"The language model did not answer ({name})")
