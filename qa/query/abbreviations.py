"""Write out the abbreviations of a question, as the documents themselves define them. Pure."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

from qa.nlp.dictionary import is_known_word
from qa.nlp.dimensions import is_unit
from qa.nlp.language import ENGLISH
from qa.nlp.stopwords import stop_words
from qa.nlp.terms import terms, words

_SHORT = re.compile(r"\(\s*[\"“]?([A-Za-z][A-Za-z&]{1,9})[\"”]?\s*[),;]")
_EQUAL = re.compile(r"^[ \t]*([A-Za-z][A-Za-z&]{1,9})[ \t]*=[ \t]*([^=\n]{3,120})$", re.MULTILINE)
"""A line of a key: ``ASK = available seat kilometres``."""

_BEFORE = 200
"""Characters before an abbreviation in which its long form is looked for."""

_URL = re.compile(r"\bhttps?:\S+|\bwww\.\S+")
_BREAK = re.compile(r"[()\n]")
_WORD = re.compile(r"[^\W_]+")
_MORE = 5
"""A long form has at most so many words more than its short form has letters, and at most twice as many
(Schwartz and Hearst 2003, "A Simple Algorithm for Identifying Abbreviation Definitions in Biomedical Text").
"""

_AS_WRITTEN = 3
"""Letters up to which an abbreviation is known by its capitals alone: "IT" and "US" are words as well."""

_INITIALS = range(3, 6)
"""Letters of an abbreviation that is looked for as the initials of words where no text defines it. Words that
begin with the same two letters stand in every text.
"""

_REPEATED = 2
"""The fewest times that words with these initials stand in the texts, and how many times as often as others
with them: three words of a hundred passages begin with any three letters by chance, but not twice the same.
"""

_LONG_WORD = 5
"""Letters of the shortest of the words that need not be repeated: words as long seldom follow each other with
given initials but in a name.

Of 1,275 short words in questions of SQuAD 2.0 and SQuADShifts (``python -m eval.constants``), 35 are written
out rightly and 22 wrongly. With repeated words alone it is 7 and 3; with words of four letters, 36 and 35;
with 1 for ``_REPEATED``, 47 and 56, with 3, 33 and 19. A wrong one adds words to a search and takes none
away."""


def write_out(question: str, texts: Iterable[str], language: str = ENGLISH) -> str:
    """Return ``question``, which is in ``language``, with the other form behind each abbreviation or long
    form that ``texts`` define: ``What was the EBIT (earnings before interest)?``. One that they define in
    several ways, and one that they use more often than the other form, is left as it is. An abbreviation that
    they do not define is taken for the initials of words that they repeat: ``ceo (chief executive officer)``.
    """
    longs: dict[str, dict[str, str]] = defaultdict(dict)
    texts = tuple(texts)
    for text in texts:
        for short, long in definitions(text):
            longs[short][" ".join(terms(long))] = long
    defined = {short.lower() for short in longs}
    for short in _undefined(question, language):
        if short.lower() not in defined and (long := _by_initials(short, texts, language)):
            longs[short][long] = long
    for short, found in longs.items():
        if len(found) > 1:
            continue
        (long,) = found.values()
        forms = {short: _pattern_of_short(short), long: _pattern_of_long(long)}
        asked = [form for form, pattern in forms.items() if pattern.search(question)]
        if len(asked) != 1:
            continue
        own, other = (short, long) if asked == [short] else (long, short)
        used = {form: sum(len(pattern.findall(text)) for text in texts) for form, pattern in forms.items()}
        if used[own] <= used[other] and (match := forms[own].search(question)):
            question = f"{question[: match.end()]} ({other}){question[match.end() :]}"
    return question


def definitions(text: str) -> Iterator[tuple[str, str]]:
    """Yield the abbreviations that ``text`` defines, such as ``earnings before interest (EBIT)`` or, in a
    line of its own, ``EBIT = earnings before interest``, each with its long form.
    """
    for match in _SHORT.finditer(text):
        before = _BREAK.split(text[max(0, match.start() - _BEFORE) : match.start()])[-1]
        if long := _long_form(match[1], before.rstrip()):
            yield match[1], long
    for match in _EQUAL.finditer(text):
        long = match[2].strip()
        if _long_form(match[1], long) == long:
            yield match[1], long


def _undefined(question: str, language: str) -> Iterator[str]:
    """Yield the words of ``question`` that may abbreviate several: those in capitals among others that are
    not, and those that ``language`` does not have, but no signs of units, "hrs".
    """
    common = stop_words(language)
    for word in _WORD.findall(question):
        if len(word) not in _INITIALS or not word.isalpha() or word.lower() in common or is_unit(word):
            continue
        if (word.isupper() and not question.isupper()) or (
            word.islower() and not is_known_word(word, language)
        ):
            yield word


def _by_initials(short: str, texts: Iterable[str], language: str) -> str:
    """Return the words that ``texts`` repeat and that begin with the letters of ``short``, none of them a
    stop word of ``language``; empty if there are no such words, or several.
    """
    letters = list(short.lower())
    found: Counter[str] = Counter()
    for text in texts:
        said = words(_URL.sub(" ", text))
        initials = [word[0] for word in said]
        for at in range(len(said) - len(letters) + 1):
            if initials[at : at + len(letters)] == letters:
                found[" ".join(said[at : at + len(letters)])] += 1
    likely = Counter(
        {
            long: often
            for long, often in found.items()
            if (often >= _REPEATED or min(map(len, long.split())) >= _LONG_WORD)
            and stop_words(language).isdisjoint(long.split())
        }
    )
    (long, often), (_, next_often) = [*likely.most_common(2), ("", 0), ("", 0)][:2]
    return long if often >= _REPEATED * next_often else ""


def _long_form(short: str, before: str) -> str:
    """Return the shortest end of ``before`` that has the letters of ``short`` in their order, the first one
    at the beginning of a word; empty if there is none.
    """
    letters = [letter for letter in short.lower() if letter.isalpha()]
    words = list(_WORD.finditer(before))[-min(len(letters) + _MORE, 2 * len(letters)) :]
    first = words[0].start() if words else len(before)
    at = len(before)
    for i, letter in reversed(list(enumerate(letters))):
        at -= 1
        while at >= first and not (before[at].lower() == letter and (i or not before[at - 1 : at].isalnum())):
            at -= 1
        if at < first:
            return ""
    long = before[at:]
    return long if len(_WORD.findall(long)) > 1 and ". " not in long else ""


def _pattern_of_short(short: str) -> re.Pattern[str]:
    either = re.IGNORECASE if len(short) > _AS_WRITTEN else re.NOFLAG
    return re.compile(rf"\b{re.escape(short)}\b", either)


def _pattern_of_long(long: str) -> re.Pattern[str]:
    words = r"\W+".join(map(re.escape, _WORD.findall(long)))
    return re.compile(rf"\b{words}\b", re.IGNORECASE)
