"""Check a drafted sentence: keep what one quote supports, reject the rest and say why. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from qa.nlp.dates import format_date
from qa.nlp.polarity import affirms
from qa.nlp.sentences import sentences
from qa.nlp.terms import content_terms
from qa.schema import Document, Evidence, Quote, RejectedSentence, Sentence
from qa.verification.clauses import split_clauses, stands_alone
from qa.verification.relevance import irrelevance_reason, is_outdone
from qa.verification.support import QuoteContext, unsupported_reason

_CITATION = re.compile(r"\s*\[\s*\d+(?:\s*[,;–-]\s*\d+)*\s*\]")
_DIGITS = re.compile(r"\d+")
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


def strip_citations(text: str) -> str:
    """Return ``text`` without marks such as ``[1]`` and ``[1, 2]``."""
    return _CITATION.sub("", text)


def verify_sentence(
    written: str, evidence: Evidence, documents: Mapping[str, Document]
) -> list[Sentence | RejectedSentence]:
    """Check one drafted sentence against the quotes.

    A whole sentence must rest on one quote. Failing that, each of its clauses that rests on a quote of its
    own is kept and the others are rejected. Fragments of two quotes never support one claim.
    """
    text = strip_citations(written).strip()
    language = next((quote.language for quote in evidence.quotes), "")
    if reason := irrelevance_reason(text, evidence.question, language):
        return [RejectedSentence(text, reason)]
    evidence = replace(evidence, quotes=_cited_first(written, evidence.quotes))
    whole = _verify_claim(text, evidence, documents)
    clauses = split_clauses(text)
    if isinstance(whole, Sentence) or len(clauses) == 1:
        return [whole]
    checked = [_verify_claim(clause, evidence, documents) for clause in clauses]
    supported = [clause for clause in checked if isinstance(clause, Sentence)]
    if len(supported) == len(clauses):
        return [Sentence(text, tuple(sorted({n for clause in supported for n in clause.cites})))]
    if not supported or any(
        isinstance(clause, Sentence) and not stands_alone(clause.text) for clause in checked[1:]
    ):
        return [whole]
    return checked


def _cited_first(written: str, quotes: Sequence[Quote]) -> tuple[Quote, ...]:
    """Return ``quotes`` with those that the model cited in front."""
    cited = {int(n) for mark in _CITATION.findall(written) for n in _DIGITS.findall(mark)}
    return tuple(sorted(quotes, key=lambda quote: (quote.number not in cited, quote.number)))


def _verify_claim(
    text: str, evidence: Evidence, documents: Mapping[str, Document]
) -> Sentence | RejectedSentence:
    """Return ``text`` with the one quote that supports it, or the reason why none does."""
    opening = _YES_OR_NO.match(text)
    claim = text[opening.end() :] if opening else text
    quotes = evidence.quotes
    supporter = next((q for q in quotes if q.text == text), None) or _supporter(claim, quotes, documents)
    if supporter is None:
        return RejectedSentence(text, _rejection_reason(claim, quotes, documents))
    if opening and affirms(evidence.question, supporter.text, supporter.language) not in (
        None,
        opening[1].lower() == "yes",
    ):
        return RejectedSentence(text, f"quote {supporter.number} does not say “{opening[1]}”")
    if is_outdone(supporter, quotes, evidence.question):
        return RejectedSentence(
            text, f"another quote covers more of what was asked about than quote {supporter.number}"
        )
    return Sentence(text, (supporter.number,))


def _supporter(claim: str, quotes: Sequence[Quote], documents: Mapping[str, Document]) -> Quote | None:
    """Return the quote that supports ``claim``; of several, the first that shares most words with it."""
    likely = sorted(quotes, key=lambda quote: -_shared(claim, quote))
    return next((q for q in likely if not unsupported_reason(claim, _context(q, documents))), None)


def _rejection_reason(claim: str, quotes: Sequence[Quote], documents: Mapping[str, Document]) -> str:
    """Return why the quote that shares most words with ``claim`` does not support it."""
    closest = max(quotes, key=lambda quote: _shared(claim, quote), default=None)
    if closest is None:
        return "there is no quote to support it"
    return unsupported_reason(claim, _context(closest, documents))


def _shared(claim: str, quote: Quote) -> int:
    """Return how many words of substance a claim shares with a quote."""
    return len(content_terms(claim, quote.language) & content_terms(quote.text, quote.language))


def _context(quote: Quote, documents: Mapping[str, Document]) -> QuoteContext:
    document = documents[quote.span.doc_id]
    date = document.date and format_date(document.date)
    known = (document.title, document.author, document.publisher, document.place, document.date, date)
    metadata = " ".join(part for part in known if part)
    return QuoteContext(quote.text, document.text, metadata, document.language)
