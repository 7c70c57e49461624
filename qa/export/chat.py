"""Write answers as the Markdown that chat front ends show. Pure."""

import re

from qa.export.markdown import answer_markdown
from qa.schema import Answer

_BRACKET = re.compile(r"\\([\[\]])")
_LINK = re.compile(r"\](?=[(:])")


def chat_markdown(answer: Answer) -> str:
    """Return an answer or an abstention with its quotes, as :func:`answer_markdown` does, but for brackets.

    Many front ends take an escaped bracket for the beginning of a formula. A bracket as it is begins a link
    only if another kind of bracket, or a colon, follows it; then it is written as an entity.
    """
    bare = _BRACKET.sub(r"\1", answer_markdown(answer))
    return _LINK.sub("&#93;", bare)
