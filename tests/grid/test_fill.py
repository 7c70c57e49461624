"""What a cell says where no language model phrases an answer."""

from dataclasses import replace
from pathlib import Path

import pytest

from qa.concurrency import StopToken
from qa.grid.base import Cell, Source
from qa.grid.file import GridFolder
from qa.grid.fill import Filler, cell_of, make_grid, table_of
from qa.grid.questions import read_questions
from qa.index.stores.local import LocalStore
from qa.index.update.update import build_index
from qa.pipeline import Pipeline
from qa.retrieval.evidence import number_quotes
from qa.schema import Document, Evidence, ShortAnswer, Span, StatedUnit
from qa.verification.policy import Verdict
from qa.verification.verify import present
from tests.support.changed_folder import open_runtime
from tests.support.fakes import IDENTITY, FakeEncoder, document

HEADER = "Quarters of 2022, unaudited, EUR million"
ROW = "Total revenue — 2022: 146.2 million euros; 2021: 131.8 million euros"


def fill(question: str, *lines: str, p: float = 0.8) -> Cell:
    document = Document("a.md", "\n".join(lines), "Report", language="en")
    starts = [document.text.index(line) for line in lines]
    spans = [Span(document.id, start, start + len(line)) for start, line in zip(starts, lines, strict=True)]
    documents = {document.id: document}
    evidence = Evidence(question, number_quotes(spans, documents))
    return cell_of(present(evidence, documents, Verdict(p, 0.3)), Source.WORDS)


def test_the_first_passage_that_is_an_answer_fills_a_cell():
    cell = fill("What was the revenue?", HEADER, ROW)
    assert cell.found
    assert cell.text == ROW
    assert [quote.text for quote in cell.quotes] == [ROW]


def test_a_number_of_a_table_has_its_unit():
    text = "Revenue, EUR million — 2022: 1,284.6"
    span = Span("a.md", 0, len(text))
    documents = {"a.md": Document("a.md", text, "Report", language="en")}
    evidence = Evidence("What was the revenue in 2022?", number_quotes([span], documents))
    unit = StatedUnit("EUR million", Span("a.md", 9, 20))
    short = ShortAnswer("1,284.6", 1, Span("a.md", len(text) - 7, len(text)), unit)
    answer = replace(present(evidence, documents, Verdict(0.9, 0.3)), short=short)
    assert cell_of(answer, Source.MODEL).text == "1,284.6 (EUR million)"


def test_a_passage_that_is_none_is_shown_as_the_nearest():
    cell = fill("What was the revenue?", HEADER)
    assert not cell.found
    assert not cell.text
    assert cell.reason == "no passage answers it by itself"
    assert [quote.text for quote in cell.quotes] == [HEADER]


@pytest.mark.parametrize(("p", "found"), [(0.6, True), (0.4, False)])
def test_a_passage_that_is_less_likely_an_answer_than_not_fills_none(p: float, found: bool):
    assert fill("What was the revenue?", ROW, p=p).found == found


def test_a_folder_that_changes_while_a_grid_fills_is_asked_as_it_is_now(tmp_path: Path):
    question = "What is the rent?"
    before = pipeline_over(tmp_path, a="The rent is 20 euros.", b="The rent is 30 euros.", c="It ended.")
    after = pipeline_over(tmp_path, a="The rent is 20 euros.", b="The rent is 35 euros.", d="It began.")
    now = [before]
    file = make_grid(GridFolder(tmp_path / "grids"), read_questions(question), (), before)
    Filler(file, lambda: now[0], StopToken()).fill(
        Source.WORDS, lambda done, of: now.append(now.pop() and after)
    )
    table = table_of(file.read(), after)
    quotes = {row.id: table.cell(row, question).quotes[0].text for row in table.rows}
    assert quotes == {
        "a.txt": "The rent is 20 euros.",
        "b.txt": "The rent is 35 euros.",
        "d.txt": "It began.",
    }


def pipeline_over(root: Path, **texts: str) -> Pipeline:
    """Return a flow without a model over documents of these names and texts."""
    documents = [document(text, f"{name}.txt") for name, text in texts.items()]
    build_index(LocalStore(root / "index", IDENTITY), documents, FakeEncoder())
    return open_runtime(root).pipeline
