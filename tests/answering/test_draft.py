from collections.abc import Generator
from typing import cast

from qa.answering.draft import draft
from qa.schema import Evidence
from tests.support.fakes import FakeChat, by_id, document, whole

QUOTES = whole(by_id(document("Siemens installs four turbines.", "turbines.md")))


def evidence(question: str) -> Evidence:
    return Evidence(question, QUOTES)


def test_a_draft_comes_piece_by_piece():
    model = FakeChat(says="Four turbines. [1]")
    assert [piece.strip() for piece in draft(model, evidence("How many?"))] == ["Four", "turbines.", "[1]"]


def test_the_model_sees_the_question_and_the_quotes():
    model = FakeChat(says="Four.")
    list(draft(model, evidence("How many turbines?")))
    (prompt,) = model.prompts
    assert "How many turbines?" in prompt
    assert "Siemens installs four turbines." in prompt


def test_a_question_for_yes_or_no_is_put_as_one():
    model = FakeChat(says="Four.")
    for question in ("How many turbines?", "Does Siemens install turbines?"):
        list(draft(model, evidence(question)))
    assert ["yes or no" in prompt for prompt in model.prompts] == [False, True]


def test_which_of_two_things_it_is_takes_neither_yes_nor_no():
    model = FakeChat(says="Four.")
    for question in ("Does Siemens install or sell turbines?", "Does Siemens install turbines or not?"):
        list(draft(model, evidence(question)))
    assert ["yes or no" in prompt for prompt in model.prompts] == [False, True]


def test_a_question_for_a_list_wants_every_answer():
    model = FakeChat(says="Four.")
    for question in ("How many turbines?", "List all the turbines"):
        list(draft(model, evidence(question)))
    assert ["every answer" in prompt for prompt in model.prompts] == [False, True]


def test_nothing_is_yielded_for_nothing_written():
    assert "".join(draft(FakeChat(says=""), evidence("How many?"))).strip() == ""


def test_closing_a_draft_stops_the_model():
    model = FakeChat(says="one two three four five six seven eight nine ten")
    pieces = cast(Generator[str, None, None], draft(model, evidence("How many?")))
    next(pieces)
    pieces.close()
    assert len(model.written) < 10
