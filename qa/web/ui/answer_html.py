"""Answers and quotes as HTML. Pure; everything that documents and models say is escaped.

Every function that returns HTML returns whole elements, with no other text between its tags than what this
module escaped. Parameters that are HTML already are called ``html``.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from html import escape

from qa.export.markdown import answer_markdown
from qa.export.text import (
    COMPUTED,
    MAIN_SENTENCES,
    PASSAGES,
    SEARCHED,
    SHORT,
    UNANSWERED,
    chance_text,
    choice_question,
    conflict_heading,
    highlight_groups,
    highlight_text,
    is_refusal,
    overview_remark,
    passages_heading,
    quoted_text,
    refusal_text,
    rejected_text,
    short_spans,
    side_source,
    split_at_spans,
    state_text,
    unquoted_text,
)
from qa.nlp.tables import find_tables
from qa.schema import (
    CHANGED,
    GROWING,
    Answer,
    Coverage,
    Document,
    Draft,
    Evidence,
    FirstAnswer,
    Highlight,
    Highlights,
    Overview,
    QueuePosition,
    Quote,
    RejectedSentence,
    Sentence,
    ShortAnswer,
    Span,
)
from qa.web.addresses import quote_address
from qa.web.ui.table_html import text_html
from qa.web.ui.wording import count_text

TONES = 6
"""Colours for the documents of one answer. The seventh document has the colour of the first again."""

_ACTIONS = (("copy", "Copy"), ("copy-markdown", "Copy as Markdown"), ("edit", "Edit"), ("retry", "Ask again"))
_SAVE = (("track", "Track"), ("save_test", "Save as a test"))
_VERDICTS = (("up", "Good answer"), ("down", "Bad answer"))

HINT = '<p class="note">Ask a question, and the passages behind the answer appear here.</p>'
"""Shown in place of the sources until there are any."""

CONTEXT_CHARS = 2_000
"""Characters before and after a quote by which rows of a table are told: some twenty rows."""

NO_DOCUMENTS: Mapping[str, Document] = {}

_NEAREST = "Nearest passages, not an answer"
_ALSO_FOUND = "Also found, not quoted in the answer"


@dataclass(frozen=True, slots=True)
class Frame:
    """One step of answering, as HTML."""

    reply: str
    sources: str = HINT
    answer: Answer | None = None
    """The answer in the last frame; None before."""


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


def header_html(documents: int, coverage: Coverage | None = None) -> str:
    """Return what Attest is, in one line, and its number of documents; while they are read, how far that is,
    which ``coverage`` has.
    """
    these = "one document" if documents == 1 else f"{documents:,} documents" if documents else "documents"
    reading = f" {GROWING}, so far {coverage}." if coverage and not coverage.complete else ""
    return (
        f"<h1>Attest</h1><p>Answers from your {these}, with a quote for every sentence. "
        f"If they do not say, Attest tells you so.{reading}</p>"
    )


def exchange_html(number: int, question: str, html: str, *, state: str = "", actions: str = "") -> str:
    """Return the ``number``-th question of a conversation (from 1) with its reply, ``html``.

    ``state`` is a sentence for screen readers; empty while the question is being answered.
    """
    return (
        f'<section class="exchange" aria-busy="{str(not state).lower()}" data-number="{number}"'
        f' data-state="{escape(state)}"><h2 class="question" dir="auto">{escape(question)}</h2>'
        f'<div class="reply">{html}</div>{actions}</section>'
    )


def finished_html(number: int, answer: Answer, plain: str, *, verdicts: bool = False) -> str:
    """Return an answer under its question, with buttons. ``plain`` is the text to copy.

    With ``verdicts``, visitors can rate it.
    """
    buttons = (*_ACTIONS, *(_VERDICTS if verdicts else ()), *_SAVE)
    actions = _actions_html(buttons, plain, answer_markdown(answer))
    state = state_text(answer)
    return exchange_html(number, answer.question, answer_html(answer), state=state, actions=actions)


def unanswered_html(number: int, question: str, reason: str) -> str:
    """Return a question that has neither an answer nor an abstention, with the reason."""
    actions = _actions_html(_ACTIONS, reason, reason)
    return exchange_html(number, question, note_html(reason), state=reason, actions=actions)


def render_frames(
    events: Iterable[QueuePosition | Evidence | FirstAnswer | Draft | Answer],
    clock: Callable[[], float] = lambda: 0.0,
    documents: Mapping[str, Document] = NO_DOCUMENTS,
) -> Iterator[Frame]:
    """Yield a frame before the first of a pipeline's ``events``, and one after each. ``clock`` tells the time
    in seconds.
    """
    steps = _Steps(clock)
    yield Frame(steps.html())
    sources, first, draft = HINT, "", ""
    found: list[Quote] = []
    writing = _WRITE
    for event in events:
        if isinstance(event, Evidence):
            writing = _WRITE
            found += event.quotes
            steps.begin(_JUDGE, f"Found {count_text(len(event.quotes), 'passage')}, listed under Sources")
            sources = quotes_html(event.quotes, "Passages found", documents=documents)
            draft += "\n" if draft else ""  # the next part of a question in parts
            yield Frame(steps.html() + first + (draft_html(draft) if draft else ""), sources)
        elif isinstance(event, QueuePosition):
            turn_came = _JUDGE if found else _SEARCH
            steps.begin(turn_came if not event.ahead else _Step(waiting_text(event), _WAITED))
            yield Frame(steps.html() + first, sources)
        elif isinstance(event, FirstAnswer):
            writing = _EXPLAIN
            steps.begin(writing)
            first += answer_html(event.answer)
            yield Frame(steps.html() + first, sources)
        elif isinstance(event, Draft):
            steps.begin(writing)
            draft += event.text
            yield Frame(steps.html() + first + draft_html(draft), sources)
        else:
            yield Frame(answer_html(event), sources_html(event, found, documents), event)


@dataclass(frozen=True, slots=True)
class _Step:
    """A step of answering, in words while it lasts and once it is done."""

    doing: str
    done: str


_SEARCH = _Step("Searching the documents …", "Searched the documents")
_JUDGE = _Step("Judging whether they answer the question …", "Judged whether they answer the question")
_WAITED = "Waited for other questions"
_EXPLAIN = _Step("Writing an explanation and checking it …", "Wrote and checked an explanation")
_WRITE = _Step("Writing the answer and checking it …", "Wrote and checked a part of the answer")


class _Steps:
    """The steps of answering so far, each with the seconds that it took."""

    def __init__(self, clock: Callable[[], float]) -> None:
        """Begin with the search."""
        self._clock = clock
        self._begun = clock()
        self._step = _SEARCH
        self._done: list[str] = []

    def begin(self, step: _Step, result: str = "") -> None:
        """End the present step, with its ``result`` in words, and begin another; the same one goes on."""
        if result or step.done != self._step.done:
            now = self._clock()
            seconds = f'<span class="seconds">{now - self._begun:.1f} s</span>'
            self._done.append(f"<li>{escape(result or self._step.done)} {seconds}</li>")
            self._begun = now
        self._step = step

    def html(self) -> str:
        """Return the list of steps. The page counts the seconds of the last one."""
        elapsed = f"{self._clock() - self._begun:.1f}"
        return (
            f'<ol class="steps">{"".join(self._done)}<li aria-current="step">{escape(self._step.doing)} '
            f'<span class="seconds" data-elapsed="{elapsed}"></span></li></ol>'
        )


def waiting_text(waiting: QueuePosition) -> str:
    """Return the question's place in the queue."""
    others = "1 question is" if waiting.ahead == 1 else f"{waiting.ahead:,} questions are"
    return f"{others} ahead of yours …"


