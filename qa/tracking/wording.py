"""Changes of an answer in words. Pure."""

from qa.schema import Answer, Quote
from qa.tracking.compare import few_words, main_quote
from qa.tracking.values import Change, ChangeKind

TITLES = {
    ChangeKind.CHANGED: "Answer changed",
    ChangeKind.ANSWERABLE: "Now answerable",
    ChangeKind.UNANSWERABLE: "No longer answerable",
    ChangeKind.OTHER_DOCUMENT: "Same answer, from another document",
    ChangeKind.REWORDED: "Same answer, in other words",
    ChangeKind.MOVED: "The quote moved",
    ChangeKind.CONFLICT: "Documents now disagree",
}

MAX_CHARS = 200
"""Characters of an answer that a line of a list shows."""


def change_text(change: Change) -> str:
    """Return a change in one line: ``Answer changed: 24 months (contract, 2024-03) → 36 months (…)``."""
    before, after = side_text(change.before.answer), side_text(change.after.answer)
    return f"{TITLES[change.kind]}: {before} → {after}"


def side_text(answer: Answer) -> str:
    """Return an answer in a few words with its source, or that there is none."""
    if not answer.answered:
        return "no answer"
    quote = main_quote(answer)
    assert quote is not None
    return f"{shorten(few_words(answer))} ({source_text(quote)})"


def source_text(quote: Quote) -> str:
    """Return the name of a quote's document and its date."""
    return ", ".join(filter(None, (quote.span.doc_id, quote.date)))


def shorten(text: str) -> str:
    """Return ``text`` on one line, cut at a word after ``MAX_CHARS``."""
    line = " ".join(text.split())
    if len(line) <= MAX_CHARS:
        return line
    return f"{line[:MAX_CHARS].rpartition(' ')[0] or line[:MAX_CHARS]} …"
