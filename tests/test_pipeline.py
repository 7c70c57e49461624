from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from itertools import groupby
from pathlib import Path
from threading import Event as ThreadEvent
from threading import Thread
from typing import Any, cast

import pytest
from langchain_core.outputs import ChatResult
from pydantic import PrivateAttr

from qa.errors import UserError
from qa.index.index import Index
from qa.index.stores.local import LocalStore
from qa.index.update.update import build_index
from qa.llm import client
from qa.llm.prompts import template
from qa.nlp.dates import Period
from qa.pipeline import Ask, Event, Pipeline
from qa.query.document_filter import DocumentFilter
from qa.query.validation import MAX_QUESTION_CHARS
from qa.retrieval.hybrid import HybridRetriever
from qa.schema import Answer, Draft, Evidence, FirstAnswer, QueuePosition, Turn
from qa.verification.verify import NOTHING_SUPPORTED
from qa.weights import WEIGHTS, FirstVerdict, Judge, Linear
from tests.support.fakes import IDENTITY, FakeChat, FakeEncoder, document

CORPUS = [
    document("Siemens installs four gas turbines in Uzbekistan. They have 54 MW each.", "turbines.md"),
    document("Boyet leads Alstom in Central Asia. Alstom builds electric locomotives.", "rail.md"),
]
QUESTION = "Who installs gas turbines?"

SOON = 60
"""Seconds after which a test gives up on what should come at once."""

SnapshotInfo = Callable[..., Pipeline]
"""A model and a threshold to the pipeline over ``CORPUS`` with them."""


@pytest.fixture(scope="module")
def retriever(tmp_path_factory: pytest.TempPathFactory) -> HybridRetriever:
    folder = tmp_path_factory.mktemp("index")
    build_index(LocalStore(folder, IDENTITY), CORPUS, FakeEncoder())
    return HybridRetriever(source=Index.open(LocalStore(folder, IDENTITY)), encoder=FakeEncoder())


@pytest.fixture
def opened(retriever: HybridRetriever) -> SnapshotInfo:
    def open_(model: FakeChat | None, threshold: float | None = 0.0) -> Pipeline:
        return Pipeline(retriever, retriever.source.documents, model, threshold)

    return open_


def kinds(events: list[Event]) -> list[type]:
    """The kinds of the events, each run of one kind once."""
    return [kind for kind, _ in groupby(map(type, events))]


def test_quotes_come_before_the_draft_and_the_answer_last(opened: SnapshotInfo):
    events = list(opened(FakeChat(says="Siemens installs four gas turbines.")).stream(Ask(QUESTION)))
    assert kinds(events) == [Evidence, Draft, Answer]
    evidence, answer = events[0], events[-1]
    assert isinstance(evidence, Evidence)
    assert isinstance(answer, Answer)
    assert set(answer.quotes) <= set(evidence.quotes)


def test_the_pieces_of_the_draft_are_what_the_model_wrote(opened: SnapshotInfo):
    events = opened(FakeChat(says="Siemens installs four gas turbines.")).stream(Ask(QUESTION))
    written = "".join(event.text for event in events if isinstance(event, Draft))
    assert written.strip() == "Siemens installs four gas turbines."


def test_an_answer_cites_quotes_that_cut(opened: SnapshotInfo):
    pipeline = opened(FakeChat(says="Siemens installs four gas turbines."))
    answer = pipeline.invoke(Ask(QUESTION))
    assert answer.text == "Siemens installs four gas turbines. [1]"
    (quote,) = answer.quotes
    assert quote.text == quote.span.cut(pipeline.documents)
    assert quote.span.doc_id == "turbines.md"


def test_what_the_quotes_do_not_bear_out_is_not_answered(opened: SnapshotInfo):
    answer = opened(
        FakeChat(says="Siemens installs nine wind turbines. Siemens installs gas turbines.")
    ).invoke(Ask(QUESTION))
    assert answer.text == "Siemens installs gas turbines. [1]"
    assert [cut.text for cut in answer.cut] == ["Siemens installs nine wind turbines."]


