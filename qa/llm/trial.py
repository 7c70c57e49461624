"""Try a language model on one question over one quote, to see that it answers and cites."""

import time
from dataclasses import dataclass

from langchain_core.language_models import BaseChatModel

from qa.llm.client import complete
from qa.llm.prompts import task_messages
from qa.schema import Quote, Span

_TEXT = "Ada Lovelace published the first program in 1843."
_QUOTE = Quote(1, Span("example.txt", 0, len(_TEXT)), _TEXT, "Example", None)
_QUESTION = "When did Ada Lovelace publish the first program?"

MAX_TOKENS = 60
"""Most of a reply: the sentence takes twenty."""

SHOWN_CHARS = 200
"""Most characters of a reply that are shown."""


@dataclass(frozen=True, slots=True)
class Trial:
    """The reply of a model, and how long it took."""

    reply: str
    seconds: float

    @property
    def sentence(self) -> str:
        """The result, for a person."""
        if not self.reply:
            return f"It replied after {self.seconds:.1f} seconds, but with nothing"
        return f"It replied after {self.seconds:.1f} seconds: {self.reply}"


def try_model(model: BaseChatModel) -> Trial:
    """Ask ``model`` for an answer from a quote.

    Raises:
        ModelSilentError: it does not reply.
        ModelUnavailableError: it cannot be run.
    """
    start = time.perf_counter()
    reply = complete(model, task_messages("answer", _QUESTION, [_QUOTE]), max_tokens=MAX_TOKENS)
    text = " ".join(str(reply.text).split())
    return Trial(text[:SHOWN_CHARS], time.perf_counter() - start)
