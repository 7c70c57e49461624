"""Names and figures, as token keys that can be compared between a question and a text. Pure."""

from qa.nlp.tokens import initials, is_content, tokens


def names_in(question: str, language: str = "en") -> frozenset[str]:
    """Return the keys of the names and figures in a question, as texts in ``language`` have them."""
    found = tokens(question, language)
    return frozenset(t.key for t in found if is_content(t) and (t.name or t.surface[0].isdigit()))


def mentions(text: str, language: str = "en") -> frozenset[str]:
    """Return everything that a name from :func:`names_in` may match in ``text``: its tokens' keys and the
    initials of its names.
    """
    return frozenset(token.key for token in tokens(text, language)) | {
        short.lower() for short in initials(text)
    }
