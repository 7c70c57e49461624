"""Find the sentence that goes on with what a quote says, for questions that ask for what was said. Pure."""

import re
from collections.abc import Mapping

from qa.nlp.language import ENGLISH, UNKNOWN
from qa.nlp.sentences import SENTENCE_CHARS, sentences
from qa.nlp.terms import terms
from qa.nlp.tokens import AUXILIARY, is_content, may_be_name, tokens
from qa.schema import Document, Quote, Span
from qa.verification.speech import SPEECH_VERBS

_PARAGRAPH_END = re.compile(r"\n[ \t]*\n")
_SPEECH = re.compile(
    r"[\"“„][^\"“”„]*(?:[\"“”]|$)|«[^«»]*(?:»|$)|»[^«»]*(?:«|$)|[「『][^「」『』]*(?:[」』]|$)"
)
"""Text in quotation marks, or that begins with one that is not closed."""
_SPEAKER = re.compile(r"^\W*(?:he|she|they|it)\b((?:\s+\w+){1,2})", re.IGNORECASE)
"""A pronoun and the words after it: "he also added"."""
_REFERENCE = re.compile(r"\W*(?:this|these|those|such)\b", re.IGNORECASE)
_VERB = re.compile(rf"\b{AUXILIARY}\b", re.IGNORECASE)
_MODAL = re.compile(r"\b(?:can|could|will|would|should|may|might|must)\b", re.IGNORECASE)
_READ = {ENGLISH, UNKNOWN}


def find_continuation(quote: Quote, documents: Mapping[str, Document]) -> Span | None:
    """Return the sentence after ``quote`` in its paragraph if it goes on with what ``quote`` says; otherwise
    None.

    It does where it is speech in quotation marks, or has its speaker as a pronoun, and names no other
    speaker. Where it opens with a reference such as "these plans", it goes on with what a text says itself;
    after somebody's words it does so only with "would" and the like, since what was done about them is no
    longer said by them.
    """
    document = documents[quote.span.doc_id]
    text, end = document.text, quote.span.end
    rest = _PARAGRAPH_END.split(text[end : end + SENTENCE_CHARS], maxsplit=1)[0]
    bounds = next(iter(sentences(rest, document.language)), None)
    if bounds is None or (end + bounds[1] == end + SENTENCE_CHARS < len(text)):
        return None
    following = rest[bounds[0] : bounds[1]]
    last = quote.text[slice(*sentences(quote.text, document.language)[-1])]
    if not _goes_on(following, last, quote):
        return None
    return Span(quote.span.doc_id, end + bounds[0], end + bounds[1])


def _goes_on(following: str, last: str, quote: Quote) -> bool:
    if _SPEECH.match(following):
        around = _SPEECH.sub(" ", following)
        is_speech = _is_said(around) or not any(map(is_content, tokens(around, quote.language)))
        return is_speech and not _names_others(around, quote)
    if quote.language not in _READ:
        return False
    if (speaker := _SPEAKER.match(following)) and _is_said(speaker[1]):
        return True
    if not _REFERENCE.match(following) or _names_others(following, quote):
        return False
    verb = _VERB.search(following)
    return not _is_said(_SPEECH.sub(" ", last)) or bool(verb and _MODAL.match(verb[0]))


def _names_others(text: str, quote: Quote) -> bool:
    """Return whether ``text`` has a name that neither ``quote`` nor the title of its document has."""
    known = {token.key for token in tokens(f"{quote.text} {quote.title}", quote.language)}
    return any(may_be_name(token) and token.key not in known for token in tokens(text, quote.language))


def _is_said(text: str) -> bool:
    """Return whether ``text`` has a verb that introduces what somebody says."""
    return not SPEECH_VERBS.isdisjoint(terms(text))
