"""Choose the quotes that a sentence cites, and tell which of its words stand in none of them. Pure."""

import re
from collections.abc import Sequence
from itertools import combinations, takewhile

from qa.nlp.scripts import UNSPACED
from qa.nlp.terms import content_terms
from qa.nlp.tokens import Token, is_content, may_be_name, tokens
from qa.schema import Quote
from qa.verification.clauses import split_clauses
from qa.verification.numbers import is_month

MAX_CITES = 3
"""Most quotes that one sentence may rest on: 0.61 of the claims of WiCE's that are supported rest on three
sentences or fewer."""

WORD = re.compile(rf"[{UNSPACED}]|(?:(?![{UNSPACED}])\w)+")
"""A word, or a character of a script that puts no spaces between words."""

_CITATION = re.compile(r"\s*\[\s*\d+(?:\s*[,;–-]\s*\d+)*\s*\]")
_DIGITS = re.compile(r"\d+")


def strip_citations(text: str) -> str:
    """Return ``text`` without marks such as ``[1]`` and ``[1, 2]``."""
    return _CITATION.sub("", text)


def cited_numbers(text: str) -> set[int]:
    """Return the numbers in the marks of ``text``."""
    return {int(number) for mark in _CITATION.findall(text) for number in _DIGITS.findall(mark)}


def cover(claim: str, quotes: Sequence[Quote]) -> tuple[Quote, ...]:
    """Return up to ``MAX_CITES`` quotes that together have the most words of ``claim``, of which each adds
    one; the first has the most. It is the first quote where none has any.
    """
    chosen: list[Quote] = []
    wanted = {quote.number: content_terms(claim, quote.language) for quote in quotes}
    covered: frozenset[str] = frozenset()
    while len(chosen) < MAX_CITES:
        adds = {
            quote.number: len(wanted[quote.number] & content_terms(quote.text, quote.language) - covered)
            for quote in quotes
        }
        best = max(quotes, key=lambda quote: adds[quote.number])
        if not adds[best.number]:
            break
        chosen.append(best)
        covered |= content_terms(best.text, best.language)
    return tuple(chosen or quotes[:1])


def mixing_reason(claim: str, quotes: Sequence[Quote]) -> str:
    """Return why ``quotes`` do not support ``claim`` together; the empty string when they may.

    In every clause, a number and the names beside it must stand in one of the quotes, or over it: "5 trains"
    of one quote and "Peru" of another are not five trains in Peru. A clause that takes words from several
    documents needs a name that their quotes share: one contract's name and another's law make no statement.
    """
    if len(quotes) == 1:
        return ""
    if any(_joins_strangers(clause, quotes) for clause in split_clauses(claim)):
        return "its words are from several documents, whose quotes have no name in common"
    language = quotes[0].language
    texts = [f"{quote.text} {quote.over}" for quote in quotes]
    known = [{token.key for token in tokens(text, q.language)} for text, q in zip(texts, quotes, strict=True)]
    for clause in split_clauses(claim):
        found = [token for token in tokens(clause, language) if is_content(token)]
        for i, number in enumerate(found):
            beside = {token.key for token in (*_name_in(found[:i][::-1]), *_name_in(found[i + 1 :]))}
            if number.number and not any({number.key, *beside} <= keys for keys in known):
                return f"no quote has {number.surface} together with the names of the sentence"
    return ""


def _joins_strangers(clause: str, quotes: Sequence[Quote]) -> bool:
    """Return whether no document's quotes have all the words of ``clause`` that the quotes of all have, and
    those of two documents share no name.
    """
    by_document: dict[str, list[Quote]] = {}
    for quote in quotes:
        by_document.setdefault(quote.span.doc_id, []).append(quote)
    said = [" ".join(quote.text for quote in each) for each in by_document.values()]
    language = quotes[0].language
    titled = [
        content_terms(f"{text} {each[0].title}", language)
        for text, each in zip(said, by_document.values(), strict=True)
    ]
    wanted = content_terms(clause, language) & frozenset().union(*titled)
    if any(wanted <= each for each in titled):
        return False
    names = [{token.key for token in tokens(text, language) if may_be_name(token)} for text in said]
    return any(one.isdisjoint(other) for one, other in combinations(names, 2))


def _name_in(text: Sequence[Token]) -> list[Token]:
    """Return the words of the first name in ``text`` that is no month."""
    is_name = [may_be_name(token) and not is_month(token) for token in text]
    first = is_name.index(True) if True in is_name else len(text)
    return [
        token for token, _ in takewhile(lambda each: each[1], zip(text[first:], is_name[first:], strict=True))
    ]


def is_word_for_word(text: str, quote: Quote) -> bool:
    """Return whether the words of ``text`` follow each other in ``quote``, whatever their case and
    punctuation.
    """
    return f" {' '.join(_words(text))} " in f" {' '.join(_words(quote.text))} "


def unquoted_spans(text: str, quotes: Sequence[Quote]) -> tuple[tuple[int, int], ...]:
    """Return the start and end of every run of words of ``text`` that stand in none of ``quotes``."""
    known = {word for quote in quotes for word in _words(quote.text)}
    found: list[tuple[int, int]] = []
    for match in WORD.finditer(text):
        if match[0].casefold() in known:
            continue
        if found and not text[found[-1][1] : match.start()].strip():
            found[-1] = (found[-1][0], match.end())
        else:
            found.append(match.span())
    return tuple(found)


def _words(text: str) -> list[str]:
    return [word.casefold() for word in WORD.findall(text)]
