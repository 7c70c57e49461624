"""Compute the features that passages and sentences are ranked by. Pure."""

import re
from collections.abc import Sequence
from itertools import pairwise

from qa.nlp.period_forms import find_periods, periods_in
from qa.nlp.tables import read_row
from qa.nlp.terms import question_terms, terms
from qa.query.answer_type import expected_answer_type, missing_answer_type
from qa.schema import Candidate, Rarity

BM25_SCALE = 20.0
"""Divides BM25 so that it has the magnitude of the other features before weights are fitted."""

_CLAUSE = re.compile(r"(?:\d+(?:\.\d+)+\.?|\(?(?:\d{1,2}|[a-z]|[ivx]+)\))\s")
"""The number of a clause or an item of a list: "10.2 ", "(a) "."""
_END = re.compile(r"[.;:!?]['\"”’)]*\s*$")

FOREIGN_PASSAGE = ("terms", "best_sentence_cosine", "passage_cosine")
"""The features of a passage in another language than the question, in the order of
:func:`foreign_passage_features`."""

FOREIGN_SENTENCE = ("passage_lead", "terms", "cosine")
"""The features of its sentences, in the order of :func:`foreign_sentence_features`."""


class QuestionTerms:
    """A question's terms and pairs of adjacent terms, weighted by rarity, to be found in texts."""

    def __init__(self, question: str, rarity: Rarity, asked_in: str = "en", language: str = "en") -> None:
        """Weigh the terms of ``question``, which is in the language ``asked_in``, as texts in ``language``
        have them. Stop words weigh nothing, however few texts have them.
        """
        self.text = question
        self.is_foreign = bool(asked_in and language) and language != asked_in
        """True if the texts are known to be in another language than the question."""
        self.seeks = expected_answer_type(question) is not None
        asked = question_terms(question, asked_in, language)
        self.weights = {term: 0.0 if stop else rarity(term) for term, stop in asked}
        self._periods: dict[str, set[str]] = {}
        for start, end, period in find_periods(question, asked_in):
            own = self.weights.keys() & set(terms(question[start:end], asked_in))
            self._periods.setdefault(period, set()).update(own)
            if period.isdigit():  # who writes "FY2018" asks for no rarer a thing than "2018"
                self.weights |= {term: min(self.weights[term], rarity(period)) for term in own}
        sequence = [term for term, _ in asked]
        self._pairs = {pair: self.weights[pair[0]] + self.weights[pair[1]] for pair in pairwise(sequence)}
        self._total = sum(self.weights.values()) or 1.0
        self._pair_total = sum(self._pairs.values()) or 1.0

    def said_otherwise(self, text: str, language: str) -> frozenset[str]:
        """Return the terms of the periods of the question that ``text`` names in any form: "februari" for
        "Feb", "third" and "quarter" for "Q3".
        """
        if not self._periods:
            return frozenset()
        named = periods_in(text, language) & self._periods.keys()
        return frozenset(term for period in named for term in self._periods[period])

    def coverage(self, found: set[str]) -> float:
        """Return the share, 0 to 1, of the question's term weight that is in ``found``."""
        return sum(weight for term, weight in self.weights.items() if term in found) / self._total

    def pair_coverage(self, sequence: Sequence[str]) -> float:
        """Return the share, 0 to 1, of the question's pair weight that ``sequence`` has as adjacent pairs."""
        found = set(pairwise(sequence))
        return sum(weight for pair, weight in self._pairs.items() if pair in found) / self._pair_total


def passage_features(question: QuestionTerms, candidate: Candidate) -> list[float]:
    """Return the features of a candidate, in the order of ``WEIGHTS.passage``'s weights.

    They are: BM25; the terms covered by the passage with its document's title, by its best sentence, by its
    best two consecutive sentences, each with the headings over them; the pairs covered; the cosine of its
    best sentence, of the passage; the best sentence by terms and cosine together.
    """
    sentences = [each.union(candidate.heading_terms) for each in _sentences(question, candidate)]
    covered = [question.coverage(sentence) for sentence in sentences]
    windows = [question.coverage(a | b) for a, b in pairwise(sentences)]
    cosines = candidate.sentence_cosines
    return [
        candidate.bm25 / BM25_SCALE,
        question.coverage(set(candidate.title_terms).union(*sentences)),
        max(covered),
        max(windows, default=max(covered)),
        question.pair_coverage([term for sequence in candidate.sentence_terms for term in sequence]),
        max(cosines),
        candidate.passage_cosine,
        max(c + 2 * cosine for c, cosine in zip(covered, cosines, strict=True)),
    ]


