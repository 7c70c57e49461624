"""The names of a sentence that its quote lacks, and what may stand for one there. Pure."""

import re
from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise

from qa.nlp.scripts import OTHER_THAN_LATIN
from qa.nlp.sentences import sentences
from qa.nlp.tokens import Token, is_content, may_be_name, tokens
from qa.verification.missing_words import missing_words, not_in_quote
from qa.verification.quote_context import QuoteContext, Surroundings

_PRONOUN = re.compile(r"^\W*(he|she|it|they|his|her|its|their)\b", re.IGNORECASE | re.MULTILINE)

_PHRASE = re.compile(r"(?:^|[.,:;]\s)\W{0,3}(?i:the|this|these)\s+[^\W\d_A-Z]", re.MULTILINE)
"""The beginning of a phrase that may stand for a name, where a clause begins: "the film was released"."""

_INSIDE_NAMES = frozenset("of the or in on at for de du di van von".split())
"""Words with a small letter that may stand inside a name: "Make It or Break It"."""


def missing_name(claimed: Sequence[Token], quoted: Sequence[Token], quote: QuoteContext) -> str:
    """Every name must be in the quote, or in what stands over it, or a part of it: "Olivier Megaton" may be
    "Megaton" there, unless the document has him by another first name. The name that the sentence is about
    may be what a pronoun or a phrase of the quote stands for. The first word of a sentence has a capital
    letter whether it is a name or not, so it counts as one; so does a word in another script.
    """
    assumed = {id(token) for token in assumed_names(claimed, quoted, quote)}
    absent = (token for token in _absent_names(claimed, quoted, quote) if id(token) not in assumed)
    missing = {id(token) for token in missing_words(claimed, quoted, quote)}
    foreign = (token for token in claimed if id(token) in missing and _is_in_another_script(token))
    return not_in_quote(next(absent, None) or next(foreign, None))


def _absent_names(claimed: Sequence[Token], quoted: Sequence[Token], quote: QuoteContext) -> Iterator[Token]:
    """Yield a word of each name of which nothing is in the quote or over it, or that is another's there."""
    over = " ".join((quote.title, *(part.over for part in quote.parts)))
    there = {token.key for token in (*quoted, *tokens(over, quote.language))}
    missing = {id(token) for token in missing_words(claimed, quoted, quote)}
    for is_name, run in groupby(claimed, key=lambda token: token.surface[0].isupper() and not token.number):
        name = [token for token in run if is_content(token)]
        absent = next((token for token in name if is_name and id(token) in missing), None)
        if absent and (
            not any(token.key in there for token in name) or _has_other_name(absent, name, quote.document)
        ):
            yield absent


def assumed_names(claimed: Sequence[Token], quoted: Sequence[Token], quote: QuoteContext) -> list[Token]:
    """Return the words of absent names in the name that a sentence is about, if the quote has a pronoun or
    another phrase that may stand for it.
    """
    absent = {id(token) for token in _absent_names(claimed, quoted, quote)}
    subject = _subject(claimed, quoted)
    found = [token for token in subject if id(token) in absent]
    if not found:
        return []
    means = _may_mean(found[0], quote) or any(_may_stand_for(subject, part, quote) for part in quote.parts)
    return found if means else []


def _subject(claimed: Sequence[Token], quoted: Sequence[Token]) -> list[Token]:
    """Return the words of the name that a sentence opens with, or that stands after its first noun and "of":
    "The filming of Make It or Break It".
    """
    keys = {token.key for token in quoted}
    first = next((i for i, token in enumerate(claimed) if may_be_name(token)), None)
    if first is None:
        return []
    before = [token for token in claimed[:first] if is_content(token)]
    follows = any(token.surface.lower() == "of" for token in claimed[max(0, first - 2) : first])
    if before and not (follows and all(token.key in keys for token in before)):
        return []
    end = first
    for i in range(first, len(claimed)):
        if claimed[i].surface[0].isupper() and not claimed[i].number:
            end = i + 1
        elif claimed[i].surface.lower() not in _INSIDE_NAMES:
            break
    return [token for token in claimed[first:end] if is_content(token)]


def _may_mean(name: Token, quote: QuoteContext) -> bool:
    """Return whether a pronoun that opens a quote may stand for ``name``: not if the document goes on without
    it.
    """
    known = name.surface in quote.document or quote.document == quote.text
    return known and bool(_PRONOUN.search(quote.text))


def _may_stand_for(subject: Sequence[Token], part: Surroundings, quote: QuoteContext) -> bool:
    """Return whether a phrase such as "the film", or a pronoun, at the head of a clause of a quote may stand
    for ``subject``: the sentence before that opens with a name opens with that one, or it stands over the
    quote. Where nothing but the quote is known, nothing speaks against it.
    """
    if not (_PHRASE.search(part.text) or _PRONOUN.search(part.text)):
        return False
    if quote.document == quote.text and not part.over.strip():
        return True
    wanted = {token.key for token in subject}
    for start, end in reversed(sentences(part.before, quote.language)):
        opening = _subject(tokens(part.before[start:end], quote.language), ())
        if opening:
            return bool(wanted & {token.key for token in opening})
    return wanted <= {token.key for token in tokens(part.over, quote.language)}


def _has_other_name(absent: Token, name: Sequence[Token], document: str) -> bool:
    """Return whether ``document`` has another word before the part of a name that follows the one that is
    ``absent``: "Jerome Boyet" for "Jane Boyet".
    """
    after = next((b for a, b in pairwise(name) if a is absent), None)
    if after is None:
        return False
    firsts = set(re.findall(rf"\b([^\W\d_]\w+) {re.escape(after.surface)}\b", document))
    return any(first[0].isupper() for first in firsts - {absent.surface})


def _is_in_another_script(token: Token) -> bool:
    """Return whether a word of a text in the Latin script has letters without upper and lower case."""
    return token.language not in OTHER_THAN_LATIN and token.surface.upper() == token.surface.lower()
