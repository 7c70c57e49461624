"""Check a drafted sentence: keep what the quotes support, reject the rest and say why. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from qa.nlp.language import ENGLISH
from qa.nlp.language_names import name_language
from qa.nlp.polarity import affirms
from qa.nlp.sentences import sentences
from qa.nlp.stopwords import stop_words
from qa.nlp.tables import read_row
from qa.nlp.terms import content_terms
from qa.nlp.tokens import is_content, tokens
from qa.query.asked_row import is_of_another_row
from qa.schema import Document, Evidence, Quote, RejectedSentence, Sentence
from qa.verification.about_source import NO_STATEMENT, speaks_of_quotes, states_publication
from qa.verification.citing import (
    WORD,
    cited_numbers,
    cover,
    is_word_for_word,
    mixing_reason,
    strip_citations,
    unquoted_spans,
)
from qa.verification.clauses import split_clauses, stands_alone
from qa.verification.periods import is_of_part_of_year
from qa.verification.policy import Checker
from qa.verification.quote_context import QuoteContext, context_of
from qa.verification.relevance import irrelevance_reason, is_outdone
from qa.verification.support import unsupported_reason, veto_reason
from qa.verification.support_features import support_features
from qa.verification.translation import (
    UNCOMPARED,
    are_in_several_languages,
    count_shared,
    language_of,
    translation_veto,
)

_BULLET = re.compile(r"^\s*(?:[-*•]\s+|\d+[.)]\s+)")
_YES_OR_NO = re.compile(r"^(yes|no)(?:\s*[,.:;—–]+\s*|\s*$)", re.IGNORECASE)


def split_draft(draft: str, language: str = "en") -> list[str]:
    """Split a draft in ``language`` into sentences, each with the citations that follow it.

    A bare "Yes." or "No." joins the sentence after it.
    """
    found: list[str] = []
    for line in draft.splitlines():
        line = _BULLET.sub("", line).strip()
        for start, end in sentences(line, language):
            written = line[start:end]
            only_citations = not strip_citations(written).strip(" .")
            if found and (only_citations or _YES_OR_NO.fullmatch(found[-1])):
                found[-1] += " " + written
            else:
                found.append(written)
    return found


def verify_sentence(
    written: str, evidence: Evidence, documents: Mapping[str, Document], checker: Checker | None = None
) -> list[Sentence | RejectedSentence]:
    """Check one drafted sentence against the quotes.

    Without a ``checker`` a whole sentence must rest on one quote by its form. With one, a sentence that is
    not a copy must reach the checker's threshold, and may rest on up to ``MAX_CITES`` quotes. Failing that,
    each of its clauses that rests on a quote of its own is kept and the others are rejected. What no quote in
    the sentence's own language supports may be the translation of a quote in another.
    """
    text = strip_citations(written).strip()
    language = language_of(text, evidence)
    if reason := irrelevance_reason(text, evidence.question, language):
        return [RejectedSentence(text, reason)]
    evidence = replace(evidence, quotes=_cited_first(written, evidence.quotes))
    others = tuple(quote for quote in evidence.quotes if quote.language not in ("", language))
    if (
        not others
        or not are_in_several_languages(evidence)
        or any(is_word_for_word(text, quote) for quote in others)
    ):
        return _verify_in_one_language(text, evidence, documents, checker)
    own = replace(evidence, quotes=tuple(quote for quote in evidence.quotes if quote not in others))
    checked = _verify_in_one_language(text, own, documents, checker) if own.quotes else []
    if any(isinstance(each, Sentence) for each in checked):
        return checked
    return [_verify_translation(text, language, replace(evidence, quotes=others), documents, checker)]


def _verify_in_one_language(
    text: str, evidence: Evidence, documents: Mapping[str, Document], checker: Checker | None
) -> list[Sentence | RejectedSentence]:
    """Check a sentence, and failing that its clauses, against quotes in its own language."""
    whole = _verify_claim(text, evidence, documents, checker)
    clauses = split_clauses(text)
    if isinstance(whole, Sentence) or len(clauses) == 1:
        return [whole]
    checked = [_verify_claim(clause, evidence, documents, checker) for clause in clauses]
    supported = [clause for clause in checked if isinstance(clause, Sentence)]
    if len(supported) == len(clauses):
        return [_join(text, supported, evidence.quotes)]
    if not supported or any(
        isinstance(clause, Sentence) and not stands_alone(clause.text) for clause in checked[1:]
    ):
        return [whole]
    return checked


def _verify_translation(
    text: str, language: str, evidence: Evidence, documents: Mapping[str, Document], checker: Checker | None
) -> Sentence | RejectedSentence:
    """Return ``text``, in a ``language`` that no quote is in, with the quote that supports it, or the reason
    why none does. It has to be in the language of the question.
    """
    if language != evidence.asked_in:
        return RejectedSentence(
            text, f"it is in {name_language(language)}, unlike the question and the quotes"
        )
    reasons: list[str] = []
    likely: list[tuple[Quote, QuoteContext]] = []
    for quote in evidence.quotes:
        context = context_of([quote], documents)
        if reason := translation_veto(text, language, evidence.question, context):
            reasons.append(reason)
        else:
            likely.append((quote, context))
    if not likely:
        return RejectedSentence(text, reasons[0])
    quote, _ = max(likely, key=lambda each: count_shared(text, language, each[1]))
    probability = checker.probability(text, [quote], {**UNCOMPARED, "joined": 0.0}) if checker else None
    if checker is None or probability is None:
        return RejectedSentence(text, "the model does not tell how probable it is that the quotes support it")
    if probability < checker.threshold:
        return RejectedSentence(text, _too_improbable(probability, checker))
    return Sentence(text, (quote.number,), probability, unquoted_spans(text, [quote]), translated=True)


def _join(text: str, clauses: Sequence[Sentence], quotes: Sequence[Quote]) -> Sentence:
    """Return the sentence ``text`` of which each clause is supported; it is as probable as the least."""
    cites = tuple(sorted({number for clause in clauses for number in clause.cites}))
    probabilities = [clause.support for clause in clauses if clause.support is not None]
    cited = [quote for quote in quotes if quote.number in cites]
    return Sentence(text, cites, min(probabilities, default=None), unquoted_spans(text, cited))


def _cited_first(written: str, quotes: Sequence[Quote]) -> tuple[Quote, ...]:
    """Return ``quotes`` with those that the model cited in front."""
    cited = cited_numbers(written)
    return tuple(sorted(quotes, key=lambda quote: (quote.number not in cited, quote.number)))


def _verify_claim(
    text: str, evidence: Evidence, documents: Mapping[str, Document], checker: Checker | None
) -> Sentence | RejectedSentence:
    """Return ``text`` with the quotes that support it, or the reason why none do."""
    opening = _YES_OR_NO.match(text)
    claim = text[opening.end() :] if opening else text
    quotes = evidence.quotes
    same = next((quote for quote in quotes if quote.text == text), None)
    if _is_cut_number(claim, quotes) or (opening and speaks_of_quotes(claim, quotes)):
        return RejectedSentence(text, NO_STATEMENT)
    found = _Support((same,)) if same else _find_support(claim, quotes, documents, checker)
    if isinstance(found, str):
        return RejectedSentence(text, found)
    first = found.quotes[0]
    if opening and affirms(evidence.question, first.text, first.language) not in (
        None,
        opening[1].lower() == "yes",
    ):
        return RejectedSentence(text, f"quote {first.number} does not say “{opening[1]}”")
    alone = [quote for quote in found.quotes if len(found.quotes) == 1 or len(read_row(quote.text)) > 1]
    if alone and all(is_outdone(quote, quotes, evidence.question) for quote in alone):
        return RejectedSentence(
            text, f"another quote covers more of what was asked about than quote {first.number}"
        )
    if all(is_of_part_of_year(claim, evidence.question, quote) for quote in found.quotes):
        return RejectedSentence(text, f"quote {first.number} has the figure for a part of the year")
    if all(is_of_another_row(evidence.question, quote) for quote in found.quotes):
        return RejectedSentence(
            text, f"quote {first.number} is a different row from the one that was asked about"
        )
    cites = tuple(sorted(quote.number for quote in found.quotes))
    if opening and not _says(opening[1], claim, evidence):
        text = claim[:1].upper() + claim[1:]
    text = _capitalise(text, found.quotes)
    return Sentence(text, cites, found.probability, unquoted_spans(text, found.quotes))


def _says(word: str, claim: str, evidence: Evidence) -> bool:
    """Return whether a ``claim`` says yes or no as the ``word`` before it does, by its own words: "they have
    opposed unions" is neither for who asks whether they support them, and the reader can tell what it means.
    """
    language = language_of(claim, evidence)
    return affirms(evidence.question, claim, language) is (word.lower() == "yes")


def _capitalise(text: str, quotes: Sequence[Quote]) -> str:
    """Return a drafted sentence with a capital at its beginning if that is a common word, and if it does not
    stand in ``quotes`` as it is: "the company" begins a sentence with a capital, "npm" does not.
    """
    first = WORD.match(text)
    is_common = first is not None and first[0] in stop_words(quotes[0].language or ENGLISH)
    if not is_common or any(text.rstrip(".") in quote.text for quote in quotes):
        return text
    return text[0].upper() + text[1:]


def _is_cut_number(claim: str, quotes: Sequence[Quote]) -> bool:
    """Return whether ``claim`` is a number alone, and no sentence of a quote: nothing says what it counts."""
    if not all(token.number for token in tokens(claim) if is_content(token)):
        return False
    said = (quote.text[start:end] for quote in quotes for start, end in sentences(quote.text, quote.language))
    return claim.strip() not in map(str.strip, said)


@dataclass(frozen=True, slots=True)
class _Support:
    """The quotes that support a claim, the first of them most."""

    quotes: tuple[Quote, ...]
    probability: float | None = None
    """Of support, as the checker gives it; None where the words themselves prove it."""


def _find_support(
    claim: str, quotes: Sequence[Quote], documents: Mapping[str, Document], checker: Checker | None
) -> _Support | str:
    """Return what supports ``claim``, or the reason why nothing does."""
    likely = sorted(quotes, key=lambda quote: -_shared(claim, quote))
    if not likely:
        return "there is no quote to support it"
    by_form = next((q for q in likely if not unsupported_reason(claim, context_of([q], documents))), None)
    if by_form and (
        checker is None
        or is_word_for_word(claim, by_form)
        or states_publication(claim, context_of([by_form], documents))
    ):
        return _Support((by_form,))
    reason = unsupported_reason(claim, context_of(likely[:1], documents))
    if checker is None:
        return reason
    cited = (by_form,) if by_form else cover(claim, likely)
    context = context_of(cited, documents)
    veto = veto_reason(claim, context) or mixing_reason(claim, cited)
    if veto:
        return veto
    features = support_features(claim, context) | {"joined": len(cited) - 1.0}
    probability = checker.probability(claim, cited, features)
    if probability is None:
        return _Support((by_form,)) if by_form else reason
    if probability < checker.threshold:
        return _too_improbable(probability, checker)
    return _Support(cited, probability)


def _too_improbable(probability: float, checker: Checker) -> str:
    return (
        f"the check finds it supported with a probability of only {probability:.0%}, and "
        f"{checker.threshold:.0%} is needed"
    )


def _shared(claim: str, quote: Quote) -> int:
    """Return how many words of substance a claim shares with a quote."""
    return len(content_terms(claim, quote.language) & content_terms(quote.text, quote.language))
