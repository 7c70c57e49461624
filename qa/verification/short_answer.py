"""Cut the short answer to a question from a quote, from the words that a model proposes. Pure."""

import re
from collections.abc import Sequence

from qa.nlp.hedges import hedge_start
from qa.nlp.language import ENGLISH
from qa.nlp.periods import YEAR, without_years, years_in
from qa.nlp.question_words import WH
from qa.nlp.tables import Cell, is_numbered, read_row
from qa.nlp.tokens import SCALES, Token, content_keys, is_content, may_be_name, tokens
from qa.nlp.written_dates import dates_in
from qa.quantities.stated_units import unit_headed
from qa.query.answer_type import AnswerType, expected_answer_type, leaves_time_open, missing_answer_type
from qa.query.asked_row import is_of_another_row
from qa.schema import Evidence, Quote, ShortAnswer, Span
from qa.verification.citing import WORD, strip_citations
from qa.verification.columns import is_of_unasked_column
from qa.verification.other_office import has_other_office
from qa.verification.periods import is_of_other_years, is_of_part_of_year
from qa.verification.relations import has_other_object
from qa.verification.relevance import irrelevance_reason, is_outdone

_BEHIND = re.compile(rf"[%‰′″]|°(?:[CF]\b)?|\s(?:{'|'.join(SCALES)})\b", re.IGNORECASE)
"""What makes the number before it another one: 35° is no 35, 88.5 million is not 88.5."""

_FIGURE = re.compile(r"\d")
_WORDS_AFTER = re.compile(r"(?:[ -]\w+){0,2}")

_THOUSANDS = re.compile(r"(?<=\d)[.,'’\u00a0\u2009\u202f](?=\d{3}(?!\d))")
"""The sign between thousands, which models write in the way of another language."""
_PIECE = re.compile(
    r"(?<![\w.,])(?:\d{1,3}(?:[.,'’\u00a0\u2009\u202f]\d{3})+(?:[.,]\d+)?|\d+[.,]\d+)(?!\w|[.,]\d)|"
    + WORD.pattern
)
"""A word, or a whole number: "10" is no part of "10,000", while "2020" is one of "12.05.2020"."""

_NUMBER = r"(\d[\d.,]*(?<=\d)|[^\W\d_]+)"
_RANGE = re.compile(rf"(?<![\w.,-]){_NUMBER}(?: or |–){_NUMBER}(?![\w-])")
"""Two numbers, either of which it may be: "three or four", "20–30"."""

_NOUN_CHARS = 40
_NOUN_BEFORE = re.compile(r"\b((?:(?:the|a|an) )?[^\W\d_]+ of (?:the )?)$", re.IGNORECASE)
"""A noun and its "of", in the characters before a name."""

MAX_STRETCH = 2
"""A cut may have this many times the words that were proposed: "Olivier Megaton" for "Megaton, Olivier"."""


_LISTED = re.compile(r",\s+(?:and\s+)?")
_ITEM_WORDS = 4
"""Words of the longest item of a cell that lists names. Of CLDR's names of territories in five languages
0.982 have no more, and of 15,451 sentences of SQuAD 2.0 and SQuADShifts with commas, 580 have only items as
short; with 6 it is 0.997 and 1,655 (``python -m eval.constants``)."""

_VALUE = re.compile(r"\*{0,2}[ \t]*[:：][ \t]*[^\s:：]")
"""The colon and the value after a name, "Rent: 400"."""

_ASKS = re.compile(rf"^\W*(?:{WH})\b", re.IGNORECASE)

BRIEF_CHARS = 345
"""The longest quote that explains a short answer as it stands. Nine in ten of the best quotes that answer
public SQuAD questions are no longer (269 questions; three in four have at most 254 characters)."""


def cut_short_answer(proposed: str, evidence: Evidence, beside: Sequence[Quote] = ()) -> ShortAnswer | None:
    """Return the characters of a quote that say what ``proposed`` says; None where no quote has its words, or
    where they are not of the kind that the question asks for, or a quote ``beside`` them, which they are not
    cut from, is more to the point.

    The words of a quote that are equal win over those that have its words of substance in another order or
    inflection; between equal ones, the first quote that may answer wins.
    """
    lines = [line for line in strip_citations(proposed).splitlines() if WORD.search(line)]
    if not lines:
        return None
    text = lines[0]
    cuts = [_equal(text, quote) for quote in evidence.quotes]
    if not any(cuts):
        cuts = [_equal(_without_context(text, quote), quote) for quote in evidence.quotes]
    if not any(cuts):
        cuts = [_similar(text, quote) or _named_above(text, quote) for quote in evidence.quotes]
    return next((fit for cut in cuts if cut and (fit := _fit(cut, evidence, beside))), None)


