"""The features from which a checker tells how probably a quote supports a sentence. Pure."""

from qa.nlp.tokens import is_content, tokens
from qa.verification.missing_names import assumed_names
from qa.verification.missing_words import missing_words
from qa.verification.quote_context import QuoteContext, without_years_above
from qa.verification.support import unsupported_reason

FEATURES = ("form", "missing", "assumed", "joined")
"""The features that code tells a checker: :func:`support_features`, and how many quotes were joined to the
first."""


def support_features(sentence: str, quote: QuoteContext) -> dict[str, float]:
    """Return what code can tell of how well ``quote`` supports ``sentence``.

    ``form``: 1 if it does so by its form. ``missing``: the share (0 to 1) of the sentence's words of
    substance that the quote lacks. ``assumed``: 1 if the quote has a pronoun or a phrase such as "the film"
    where the sentence has a name, or the sentence has a year that stands over the quote alone.
    """
    claimed = tokens(sentence, quote.language)
    quoted = tokens(quote.text, quote.language)
    content = [token for token in claimed if is_content(token)]
    missing = list(missing_words(claimed, quoted, quote))
    return {
        "form": float(not unsupported_reason(sentence, quote)),
        "missing": len(missing) / len(content) if content else 0.0,
        "assumed": float(
            bool(assumed_names(claimed, quoted, quote))
            or len(without_years_above(claimed, quoted, quote)) < len(claimed)
        ),
    }
