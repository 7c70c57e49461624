"""MTRAG-UN: what was done with the last question of a conversation, and what is right."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from qa import assemble, storage
from qa.config import Config
from qa.errors import UserError
from qa.evaluation.datasets.mtrag import Answerability, is_mtrag, read_mtrag
from qa.evaluation.evaluate import evaluate
from qa.evaluation.reactions import RIGHT, Reaction, reaction
from qa.evaluation.report import record, table
from qa.index.stores.local import LocalStore
from qa.schema import Turn
from tests.support.fakes import IDENTITY, ROOT, FakeEncoder, check

DATA = ROOT.parent / "shared" / "data" / "conversations"

GAS = "The plant for gas stands in Peru. It was built long ago."


def row(number: int, label: str, *turns: str, contexts: tuple[str, ...] = ()) -> dict[str, object]:
    speakers = ("user", "agent")
    return {
        "task_id": f"talk<::>{number}",
        "contexts": [{"document_id": f"d{i}", "text": text} for i, text in enumerate(contexts)],
        "input": [{"speaker": speakers[i % 2], "text": text} for i, text in enumerate(turns)],
        "answerability": [label],
    }


ROWS = (
    row(1, "ANSWERABLE", "Hello?", "Hi.", "Where is the plant for gas?", contexts=(GAS, "Coal is dear.")),
    row(2, "PARTIAL", "Where is the plant for gas, and who sold the ship of Atlantis?", contexts=(GAS,)),
    row(3, "UNDERSPECIFIED", "Where is the plant for gas?", contexts=(GAS,)),
    row(4, "UNANSWERABLE", "Where is the plant for gas?"),
    row(5, "UNANSWERABLE", "Thanks!", contexts=(GAS,)),
)


@pytest.fixture
def talks(tmp_path: Path) -> Path:
    path = tmp_path / "talks.jsonl"
    path.write_text("".join(json.dumps(each) + "\n" for each in ROWS))
    return path


def test_a_row_is_a_question_with_its_history_and_its_own_contexts(talks: Path):
    dataset = read_mtrag([talks])
    first, *_, fourth, _ = dataset.cases
    assert first.question == "Where is the plant for gas?"
    assert first.history == (Turn("Hello?", "Hi."),)
    assert first.only == {"talk<::>1/d0", "talk<::>1/d1"}
    assert fourth.only == frozenset()
    assert [case.kind for case in dataset.cases[:4]] == list(Answerability)
    assert [case.answerable for case in dataset.cases] == [True, True, False, False, False]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (row(1, "MAYBE", "Where?"), "line 1 has something else in the field 'answerability.0'"),
        (row(1, "PARTIAL", "Where?", "There."), "the last message must be the user's question"),
        (row(1, "PARTIAL"), "the last message must be the user's question"),
        ({"task_id": "1"}, "line 1 has no field 'contexts'"),
        (row(1, "UNANSWERABLE", "Where?"), "nothing to search; name others"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused(tmp_path: Path, content: dict[str, object], said: str):
    path = tmp_path / "talks.jsonl"
    path.write_text(json.dumps(content))
    with pytest.raises(UserError, match=said):
        read_mtrag([path])


def test_a_message_without_a_reply_is_a_turn_all_the_same(tmp_path: Path):
    talk = row(1, "ANSWERABLE", "Hello?", "Hi.", "Where?", contexts=(GAS,))
    del talk["input"][1]
    path = tmp_path / "talks.jsonl"
    path.write_text(json.dumps(talk))
    assert read_mtrag([path]).cases[0].history == (Turn("Hello?", ""),)


def test_a_reaction_is_read_from_the_answer():
    answer = check("Gas is cheap.", "Gas is cheap.", question="What is cheap?")
    assert reaction(answer) is Reaction.ANSWERED
    assert reaction(replace(answer, refused=("Who sold it?",))) is Reaction.ANSWERED_IN_PART
    assert reaction(check("Coal is dear.", "Gas is cheap.")) is Reaction.REFUSED
    assert set(RIGHT) == set(Answerability)


def test_what_was_done_stands_beside_what_is_right(
    talks: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(assemble, "load_encoder", lambda settings: FakeEncoder())
    monkeypatch.setattr(storage, "open_store", lambda settings: LocalStore(settings.index, IDENTITY))
    run = evaluate(["mtrag", str(talks)], Config(model="none", index=tmp_path / "index"))
    figures = {line.name: (line.value, line.n) for line in run.summary.lines}
    assert figures["right reaction, answerable"] == (1.0, 1)
    assert figures["right reaction, partial"] == (1.0, 1)
    assert figures["right reaction, unanswerable"] == (1.0, 2)
    assert figures["right reaction, underspecified"] == (0.0, 1)  # Attest does not ask back yet
    assert figures["right reaction"] == (pytest.approx(4 / 5), 5)
    (confusion,) = run.summary.tables
    assert confusion.rows == (
        ("answerable", "answered", "1", "0", "0", "0", "1"),
        ("partial", "answered in part", "0", "1", "0", "0", "1"),
        ("unanswerable", "refused", "0", "0", "2", "0", "2"),
        ("underspecified", "asked back", "1", "0", "0", "0", "1"),
    )
    assert "answered in part" in table(run)
    outcomes = {each["id"]: each["outcome"] for each in record(run)["questions"]}
    assert outcomes["talk<::>3"] == "answered; right is: asked back"
    assert outcomes["talk<::>4"] == "right"
    assert not run.outcomes[3].answer.nearest  # without contexts nothing is searched


@pytest.mark.skipif(not DATA.is_dir(), reason="needs ../shared/data/conversations beside the project")
def test_every_published_row_can_be_read():
    for path in sorted(DATA.glob("mtrag*.jsonl")):
        rows = [json.loads(line) for line in path.read_text().split("\n") if line]
        assert all(map(is_mtrag, rows))
        assert len(read_mtrag([path]).cases) == len(rows)
