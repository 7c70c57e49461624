"""Write answers as plain text, and the wording that all formats share. Pure."""

from collections.abc import Iterable, Sequence

from qa.export.chance import DECIMALS, chance_and_threshold
from qa.schema import (
    Answer,
    Choice,
    Conflict,
    Figure,
    Highlight,
    Highlights,
    Overview,
    Quote,
    QuotedWords,
    RejectedSentence,
    Sentence,
    ShortAnswer,
    Status,
)
from qa.verification.citing import is_word_for_word
from qa.verification.verify import NOTHING_SUPPORTED, UNCLEAR

UNANSWERED = "No answer found in the documents for"
"""The words before a part of a question that is not answered."""

SHORT = "Short answer"
"""The words before the few words that answer a question."""

SEARCHED = "Searched"
"""The word before how many documents, and which, were searched."""

PASSAGES = "Passages that may answer this:"
"""The heading of passages that nobody phrased an answer from."""

MAIN_SENTENCES = "Main sentences"
"""The heading of the sentences that say most of what documents are about."""

OVERVIEW = "Main sentences, then those with names, dates and figures:"
"""The heading of the quotes of a summary."""

NEAREST = "Nearest passages, which are not an answer:"
"""The heading of the passages shown with an abstention."""

ALL_QUOTED = "Every word of the answer is in its quotes."

COMPUTED = "Computed from the quotes"
"""The words before a formula."""

_DIFFER = {
    "number": "The documents give different numbers",
    "date": "The documents give different dates",
    "name": "The documents give different names",
    "opposite": "The documents say the opposite of each other",
}
"""The words before the sides of a conflict, by its kind."""

_INDENT = "\n    "
"""Indents every further line of a quote, so that none can pass for a line of Attest's own."""


def plain_text(answer: Answer) -> str:
    """Return an answer or an abstention as plain text: numbered citations, then the quotes and sources."""
    blocks = [f"Question: {_line(answer.question)}"]
    if answer.follows_up:
        blocks.append(f"Understood as: {_line(answer.resolved)}")
    if answer.note:
        blocks.append(f"{_line(answer.note)}.")
    if answer.answered:
        blocks += _answer_blocks(answer)
    else:
        verdict, rest = refusal_text(answer.reason)
        blocks.append(f"{verdict} {_line(rest)}")
        if is_refusal(answer):
            chance, threshold = chance_and_threshold(answer, DECIMALS)
            blocks[-1] += f" (P(answerable) is {chance}; Attest answers at {threshold} or more.)"
        if answer.choices:
            blocks.append(choices_text(answer.choices))
        if answer.nearest and is_refusal(answer):
            blocks.append(NEAREST)
    blocks += highlight_lines(answer.highlights)
    blocks += [_quote(quote) for quote in (answer.quotes if answer.answered else answer.nearest)]
    if answer.cut:
        blocks.append("\n".join(rejected_lines(answer.cut)))
    blocks += [f"{SEARCHED}: {_line(str(answer.searched))}"] if answer.searched else []
    return "\n\n".join(blocks) + "\n"


def overview_text(overview: Overview) -> str:
    """Return an overview as plain text: the main sentences, what the documents name and state, the quotes."""
    blocks = [f"Overview of {_line(str(overview.searched))}"]
    if remark := overview_remark(overview):
        blocks.append(f"{remark}.")
    if overview.main:
        blocks += [MAIN_SENTENCES, *(_quote(quote) for quote in overview.quotes[: overview.main])]
    blocks += highlight_lines(overview.highlights)
    if rest := overview.quotes[overview.main :]:
        blocks += ["The sentences that have them:", *(_quote(quote) for quote in rest)]
    return "\n\n".join(blocks) + "\n"


def overview_remark(overview: Overview) -> str:
    """Return what there is to say of how much was read, without a full stop; empty where all was."""
    if not overview.quotes:
        return "There are no sentences to quote"
    if overview.whole:
        return ""
    return (
        "Only the beginning of long documents was read, and of many documents only some; "
        "choose fewer to see more"
    )


def passages_heading(answer: Answer) -> str:
    """Return the heading of passages that nobody phrased an answer from."""
    return OVERVIEW if answer.highlights else PASSAGES


def highlight_lines(highlights: Highlights | None) -> list[str]:
    """Return what documents name and state, a line for each kind, with the numbers of the quotes."""
    if highlights is None:
        return []
    return [
        f"{heading}: {'; '.join(f'{highlight_text(each)} [{each.quote}]' for each in found)}"
        for heading, found in highlight_groups(highlights)
    ]


