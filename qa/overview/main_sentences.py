"""Choose the main sentences of documents: those that say most of what the documents are about. Pure.

A sentence is central if it has the words that its text uses most and others do not (Nenkova and Vanderwende
2005, "The Impact of Frequency on Summarization", with rarity as the weight of a word). Nothing is composed: a
summary here is a choice of quotes.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from qa.nlp.headings import states_nothing
from qa.nlp.sentences import sentences
from qa.nlp.terms import content_terms
from qa.schema import Document, Rarity, Span

SENTENCES = 3
"""Main sentences of a document."""

MOST_SENTENCES = 9
"""Main sentences of all documents together: more would not fit on a screen."""

MOST_CHARACTERS = 2_400
"""Characters of all main sentences together, as of the quotes of an answer."""

READ_CHARACTERS = 60_000
"""Characters of a document that are looked at for its main sentences, from its start: about twenty pages."""

MIN_WORDS = 6
"""Words of substance that a main sentence has at least: with fewer it says too little by itself."""

_REPEATED = 0.25
"""The share of its weight that a word keeps once a chosen sentence has it. Set by hand."""


@dataclass(frozen=True, slots=True)
class CentralSentences:
    """The most central sentences of a document, and how much each of its words counts."""

    spans: tuple[Span, ...]
    """Best first."""
    terms: tuple[frozenset[str], ...]
    """The words of each."""
    weights: Mapping[str, float]
    """The weight of a stemmed word of the document for what it is about."""

    def weigh(self, text: str, language: str) -> float:
        """Return how central ``text`` is: the mean weight of its words."""
        found = content_terms(text, language)
        return sum(self.weights.get(term, 0.0) for term in found) / len(found) if found else 0.0


def named_documents(question: str, documents: Mapping[str, Document], ids: Sequence[str]) -> list[str]:
    """Return those of ``ids`` whose title and file's name share most words with the question; all of them
    where none shares any.
    """
    asked = content_terms(question)
    names = {each: f"{documents[each].title} {documents[each].file_words}" for each in ids}
    shared = {each: len(asked & content_terms(names[each])) for each in ids}
    most = max(shared.values(), default=0)
    return [each for each in ids if shared[each] == most]


def central_sentences(
    document: Document, rarity: Rarity, characters: int = READ_CHARACTERS
) -> CentralSentences:
    """Return the main sentences among the first ``characters`` of a document."""
    text, language = document.text[: min(characters, READ_CHARACTERS)], document.language
    spans = [Span(document.id, start, end) for start, end in sentences(text, language)]
    terms = {span: content_terms(document.text[span.start : span.end], language) for span in spans}
    counts = Counter(term for found in terms.values() for term in found)
    weights = {term: count * rarity(term) for term, count in counts.items()}
    fit = [span for span in spans if len(terms[span]) >= MIN_WORDS and not states_nothing(span, document)]
    chosen = _choose(fit, terms, weights, SENTENCES)
    return CentralSentences(tuple(chosen), tuple(terms[span] for span in chosen), weights)


def select_main_sentences(found: Sequence[CentralSentences], rarity: Rarity) -> list[Span]:
    """Return the main sentences of several documents together, in the order of ``found``: all, where there is
    room, and otherwise those with the words that most of the documents' main sentences have. What copies of
    a document say is taken once.
    """
    spans_by_terms = {
        words: span for each in reversed(found) for span, words in zip(each.spans, each.terms, strict=True)
    }
    terms = {span: words for words, span in spans_by_terms.items()}
    if len(terms) > MOST_SENTENCES:
        counts = Counter(term for words in terms.values() for term in words)
        weights = {term: count * rarity(term) for term, count in counts.items()}
        kept = set(_choose(list(terms), terms, weights, MOST_SENTENCES))
    else:
        kept = set(terms)
    spans: list[Span] = []
    room = MOST_CHARACTERS
    for span in (span for each in found for span in sorted(each.spans, key=lambda span: span.start)):
        if span in kept and (span.end - span.start <= room or not spans):
            spans.append(span)
            room -= span.end - span.start
    return spans


def _choose(
    spans: Sequence[Span], terms: Mapping[Span, frozenset[str]], weights: Mapping[str, float], count: int
) -> list[Span]:
    """Return the ``count`` most central of ``spans``, best first. What has been said counts less."""
    left, weights = dict.fromkeys(spans), dict(weights)
    chosen: list[Span] = []
    while left and len(chosen) < count:
        best = max(left, key=lambda span: sum(weights[term] for term in terms[span]) / len(terms[span]))
        chosen.append(best)
        del left[best]
        for term in terms[best]:
            weights[term] *= _REPEATED
    return chosen