def draft_html(text: str) -> str:
    """Return the text that the model has written so far, marked as unchecked."""
    return (
        '<div class="draft"><p class="label">Draft, not yet checked</p>'
        f'<p class="words" dir="auto">{escape(text)}</p></div>'
    )


def note_html(text: str) -> str:
    """Return a sentence from Attest itself, on what it is doing or what went wrong."""
    return f'<p class="note">{escape(text)}</p>'


def quotes_html(
    quotes: Sequence[Quote],
    heading: str = "Quotes",
    short: ShortAnswer | None = None,
    tones: Mapping[str, int] | None = None,
    documents: Mapping[str, Document] = NO_DOCUMENTS,
) -> str:
    """Return a card for each quote: its number, its source, and its words, verbatim. The words of a ``short``
    answer are highlighted in theirs. ``tones`` are the colours of the documents, if some have one already.
    Rows of tables are told by the text around them in ``documents``.
    """
    tones = tones or _tones(quotes)
    cards = "".join(_card(quote, tones[quote.span.doc_id], short, documents) for quote in quotes)
    return f'<section class="quotes"><h2 class="label">{escape(heading)}</h2>{cards}</section>'


def sources_html(
    answer: Answer, found: Sequence[Quote] = (), documents: Mapping[str, Document] = NO_DOCUMENTS
) -> str:
    """Return the quotes of an answer, or passages that are none, marked as such; below them what was
    ``found`` besides.
    """
    shown = answer.quotes if answer.answered else answer.nearest
    rest = _uncited(shown, found)
    tones = _tones((*shown, *rest))
    if answer.passages_only and answer.answered:
        html = quotes_html(shown, passages_heading(answer).rstrip(":"), tones=tones, documents=documents)
    elif answer.answered:
        html = quotes_html(shown, "Quoted in the answer", answer.short, tones, documents)
    else:
        html = quotes_html(shown, _NEAREST, tones=tones, documents=documents) if shown else ""
    return html + (quotes_html(rest, _ALSO_FOUND, tones=tones, documents=documents) if rest else "")