def highlight_groups(highlights: Highlights) -> list[tuple[str, tuple[Highlight, ...]]]:
    """Return each kind of highlights that there are, under its heading."""
    groups = (
        ("Named most", highlights.names),
        ("Dates", highlights.dates),
        ("Figures", highlights.figures),
    )
    return [(heading, found) for heading, found in groups if found]


def highlight_text(highlight: Highlight) -> str:
    """Return a highlight on one line: a date with its words, anything else with how often it stands where."""
    text = _line(highlight.text)
    if highlight.date:
        return text if text == highlight.date else f"{highlight.date}: {text}"
    counted = mentions_text(highlight)
    return f"{text} ({counted})" if counted else text


def mentions_text(highlight: Highlight) -> str:
    """Return how often documents have a highlight; empty where that is once."""
    if highlight.mentions == 1:
        return ""
    where = f" in {highlight.documents:,} documents" if highlight.documents > 1 else ""
    return f"{highlight.mentions:,} times{where}"


def short_answer_text(short: ShortAnswer) -> str:
    """Return a short answer on one line, with the number of its quote."""
    return f"{SHORT}: {_line(short.text)}{unit_text(short)} [{short.quote}]"


def unit_text(short: ShortAnswer) -> str:
    """Return what stands after the number of a short answer: the unit of its table, in brackets."""
    return f" ({_line(short.unit.text)})" if short.unit else ""


def figure_text(figure: Figure) -> str:
    """Return a formula on one line, with the numbers of its quotes."""
    return f"{COMPUTED}: {_line(figure.text)}"


def conflict_heading(conflict: Conflict) -> str:
    """Return what the sides of a conflict are, in a few words."""
    return _DIFFER[conflict.kind]


def side_source(side: QuotedWords, quotes: Iterable[Quote]) -> str:
    """Return the document of a side of a conflict, and its date: ``Contract, 2024-05-01``."""
    quote = next((quote for quote in quotes if quote.number == side.quote), None)
    return ", ".join(_line(part) for part in (quote.title, quote.date or "no date")) if quote else ""


def conflict_text(conflict: Conflict, quotes: Sequence[Quote]) -> str:
    """Return the sides of a conflict on one line, the newest first, each with its document and date."""
    sides = (f"“{_line(side.text)}” ({side_source(side, quotes)}) [{side.quote}]" for side in conflict.sides)
    return f"{conflict_heading(conflict)}: {'; '.join(sides)}"


def fact_lines(answer: Answer) -> list[str]:
    """Return what was computed for an answer, and where its quotes disagree: a line for each."""
    conflicts = (conflict_text(conflict, answer.quotes) for conflict in answer.conflicts)
    return [*(figure_text(figure) for figure in answer.figures), *conflicts]


def is_unchecked(answer: Answer) -> bool:
    """Return whether nothing that the model wrote passed the check, though the documents may answer."""
    return answer.status is Status.ABSTAINED and answer.reason == NOTHING_SUPPORTED


def is_refusal(answer: Answer) -> bool:
    """Return whether the documents do not seem to answer: Attest neither asks back nor has an answer that
    failed.
    """
    return answer.status is Status.ABSTAINED and not answer.choices and not is_unchecked(answer)


def choices_text(choices: Iterable[Choice]) -> str:
    """Return what a question could mean, on one line, each with the number of its quote."""
    return "; ".join(f"{_line(choice.text)} [{choice.quote}]" for choice in choices)


def choice_question(question: str, choice: Choice) -> str:
    """Return ``question`` for one of the things that it could mean."""
    return f"{question.rstrip(' ?')} ({_line(choice.text)})?"


def refusal_text(reason: str) -> tuple[str, str]:
    """Return what an abstention for ``reason`` says first: its verdict, and the words after it."""
    if reason == NOTHING_SUPPORTED:
        return "No checked answer.", "The nearest passages:"
    if reason == UNCLEAR:
        return "Which do you mean?", f"{reason[0].upper()}{reason[1:]}."
    return "No answer:", f"{reason}."


def state_text(answer: Answer) -> str:
    """Return what became of a question in a sentence or two, for a screen reader."""
    if is_unchecked(answer):
        return "No checked answer. The nearest passages are shown."
    if not answer.answered:
        choices = f" {choices_text(answer.choices)}." if answer.choices else ""
        return " ".join(refusal_text(answer.reason)) + choices
    count = len(answer.quotes)
    differ = "".join(f" {conflict_heading(conflict)}." for conflict in answer.conflicts)
    if answer.passages_only:
        return f"No answer in words. {count} passage{'s' if count > 1 else ''} may answer this.{differ}"
    short = answer.short
    said = f"{SHORT}: {_line(short.text)}{unit_text(short)}. " if short else ""
    said += "".join(f"{figure_text(figure)}. " for figure in answer.figures)
    return f"{said}Answered with {count} quote{'s' if count > 1 else ''}.{differ}"


