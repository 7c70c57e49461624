"""Write answers and conversations as Markdown. All text is escaped; the only markup is ours. Pure."""

import re
from collections.abc import Iterable

from qa.export.chance import chance_text
from qa.export.text import (
    NEAREST,
    SEARCHED,
    SHORT,
    UNANSWERED,
    choices_text,
    fact_lines,
    highlight_lines,
    is_refusal,
    passages_heading,
    refusal_text,
    rejected_text,
    unit_text,
    unquoted_notes,
)
from qa.schema import Answer, Quote

_MARKUP = re.compile(r"[\\`*_\[\]<>&|~#$]")
_LINE_START = re.compile(r"^(?:(?=[-+=])|\d+(?=[.)]))")


def answer_markdown(answer: Answer) -> str:
    """Return an answer or an abstention, with its quotes."""
    blocks: list[str] = []
    if answer.follows_up:
        blocks.append(f"*Understood as: {_escape(answer.resolved)}*")
    if answer.note:
        blocks.append(f"*{_escape(answer.note)}.*")
    if answer.answered:
        blocks += _answer_blocks(answer)
        blocks += map(_escape, highlight_lines(answer.highlights))
        blocks += [_quote(quote) for quote in answer.quotes]
    else:
        verdict, rest = refusal_text(answer.reason)
        blocks.append(f"**{verdict}** {_escape(rest)}")
        if answer.choices:
            blocks.append(_escape(choices_text(answer.choices)))
        if is_refusal(answer):
            blocks.append(chance_text(answer))
            blocks += [NEAREST] if answer.nearest else []
        blocks += [_quote(quote) for quote in answer.nearest]
    if answer.cut:
        blocks.append(f"{rejected_text(answer.cut)}:")
        blocks.append("\n".join(f"- {_escape(each.text)} ({_escape(each.reason)})" for each in answer.cut))
    blocks += [f"{SEARCHED}: {_escape(str(answer.searched))}"] if answer.searched else []
    return "\n\n".join(blocks) + "\n"


def conversation_markdown(title: str, exchanges: Iterable[Answer]) -> str:
    """Return a conversation in which each question is a heading over its answer."""
    blocks = [_heading(title, 1) + "\n"]
    blocks += [f"{_heading(answer.question, 2)}\n\n{answer_markdown(answer)}" for answer in exchanges]
    return "\n".join(blocks)


def _answer_blocks(answer: Answer) -> list[str]:
    refused = [f"{UNANSWERED}: {_escape(part)}" for part in answer.refused]
    facts = [_escape(line) for line in fact_lines(answer)]
    if answer.passages_only:
        return [*facts, *refused, f"**{passages_heading(answer)}**"]
    short = answer.short
    sentences = (
        _escape(sentence.text) + " " + "".join(f"\\[{n}\\]" for n in sentence.cites)
        for sentence in answer.sentences
    )
    return [
        *(
            [f"{SHORT}: **{_escape(short.text)}**{_escape(unit_text(short))} \\[{short.quote}\\]"]
            if short
            else []
        ),
        *facts,
        " ".join(sentences),
        *(_escape(note) for note in unquoted_notes(answer.sentences)),
        *refused,
    ]


def _heading(text: str, level: int) -> str:
    return f"{'#' * level} {_escape(text)}".rstrip()


def _quote(quote: Quote) -> str:
    """Return a quote as a block quote, line by line, above its source."""
    lines = [f"\\[{quote.number}\\]", *(_escape(line) for line in quote.text.splitlines())]
    known = (*quote.source, f"{quote.span.doc_id}:{quote.span.start}–{quote.span.end}")
    lines += ["", "— " + ", ".join(_escape(part) for part in known)]
    return "\n".join(f"> {line}".rstrip() for line in lines)


def _escape(text: str) -> str:
    """Return ``text`` on one line, with a backslash wherever Markdown would find markup in it."""
    line = _MARKUP.sub(r"\\\g<0>", " ".join(text.split()))
    return _LINE_START.sub(r"\g<0>\\", line)
