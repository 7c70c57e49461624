"""Answers and conversations as Markdown that holds no markup but this module's own. Pure."""

import re
from collections.abc import Iterable

from qa.export.text import REFUSED, chance, left_out
from qa.schema import Answer, Quote

_MARKUP = re.compile(r"[\\`*_\[\]<>&|~#$]")
_LINE_START = re.compile(r"^(?:(?=[-+=])|\d+(?=[.)]))")


def answer_markdown(answer: Answer) -> str:
    """An answer, or an abstention, with its quotes."""
    blocks: list[str] = []
    if answer.follows_up:
        blocks.append(f"*Understood as: {_escaped(answer.resolved)}*")
    if answer.note:
        blocks.append(f"*{_escaped(answer.note)}.*")
    if answer.answered:
        blocks.append(
            " ".join(
                _escaped(sentence.text) + " " + "".join(f"\\[{n}\\]" for n in sentence.cites)
                for sentence in answer.sentences
            )
        )
        blocks += [f"{REFUSED}: {_escaped(part)}" for part in answer.refused]
        blocks += [_quote(quote) for quote in answer.quotes]
    else:
        blocks.append(f"**No answer:** {_escaped(answer.reason)}.")
        blocks.append(chance(answer))
        if answer.nearest:
            blocks.append("Nearest passages, which are not an answer:")
        blocks += [_quote(quote) for quote in answer.nearest]
    if answer.cut:
        blocks.append(f"{left_out(answer.cut)}:")
        blocks.append("\n".join(f"- {_escaped(cut.text)} ({_escaped(cut.reason)})" for cut in answer.cut))
    return "\n\n".join(blocks) + "\n"


def conversation_markdown(title: str, exchanges: Iterable[Answer]) -> str:
    """A conversation as Markdown: each question a heading over its answer, no markup but Attest's own."""
    blocks = [_heading(title, 1) + "\n"]
    blocks += [f"{_heading(answer.question, 2)}\n\n{answer_markdown(answer)}" for answer in exchanges]
    return "\n".join(blocks)


def _heading(text: str, level: int) -> str:
    """``text`` as a Markdown heading that holds no markup of its own."""
    return f"{'#' * level} {_escaped(text)}".rstrip()


def _quote(quote: Quote) -> str:
    """A quote as a block quote, line by line, over the place it is from."""
    lines = [f"\\[{quote.number}\\]", *(_escaped(line) for line in quote.text.splitlines())]
    known = (*quote.source, f"{quote.span.doc_id}:{quote.span.start}–{quote.span.end}")
    lines += ["", "— " + ", ".join(_escaped(part) for part in known)]
    return "\n".join(f"> {line}".rstrip() for line in lines)


def _escaped(text: str) -> str:
    """``text`` on one line, with a backslash wherever Markdown would read markup into it."""
    line = _MARKUP.sub(r"\\\g<0>", " ".join(text.split()))
    return _LINE_START.sub(r"\g<0>\\", line)
