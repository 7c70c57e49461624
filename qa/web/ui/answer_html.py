"""Answers, quotes and documents as HTML. Pure; whatever documents and models say is escaped.

Every function that returns HTML returns whole elements, and only text that this module escaped itself
stands between its tags. Parameters that are already HTML are called ``html``.
"""

import base64
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import escape

from qa.export.markdown import answer_markdown
from qa.export.text import UNANSWERED, chance_text, rejected_text
from qa.schema import CHANGED, Answer, Document, Draft, Evidence, QueuePosition, Quote, RejectedSentence, Span

TONES = 6
"""Colours there are for the documents of one answer; the seventh document has the first one's again."""

BLOCK_CHARS = 4_000
"""About how much text of a document is one block of the page: a browser lays out the blocks in sight only."""

_AGAIN = (("copy", "Copy"), ("copy-markdown", "Copy as Markdown"), ("edit", "Edit"), ("retry", "Ask again"))
_VERDICTS = (("up", "Good"), ("down", "Bad"))

_LINES = re.compile(r"[^\n]*\n|[^\n]+")

HINT = '<p class="note">The passages an answer rests on appear here, and the documents they are from.</p>'
"""What the sources show before there are any."""


@dataclass(frozen=True, slots=True)
class Frame:
    """What to show at one moment of answering, as HTML."""

    reply: str
    sources: str = HINT
    answer: Answer | None = None
    """The answer, in the last frame."""


def answer_html(answer: Answer) -> str:
    """An answer with a link after each sentence for every quote it rests on, or an abstention as such."""
    if not answer.answered:
        return f'<div class="answer">{_note(answer)}{_abstention(answer)}{_left_out(answer.cut)}</div>'
    return (
        f'<div class="answer">{_resolved(answer)}{_note(answer)}{_sentences(answer)}'
        f"{_refused(answer.refused)}{_left_out(answer.cut)}</div>"
    )


def header_html(documents: int) -> str:
    """What Attest is, in one line, over how many documents."""
    these = "one document" if documents == 1 else f"{documents:,} documents"
    return (
        f"<h1>Attest</h1><p>Answers from your {these}, each sentence tied to words quoted from them. "
        "Where they do not say, it says so.</p>"
    )


def exchange_html(number: int, question: str, html: str, *, state: str = "", actions: str = "") -> str:
    """A question, the ``number``-th of its conversation (from 1), and, as ``html``, what came of it.

    ``state``, one sentence for who cannot see the page; without one, more is to come.
    """
    return (
        f'<section class="exchange" aria-busy="{str(not state).lower()}" data-number="{number}"'
        f' data-state="{escape(state)}"><h2 class="question" dir="auto">{escape(question)}</h2>'
        f'<div class="reply">{html}</div>{actions}</section>'
    )


def finished_html(number: int, answer: Answer, plain: str, *, verdicts: bool = False) -> str:
    """An answer under its question, with what a reader can do with it; ``plain`` is its text to copy.

    With ``verdicts`` the reader can say whether it is good.
    """
    if answer.answered:
        count = len(answer.quotes)
        state = f"Answered, with {count} quote{'s' if count > 1 else ''}."
    else:
        state = f"No answer: {answer.reason}."
    acts = (*_AGAIN, *(_VERDICTS if verdicts else ()), ("keep", "Keep as a test"))
    actions = _actions(acts, plain, answer_markdown(answer))
    return exchange_html(number, answer.question, answer_html(answer), state=state, actions=actions)


def unanswered_html(number: int, question: str, why: str) -> str:
    """A question that got neither an answer nor an abstention, and the reason."""
    return exchange_html(number, question, note_html(why), state=why, actions=_actions(_AGAIN, why, why))


def frames(events: Iterable[QueuePosition | Evidence | Draft | Answer]) -> Iterator[Frame]:
    """What to show after each of a pipeline's ``events``, and before the first."""
    yield Frame(note_html("Looking through the documents …"))
    sources, draft = HINT, ""
    for event in events:
        if isinstance(event, Evidence):
            sources = quotes_html(event.quotes, "Found, being read")
            draft += "\n" if draft else ""  # the next part of a question in parts
            yield Frame(draft_html(draft) if draft else note_html("Reading what was found …"), sources)
        elif isinstance(event, QueuePosition):
            yield Frame(waiting_html(event), sources)
        elif isinstance(event, Draft):
            draft += event.text
            yield Frame(draft_html(draft), sources)
        else:
            yield Frame(answer_html(event), sources_html(event), event)


def waiting_html(waiting: QueuePosition) -> str:
    """The question's place in the queue."""
    others = "One question is" if waiting.ahead == 1 else f"{waiting.ahead:,} questions are"
    return note_html(f"{others} before yours. What was found is beside this already.")


