"""Quotes as HTML: cards, links and lists. Pure; everything that documents and models say is escaped."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from html import escape

from qa.export.text import passages_heading, short_spans, split_at_spans
from qa.nlp.tables import find_tables
from qa.schema import CHANGED, Answer, Document, Highlight, Quote, ShortAnswer, Span
from qa.web.addresses import quote_address
from qa.web.ui.table_html import text_html

TONES = 6
"""Colours for the documents of one answer. The seventh document has the colour of the first again."""

HINT = '<p class="note">Ask a question, and the passages behind the answer appear here.</p>'
"""Shown in place of the sources until there are any."""

CONTEXT_CHARS = 2_000
"""Characters before and after a quote by which rows of a table are told: some twenty rows."""

NO_DOCUMENTS: Mapping[str, Document] = {}

NEAREST = "Nearest passages, not an answer"
_ALSO_FOUND = "Also found, not quoted in the answer"


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
    tones = tones or document_tones(quotes)
    cards = "".join(_card(quote, tones[quote.span.doc_id], short, documents) for quote in quotes)
    return f'<section class="quotes"><h2 class="label">{escape(heading)}</h2>{cards}</section>'


def sources_html(
    answer: Answer, found: Sequence[Quote] = (), documents: Mapping[str, Document] = NO_DOCUMENTS
) -> str:
    """Return the quotes of an answer, with what was ``found`` besides below them; of a refusal the nearest
    passages, marked as such.
    """
    shown = answer.quotes if answer.answered else answer.nearest
    rest = _uncited(shown, found) if answer.answered else []
    tones = document_tones((*shown, *rest))
    if answer.passages_only and answer.answered:
        html = quotes_html(shown, passages_heading(answer).rstrip(":"), tones=tones, documents=documents)
    elif answer.answered:
        html = quotes_html(shown, "Quoted in the answer", answer.short, tones, documents)
    else:
        html = quotes_html(shown, NEAREST, tones=tones, documents=documents) if shown else ""
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


def highlight(text: str, spans: Sequence[tuple[int, int]]) -> str:
    """Return ``text``, escaped, with the words of a short answer highlighted at ``spans``."""
    return "".join(
        f'<strong class="short-words">{escape(piece)}</strong>' if within else escape(piece)
        for piece, within in split_at_spans(text, spans)
    )


def quote_list(quotes: Sequence[Quote]) -> str:
    """Return quotes as a list, each with its link and its words."""
    tones = document_tones(quotes)
    items = "".join(
        f'<li>{quote_link(quote, tones[quote.span.doc_id])} <span dir="auto"{lang_attribute(quote.language)}>'
        f"{escape(quote.text)}</span></li>"
        for quote in quotes
    )
    return f"<ul>{items}</ul>"


def _card(quote: Quote, tone: int, short: ShortAnswer | None, documents: Mapping[str, Document]) -> str:
    origin = f' title="{escape(f"from {quote.date_source}")}"' if quote.date_source else ""
    date = f'<span class="date"{origin}>{escape(quote.date)}</span>' if quote.date else ""
    place = f'<span class="place" dir="auto">{escape(quote.place)}</span>' if quote.place else ""
    changed = f'<span class="changed">{CHANGED}</span>' if quote.changed else ""
    return (
        f'<article class="card tone-{tone}"><header>{quote_link(quote, tone, short)} '
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


def document_tones(quotes: Iterable[Quote]) -> dict[str, int]:
    """Return a colour, 1 to ``TONES``, for each document, in the order in which they are quoted."""
    ids = dict.fromkeys(quote.span.doc_id for quote in quotes)
    return {doc_id: i % TONES + 1 for i, doc_id in enumerate(ids)}


def short_attributes(short: Span | None) -> str:
    """Return the attributes that say where a short answer is in its document."""
    return f' data-short-start="{short.start}" data-short-end="{short.end}"' if short else ""


def quote_link(
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
