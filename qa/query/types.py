"""The kind of a question, judged by its form: yes or no, a list, a statement, the newer document. Pure."""

import re
from enum import StrEnum

from qa.nlp.language import ENGLISH, detect_language
from qa.nlp.tokens import AUXILIARY

_YES_NO = re.compile(rf"^\W*{AUXILIARY}\b", re.IGNORECASE)
_CHOICE = re.compile(r"\bor\b(?!\s+not\b)", re.IGNORECASE)
_WAS = re.compile(r"^\W*was\b", re.IGNORECASE)
_LIST = re.compile(
    r"^\W*(list|name|enumerate)\b|\b(all|every|each)\s+(of\s+)?(the\s+)?\w+s\b"
    r"|\b(which|what)\s+(\w+\s+)?(countries|companies|people|projects|partners)\b|\bcompare\b",
    re.IGNORECASE,
)
_SUMMARY = re.compile(
    r"\b(summari[sz]e|summary|overview|tl;?dr|gist)\b|\b(main|key) (points?|ideas?|messages?|findings?)\b"
    r"|\bwhat\s+(is|are)\s+(this|these|the|my)\s+(\w+\s+)?(documents?|articles?|texts?|files?|reports?|papers?)"
    r"\s+about\b",
    re.IGNORECASE,
)
_SEVERAL = re.compile(r"\b(both|compare[ds]?|difference|respectively|each(?!\s+of\b))\b", re.IGNORECASE)
_SEVERAL_OF_A_KIND = re.compile(
    rf"^\W*(?:(?:which|what)\s+(?:\w+\s+){{0,2}}\w+(?<![sui])s\s+{AUXILIARY}|who\s+(?:are|were))\b",
    re.IGNORECASE,
)
_OPEN = re.compile(
    r"^\W*(why|how\s+(do|does|did|is|are|was|were|can|could|should|would|to|come)\b|in what way)"
    r"|^\W*what\s+(happen(s|ed)\b|(do|does|did)\b.+\bdo\W*$)"
    r"|\b(describe|explain|summari[sz]e|overview|tell me about)\b",
    re.IGNORECASE,
)
_STATEMENT = re.compile(
    r"\b(say|says|said|saying|tell|told|claimed|think|thinks|thought|comment(s|ed)?|explain(s|ed)?"
    r"|emphasi[sz](e|es|ed)|opinion|view|(?<!many )words)\b"
    r"|\bwho\s+(claims|stress(es|ed))\b|\b(claims|stress(es|ed))\s+(that|how)\b|\bclaim\s+that\b"
    r"|\b(do|does|did)\b.+(?<!\ba )(?<!\bany )(?<!\bthe )\b(claim|stress)\b",
    re.IGNORECASE,
)
"""Words for saying something. Claims and stress are mostly things: insurance claims, the proof stress."""
_ASKED_WORDS = re.compile(
    rf"\bwhat\s+(?:{AUXILIARY}\b|(?:\w+\s+){{1,4}}(?:say|says|said|thinks|thought)\b)", re.IGNORECASE
)
_DOCUMENT = re.compile(
    r"\b(which|what)\b.*\b(article|document|report|interview|source|text|file|paper|letter|story)s?\b",
    re.IGNORECASE,
)
_AGE = re.compile(
    r"\b(more recent|most recent|newer|newest|latest|older|oldest)\b"
    r"|\b(published|dated|written|issued)\b.*\b(first|last|earlier|earliest|later)\b",
    re.IGNORECASE,
)
_OLDER = re.compile(r"\b(old(er|est)|earlier|earliest|first)\b", re.IGNORECASE)


def wants_yes_or_no(question: str) -> bool:
    """Return whether the question opens with an auxiliary verb, and not with the German word for "what"."""
    if _WAS.match(question) and detect_language(question, frozenset({ENGLISH})) != ENGLISH:
        return False
    return bool(_YES_NO.search(question))


def offers_choice(question: str) -> bool:
    """Return whether the question names two things of which one may be the answer: "left or right"."""
    return bool(_CHOICE.search(question))


def wants_statement(question: str) -> bool:
    """Return whether the question asks what somebody said, or who said something."""
    return bool(_STATEMENT.search(question))


def asks_what_was_said(question: str) -> bool:
    """Return whether the question asks for what somebody said, not who said it or why."""
    match = _ASKED_WORDS.search(question)
    return bool(match and _STATEMENT.search(question, match.start()))


def wants_list(question: str) -> bool:
    """Return whether the question asks for everything of a kind, or for a comparison."""
    return bool(_LIST.search(question))


def wants_short_answer(question: str) -> bool:
    """Return whether a few words can answer the question: who, when, where, how much, which, what. They
    cannot where it asks for yes or no, a list, a comparison, a statement, a reason or a way.
    """
    others = (wants_yes_or_no, wants_list, wants_statement, wants_order)
    is_open = _OPEN.search(question) or _SEVERAL.search(question)
    return not (is_open or any(is_other(question) for is_other in others))


def asks_for_several(question: str) -> bool:
    """Return whether the question asks for several things of a kind that a few words can name."""
    return bool(_SEVERAL_OF_A_KIND.search(question))


def wants_summary(question: str) -> bool:
    """Return whether the question asks what documents are about as a whole."""
    return bool(_SUMMARY.search(question))


class Order(StrEnum):
    """The order of documents, by date, that a question asks about."""

    NEWEST = "newest first"
    OLDEST = "oldest first"


def wants_order(question: str) -> Order | None:
    """Return the order that "which article is more recent?" and the like ask about; None for others."""
    if not (_DOCUMENT.search(question) and _AGE.search(question)):
        return None
    return Order.OLDEST if _OLDER.search(question) else Order.NEWEST
