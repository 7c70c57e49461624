"""Check a sentence that says in one language what a quote says in another. Pure.

The words do not compare, so no form proves such a sentence: the model's probability of support decides. It
cannot outweigh what code finds here: a number, a date, an amount of money or a name that the quote lacks,
words in quotation marks that are not the quote's, or a negation on one side alone.
"""

from collections.abc import Iterator, Sequence

from qa.nlp.deciding_words import NEGATORS
from qa.nlp.dictionary import load_dictionary
from qa.nlp.language import detect_language
from qa.nlp.name_matching import has_name, is_known_name, tells_names
from qa.nlp.stopwords import stop_words
from qa.nlp.terms import is_unspaced
from qa.nlp.tokens import CAPITAL_NOUNS, Token, may_be_name, tokens
from qa.nlp.written_dates import WrittenDate, dates_in
from qa.quantities.currencies import CURRENCY_KEYS
from qa.quantities.quantities import Quantity, quantities_in
from qa.schema import Evidence, ShortAnswer
from qa.verification.about_source import states_nothing
from qa.verification.quote_context import QuoteContext
from qa.verification.speech import speech_mismatch

UNCOMPARED = {"form": 0.0, "missing": 0.0, "assumed": 0.0}
"""The features that code tells a checker of a sentence whose words do not compare with the quote's: nothing
for it, and nothing against it that would be no veto."""


def are_in_several_languages(evidence: Evidence) -> bool:
    """Return whether some quotes are in another language than the question."""
    return bool(evidence.asked_in) and any(
        quote.language not in ("", evidence.asked_in) for quote in evidence.quotes
    )


def language_of(text: str, evidence: Evidence) -> str:
    """Return the language that a drafted sentence is in: the question's, if the quotes are not in it too, or
    that of quotes, unless it is plainly in a third one.
    """
    if not are_in_several_languages(evidence):
        return next((quote.language for quote in evidence.quotes), "")
    expected = {evidence.asked_in, *(quote.language for quote in evidence.quotes)}
    return detect_language(text, frozenset(expected - {""}))


def translation_veto(text: str, language: str, question: str, quote: QuoteContext) -> str:
    """Return why ``quote`` cannot support ``text``, which is in another ``language``, however probable it is
    that it does; the empty string if nothing forbids it.
    """
    if states_nothing(tokens(text, language)):
        return "it makes no statement"
    return (
        speech_mismatch(text, quote.text)
        or _missing_number(text, language, quote)
        or _missing_name(text, language, question, quote)
        or _negation_mismatch(text, language, quote)
    )


def gives_numbers(text: str, language: str, short: ShortAnswer, quoted_in: str) -> bool:
    """Return whether ``text`` has every number of a ``short`` answer in another language."""
    said = _values(text, language)
    return all(each.value in said for each in quantities_in(short.text, quoted_in))


def count_shared(text: str, language: str, quote: QuoteContext) -> int:
    """Count the numbers and names of ``text`` that a quote in another language has."""
    known = _values(quote.text, quote.language)
    named = {token.surface for token in tokens(text, language) if may_be_name(token)}
    return sum(each.value in known for each in quantities_in(text, language)) + sum(
        has_name(quote.text, quote.language, name, language) for name in named
    )


def _values(text: str, language: str) -> set[object]:
    """Return the values of the numbers of ``text``, also of those in its dates."""
    parts = (int(part) for date in dates_in(text) for part in date.iso.split("-"))
    return {*(each.value for each in quantities_in(text, language)), *parts}


def _missing_number(text: str, language: str, quote: QuoteContext) -> str:
    """Every date, and every number in figures or words, must be in the quote, and money in its currency."""
    date = next((date for date in dates_in(text) if not _has_date(text, date, language, quote)), None)
    if date:
        return f"the date {text[date.start : date.end]} is not in the quote"
    known = list(quantities_in(quote.text, quote.language))
    values = _values(quote.text, quote.language)
    for each in quantities_in(text, language):
        said = text[each.start : each.end].strip()
        if each.value not in values:
            return f"the number {said} is not in the quote"
        units = {other.unit.key for other in known if other.value == each.value}
        if _is_compared(each) and each.unit.key not in units:
            return f"the quote does not say “{said}” with that unit"
    return ""


