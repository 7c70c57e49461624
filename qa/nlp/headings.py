"""Tell the lines that state nothing, headings and captions, from the sentences that may be quoted. Pure.

A heading says what the text below it is about, never anything about it; a row of a table, an item of a list
and a line such as "Total: 72 million euros" do say something. In doubt a line counts as a sentence.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from itertools import islice, takewhile

from qa.nlp.tables import is_numbered, read_row
from qa.nlp.tokens import AUXILIARY
from qa.schema import SECTION, Document, Span

HEADING_CHARS = 100
"""The longest heading that is known by its form alone. Set by hand."""

_LONGEST_LABEL = 3
"""Words of the longest heading in sentence case, "Table of contents", that is known by its form alone."""
_LONGEST_UNSPACED = 12
"""The longest such line, in characters, of scripts without spaces between words."""

_HEADINGS_IN_A_ROW = 4
"""The most headings that may stand on each other before the text that they head."""

_LOOK_AHEAD = 2_000
"""Characters in which that text must begin."""

_MARKDOWN = re.compile(r"#{1,6}[ \t]+\S[^\n]*")
_NUMBERING = r"(?:\d+(?:\.\d+)*[.)]?|[A-Z][.)]|[IVXLC]+[.)]?|§+\s*\d+)"
_MARKED_NUMBER = re.compile(rf"#{{1,6}}[ \t]+{_NUMBERING}[ \t]*")
_ONLY_NUMBERED = re.compile(rf"{_NUMBERING}")
_ONLY_MARKED = re.compile(rf"{_NUMBERING}|[a-z]\.")
"""A number, or the letter of an item; what stands behind such a letter is no heading."""
_NUMBERED = re.compile(rf"^{_NUMBERING}\s+")
_PAGE = r"(?:\d+|[ivxl]{1,6})"
_ENTRY = rf"[^\n]*?(?:(?:[.·_]\s?){{4,}}|(?:…\s?){{2,}})\s*{_PAGE}[ \t]*"
_CONTENTS = re.compile(rf"(?:[^\W\d_]+(?: [^\W\d_]+){{0,2}}\n)?{_ENTRY}(?:\n{_ENTRY})*")
"""Lines of a table of contents, perhaps below its heading: dots, and a page."""
_BARE_ENTRY = re.compile(rf"[ \t]*(?:{_NUMBERING}[ \t]+[^\t\n]+\t+|[^…\n]+…[ \t]*)(\d{{1,4}})[ \t]*")
"""A line of one without dots: a number, a tab, and a page; or with a single sign for all of them."""
_ENTRIES = 3
"""The fewest such lines, one below another with pages that do not go back. Set by hand."""
_RULE = "____"
"""The end of a line to write on, such as that of a signature."""
_CAPTION = re.compile(
    r"(?:figure|fig|table|chart|map|abbildung|abb|tabelle|figura|tabla|tableau|рисунок|рис|таблица|табл|图|表)"
    r"\.?\s*\d+(?:[.:：]\s*(?P<said>[^\n]*))?",
    re.IGNORECASE,
)
_STATES = re.compile(r"[\d\t\n|;=]|[:：]\s|^\s*[-–*•‣◦]\s|[.!?…。！？؟।:：;,،，、]['\"”’»）)]*$")
"""Signs that a heading does not have: figures, several cells, a name with its value, a list's mark, an
end."""
_ENDS = re.compile(r"[.!?…。！？؟।:：]['\"”’»）)]*\s*$")
_VERB = re.compile(rf"\b{AUXILIARY}\b", re.IGNORECASE)
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
_BLANK = re.compile(r"[ \t]*\n[ \t]*\n\s*")
_WORD = re.compile(r"[^\W\d_]+")
_NUMBER = re.compile(r"(?<![\w-])(?!(?:1\d|20)\d\d(?![\w.,]))\d+(?![\w-])|(?<=\d)[.,%]")
"""A number that stands alone and is no year, or the sign of one."""
_FIGURES = re.compile(r"\s*\d+")
_BARE = re.compile(r"[\d\s.,()−–-]+|\w+://\S+")
"""The number of a page, a tick of a chart, or an address."""
_LIST_MARK = re.compile(r"[*_ \t]*\n\s*(?:[-–*•‣◦]|\d+[.)])\s")
_SMALL_WORD = 3
"""Letters of the longest word that a title need not capitalise."""


def states_nothing(span: Span, document: Document) -> bool:
    """Return whether the sentence at ``span`` is a heading, a caption, the title, an entry of a table of
    contents, a line of names of columns or one over a list: context, no evidence.
    """
    text = document.text[span.start : span.end]
    alone = _stands_alone(span, document.text)
    if alone and (caption := _CAPTION.fullmatch(text)):
        return not _STATES.search(caption["said"] or "")
    lines = text.splitlines()
    is_markdown = all(_MARKDOWN.fullmatch(line.strip()) for line in lines)
    if text.endswith("."):
        name = text.lstrip("# ")
        return bool(_ONLY_MARKED.fullmatch(name)) or (is_markdown and _has_form(name.rstrip(".")))
    if is_markdown or _CONTENTS.fullmatch(text) or _follows_number(span, document.text):
        return True
    if all(line.rstrip().endswith(_RULE) for line in lines):
        return True
    if _is_marked(span, document) or _is_bare_entry(span, document.text):
        return True
    if _names_columns(span, document.text) or _introduces_list(span, document.text):
        return True
    if alone and (_BARE.fullmatch(text) or _titles_table(span, document)):
        return True
    return alone and (text == document.title or _has_form(text)) and _heads_text(span, document.text)


def _follows_number(span: Span, text: str) -> bool:
    """Return whether ``span`` is the rest of the line of a heading in Markdown, behind its number."""
    before = text[max(0, span.start - HEADING_CHARS) : span.start].rpartition("\n")[2]
    return bool(_MARKED_NUMBER.fullmatch(before)) and text[span.end : span.end + 1] in {"", "\n"}


def _is_marked(span: Span, document: Document) -> bool:
    """Return whether the reader found a heading here: a place begins with it and is called after it."""
    before = bisect_right(document.places, span.start, key=lambda place: place.start)
    if not before:
        return False
    place = document.places[before - 1]
    heading = document.text[place.start : span.end]
    called = place.label.removeprefix(SECTION).removesuffix("…")
    return (
        place.label.startswith(SECTION)
        and "\n" not in heading
        and called.startswith(" ".join(heading.split())[: len(called)])
    )


def _titles_table(span: Span, document: Document) -> bool:
    """Return whether ``span`` is of the title over a table, as far as its outline tells, and no sentence: it
    has neither a verb nor an end, nor a number but years.
    """
    text = document.text[span.start : span.end]
    if len(text) > HEADING_CHARS or _ENDS.search(text) or _VERB.search(text) or _NUMBER.search(text):
        return False
    first = bisect_left(document.headings, span.start - _LOOK_AHEAD, key=lambda each: each.start)
    near = takewhile(lambda each: each.start <= span.end + HEADING_CHARS, document.headings[first:])
    said = " ".join(text.split())
    return any(_is_part(said, each.text) for each in near)


def _is_part(said: str, title: str) -> bool:
    """Return whether ``said`` is of a ``title`` on several lines, which may be cut at its end."""
    whole = title.removesuffix("…")
    parts = [whole[start:] for start in (0, *(space.end() for space in re.finditer(" ", whole)))]
    return any(
        f"{part} ".startswith(f"{said} ") or (whole != title and " " in part and said.startswith(part))
        for part in parts
    )


def _is_bare_entry(span: Span, text: str) -> bool:
    """Return whether the lines of ``span`` are entries of a table of contents without dots."""
    start, end = text.rfind("\n", 0, span.start) + 1, (text + "\n").index("\n", span.end)
    own = [_BARE_ENTRY.fullmatch(line) for line in text[start:end].splitlines()]
    if not all(own):
        return False
    above = _pages(reversed(text[max(0, start - _LOOK_AHEAD) : start].splitlines()))
    below = _pages(text[end : end + _LOOK_AHEAD].splitlines())
    pages = [*reversed(above), *(int(each[1]) for each in own if each), *below]
    return len(pages) >= _ENTRIES and pages == sorted(pages)


def _names_columns(span: Span, text: str) -> bool:
    """Return whether ``span`` is a line between bars with the names that the row below it gives its cells, as
    they stand or with what a second line of names adds, such as a unit.
    """
    line = text[span.start : span.end]
    cells = (line[cell.shown : cell.end] for cell in read_row(line) if is_numbered(cell.column))
    names = tuple(filter(None, cells))
    below = text[span.end : span.end + _LOOK_AHEAD].lstrip("\n").partition("\n")[0]
    columns = [cell.column for cell in read_row(below) if cell.column]
    return bool(names and columns) and all(column.startswith(names) for column in columns)


def _introduces_list(span: Span, text: str) -> bool:
    """Return whether ``span`` is a line in the form of a heading that ends in a colon, over a list."""
    label = text[span.start : span.end].strip("*_ ")
    before = text[max(0, span.start - HEADING_CHARS) : span.start].rpartition("\n")[2]
    is_line = not before.strip("*_ ") and _LIST_MARK.match(text, span.end)
    return bool(is_line) and label.endswith((":", "：")) and _has_form(_FIGURES.sub("", label[:-1]))


def _pages(lines: Iterable[str]) -> list[int]:
    """Return the pages of the ``lines`` nearest to an entry of a table of contents that are entries too."""
    found = takewhile(bool, (_BARE_ENTRY.fullmatch(line) for line in lines if line.strip()))
    return [int(each[1]) for each in islice(found, _ENTRIES - 1) if each]


def _stands_alone(span: Span, text: str) -> bool:
    """Return whether ``span`` begins a line, but for its number, and a blank line follows it."""
    before = text[max(0, span.start - HEADING_CHARS) : span.start].rpartition("\n")[2].strip()
    return (not before or bool(_ONLY_NUMBERED.fullmatch(before))) and bool(_BLANK.match(text, span.end))


def _has_form(line: str) -> bool:
    """Return whether a line has the form of a heading: few words, no figures and no end, and it is
    capitalised as a whole or very short.
    """
    name = _NUMBERED.sub("", line)
    words = _WORD.findall(name)
    if not words or len(line) > HEADING_CHARS or _STATES.search(name) or words[0][0].islower():
        return False
    if name.upper() == name != name.lower():
        return True
    unspaced = len(_UNSPACED.findall(name))
    if unspaced:
        return unspaced <= _LONGEST_UNSPACED
    if _VERB.search(name):
        return False
    if len(words) <= _LONGEST_LABEL:
        return True
    return all(word[0].isupper() for word in words if len(word) > _SMALL_WORD)


def _heads_text(span: Span, text: str) -> bool:
    """Return whether what comes next, but for other headings, is text in sentences, which can be headed."""
    after = (block for block in _BLANK.split(text[span.end : span.end + _LOOK_AHEAD]) if block.strip())
    for block in islice(after, _HEADINGS_IN_A_ROW):
        if not (_MARKDOWN.fullmatch(block) or _has_form(block)):
            return bool(_ENDS.search(block)) or len(block) > HEADING_CHARS
    return False
