"""Draft an answer from the quotes with the language model. The draft is a proposal; verification decides."""

from collections.abc import Iterator

from langchain_core.language_models import BaseChatModel

from qa.llm.client import stream
from qa.llm.prompts import task_messages
from qa.query.types import wants_list, wants_yes_or_no
from qa.schema import Evidence

MAX_TOKENS = 160
"""Longest draft: about four sentences."""


def draft(model: BaseChatModel, evidence: Evidence) -> Iterator[str]:
    """Stream the draft of an answer, piece by piece. Closing the iterator stops the model.

    Raises:
        ModelSilentError: the model does not answer, or stops before the end.
    """
    messages = task_messages(_task(evidence.question), evidence.question, evidence.quotes)
    yield from stream(model, messages, max_tokens=MAX_TOKENS)


def _task(question: str) -> str:
    """Return the name of the prompt for the kind of ``question``."""
    if wants_yes_or_no(question):
        return "answer_yes_or_no"
    return "answer_list" if wants_list(question) else "answer"
