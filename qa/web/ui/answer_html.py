"""Answers as HTML. Pure; everything that documents and models say is escaped.

Every function that returns HTML returns whole elements, with no other text between its tags than what this
module escaped. Parameters that are HTML already are called ``html``.
"""

from collections.abc import Iterable, Mapping, Sequence
from html import escape

from qa.export.chance import PERCENTAGES, chance_and_threshold, chance_text
from qa.export.text import (
    COMPUTED,
    MAIN_SENTENCES,
    PASSAGES,
    SEARCHED,
    SHORT,
    UNANSWERED,
    choice_question,
    conflict_heading,
    highlight_groups,
    highlight_text,
    is_refusal,
    overview_remark,
    quoted_text,
    refusal_text,
    rejected_text,
    short_spans,
    side_source,
    split_at_spans,
    unquoted_text,
)
from qa.schema import Answer, Highlights, Overview, Quote, RejectedSentence, Sentence, ShortAnswer
from qa.web.ui.quotes_html import NEAREST, document_tones, highlight, lang_attribute, quote_link, quote_list


def answer_html(answer: Answer) -> str:
    """Return an answer with links to its quotes after each sentence, or an abstention, marked as one.

    The short answer comes first. Words of a sentence that are in none of its quotes are marked, and whoever
    points at them or focuses them is told what that means.
    """
    searched = note_html(f"{SEARCHED}: {answer.searched}") if answer.searched else ""
    if not answer.answered:
        return (
            f'<div class="answer">{_note(answer)}{_abstention(answer)}{_left_out(answer.cut)}{searched}</div>'
        )
    said = _passages(answer) if answer.passages_only else _short(answer) + _sentences(answer)
    said = _figures(answer) + _conflicts(answer) + said
    return (
        f'<div class="answer">{_resolved(answer)}{_note(answer)}{said}{_highlights(answer)}'
        f"{_refused(answer.refused)}{_left_out(answer.cut)}{searched}</div>"
    )


def note_html(text: str) -> str:
    """Return a sentence from Attest itself, on what it is doing or what went wrong."""
    return f'<p class="note">{escape(text)}</p>'


def _resolved(answer: Answer) -> str:
    if not answer.follows_up:
        return ""
    return f'<p class="resolved">Understood as: <q dir="auto">{escape(answer.resolved)}</q></p>'


def _short(answer: Answer) -> str:
    """Return the short answer, if there is one, with the link to its quote."""
    short = answer.short
    quote = next((quote for quote in answer.quotes if short and quote.number == short.quote), None)
    if short is None or quote is None:
        return ""
    link = quote_link(quote, document_tones(answer.quotes)[quote.span.doc_id], short)
    unit = f' <span class="unit" dir="auto">{escape(short.unit.text)}</span>' if short.unit else ""
    return (
        f'<p class="short"><span class="unseen">{SHORT}: </span>'
        f'<strong dir="auto"{lang_attribute(quote.language)}>{escape(short.text)}</strong>{unit}'
        f"\N{NO-BREAK SPACE}{link}</p>"
    )


def _figures(answer: Answer) -> str:
    """Return what was computed, with the links to its quotes."""
    tones = document_tones(answer.quotes)
    by_number = {quote.number: quote for quote in answer.quotes}
    figures: list[str] = []
    for figure in answer.figures:
        cited = [by_number[number] for number in dict.fromkeys(each.quote for each in figure.operands)]
        links = "".join(f"\N{NO-BREAK SPACE}{quote_link(quote, tones[quote.span.doc_id])}" for quote in cited)
        formula = figure.text.rpartition(" ")[0]
        figures.append(
            f'<p class="figure"><span class="label">{COMPUTED}</span> '
            f"<strong>{escape(formula)}</strong>{links}</p>"
        )
    return "".join(figures)


def _conflicts(answer: Answer) -> str:
    """Return the sides of each conflict, one below the other, the newest first."""
    tones = document_tones(answer.quotes)
    by_number = {quote.number: quote for quote in answer.quotes}
    html: list[str] = []
    for conflict in answer.conflicts:
        sides = "".join(
            f'<li><q dir="auto"{lang_attribute(by_number[side.quote].language)}>{escape(side.text)}</q> '
            f'<span class="source" dir="auto">{escape(side_source(side, answer.quotes))}</span>'
            f"\N{NO-BREAK SPACE}{quote_link(by_number[side.quote], tones[side.span.doc_id])}</li>"
            for side in conflict.sides
        )
        html.append(
            f'<div class="conflict"><p class="label">{conflict_heading(conflict)}</p><ul>{sides}</ul></div>'
        )
    return "".join(html)


def _sentences(answer: Answer) -> str:
    tones = document_tones(answer.quotes)
    said = (_sentence(sentence, answer.quotes, answer.short, tones) for sentence in answer.sentences)
    are_items = all(sentence.text.rstrip()[-1:].isalnum() for sentence in answer.sentences)
    return f'<p class="words">{("<br>" if are_items else " ").join(said)}</p>'


