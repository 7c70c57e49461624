"""Tell where a text names a year, or a part of one. Pure."""

import re

YEAR = re.compile(r"(?<!\d)(?:FY ?)?(?:19|20)\d\d(?!\d)", re.IGNORECASE)
"""A year, as reports write it."""
BARE_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
"""The four digits of one."""

_TO = r"[a-z]*\.?\s?(?:[-–—]|to|through)\s?"

_WEEKS = (
    r"(?:[1-9]|[1-4]\d|twelve|thirteen|sixteen|twenty-(?:four|six)|thirty-(?:six|nine)|forty)"
    r"(?: \([1-4]\d\))?"
)
"""Weeks of the parts of a year of 52 or 53 weeks, by which retailers report."""

PART_OF_YEAR = re.compile(
    r"\b(?:[QH][1-4]|[1-4][QH])\b"
    r"|\b(?:(?:first|second|third|fourth|last|1st|2nd|3rd|4th)[ -](?:quarter|half)"
    r"|(?:three|six|nine|3|6|9)[ -]months?|half[- ]year(?:ly)?|quarterly|interim|year[- ]to[- ]date)\b"
    rf"|\b{_WEEKS}[ -]weeks?(?: period)?,? end(?:ed|ing)\b"
    rf"|\b(?:jan{_TO}(?:mar|jun|sep)|apr{_TO}(?:jun|sep|dec)|jul{_TO}(?:sep|dec)|oct{_TO}dec)"
    r"|\b(?:\w*quartal\w*|\w*halbjahr\w*|trimestr\w*|semestr\w*)\b|квартал|полугоди|季度|半年|四半期",
    re.IGNORECASE,
)
"""Words that name a part of a year in reports, in English with its first and last month too. A month alone is
left out: what happens in one happens in its year."""


def years_in(text: str) -> frozenset[str]:
    """Return the years that ``text`` names, in four digits: "2023" for "FY2023"."""
    return frozenset(BARE_YEAR.findall(text))


def without_years(text: str) -> str:
    """Return ``text`` without the years that it names: what the columns of a row have in common."""
    return BARE_YEAR.sub("", text).strip()