def test_a_draft_of_which_nothing_is_left_is_no_answer(opened: SnapshotInfo):
    answer = opened(FakeChat(says="Siemens sells nine turbines.")).invoke(Ask(QUESTION))
    assert not answer.answered
    assert answer.reason == NOTHING_SUPPORTED
    assert [cut.text for cut in answer.cut] == ["Siemens sells nine turbines."]
    assert answer.nearest


def test_a_refusal_shows_no_passage_where_none_comes_near(opened: SnapshotInfo):
    answer = opened(FakeChat(), threshold=1.0).invoke(Ask("How fast does a swallow fly?"))
    assert not answer.answered
    assert answer.nearest == ()
    assert answer.reason == "no passage comes near the question"


def test_no_short_answer_is_looked_for_where_none_would_help(retriever: HybridRetriever):
    model = FakeChat(p_yes=0.01, short="Siemens", says="Siemens installs four gas turbines.")
    judge = Judge(Linear({"verdict": 1.0, "short": 1.0}, means={"short": 0.0}), 0.5, {"short": 2.0})
    answer = Pipeline(retriever, retriever.source.documents, model, judge=judge).invoke(Ask(QUESTION))
    assert not answer.answered
    assert not any(template("short") in prompt for prompt in model.prompts)


SETTLES = Judge(
    Linear({"verdict": 1.0}),
    0.5,
    first=FirstVerdict(Linear({"first": 1.0}), refuses_below=0.1, answers_from=0.9),
)
"""A judge to whom a first verdict below 10 % or from 90 % on says enough."""


@pytest.fixture(scope="module")
def of_two_quotes(tmp_path_factory: pytest.TempPathFactory) -> HybridRetriever:
    also = document("Siemens installs gas turbines in Kazakhstan.", "more.md")
    store = LocalStore(tmp_path_factory.mktemp("two"), IDENTITY)
    build_index(store, [CORPUS[0], also], FakeEncoder())
    return HybridRetriever(source=Index.open(store), encoder=FakeEncoder())


def test_a_cell_that_the_question_names_is_shown_though_the_judge_doubts(tmp_path: Path):
    text = "# Piers\n\nNorth pier — Opened: 1911; Length m: 240\nSouth pier — Opened: 1934; Length m: 95\n"
    build_index(LocalStore(tmp_path, IDENTITY), [document(text, "piers.md")], FakeEncoder())
    retriever = HybridRetriever(source=Index.open(LocalStore(tmp_path, IDENTITY)), encoder=FakeEncoder())
    doubtful = FakeChat(p_yes=0.01, short="1934")
    pipeline = Pipeline(retriever, retriever.source.documents, doubtful, 0.5)
    answer = pipeline.invoke(Ask("In which year was the north pier opened?"))
    assert answer.short
    assert answer.short.text == "1911"
    assert [quote.text for quote in answer.quotes] == ["North pier — Opened: 1911; Length m: 240"]
    assert not pipeline.invoke(Ask("In which year was the west pier opened?")).answered


def ask_for_several(folder: Path, text: str, question: str, short: str) -> Answer:
    build_index(LocalStore(folder, IDENTITY), [document(text, "varga.md")], FakeEncoder())
    retriever = HybridRetriever(source=Index.open(LocalStore(folder, IDENTITY)), encoder=FakeEncoder())
    pipeline = Pipeline(retriever, retriever.source.documents, FakeChat(p_yes=0.99, short=short), 0.1)
    return pipeline.invoke(Ask(question))


def test_a_question_for_several_things_gets_the_whole_list(tmp_path: Path):
    text = "# Varga\n\n## Honours\n\n- Wyss Medal of Varga, 1929\n- Gold Badge, 1937\n\nThe end."
    answer = ask_for_several(tmp_path, text, "Which honours did Varga receive?", "Gold Badge")
    assert answer.short
    assert answer.short.text == "Wyss Medal of Varga, 1929\n- Gold Badge, 1937"


