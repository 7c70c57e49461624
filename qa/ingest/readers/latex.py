"""LaTeX: its text without commands, by sections. Formulas stay as they are written."""

import logging
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache

from pylatexenc.latex2text import LatexNodes2Text, MacroTextSpec, get_default_latex_context_db
from pylatexenc.latexwalker import LatexMacroNode, LatexWalker
from pylatexenc.latexwalker import get_default_latex_context_db as get_default_walker_db
from pylatexenc.macrospec import LatexContextDb, MacroSpec

from qa.ingest.readers.base import FileContent, Piece, line_feeds, within_limits
from qa.ingest.readers.encoding import decode
from qa.ingest.readers.sections import Block, by_section
from qa.ingest.readers.tables import table_lines

log = logging.getLogger(__name__)

_COMMENT = re.compile(r"(?<!\\)((?:\\\\)*)%[^\n]*(?:\n[ \t]*(?=\S))?")
_HEADING = r"\\(?:part|chapter|(?:sub){0,2}section|(?:sub)?paragraph)\*?\s*(?:\[[^\]]*\]\s*)?\{"
_TABLE = r"\\begin\{(?P<kind>tabular[x*]?|longtable|tabulary)\}(?P<table>.*?)\\end\{(?P=kind)\}"
_PART = re.compile(rf"{_HEADING}|{_TABLE}", re.DOTALL)
"""The beginning of a heading, or a whole table."""

_ENVIRONMENT = re.compile(
    r"\\(?:begin|end)\{(?!(?:align|alignat|displaymath|eqnarray|equation|flalign|gather|lstlisting|math|multline|verbatim)"
    r"\*?\})[A-Za-z]+\*?\}(?:\[[^\]\n]*\])?"
)
"""The beginning or end of an environment that has paragraphs in it; those of formulas and programs stay."""

_RULES = re.compile(
    r"\\(?:hline|toprule|midrule|bottomrule|endhead|endfoot|endfirsthead|endlastfoot|centering)\b"
    r"|\\(?:cline|cmidrule)(?:\([^)]*\))?\{[^}]*\}"
)
_ROW_END = re.compile(r"\\\\(?:\[[^\]]*\])?|\\tabularnewline")
_CELL_END = re.compile(r"(?<!\\)&")
_SPAN = re.compile(r"\\multi(?:column|row)\b")
_WORD = re.compile(r"\\(?:(?:re)?newcommand\*?\{?|def)\\([A-Za-z]+)\}?\{([^{}\\#$]*)\}")
"""The definition of a command that stands for words, such as a name of a method."""

_KEYS = ("cite", "citep", "citet", "citealp", "citeauthor", "parencite", "textcite", "footcite")
_REFERENCES = ("ref", "eqref", "pageref", "autoref", "cref", "Cref", "nameref", "vref")
_SILENT = {
    **dict.fromkeys(
        ("bibliography", "bibliographystyle", "hspace", "include", "input", "label", "vspace"), "*{"
    ),
    **dict.fromkeys(("listoffigures", "listoftables", "maketitle", "tableofcontents", "today"), ""),
    **dict.fromkeys(("addlinespace", "thispagestyle"), "["),
    **{"includegraphics": "*[[{", "rule": "[{{", "specialrule": "{{{", "setlength": "{{", "setcounter": "{{"},
}
"""Commands that show no words, and their arguments."""


def read(data: bytes, name: str) -> FileContent:
    """Return a piece for each heading with the text below it. A part that is not understood stays as it is
    written.

    Raises:
        UserError: it is binary or too long.
    """
    text = line_feeds(decode(data))
    within_limits([Piece("", text)])
    text = _COMMENT.sub(r"\1", text)
    text = _with_words(text, dict(_WORD.findall(text)))
    body = text.partition("\\begin{document}")[2].partition("\\end{document}")[0] or text
    known: dict[str, object] = {
        field: " ".join(_plain(argument).split())
        for field in ("title", "author", "date")
        if (argument := _argument_of(text, field))
    }
    return FileContent(within_limits(by_section(_blocks(body))), known)


def _with_words(text: str, words: Mapping[str, str]) -> str:
    """Put in the words that commands stand for."""
    if not words:
        return text
    named = re.compile(rf"\\({'|'.join(map(re.escape, words))})(?![A-Za-z])(?:\{{\}}|[ \t]*)")
    return named.sub(lambda used: words[used[1]] + (" " if used[0][-1:].isspace() else ""), text)


def _argument_of(text: str, command: str) -> str:
    found = re.search(rf"\\{command}\s*(?:\[[^\]]*\]\s*)?\{{", text)
    return text[found.end() : _closing(text, found.end())] if found else ""


