"""The accuracy of verification on claims that a document supports and claims that it does not; pure.

People wrote and judged the claims, so this measures the check that decides what is shown by itself, without
retrieval and without a drafted answer.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from qa.evaluation.datasets.claims import ClaimCase
from qa.evaluation.summary import Line, Summary, Table, estimate_line
from qa.nlp.sentences import sentences
from qa.nlp.terms import content_terms
from qa.retrieval.evidence import MAX_LIST_QUOTES, number_quotes
from qa.schema import Document, Evidence, Quote, RejectedSentence, Sentence, Span
from qa.verification.claims import verify_sentence
from qa.verification.policy import Checker

MOST_REASONS = 12
"""The kinds of reasons that a report lists; the rest are counted together."""

_VARIABLE = re.compile(
    r"(?<=the number ).+(?= is not)|(?<=qualify ).+(?= differently)|(?<=not connect ).+|(?<=not give ).+"
    r"|“.*”|\d+"
)
"""The words and numbers of a reason that come from the claim or the quote."""


@dataclass(frozen=True, slots=True)
class ClaimOutcome:
    """A claim, the quotes that it was held against, and what verification made of it."""

    case: ClaimCase
    quotes: tuple[Quote, ...]
    checked: tuple[Sentence | RejectedSentence, ...]

    @property
    def passed(self) -> bool:
        """True if all of the claim would be shown."""
        return all(isinstance(item, Sentence) for item in self.checked)

    @property
    def reasons(self) -> tuple[str, ...]:
        """The reasons why parts of the claim were rejected."""
        return tuple(item.reason for item in self.checked if isinstance(item, RejectedSentence))


def check(claims: Iterable[ClaimCase], checker: Checker | None = None) -> Iterator[ClaimOutcome]:
    """Hold every claim against the sentences of its document that are most like it, with the consent of a
    ``checker`` or by its form alone.
    """
    for case in claims:
        documents = {case.document.id: case.document}
        quotes = choose_quotes(case.claim, case.document)
        checked = verify_sentence(case.claim, Evidence("", quotes), documents, checker)
        yield ClaimOutcome(case, quotes, tuple(checked))


def choose_quotes(claim: str, document: Document, limit: int = MAX_LIST_QUOTES) -> tuple[Quote, ...]:
    """Return at most ``limit`` sentences of ``document``, in its order, that together have the most of the
    claim's words; among equals, those that have the most of them alone.
    """
    wanted = content_terms(claim, document.language)
    shared = {
        Span(document.id, start, end): wanted & content_terms(document.text[start:end], document.language)
        for start, end in sentences(document.text, document.language)
    }
    chosen: list[Span] = []
    missing = set(wanted)
    while shared and len(chosen) < limit:
        best = max(shared, key=lambda span: (len(shared[span] & missing), len(shared[span])))
        missing -= shared.pop(best)
        chosen.append(best)
    return number_quotes(sorted(chosen, key=lambda span: span.start), {document.id: document})


def summarise_claims(outcomes: Sequence[ClaimOutcome]) -> Summary:
    """Return how many supported and unsupported claims pass, together and by file, and why supported ones do
    not.
    """
    by_file: dict[str, list[ClaimOutcome]] = {}
    for outcome in outcomes:
        by_file.setdefault(outcome.case.file, []).append(outcome)
    lines = _lines(outcomes)
    if len(by_file) > 1:
        lines += [line for file, own in by_file.items() for line in _lines(own, f"{file}: ")]
    return Summary(tuple(lines), tables=_reasons(by_file))


def reason_kind(reason: str) -> str:
    """Return a reason without the words and numbers that come from the claim or the quote."""
    return _VARIABLE.sub("…", reason)


def _lines(outcomes: Sequence[ClaimOutcome], prefix: str = "") -> list[Line]:
    """Return the figures of claims that pass, by judgement, and by label where a judgement has several."""
    lines = []
    for judgement, supported in (("supported", True), ("unsupported", False)):
        name = f"{prefix}{judgement} claims that pass"
        judged = [outcome for outcome in outcomes if outcome.case.supported is supported]
        lines.append(estimate_line(name, [float(outcome.passed) for outcome in judged]))
        by_label: dict[str, list[float]] = {}
        for outcome in judged:
            by_label.setdefault(outcome.case.label, []).append(float(outcome.passed))
        if len(by_label) > 1:
            lines += [estimate_line(f"{name}, {label}", by_label[label]) for label in sorted(by_label)]
    return lines


def _reasons(by_file: dict[str, list[ClaimOutcome]]) -> tuple[Table, ...]:
    """Return the table of why supported claims are rejected, the most frequent reason first; no table if all
    pass. A claim counts once, by the first of its reasons.
    """
    counts = {
        file: Counter(reason_kind(each.reasons[0]) for each in own if each.case.supported and each.reasons)
        for file, own in by_file.items()
    }
    together = sum(counts.values(), Counter[str]())
    if not together:
        return ()
    frequent = [kind for kind, _ in together.most_common(MOST_REASONS)]
    files = {"claims": together} | (counts if len(counts) > 1 else {})
    rows = [(kind, *(str(count[kind]) for count in files.values())) for kind in frequent]
    rest = [count.total() - sum(count[kind] for kind in frequent) for count in files.values()]
    if any(rest):
        rows.append(("other reasons", *map(str, rest)))
    return (Table("Why supported claims are rejected", ("reason", *files), tuple(rows)),)