def test_a_question_for_several_things_that_gets_a_row_is_told_of_the_others(tmp_path: Path):
    text = "# Directors\n\nBo Vik — Office: Director; Since: 1929\nAnna Lund — Office: Chair; Since: 1937\n"
    answer = ask_for_several(tmp_path, text, "Who were the directors since 1929?", "Bo Vik")
    assert answer.short
    assert answer.note == "There may be more: the table has 1 other row"


@pytest.mark.parametrize(
    ("question", "cell", "shown"),
    [
        (
            "How much revenue did Port have in 2022 and 2021?",
            "341.9",
            "Revenue 2022: 398.6; Revenue 2021: 341.9",
        ),
        ("How much revenue did Port have in 2022?", "398.6", "398.6"),
        ("How much revenue did Port have in 2022 and 2019?", "398.6", "398.6"),
    ],
)
def test_a_question_for_several_years_gets_the_cell_of_each(
    tmp_path: Path, question: str, cell: str, shown: str
):
    text = (
        "# Segments\n\n"
        "EUR million: Port; Revenue 2022: 398.6; Revenue 2021: 341.9; Profit 2022: 41.0\n"
        "EUR million: Sea; Revenue 2022: 198.6; Revenue 2021: 141.9; Profit 2022: 31.0\n"
    )
    answer = ask_for_several(tmp_path, text, question, cell)
    assert answer.short
    assert answer.short.text == shown


def test_a_cell_that_the_question_names_is_shown_with_that_of_the_other_year(tmp_path: Path):
    text = (
        "# Report 2022\n\n"
        "Port segment — Revenue 2022: 398.6; Revenue 2021: 341.9; Profit 2022: 41.0\n"
        "Sea segment — Revenue 2022: 198.6; Revenue 2021: 141.9; Profit 2022: 31.0\n"
    )
    report = document(text, "report.md", title="Report 2022")
    build_index(LocalStore(tmp_path, IDENTITY), [report], FakeEncoder())
    retriever = HybridRetriever(source=Index.open(LocalStore(tmp_path, IDENTITY)), encoder=FakeEncoder())
    pipeline = Pipeline(retriever, retriever.source.documents, FakeChat(p_yes=0.01, short="341.9"), 0.5)
    answer = pipeline.invoke(Ask("revenue of the port segment in 2022 and 2021"))
    assert answer.short
    assert answer.short.text == "Revenue 2022: 398.6; Revenue 2021: 341.9"


def ask_settled(retriever: HybridRetriever, model: FakeChat, threshold: float | None = None) -> Answer:
    documents = retriever.source.documents
    return Pipeline(retriever, documents, model, threshold, judge=SETTLES).invoke(Ask(QUESTION))


@pytest.mark.parametrize(("p_yes", "answered"), [(0.02, False), (0.98, True)])
def test_a_certain_verdict_on_the_best_quote_is_the_last(
    of_two_quotes: HybridRetriever, p_yes: float, answered: bool
):
    model = FakeChat(p_yes=p_yes, short="siemens")
    answer = ask_settled(of_two_quotes, model)
    assert answer.answered is answered
    assert answer.p_answerable == pytest.approx(p_yes, abs=1e-3)
    assert (answer.short is not None) is answered
    assert len(model.prompts) == 1 + answered  # the verdict, and the short answer
    assert not any("[2]" in prompt for prompt in model.prompts)


@pytest.mark.parametrize("first", [None, SETTLES.first])
def test_a_less_certain_verdict_is_enough_for_yes_or_no(
    of_two_quotes: HybridRetriever, first: FirstVerdict | None
):
    model = FakeChat(p_yes=0.3, short="siemens", says="Siemens installs four gas turbines.")
    judge = replace(SETTLES, first=first, yes_or_no=2.0)
    pipeline = Pipeline(of_two_quotes, of_two_quotes.source.documents, model, judge=judge)
    assert not pipeline.invoke(Ask(QUESTION)).answered
    answer = pipeline.invoke(Ask("Does Siemens install gas turbines?"))
    assert answer.answered
    assert answer.p_answerable == pytest.approx(0.76, abs=0.01)


