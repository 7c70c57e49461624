"""Quotes and question to messages. Every task shares one prefix, so that the model reads the quotes once:
llama.cpp keeps what it has read, and judging and answering differ in their last line only.
"""

import re
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

from langchain_core.messages import BaseMessage, HumanMessage, SystemMessage

from qa.schema import Quote, Turn

_SPECIAL = re.compile(r"<(?=[|/])|\[(?=/?INST\])")


@cache
def template(name: str) -> str:
    """The text of ``qa/prompts/<name>.txt`` without its last line feed."""
    return files("qa.llm").joinpath(f"prompts/{name}.txt").read_text(encoding="utf-8").rstrip("\n")


def ask(task: str, question: str, quotes: Sequence[Quote]) -> list[BaseMessage]:
    """The messages that put ``task`` (a template's name) to the model over numbered quotes."""
    listed = "\n".join(f"[{quote.number}] {_heading(quote)}{harmless(quote.text)}" for quote in quotes)
    filled = template("question").format(quotes=listed, question=harmless(question), task=template(task))
    return [SystemMessage(template("system")), HumanMessage(filled)]


def rewrite(question: str, history: Sequence[Turn]) -> list[BaseMessage]:
    """The messages that ask for ``question`` as it would be put without ``history``."""
    told = "\n".join(f"Question: {harmless(t.question)}\nAnswer: {harmless(t.answer)}" for t in history)
    filled = template("rewrite").format(history=told, question=harmless(question))
    return [HumanMessage(filled)]


def harmless(text: str) -> str:
    """``text`` on one line, and so that no chat template takes part of it for a control token.

    Only what the model reads is changed; the quote itself is not.
    """
    return " ".join(_SPECIAL.sub(lambda match: match[0] + " ", text).split())


def _heading(quote: Quote) -> str:
    date = f", {quote.date}" if quote.date else ""
    return f"({harmless(quote.title)}{date}) "