def _uncited(shown: Sequence[Quote], found: Sequence[Quote]) -> list[Quote]:
    """Return the quotes that were ``found`` and are not ``shown``, under numbers of their own."""
    places = {quote.span for quote in shown}
    rest = list({quote.span: quote for quote in found if quote.span not in places}.values())
    numbers = [quote.number for quote in (*shown, *rest)]
    if len(set(numbers)) == len(numbers):
        return rest
    last = max((quote.number for quote in shown), default=0)
    return [replace(quote, number=last + i) for i, quote in enumerate(rest, start=1)]


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
    link = _link(quote, _tones(answer.quotes)[quote.span.doc_id], short)
    return (
        f'<p class="short"><span class="unseen">{SHORT}: </span>'
        f'<strong dir="auto"{lang_attribute(quote.language)}>{escape(short.text)}</strong>'
        f"\N{NO-BREAK SPACE}{link}</p>"
    )


def _figures(answer: Answer) -> str:
    """Return what was computed, with the links to its quotes."""
    tones = _tones(answer.quotes)
    by_number = {quote.number: quote for quote in answer.quotes}
    figures: list[str] = []
    for figure in answer.figures:
        cited = [by_number[number] for number in dict.fromkeys(each.quote for each in figure.operands)]
        links = "".join(f"\N{NO-BREAK SPACE}{_link(quote, tones[quote.span.doc_id])}" for quote in cited)
        formula = figure.text.rpartition(" ")[0]
        figures.append(
            f'<p class="figure"><span class="label">{COMPUTED}</span> '
            f"<strong>{escape(formula)}</strong>{links}</p>"
        )
    return "".join(figures)


def _conflicts(answer: Answer) -> str:
    """Return the sides of each conflict, one below the other, the newest first."""
    tones = _tones(answer.quotes)
    by_number = {quote.number: quote for quote in answer.quotes}
    html: list[str] = []
    for conflict in answer.conflicts:
        sides = "".join(
            f'<li><q dir="auto"{lang_attribute(by_number[side.quote].language)}>{escape(side.text)}</q> '
            f'<span class="source" dir="auto">{escape(side_source(side, answer.quotes))}</span>'
            f"\N{NO-BREAK SPACE}{_link(by_number[side.quote], tones[side.span.doc_id])}</li>"
            for side in conflict.sides
        )
        html.append(
            f'<div class="conflict"><p class="label">{conflict_heading(conflict)}</p><ul>{sides}</ul></div>'
        )
    return "".join(html)


def _sentences(answer: Answer) -> str:
    tones = _tones(answer.quotes)
    said = (_sentence(sentence, answer.quotes, answer.short, tones) for sentence in answer.sentences)
    return f'<p class="words">{" ".join(said)}</p>'


