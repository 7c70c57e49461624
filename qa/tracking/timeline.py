"""The answers of a history as points on a plot, where they are figures. Pure."""

import datetime
import re
from collections.abc import Sequence
from dataclasses import dataclass

from qa.tracking.compare import few_words, main_quote
from qa.tracking.values import KeptAnswer

WIDTH, HEIGHT = 640, 200
_MARGIN = 40

_FIGURE = re.compile(r"(?<![\w.,])[-−]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?!\w)")


@dataclass(frozen=True, slots=True)
class Point:
    """An answer on the plot."""

    x: float
    y: float
    value: str
    date: str


@dataclass(frozen=True, slots=True)
class Plot:
    """A line through the answers over time, in an area of ``width`` by ``height``."""

    points: tuple[Point, ...]
    label: str
    width: int = WIDTH
    height: int = HEIGHT

    @property
    def line(self) -> str:
        """The points as SVG has them."""
        return " ".join(f"{each.x},{each.y}" for each in self.points)


def plot(history: Sequence[KeptAnswer]) -> Plot | None:
    """Return the plot of the answers in ``history`` that are figures, over the dates of their documents, or
    else over when they were asked; None with fewer than two. An answer is a figure if its few words have
    exactly one number.
    """
    found: dict[str, tuple[float, str]] = {}
    for kept in history:
        figures = _FIGURE.findall(few_words(kept.answer)) if kept.answer.answered else []
        if len(figures) == 1:
            quote = main_quote(kept.answer)
            date = (quote.date if quote else None) or kept.asked[:10]
            found[date] = (float(figures[0].replace(",", "").replace("−", "-")), figures[0])
    if len(found) < 2:
        return None
    dates = sorted(found)
    days, values = [_day(each) for each in dates], [found[each][0] for each in dates]
    points = tuple(
        Point(
            _scale(day, days, _MARGIN, WIDTH - _MARGIN),
            _scale(found[date][0], values, HEIGHT - _MARGIN, _MARGIN),
            found[date][1],
            date,
        )
        for date, day in zip(dates, days, strict=True)
    )
    return Plot(points, "; ".join(f"{each.date}: {each.value}" for each in points))


def _day(date: str) -> float:
    """Return a day, the first of a month or of a year, as a number."""
    return datetime.date.fromisoformat(f"{date}-01-01"[:10] if len(date) != 7 else f"{date}-01").toordinal()


def _scale(value: float, values: Sequence[float], low: int, high: int) -> float:
    spread = max(values) - min(values) or 1.0
    return round(low + (value - min(values)) / spread * (high - low), 1)