def _fit(short: ShortAnswer, evidence: Evidence, beside: Sequence[Quote]) -> ShortAnswer | None:
    """Return ``short``, with the noun before it where it only repeats the question; None where it is of
    another kind than is asked for, or its quote is about something else.
    """
    quote = next(quote for quote in evidence.quotes if quote.number == short.quote)
    question, language = evidence.question, quote.language
    if irrelevance_reason(short.text, question, language):
        short = _with_noun_before(short, quote)
    short = _from_asked_column(short, quote, question)
    # A currency or "%" may stand elsewhere in the quote, "price in euros: 742", or over its table.
    around = " ".join((quote.text, quote.place, *quote.headings))
    kind, sought = expected_answer_type(question), short.text
    # In a table of millions the sign stands before the first number and the totals alone.
    is_of_millions = kind is AnswerType.MONEY and _is_figure_of_millions(short, quote)
    if kind in {AnswerType.MONEY, AnswerType.PERCENTAGE} and _FIGURE.search(sought):
        sought = around
    elif kind is AnswerType.NUMBER and not missing_answer_type(sought, question, language):
        # With its unit, "4 weeks"; what has no number does not borrow that of the next words.
        after = _WORDS_AFTER.match(quote.text, short.span.end - quote.span.start)
        sought += after[0] if after else ""
    unfit = (
        irrelevance_reason(short.text, question, language)
        or (not is_of_millions and missing_answer_type(sought, question, language))
        or leaves_time_open(short.text, question, language)
        or is_of_part_of_year(short.text, question, quote)
        or is_of_other_years(question, quote)
        or is_of_another_row(question, quote)
        or is_outdone(quote, beside or evidence.quotes, question)
        or _is_in_nameless_column(short, quote)
        or is_of_unasked_column(question, short, quote)
        or _is_name_of_value(short, quote, question)
        or (language == ENGLISH and has_other_office(question, quote.text, short.span.end - quote.span.start))
        or (len(read_row(quote.text)) < 2 and _is_said_of_another(question, short, quote))
    )
    return None if unfit else short


def _is_figure_of_millions(short: ShortAnswer, quote: Quote) -> bool:
    """Return whether ``short`` is a figure of a row under a heading that states a magnitude or a
    currency.
    """
    return (
        bool(_FIGURE.search(short.text))
        and len(read_row(quote.text)) > 1
        and any(unit_headed(heading, quote.language) for heading in quote.headings)
    )


def _with_noun_before(short: ShortAnswer, quote: Quote) -> ShortAnswer:
    """Return ``short`` with the noun that it belongs to: "the city of Carrow" for "Carrow"."""
    start, end = short.span.start - quote.span.start, short.span.end - quote.span.start
    noun = _NOUN_BEFORE.search(quote.text, max(0, start - _NOUN_CHARS), start)
    return _cut(quote, noun.start(1), end, short.text) if noun else short


def _from_asked_column(short: ShortAnswer, quote: Quote, question: str) -> ShortAnswer:
    """Return ``short``, cut from that of the cells that say the same whose column ``question`` asks for; the
    cell of the year or of the name that it asks for, where ``short`` is that of another.
    """
    if asked_for := _of_asked_year(short, quote, question) or _of_asked_name(short, quote, question):
        return asked_for
    same = [cell for cell in read_row(quote.text) if quote.text[cell.shown : cell.end] == short.text]
    if len(same) < 2:
        return short
    asked = content_keys(question, quote.language)
    return _whole_cell(
        max(same, key=lambda each: len(content_keys(each.column, quote.language) & asked)), quote
    )


def _whole_cell(cell: Cell, quote: Quote) -> ShortAnswer:
    """Return what a ``cell`` of ``quote`` shows."""
    span = Span(quote.span.doc_id, quote.span.start + cell.shown, quote.span.start + cell.end)
    return ShortAnswer(quote.text[cell.shown : cell.end], quote.number, span)