@pytest.mark.parametrize(
    ("p_yes", "threshold", "short"), [(0.7, None, "siemens"), (0.98, 0.95, "siemens"), (0.98, None, "nobody")]
)
def test_the_other_quotes_are_read_where_the_best_settles_nothing(
    of_two_quotes: HybridRetriever, p_yes: float, threshold: float | None, short: str
):
    model = FakeChat(p_yes=p_yes, short=short, says="Siemens installs four gas turbines.")
    assert ask_settled(of_two_quotes, model, threshold).answered
    assert any(template("judge") in prompt and "[2]" in prompt for prompt in model.prompts)


def test_the_short_answer_comes_with_the_quote_it_is_cut_from(opened: SnapshotInfo):
    model = FakeChat(short="siemens", says="Siemens sells nine turbines.")
    answer = opened(model).invoke(Ask(QUESTION))
    assert answer.short is not None
    assert answer.short.text == "Siemens"
    assert answer.short.span.cut({each.id: each for each in CORPUS}) == "Siemens"
    assert answer.text == "Siemens installs four gas turbines in Uzbekistan. [1]"
    assert model.written == []  # the quote is brief: it explains itself


def test_a_short_answer_from_a_long_quote_is_explained(tmp_path: Path):
    text = f"Siemens installs turbines in Uzbekistan{', of many kinds' * 30}."
    store = LocalStore(tmp_path, IDENTITY)
    build_index(store, [document(text, "turbines.md")], FakeEncoder())
    retriever = HybridRetriever(source=Index.open(store), encoder=FakeEncoder())
    model = FakeChat(short="siemens", says="Siemens installs turbines.")
    events = list(Pipeline(retriever, retriever.source.documents, model).stream(Ask(QUESTION)))
    assert kinds(events) == [Evidence, FirstAnswer, Draft, Answer]
    first, answer = events[1], events[-1]
    assert isinstance(answer, Answer)
    assert answer.text == "Siemens installs turbines. [1]"
    assert answer.short is not None
    assert isinstance(first, FirstAnswer)
    assert first.answer.short == answer.short
    assert first.answer.text == f"{text} [1]"


def test_below_the_threshold_nothing_is_drafted_and_the_nearest_is_shown(opened: SnapshotInfo):
    model = FakeChat(says="Siemens installs gas turbines.")
    events = list(opened(model, threshold=1.0).stream(Ask(QUESTION)))
    assert kinds(events) == [Evidence, Answer]
    answer = events[-1]
    assert isinstance(answer, Answer)
    assert (answer.answered, answer.quotes, answer.text) == (False, (), "")
    assert answer.nearest
    assert answer.reason
    assert model.written == []


def test_the_threshold_decides(opened: SnapshotInfo):
    p = opened(FakeChat(says="Siemens."), 0.0).invoke(Ask(QUESTION)).p_answerable
    assert opened(FakeChat(says="Siemens."), p).invoke(Ask(QUESTION)).answered
    assert not opened(FakeChat(says="Siemens."), min(1.0, p + 1e-6)).invoke(Ask(QUESTION)).answered


def test_without_a_threshold_the_fitted_one_is_used(opened: SnapshotInfo):
    assert 0 < opened(FakeChat(), None).threshold < 1
    assert 0 < opened(None, None).threshold < 1


def test_a_model_that_fails_is_judged_by_the_threshold_without_one(retriever: HybridRetriever):
    class Silent(FakeChat):
        def _generate(self, *args: Any, **kwargs: Any) -> ChatResult:
            raise ConnectionRefusedError

    judge = Judge(WEIGHTS.judge.calibration, threshold=0.123)
    failing = Pipeline(retriever, retriever.source.documents, Silent(), judge=judge)
    assert failing.threshold == 0.123
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(client, "LONGEST_WAIT", 0.0)
        assert failing.invoke(Ask(QUESTION)).threshold == WEIGHTS.quotes_only.threshold


def test_without_a_model_the_quotes_are_the_answer(opened: SnapshotInfo):
    answer = opened(None).invoke(Ask(QUESTION))
    assert answer.answered
    assert [sentence.text for sentence in answer.sentences] == [quote.text for quote in answer.quotes]