def draft_html(text: str) -> str:
    """What the model has written so far, marked as unchecked."""
    return (
        '<div class="draft"><p class="label">Draft, not checked yet</p>'
        f'<p class="words" dir="auto">{escape(text)}</p></div>'
    )


def note_html(text: str) -> str:
    """A sentence from Attest itself: what it is doing, or what went wrong."""
    return f'<p class="note">{escape(text)}</p>'


def quotes_html(quotes: Sequence[Quote], heading: str = "Quotes") -> str:
    """A card for each quote: its number, where it is from, and its words, verbatim."""
    tones = _tones(quotes)
    cards = "".join(_card(quote, tones[quote.span.doc_id]) for quote in quotes)
    return f'<section class="quotes"><h2 class="label">{escape(heading)}</h2>{cards}</section>'


def sources_html(answer: Answer) -> str:
    """The quotes that an answer rests on; for an abstention the nearest passages, called that."""
    if answer.answered:
        return quotes_html(answer.quotes, "Quoted in the answer")
    return quotes_html(answer.nearest, "Nearest passages, not an answer") if answer.nearest else ""


def document_html(
    document: Document, spans: Sequence[Span] = (), tone: int = 1, *, pictured: bool = False, html: str = ""
) -> str:
    """A whole document in which ``spans`` are marked, character for character, in the colour ``tone``.

    ``html`` stands before its text. Where it can be ``pictured``, there is a button for the page of the first
    span.

    Spans that overlap share one mark. Marks are numbered from 1 in the order of the text, as
    ``mark-1``, ``mark-2`` …; spans of other documents, and empty ones, are passed over. The text of the
    element ``text`` is the document's, unchanged.
    """
    known = (document.date, document.author, document.publisher, document.place)
    about = "".join(f'<span dir="auto">{escape(part)}</span>' for part in known if part)
    steps = "".join(
        f'<button type="button" class="step" data-step="{step}" aria-label="{label}">{sign}</button>'
        for step, label, sign in ((-1, "Previous quote", "↑"), (1, "Next quote", "↓"))
    )
    page = '<button type="button" class="page">Page as a picture</button>' if pictured else ""
    at = "".join(f' data-start="{span.start}" data-end="{span.end}" data-tone="{tone}"' for span in spans[:1])
    return (
        f'<article class="document tone-{tone}" data-document="{escape(document.id)}"{at}>'
        f'<nav><button type="button" class="close">Back to the quotes</button>{steps}{page}</nav>'
        f'<header><h2 dir="auto">{escape(document.title)}</h2>'
        f'<p class="about">{about}<span class="path" dir="auto">{escape(document.id)}</span></p></header>'
        f"{html}"
        f'<div class="text" dir="auto">{"".join(_blocks(document, list(_merged(document, spans))))}</div>'
        "</article>"
    )


def picture_html(png: bytes, label: str, *, boxed: bool) -> str:
    """A page as a picture; ``label`` says which."""
    said = f"{label}, the quote in a box" if boxed else f"{label}; the quote is not found as such on it"
    data = base64.b64encode(png).decode()
    return (
        f'<figure class="picture" tabindex="-1"><img src="data:image/png;base64,{data}" alt="{escape(said)}">'
        f"<figcaption>{escape(said)}</figcaption></figure>"
    )


def _blocks(document: Document, marks: Sequence[tuple[int, int]]) -> Iterator[str]:
    """The text in blocks of whole lines; a mark is never divided between two."""
    numbered = list(enumerate(marks, start=1))
    begin = end = 0
    for line in _LINES.finditer(document.text):
        end = line.end()
        inside = any(start < end < stop for start, stop in marks)
        if end - begin >= BLOCK_CHARS and not inside:
            yield _block(document.text, begin, end, numbered)
            begin = end
    if begin < end:
        yield _block(document.text, begin, end, numbered)


def _block(text: str, begin: int, end: int, marks: Sequence[tuple[int, tuple[int, int]]]) -> str:
    pieces: list[str] = []
    position = begin
    for number, (start, stop) in marks:
        if begin <= start < end:
            pieces.append(escape(text[position:start]))
            pieces.append(f'<mark id="mark-{number}" tabindex="-1">{escape(text[start:stop])}</mark>')
            position = stop
    return f'<div class="block">{"".join(pieces)}{escape(text[position:end])}</div>'


def _resolved(answer: Answer) -> str:
    if not answer.follows_up:
        return ""
    return f'<p class="resolved">Understood as: <q dir="auto">{escape(answer.resolved)}</q></p>'


