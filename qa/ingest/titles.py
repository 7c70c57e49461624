"""Find what a reader would call a document. Pure.

What a file gives as its title is often what a program wrote there: the name of a file, of a template, or of
nothing. Such a title is passed over for the heading, then for the first line, then for the file's name.
"""

import re
from pathlib import PurePosixPath

from qa.nlp.written_dates import dates_in

MAX_CHARS = 200
"""A longer line is a paragraph. Set by hand; of 72 titles labelled by hand the longest has 155 characters."""

_FIRST = 8
"""The paragraphs at the beginning of a text among which its title is sought, below a running head, a date and
a line such as "For immediate release". Set by hand."""

_LINES = 4
"""The lines over which a title may run. Set by hand."""

_TOOL = re.compile(r"^Microsoft (?:Office )?(?:Word|PowerPoint|Excel|Publisher) *- *", re.IGNORECASE)
"""The prefix that printer drivers put before the title."""

_MADE_UP = re.compile(
    r"""\W*(?:
        (?:untitled|unbenannt|sans\ titre|sin\ título|senza\ titolo|без\ названия)(?:\W*\w+)?
        |無題|无标题|제목\ 없음|about:blank|none|null|n/?a|todo|tbd|test|xxx+
        |(?:un)?known|unspecified|anonymous|default|blank|draft|template|print(?:ing)?|normal(?:\.dotm?)?
        |no(?:\ slide)?\ title|title|titel|titre|subject
        |(?:power\ ?point[- ])?(?:presentation|présentation|präsentation|presentación|презентация)
            (?:\ powerpoint)?\W*\d*
        |(?:document|dokument|book|mappe|classeur|slide|folie|diapositive|sheet|tabelle|layout|page|figure)\W*\d*
        |(?:new\ )?microsoft\ (?:word|excel|powerpoint)\ (?:document|worksheet|presentation)
    )\W*""",
    re.IGNORECASE | re.VERBOSE,
)
"""Titles that programs write where there is none."""

_PLACEHOLDER = re.compile(
    r"""\W*(?:
        (?:click|tap|type|enter|insert|add)\b.*\b(?:title|text|heading|here)\b.*
        |(?:paper|document|report|your|thesis|article|slide|page)\ title\b.*|\[.*(?:title|subject).*\]
    )\W*""",
    re.IGNORECASE | re.VERBOSE,
)
"""Titles that templates write where one is to stand."""

_FILE = re.compile(
    r"\.(?:docx?|dotx?|docm|rtf|odt|wpd|pages|pdf|ps|eps|dvi|tex|indd|qxp?d?|pmd|p65|fm|pptx?|odp|key|xlsx?|ods"
    r"|html?|txt|md|xml|cdr|ai|dwg|jpe?g|png|tiff?|cgi|tmp)$",
    re.IGNORECASE,
)
"""The ending of a file's name."""

_ADDRESS = re.compile(r"^(?:[a-z]:\\|\\\\|/|(?:file|https?|urn):)|^www\.|\S@\S+\.\w", re.IGNORECASE)
_ONE_WORD = re.compile(r"\S*(?:[_\d]|[a-z][A-Z]|\w-\w)\S*")
"""A single word of the kind that names files: ``Q3_report``, ``SampleContract-Shuttle``."""

_LETTERS = 2
"""The fewest letters of a title: Chinese ones have few."""

_STAMP = re.compile(
    r"(?:for immediate release|press release|front cover|confidential|draft|(?:table of )?contents?|page \d+"
    r"|unclassified|open access|research article|working paper|abstract|(?:jump|skip) to .*|search|menu"
    r"|home|(?:©|\(c\)|copyright\b).*)\W*",
    re.IGNORECASE,
)
"""Lines at the top of a page that say what kind of page it is, not what it is about."""

_NUMBERED = re.compile(
    r"(?:part|section|chapter|article|clause|appendix|annex|kapitel|teil)\s+[\dIVXA-H]+\b|[\dIVX]+(?:\.\d*)*\.?\s",
    re.IGNORECASE,
)
"""The beginning of the heading of a part of a document."""

_PAGE_NUMBER = re.compile(
    r"\s*[|–—·-]?\s*\bpage\s*\d+(?:\s*(?:/|of)\s*\d+)?$|(?<=\w{4}\s)\s*\d{1,3}$", re.IGNORECASE
)
_WORDS_BEFORE_NUMBER = 4
"""A running head has at least as many words before the number of its page; "Chapter 1" has fewer. Set by
hand."""

_MARKS = " \t*†‡§¶#|"
"""Marks of footnotes and of Markdown around a title."""

_NOT_A_TITLE = re.compile(r"[.;,!。।؟۔][\"'”’)]*$|\s\|\s|^[•●▪◦‣*–—-]\s|\.{4}|…|^\W*\d[\d\s./:,%-]*$")
"""Lines that end like a sentence, are parts of a table, a list or a table of contents, or only numbers."""

_TEXT = re.compile(r"[.!?。।؟۔][\"'”’)]*$|^[•●▪◦‣–—-]\s|\s\|\s")
"""A paragraph of the text itself, after which no title is sought."""

_GOES_ON = re.compile(
    r"(?:[;,–—-]|\b(?:and|or|of|in|on|for|to|the|a|an|by|with|from|at|as|und|der|die|das|für|et|de|la|le|des|y|del))$",
    re.IGNORECASE,
)
"""The end of a line of a title that goes on in the next line."""

