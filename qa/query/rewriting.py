"""Rewrite a follow-up into a standalone question. The model rewrites; code checks that it adds nothing."""

import re
from collections.abc import Sequence

from langchain_core.language_models import BaseChatModel

from qa.llm.client import complete
from qa.llm.prompts import rewrite_messages
from qa.nlp.entities import mentions, names_in
from qa.nlp.question_words import WH
from qa.nlp.terms import content_terms
from qa.nlp.tokens import AUXILIARY, content_keys, is_content, tokens
from qa.query.courtesy import asks_nothing
from qa.schema import Turn

TURNS = 3
"""Number of earlier turns that a follow-up may refer to."""

MAX_TOKENS = 48
"""Longest rewritten question."""

_GOES_ON = re.compile(
    r"^\W*(and|but|then|what about|how about|und|aber|et|mais|y|pero|e|ma|mas|и|а|но)\b(?![-.'’])",
    re.IGNORECASE,
)
"""The opening of a question that goes on from another, in seven languages, but not of "e-mail"."""

_POINTS = re.compile(
    r"\b(he|she|it|they|him|her|them|his|hers|its|their|theirs|that|this|those|these|there|one|ones|same"
    r"|else|also|another|former|latter)\b",
    re.IGNORECASE,
)
"""A word that stands for something else."""

_CONJUNCTION = re.compile(
    r"\b(says?|said|thinks?|thought|knows?|knew|believes?|believed|claim(s|ed)?|(tells?|told)\s+\w+)"
    r"\s+that(?=(\s+\w+){3})|\b(an?|the|any|some|every|no)\s+\w+\s+that(?=\s+\w)",
    re.IGNORECASE,
)
"""A "that" which stands for nothing: "who said that trains are clean", "a law that I need"."""

_THAT = re.compile(r"\bthat\b", re.IGNORECASE)

_EXISTS = re.compile(r"\b(is|are|was|were)\s+there\b(?=\s+\w)", re.IGNORECASE)
"""A "there" which is no place. "Is there a cheaper one?" points back all the same; with a name in it, such a
question stands alone."""

_POINTS_NOWHERE = re.compile(
    r"\bthere\s+(is|are|was|were)\b(?=\s+\w)"
    r"|(?<=\w\s)(are|were)\s+there\b(?=\s+\w)"
    r"|\bit\s+takes?\b(?=(\s+\w+){2})"
    r"|(?<!which\s)\bone\s+(of\b|another\b|(?=\w+\s+(by|for|in|of|on|that|to|which)\b))"
    r"|\banother\s+(?=\w+\s+(for|of|to)\b)"
    r"|\bat\s+the\s+same\s+time\b",
    re.IGNORECASE,
)
"""Words that elsewhere stand for something else: "how many rotations are there in a cycle", "one of the
parts", "another name for rotors"."""

_POSSESSIVE = re.compile(r"\b(his|her|its|their)\b(?=\s+\w)", re.IGNORECASE)

_OPENING = re.compile(
    rf"^\W*({WH}(\s+(much|many|long|old|often|far|large|big))?|{AUXILIARY})\b", re.IGNORECASE
)
_VERB = re.compile(rf"\b{AUXILIARY}\b", re.IGNORECASE)
_SHORT = re.compile(
    r"^\W*(so|why|when|where|who|which|how much|how many|how long)\b[^.]{0,25}$", re.IGNORECASE
)
"""A question that says little after its opening. The number was set by hand, with the project's
conversations."""

_SAYS_ENOUGH = 3
"""Words with a meaning after the opening of a question that needs no other: "how many stores does ulta
operate", whose name has no capitals to tell it by. Of 31,397 questions of SQuAD 2.0 and SQuADShifts in small
letters, 8,845 are taken for follow-ups, and 8,986 without this rule; with 2, 8,307, but then "who won the
contract?" is none (``python -m eval.constants``). Of the last turns of MTRAG-UN no value changes any."""

