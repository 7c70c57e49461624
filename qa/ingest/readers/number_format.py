"""Write the numbers and dates of a spreadsheet as its number formats show them (ECMA-376, part 1, 18.8.31).

What a format says of colours, widths and the names of months in other languages is left out. A number under a
format that is not known here is written as it was stored.
"""

import datetime
import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import lru_cache

Value = float | int | datetime.datetime | datetime.date | datetime.time | datetime.timedelta

DIGITS = 15
"""The significant digits that a spreadsheet keeps; more would show rounding errors of binary fractions."""

_MOST_DECIMALS = 30
"""As many as Excel allows."""

_TOKEN = re.compile(
    r"""(?P<text>"[^"]*"|\\.)|(?P<space>_.|\*.)|\[\$(?P<currency>[^\]-]*)(?:-[^\]]*)?\]
    |\[(?P<elapsed>h+|m+|s+)\]|(?P<hint>\[[^\]]*\])|(?P<half>AM/PM|A/P)|(?P<general>General)
    |(?P<date>y+|m+|d+|h+|s+(?:\.0+)?|e+|b+|g+)|(?P<digits>[0#?][0#?,.]*(?:E[+-][0#?]+)?|\.[0#?]+)|(?P<sign>.)""",
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
_LOCAL = {"mm-dd-yy": "yyyy-mm-dd", "m/d/yy h:mm": "yyyy-mm-dd hh:mm"}
"""The forms that Excel writes otherwise in each country, and what stands for them here."""

_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str


def shown_value(value: Value, form: str) -> str:
    """Return ``value`` as the number format ``form`` shows it."""
    if isinstance(value, float | int):
        return _number(value, form)
    return _date(value, form)


def _number(value: float, form: str) -> str:
    plain = f"{value:.{DIGITS}g}"
    sections = _sections(form)
    if any(token.kind == "hint" and token.text[1:2] in "<>=" for section in sections for token in section):
        return plain
    index = 1 if value < 0 and len(sections) > 1 else 2 if value == 0 and len(sections) > 2 else 0
    shown = _filled(sections[index], abs(value))
    if shown is None:
        return plain
    return f"-{shown}" if value < 0 and index == 0 and any(each in shown for each in "123456789") else shown


def _filled(section: tuple[_Token, ...], value: float) -> str | None:
    """Return a number that is not negative under one part of a format; None if the part is not known here."""
    kinds = [token.kind for token in section]
    if {"date", "elapsed", "half"} & set(kinds) or kinds.count("digits") + kinds.count("general") > 1:
        return None
    if any(token.kind == "sign" and token.text in "/?E@" for token in section):
        return None
    scaled = value * 100 ** sum(token.text == "%" and token.kind == "sign" for token in section)
    parts = []
    for token in section:
        if token.kind == "digits":
            digits = _digits(scaled, token.text)
            if digits is None:
                return None
            parts.append(digits)
        elif token.kind == "general":
            parts.append(f"{scaled:.{DIGITS}g}")
        elif token.kind in {"text", "currency", "sign"}:
            parts.append(token.text)
        elif token.kind == "space":
            parts.append(" ")
    return " ".join("".join(parts).split())


def _digits(value: float, form: str) -> str | None:
    if "E" in form.upper():
        places = len(form.upper().partition("E")[0].partition(".")[2])
        return f"{value:.{min(places, _MOST_DECIMALS)}E}"
    whole, _, decimals = form.rstrip(",").partition(".")
    decimals = decimals.replace(",", "")[:_MOST_DECIMALS]
    try:
        number = Decimal(f"{value:.{DIGITS}g}") / 1000 ** (len(form) - len(form.rstrip(",")))
        number = number.quantize(Decimal(1).scaleb(-len(decimals)), ROUND_HALF_UP)
    except InvalidOperation:
        return None
    before, _, after = f"{number:f}".partition(".")
    while after and len(after) <= len(decimals) and after[-1] == "0" and decimals[len(after) - 1] != "0":
        after = after[:-1]
    before = before.zfill(whole.count("0")) if before != "0" or "0" in whole else ""
    if "," in whole:
        before = re.sub(r"(?<=\d)(?=(?:\d{3})+$)", ",", before)
    return f"{before}.{after}" if after else before


def _date(value: datetime.datetime | datetime.date | datetime.time | datetime.timedelta, form: str) -> str:
    section = _sections(_LOCAL.get(form.lower(), form))[0]
    if isinstance(value, datetime.timedelta):
        return _elapsed(value, section)
    if not any(token.kind == "date" for token in section):
        return str(value).removesuffix(" 00:00:00")
    midnight = isinstance(value, datetime.datetime) and value.time() == datetime.time()
    day = any(token.kind == "date" and token.text[0].lower() in "ymd" for token in section)
    if midnight and day:
        hour = next((i for i, token in enumerate(section) if token.text[:1].lower() == "h"), len(section))
        section = section[:hour]
    return " ".join("".join(_part(value, section, index) for index in range(len(section))).split()).strip(
        " ,T"
    )


def _elapsed(value: datetime.timedelta, section: tuple[_Token, ...]) -> str:
    seconds = round(value.total_seconds())
    sign, seconds = ("-" if seconds < 0 else ""), abs(seconds)
    if any(token.kind == "elapsed" and token.text[0].lower() == "h" for token in section):
        shown = f"{seconds // 3600}:{seconds // 60 % 60:02}"
        return sign + shown + (f":{seconds % 60:02}" if any(t.text[:1] in "sS" for t in section) else "")
    return sign + str(abs(value))


def _part(
    value: datetime.datetime | datetime.date | datetime.time, section: tuple[_Token, ...], index: int
) -> str:
    token = section[index]
    if token.kind in {"text", "currency", "sign"}:
        return token.text
    if token.kind == "space":
        return " "
    if token.kind == "half":
        return "AM" if getattr(value, "hour", 0) < 12 else "PM"
    if token.kind != "date":
        return ""
    letter, size = token.text[0].lower(), len(token.text)
    if letter == "m" and _is_minute(section, index):
        letter = "n"
    if letter in "hns":
        return _of_time(value, letter, token.text, any(each.kind == "half" for each in section))
    return _of_day(value, letter, size) if isinstance(value, datetime.date) else ""


def _of_time(
    value: datetime.datetime | datetime.date | datetime.time, letter: str, form: str, half: bool
) -> str:
    hour, minute, second = (getattr(value, name, 0) for name in ("hour", "minute", "second"))
    number = {"h": (hour % 12 or 12) if half else hour, "n": minute, "s": second}[letter]
    width = len(form.partition(".")[0])
    return f"{number:0{min(width, 2)}}"


def _of_day(value: datetime.date, letter: str, size: int) -> str:
    if letter == "y":
        return f"{value.year % 100:02}" if size <= 2 else str(value.year)
    if letter == "d":
        name = _DAYS[value.weekday()]
        return {1: str(value.day), 2: f"{value.day:02}", 3: name[:3]}.get(size, name)
    if letter == "m":
        name = _MONTHS[value.month - 1]
        return {1: str(value.month), 2: f"{value.month:02}", 3: name[:3], 5: name[0]}.get(size, name)
    return ""


def _is_minute(section: tuple[_Token, ...], index: int) -> bool:
    """Return whether an ``m`` counts minutes: after hours, or before seconds."""
    others = [
        (i, token.text[0].lower()) for i, token in enumerate(section) if token.kind in {"date", "elapsed"}
    ]
    before = [letter for i, letter in others if i < index]
    after = [letter for i, letter in others if i > index]
    return before[-1:] == ["h"] or after[:1] == ["s"]


@lru_cache(maxsize=1_000)
def _sections(form: str) -> tuple[tuple[_Token, ...], ...]:
    sections: list[list[_Token]] = [[]]
    for match in _TOKEN.finditer(form):
        kind, text = match.lastgroup or "sign", match[0]
        if kind == "sign" and text == ";":
            sections.append([])
            continue
        if kind == "text":
            text = text.strip('"') if text.startswith('"') else text[1:]
        elif kind in {"currency", "elapsed"}:
            text = match[kind]
        sections[-1].append(_Token(kind, text))
    return tuple(map(tuple, sections))