def test_closing_the_stream_stops_the_model(opened: SnapshotInfo):
    model = FakeChat(says="Siemens installs four gas turbines in Uzbekistan and they have 54 MW each.")
    events = cast(Generator[Event, None, None], opened(model).stream(Ask(QUESTION)))
    while not isinstance(next(events), Draft):
        pass
    events.close()
    assert 0 < len(model.written) < 13


def test_a_follow_up_is_searched_as_it_was_meant(opened: SnapshotInfo):
    model = FakeChat(says="Alstom builds electric locomotives.", rewrites="What does Alstom build?")
    history = (Turn("What does Alstom do in Central Asia?", "Boyet leads it."),)
    answer = opened(model).invoke(Ask("And what does it build?", history))
    assert (answer.question, answer.resolved) == ("And what does it build?", "What does Alstom build?")
    assert answer.quotes[0].span.doc_id == "rail.md"


def test_a_misspelt_question_is_searched_put_right(opened: SnapshotInfo):
    assert opened(None).invoke(Ask("Who builds locomotves?")).resolved == "Who builds locomotives?"


def test_two_questions_in_one_are_answered_each(opened: SnapshotInfo):
    answer = opened(None).invoke(Ask("Who installs gas turbines, and who builds electric locomotives?"))
    assert {quote.span.doc_id for quote in answer.quotes} == {"turbines.md", "rail.md"}
    assert [quote.number for quote in answer.quotes] == list(range(1, len(answer.quotes) + 1))
    assert answer.question == "Who installs gas turbines, and who builds electric locomotives?"


def test_the_second_question_may_refer_to_the_first(opened: SnapshotInfo):
    events = opened(None).stream(Ask("Who leads Alstom in Asia, and what does it build?"))
    first, second = (event.question for event in events if isinstance(event, Evidence))
    assert "Alstom" in first
    assert "Alstom" in second
    assert "build" in second


@pytest.mark.parametrize(
    "question",
    [
        "Who and what is Alstom?",
        "What is the capacity and the price of the plant?",
        "How much gas and how many trains",
        "Really? and what",
        "and how",
        "? and what",
    ],
)
def test_any_question_gets_exactly_one_answer_at_the_end(opened: SnapshotInfo, question: str):
    events = list(opened(None).stream(Ask(question)))
    assert [isinstance(event, Answer) for event in events] == [False] * (len(events) - 1) + [True]


def test_a_document_can_be_left_out(opened: SnapshotInfo):
    answer = opened(None).invoke(
        Ask(QUESTION, document_filter=DocumentFilter(without=frozenset({"turbines.md"})))
    )
    assert {quote.span.doc_id for quote in answer.quotes} == {"rail.md"}


def test_with_every_document_left_out_there_is_no_answer(opened: SnapshotInfo):
    everything = frozenset(each.id for each in CORPUS)
    answer = opened(FakeChat(says="Siemens."), 0.01).invoke(
        Ask(QUESTION, document_filter=DocumentFilter(without=everything))
    )
    assert (answer.answered, answer.nearest, answer.p_answerable) == (False, (), 0.0)


def test_with_every_document_left_out_there_is_no_answer_at_any_threshold(opened: SnapshotInfo):
    everything = frozenset(each.id for each in CORPUS)
    assert (
        not opened(FakeChat(says="Siemens."), 0.0)
        .invoke(Ask(QUESTION, document_filter=DocumentFilter(without=everything)))
        .answered
    )
    assert (
        not opened(None, 0.0)
        .invoke(Ask(QUESTION, document_filter=DocumentFilter(without=everything)))
        .answered
    )


@pytest.mark.parametrize("question", ["", "   \n", "?!", "x" * (MAX_QUESTION_CHARS + 1), "what " * 4_000])
def test_an_empty_or_endless_question_is_refused(opened: SnapshotInfo, question: str):
    with pytest.raises(UserError, match="question"):
        opened(FakeChat()).invoke(Ask(question))


