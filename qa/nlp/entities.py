"""Names and figures in a text. Pure."""

from qa.nlp.tokens import initials, is_content, tokens


def named(question: str) -> frozenset[str]:
    """The names and figures that a question is about."""
    return frozenset(t.key for t in tokens(question) if is_content(t) and (t.name or t.surface[0].isdigit()))


def mentioned(text: str) -> frozenset[str]:
    """What stands in ``text``, or is the initials of a name there, to be compared with :func:`named`."""
    return frozenset(token.key for token in tokens(text)) | {short.lower() for short in initials(text)}