def _of_asked_year(short: ShortAnswer, quote: Quote, question: str) -> ShortAnswer | None:
    """Return the cell of the year that ``question`` names, if ``short`` is one of the same row, in a column
    that has another year for a name; None where there is no such cell, or several years are named.
    """
    asked, row = years_in(question), read_row(quote.text)
    at = short.span.start - quote.span.start
    own = next((cell for cell in row if cell.shown <= at < cell.end), None)
    if len(asked) != 1 or own is None or not years_in(own.column) or asked <= years_in(own.column):
        return None
    alike = [
        cell
        for cell in row
        if years_in(cell.column) == asked and without_years(cell.column) == without_years(own.column)
    ]
    return _whole_cell(alike[0], quote) if len(alike) == 1 else None


def _of_asked_name(short: ShortAnswer, quote: Quote, question: str) -> ShortAnswer | None:
    """Return the figure of the only cell whose name ``question`` says in full, in several words, if ``short``
    is a figure of the same row under a name of which it says but a part of these, or nothing. Of many columns
    a small model may choose a wrong one.
    """
    asked, at = content_keys(question, quote.language), short.span.start - quote.span.start
    names = {
        cell: content_keys(cell.column, quote.language)
        for cell in read_row(quote.text)
        if _FIGURE.search(quote.text[cell.shown : cell.end])
    }
    own = next((name for cell, name in names.items() if cell.shown <= at < cell.end), None)
    said = [cell for cell, name in names.items() if len(name) > 1 and name <= asked]
    return _whole_cell(said[0], quote) if own and len(said) == 1 and own & asked < names[said[0]] else None


def _is_said_of_another(question: str, short: ShortAnswer, quote: Quote) -> bool:
    asked, said, answer = (tokens(text, quote.language) for text in (question, quote.text, short.text))
    return has_other_object(asked, said, answer)


def _is_name_of_value(short: ShortAnswer, quote: Quote, question: str) -> bool:
    """Return whether ``short`` is the "Rent" of "Rent: 400", and ``question``, such as "rent unit 7", has no
    word that could ask for the name and not for the value.
    """
    return not _ASKS.search(question) and bool(_VALUE.match(quote.text, short.span.end - quote.span.start))


def _is_in_nameless_column(short: ShortAnswer, quote: Quote) -> bool:
    """Return whether ``short`` is one of several figures of a row, and nothing says which of them it is."""
    start = short.span.start - quote.span.start
    figures = [cell for cell in read_row(quote.text)[1:] if _FIGURE.search(quote.text[cell.shown : cell.end])]
    return len(figures) > 1 and any(
        is_numbered(cell.column) and cell.shown <= start < cell.end for cell in figures
    )


def explains_itself(short: ShortAnswer, quotes: Sequence[Quote]) -> bool:
    """Return whether the quote of ``short`` is so brief that it explains it, and nothing need be drafted."""
    return any(quote.number == short.quote and len(quote.text) <= BRIEF_CHARS for quote in quotes)


def gives_short_answer(text: str, short: ShortAnswer, quotes: Sequence[Quote]) -> bool:
    """Return whether ``text`` has every word of substance of ``short``, in any inflection."""
    language = next(quote.language for quote in quotes if quote.number == short.quote)
    wanted = content_keys(short.text, language)
    return wanted <= {token.key for token in tokens(text, language)}


def _without_context(text: str, quote: Quote) -> str:
    """Return ``text`` without the words at its end that the title or the headings of ``quote`` have, which
    the model reads before it, and not its text.
    """
    own, context = map(_words, (quote.text, quote.titles))
    words = list(WORD.finditer(text))
    while words and words[-1][0].casefold() in context - own:
        words.pop()
    return text[: words[-1].end()] if words else ""


def _words(text: str) -> set[str]:
    return {word.casefold() for word in WORD.findall(text)}


def _equal(text: str, quote: Quote) -> ShortAnswer | None:
    """Cut the first run of words of ``quote`` that are those of ``text``, whatever their case and the sign
    between thousands.
    """
    wanted = [_folded(word) for word in _PIECE.findall(text)]
    if not wanted:
        return None
    found = list(_PIECE.finditer(quote.text))
    words = [_folded(match[0]) for match in found]
    for i in range(len(words) - len(wanted) + 1):
        if words[i : i + len(wanted)] == wanted:
            return _cut(quote, found[i].start(), found[i + len(wanted) - 1].end(), text)
    return None


