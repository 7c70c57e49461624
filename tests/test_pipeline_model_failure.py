"""A language model that fails: the question is answered without it, and the reader is told."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

import pytest
from langchain_core.messages import BaseMessage
from langchain_core.outputs import ChatGenerationChunk, ChatResult
from pydantic import PrivateAttr

from qa.cli.terminal import answer_text
from qa.export.json import answer_record
from qa.export.markdown import answer_markdown
from qa.export.text import plain_text
from qa.index.index import Index
from qa.index.stores.local import LocalStore
from qa.index.update.update import build_index
from qa.llm import client
from qa.pipeline import Ask, Pipeline
from qa.retrieval.hybrid import HybridRetriever
from qa.schema import Answer, Turn
from qa.verification.verify import restore
from qa.web.ui.answer_html import answer_html
from tests.support.fakes import IDENTITY, FakeChat, FakeEncoder, document

CORPUS = [
    document("Siemens installs four gas turbines in Uzbekistan. They have 54 MW each.", "turbines.md"),
    document("Boyet leads Alstom in Central Asia. Alstom builds electric locomotives.", "rail.md"),
]
QUESTION = "What does Siemens install in Uzbekistan?"
SAID = "Siemens installs four gas turbines in Uzbekistan."


class RateLimitError(Exception):
    """As a provider raises it, with the key in what it says."""


class Moody(FakeChat):
    """Fails at the first ``judging`` replies (all: -1), and after ``words`` words of the first drafts."""

    judging: int = 0
    words: int = -1
    drafts: int = 99
    _failed: int = PrivateAttr(0)

    def _generate(self, messages: list[BaseMessage], *args: Any, **kwargs: Any) -> ChatResult:
        if self.judging < 0 or self._failed < self.judging:
            self._failed += 1
            raise RateLimitError("slow down, sk-secret")
        return super()._generate(messages, *args, **kwargs)

    def _stream(
        self, messages: list[BaseMessage], *args: Any, **kwargs: Any
    ) -> Iterator[ChatGenerationChunk]:
        for n, chunk in enumerate(super()._stream(messages, *args, **kwargs)):
            if n == self.words and self.drafts:
                self.drafts -= 1
                raise RateLimitError("slow down, sk-secret")
            yield chunk


@pytest.fixture(scope="module")
def retriever(tmp_path_factory: pytest.TempPathFactory) -> HybridRetriever:
    store = LocalStore(tmp_path_factory.mktemp("index"), IDENTITY)
    build_index(store, CORPUS, FakeEncoder())
    return HybridRetriever(source=Index.open(store), encoder=FakeEncoder())


@pytest.fixture(autouse=True)
def no_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "LONGEST_WAIT", 0.0)


def answer(retriever: HybridRetriever, model: FakeChat | None, *history: Turn) -> Answer:
    pipeline = Pipeline(retriever, retriever.source.documents, model, 0.0)
    return pipeline.invoke(Ask(QUESTION, history))


def test_a_model_that_answers_at_the_second_attempt_is_waited_for(retriever: HybridRetriever):
    found = answer(retriever, Moody(says=SAID, judging=client.ATTEMPTS - 1))
    assert (found.note, found.sentences[0].text) == ("", SAID)


def test_a_draft_that_begins_at_the_last_attempt_is_waited_for(retriever: HybridRetriever):
    found = answer(retriever, Moody(says=SAID, words=0, drafts=client.ATTEMPTS - 1))
    assert (found.note, found.sentences[0].text) == ("", SAID)


def test_of_a_question_in_two_parts_the_silent_model_is_asked_once(retriever: HybridRetriever):
    model = Moody(judging=client.ATTEMPTS, says=SAID)
    pipeline = Pipeline(retriever, retriever.source.documents, model, 0.0)
    found = pipeline.invoke(Ask("What does Siemens install in Uzbekistan and what does Alstom build?"))
    assert found.note
    assert model.prompts == []
    assert {quote.span.doc_id for quote in found.quotes} == {"turbines.md", "rail.md"}


@pytest.mark.parametrize(
    "model",
    [Moody(judging=-1), Moody(says=SAID, words=0), Moody(says=SAID, words=4)],
    ids=["while judging", "before a word", "in the middle"],
)
def test_the_quotes_answer_where_the_model_does_not(retriever: HybridRetriever, model: FakeChat):
    found = answer(retriever, model)
    alone = answer(retriever, None)
    assert found.answered
    assert [each.text for each in found.sentences] == [each.text for each in alone.sentences]
    assert "did not answer (RateLimitError)" in found.note
    for shown in (plain_text(found), answer_markdown(found), answer_html(found), answer_text(found)):
        assert "did not answer" in shown
    assert answer_record(found)["note"] == found.note


def test_a_follow_up_is_understood_without_the_model(retriever: HybridRetriever):
    pipeline = Pipeline(retriever, retriever.source.documents, Moody(judging=-1), 0.0)
    found = pipeline.invoke(Ask("And where?", (Turn(QUESTION, SAID),)))
    assert found.resolved == f"{QUESTION.rstrip('?')}: And where?"
    assert found.note


def test_a_refusal_says_that_it_was_made_without_the_model(retriever: HybridRetriever):
    pipeline = Pipeline(retriever, retriever.source.documents, Moody(judging=-1))
    found = pipeline.invoke(Ask("Who wrote the opera about the lighthouse?"))
    assert not found.answered
    assert "did not answer" in found.note
    assert "did not answer" in answer_html(found)


def test_what_a_provider_says_of_a_key_is_told_to_nobody(
    retriever: HybridRetriever, caplog: pytest.LogCaptureFixture
):
    found = answer(retriever, Moody(judging=-1))
    assert "RateLimitError" in caplog.text
    assert "sk-secret" not in caplog.text + found.note


def test_a_draft_that_says_nothing_is_no_answer_of_the_models(retriever: HybridRetriever):
    for nonsense in ("", "\x00\ufffd", "<|im_end|>", "[[[[1]]]]", "no no no " * 200):
        found = answer(retriever, FakeChat(says=nonsense))
        for quote in found.quotes or found.nearest:
            assert quote.span.cut(retriever.source.documents) == quote.text


def test_a_kept_answer_keeps_its_note(retriever: HybridRetriever):
    found = answer(retriever, Moody(judging=-1))
    assert restore(asdict(found), retriever.source.documents) == found
