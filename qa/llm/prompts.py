"""Turn quotes, questions and conversations into messages for a chat model.

All tasks over quotes share everything but their last line: llama.cpp keeps what it has read, so the model
reads the quotes once for judging and answering.
"""

import re
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

from langchain_core.messages import BaseMessage, HumanMessage, SystemMessage

from qa.nlp.question_words import punctuate
from qa.schema import Quote, Turn

_CONTROL = re.compile(r"<(?=[|/])|\[(?=/?INST\])")
"""The first character of what chat templates use as control tokens: ``<|im_end|>``, ``</s>``, ``[INST]``."""


@cache
def template(name: str) -> str:
    """Return the text of ``qa/llm/prompts/<name>.txt`` without its last line feed."""
    return files("qa.llm").joinpath(f"prompts/{name}.txt").read_text(encoding="utf-8").rstrip("\n")


def task_messages(task: str, question: str, quotes: Sequence[Quote]) -> list[BaseMessage]:
    """Return the messages that give the model a ``task`` (a template's name) over numbered quotes."""
    return _question_messages(question, quotes, template(task))


def translation_messages(
    task: str, language: str, question: str, quotes: Sequence[Quote]
) -> list[BaseMessage]:
    """Return the messages that give the model a ``task`` over quotes that are not in the ``language``, by its
    English name, in which it is to write.
    """
    return _question_messages(question, quotes, template(task).format(language=language))


def short_answer_messages(question: str, short: str, quotes: Sequence[Quote]) -> list[BaseMessage]:
    """Return the messages that ask whether ``quotes`` state that ``short`` answers ``question``."""
    return _question_messages(question, quotes, template("judge_short").format(short=neutralise(short)))


def claim_messages(claim: str, quotes: Sequence[Quote]) -> list[BaseMessage]:
    """Return the messages that ask whether ``quotes`` state everything that ``claim`` says."""
    prompt = template("claim").format(quotes=_numbered(quotes), claim=neutralise(claim))
    return [SystemMessage(template("system")), HumanMessage(prompt)]


def _question_messages(question: str, quotes: Sequence[Quote], task: str) -> list[BaseMessage]:
    asked = neutralise(punctuate(question))
    prompt = template("question").format(quotes=_numbered(quotes), question=asked, task=task)
    return [SystemMessage(template("system")), HumanMessage(prompt)]


def _numbered(quotes: Sequence[Quote]) -> str:
    return "\n".join(f"[{quote.number}] {_heading(quote)}{neutralise(quote.text)}" for quote in quotes)


def rewrite_messages(question: str, history: Sequence[Turn]) -> list[BaseMessage]:
    """Return the messages that ask for ``question`` rewritten so that it stands without ``history``."""
    conversation = "\n".join(
        f"Question: {neutralise(turn.question)}\nAnswer: {neutralise(turn.answer)}" for turn in history
    )
    prompt = template("rewrite").format(history=conversation, question=neutralise(question))
    return [HumanMessage(prompt)]


def neutralise(text: str) -> str:
    """Return ``text`` on one line and with every control token of a chat template broken up.

    This changes only what the model reads; the quote itself stays as it is.
    """
    return " ".join(_CONTROL.sub(lambda match: match[0] + " ", text).split())


def _heading(quote: Quote) -> str:
    headings = map(neutralise, quote.headings)
    known = ", ".join(part for part in (neutralise(quote.title), *headings, quote.date) if part)
    return f"({known}) " if known else ""