def test_the_longest_question_is_answered(opened: SnapshotInfo):
    assert opened(None).invoke(Ask("turbines " * 222)).answered


@pytest.mark.parametrize("question", ["турбины?", "गैस टर्बाइन?", "👩‍👩‍👧 gas?", "\u202egas turbines\u202c"])
def test_a_question_in_any_script_is_asked(opened: SnapshotInfo, question: str):
    assert opened(None).invoke(Ask(question)).question == question


def test_the_stages_add_up_to_the_total(opened: SnapshotInfo):
    timings = opened(FakeChat(says="Siemens.")).invoke(Ask(QUESTION)).timings
    parts = timings.retrieve + timings.judge + timings.generate
    assert timings.retrieve > 0
    assert timings.total >= parts - 1


def test_it_is_a_langchain_runnable(opened: SnapshotInfo):
    texts = opened(None) | (lambda answer: answer.text)
    assert "gas turbines" in texts.invoke(Ask(QUESTION))


class Held(FakeChat):
    """A model that is at work until the test releases it."""

    _at_work: ThreadEvent = PrivateAttr(default_factory=ThreadEvent)
    _released: ThreadEvent = PrivateAttr(default_factory=ThreadEvent)

    def _generate(self, *args: Any, **kwargs: Any) -> ChatResult:
        self._at_work.set()
        assert self._released.wait(SOON)
        return super()._generate(*args, **kwargs)


@pytest.fixture
def held() -> Iterator[Held]:
    model = Held(says="Siemens installs four gas turbines.")
    yield model
    model._released.set()


@contextmanager
def at_work(pipeline: Pipeline, model: Held) -> Iterator[None]:
    """Somebody's question that the model works on until the block ends."""
    first = Thread(target=pipeline.invoke, args=(Ask(QUESTION),))
    first.start()
    assert model._at_work.wait(SOON)
    yield
    model._released.set()
    first.join(SOON)


def test_a_second_question_gets_its_quotes_before_it_waits(opened: SnapshotInfo, held: Held):
    pipeline = opened(held)
    with at_work(pipeline, held):
        events = pipeline.stream(Ask("What does Alstom build?"))
        first, second = next(events), next(events)
        assert isinstance(first, Evidence)
        assert first.quotes[0].span.doc_id == "rail.md"
        assert second == QueuePosition(1)
        held._released.set()
        rest = list(events)
    assert kinds(rest)[-2:] == [Draft, Answer]


def test_the_numbers_fall_as_others_are_served(opened: SnapshotInfo, held: Held):
    pipeline = opened(held)
    with at_work(pipeline, held):
        second, third = (pipeline.stream(Ask(f"{QUESTION} {i}")) for i in range(2))
        assert [next(second), next(third)]
        assert [next(second), next(third)] == [QueuePosition(1), QueuePosition(2)]
        second.close()
        assert next(third) == QueuePosition(1)
        held._released.set()
        numbers = [event.ahead for event in third if isinstance(event, QueuePosition)]
    assert set(numbers) <= {0, 1}
    assert numbers[-1] == 0


def test_a_follow_up_waits_before_it_is_put_into_words(opened: SnapshotInfo, held: Held):
    held.rewrites = "What does Alstom build?"
    pipeline = opened(held)
    with at_work(pipeline, held):
        asked = len(held.prompts)
        history = (Turn("What does Alstom do in Central Asia?", "Boyet leads it."),)
        events = pipeline.stream(Ask("And what does it build?", history))
        assert next(events) == QueuePosition(1)
        assert len(held.prompts) == asked
        held._released.set()
        found = next(event for event in events if isinstance(event, Evidence))
        assert found.question == "What does Alstom build?"
        events.close()


def test_closing_a_stream_that_waits_leaves_the_line(opened: SnapshotInfo, held: Held):
    pipeline = opened(held)
    with at_work(pipeline, held):
        events = pipeline.stream(Ask("What does Alstom build?"))
        assert [type(next(events)), type(next(events))] == [Evidence, QueuePosition]
        assert pipeline.turns.waiting == 1
        events.close()
        assert pipeline.turns.waiting == 0


