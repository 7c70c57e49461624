"""Find the date that a text states as its own, with the words that state it. Pure.

Many dates stand in a text, and few are its own: one after a word such as "Published", one that has a line
to itself at the beginning, the place and date before the first words of a news report, the end of the period
that a report is about, or the stamp of a preprint. A text without any of these has no date.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from qa.nlp.written_dates import WrittenDate, date_at, dates_in

HEAD_CHARS = 2_500
"""The first part of a text, where it states its date: about a page. Set by hand."""

TOP_CHARS = 1_000
"""The beginning of a text, above its first paragraphs. Set by hand."""

_DATELINE_CHARS = 100
"""The beginning of a line of news, with its date: the names of a few places and a day. Set by hand."""

_WEEKDAYS = "(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?"

_OWN = re.compile(
    rf"""(?:^|(?<=[(|\n]))\W*(?:
        date(?:d)?
            (?:\ of\ (?:this\ )?(?:report|issue|publication|release|letter|memo(?:randum)?|filing|adoption))?
        |(?:publication|issue|issued|release|effective|report|filing|posting|approval|adoption|print)[ ]date
        |published|posted|issued|released|adopted|effective|approved|filed|submitted
        |datum|erschienen|veröffentlicht|ausgabe|stand|date\ de\ publication|publié
        |fecha(?:\ de\ publicación)?|publicado|data(?:\ di\ pubblicazione|\ de\ publicação)?|pubblicato
        |дата(?:\ публикации)?|опубликовано
        |발행일|작성일|날짜|日付|発行日|公開日|日期|发布日期|發布日期
    )(?:\ (?:online|first|on|at|by|as\ of|am|vom|le|el|il|em))*(?:\ \([^()\n]{{0,60}}\))?\s*[:：]?[ \t]*
    (?:(?:as\ of\ )?{_WEEKDAYS},?\ )?""",
    re.IGNORECASE | re.VERBOSE | re.MULTILINE,
)
"""The words at the beginning of a line before a text's own date."""

_CONTRACT = re.compile(
    r"\bthis\s+(?:\w+\s+){0,6}?(?:agreement|contract|lease|deed|amendment|memorandum|licen[cs]e|policy)\b"
    r"[^.\n]{0,120}?\b(?:dated|made|entered\s+into|effective)\b[^.\n]{0,40}?\b(?:as\s+of|on|this)\s+",
    re.IGNORECASE,
)
"""The preamble of a contract up to its date."""

_PERIOD = re.compile(
    r"\bfor\s+the\s+(?:\w+\s+){0,4}?(?:year|quarter|period|months|weeks|half)\s+(?:ended|ending)\s*:?\s+",
    re.IGNORECASE,
)
"""The words before the end of the period that a report is about."""

_EDITION = re.compile(
    r"\b(?:version|revision|release|edition|rev\.|ver\.)\s+v?\d[\w.]*\s*[,;(–—-]*\s*", re.IGNORECASE
)
"""The number of an edition, before its date."""

_PREPRINT = re.compile(r"\b(?:arXiv|bioRxiv|medRxiv)\s?:\s?\S+(?:\s+\[[\w.-]+\])?\s+")
"""The stamp of servers of preprints on a page, before the date."""

_CHANGED = re.compile(
    r"(?:^|\n)\W*(?:last\s+)?(?:updated|revised|modified|edited|changed)(?:\s+on)?\s*:?\s*", re.IGNORECASE
)

_PLACE = re.compile(r"(?:[A-Z][\w.'’-]*[ ,]*){1,5}")
"""A place before a date: capitalised words."""

_WEEKDAY = re.compile(rf"{_WEEKDAYS}\.?,?|(?:mon|diens|donners|frei|sams|sonn)tag,?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class StatedDate:
    """A date that a text states as its own."""

    iso: str
    words: str
    """The words that state it, cut from the text."""


def stated_date(text: str) -> StatedDate | None:
    """Return the date that ``text`` states as its own; None if it states none."""
    return next((found for rule in _RULES for found in rule(text)), None)


def _after(pattern: re.Pattern[str], chars: int) -> Callable[[str], Iterator[StatedDate]]:
    """Return the rule of dates that follow ``pattern`` in the first ``chars``."""

    def rule(text: str) -> Iterator[StatedDate]:
        for before in pattern.finditer(text, 0, chars):
            if date := date_at(text, before.end()):
                yield _stated(text, before.start(), date.end, date)

    return rule


def _lines(text: str) -> Iterator[StatedDate]:
    """Yield dates at the top that stand alone on their lines, with a place or a weekday at most."""
    start = 0
    for line in text[:TOP_CHARS].split("\n")[:-1] or [text[:TOP_CHARS]]:
        for date in dates_in(line):
            before, after = line[: date.start].strip(" ,|("), line[date.end :].strip(" .,|)")
            if not after and (
                not before or _WEEKDAY.fullmatch(before) or (_PLACE.fullmatch(before) and "," in line)
            ):
                yield _stated(text, start, start + date.end, date)
        start += len(line) + 1


def _datelines(text: str) -> Iterator[StatedDate]:
    """Yield the dates before the first words of news: ``BAKU, 3 May 2019 –``, ``Baku (May 3, 2019) –``."""
    start = 0
    for line in text[:HEAD_CHARS].split("\n"):
        for date in dates_in(line[:_DATELINE_CHARS]):
            before, after = line[: date.start].rstrip(" ,(/"), line[date.end :].lstrip(" )/")
            if _PLACE.fullmatch(before) and after[:1] in {"–", "—", "-", ":"}:
                yield _stated(text, start, start + date.end, date)
        start += len(line) + 1


def _stated(text: str, start: int, end: int, date: WrittenDate) -> StatedDate:
    words = " ".join(text[start:end].split()).lstrip("|(*#>-–—• ")
    return StatedDate(date.iso, words)


_RULES = (
    _after(_OWN, HEAD_CHARS),
    _after(_CONTRACT, HEAD_CHARS),
    _lines,
    _after(_EDITION, TOP_CHARS),
    _datelines,
    _after(_PERIOD, HEAD_CHARS),
    _after(_PREPRINT, 4 * HEAD_CHARS),
    _after(_CHANGED, HEAD_CHARS),
)
"""The surest first."""