def own_coverage(question: QuestionTerms, candidate: Candidate) -> float:
    """Return the share, 0 to 1, of what ``question`` asks beyond the words of the document's head that a
    sentence of ``candidate`` has, with the headings over it; the highest of its sentences. In an annual
    report every page is about the company, whether or not it names it.
    """
    head = set(candidate.head_terms)
    own = {term: weight for term, weight in question.weights.items() if term not in head}
    total = sum(own.values()) or 1.0
    return max(
        sum(own[term] for term in own.keys() & each.union(candidate.heading_terms)) / total
        for each in _sentences(question, candidate)
    )


def _sentences(question: QuestionTerms, candidate: Candidate) -> list[set[str]]:
    """Return the terms of each sentence, with those of the question's periods that it names otherwise."""
    return [
        {*sequence, *question.said_otherwise(text, candidate.language)}
        for sequence, text in zip(candidate.sentence_terms, candidate.sentence_texts, strict=True)
    ]


def _opens_clause(text: str, before: str) -> bool:
    """Return whether ``text`` is a clause with a number of its own, below a sentence and no heading."""
    is_sentence = bool(_END.search(before)) and any(map(str.isalpha, before))
    return is_sentence and bool(_CLAUSE.match(text))


def sentence_features(question: QuestionTerms, candidate: Candidate, lead: float) -> list[list[float]]:
    """Return the features of each sentence of a candidate, in the order of ``WEIGHTS.sentence``'s weights.

    They are: the passage's score less the best passage's (``lead``, at most 0); the terms covered; the
    cosine; the pairs covered; the additional terms that the previous sentence, the next one, the document's
    title would cover; whether the sentence has the kind of thing that is asked for (0 if the question's form
    does not tell). A row of a table goes on with no other row, nor a clause with the one above it: the terms
    of one are not those of the next.
    """
    title = set(candidate.title_terms)
    sentences = _sentences(question, candidate)
    texts = candidate.sentence_texts
    is_row = [len(read_row(text)) > 1 for text in texts]
    rows_meet = [a and b for a, b in pairwise(is_row)]
    clauses_meet = [_opens_clause(text, before) for before, text in pairwise(texts)]
    covered = [question.coverage(sentence) for sentence in sentences]
    rows = []
    for i, sequence in enumerate(candidate.sentence_terms):
        before, after = (
            question.coverage(sentences[j] | sentences[i]) - covered[i]
            if 0 <= j < len(sentences) and not (rows_meet[min(i, j)] or clauses_meet[min(i, j)])
            else 0.0
            for j in (i - 1, i + 1)
        )
        pairs = question.pair_coverage(sequence)
        titled = question.coverage(sentences[i] | title) - covered[i]
        brings = float(
            question.seeks and not missing_answer_type(texts[i], question.text, candidate.language)
        )
        rows.append([lead, covered[i], candidate.sentence_cosines[i], pairs, before, after, titled, brings])
    return rows


def foreign_passage_features(question: QuestionTerms, candidate: Candidate) -> list[float]:
    """Return the features of a candidate in another language than the question, in the order of
    ``WEIGHTS.foreign_passage``'s weights.

    They are: the terms covered by the passage with its document's title, which are figures and names that
    both languages write alike; the cosine of its best sentence, of the passage.
    """
    written = {term for sequence in candidate.sentence_terms for term in sequence}
    return [
        question.coverage(written.union(candidate.title_terms)),
        max(candidate.sentence_cosines),
        candidate.passage_cosine,
    ]


def foreign_sentence_features(
    question: QuestionTerms, candidate: Candidate, lead: float
) -> list[list[float]]:
    """Return the features of each sentence of such a candidate, in the order of
    ``WEIGHTS.foreign_sentence``'s weights: the passage's score less the best passage's (``lead``), the terms
    covered, the cosine.
    """
    return [
        [lead, question.coverage(set(sequence)), cosine]
        for sequence, cosine in zip(candidate.sentence_terms, candidate.sentence_cosines, strict=True)
    ]
