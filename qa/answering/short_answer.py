"""Ask the language model for the few words that answer a question. Verification cuts them from a quote."""

from langchain_core.language_models import BaseChatModel

from qa.llm.client import complete
from qa.llm.prompts import task_messages
from qa.schema import Evidence

MAX_TOKENS = 24
"""Longest short answer: the longest accepted answers of the public SQuAD questions have about 20 words."""


def propose_short_answer(model: BaseChatModel, evidence: Evidence) -> str:
    """Return the words that the model copies from the quotes as its answer; they may be none of them.

    Raises:
        ModelSilentError: the model does not answer.
    """
    messages = task_messages("short", evidence.question, evidence.quotes)
    return str(complete(model, messages, max_tokens=MAX_TOKENS).text).strip()