def _has_date(text: str, date: WrittenDate, language: str, quote: QuoteContext) -> bool:
    """Return whether a quote has a date, in figures or with the name of its month."""
    if any(other.iso.startswith(date.iso) for other in dates_in(quote.text)):
        return True
    written = text[date.start : date.end]
    values = _values(quote.text, quote.language)
    words = [token for token in tokens(written, language) if not token.number]
    numbers = [int(part) for part in date.iso.split("-")]
    return (
        bool(words)
        and {numbers[0], *numbers[2:]} <= values
        and all(has_name(quote.text, quote.language, token.surface, language) for token in words)
    )


def _is_compared(quantity: Quantity) -> bool:
    """Return whether the unit of a quantity is known in every language: money, or a percentage."""
    return quantity.unit.key in CURRENCY_KEYS | {"percent"}


def _missing_name(text: str, language: str, question: str, quote: QuoteContext) -> str:
    """Every name must be in the quote or in the title above it, in any spelling; where a script has no
    capital letters, every word in Latin ones.
    """
    around = f"{quote.title}\n{quote.text}"
    dated = [text[date.start : date.end] for date in dates_in(text)]
    for run in _name_runs(text, language, question):
        name = " ".join(token.surface for token in run)
        if any(name in date for date in dated) or has_name(around, quote.language, name, language):
            continue
        for token in run:
            if not has_name(around, quote.language, token.surface, language):
                return f"“{token.surface}” is not in the quote"
    return ""


def _name_runs(text: str, language: str, question: str) -> Iterator[list[Token]]:
    """Yield the names of ``text``, each as its words, which follow each other."""
    asked, found = tokens(question, language), tokens(text, language)
    run: list[Token] = []
    for i, token in enumerate(found):
        if _is_name(i, found, asked, language):
            run.append(token)
        elif run:
            yield run
            run = []
    if run:
        yield run


def _is_name(i: int, found: Sequence[Token], asked: Sequence[Token], language: str) -> bool:
    """Return whether a word may be a name: it has a capital letter, and what is ``asked`` does not have it
    without one. Where all nouns have one, it is no word of the dictionary, or is beside another noun.
    """
    token = found[i]
    if not tells_names(language):
        return token.surface.isascii() and token.surface.isalpha() and len(token.surface) > 1
    lower = token.surface.lower()
    plain = {each.key for each in asked if each.surface.islower()}
    if not may_be_name(token) or lower in stop_words(language) or token.key in plain:
        return False
    if language not in CAPITAL_NOUNS:
        return True
    known = lower in load_dictionary(language) and not is_known_name(token.surface, language)
    if not known or token.surface in {each.surface for each in asked}:
        return not known
    return any(0 <= j < len(found) and may_be_name(found[j]) for j in (i - 1, i + 1))


def _negation_mismatch(text: str, language: str, quote: QuoteContext) -> str:
    """Either both texts have a negator, or neither, where those of both languages are known as words."""
    one, other = _negates(text, language), _negates(quote.text, quote.language)
    if one is None or other is None or one == other:
        return ""
    has, lacks = ("sentence", "quote") if one else ("quote", "sentence")
    return f"the {has} has a negation and the {lacks} has none"


def _negates(text: str, language: str) -> bool | None:
    """Return whether a text has a negator; None where that cannot be told. Of scripts without spaces it
    cannot: 不 is in "different", too.
    """
    negators = NEGATORS.get(language)
    if negators is None or any(map(is_unspaced, negators)):
        return None
    return any(token.surface.lower() in negators for token in tokens(text, language))
