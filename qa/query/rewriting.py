"""Follow-up to standalone question. The model rewrites; code sees to it that it adds nothing."""

import re
from collections.abc import Sequence

from langchain_core.language_models import BaseChatModel

from qa.llm.client import complete
from qa.llm.prompts import rewrite
from qa.nlp.entities import mentioned, named
from qa.nlp.terms import content_terms
from qa.schema import Turn

TURNS = 3
"""Earlier turns that a follow-up may refer to."""

MAX_TOKENS = 48

_REFERS = re.compile(
    r"^\W*(and|but|so|what about|how about|why|when|where|who|which|how much|how many|how long)\b[^.]{0,25}$"
    r"|\b(he|she|it|they|him|her|them|his|hers|its|their|theirs|that|this|those|these|there|one|ones|same"
    r"|else|also|another|former|latter)\b"
    r"|^\W*(and|but|what about|how about)\b",
    re.IGNORECASE,
)


def refers_back(question: str) -> bool:
    """Whether ``question`` cannot be understood alone: it opens with "and", is clipped, or points back."""
    return bool(_REFERS.search(question)) or len(content_terms(question)) < 2


def resolve(question: str, history: Sequence[Turn], model: BaseChatModel | None) -> str:
    """``question`` as it would be asked without ``history``.

    A question that stands alone is returned as it is. A rewriting that brings in a name or figure which
    neither the question nor the history has, or loses one of the question's, is thrown away, and the
    question is asked together with the one before it, as it is when there is no model.

    Raises:
        ModelSilentError: the model does not answer.
    """
    recent = history[-TURNS:]
    if not recent or not refers_back(question):
        return question
    joined = f"{recent[-1].question.rstrip(' ?.')}: {question}"
    if model is None:
        return joined
    said = str(complete(model, rewrite(question, recent), max_tokens=MAX_TOKENS).text).strip()
    rewritten = said.splitlines()[0].strip().strip('"') if said else ""
    known = mentioned(" ".join([question, *(f"{t.question} {t.answer}" for t in recent)]))
    faithful = named(rewritten) <= known and named(question) <= mentioned(rewritten)
    return rewritten if rewritten and faithful else joined
