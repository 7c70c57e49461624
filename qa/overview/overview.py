"""Make the overview of documents: main sentences, names, dates and figures, each with the quote that has it.

Nothing is composed, and what is uncertain is left out. Pure.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from qa.nlp.headings import states_nothing
from qa.nlp.sentences import sentences
from qa.overview.dates import find_dates
from qa.overview.figures import find_figures
from qa.overview.main_sentences import CentralSentences, central_sentences, select_main_sentences
from qa.overview.names import find_names
from qa.retrieval.evidence import number_quotes
from qa.schema import Document, Highlight, Highlights, Overview, Rarity, SearchedDocuments, Span

CHARACTERS = 4_000_000
"""Characters that are read for one overview, shared evenly between its documents: a report of 300 pages is
read as a whole, in two seconds (docs/overview.md)."""

MOST_DOCUMENTS = 1_000
"""Documents that are looked at. Of more, as many are taken at even steps of their order."""

NAMES, DATES, FIGURES = 10, 10, 8
"""The number of each that is shown: with the main sentences, a page."""

_TRIED = 5
"""Places of a name, date or figure of a document among which the most telling sentence is sought."""

_AROUND_CHARACTERS = 100
"""Characters on both sides of a place that tell how central it is: about a sentence."""

_SENTENCE_CHARACTERS = 400
"""The longest sentence that is shown for a name, date or figure: a few lines."""


@dataclass(slots=True)
class _Topic:
    """A name, date or figure with its places in all documents."""

    mentions: int = 0
    documents: int = 0
    places: list[tuple[float, Span]] = field(default_factory=list)
    """Some of its places, each with how central it is in its document."""

    @property
    def weight(self) -> float:
        """Its share of the topics of the documents."""
        return self.mentions * max(weight for weight, _ in self.places)


_Group = dict[Hashable, _Topic]


def make_overview(ids: Sequence[str], documents: Mapping[str, Document], rarity: Rarity) -> Overview:
    """Return the overview of the documents ``ids``, in their order. Its time is bounded: of long or many
    documents only a part is read, and the overview says so.
    """
    step = max(1.0, len(ids) / MOST_DOCUMENTS)
    chosen = [ids[int(i * step)] for i in range(min(len(ids), MOST_DOCUMENTS))]
    share = CHARACTERS // max(1, len(chosen))
    central: list[CentralSentences] = []
    names: _Group = defaultdict(_Topic)
    dates: _Group = defaultdict(_Topic)
    figures: _Group = defaultdict(_Topic)
    whole = len(chosen) == len(ids)
    for doc_id in chosen:
        document = documents[doc_id]
        whole = whole and len(document.text) <= share
        text = document.text[:share]
        found = central_sentences(document, rarity, share)
        central.append(found)
        for thing in find_names(text, document.language):
            _add(names, {thing.name: thing.places}, document, found)
        by_date: dict[Hashable, list[tuple[int, int]]] = defaultdict(list)
        for date in find_dates(text):
            by_date[date.iso].append((date.start, date.end))
        _add(dates, by_date, document, found)
        by_figure: dict[Hashable, list[tuple[int, int]]] = defaultdict(list)
        for figure in find_figures(text, document.language):
            by_figure[" ".join(text[figure.start : figure.end].lower().split())].append(
                (figure.start, figure.end)
            )
        _add(figures, by_figure, document, found)
    main = select_main_sentences(central, rarity)
    shown = _Selection(documents, main)
    order = {doc_id: number for number, doc_id in enumerate(chosen)}
    highlights = Highlights(
        names=tuple(shown.take(names, NAMES, lambda each: (each.documents, each.mentions))),
        dates=tuple(
            sorted(
                shown.take(dates, DATES, lambda each: (each.weight,), dated=True), key=lambda each: each.date
            )
        ),
        figures=tuple(
            sorted(
                shown.take(figures, FIGURES, lambda each: (each.weight,)),
                key=lambda each: (order[each.span.doc_id], each.span.start),
            )
        ),
    )
    quotes = number_quotes(shown.spans, documents)
    return Overview(quotes, len(main), highlights, SearchedDocuments(len(chosen), len(ids)), whole)


def _add(
    group: _Group,
    places: Mapping[Hashable, Sequence[tuple[int, int]]],
    document: Document,
    central: CentralSentences,
) -> None:
    for key, each in places.items():
        found = group[key]
        found.mentions += len(each)
        found.documents += 1
        whole = [(start, end) for start, end in each if document.text[start:end] == key]
        for start, end in (whole or each)[:_TRIED]:
            around = document.text[max(0, start - _AROUND_CHARACTERS) : end + _AROUND_CHARACTERS]
            found.places.append((central.weigh(around, document.language), Span(document.id, start, end)))


class _Selection:
    """The quotes of an overview: its main sentences, and one sentence for each highlight."""

    def __init__(self, documents: Mapping[str, Document], main: Iterable[Span]) -> None:
        """Begin with the ``main`` sentences."""
        self._documents = documents
        self.spans = list(main)

    def take(
        self, group: _Group, count: int, rank: Callable[[_Topic], tuple[float, ...]], *, dated: bool = False
    ) -> list[Highlight]:
        """Return the ``count`` best of ``group`` by ``rank`` for which there is a sentence to show."""
        taken: list[Highlight] = []
        for key, found in sorted(group.items(), key=lambda pair: rank(pair[1]), reverse=True):
            if len(taken) == count:
                break
            if highlight := self._highlight(found):
                taken.append(replace(highlight, date=str(key)) if dated else highlight)
        return taken

    def _highlight(self, found: _Topic) -> Highlight | None:
        for _, span in sorted(found.places, key=lambda place: -place[0])[:_TRIED]:
            number = self._number_of_sentence(span)
            if number:
                text = span.cut(self._documents)
                return Highlight(text, number, span, found.mentions, found.documents)
        return None

    def _number_of_sentence(self, span: Span) -> int:
        """Return the number of the quote around ``span``, which is added if need be; 0 if there is no
        sentence to quote.
        """
        for number, chosen in enumerate(self.spans, start=1):
            if chosen.contains(span):
                return number
        sentence = sentence_around(span, self._documents[span.doc_id])
        if sentence is None:
            return 0
        self.spans.append(sentence)
        return len(self.spans)


def sentence_around(span: Span, document: Document) -> Span | None:
    """Return the sentence of ``document`` that holds ``span``; None where that is a heading, or too long."""
    begin = max(document.text.rfind("\n\n", 0, span.start), span.start - 2 * _SENTENCE_CHARACTERS, 0)
    stop = document.text.find("\n\n", span.end)
    stop = min(stop if stop >= 0 else len(document.text), span.end + 2 * _SENTENCE_CHARACTERS)
    cut = begin and not document.text.startswith("\n\n", begin)
    for start, end in sentences(document.text[begin:stop], document.language):
        found = Span(document.id, begin + start, begin + end)
        if found.contains(span):
            too_long = end - start > _SENTENCE_CHARACTERS or (cut and start == 0)
            return None if too_long or states_nothing(found, document) else found
    return None