def _closing(text: str, start: int) -> int:
    """Return where the brace that is open at ``start`` is closed; the end of the line if it is not."""
    depth = 1
    for brace in re.compile(r"\\.|[{}]|\n[ \t]*\n", re.DOTALL).finditer(text, start):
        if brace[0] in "{}":
            depth += 1 if brace[0] == "{" else -1
        if not depth or brace[0].startswith("\n"):
            return brace.start()
    return len(text)


def _blocks(text: str) -> Iterator[Block]:
    at = 0
    for found in _PART.finditer(text):
        if found.start() < at:
            continue  # it is inside a heading
        yield from _paragraphs(text[at : found.start()])
        if found["kind"]:
            yield Block("\n".join(_rows(found["table"])))
            at = found.end()
        else:
            at = _closing(text, found.end())
            yield Block(" ".join(_plain(text[found.end() : at]).split()), heading=True)
            at += 1
    yield from _paragraphs(text[at:])


def _paragraphs(text: str) -> Iterator[Block]:
    """Yield each paragraph by itself: the library takes very long over what is open at the end of a text."""
    for paragraph in re.split(r"\n[ \t]*\n", _ENVIRONMENT.sub("\n\n", text)):
        for part in re.split(r"\n[ \t]*\n", _plain(paragraph)):
            yield Block(" ".join(part.split()))


def _rows(table: str) -> Iterator[str]:
    """Yield a line for each row. With cells over several columns or rows, no cell is given a name."""
    content = _RULES.sub("", _without_columns(table))
    rows = [
        [" ".join(_plain(cell).split()) for cell in _CELL_END.split(row)] for row in _ROW_END.split(content)
    ]
    if _SPAN.search(content):
        yield from (" | ".join(filter(None, row)) for row in rows if any(row))
    else:
        yield from (line for _, line in table_lines(rows))


def _without_columns(table: str) -> str:
    """Return what follows the arguments of a table: its width and its columns."""
    at = 0
    while found := re.compile(r"\s*(\{|\[[^\]]*\])").match(table, at):
        at = _closing(table, found.end()) + 1 if found[1] == "{" else found.end()
    return table[at:]


def _plain(latex: str) -> str:
    """Return the text of ``latex``; as it is written where the library fails on it."""
    if "\\" not in latex and not set("{}$~%") & set(latex):
        return latex
    try:
        walker = LatexWalker(latex, latex_context=_walker_db())
        nodes, _, _ = walker.get_latex_nodes()
        return str(_to_text().nodelist_to_text(nodes))
    except Exception:  # whatever a part may do to the library, the others are read
        log.debug("A part of %d characters stays as it is written", len(latex), exc_info=True)
        return latex


@cache
def _walker_db() -> LatexContextDb:
    known = get_default_walker_db()
    macros = [MacroSpec(name, "*[[{") for name in _KEYS] + [MacroSpec(name, "*{") for name in _REFERENCES]
    macros += [MacroSpec(name, arguments) for name, arguments in _SILENT.items()]
    macros += [
        MacroSpec("multicolumn", "{{{"),
        MacroSpec("multirow", "[{[{[{"),
        MacroSpec("textcolor", "[{{"),
        MacroSpec("href", "{{"),
    ]
    known.add_context_category("attest", prepend=True, macros=macros)
    return known


@cache
def _to_text() -> LatexNodes2Text:
    known = get_default_latex_context_db()
    macros = [MacroTextSpec(name, simplify_repl=_in_brackets) for name in _KEYS]
    macros += [MacroTextSpec(name, simplify_repl=_last_argument) for name in _REFERENCES]
    macros += [MacroTextSpec(name, simplify_repl="") for name in _SILENT]
    macros += [
        MacroTextSpec(name, simplify_repl=_last_argument)
        for name in ("multicolumn", "multirow", "textcolor", "href")
    ]
    known.add_context_category("attest", prepend=True, macros=macros)
    return LatexNodes2Text(latex_context=known, math_mode="verbatim", keep_comments=False)


def _last_argument(node: LatexMacroNode, l2tobj: LatexNodes2Text) -> str:
    arguments: Iterable[object] = node.nodeargd.argnlist if node.nodeargd else ()
    given = [argument for argument in arguments if argument is not None]
    return str(l2tobj.nodelist_to_text([given[-1]])) if given else ""


def _in_brackets(node: LatexMacroNode, l2tobj: LatexNodes2Text) -> str:
    return f"[{_last_argument(node, l2tobj)}]"
