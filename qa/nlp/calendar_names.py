"""The names of months and days of the week, in any language. Pure."""

from functools import cache

from qa.nlp.locales import find_locale


def is_calendar_name(word: str, language: str) -> bool:
    """Return whether ``word`` is the full name of a month or a day of the week: "May", "Freitag", "марта"."""
    return word.lower() in _names(language)


@cache
def _names(language: str) -> frozenset[str]:
    """Return Unicode's names (CLDR); none for a language that it does not know."""
    locale = find_locale(language)
    if locale is None:
        return frozenset()
    return frozenset(
        name.lower()
        for names in (locale.months, locale.days)
        for use in ("format", "stand-alone")
        for name in names[use]["wide"].values()
    )
