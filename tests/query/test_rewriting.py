import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eval.known_answers import CONVERSATIONS
from qa.query.rewriting import TURNS, refers_back, resolve
from qa.schema import Turn
from tests.support.fakes import FakeChat

HISTORY = [Turn("Who is Jerome Boyet?", "He is Managing Director of Alstom in Central Asia.")]
FOLLOW_UP = "What did he say about Uzbekistan?"


@pytest.mark.parametrize(
    "question",
    [
        "What did he say about Uzbekistan?",
        "And how much is the contract worth?",
        "where exactly?",
        "Why?",
        "How many turbines does it have?",
        "what about Kazakhstan",
        "Which countries does it involve?",
        "the same for Alstom?",
        "And in 2019?",
        "und die Ruhezeit nach der Arbeit?",
        "et combien de semaines en 2019 ?",
        "¿Y cuántos días de descanso después del trabajo?",
        "How many?",
        "How many in Kazakhstan?",
        "Where in Uzbekistan?",
        "in Kazakhstan?",
        "Tajikistan too?",
        "2019?",
        "which company?",
        "What's the budget?",
        "Is there a cheaper option?",
        "What did Alstom say about it?",
        "Who won the contract?",
        "Who signed that contract?",
        "What are the terms of that lease?",
        "How much did that cost?",
        "Which one of the offers is cheaper?",
        "How many of them are there?",
        "Is it another one?",
        "Почему?",
        "为什么？",
    ],
)
def test_a_question_that_points_back_is_known(question: str):
    assert refers_back(question)


@pytest.mark.parametrize(
    "question",
    [
        "What did Boyet say about Uzbekistan?",
        "How much is the gas turbine contract in Uzbekistan worth?",
        "Where was the German-Central Asian cooperation summit held?",
        "Who won Super Bowl 50?",
        "Who owns Alstom?",
        "What is EBT?",
        "how many stores does alstom run",
        "who inspects ship engines",
        "What are tides?",
        "What is an identifier?",
        "Are there many ice hockey teams in the USA?",
        "Who said that electric locomotives have the lowest carbon footprint?",
        "How much did Kyrgyzstan pay Siemens for its hydroelectric dam?",
        "What cells recognise antigens that are not associated with receptors?",
        "Which articles state that powers stay with member states?",
        "Tumors that are able to evade the response can become what?",
        "How many crank rotations are there in an engine cycle?",
        "What is one of the least common causes of death?",
        "What is one way in which graphs can be encoded?",
        "What is another name for rotors?",
        "How long does it take to charge the battery?",
        "E-mail address of the landlord of Marigold Bindery?",
        "Кто выиграл пятидесятый Супербоул?",
        "谁赢得了第50届超级碗？",
    ],
)
def test_a_question_that_stands_alone_is_left_as_it_is(question: str):
    model = FakeChat(rewrites="Something about Alstom?")
    assert not refers_back(question)
    assert resolve(question, HISTORY, model) == question
    assert model.prompts == []


def test_without_a_history_there_is_nothing_to_resolve():
    assert resolve(FOLLOW_UP, [], FakeChat(rewrites="Something else?")) == FOLLOW_UP


def test_a_follow_up_is_rewritten_to_stand_alone():
    rewritten = "What did Jerome Boyet say about Uzbekistan?"
    assert resolve(FOLLOW_UP, HISTORY, FakeChat(rewrites=rewritten)) == rewritten


@pytest.mark.parametrize(
    "reply",
    ['"What did Boyet say about Uzbekistan?"', "What did Boyet say about Uzbekistan?\nI hope this helps!"],
)
def test_only_the_question_itself_is_taken_from_a_reply(reply: str):
    assert resolve(FOLLOW_UP, HISTORY, FakeChat(rewrites=reply)) == "What did Boyet say about Uzbekistan?"


@pytest.mark.parametrize("reply", ["What did Boyet say about Peru?", "Why did Boyet resign?", "", " \n "])
def test_a_rewriting_that_brings_something_in_is_thrown_away(reply: str):
    resolved = resolve(FOLLOW_UP, HISTORY, FakeChat(rewrites=reply))
    assert "Jerome Boyet" in resolved
    assert resolved.endswith(FOLLOW_UP)


def test_a_rewriting_that_loses_what_is_new_is_thrown_away():
    history = [Turn("How many vacation days are there?", "20 days.")]
    lost = FakeChat(rewrites="How many vacation days does an employee have?")
    assert (
        resolve("and for sick days?", history, lost) == "How many vacation days are there: and for sick days?"
    )
    kept = FakeChat(rewrites="How many sick days are there?")
    assert resolve("and for sick days?", history, kept) == "How many sick days are there?"


def test_without_a_model_the_question_is_asked_with_the_one_before():
    assert resolve(FOLLOW_UP, HISTORY, None) == f"Who is Jerome Boyet: {FOLLOW_UP}"


def test_thanks_are_not_what_a_follow_up_points_at():
    history = [*HISTORY, Turn("Thank you!", "")]
    assert resolve(FOLLOW_UP, history, None) == f"Who is Jerome Boyet: {FOLLOW_UP}"
    assert resolve(FOLLOW_UP, [Turn("Hello", "")], None) == FOLLOW_UP


def test_only_the_last_turns_are_read():
    turns = [Turn(f"Question about place{i}?", "Yes.") for i in range(TURNS + 2)]
    model = FakeChat(rewrites="What did place1 say?")
    resolve("And what about it?", turns, model)
    assert f"place{TURNS + 1}" in model.prompts[0]
    assert "place1?" not in model.prompts[0]


@settings(max_examples=25)
@given(st.text(max_size=200), st.text(max_size=200))
def test_any_question_and_any_reply_resolve_to_something(question: str, reply: str):
    resolved = resolve(question, HISTORY, FakeChat(rewrites=reply))
    assert question.strip() in resolved or resolved in reply.replace('"', "") or resolved.strip('"') in reply


def test_the_projects_follow_ups_are_known_and_what_they_mean_stands_alone():
    known = [json.loads(line) for line in CONVERSATIONS.read_text(encoding="utf-8").splitlines()]
    follow_ups = [each for each in known if each["resolved"].lower() not in each["question"].lower()]
    missed = [each["question"] for each in follow_ups if not refers_back(each["question"])]
    assert missed == [
        "who led the Kyrgyz delegation?",
        "which of the two has the higher revenue?",
        "how do i convert a pdf to word",
    ]
    assert [each["resolved"] for each in known if refers_back(each["resolved"])] == []
