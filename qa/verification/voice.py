"""Compare who did something with who suffered it: who "defeated" another was not "defeated". Pure."""

from collections.abc import Iterator, Sequence

from qa.nlp.language import ENGLISH
from qa.nlp.terms import terms
from qa.nlp.tokens import Token, is_content, may_be_name

_BE = frozenset("am is are was were been being be got gets get".split())
_PERFECT = frozenset("has have had having".split())
_DETERMINERS = frozenset(
    """a an the this that these those his her its their our my your some any all both each every another
    no""".split()
)
_MUTUAL = frozenset(terms("married divorced engaged related"))
"""Stems of verbs that say the same in either voice: who married was married."""


def other_voice(claimed: Sequence[Token], texts: Sequence[Sequence[Token]]) -> str:
    """Return why a claim may not say that somebody suffered what they did in the quoted ``texts``, or did
    what they suffered; empty where it may, as where the texts have both.
    """
    quoted = {voice for text in texts for voice in _voices(text)}
    for name, verb, passive in _voices(claimed):
        known = (name, verb, passive) in quoted or ("", verb, passive) in quoted
        if name and (name, verb, not passive) in quoted and not known:
            return "the quote has who did it and to whom the other way round"
    return ""


def _voices(text: Sequence[Token]) -> Iterator[tuple[str, str, bool]]:
    """Yield the keys of a name, empty where none is near, and of the verb after it, and True if that is in
    the passive voice; in the active voice only where an object follows.
    """
    for i, verb in enumerate(text):
        if verb.language != ENGLISH or not is_content(verb) or verb.number or may_be_name(verb):
            continue
        if verb.key in _MUTUAL:
            continue
        begin = i
        while begin and (_is_adverb(text[begin - 1]) or text[begin - 1].surface.lower() in _BE | _PERFECT):
            begin -= 1
        passive = any(token.surface.lower() in _BE for token in text[begin:i])
        if passive and verb.surface.endswith("ing"):
            continue
        if passive or (_may_be_active(verb) and any(map(_begins_object, text[i + 1 : i + 2]))):
            yield next((name.key for name in names_before(text[:begin])), ""), verb.key, passive


def _is_adverb(token: Token) -> bool:
    return token.surface.endswith("ly") or token.surface.lower() == "and"


def _may_be_active(verb: Token) -> bool:
    """Return whether ``verb`` is not a participle alone, as "born" and "known" are, unlike "defeated"."""
    return not verb.surface.endswith("n") or verb.surface == "won"


def _begins_object(token: Token) -> bool:
    return (is_content(token) and not token.number) or token.surface.lower() in _DETERMINERS


def names_before(text: Sequence[Token]) -> list[Token]:
    """Return the names at the end of ``text``, with nothing but function words among and after them."""
    names: list[Token] = []
    for token in reversed(text):
        if may_be_name(token):
            names.append(token)
        elif is_content(token):
            break
    return names