def support_text(sentence: Sentence) -> str:
    """Return how far a sentence with words that are in none of its quotes can be relied on."""
    if sentence.support is None:
        return "the other words of this sentence are"
    percent = "more than 99%" if sentence.support >= 0.995 else f"{sentence.support:.0%}"
    return f"the check gives this sentence {percent}"


def unquoted_text(sentence: Sentence) -> str:
    """Return what there is to say of the words of a sentence that are in none of its quotes."""
    what = "translated from its quote" if sentence.translated else "not in the quotes"
    return f"{what}; {support_text(sentence)}"


def quoted_text(sentence: Sentence, quotes: Iterable[Quote]) -> str:
    """Return how a sentence stands in its quotes; empty where some of its words are in none of them."""
    if sentence.unquoted:
        return ""
    cited = (quote for quote in quotes if quote.number in sentence.cites)
    if any(is_word_for_word(sentence.text, quote) for quote in cited):
        return "word for word"
    return "every word is in the quotes"


def unquoted_notes(sentences: Iterable[Sentence]) -> list[str]:
    """Return a line for each sentence with words that are in none of its quotes; without such a sentence, a
    line that says so.
    """
    notes = [
        f"Translated from its quote: “{_line(sentence.text)}” ({support_text(sentence)})"
        if sentence.translated
        else "Not in the quotes: "
        + ", ".join(f"“{_line(sentence.text[start:end])}”" for start, end in sentence.unquoted)
        + f" ({support_text(sentence)})"
        for sentence in sentences
        if sentence.unquoted
    ]
    return notes or [ALL_QUOTED]


def split_at_spans(text: str, spans: Iterable[tuple[int, int]]) -> list[tuple[str, bool]]:
    """Split ``text`` at the ends of ``spans``: its pieces in order, each with whether a span covers it.

    The pieces make up the text. A span that begins before the end of another, or is empty, is ignored.
    """
    pieces: list[tuple[str, bool]] = []
    position = 0
    for start, end in sorted(spans):
        if position <= start < end <= len(text):
            pieces += [(text[position:start], False), (text[start:end], True)]
            position = end
    return [piece for piece in (*pieces, (text[position:], False)) if piece[0]]


def short_spans(short: ShortAnswer | None, quote: Quote) -> list[tuple[int, int]]:
    """Return the start and end of a ``short`` answer in the text of ``quote``; none where it is not."""
    if short is None or short.quote != quote.number:
        return []
    return [(short.span.start - quote.span.start, short.span.end - quote.span.start)]


def rejected_text(rejected: Sequence[RejectedSentence]) -> str:
    """Return how many drafted sentences are not shown, and why."""
    if len(rejected) == 1:
        return "1 drafted sentence was left out because it did not pass the check"
    return f"{len(rejected):,} drafted sentences were left out because they did not pass the check"


def rejected_lines(rejected: Sequence[RejectedSentence]) -> list[str]:
    """Return the drafted sentences that are not shown, one a line with its reason, under a heading."""
    items = (f"- “{_line(each.text)}” ({_line(each.reason)})" for each in rejected)
    return [f"{rejected_text(rejected)}:", *items]


def _answer_blocks(answer: Answer) -> list[str]:
    refused = [f"{UNANSWERED}: {_line(part)}" for part in answer.refused]
    if answer.passages_only:
        return [*fact_lines(answer), *refused, passages_heading(answer)]
    sentences = (
        _line(sentence.text) + " " + "".join(f"[{number}]" for number in sentence.cites)
        for sentence in answer.sentences
    )
    return [
        *([short_answer_text(answer.short)] if answer.short else []),
        *fact_lines(answer),
        " ".join(sentences),
        "\n".join(unquoted_notes(answer.sentences)),
        *refused,
        "Quotes, word for word, each with its source and its characters in the text:",
    ]


def _line(text: str) -> str:
    """Return ``text`` on one line."""
    return " ".join(text.split())


def _quote(quote: Quote) -> str:
    place = f"{_line(quote.span.doc_id)}, {quote.span.start}–{quote.span.end}"
    source = ", ".join(_line(part) for part in (*quote.source, place))
    return f"[{quote.number}] “{quote.text.replace(chr(10), _INDENT)}”{_INDENT}{source}"
