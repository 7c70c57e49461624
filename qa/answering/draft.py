"""Draft an answer from the quotes with the language model. The draft is a proposal; verification decides."""

from collections.abc import Iterator

from langchain_core.language_models import BaseChatModel

from qa.llm.client import stream
from qa.llm.prompts import task_messages, translation_messages
from qa.nlp.language_names import name_language
from qa.query.types import offers_choice, wants_list, wants_yes_or_no
from qa.schema import Evidence

MAX_TOKENS = 160
"""Longest draft: about four sentences."""


def draft(model: BaseChatModel, evidence: Evidence) -> Iterator[str]:
    """Stream the draft of an answer, piece by piece, in the language of the question, if that is known.
    Closing the iterator stops the model.

    Raises:
        ModelSilentError: the model does not answer, or stops before the end.
    """
    task, question, quotes = _task(evidence.question), evidence.question, evidence.quotes
    if evidence.foreign_language:
        language = name_language(evidence.asked_in)
        messages = translation_messages(f"{task}_translated", language, question, quotes)
    else:
        messages = task_messages(task, question, quotes)
    yield from stream(model, messages, max_tokens=MAX_TOKENS)


def _task(question: str) -> str:
    """Return the name of the prompt for the kind of ``question``."""
    if wants_yes_or_no(question) and not offers_choice(question):
        return "answer_yes_or_no"
    return "answer_list" if wants_list(question) else "answer"