_REST = re.compile(r"(?:\d+\s+)?[^\W\d_]")
"""The beginning of a line; in a small letter it is the rest of the title above."""

_COMPANY = re.compile(
    r".*\b(?:company|corporation|incorporated|limited|inc|corp|plc|ltd|llc|l\.p|n\.v|s\.a|ag|se|gmbh|group|holdings)\b\W*",
    re.IGNORECASE,
)
_FORM = re.compile(r"^\W*(form\s+\d{1,2}-[A-Z]{1,2}(?:/A)?)\b", re.IGNORECASE | re.MULTILINE)
"""A company's name, which is no title, and the form of its report to the Securities and Exchange
Commission."""

_REGISTRANT = re.compile(r"^(.*\w.*)\n+\(exact name of\b", re.IGNORECASE | re.MULTILINE)
"""The company that reports, as the cover of every such form has it."""

_TOP_CHARS = 1_500
"""The beginning of a text, with the form of a report. Set by hand."""


def choose_title(known: str, heading: str, text: str, doc_id: str, *, trusted: bool, prose: bool) -> str:
    """Return what a reader would call a document.

    ``known`` is what its file gives as the title, and ``trusted`` whether somebody wrote that by hand.
    ``heading`` is its first or largest heading. Of ``prose`` the first line of ``text`` may be the title.
    """
    known, name = _clean(_TOOL.sub("", known)), readable_name(doc_id)
    if known and (trusted or not _is_made_up(known, name)):
        return known
    paragraphs = _beginning(text) if prose else []
    first = _first_line(paragraphs)
    heading = _goes_on(_clean(heading), paragraphs)
    if len(heading) > MAX_CHARS:
        heading = heading[: MAX_CHARS - 1].rstrip() + "…"
    if form := _FORM.search(text[:_TOP_CHARS]):
        registrant = _REGISTRANT.search(text[:_TOP_CHARS])
        company = _clean(registrant[1]) if registrant else heading
        if registrant or _COMPANY.fullmatch(heading):
            return f"{company}, {form[1]}"
    if _may_be_title(heading) and not (first and _NUMBERED.match(heading)):
        return heading
    return first or _name_in(known) or heading or name


def readable_name(doc_id: str) -> str:
    """Return the name of a file as words: without its ending, underscores and hyphens between letters."""
    stem = PurePosixPath(doc_id).stem
    return " ".join(re.sub(r"_+|(?<=[^\W\d])-(?=[^\W\d])", " ", stem).split()) or stem


def _is_made_up(title: str, name: str) -> bool:
    """Return whether a title is one that a program or a template wrote, or the name of a file."""
    if sum(map(str.isalpha, title)) < _LETTERS or "\ufffd" in title or len(title) > MAX_CHARS:
        return True
    if any(each.fullmatch(title) for each in (_MADE_UP, _PLACEHOLDER, _ONE_WORD)):
        return True
    return bool(_FILE.search(title) or _ADDRESS.search(title)) or _letters(title) == _letters(name)


def _may_be_title(line: str) -> bool:
    if not line or len(line) > MAX_CHARS or sum(map(str.isalpha, line)) < _LETTERS:
        return False
    if _PLACEHOLDER.fullmatch(line) or _STAMP.fullmatch(line) or _ADDRESS.search(line):
        return False
    first = next(char for char in line if char.isalnum())
    return not first.islower() and not _NOT_A_TITLE.search(line)


def _beginning(text: str) -> list[str]:
    """Return the first paragraphs, each on one line, without a date above their first words."""
    found = []
    for paragraph in text[: 2 * MAX_CHARS * _FIRST].split("\n\n")[: 2 * _FIRST]:
        lines = paragraph.strip().split("\n")
        while lines and _is_date(lines[0]):
            lines = lines[1:]
        if line := " ".join(" ".join(lines).split()):
            found.append(line)
    return found


def _is_date(line: str) -> bool:
    return any(2 * len(date) > len(line) for date in dates_in(line[:MAX_CHARS]))


def _first_line(paragraphs: list[str]) -> str:
    """Return the first paragraph that may be a title, before the text begins; empty for none."""
    if len(paragraphs) < 2:
        return ""
    for paragraph in paragraphs[:_FIRST]:
        line = _goes_on(_clean(_without_page_number(paragraph)), paragraphs)
        if _may_be_title(line):
            return line
        if len(paragraph) > MAX_CHARS or _TEXT.search(paragraph):
            break
    return ""


def _goes_on(title: str, paragraphs: list[str]) -> str:
    """Return ``title`` with the lines that continue it, where it is one of the ``paragraphs``."""
    if title not in paragraphs:
        return title
    place = paragraphs.index(title)
    for line in paragraphs[place + 1 : place + _LINES]:
        rest = _REST.match(line)
        if not (_GOES_ON.search(title) or (rest and rest[0][-1].islower())):
            break
        title = f"{title} {line}"
    return _clean(title)


def _without_page_number(line: str) -> str:
    shorter = _PAGE_NUMBER.sub("", line)
    return shorter if "page" in line.lower() or len(shorter.split()) >= _WORDS_BEFORE_NUMBER else line


def _name_in(known: str) -> str:
    """Return the name of a file that was given as a title, if it has words and no figures; else nothing."""
    name = readable_name(known) if _FILE.search(known) and not _ADDRESS.search(known) else ""
    return "" if any(map(str.isdigit, name)) or _MADE_UP.fullmatch(name) else name


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text.lower()))


def _clean(title: str) -> str:
    return " ".join(title.split()).strip(_MARKS)