def test_a_model_that_fails_lets_the_next_question_have_its_turn(
    opened: SnapshotInfo, monkeypatch: pytest.MonkeyPatch
):
    pipeline = opened(FakeChat(says="Siemens installs four gas turbines."))
    with monkeypatch.context() as broken:
        broken.setattr(client, "LONGEST_WAIT", 0.0)
        broken.setattr(FakeChat, "_generate", lambda *_, **__: 1 / 0)
        assert "did not answer" in pipeline.invoke(Ask(QUESTION)).note
    assert QueuePosition not in kinds(list(pipeline.stream(Ask(QUESTION))))


def test_without_a_model_nobody_waits(opened: SnapshotInfo):
    pipeline = opened(None)
    with pipeline.turns.place():
        assert QueuePosition not in kinds(list(pipeline.stream(Ask(QUESTION))))


@pytest.mark.parametrize("said", ["Thanks!", "ok, great", "Vielen Dank"])
def test_what_asks_nothing_is_not_searched(opened: SnapshotInfo, said: str):
    model = FakeChat(says="Siemens installs four gas turbines.")
    with pytest.raises(UserError, match="ask a question"):
        opened(model).invoke(Ask(said, (Turn(QUESTION, "Siemens."),)))
    assert model.prompts == []


STAFF = """# Staff

Ada Brand — Profession: lawyer; Town: Carrow
Ben Holt — Profession: clerk; Town: Carrow
Cleo Dahl — Profession: lawyer; Town: Lunde
Dan Ek — Profession: lawyer; Town: Tessem
"""


def ask_staff(folder: Path, question: str, draft: str, name: str = "staff.md") -> Answer:
    build_index(LocalStore(folder, IDENTITY), [document(STAFF, name)], FakeEncoder())
    retriever = HybridRetriever(source=Index.open(LocalStore(folder, IDENTITY)), encoder=FakeEncoder())
    chat = FakeChat(p_yes=0.99, says=draft)
    return Pipeline(retriever, retriever.source.documents, chat, 0.1).invoke(Ask(question))


def test_all_rows_with_the_cell_that_is_asked_for_are_the_answer(tmp_path: Path):
    answer = ask_staff(tmp_path, "list the lawyers of the staff", "Ada Brand [1]")
    assert [quote.text.partition(" —")[0] for quote in answer.quotes] == ["Ada Brand", "Cleo Dahl", "Dan Ek"]
    assert answer.answered
    assert not answer.note


def test_a_list_that_has_not_all_rows_alike_says_that_there_are_more(tmp_path: Path):
    rows = STAFF.splitlines()
    draft = f"{rows[2]} [1]\n{rows[4]} [2]"
    answer = ask_staff(tmp_path, "List the lawyers with their hobbies", draft)
    assert len(answer.quotes) == 2
    assert answer.note == "There may be more: the table has 1 other row"


def test_a_name_that_stands_in_a_file_s_name_alone_is_there(tmp_path: Path):
    answer = ask_staff(tmp_path, "Who is the clerk of Kentavo?", "Ben Holt [1]", "staff-list-kentavo.md")
    assert answer.answered


@pytest.mark.parametrize(
    ("question", "called"),
    [
        ("Who leads Kentavo in Europe?", "“Kentavo” or “Europe”"),
        ("who leads kentavo", "“kentavo”"),
        ("who leads the trains of france", "“france”"),
        ("Who is Ada Lund?", "“Ada Lund”"),
        ("Who is Boyet Lund?", "“Boyet Lund”"),
        ("who is boyet kentavo", "“boyet kentavo”"),
        ("Who leads Unit 8?", "“Unit 8”"),
    ],
)
def test_nobody_is_taken_for_one_whom_no_document_names(opened: SnapshotInfo, question: str, called: str):
    answer = opened(FakeChat(says="Boyet leads Alstom.", short="Boyet")).invoke(Ask(question))
    assert not answer.answered
    assert answer.reason == f"no document near the question mentions {called}"


