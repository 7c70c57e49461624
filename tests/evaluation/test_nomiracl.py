"""NoMIRACL's files: a question of its own passages alone, and what other models said to it."""

import json
from pathlib import Path

import pytest

from qa import assemble, storage
from qa.config import Config
from qa.errors import UserError
from qa.evaluation.datasets.base import Reply
from qa.evaluation.datasets.nomiracl import is_nomiracl, read_nomiracl, refuses
from qa.evaluation.evaluate import evaluate
from qa.evaluation.report import record, table
from qa.index.stores.local import LocalStore
from tests.support.fakes import IDENTITY, ROOT, FakeEncoder

DATA = ROOT.parent / "shared" / "data" / "nomiracl"

PROMPT = """I will give you a question and several contexts.

QUESTION:
{question}

CONTEXTS:
{contexts}

OUTPUT:
"""

PLACES = ("Peru", "France", "Chile", "Spain", "Norway", "Egypt")


def row(number: int, question: str, *passages: str) -> dict[str, object]:
    contexts = "\n\n".join(f"[{i}] {text}" for i, text in enumerate(passages, start=1))
    return {
        "query_id": f"{number}#0",
        "docids": [f"{number}#{i}" for i in range(len(passages))],
        "prompt": PROMPT.format(question=question, contexts=contexts),
        "results": {"gpt-4": "I don't know.", "orca": "Yes, answer is present"},
    }


def write(path: Path, *rows: dict[str, object]) -> Path:
    path.parent.mkdir(exist_ok=True)
    path.write_text("\n".join(json.dumps(each) for each in rows) + "\n")
    return path


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    """Questions about each place: the relevant ones have the passage, the others do not."""
    yes = [
        row(i, f"Where is the mine of {place}?", f"{place}: The mine of {place} is near Lima.", "Sea: Wet.")
        for i, place in enumerate(PLACES)
    ]
    no = [
        row(10 + i, f"Who sold the ship of {place}?", "Sea: It is wet.", "Sky: It is blue: very blue.")
        for i, place in enumerate(PLACES)
    ]
    return [write(tmp_path / "xx-relevant.jsonl", *yes), write(tmp_path / "xx-non_relevant.jsonl", *no)]


def test_a_row_is_a_question_of_its_own_passages(files: list[Path]):
    dataset = read_nomiracl(files)
    assert (dataset.name, len(dataset.cases), dataset.notes) == ("nomiracl+xx", 12, ())
    first, last = dataset.cases[0], dataset.cases[-1]
    assert (first.question, first.answerable, last.answerable) == ("Where is the mine of Peru?", True, False)
    assert first.only == {"xx/0#0", "xx/0#1"}
    assert first.replies == (Reply("gpt-4", refused=True), Reply("orca", refused=False))
    texts = {each.id: (each.title, each.text) for each in dataset.documents}
    assert texts["xx/0#0"] == ("Peru", "The mine of Peru is near Lima.")
    assert texts["xx/15#1"] == ("Sky", "It is blue: very blue.")


def test_a_row_without_its_prompt_is_skipped_and_counted(tmp_path: Path):
    complete = row(1, "Where?", "Peru: There.", "Sea: Wet.")
    cut = row(2, "Where?", "Peru: There.") | {"docids": ["2#0", "2#1"]}
    path = write(tmp_path / "xx-relevant.jsonl", complete, cut, complete | {"prompt": None})
    dataset = read_nomiracl([path])
    assert len(dataset.cases) == 1
    assert dataset.notes == ("xx-relevant.jsonl: 2 of 3 rows have no prompt and were skipped",)


def test_a_folder_may_say_which_half_a_file_is(tmp_path: Path):
    path = write(tmp_path / "non_relevant" / "xx.test.jsonl", row(1, "Where?", "Peru: There."))
    assert [(case.id, case.answerable) for case in read_nomiracl([path]).cases] == [("xx-1#0", False)]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("xx.jsonl", json.dumps(row(1, "Where?", "Peru: There.")), "which half"),
        ("xx-relevant.jsonl", "{}", "is not a file of NoMIRACL"),
        ("xx-relevant.jsonl", "no JSON", "is not a file of NoMIRACL"),
        ("xx-relevant.jsonl", json.dumps(row(1, "") | {"prompt": None}), "no row with a prompt"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused(tmp_path: Path, name: str, content: str, said: str):
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / name).write_text(content)
    with pytest.raises(UserError, match=said):
        read_nomiracl([folder / name])


@pytest.mark.parametrize(
    ("reply", "refused"),
    [
        ("I don't know.", True),
        ("I DON'T\nKNOW, none of the contexts says it", True),
        ("No, answer is not present.", True),
        ("Yes, answer is present in [1].", False),
        ("No, answer is present", False),
        ("[3]", False),
        ("Yes, answer is present. I don't know which.", None),
        ("Yes, answer is present. I don't know. Yes, answer is present.", False),
        ("Please answer the question.", None),
        ("", None),
    ],
)
def test_a_reply_is_counted_as_the_authors_count_it(reply: str, refused: bool | None):
    assert refuses(reply) is refused


def test_refusals_are_measured_beside_those_of_other_systems(
    files: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(assemble, "load_encoder", lambda settings: FakeEncoder())
    monkeypatch.setattr(storage, "open_store", lambda settings: LocalStore(settings.index, IDENTITY))
    run = evaluate([str(path) for path in files], Config(model="none", index=tmp_path / "index"))
    figures = {line.name: line for line in run.summary.lines}
    assert "answer accuracy" not in figures  # nobody knows what the answers are
    assert figures["AUC of P(answerable)"].value == 1.0
    assert figures["correct abstention at false abstention ≤ 0.05"].interval == (1.0, 1.0)
    assert figures["verbatim quotes"].value == 1.0
    for outcome in run.outcomes:
        assert outcome.case.only is not None
        quotes = outcome.answer.quotes or outcome.answer.nearest
        assert {quote.span.doc_id for quote in quotes} <= outcome.case.only
    others = {other.name: {line.name: line.value for line in other.lines} for other in run.others}
    assert others["gpt-4"] == {"false abstention": 1, "correct abstention": 1, "neither yes nor no": 0}
    assert others["orca"]["correct abstention"] == 0
    shown = table(run).splitlines()
    assert [line.split()[0] for line in shown[-3:]] == ["Attest,", "gpt-4", "orca"]
    assert {each["outcome"] for each in record(run)["questions"]} <= {
        *("answered", "false abstention", "correct abstention", "answered the unanswerable"),
    }


@pytest.mark.skipif(not DATA.is_dir(), reason="needs ../shared/data/nomiracl beside the project")
def test_every_row_with_a_prompt_can_be_read():
    for path in sorted(DATA.glob("*.jsonl")):
        rows = [json.loads(line) for line in path.read_text().split("\n") if line]
        assert all(map(is_nomiracl, rows))
        dataset = read_nomiracl([path])
        assert len(dataset.cases) == sum(bool(each["prompt"]) for each in rows)
        assert all(case.only is not None and len(case.only) == 10 for case in dataset.cases)
        assert all(each.text for each in dataset.documents)