def _sentence(
    sentence: Sentence, quotes: Sequence[Quote], short: ShortAnswer | None, tones: Mapping[str, int]
) -> str:
    """Return a sentence with its links. Its words that are in none of its quotes are marked; if there are
    none, it says so.
    """
    cited = [quote for number in sentence.cites for quote in quotes if quote.number == number]
    links = "".join(
        f"\N{NO-BREAK SPACE}{quote_link(quote, tones[quote.span.doc_id], short)}" for quote in cited
    )
    check = quoted_text(sentence, quotes)
    return f'<span dir="auto">{_mark_unquoted(sentence, _short_in(sentence, cited, short))}</span>{links}' + (
        f' <small class="check">{check}</small>' if check else ""
    )


def _mark_unquoted(sentence: Sentence, short: Sequence[tuple[int, int]]) -> str:
    """Return the text of a sentence with its unquoted words marked and a ``short`` answer highlighted."""
    pieces: list[str] = []
    position = 0
    for piece, unquoted in split_at_spans(sentence.text, sentence.unquoted):
        if unquoted:
            pieces.append(
                f'<span class="unquoted" role="mark" tabindex="0" data-message="{unquoted_text(sentence)}">'
                f"{escape(piece)}</span>"
            )
        else:
            pieces.append(highlight(piece, [(start - position, end - position) for start, end in short]))
        position += len(piece)
    return "".join(pieces)


def _short_in(
    sentence: Sentence, cited: Sequence[Quote], short: ShortAnswer | None
) -> Sequence[tuple[int, int]]:
    """Return where a sentence that is copied from the quote of a ``short`` answer has its words."""
    for quote in cited:
        begin = quote.text.find(sentence.text)
        if begin >= 0:
            return [(start - begin, end - begin) for start, end in short_spans(short, quote)]
    return []


def _passages(answer: Answer) -> str:
    """Return the passages from which nobody phrased an answer."""
    cited = {number for sentence in answer.sentences for number in sentence.cites}
    quotes = [quote for quote in answer.quotes if quote.number in cited]
    label = MAIN_SENTENCES if answer.highlights else PASSAGES
    return f'<div class="passages"><p class="label">{label}</p>{quote_list(quotes)}</div>'


def _highlights(answer: Answer) -> str:
    """Return what the documents name and state, for a question that asks what they are about."""
    return highlights_html(answer.highlights, answer.quotes) if answer.highlights else ""


def overview_html(overview: Overview, asked: int) -> str:
    """Return an overview for the panel of a document, which ``asked`` for it under that number."""
    remark = overview_remark(overview)
    main = overview.quotes[: overview.main]
    sentences = f'<p class="label">{MAIN_SENTENCES}</p>{quote_list(main)}' if main else ""
    return (
        f'<div data-asked="{asked}">{note_html(f"{remark}.") if remark else ""}{sentences}'
        f"{highlights_html(overview.highlights, overview.quotes)}</div>"
    )


def highlights_html(highlights: Highlights, quotes: Sequence[Quote]) -> str:
    """Return each kind of ``highlights`` as a list, with links to those of ``quotes`` that have them."""
    tones = document_tones(quotes)
    by_number = {quote.number: quote for quote in quotes}
    lists = ""
    for heading, found in highlight_groups(highlights):
        items = "".join(
            f'<li><span dir="auto">{escape(highlight_text(each))}</span> '
            f"{quote_link(by_number[each.quote], tones[each.span.doc_id], highlight=each)}</li>"
            for each in found
        )
        lists += f'<p class="label">{heading}</p><ul class="highlights">{items}</ul>'
    return lists


def _note(answer: Answer) -> str:
    return f'<p class="note">{escape(answer.note)}.</p>' if answer.note else ""


def _refused(parts: Iterable[str]) -> str:
    return "".join(f'<p class="refused">{UNANSWERED}: <q dir="auto">{escape(part)}</q></p>' for part in parts)


def _abstention(answer: Answer) -> str:
    percent, threshold = chance_and_threshold(answer, PERCENTAGES)
    verdict, rest = refusal_text(answer.reason)
    said = f'<p class="words"><strong>{verdict}</strong> {escape(rest)}</p>'
    searched = f'<p class="searched">Searched for: <q dir="auto">{escape(answer.resolved)}</q></p>'
    nearest = quote_list(answer.nearest) if answer.nearest else ""
    if not is_refusal(answer):
        return f'<div class="abstention">{said}{_choices(answer)}{nearest}{searched}</div>'
    passages = f'<p class="label">{NEAREST}</p>{nearest}' if nearest else ""
    return (
        f'<div class="abstention">{said}{searched}'
        f'<div class="meter" role="img" aria-label="Estimated chance: {percent}">'
        f'<span style="width:{percent}"></span>'
        f'<i style="left:{threshold}"></i></div>'
        f'<p class="chance">{chance_text(answer)}</p>{passages}</div>'
    )


def _choices(answer: Answer) -> str:
    """Return a button for each thing that the question could mean, which asks for it."""
    if not answer.choices:
        return ""
    buttons = "".join(
        f'<button type="button" class="choice" dir="auto" '
        f'data-question="{escape(choice_question(answer.question, choice))}">{escape(choice.text)}</button>'
        for choice in answer.choices
    )
    return f'<p class="choices">{buttons}</p>'


def _left_out(cuts: Sequence[RejectedSentence]) -> str:
    if not cuts:
        return ""
    items = "".join(
        f'<li><q dir="auto">{escape(cut.text)}</q> <span>{escape(cut.reason)}</span></li>' for cut in cuts
    )
    return f'<details class="cut"><summary>{rejected_text(cuts)}</summary><ul>{items}</ul></details>'
