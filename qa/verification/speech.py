"""Speech that a sentence reports. Pure."""

import re

from qa.nlp.terms import terms

SPEECH_VERBS = frozenset(
    terms(
        """say says said tell tells told state states stated note noted notes report reported reports mention
        mentions mentioned describe described explain explained emphasize emphasized emphasise emphasised
        stress stressed add added conclude concluded point pointed claim claimed announce announced write
        wrote written argue argued according"""
    )
)
"""Stems of verbs that introduce what somebody says: where the quote has one, a sentence may have another."""

_SPEECH = re.compile(
    r"[\"“]([^\"“”]{3,})[\"”]|[«»]([^«»]{3,})[«»]|„([^„“”]{3,})[“”]|[「『]([^「」『』]{3,})[」』]"
)


def has_speech(text: str) -> bool:
    """Return whether something stands between quotation marks in ``text``."""
    return _SPEECH.search(text) is not None


def speech_mismatch(sentence: str, quote: str) -> str:
    """Speech in quotation marks must be in the quote word for word."""
    plain = _plain(quote)
    for speech in map("".join, _SPEECH.findall(sentence)):
        if _plain(speech).rstrip(" .,!?") not in plain:
            return f"the quote does not say “{speech}” word for word"
    return ""


def _plain(text: str) -> str:
    """Return ``text`` in lower case, with straight quotation marks and single spaces."""
    straight = re.sub(r"[“”]", '"', re.sub(r"[‘’]", "'", text))
    return " ".join(straight.split()).lower()
