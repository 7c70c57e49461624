"""What Markdown has inside its lines and nobody sees who reads the page: tags of HTML, targets of links, the
marks of bold words.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby

from lxml.html import defs

from qa.ingest.readers.markdown_tables import outside_code

_CODE = r"(?P<code>(?<!`)(?P<ticks>`{1,20})(?!`)[^`]+(?P=ticks)(?!`))"
"""Code in a line, which stays as it is. A longer row of ticks is no code, and is not read again from each."""

_TAG = re.compile(rf"{_CODE}|<(?P<ends>/?)(?P<name>[A-Za-z][A-Za-z0-9]*)(?:\s[^<>]*|/)?>")
_VOID = frozenset({"br", "hr", "img", "wbr"})
"""Tags that stand alone and are no placeholders, as ``<source>`` may be."""

_CELLS = frozenset(defs.table_tags)
"""Tags whose ends part words: a table may stand on one line."""

_TEXT = r"(?:[^\[\]\\]|\\.|\[[^\[\]\n]{0,200}\]){0,500}?"
"""The text of a link: it may have brackets of its own, as a picture has, and go on in the next line."""
_LINK = re.compile(
    rf"{_CODE}|(?<!\\)!?\[(?P<text>{_TEXT})\](?:"
    r"(?P<target>\((?:<[^<>\n]{0,2000}>|[^()\s]{0,2000}(?:\([^()\s]{0,500}\)[^()\s]{0,500})?)"
    r"""(?:\s+(?:"[^"\n]{0,500}"|'[^'\n]{0,500}'))?\))"""
    r"|\[(?P<label>[^\[\]\n]{0,200})\]|(?![\[(:]))",
    re.DOTALL,
)
"""A link, or a picture with its description: with its target, with the label of one, or its own label."""
_DEFINITION = re.compile(r" {0,3}\[(?!\^)([^\[\]]{1,200})\]:[ \t]*\S+(?:[ \t]+(?:\".*\"|'.*'|\(.*\)))?[ \t]*")
"""A line that gives the target of a label; no footnote, whose label begins with "^"."""
_BOLD = re.compile(rf"{_CODE}|(?<![*\\])\*\*(?=[^\s*])(?P<text>[^*\n]{{1,500}})(?<=\S)\*\*(?!\*)")


def without_marks(text: str) -> str:
    """Return Markdown ``text`` as it reads: without tags of HTML, the targets of links and the marks of bold
    words. "**See [the <b>rent</b>](rent.html#p2)**" reads "See the rent". Code stays as it is, and so do
    words between angle brackets that are no tags: addresses, and placeholders such as ``<name>``.
    """
    lines = text.split("\n")
    tags, labels = _tags_of(text), set[str]()
    for number, line in outside_code(lines):
        if definition := _DEFINITION.fullmatch(line):
            labels.add(definition[1].casefold())
            lines[number] = ""
    for start, end in _paragraphs(lines):
        shown = _replace(_TAG, "\n".join(lines[start:end]), lambda tag: _shown_tag(tag, tags))
        shown = _replace(_BOLD, _without_targets(shown, labels), lambda bold: bold["text"])
        lines[start:end] = shown.split("\n")
    return "\n".join(lines)


def _replace(pattern: re.Pattern[str], text: str, shown: Callable[[re.Match[str]], str]) -> str:
    """Return ``text`` with what ``shown`` makes of each match of ``pattern`` that is no code."""
    return pattern.sub(lambda match: match[0] if match["code"] else shown(match), text)


def _paragraphs(lines: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Yield where lines begin and end that stand on each other and may have marks."""
    written = (number for number, line in outside_code(lines) if line.strip())
    for _, group in groupby(enumerate(written), lambda each: each[1] - each[0]):
        numbers = [number for _, number in group]
        start, end = numbers[0], numbers[-1] + 1
        if any(mark in line for line in lines[start:end] for mark in ("<", "[", "**")):
            yield start, end


def _without_targets(text: str, labels: set[str]) -> str:
    def shown(link: re.Match[str]) -> str:
        label = " ".join((link["label"] or link["text"]).split()).casefold()
        is_link = link["target"] or label in labels
        return _without_targets(link["text"], labels) if is_link else link[0]

    return _replace(_LINK, text, shown)


def _tags_of(text: str) -> set[str]:
    """Return the names of HTML's tags that ``text`` has: those that it ends, and those that have no end."""
    closed = {tag["name"].lower() for tag in _TAG.finditer(text) if tag["ends"]}
    return {tag for tag in defs.tags if tag in closed or tag in _VOID}


def _shown_tag(tag: re.Match[str], known: set[str]) -> str:
    name = tag["name"].lower()
    if name not in known:
        return tag[0]
    return " " if name == "br" or (tag["ends"] and name in _CELLS) else ""
