"""Quotes to a draft: the model phrases. What it writes is a proposal; verification decides."""

from collections.abc import Iterator

from langchain_core.language_models import BaseChatModel

from qa.llm.client import pieces
from qa.llm.prompts import ask
from qa.query.types import wants_list, wants_yes_or_no
from qa.schema import Evidence

MAX_TOKENS = 160
"""Where a draft is broken off: four sentences."""


def draft(model: BaseChatModel, evidence: Evidence) -> Iterator[str]:
    """Stream the draft of an answer, piece by piece. Closing the iterator stops the model.

    Raises:
        ModelSilentError: the model does not answer, or not to the end.
    """
    asked = ask(_task(evidence.question), evidence.question, evidence.quotes)
    yield from pieces(model, asked, max_tokens=MAX_TOKENS)


def _task(question: str) -> str:
    if wants_yes_or_no(question):
        return "answer_yes_or_no"
    return "answer_list" if wants_list(question) else "answer"