_DEFINITION = re.compile(r"^\W*what('s|’s|\s+is|\s+are)\s+(an?\s+\w|\w+s\W*$)", re.IGNORECASE)
"""A question for what something is, not for something of what was spoken of: "what are tides?"."""

_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
"""A character of Chinese or Japanese, whose words no spaces divide."""

_SHORT_UNSPACED = 4
"""Characters of the longest question in such a script that says too little alone: "为什么？", "在哪里？"."""


def refers_back(question: str) -> bool:
    """Return whether ``question`` needs its conversation: it opens with "and", points at something that it
    does not name, or says too little.

    A question that has a name or figure and says what it wants to know about it stands alone, however short
    it is: "Who won Super Bowl 50?", but not "in Kazakhstan?".
    """
    if _GOES_ON.search(question) or _points_outside(question):
        return True
    if _names_what_it_asks(question) or _DEFINITION.search(question):
        return False
    unspaced = len(_UNSPACED.findall(question))
    if unspaced:
        return unspaced <= _SHORT_UNSPACED
    said = len(content_terms(_OPENING.sub(" ", question)))
    return bool(_SHORT.search(question) and said < _SAYS_ENOUGH) or len(content_terms(question)) < 2


def _points_outside(question: str) -> bool:
    """Return whether a word of ``question`` stands for something outside of it.

    A possessive may stand for a name before it: "How much did Kyrgyzstan pay for its dam?".
    """
    said = _POINTS_NOWHERE.sub(" ", _THAT.sub(_drop_relative, _CONJUNCTION.sub(" ", question)))
    if names_in(question):
        said = _EXISTS.sub(" ", said)
    own = _POSSESSIVE.search(said)
    if own and names_in(said[: own.start()]):
        said = said[: own.start()] + said[own.end() :]
    return bool(_POINTS.search(said))


def _drop_relative(that: re.Match[str]) -> str:
    """Return nothing for a "that" which begins a clause about the word before it, "cells that recognise
    antigens", unlike that of "who signed that contract" or "the terms of that lease".
    """
    before, after = that.string[: that.start()], that.string[that.end() :]
    said = tokens(_OPENING.sub(" ", before))
    if not said or not is_content(said[-1]):
        return that[0]
    if re.match(rf"\s+{AUXILIARY}\b", after):
        return " "
    return " " if sum(map(is_content, said)) > 1 and len(after.split()) > 1 else that[0]


def _names_what_it_asks(question: str) -> bool:
    """Return whether ``question`` opens as one, has a name or figure, and besides it a verb or a word with a
    meaning.
    """
    opening, names = _OPENING.search(question), names_in(question)
    if not opening or not names:
        return False
    others = content_keys(question[opening.end() :])
    return bool(_VERB.search(question) or others - names)


def resolve(question: str, history: Sequence[Turn], model: BaseChatModel | None) -> str:
    """Return ``question`` so that it can be understood without ``history``.

    A question that stands alone is returned unchanged. Where there is no model, or its rewriting adds a name
    or figure that neither the question nor the history has, or loses one of the question's, or any word with
    a meaning of one that goes on with "and", the question before is put in front of it instead.

    Raises:
        ModelSilentError: the model does not answer.
    """
    recent = [turn for turn in history if not asks_nothing(turn.question)][-TURNS:]
    if not recent or not refers_back(question):
        return question
    joined = f"{recent[-1].question.rstrip(' ?.')}: {question}"
    if model is None:
        return joined
    reply = str(complete(model, rewrite_messages(question, recent), max_tokens=MAX_TOKENS).text).strip()
    rewritten = reply.splitlines()[0].strip().strip('"') if reply else ""
    known = mentions(" ".join([question, *(f"{t.question} {t.answer}" for t in recent)]))
    faithful = names_in(rewritten) <= known and names_in(question) <= mentions(rewritten)
    if on := _GOES_ON.match(question):  # "and for sick days?" says nothing but what is new
        faithful &= content_terms(question[on.end() :]) <= content_terms(rewritten)
    return rewritten if rewritten and faithful else joined
