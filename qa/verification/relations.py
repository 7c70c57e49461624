"""Compare which names and numbers a sentence and a quote relate to each other. Pure.

Every word of a sentence can be in its quote and the fact still be another: "A sued B" for "B sued A",
"5 in 2019" for "7 in 2019 and 5 in 2020". Like the rest of the check this is one-sided: it may reject a fair
sentence that gives its facts in another order, and then the quote is shown instead.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, groupby, pairwise

from qa.nlp.tokens import Token, is_content, may_be_name
from qa.verification.numbers import is_month
from qa.verification.voice import names_before, other_voice

JOINERS = frozenset("and while whereas but respectively".split())
"""Words between one fact and the next."""

_ARTICLES = frozenset("a an the".split())

_PRONOUNS = frozenset("he she it they we i you".split())

_SYMMETRIC = frozenset("and or nor the a an".split())
"""Words around which two names may change places."""


def relation_mismatch(
    claimed: Sequence[Token], texts: Sequence[Sequence[Token]], title: Sequence[Token] = ()
) -> str:
    """Return how ``claimed`` relates names and numbers otherwise than the quoted ``texts``, which stand under
    ``title``, as a reason for a person; the empty string when it does not. The order of the texts means
    nothing.
    """
    quoted = list(chain.from_iterable(texts))
    return (
        _swapped_names(claimed, quoted)
        or _swapped_numbers(claimed, texts)
        or _misattributed_number(claimed, texts)
        or other_voice(claimed, texts)
        or _other_role(claimed, quoted)
        or _other_subject(claimed, quoted, title)
        or _new_comparison(claimed, quoted)
    )


@dataclass(frozen=True, slots=True)
class _NamePair:
    """Two names in the order of a text."""

    first: str
    second: str
    between: frozenset[str]
    """The keys of what is between them and relates them."""
    passive: bool
    """True if "by" is part of it."""


def _swapped_names(claimed: Sequence[Token], quoted: Sequence[Token]) -> str:
    """Two names that change places around the same words ("A sued B", "from A to B") change the fact,
    unless one of the two texts is in the passive voice; then they must change places.
    """
    pairs = list(_name_pairs(quoted))
    for pair in _name_pairs(claimed):
        same = [
            p for p in pairs if p.between == pair.between and {p.first, p.second} == {pair.first, pair.second}
        ]
        if same and not any((p.first == pair.first) == (p.passive == pair.passive) for p in same):
            return "the quote has the names the other way round"
    return ""


def _name_pairs(text: Sequence[Token]) -> Iterator[_NamePair]:
    names = [i for i, token in enumerate(text) if may_be_name(token)]
    for position, i in enumerate(names):
        for j in names[position + 1 :]:
            middle = [t for t in text[i + 1 : j] if not t.surface[0].isupper()]
            content = frozenset(t.key for t in middle if is_content(t))
            # Where no content word is between two names, a preposition relates them.
            between = content or frozenset(t.key for t in middle) - _SYMMETRIC
            if text[i].key != text[j].key and between:
                passive = bool(content) and any(token.surface.lower() == "by" for token in middle)
                yield _NamePair(text[i].key, text[j].key, between, passive)


def _swapped_numbers(claimed: Sequence[Token], texts: Sequence[Sequence[Token]]) -> str:
    """Numbers must keep their order in a text (two alone may change places, unless they count the same), and
    two that it separates by "and" must stay separate. One text that has several of them so is enough.
    """
    order = list(dict.fromkeys(token.key for token in claimed if token.number))
    known = ([key for key in order if key in {token.key for token in text}] for text in texts)
    reasons = [
        _swapped_numbers_of(claimed, own, text)
        for own, text in zip(known, texts, strict=True)
        if len(own) > 1
    ]
    return next(iter(reasons)) if all(reasons) and reasons else ""


def _swapped_numbers_of(claimed: Sequence[Token], order: Sequence[str], text: Sequence[Token]) -> str:
    numbers = [token.key for token in text if token.number]
    rest = iter(numbers)
    are_alike = all(_after(order[0], each) & _after(order[1], each) for each in (claimed, text))
    if (len(numbers) > 2 or are_alike) and not all(key in rest for key in order):
        return "the quote gives the numbers in another order"
    for a, b in pairwise(order):
        if _are_separate(a, b, text) and not _are_separate(a, b, claimed):
            return f"the quote does not connect {a} and {b}"
    return ""


def _after(key: str, text: Sequence[Token]) -> set[str]:
    """Return the words after a number in ``text``, such as its unit."""
    return {after.key for number, after in pairwise(text) if number.key == key and is_content(after)}


def _are_separate(a: str, b: str, text: Sequence[Token]) -> bool:
    """Return whether a joiner is between ``a`` and ``b`` wherever ``text`` has both."""
    return all(
        any(token.surface.lower() in JOINERS for token in between) for between in _betweens(a, b, text)
    )


def _misattributed_number(claimed: Sequence[Token], texts: Sequence[Sequence[Token]]) -> str:
    """A number belongs to the name before it: in a text no other name with a number may come between. It
    belongs to the name after it where the two are one: "the 2010 World Cup", "at 56 Baker Street".
    """
    name: Token | None = None
    quoted = [_dates_as_one(text) for text in texts]
    whole = _dates_as_one(claimed)
    for i, token in enumerate(whole):
        if token.number and name:
            if any(_is_before_name(token, whole[i + 1 : i + 2], text) for text in quoted):
                continue
            betweens = [between for text in quoted for between in _betweens(name.key, token.key, text)]
            if betweens and all(_has_other_owner(between, name, token) for between in betweens):
                return f"the quote does not give {token.surface} for {name.surface}"
        elif may_be_name(token):
            name = token
    return ""


def _is_before_name(number: Token, after: Sequence[Token], text: Sequence[Token]) -> bool:
    """Return whether ``number`` stands before the same name in ``text`` as in a claim, and no other does."""
    if not any(map(may_be_name, after)):
        return False
    before = {a.key for a, b in pairwise(text) if b.key == after[0].key and a.number}
    return before == {number.key}


def _dates_as_one(text: Sequence[Token]) -> list[Token]:
    """Return ``text`` with the last number of each date in its place: the year of "8 August 2005"."""
    kept: list[Token] = []
    for may_be_date, run in groupby(text, key=lambda token: token.number or is_month(token)):
        part = list(run)
        if may_be_date and any(map(is_month, part)) and any(token.number for token in part):
            part = [token for token in part if token.number][-1:]
        kept += part
    return kept


def _other_role(claimed: Sequence[Token], quoted: Sequence[Token]) -> str:
    """Return why a claim may not give somebody another role than the quote does; empty where it may. Where
    the quote says that several did different things ("written by A and directed by B"), none of them may be
    said to have done what another did, or something else.
    """
    roles: dict[str, set[str]] = {}
    for verb, name in _agents(quoted):
        roles.setdefault(name.key, set()).add(verb.key)
    if len(set().union(*roles.values())) < 2:
        return ""
    for verb, name in (*_agents(claimed), *_subjects(claimed)):
        if name.key in roles and not any(verb.key[:4] == known[:4] for known in roles[name.key]):
            return f"the quote gives {name.surface} another role than “{verb.surface}”"
    return ""


def _agents(text: Sequence[Token]) -> Iterator[tuple[Token, Token]]:
    """Yield each word before "by" with each of the names after it."""
    for i, token in enumerate(text):
        if token.surface.lower() != "by" or not i or not is_content(text[i - 1]) or may_be_name(text[i - 1]):
            continue
        for name in text[i + 1 :]:
            if not (may_be_name(name) or name.surface.lower() in _SYMMETRIC):
                break
            if may_be_name(name):
                yield text[i - 1], name


def _subjects(text: Sequence[Token]) -> Iterator[tuple[Token, Token]]:
    """Yield the word after the names that open a text with each of them."""
    names: list[Token] = []
    for token in text:
        if may_be_name(token):
            names.append(token)
        elif is_content(token):
            yield from ((token, name) for name in names)
            return


def _other_subject(claimed: Sequence[Token], quoted: Sequence[Token], title: Sequence[Token]) -> str:
    """A name that stands elsewhere in the quote or in its title may not take the place of the one that the
    quote gives as who did or suffered something: "Walker was sacked" is not said of the club in the title.
    """
    known = {token.key for token in (*quoted, *title)}
    subjects = [(verb, name) for verb, name in _subjects(claimed) if name.key in known]
    if not subjects:
        return ""
    verb, first = subjects[0]
    between = claimed[claimed.index(first) : claimed.index(verb)]
    if any(token.surface.lower() in _ARTICLES for token in between):
        return ""  # "is an actress" says what somebody is
    mentioned = {token.key for token in claimed}
    passive = {i for i, token in enumerate(quoted[1:]) if token.surface.lower() == "by"}  # who did it follows
    said_of = [
        _subject_before(quoted[:i])
        for i, token in enumerate(quoted)
        if token.key == verb.key and i not in passive
    ]
    if said_of and all(names and mentioned.isdisjoint(name.key for name in names) for names in said_of):
        return f"the quote says it of {said_of[0][0].surface}"
    return ""


def _subject_before(text: Sequence[Token]) -> list[Token]:
    """Return the names at the end of ``text``; none if a pronoun stands after them: "the Cup. He won"."""
    names = names_before(text)
    last = next((i for i, token in enumerate(text) if names and token is names[0]), 0)
    return [] if any(token.surface.lower() in _PRONOUNS for token in text[last + 1 :]) else names


def has_other_object(question: Sequence[Token], quoted: Sequence[Token], answer: Sequence[Token]) -> bool:
    """Return whether ``question`` asks what was done to a name, and what is ``quoted`` says it of others
    alone: "In March he joined York" does not answer "When did he join Leeds?". The names of the ``answer``
    are no others where the quote has those of the question: "the Hunger Games novels by the author Collins".
    """
    asked = {token.key for token in question}
    answers, known = {token.key for token in answer}, {token.key for token in quoted}
    for i, verb in enumerate(question):
        wanted = _names_after(question[i + 1 :])
        if not is_content(verb) or may_be_name(verb) or not wanted:
            continue
        mine = answers if {token.key for token in wanted} <= known else frozenset[str]()
        objects = [
            {name.key for name in _names_after(quoted[j + 1 :])}
            for j, token in enumerate(quoted)
            if token.key == verb.key
        ]
        if objects and all(names - mine and asked.isdisjoint(names) for names in objects):
            return True
    return False


def _names_after(text: Sequence[Token]) -> list[Token]:
    """Return the names that begin ``text``, with nothing but function words before and among them."""
    return names_before(text[::-1])


def _new_comparison(claimed: Sequence[Token], quoted: Sequence[Token]) -> str:
    """A comparison with something that has a name must be in the quote as one: "larger than Jupiter"."""
    if any(token.surface.lower() == "than" for token in quoted):
        return ""
    compared = (b for a, b in pairwise(claimed) if a.surface.lower() == "than" and may_be_name(b))
    name = next(compared, None)
    return f"the quote makes no comparison with {name.surface}" if name else ""


def _has_other_owner(between: Sequence[Token], name: Token, number: Token) -> bool:
    return any(t.number and t.key != number.key for t in between) and any(
        may_be_name(t) and t.key != name.key for t in between
    )


def _betweens(a: str, b: str, text: Sequence[Token]) -> Iterator[Sequence[Token]]:
    """Yield the tokens between every two neighbouring occurrences of ``a`` and ``b``, in either order."""
    places = [i for i, token in enumerate(text) if token.key in (a, b)]
    for i, j in pairwise(places):
        if text[i].key != text[j].key:
            yield text[i + 1 : j]
