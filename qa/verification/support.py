"""Compare a sentence with a quote: what no probability can make good, and what the words alone prove. Pure.

There is no fuzzy matching and no matching of letters alone. By its form, a quote supports a sentence if it
has every word of substance (in any inflection), or the document's metadata has it; if numbers are equal and
keep their unit; if negation falls on the same words; if names keep their order. That is one-sided on purpose:
a fair paraphrase fails by its form, and then the model's probability of support decides. It cannot outweigh a
veto, which is everything here but a missing word that is no name.
"""

from collections.abc import Sequence

from qa.nlp.deciding_words import DECISIVE
from qa.nlp.polarity import count_opposites, negation_differs
from qa.nlp.sentences import sentences
from qa.nlp.tokens import Token, is_checked_by_words, is_content, tokens
from qa.verification.about_source import NO_STATEMENT, states_nothing, states_publication
from qa.verification.columns import column_mismatch
from qa.verification.missing_names import missing_name
from qa.verification.missing_words import missing_words, not_in_quote
from qa.verification.numbers import missing_unit, number_mismatch
from qa.verification.quote_context import QuoteContext, without_years_above
from qa.verification.relations import relation_mismatch
from qa.verification.speech import speech_mismatch


def unsupported_reason(sentence: str, quote: QuoteContext) -> str:
    """Return why ``quote`` does not support ``sentence`` by its form; the empty string when it does.

    In a language whose negators are not known, it must be a sentence of the quote, in any inflection.
    """
    claimed = tokens(sentence, quote.language)
    quoted = tokens(quote.text, quote.language)
    if states_nothing(claimed):
        return NO_STATEMENT
    if states_publication(sentence, quote):
        return ""
    if not is_checked_by_words(quote.language):
        return speech_mismatch(sentence, quote.text) or _not_a_sentence(claimed, quote)
    return (
        speech_mismatch(sentence, quote.text)
        or number_mismatch(claimed, quoted)
        or column_mismatch(sentence, quote.text, quote.language)
        or _missing_word(claimed, quoted, quote)
        or _negation_mismatch(claimed, quoted)
        or _relation_mismatch(claimed, quote)
    )


def veto_reason(sentence: str, quote: QuoteContext) -> str:
    """Return why ``quote`` cannot support ``sentence``, however probable it is that it does; the empty string
    if nothing forbids it. What forbids it is a number, a name, quoted speech, a word such as "all" or "only"
    that the quote lacks, the opposite of a word, negation, names or numbers in other relations, a figure of
    another column.
    """
    claimed = tokens(sentence, quote.language)
    quoted = tokens(quote.text, quote.language)
    if states_nothing(claimed):
        return NO_STATEMENT
    return (
        speech_mismatch(sentence, quote.text)
        or number_mismatch(without_years_above(claimed, quoted, quote), quoted)
        or missing_unit(claimed, quoted)
        or column_mismatch(sentence, quote.text, quote.language)
        or missing_name(claimed, quoted, quote)
        or _other_word(claimed, quoted, quote)
        or _negation_mismatch(claimed, quoted)
        or _relation_mismatch(claimed, quote)
    )


def _not_a_sentence(claimed: Sequence[Token], quote: QuoteContext) -> str:
    """The words and numbers must be those of one sentence of the quote, in the same order."""
    keys = [token.key for token in claimed]
    for start, end in sentences(quote.text, quote.language):
        if [token.key for token in tokens(quote.text[start:end], quote.language)] == keys:
            return ""
    return "it is not a sentence of the quote, word for word"


def _missing_word(claimed: Sequence[Token], quoted: Sequence[Token], quote: QuoteContext) -> str:
    """Every word of substance must be in the quote or follow from it; numbers are checked apart."""
    return not_in_quote(next(missing_words(claimed, quoted, quote), None))


def _other_word(claimed: Sequence[Token], quoted: Sequence[Token], quote: QuoteContext) -> str:
    """No word may stand in the place of its opposite, or of another word that decides what is stated, such as
    "before" in the place of "after".
    """
    missing = list(missing_words(claimed, quoted, quote))
    opposite = next((token for token in missing if count_opposites([token], quoted)), None)
    if opposite:
        return f"the quote has the opposite of “{opposite.surface}”"
    decisive = DECISIVE.get(quote.language or "en", frozenset())
    said = {token.surface.lower() for token in claimed}
    replaced = any(token.surface.lower() in decisive - said for token in quoted)
    word = next((token for token in missing if replaced and token.surface.lower() in decisive), None)
    return not_in_quote(word)


def _negation_mismatch(claimed: Sequence[Token], quoted: Sequence[Token]) -> str:
    """A word must be negated in both or in neither."""
    for token in claimed:
        if is_content(token) and negation_differs(token, quoted):
            one, other = ("sentence", "quote") if token.negated else ("quote", "sentence")
            return f"the {one} negates “{token.surface}” and the {other} does not"
    return ""


def _relation_mismatch(claimed: Sequence[Token], quote: QuoteContext) -> str:
    texts = [tokens(part.text, quote.language) for part in quote.parts]
    return relation_mismatch(claimed, texts, tokens(quote.title, quote.language))
