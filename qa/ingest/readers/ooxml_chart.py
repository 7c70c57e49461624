"""Charts of Office documents: their titles, and the numbers that were drawn, as the rows of a table."""

import datetime
import re
from collections.abc import Iterator
from typing import Final

from lxml import etree

from qa.ingest.readers.chart_lines import chart_lines
from qa.ingest.readers.number_format import DIGITS
from qa.ingest.readers.ooxml import tag

_MOST_POINTS: Final = 100_000
"""The points of a series that are read: no chart shows more than its sheet has rows, and a damaged file may
name a point with a number of a billion."""

_LITERAL: Final = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.')
"""Parts of the form of a number that are shown as they stand, and its colour."""

_DATE: Final = re.compile(r"[dmyhs]", re.IGNORECASE)
_FIRST_DAYS: Final = {False: datetime.datetime(1899, 12, 30), True: datetime.datetime(1904, 1, 1)}
"""The days from which Excel counts; the second one in files that began on a Macintosh."""


def chart_text(chart: etree._Element) -> str:
    """Return the title of a chart and a line for each of its points."""
    lines = [_title(chart)]
    for rows in _rows(chart):
        lines += chart_lines(rows[0], rows[1:])
    return "\n".join(filter(None, lines))


def _title(chart: etree._Element) -> str:
    """Return the title of a chart, empty if it has none."""
    for path in (f"{tag('c:chart')}/{tag('c:title')}", f"{tag('cx:chart')}/{tag('cx:title')}"):
        title = chart.find(path)
        if title is not None:
            return _words(title)
    return ""


def _rows(chart: etree._Element) -> Iterator[list[list[str]]]:
    """Yield a table for each group of series with the same categories: a row of names, then the rows of their
    points.
    """
    groups: dict[tuple[tuple[int, str], ...], list[etree._Element]] = {}
    for series in chart.iter(tag("c:ser")):
        points = _points(series, "c:cat", "c:xVal")
        groups.setdefault(tuple(sorted(points.items())), []).append(series)
    axis = _axis_title(chart)
    for shared, members in groups.items():
        yield _table(axis, dict(shared), members)
    yield from _extended_rows(chart)


def _table(axis: str, categories: dict[int, str], members: list[etree._Element]) -> list[list[str]]:
    names = [" ".join(_points(each, "c:tx").values()) or _words(each.find(tag("c:tx"))) for each in members]
    values = [_points(each, "c:val", "c:yVal") for each in members]
    sizes = [_points(each, "c:bubbleSize") for each in members]
    rows = [[axis, *names]]
    for index in sorted({*categories, *(index for each in values for index in each)}):
        shown = [
            f"{value.get(index, '')} (size {size[index]})" if index in size else value.get(index, "")
            for value, size in zip(values, sizes, strict=True)
        ]
        rows.append([categories.get(index, ""), *shown])
    return rows


def _axis_title(chart: etree._Element) -> str:
    """Return the title of the axis of categories."""
    for axis in chart.iter(tag("c:catAx"), tag("c:dateAx"), tag("c:valAx")):
        return _words(axis.find(tag("c:title")))
    return ""


def _points(series: etree._Element, *names: str) -> dict[int, str]:
    """Return the points of the first of some parts of a series, as they are shown.

    Categories of several levels are joined, the outermost first: ``2019, Q1``.
    """
    part = next((found for name in names if (found := series.find(tag(name))) is not None), None)
    if part is None:
        return {}
    levels = [_level(each) for each in part.iter(tag("c:lvl"))]
    if not levels:
        return _level(part)
    shown: dict[int, str] = {}
    for index in sorted(levels[0]):
        outer = [_last_before(level, index) for level in reversed(levels[1:])]
        shown[index] = ", ".join(filter(None, [*outer, levels[0][index]]))
    return shown


def _last_before(level: dict[int, str], index: int) -> str:
    """Return the group that a point belongs to: it is written at the first of its points."""
    return level[max(begin)] if (begin := [each for each in level if each <= index]) else ""


def _level(part: etree._Element) -> dict[int, str]:
    form, first_day = part.findtext(f".//{tag('c:formatCode')}") or "", _first_day(part)
    points: dict[int, str] = {}
    for point in part.iter(tag("c:pt")):
        index, value = point.get("idx", ""), point.findtext(tag("c:v"))
        if value and index.isdecimal() and int(index) < _MOST_POINTS:
            points[int(index)] = _shown(value, point.get("formatCode") or form, first_day)
    return points


def _first_day(part: etree._Element) -> datetime.datetime:
    """Return the day from which the dates of a chart are counted."""
    old = part.getroottree().getroot().find(tag("c:date1904"))
    return _FIRST_DAYS[old is not None and old.get("val", "1") in {"1", "true"}]


def _shown(value: str, form: str, first_day: datetime.datetime) -> str:
    """Return a stored number as the chart shows it: dates are stored as days, shares as fractions."""
    try:
        number = float(value)
    except ValueError:
        return " ".join(value.split())
    if _DATE.search(_LITERAL.sub("", form.replace("General", ""))):
        try:
            return str(first_day + datetime.timedelta(number)).removesuffix(" 00:00:00")
        except (OverflowError, ValueError):
            return value
    return f"{number * 100:.{DIGITS}g} %" if "%" in form else f"{number:.{DIGITS}g}"


def _extended_rows(chart: etree._Element) -> Iterator[list[list[str]]]:
    """Yield the tables of the newer kinds of charts: waterfalls, funnels, maps."""
    titles = iter([_words(each.find(tag("cx:tx"))) for each in chart.iter(tag("cx:series"))])
    for data in chart.iter(tag("cx:data")):
        columns = [
            {int(point.get("idx", "0")): " ".join((point.text or "").split()) for point in level}
            for level in data.iter(tag("cx:lvl"))
            if all(point.get("idx", "0").isdecimal() for point in level)
        ]
        rows = sorted({index for column in columns for index in column if index < _MOST_POINTS})
        if columns:
            names = [*[""] * (len(columns) - 1), next(titles, "")]
            yield [names, *[[column.get(index, "") for column in columns] for index in rows]]


def _words(element: etree._Element | None) -> str:
    if element is None:
        return ""
    texts = element.iter(tag("a:t"), tag("c:v"), tag("cx:v"))
    return " ".join("".join(f"{each.text or ''}" for each in texts).split())
