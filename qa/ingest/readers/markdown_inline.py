"""What Markdown has inside its lines and nobody sees who reads the page: tags of HTML, targets of links, the
marks of bold words.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from lxml.html import defs

from qa.ingest.readers.markdown_tables import outside_code

_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]*)(?:\s[^<>]*|/)?>")
_VOID = frozenset({"br", "hr", "img", "wbr"})
"""Tags that stand alone and are no placeholders, as ``<source>`` may be."""

_CELLS = frozenset(defs.table_tags)
"""Tags whose ends part words: a table may stand on one line."""


_CODE = r"(?P<code>(?P<ticks>`+)[^`]+(?P=ticks)(?!`))"
_TEXT = r"(?:[^\[\]\\]|\\.|\[[^\[\]\n]{0,200}\]){0,500}?"
"""The text of a link: it may have brackets of its own, as a picture has, and go on in the next line."""
_LINK = re.compile(
    rf"{_CODE}|(?<!\\)!?\[(?P<text>{_TEXT})\](?:"
    r"\((?:<[^<>\n]{0,2000}>|[^()\s]{0,2000}(?:\([^()\s]{0,500}\)[^()\s]{0,500})?)"
    r"""(?:\s+(?:"[^"\n]{0,500}"|'[^'\n]{0,500}'))?\)"""
    r"|\[(?P<label>[^\[\]\n]{0,200})\]|(?![\[(:]))",
    re.DOTALL,
)
"""A link, or a picture with its description: with its target, with the label of one, or its own label."""
_DEFINITION = re.compile(r" {0,3}\[(?!\^)([^\[\]]{1,200})\]:[ \t]*\S+(?:[ \t]+(?:\".*\"|'.*'|\(.*\)))?[ \t]*")
"""A line that gives the target of a label; no footnote, whose label begins with "^"."""
_BOLD = re.compile(rf"{_CODE}|(?<![*\\])\*\*(?=[^\s*])(?P<text>[^*\n]{{1,500}})(?<=\S)\*\*(?!\*)")


def without_marks(text: str) -> str:
    """Return Markdown ``text`` as it reads: without tags of HTML, the targets of links and the marks of bold
    words. "**See [the rent](rent.html#p2)**" reads "See the rent". Code stays as it is.
    """
    lines = without_tags(text).split("\n")
    labels = set[str]()
    for number, line in outside_code(lines):
        if definition := _DEFINITION.fullmatch(line):
            labels.add(definition[1].casefold())
            lines[number] = ""
    for start, end in _paragraphs(lines):
        shown = _BOLD.sub(_text_of, _without_targets("\n".join(lines[start:end]), labels))
        lines[start:end] = shown.split("\n")
    return "\n".join(lines)


def _paragraphs(lines: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Yield where lines begin and end that stand on each other and may have a link or bold words."""
    written = (number for number, line in outside_code(lines) if line.strip())
    for _, group in groupby(enumerate(written), lambda each: each[1] - each[0]):
        numbers = [number for _, number in group]
        start, end = numbers[0], numbers[-1] + 1
        if any("[" in line or "**" in line for line in lines[start:end]):
            yield start, end


def _without_targets(text: str, labels: set[str]) -> str:
    def shown(link: re.Match[str]) -> str:
        if link["code"]:
            return link[0]
        is_own = not link[0].endswith(")") or link["label"] is not None
        label = link["label"] or link["text"]
        if is_own and " ".join(label.split()).casefold() not in labels:
            return link[0]
        return _LINK.sub(shown, link["text"])

    return _LINK.sub(shown, text)


def _text_of(bold: re.Match[str]) -> str:
    return bold[0] if bold["code"] else bold["text"]


def without_tags(text: str) -> str:
    """Return Markdown ``text`` without the tags of HTML in its lines: ``the <b>rent</b>`` reads "the rent".
    Code stays as it is, and so do words between angle brackets that are no tags: addresses, and placeholders
    such as ``<name>``.
    """
    lines = text.split("\n")
    closed = {tag[2].lower() for tag in _TAG.finditer(text) if tag[1]}
    known = {tag for tag in defs.tags if tag in closed or tag in _VOID}
    for number, line in outside_code(lines):
        if "<" in line:
            parts = line.split("`")
            outside = range(0, len(parts), 2) if len(parts) % 2 else ()  # a mark alone begins no code
            for part in outside:
                parts[part] = _TAG.sub(lambda tag: _shown(tag, known), parts[part])
            lines[number] = "`".join(parts)
    return "\n".join(lines)


def _shown(tag: re.Match[str], known: set[str]) -> str:
    name = tag[2].lower()
    if name not in known:
        return tag[0]
    return " " if name == "br" or (tag[1] and name in _CELLS) else ""
