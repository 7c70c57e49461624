"""A corpus that attacks its reader changes nothing in how the honest documents are quoted."""

import dataclasses
from pathlib import Path

import pytest

from qa import assemble
from qa.config import Config
from qa.llm.prompts import task_messages
from qa.pipeline import Ask, Pipeline
from qa.schema import Answer, Document, Quote, Span
from qa.web.ui import document_html
from tests.support.fakes import html_text
from tests.support.prompt_injections import HOSTILE, LIE

QUESTIONS = (
    "What did Boyet say about Uzbekistan?",
    "Will Alstom leave Uzbekistan?",
    "How much is the contract in Uzbekistan worth?",
)


@pytest.fixture(scope="module")
def folder(settings: Config, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The two articles among the hostile documents."""
    folder = tmp_path_factory.mktemp("hostile")
    for article in settings.corpus.glob("*-*.md"):
        (folder / article.name).write_bytes(article.read_bytes())
    for name, text in HOSTILE.items():
        (folder / "hostile" / name).parent.mkdir(exist_ok=True)
        (folder / "hostile" / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def besieged(settings: Config, folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Pipeline:
    """The real pipeline over that corpus."""
    index = tmp_path_factory.mktemp("hostile-index")
    config = settings.model_copy(update={"corpus": folder, "index": index})
    indexed = assemble.index_corpus(config, [folder])
    assert indexed.failures == ()
    return assemble.open_pipeline(config)


@pytest.fixture(scope="module")
def answers(besieged: Pipeline) -> list[Answer]:
    return [besieged.invoke(Ask(question)) for question in QUESTIONS]


def test_there_are_enough_of_them():
    assert len(HOSTILE) >= 25


def test_every_quote_is_still_verbatim(answers: list[Answer], besieged: Pipeline):
    for answer in answers:
        for quote in (*answer.quotes, *answer.nearest):
            assert quote.span.cut(besieged.documents) == quote.text


def test_a_lie_is_never_cited_to_an_honest_document(answers: list[Answer]):
    for answer in answers:
        honest = {q.number for q in answer.quotes if not q.span.doc_id.startswith("hostile/")}
        for sentence in answer.sentences:
            if honest & set(sentence.cites):
                assert "999" not in sentence.text
                assert "2031" not in sentence.text


def test_no_sentence_cites_a_number_that_was_not_offered(answers: list[Answer]):
    for answer in answers:
        offered = {quote.number for quote in answer.quotes}
        assert all(set(sentence.cites) <= offered for sentence in answer.sentences)


def test_the_honest_figure_is_still_found(answers: list[Answer]):
    assert "72 million" in answers[2].text


def test_the_articles_text_is_what_it_was(besieged: Pipeline, documents: dict[str, Document]):
    for doc_id, document in documents.items():
        assert besieged.documents[doc_id].text == document.text


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_a_prompt_holds_no_control_token_of_a_document(name: str):
    quote = Quote(1, Span(name, 0, len(HOSTILE[name])), HOSTILE[name], name, None)
    prompt = str(task_messages("answer", "What did Boyet say?", [quote])[-1].content)
    assert "<|" not in prompt
    assert "[INST]" not in prompt
    assert prompt.count("\nQuestion: ") == 1


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_a_page_shows_a_document_as_text(name: str, besieged: Pipeline):
    document = besieged.documents[f"hostile/{name}"]
    page = document_html.document_html(document, [Span(document.id, 0, 5)])
    for tag in ("<script", "<img", "<iframe", "<style", "<a href='javascript"):
        assert tag not in page
    assert document.text in html_text(page)


def test_a_lie_is_dated_and_named_as_its_own_document(besieged: Pipeline):
    quotes = [q for e in [besieged.invoke(Ask(LIE))] for q in (*e.quotes, *e.nearest) if LIE in q.text]
    assert all(quote.span.doc_id.startswith("hostile/") for quote in quotes)
    assert all(dataclasses.asdict(quote)["date"] is None for quote in quotes)
