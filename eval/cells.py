"""Count the questions for a cell of a table that get its row as a quote, and those that see a wrong name.

    python -m eval.cells QUESTIONS.jsonl FOLDER

Each line of QUESTIONS.jsonl has a ``question``, the ``file`` of FOLDER that has the table, the text of the
``cell``, the true name of its ``row``, and as a list, from the top down, the true names of its ``column``:
none if it has none. The folder is indexed, and every question is asked of all of it, without a language
model. Where rows of several groups have one name, ``group`` is the true name of the row's group.

A quote is right if it is from the file and has the row's name, perhaps behind its group's, and the cell
under its column's name, the last of them if it has several, with or without its group's. A row's name may be
two cells beside each other: "Texas, 2016" is ``Area: Texas; Year: 2016``. A cell under other words than its
own names is wrong, and so is one in a line of another group, and another cell under all of these names,
unless its line says that it is of another group. A cell without the name that it has is neither.
"""

import argparse
import re
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from pathlib import Path

from pydantic import BaseModel

from qa import assemble, config
from qa.config import Config
from qa.evaluation.datasets.base import Dataset
from qa.evaluation.datasets.index import indexed
from qa.evaluation.datasets.json_lines import read_records
from qa.evaluation.metrics import estimate
from qa.ingest import discovery
from qa.retrieval.evidence import select_quotes
from qa.schema import Document, Quote

_LEAD = " — "
_PAIR = "; "
_NAME = ": "
_BAR = " | "
"""The text that a line of a table has between its row's name, its cells, their names, and cells without names
(:func:`qa.ingest.readers.tables.read_table`)."""

_GROUPED = re.compile(r"(?<=\d)[\s,.'’](?=\d{3}(?!\d))")
"""A sign between thousands."""

_CURRENCY = re.compile(r"(?<=[$€£¥₹]) (?=\d)")
"""The space by which accounts part a currency from its number."""

_WORD = re.compile(r"[^\W_]+")
_NOTE = re.compile(r"\[[^\]]*\]|\([a-z]\)|[(⁽]?[¹²³⁰⁴-⁹]+[)⁾]?")
"""The mark of a note behind a name."""


class Question(BaseModel):
    """A question for a cell, and where the cell is."""

    question: str
    file: str
    cell: str
    row: str
    column: list[str]
    group: str = ""


class Verdict(StrEnum):
    """The verdict on how quotes show a cell. The worst that any of them shows counts."""

    FIRST = "right in the first quote"
    LATER = "right in a later quote"
    UNNAMED = "quoted without its name"
    MISSED = "missed"
    WRONG = "under a wrong name"


@dataclass(frozen=True, slots=True)
class Outcome:
    """A question, and what was quoted for it."""

    asked: Question
    verdict: Verdict
    shown: str
    """The line that the verdict rests on; the first quote where the cell is missed."""


@dataclass(frozen=True, slots=True)
class _LineCell:
    """A cell of a line, and what stands over it there."""

    name: str
    text: str


def main(argv: Sequence[str] | None = None) -> int:
    """Measure, and print what is not right and the shares. The exit status is 1 when a name is wrong."""
    parser = argparse.ArgumentParser(prog="python -m eval.cells", description=__doc__.splitlines()[0])
    parser.add_argument("questions", type=Path)
    parser.add_argument("folder", type=Path)
    args = parser.parse_args(argv)
    asked = [
        record for _, record in read_records(args.questions, "questions for cells", Question.model_validate)
    ]
    outcomes = list(measure(asked, args.folder, config.load(model="none")))
    for each in outcomes:
        if each.verdict is not Verdict.FIRST:
            print(f"{each.verdict}: {each.asked.question} ({each.asked.file})\n    {each.shown}")
    counts = Counter(each.verdict for each in outcomes)
    print(f"{len(outcomes)} questions over {len({each.asked.file for each in outcomes})} files")
    print(", ".join(f"{counts[verdict]} {verdict}" for verdict in Verdict))
    for name, among in (
        ("in the first quote", {Verdict.FIRST}),
        ("in a quote", {Verdict.FIRST, Verdict.LATER}),
    ):
        if share := estimate([each.verdict in among for each in outcomes]):
            print(f"right {name}: {share.mean:.3f} ({share.low:.3f} to {share.high:.3f})")
    return int(counts[Verdict.WRONG] > 0)


