"""Rewrite a follow-up into a standalone question. The model rewrites; code checks that it adds nothing."""

import re
from collections.abc import Sequence

from langchain_core.language_models import BaseChatModel

from qa.llm.client import complete
from qa.llm.prompts import rewrite_messages
from qa.nlp.entities import mentions, names_in
from qa.nlp.terms import content_terms
from qa.schema import Turn

TURNS = 3
"""Number of earlier turns that a follow-up may refer to."""

MAX_TOKENS = 48
"""Longest rewritten question."""

_REFERS = re.compile(
    r"^\W*(and|but|so|what about|how about|why|when|where|who|which|how much|how many|how long)\b[^.]{0,25}$"
    r"|\b(he|she|it|they|him|her|them|his|hers|its|their|theirs|that|this|those|these|there|one|ones|same"
    r"|else|also|another|former|latter)\b"
    r"|^\W*(and|but|what about|how about)\b",
    re.IGNORECASE,
)


def refers_back(question: str) -> bool:
    """Whether ``question`` needs its conversation: it opens with "and", is very short, or has a pronoun."""
    return bool(_REFERS.search(question)) or len(content_terms(question)) < 2


def resolve(question: str, history: Sequence[Turn], model: BaseChatModel | None) -> str:
    """Return ``question`` so that it can be understood without ``history``.

    A question that stands alone is returned unchanged. Where there is no model, or its rewriting adds a name
    or figure that neither the question nor the history has, or loses one of the question's, the question
    before is put in front of it instead.

    Raises:
        ModelSilentError: the model does not answer.
    """
    recent = history[-TURNS:]
    if not recent or not refers_back(question):
        return question
    joined = f"{recent[-1].question.rstrip(' ?.')}: {question}"
    if model is None:
        return joined
    reply = str(complete(model, rewrite_messages(question, recent), max_tokens=MAX_TOKENS).text).strip()
    rewritten = reply.splitlines()[0].strip().strip('"') if reply else ""
    known = mentions(" ".join([question, *(f"{t.question} {t.answer}" for t in recent)]))
    faithful = names_in(rewritten) <= known and names_in(question) <= mentions(rewritten)
    return rewritten if rewritten and faithful else joined
