"""The answers of a history as points on plots, where they are figures or dates. Pure."""

import datetime
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from qa.nlp.written_dates import dates_in
from qa.schema import Quote
from qa.tracking.compare import few_words, main_quote
from qa.tracking.values import KeptAnswer

WIDTH, HEIGHT = 640, 200
_MARGIN = 40
_LABEL = 75
"""About the width of a date in the type of the plot: the labels of nearer points would overlap."""

_FIGURE = re.compile(
    r"(?<![\w.,])([$€£¥]?)\s?([-−]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?)(?!\w)\s?(%|[^\W\d_]+)?"
)
"""A number with what it counts: its currency before it, or the word after it."""


@dataclass(frozen=True, slots=True)
class Point:
    """An answer on a plot."""

    x: float
    y: float
    value: str
    """The figure or date as it is shown."""
    date: str
    """Of the document, or else of the question."""
    kept: KeptAnswer
    quote: Quote
    labelled: bool = True
    """True if there is room for its value and date on the plot."""


@dataclass(frozen=True, slots=True)
class Plot:
    """A line through the answers over time, in an area of ``width`` by ``height``."""

    name: str
    """Figures, or dates."""
    points: tuple[Point, ...]
    width: int = WIDTH
    height: int = HEIGHT

    @property
    def line(self) -> str:
        """The points as SVG has them."""
        return " ".join(f"{each.x},{each.y}" for each in self.points)

    @property
    def text(self) -> str:
        """Its content, in words."""
        return "; ".join(f"{each.date}: {each.value}" for each in self.points)


@dataclass(frozen=True, slots=True)
class _Reading:
    """The one figure or date of an answer."""

    number: float
    shown: str
    unit: str
    kept: KeptAnswer
    quote: Quote

    @property
    def date(self) -> str:
        return self.quote.date or self.kept.asked[:10]


def plots(history: Sequence[KeptAnswer]) -> list[Plot]:
    """Return a plot of the answers in ``history`` that have one figure, and one of those that have one date,
    over the dates of their documents, or else over when they were asked; none with fewer than two points.
    Figures of another unit than most are left out: 24 months and 2 years are not on one scale.
    """
    figures: list[_Reading] = []
    dates: list[_Reading] = []
    for kept in history:
        quote = main_quote(kept.answer) if kept.answer.answered else None
        if quote:
            text = few_words(kept.answer)
            dates += _date(text, kept, quote)
            figures += _figure(text, kept, quote)
    units = Counter(each.unit for each in figures).most_common(1)
    figures = [each for each in figures if each.unit == units[0][0]]
    found = (("Figures", figures), ("Dates", dates))
    return [plot for name, readings in found if (plot := _plot(name, readings))]


def _date(text: str, kept: KeptAnswer, quote: Quote) -> list[_Reading]:
    """Return the one date in ``text``; nothing if there is none, or there are more."""
    found = [each.iso for each in dates_in(text)]
    return [_Reading(_day(found[0]), found[0], "", kept, quote)] if len(found) == 1 else []


def _figure(text: str, kept: KeptAnswer, quote: Quote) -> list[_Reading]:
    """Return the one figure in ``text`` beside its dates; nothing if there is none, or there are more."""
    for each in dates_in(text):
        text = text[: each.start] + " " * len(each) + text[each.end :]
    found = _FIGURE.findall(text)
    if len(found) != 1:
        return []
    currency, figure, counted = found[0]
    number = float(figure.replace(",", "").replace("−", "-"))
    unit = currency + counted.casefold().rstrip("s")
    return [_Reading(number, currency + figure + (counted if counted == "%" else ""), unit, kept, quote)]


def _plot(name: str, readings: Sequence[_Reading]) -> Plot | None:
    latest = {each.date: each for each in readings}  # of several answers of one day, the last
    found = [latest[date] for date in sorted(latest)]
    if len(found) < 2:
        return None
    days, numbers = [_day(each.date) for each in found], [each.number for each in found]
    points: list[Point] = []
    for each, day in zip(found, days, strict=True):
        x = _scale(day, days, _MARGIN, WIDTH - _MARGIN)
        y = _scale(each.number, numbers, HEIGHT - _MARGIN, _MARGIN)
        last = next((point.x for point in reversed(points) if point.labelled), -_LABEL)
        points.append(Point(x, y, each.shown, each.date, each.kept, each.quote, x - last >= _LABEL))
    return Plot(name, tuple(points))


def _day(date: str) -> float:
    """Return a day, the first of a month or of a year, as a number."""
    return datetime.date.fromisoformat(f"{date}-01-01"[:10] if len(date) != 7 else f"{date}-01").toordinal()


def _scale(value: float, values: Sequence[float], low: int, high: int) -> float:
    spread = max(values) - min(values) or 1.0
    return round(low + (value - min(values)) / spread * (high - low), 1)