def _sentence(
    sentence: Sentence, quotes: Sequence[Quote], short: ShortAnswer | None, tones: Mapping[str, int]
) -> str:
    """Return a sentence with its links. Its words that are in none of its quotes are marked; if there are
    none, it says so.
    """
    cited = [quote for number in sentence.cites for quote in quotes if quote.number == number]
    links = "".join(f"\N{NO-BREAK SPACE}{_link(quote, tones[quote.span.doc_id], short)}" for quote in cited)
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


def highlight(text: str, spans: Sequence[tuple[int, int]]) -> str:
    """Return ``text``, escaped, with the words of a short answer highlighted at ``spans``."""
    return "".join(
        f'<strong class="short-words">{escape(piece)}</strong>' if within else escape(piece)
        for piece, within in split_at_spans(text, spans)
    )


def _passages(answer: Answer) -> str:
    """Return the passages from which nobody phrased an answer."""
    cited = {number for sentence in answer.sentences for number in sentence.cites}
    quotes = [quote for quote in answer.quotes if quote.number in cited]
    label = MAIN_SENTENCES if answer.highlights else PASSAGES
    return f'<div class="passages"><p class="label">{label}</p>{_quote_list(quotes)}</div>'


def _highlights(answer: Answer) -> str:
    """Return what the documents name and state, for a question that asks what they are about."""
    return highlights_html(answer.highlights, answer.quotes) if answer.highlights else ""


def overview_html(overview: Overview, asked: int) -> str:
    """Return an overview for the panel of a document, which ``asked`` for it under that number."""
    remark = overview_remark(overview)
    main = overview.quotes[: overview.main]
    sentences = f'<p class="label">{MAIN_SENTENCES}</p>{_quote_list(main)}' if main else ""
    return (
        f'<div data-asked="{asked}">{note_html(f"{remark}.") if remark else ""}{sentences}'
        f"{highlights_html(overview.highlights, overview.quotes)}</div>"
    )


def highlights_html(highlights: Highlights, quotes: Sequence[Quote]) -> str:
    """Return each kind of ``highlights`` as a list, with links to those of ``quotes`` that have them."""
    tones = _tones(quotes)
    by_number = {quote.number: quote for quote in quotes}
    lists = ""
    for heading, found in highlight_groups(highlights):
        items = "".join(
            f'<li><span dir="auto">{escape(highlight_text(each))}</span> '
            f"{_link(by_number[each.quote], tones[each.span.doc_id], highlight=each)}</li>"
            for each in found
        )
        lists += f'<p class="label">{heading}</p><ul class="highlights">{items}</ul>'
    return lists


def _note(answer: Answer) -> str:
    return f'<p class="note">{escape(answer.note)}.</p>' if answer.note else ""


def _refused(parts: Iterable[str]) -> str:
    return "".join(f'<p class="refused">{UNANSWERED}: <q dir="auto">{escape(part)}</q></p>' for part in parts)


