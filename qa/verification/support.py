"""Does a quote bear out a sentence? The deterministic check behind verification. Pure.

No letters-only and no fuzzy matching: every word of substance in a sentence must stand in the quote
(in any inflection) or in what is known of its document; numbers must be equal and keep their unit;
negation must fall on the same words; names must keep their order. The check is one-sided on purpose:
it may refuse a fair paraphrase, for which the quote itself can then be shown, but it must not pass a
changed fact.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from qa.nlp.terms import STOPWORDS, terms, words
from qa.nlp.tokens import Token, initials, is_content, tokens
from qa.verification.numbers import _SUBJECTS, _number_objection, hedging
from qa.verification.relations import pairing_objection

_WORD = re.compile(r"\w+")
_SPEECH = re.compile(r"[\"“]([^\"“”]{3,})[\"”]")
_CLAUSE = re.compile(r";\s+|,\s+(?:and|while|but|whereas)\s+|\s+(?:while|whereas)\s+")

SAYING = frozenset(
    terms(
        """say says said tell tells told state states stated note noted notes report reported reports mention
        mentions mentioned describe described explain explained emphasize emphasized emphasise emphasised
        stress stressed add added conclude concluded point pointed claim claimed announce announced write
        wrote written argue argued according"""
    )
)
"""Verbs that introduce what somebody says: where the quote has one, a sentence may have another."""

SOURCES = frozenset(
    terms("article articles document documents quote quotes text source sources interview report")
)
"""Words for what is quoted from."""

NAMING = frozenset(terms("call calls called name named know known"))
"""Verbs that only introduce a name."""

PUBLICATION = frozenset(terms("publish published publication dated date issued"))
"""Words of a sentence about its source, whose title, publisher, place and date it may then use."""


@dataclass(frozen=True, slots=True)
class QuoteContext:
    """A quote and what else is known where it stands."""

    text: str
    document: str
    """The whole text of the quote's document, where a name may stand in full."""
    metadata: str
    """Title, publisher, place and date of the quote's document, for a sentence about its publication."""


def unsupported_reason(sentence: str, source: QuoteContext) -> str:
    """Why ``source`` does not bear out ``sentence``; the empty string when it does."""
    said = tokens(sentence)
    shown = tokens(source.text)
    if not any(is_content(token) and token.key not in SAYING | SOURCES for token in said):
        return "it states nothing"
    if _tells_publication(said, source.metadata):
        return ""
    return (
        _speech_objection(sentence, source.text)
        or _number_objection(said, shown)
        or _word_objection(said, shown, source)
        or _negation_objection(said, shown)
        or pairing_objection(said, shown)
    )


def _tells_publication(said: Sequence[Token], metadata: str) -> bool:
    """Whether a sentence says of its source when, where or by whom it was published, and nothing else."""
    known = {token.key for token in tokens(metadata)}
    about = PUBLICATION | SOURCES | known | {key.lstrip("0") for key in known}
    content = [token for token in said if is_content(token)]
    return (
        any(token.key in PUBLICATION or (token.number and token.key in known) for token in content)
        and any(token.key in known for token in content)
        and all(token.key in about and not token.negated for token in content)
    )


def clauses(sentence: str) -> list[str]:
    """The parts of a sentence that may each rest on a quote of their own."""
    found = [part for part in _CLAUSE.split(sentence) if part.strip()]
    return found if all(_is_clause(part) for part in found) else [sentence]


def stands_alone(clause: str) -> bool:
    """Whether ``clause`` has a subject of its own, as far as its first word tells: without the clause before
    it, "attacks the body" says nothing of anybody.
    """
    first = _WORD.search(clause)
    return first is not None and (first[0][0].isupper() or first[0].isdigit() or first[0] in _SUBJECTS)


def _is_clause(part: str) -> bool:
    """A clause has four words, and among them one that only grammar needs; the items of a list have not."""
    found = words(part)
    return len(found) >= 4 and any(word in STOPWORDS for word in found)


def _derived(a: str, b: str) -> bool:
    """Whether two stems are forms of one word: "expans" and "expand", but not "harm" and "harmless"."""
    if a.endswith("less") != b.endswith("less"):
        return False
    shared = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    return shared >= max(5, max(len(a), len(b)) - 4)


def _speech_objection(sentence: str, quote: str) -> str:
    flat = _flat(quote)
    for speech in _SPEECH.findall(sentence):
        if _flat(speech).rstrip(" .,!?") not in flat:
            return f"“{speech}” is not what the quote says word for word"
    return ""


def _flat(text: str) -> str:
    straight = re.sub(r"[“”]", '"', re.sub(r"[‘’]", "'", text))
    return " ".join(straight.split()).lower()


def _completes(i: int, said: Sequence[Token], names: set[str], document: str) -> bool:
    """Whether token ``i`` is the rest of a name whose neighbour is in the quote: the "Albert" of "Albert
    Einstein", when the document has the two side by side.
    """
    if not said[i].surface[0].isupper():
        return False
    pairs = [(i, i + 1)] * (i + 1 < len(said)) + [(i - 1, i)] * (i > 0)
    return any(
        {said[a].key, said[b].key} & names and f"{said[a].surface} {said[b].surface}" in document
        for a, b in pairs
        if said[a].surface[0].isupper() and said[b].surface[0].isupper()
    )


def _speaks_of_source(i: int, said: Sequence[Token]) -> bool:
    """Whether token ``i`` is the verb of "the article states"."""
    return i > 0 and said[i].key in SAYING and said[i - 1].key in SOURCES


def _word_objection(said: Sequence[Token], shown: Sequence[Token], source: QuoteContext) -> str:
    keys = {token.key for token in shown}
    if keys & SAYING or _SPEECH.search(source.text):
        keys |= SAYING
    keys |= NAMING | SOURCES
    names = {token.key for token in shown if token.surface[0].isupper()}
    short = initials(source.text)
    hedged = hedging(said)
    for i, token in enumerate(said):
        if i in hedged or token.number or not is_content(token) or token.key in keys:
            continue
        if _completes(i, said, names, source.document) or _speaks_of_source(i, said):
            continue
        if token.surface in short:
            continue
        if not token.name and any(_derived(token.key, key) for key in keys):
            continue
        return f"“{token.surface}” does not stand in the quote"
    return ""


def _negation_objection(said: Sequence[Token], shown: Sequence[Token]) -> str:
    for token in said:
        if not is_content(token):
            continue
        ways = {other.negated for other in shown if other.key == token.key}
        if ways and token.negated not in ways:
            verb = "denies" if token.negated else "affirms"
            return f"the sentence {verb} “{token.surface}” and the quote does not"
    return ""