def measure(asked: Sequence[Question], folder: Path, settings: Config) -> Iterator[Outcome]:
    """Yield what is quoted for each question.

    Raises:
        UserError: there is nothing to read in ``folder``.
    """
    documents = discovery.load([folder]).documents
    encoder = assemble.load_encoder(settings)
    with indexed(Dataset(folder.name, tuple(documents), ()), encoder, settings) as index:
        retriever = assemble.create_retriever(settings, index, encoder)
        by_id = index.documents
        for each in asked:
            found = retriever.retrieve(each.question)
            quotes = select_quotes(found.question, found.hits, by_id, found.language).quotes
            yield _judge(each, quotes, by_id)


def _judge(asked: Question, quotes: Sequence[Quote], documents: Mapping[str, Document]) -> Outcome:
    shown = [
        (verdict, line)
        for quote in quotes
        if quote.span.doc_id == asked.file
        for line in quote.text.splitlines()
        if (verdict := judge_line(line, asked, first=quote.number == 1))
    ]
    for verdict in (Verdict.WRONG, Verdict.FIRST, Verdict.LATER, Verdict.UNNAMED):
        for found, line in shown:
            if found is verdict:
                return Outcome(asked, verdict, line)
    return Outcome(asked, Verdict.MISSED, quotes[0].text if quotes else "nothing is quoted")


def judge_line(line: str, asked: Question, *, first: bool) -> Verdict | None:
    """Return what ``line`` shows of the cell; None if it is not of its row, or lacks it."""
    cells = list(_cells(line))
    row, column = _words(asked.row), _words(" ".join(asked.column))
    own_group = _words(asked.group)
    named = {_words(text) for cell in cells for text in (cell.name, cell.text)}
    named |= {_words(one.text) | _words(other.text) for one, other in pairwise(cells)}
    if row and row not in named and not (own_group and row | own_group in named):
        return None
    found = [cell for cell in cells if _is_value(cell.text, asked.cell)]
    groups = [name for part in line.split(_LEAD)[:-1] if (name := _words(part)) not in (row, row | own_group)]
    of_another = bool(groups) and own_group not in groups
    own = [cell for cell in found if _words(cell.name) <= row | column | own_group]
    innermost = _words(" ".join(asked.column[-1:]))
    if any(innermost <= _words(cell.name) for cell in own):
        if of_another and asked.group:
            return Verdict.WRONG
        return Verdict.FIRST if first else Verdict.LATER
    if of_another:
        return None
    others = any(column and _words(cell.name) == column for cell in cells)
    if others or (found and not own):
        return Verdict.WRONG
    return Verdict.UNNAMED if own else None


def _cells(line: str) -> Iterator[_LineCell]:
    """Yield the cells of a line; what names its row is one of them, without a name."""
    lead, apart, rest = line.rpartition(_LEAD)
    if apart:
        yield from (_LineCell("", text) for part in lead.split(_LEAD) for text in part.split(_BAR))
    for pair in rest.split(_PAIR):
        name, named, text = pair.partition(_NAME)
        if not named or _BAR in name:
            name, text = "", pair
        yield from (_LineCell(name, each) for each in text.split(_BAR))


def _is_value(shown: str, cell: str) -> bool:
    """Return whether a cell is shown, perhaps with a mark of a note or a sign of currency, or more of its
    text.
    """
    found, wanted = _plain(shown), _plain(cell)
    return re.search(rf"(?<![\w.,]){re.escape(wanted)}(?![\w]|[.,]\d)", found) is not None


def _plain(text: str) -> str:
    text = unicodedata.normalize("NFKC", text).replace("−", "-")
    return _GROUPED.sub("", _CURRENCY.sub("", " ".join(text.split()))).casefold()


def _words(text: str) -> frozenset[str]:
    """Return the words of a name, without marks of notes."""
    return frozenset(_WORD.findall(_plain(_NOTE.sub("", text))))


if __name__ == "__main__":
    sys.exit(main())
