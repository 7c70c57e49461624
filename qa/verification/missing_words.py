"""The words of a sentence that its quote lacks and that do not follow from it. Pure."""

from collections.abc import Iterator, Sequence

from qa.nlp.hedges import hedge_positions
from qa.nlp.terms import terms, without_accents
from qa.nlp.tokens import Token, initials, is_content, may_be_name
from qa.verification.about_source import SOURCE_WORDS
from qa.verification.quote_context import QuoteContext
from qa.verification.speech import SPEECH_VERBS, has_speech

NAMING_VERBS = frozenset(terms("call calls called name named know known"))
"""Stems of verbs that only introduce a name."""

MIN_SHARED_LETTERS = 5
MAX_ENDING_LETTERS = 4
"""Two stems are forms of one word when they begin with the same 5 letters and end in at most 4 others."""


def missing_words(claimed: Sequence[Token], quoted: Sequence[Token], quote: QuoteContext) -> Iterator[Token]:
    """Yield the words of substance that are not in the quote and do not follow from it."""
    keys = {token.key for token in quoted}
    if keys & SPEECH_VERBS or has_speech(quote.text):
        keys |= SPEECH_VERBS
    keys |= NAMING_VERBS | SOURCE_WORDS
    names = {token.key for token in quoted if token.surface[0].isupper()}
    plain = {without_accents(key) for key in names}
    short_names = initials(quote.text)
    hedges = hedge_positions(claimed)
    for i, token in enumerate(claimed):
        if i in hedges or token.number or not is_content(token) or token.key in keys:
            continue
        if _completes_name(i, claimed, names, quote.document) or _is_source_verb(i, claimed):
            continue
        if token.surface in short_names or (may_be_name(token) and without_accents(token.key) in plain):
            continue
        if not token.name and any(_are_same_word(token.key, key) for key in keys):
            continue
        yield token


def not_in_quote(token: Token | None) -> str:
    """Return the reason that ``token`` is not in the quote; the empty string for no token."""
    return f"“{token.surface}” is not in the quote" if token else ""


def _completes_name(i: int, claimed: Sequence[Token], names: set[str], document: str) -> bool:
    """Return whether token ``i`` is the rest of a name whose neighbour is in the quote: the "Albert" of
    "Albert Einstein", when the document has the two side by side.
    """
    if not claimed[i].surface[0].isupper():
        return False
    pairs = [(i, i + 1)] * (i + 1 < len(claimed)) + [(i - 1, i)] * (i > 0)
    return any(
        {claimed[a].key, claimed[b].key} & names and f"{claimed[a].surface} {claimed[b].surface}" in document
        for a, b in pairs
        if claimed[a].surface[0].isupper() and claimed[b].surface[0].isupper()
    )


def _is_source_verb(i: int, claimed: Sequence[Token]) -> bool:
    """Return whether token ``i`` is the verb of "the article states"."""
    return i > 0 and claimed[i].key in SPEECH_VERBS and claimed[i - 1].key in SOURCE_WORDS


def _are_same_word(a: str, b: str) -> bool:
    """Return whether two stems are forms of one word: "expans" and "expand", not "harm" and "harmless"."""
    if a.endswith("less") != b.endswith("less"):
        return False
    shared = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    return shared >= max(MIN_SHARED_LETTERS, max(len(a), len(b)) - MAX_ENDING_LETTERS)