def test_a_refusal_for_a_name_shows_the_nearest_passages(opened: SnapshotInfo):
    answer = opened(None).invoke(Ask("Which electric locomotives does Kentavo build?"))
    assert [quote.span.doc_id for quote in answer.nearest] == ["rail.md"]


def test_one_name_in_a_document_is_enough(opened: SnapshotInfo):
    assert opened(None).invoke(Ask("Who leads Kentavo in Central Asia?")).answered


@pytest.mark.parametrize(
    "question",
    [
        "Who leads ALSTÖM?",
        "Who is the CEO in central asia?",
        "Who is the Landlord?",
        "Who is Ada Boyet?",
        "Who installed turbines last May?",
        "who leads alstom",
        "What is told of the trains on page 3?",
    ],
)
def test_what_may_be_written_otherwise_is_no_absent_name(opened: SnapshotInfo, question: str):
    answer = opened(FakeChat(says="Boyet leads Alstom in Central Asia.")).invoke(Ask(question))
    assert "mentions" not in answer.reason


@pytest.mark.parametrize(
    ("question", "text", "language", "is_name"),
    [
        ("Wie viele Urlaubstage gibt es?", "Der Urlaub beträgt 30 Tage im Jahr.", "de", False),
        ("Wie viele Urlaubstage gibt Kentavo?", "Der Urlaub beträgt 30 Tage im Jahr.", "de", True),
        ("Hoeveel vakantiedagen zijn er?", "De vakantie duurt 30 dagen per jaar.", "nl", False),
    ],
)
def test_a_word_that_is_made_of_words_is_no_absent_name(
    tmp_path: Path, question: str, text: str, language: str, is_name: bool
):
    staff = document(text, "staff.md", language=language)
    build_index(LocalStore(tmp_path, IDENTITY), [staff], FakeEncoder())
    retriever = HybridRetriever(source=Index.open(LocalStore(tmp_path, IDENTITY)), encoder=FakeEncoder())
    answer = Pipeline(retriever, retriever.source.documents, None, 0.0).invoke(Ask(question))
    assert ("mentions" in answer.reason) is is_name


def test_one_document_that_was_chosen_need_not_name_whom_it_is_about(opened: SnapshotInfo):
    question = "What does Kentavo install?"
    chosen = DocumentFilter(only=frozenset({"turbines.md"}))
    assert opened(None).invoke(Ask(question, document_filter=chosen)).answered
    assert not opened(None).invoke(Ask(question)).answered


def test_a_time_without_documents_is_the_reason_before_a_name(opened: SnapshotInfo):
    before = DocumentFilter(period=Period(until=date(1900, 1, 1)))
    assert "dated" in opened(None).invoke(Ask("Who leads Kentavo?", document_filter=before)).reason


def test_a_folder_names_whom_its_documents_are_about(tmp_path: Path):
    report = document(
        "The revenue was 12 million euros in 2022.", "clients/Kentavo_AG/report.md", language="en"
    )
    build_index(LocalStore(tmp_path, IDENTITY), [report], FakeEncoder())
    retriever = HybridRetriever(source=Index.open(LocalStore(tmp_path, IDENTITY)), encoder=FakeEncoder())
    pipeline = Pipeline(retriever, retriever.source.documents, None, 0.0)
    assert pipeline.invoke(Ask("What was the revenue of Kentavo in 2022?")).answered
    assert not pipeline.invoke(Ask("What was the revenue of Brennholm in 2022?")).answered


def test_a_name_may_be_written_otherwise_in_another_language(tmp_path: Path):
    lettre = document("Ada dirige Alstom en Ouzbékistan et au Kazakhstan.", "lettre.md", language="fr")
    build_index(LocalStore(tmp_path, IDENTITY), [lettre], FakeEncoder())
    retriever = HybridRetriever(source=Index.open(LocalStore(tmp_path, IDENTITY)), encoder=FakeEncoder())
    answer = Pipeline(retriever, retriever.source.documents, None, 0.0).invoke(Ask("Who leads Uzbekistan?"))
    assert "mentions" not in answer.reason
