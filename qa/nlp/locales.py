"""Unicode's CLDR on a language: its names of months, countries, units and numbers. Pure."""

from babel import Locale, UnknownLocaleError


def find_locale(language: str) -> Locale | None:
    """Return what CLDR knows of the language with the code ``language``; None of one it does not know."""
    try:
        return Locale.parse(language)
    except (UnknownLocaleError, ValueError):
        return None
