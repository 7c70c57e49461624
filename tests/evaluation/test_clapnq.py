"""CLAPnq: long answers, and the sentences that they rest on."""

import json
from pathlib import Path

import pytest

from qa import assemble, storage
from qa.config import Config
from qa.errors import UserError
from qa.evaluation.datasets.clapnq import is_clapnq, read_clapnq
from qa.evaluation.evaluate import evaluate
from qa.evaluation.report import record, write
from qa.index.stores.local import LocalStore
from tests.support.fakes import IDENTITY, ROOT, FakeEncoder

DATA = ROOT.parent / "shared" / "data" / "longform"

PLACES = ("Peru", "France", "Chile", "Spain", "Norway", "Egypt")


def row(
    number: int, question: str, sentences: list[str], *answers: tuple[str, list[str]]
) -> dict[str, object]:
    passage = {"title": "Mines", "text": " ".join(sentences) + " ", "sentences": sentences}
    output = [{"answer": said, "selected_sentences": chosen} for said, chosen in answers or [("", [])]]
    return {"id": str(number), "input": question, "passages": [passage], "output": output}


def mine(number: int, place: str) -> dict[str, object]:
    first, second = f"The mine of {place} is near Lima .", "It is deep ."
    return row(
        number,
        f"where is the mine of {place}",
        [first, second, "Nobody works there now ."],
        (f"The mine of {place} is near Lima.", [first]),
        (f"It is a deep mine\r\nnear Lima, {place}.", [first, second]),
        ("", []),
    )


def write_lines(path: Path, *rows: dict[str, object]) -> Path:
    path.write_text("".join(json.dumps(each) + "\n" for each in rows))
    return path


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    """A question about the mine of each place, and one about a ship that no passage is about."""
    yes = [mine(i, place) for i, place in enumerate(PLACES)]
    no = [row(10 + i, f"who sold the ship of {each}", ["The sea is wet ."]) for i, each in enumerate(PLACES)]
    return [write_lines(tmp_path / "yes.jsonl", *yes), write_lines(tmp_path / "no.jsonl", *no)]


def test_a_row_is_a_question_of_its_own_passage(files: list[Path]):
    dataset = read_clapnq(files)
    first, last = dataset.cases[0], dataset.cases[-1]
    assert (dataset.name, len(dataset.cases)) == ("clapnq", 12)
    assert (first.question, first.kind, first.only) == ("where is the mine of Peru", "answerable", {"0/1"})
    assert (last.kind, last.answerable, last.long_answers, last.gold) == ("unanswerable", False, (), ())
    assert [each.text for each in first.long_answers] == [
        "The mine of Peru is near Lima.",
        "It is a deep mine near Lima, Peru.",
    ]
    texts = {each.id: each for each in dataset.documents}
    assert [place.cut(texts) for place in first.gold] == ["The mine of Peru is near Lima .", "It is deep ."]
    assert first.long_answers[0].places == first.gold[:1]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (row(1, "what", ["A mine ."], ("A mine.", ["A ship ."])), "line 1: .* selected sentence “A ship .”"),
        (
            row(1, "what", ["A mine ."]) | {"passages": []},
            "line 1 has something else in the field 'passages'",
        ),
        ({"id": "1", "input": "what", "passages": []}, "not a file of CLAPnq"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused(tmp_path: Path, content: dict[str, object], said: str):
    with pytest.raises(UserError, match=said):
        read_clapnq([write_lines(tmp_path / "mines.jsonl", content)])


def test_answers_are_compared_with_those_of_people(
    files: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(assemble, "load_encoder", lambda settings: FakeEncoder())
    monkeypatch.setattr(storage, "open_store", lambda settings: LocalStore(settings.index, IDENTITY))
    settings = Config(model="none", index=tmp_path / "index")
    run = evaluate([str(path) for path in files], settings)
    figures = {line.name: line for line in run.summary.lines}
    assert figures["answerable questions answered"].value == 1.0
    assert figures["unanswerable questions refused"].value == 1.0
    assert figures["AUC of P(answerable)"].interval == (1.0, 1.0)
    assert figures["sentence recall"].value == 1.0  # the first person's only sentence is among the quotes
    assert 0 < figures["sentence precision"].value <= 1.0
    assert figures["answer recall"].value == 1.0
    assert 0 < figures["answer F1"].value <= 1.0
    assert figures["words of a person's answer"].value == 7.5
    assert figures["words of an answer"].n == 6
    for outcome in run.outcomes:
        assert {quote.span.doc_id for quote in outcome.answer.quotes} <= (outcome.case.only or set())
    questions = record(run)["questions"]
    assert {each["outcome"] for each in questions} == {"answered", "correct abstention"}
    assert questions[0]["accepted"] == [[each.text for each in run.outcomes[0].case.long_answers]]
    assert "near Lima, Peru" in write(run, tmp_path)[1].read_text()
    settings = Config(model="none", index=tmp_path / "index", threshold=1.0)
    run = evaluate([str(path) for path in files], settings)
    figures = {line.name: line for line in run.summary.lines}
    assert figures["answerable questions answered"].value == 0.0  # asked at the configured threshold
    assert figures["sentence recall"].value is None
    assert figures["AUC of P(answerable)"].value == 1.0


@pytest.mark.skipif(not DATA.is_dir(), reason="needs ../shared/data/longform beside the project")
def test_every_published_row_can_be_read():
    for path in sorted(DATA.glob("*.jsonl")):
        rows = [json.loads(line) for line in path.read_text().split("\n") if line]
        assert all(map(is_clapnq, rows))
        dataset = read_clapnq([path])
        assert len(dataset.cases) == len(rows)
        assert {case.answerable for case in dataset.cases} == {"unanswerable" not in path.name}
