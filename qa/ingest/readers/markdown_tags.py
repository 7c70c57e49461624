"""The tags of HTML in Markdown, which no reader of the page sees."""

import re

from lxml.html import defs

from qa.ingest.readers.markdown_tables import outside_code

_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]*)(?:\s[^<>]*|/)?>")
_VOID = frozenset({"br", "hr", "img", "wbr"})
"""Tags that stand alone and are no placeholders, as ``<source>`` may be."""

_CELLS = frozenset(defs.table_tags)
"""Tags whose ends part words: a table may stand on one line."""


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
