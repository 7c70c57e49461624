"""The names of months and days of the week, in any language. Pure."""

from functools import cache

from babel import Locale, UnknownLocaleError


def is_calendar_name(word: str, language: str) -> bool:
    """Return whether ``word`` is the full name of a month or a day of the week: "May", "Freitag", "марта"."""
    return word.lower() in _names(language)


@cache
def _names(language: str) -> frozenset[str]:
    """Return Unicode's names (CLDR); none for a language that it does not know."""
    try:
        locale = Locale.parse(language)
    except (UnknownLocaleError, ValueError):
        return frozenset()
    return frozenset(
        name.lower()
        for names in (locale.months, locale.days)
        for use in ("format", "stand-alone")
        for name in names[use]["wide"].values()
    )
