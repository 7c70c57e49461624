"""Compute what tells the passages and the sentences of a long document apart. Pure.

The head of a document, its title and how it begins, says whom and which year all of it is about: what stands
further down need not say it again, and does not answer by saying it. A row of a table has its own name.
"""

from collections.abc import Iterable

from qa.nlp.periods import PART_OF_YEAR, YEAR, years_in
from qa.nlp.tables import read_row
from qa.nlp.terms import content_terms
from qa.retrieval.features import QuestionTerms, own_coverage
from qa.schema import Candidate
from qa.weights import IN_DOCUMENT

LONG = 2_000
"""Characters from which a document is long, the better part of a page. Of 1,500, 2,000 and 3,000, each tried
with weights fitted on folders alone, the least with which the paragraphs of SQuAD 2.0 keep their ranking, but
for one question of 400."""


def passage_in_document(question: QuestionTerms, candidate: Candidate) -> list[float]:
    """Return the features of a candidate in a long document, in the order of ``IN_DOCUMENT.passage``'s
    weights; of a short document all are 0.

    They are: the highest share of the words of a row's name that the question or the document's head has,
    if it has one of the question beyond the head; and, of every passage but the first: what it has of the
    question beyond the head (:func:`own_coverage`); whether the head names years, but none that the question
    names.
    """
    if not _is_long(candidate):
        return [0.0] * len(IN_DOCUMENT.passage.weights)
    below = _is_below_head(candidate)
    return [
        max(_names_asked(question, candidate)),
        below * own_coverage(question, candidate),
        below * _is_of_other_years(question, candidate.head_terms),
    ]


def sentences_in_document(question: QuestionTerms, candidate: Candidate) -> list[list[float]]:
    """Return those of each sentence, in the order of ``IN_DOCUMENT.sentence``'s weights.

    They are: the share of the words of a row's name, as above; in every passage but the first, the additional
    terms that the head would cover, whether the sentence is a row, whether it names years, but none that the
    question names, and whether the head does; and whether the sentence is of a part of a year and the
    question of a year.
    """
    if not _is_long(candidate):
        return [[0.0] * len(IN_DOCUMENT.sentence.weights) for _ in candidate.sentence_texts]
    below = _is_below_head(candidate)
    head = set(candidate.head_terms)
    other_head = below * _is_of_other_years(question, candidate.head_terms)
    of_year = bool(YEAR.search(question.text)) and not PART_OF_YEAR.search(question.text)
    rows = []
    for text, sequence, name in zip(
        candidate.sentence_texts, candidate.sentence_terms, _names_asked(question, candidate), strict=True
    ):
        own = set(sequence)
        rows.append(
            [
                name,
                below * (question.coverage(own | head) - question.coverage(own)),
                below * float(len(read_row(text)) > 1),
                below * _is_of_other_years(question, years_in(text)),
                other_head,
                float(of_year and bool(PART_OF_YEAR.search(text))),
            ]
        )
    return rows


def _is_long(candidate: Candidate) -> bool:
    return candidate.document_chars >= LONG


def _is_below_head(candidate: Candidate) -> float:
    """Return 0 for the first passage of a document, else 1."""
    return float(candidate.passage.span.start > 0)


def _names_asked(question: QuestionTerms, candidate: Candidate) -> list[float]:
    """Return for each sentence the share, 0 to 1, of the words of its row's name that the question or the
    document's head has; 0 for what is no row of several cells, and for a row with no word of the question
    beyond the head: "Boeing Capital" in Boeing's report.
    """
    head = set(candidate.head_terms)
    beyond, known = question.weights.keys() - head, question.weights.keys() | head
    shares = []
    for text in candidate.sentence_texts:
        row = read_row(text)
        name = text[row[0].shown : row[0].end] if len(row) > 1 else ""
        words = content_terms(name, candidate.language)
        shares.append(len(words & known) / len(words) if words & beyond else 0.0)
    return shares


def _is_of_other_years(question: QuestionTerms, terms: Iterable[str]) -> float:
    """Return 1 if ``terms`` have years and the question has others only, else 0."""
    asked = years_in(question.text)
    found = {term for term in terms if term in years_in(term)}
    return float(bool(asked) and bool(found) and asked.isdisjoint(found))
