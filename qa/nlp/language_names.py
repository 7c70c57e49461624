"""The English names of languages, for messages. Pure."""

from qa.nlp.locales import find_locale


def name_language(code: str) -> str:
    """Return the name that CLDR has for the language with the ISO 639-1 ``code``: "Russian" for "ru". One
    without a name there is named by its code.
    """
    english = find_locale("en")
    assert english is not None
    return str(english.languages.get(code, f"the language “{code}”"))