def _sentences(answer: Answer) -> str:
    quotes = {quote.number: quote for quote in answer.quotes}
    tones = _tones(answer.quotes)
    said = (
        f'<span dir="auto">{escape(sentence.text)}</span>'
        + "".join(
            f"\N{NO-BREAK SPACE}{_link(quotes[n], tones[quotes[n].span.doc_id])}" for n in sentence.cites
        )
        for sentence in answer.sentences
    )
    return f'<p class="words">{" ".join(said)}</p>'


def _note(answer: Answer) -> str:
    return f'<p class="note">{escape(answer.note)}.</p>' if answer.note else ""


def _refused(parts: Iterable[str]) -> str:
    return "".join(f'<p class="refused">{UNANSWERED}: <q dir="auto">{escape(part)}</q></p>' for part in parts)


def _abstention(answer: Answer) -> str:
    percent = f"{answer.p_answerable:.0%}"
    tones = _tones(answer.nearest)
    nearest = "".join(
        f'<li>{_link(quote, tones[quote.span.doc_id])} <span dir="auto">{escape(quote.text)}</span></li>'
        for quote in answer.nearest
    )
    passages = f'<p class="label">Nearest passages, not an answer</p><ul>{nearest}</ul>' if nearest else ""
    return (
        f'<div class="abstention"><p class="words"><strong>No answer:</strong> {escape(answer.reason)}.</p>'
        f'<p class="looked">Looked for: <q dir="auto">{escape(answer.resolved)}</q></p>'
        f'<div class="meter" role="img" aria-label="{percent}"><span style="width:{percent}"></span>'
        f'<i style="left:{answer.threshold:.0%}"></i></div>'
        f'<p class="chance">{chance_text(answer)}</p>{passages}</div>'
    )


def _left_out(cuts: Sequence[RejectedSentence]) -> str:
    if not cuts:
        return ""
    items = "".join(
        f'<li><q dir="auto">{escape(cut.text)}</q> <span>{escape(cut.reason)}</span></li>' for cut in cuts
    )
    return f'<details class="cut"><summary>{rejected_text(cuts)}</summary><ul>{items}</ul></details>'


def _card(quote: Quote, tone: int) -> str:
    date = f'<span class="date">{escape(quote.date)}</span>' if quote.date else ""
    place = f'<span class="place" dir="auto">{escape(quote.place)}</span>' if quote.place else ""
    changed = f'<span class="changed">{CHANGED}</span>' if quote.changed else ""
    return (
        f'<article class="card tone-{tone}"><header>{_link(quote, tone)} <span class="title" dir="auto">'
        f"{escape(quote.title)}</span>{place}{date}{changed}</header>"
        f'<blockquote dir="auto">{escape(quote.text)}</blockquote></article>'
    )


def _tones(quotes: Iterable[Quote]) -> dict[str, int]:
    """A colour, from 1 to ``TONES``, for each document in the order in which it is quoted."""
    ids = dict.fromkeys(quote.span.doc_id for quote in quotes)
    return {doc_id: i % TONES + 1 for i, doc_id in enumerate(ids)}


def _link(quote: Quote, tone: int) -> str:
    """A link to the place that ``quote`` was cut from, with what a reader sees on pointing at it."""
    source = ", ".join(quote.source)
    span = quote.span
    return (
        f'<a class="cite tone-{tone}" href="#sources" data-document="{escape(span.doc_id)}"'
        f' data-start="{span.start}" data-end="{span.end}" data-number="{quote.number}" data-tone="{tone}"'
        f' data-source="{escape(source)}" data-quote="{escape(quote.text)}"'
        f' aria-label="Quote {quote.number}: {escape(source)}">[{quote.number}]</a>'
    )


def _actions(acts: Iterable[tuple[str, str]], plain: str, markdown: str) -> str:
    """What a reader can do with an exchange, and the two forms in which it can be copied."""
    buttons = "".join(
        f'<button type="button" class="act" data-act="{act}">{label}</button>' for act, label in acts
    )
    return (
        f'<div class="actions">{buttons}<pre hidden data-form="copy">{escape(plain)}</pre>'
        f'<pre hidden data-form="copy-markdown">{escape(markdown)}</pre></div>'
    )


def _merged(document: Document, spans: Iterable[Span]) -> Iterator[tuple[int, int]]:
    """``[start, end)`` of the runs that ``spans`` cover, in order, disjoint and not empty."""
    covered = sorted(
        (max(span.start, 0), min(span.end, len(document.text)))
        for span in spans
        if span.doc_id == document.id
    )
    run: tuple[int, int] | None = None
    for start, end in covered:
        if start >= end:
            continue
        if run and start < run[1]:
            run = (run[0], max(run[1], end))
            continue
        if run:
            yield run
        run = (start, end)
    if run:
        yield run