def _abstention(answer: Answer) -> str:
    percent = f"{answer.p_answerable:.0%}"
    verdict, rest = refusal_text(answer.reason)
    said = f'<p class="words"><strong>{verdict}</strong> {escape(rest)}</p>'
    searched = f'<p class="searched">Searched for: <q dir="auto">{escape(answer.resolved)}</q></p>'
    nearest = _quote_list(answer.nearest) if answer.nearest else ""
    if not is_refusal(answer):
        return f'<div class="abstention">{said}{_choices(answer)}{nearest}{searched}</div>'
    passages = f'<p class="label">{_NEAREST}</p>{nearest}' if nearest else ""
    return (
        f'<div class="abstention">{said}{searched}'
        f'<div class="meter" role="img" aria-label="Estimated chance: {percent}">'
        f'<span style="width:{percent}"></span>'
        f'<i style="left:{answer.threshold:.0%}"></i></div>'
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


def _quote_list(quotes: Sequence[Quote]) -> str:
    tones = _tones(quotes)
    items = "".join(
        f'<li>{_link(quote, tones[quote.span.doc_id])} <span dir="auto"{lang_attribute(quote.language)}>'
        f"{escape(quote.text)}</span></li>"
        for quote in quotes
    )
    return f"<ul>{items}</ul>"


def _left_out(cuts: Sequence[RejectedSentence]) -> str:
    if not cuts:
        return ""
    items = "".join(
        f'<li><q dir="auto">{escape(cut.text)}</q> <span>{escape(cut.reason)}</span></li>' for cut in cuts
    )
    return f'<details class="cut"><summary>{rejected_text(cuts)}</summary><ul>{items}</ul></details>'


def _card(quote: Quote, tone: int, short: ShortAnswer | None, documents: Mapping[str, Document]) -> str:
    origin = f' title="{escape(f"from {quote.date_source}")}"' if quote.date_source else ""
    date = f'<span class="date"{origin}>{escape(quote.date)}</span>' if quote.date else ""
    place = f'<span class="place" dir="auto">{escape(quote.place)}</span>' if quote.place else ""
    changed = f'<span class="changed">{CHANGED}</span>' if quote.changed else ""
    return (
        f'<article class="card tone-{tone}"><header>{_link(quote, tone, short)} '
        f'<span class="title" dir="auto">{escape(quote.title)}</span>{place}{date}{changed}</header>'
        f'<blockquote dir="auto"{lang_attribute(quote.language)}>'
        f"{_quoted(quote, short, documents)}</blockquote></article>"
    )


def _quoted(quote: Quote, short: ShortAnswer | None, documents: Mapping[str, Document]) -> str:
    """Return the words of a quote, its rows of a table as a table."""
    spans = short_spans(short, quote)
    document = documents.get(quote.span.doc_id)
    if document is None:
        return highlight(quote.text, spans)
    text = document.text
    begin = text.rfind("\n", 0, max(quote.span.start - CONTEXT_CHARS, 0)) + 1
    around = text[begin : quote.span.end + CONTEXT_CHARS]
    offset = quote.span.start - begin

    def piece(start: int, stop: int, hidden: bool) -> str:
        within = [(max(a + offset, start) - start, min(b + offset, stop) - start) for a, b in spans]
        return highlight(around[start:stop], within)

    return text_html(offset, offset + len(quote.text), find_tables(around), piece)


def lang_attribute(language: str) -> str:
    """Return the attribute that tells a browser the language of a text, for its fonts and its voice."""
    return f' lang="{escape(language)}"' if language else ""


def _tones(quotes: Iterable[Quote]) -> dict[str, int]:
    """Return a colour, 1 to ``TONES``, for each document, in the order in which they are quoted."""
    ids = dict.fromkeys(quote.span.doc_id for quote in quotes)
    return {doc_id: i % TONES + 1 for i, doc_id in enumerate(ids)}


def short_attributes(short: Span | None) -> str:
    """Return the attributes that say where a short answer is in its document."""
    return f' data-short-start="{short.start}" data-short-end="{short.end}"' if short else ""


def _link(
    quote: Quote, tone: int, short: ShortAnswer | None = None, highlight: Highlight | None = None
) -> str:
    """Return a link to the place of ``quote``, with the data that a visitor sees on pointing at it. It says
    where a ``short`` answer is, if it is in this quote, or a ``highlight`` of it.
    """
    source = ", ".join(quote.source)
    span = quote.span
    part = highlight or short
    within = short_attributes(part.span) if part and part.quote == quote.number else ""
    return (
        f'<a class="cite tone-{tone}" href="{quote_address(span, quote.text)}"'
        f' data-document="{escape(span.doc_id)}" data-start="{span.start}" data-end="{span.end}"'
        f' data-number="{quote.number}" data-tone="{tone}"'
        f' data-source="{escape(source)}" data-quote="{escape(quote.text)}"{within}'
        f' aria-label="Quote {quote.number}: {escape(source)}">[{quote.number}]</a>'
    )


def _actions_html(acts: Iterable[tuple[str, str]], plain: str, markdown: str) -> str:
    """Return the buttons of an exchange, and the two forms in which it can be copied."""
    buttons = "".join(
        f'<button type="button" class="act" data-act="{act}">{label}</button>' for act, label in acts
    )
    return (
        f'<div class="actions">{buttons}<pre hidden data-form="copy">{escape(plain)}</pre>'
        f'<pre hidden data-form="copy-markdown">{escape(markdown)}</pre></div>'
    )