def _folded(word: str) -> str:
    return _THOUSANDS.sub("", word).casefold()


def _similar(text: str, quote: Quote) -> ShortAnswer | None:
    """Cut the shortest run of words of ``quote`` that has every word of substance of ``text``."""
    wanted = content_keys(text, quote.language)
    longest = MAX_STRETCH * len(_PIECE.findall(text))
    found = list(_PIECE.finditer(quote.text))
    keys = [_keys(match[0], quote.language) for match in found]
    best: tuple[int, int] | None = None
    for i, first in enumerate(keys):
        if not first & wanted:
            continue
        missing = set(wanted)
        for j in range(i, min(i + longest, len(keys))):
            missing -= keys[j]
            if not missing:
                if best is None or j - i < best[1] - best[0]:
                    best = (i, j)
                break
    return _cut(quote, found[best[0]].start(), found[best[1]].end(), text) if wanted and best else None


def _named_above(text: str, quote: Quote) -> ShortAnswer | None:
    """Cut what ``quote`` has of the name that ``text`` is, if its title has it in full: "Poirot" for
    "Hercule Poirot".
    """
    name = [token for token in tokens(text, quote.language) if is_content(token)]
    above, there = (
        {token.key for token in tokens(known, quote.language)} for known in (quote.title, quote.text)
    )
    if not all(may_be_name(token) and token.key in above for token in name):
        return None
    return _similar(" ".join(token.surface for token in name if token.key in there), quote)


def _keys(word: str, language: str) -> set[str]:
    found: Sequence[Token] = tokens(word, language)
    return {token.key for token in found}


def _whole_list(quote: Quote, start: int, end: int) -> tuple[int, int]:
    """Return where the cell begins and ends that lists what stands from ``start`` to ``end`` among others,
    "United States, Iceland, Germany"; ``start`` and ``end`` where it is not of a list of names.
    """
    for cell in read_row(quote.text):
        text = quote.text[cell.shown : cell.end]
        items = _LISTED.split(text)
        if cell.shown <= start and end <= cell.end and len(items) > 1 and not _FIGURE.search(text):
            is_name = all(0 < len(WORD.findall(item)) <= _ITEM_WORDS for item in items)
            return (cell.shown, cell.end) if is_name and quote.text[start:end] in items else (start, end)
    return start, end


def _whole_range(text: str, start: int, end: int) -> tuple[int, int]:
    """Return where the range begins and ends of which the number from ``start`` to ``end`` is one end: "three
    or four" is not three; ``start`` and ``end`` where it is of none.
    """
    for found in _RANGE.finditer(text):
        is_end = start == found.start(2) or (start == found.start(1) and end >= found.end(1))
        is_of_years = YEAR.fullmatch(found[1])
        if is_end and not is_of_years and all(each.number for side in (1, 2) for each in tokens(found[side])):
            return found.start(1), max(end, found.end(2))
    return start, end


def _cut(quote: Quote, start: int, end: int, proposed: str) -> ShortAnswer:
    """Cut ``quote``, with the currency of a sum, a sign or bracket that ``proposed`` has too, the hedge of a
    number, "about 300" is not 300, and with the year of a date: "February 17, 2023" for "February 17".
    """
    start, end = _whole_range(quote.text, start, end)
    if quote.text[start].isdigit():
        start = hedge_start(quote.text, start)
    if quote.text[end - 1].isdigit() and (behind := _BEHIND.match(quote.text, end)):
        end = behind.end()
    end = next((date.end for date in dates_in(quote.text) if start <= date.start < end < date.end), end)
    before, after = quote.text[:start], quote.text[end:]
    sign = re.search(r"[€$£¥(“\"-]$", before)
    if sign and (proposed.strip().startswith(sign[0]) or (sign[0] in "€$£¥" and quote.text[start].isdigit())):
        start -= 1
    if (sign := re.match(r"\s?[%€$£¥)”\"]", after)) and sign[0].strip() in proposed.strip()[-1:]:
        end += sign.end()
    start, end = _whole_list(quote, start, end)
    span = Span(quote.span.doc_id, quote.span.start + start, quote.span.start + end)
    return ShortAnswer(quote.text[start:end], quote.number, span)
