"""Which documents are of a span of time, in a folder and in Milvus alike."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from qa.errors import UserError
from qa.index import document_store
from qa.index.base import Store
from qa.index.index import Index
from qa.index.stores.local import LocalStore
from qa.index.stores.milvus.connection import Address
from qa.index.stores.milvus.store import MilvusStore
from qa.index.update.update import build_index, update_index
from qa.ingest.discovery import survey
from qa.nlp.dates import Period
from qa.pipeline import Ask, Pipeline
from qa.query.document_filter import DocumentFilter
from qa.retrieval.hybrid import POOL, HybridRetriever
from tests.support.fakes import IDENTITY, FakeChat, FakeEncoder, document
from tests.support.milvus_lite_server import Milvus, running

QUESTION = "How many turbines has the plant?"


@pytest.mark.parametrize(
    ("since", "until", "date", "admitted"),
    [
        ("2020-01-01", "2020-12-31", "2020-01-01", True),
        ("2020-01-01", "2020-12-31", "2020-12-31", True),
        ("2020-01-01", "2020-12-31", "2019-12-31", False),
        ("2020-01-01", "2020-12-31", "2021-01-01", False),
        ("2020-05-06", "2020-05-06", "2020-05-06", True),
        ("2020-05-06", None, "9999-12-31", True),
        ("2020-05-06", None, "2020-05-05", False),
        (None, "2020-05-06", "0001-01-01", True),
        (None, "2020-05-06", "2020-05-07", False),
        # A date that is not exact counts as every day it may be.
        ("2020-05-06", "2020-05-06", "2020", True),
        ("2020-05-06", "2020-05-06", "2020-05", True),
        ("2020-05-06", "2020-05-06", "2020-06", False),
        ("2020-02-29", None, "2020-02", True),
        ("2020-03-01", None, "2020-02", False),
        ("2020-12-31", None, "2020", True),
        (None, "2020-01-01", "2020", True),
        (None, "2019-12-31", "2020", False),
        # So does one that is asked for.
        ("2020", "2020", "2020-12-31", True),
        ("2020", "2020", "2021-01-01", False),
        ("2020-02", "2020-02", "2020-02-29", True),
        (None, "2020", "2020-12", True),
        # Without a date, of no time at all.
        ("0001-01-01", "9999-12-31", None, False),
        ("2020-01-01", None, None, False),
        (None, "2020-01-01", None, False),
    ],
)
def test_a_document_is_of_a_time_that_its_date_touches(
    since: str | None, until: str | None, date: str | None, admitted: bool
):
    period = Period.of(since, until)
    assert period
    assert period.matches(date) == admitted


@pytest.mark.parametrize(("since", "until"), [(None, None), ("", ""), ("", None)])
def test_no_dates_are_any_time(since: str | None, until: str | None):
    assert Period.of(since, until) is None


@pytest.mark.parametrize("date", ["2020-13", "2021-02-29", "20", "06.05.2020", "yesterday", "2020-5", "0000"])
def test_what_is_no_date_is_told_in_a_sentence(date: str):
    for given in ((date, None), ("2020", date)):
        with pytest.raises(UserError, match=f"'{date}' is not a date; write it as 2020-12-31"):
            Period.of(*given)


def test_a_time_that_ends_before_it_begins_is_refused():
    with pytest.raises(UserError, match=r"ends on 2020-12-31, before it begins on 2021-01-01"):
        Period.of("2021", "2020")


DATES = {
    "old.md": "1904-05-06",
    "may.md": "2020-05",
    "year.md": "2020",
    "day.md": "2020-12-31",
    "new.md": "2024-05-06",
    "undated.md": None,
}
CROWD = [document(f"{QUESTION} The plant has {n}.", f"crowd/{n}.md", date="1800") for n in range(3 * POOL)]
"""Nearer to the question than the rest, and of no time that is asked for."""
DOCUMENTS = [
    *CROWD,
    *(
        replace(document(f"In town they have {n} turbines. The {n} turbines turn.", doc_id), date=date)
        for n, (doc_id, date) in enumerate(DATES.items(), start=3)
    ),
]


@pytest.fixture(scope="module")
def milvus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Milvus]:
    with running(tmp_path_factory.mktemp("milvus")) as server:
        yield server


@pytest.fixture(scope="module", params=["in a folder", "in a large folder", "in Milvus"])
def retriever(
    request: pytest.FixtureRequest, milvus: Milvus, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[HybridRetriever]:
    """The documents in one place."""
    home = tmp_path_factory.mktemp("home")
    address = Address(milvus.uri, "", request.param.replace(" ", "_"))
    store: Store = LocalStore(home, IDENTITY)
    if "Milvus" in request.param:
        store = MilvusStore(address, IDENTITY, home)
    build_index(store, DOCUMENTS, FakeEncoder())
    with pytest.MonkeyPatch.context() as patch:
        if "large" in request.param:
            patch.setattr(document_store.open_documents, "__defaults__", (0,))
        yield HybridRetriever(source=Index.open(store), encoder=FakeEncoder())


def found(retriever: HybridRetriever, period: Period | None, only: frozenset[str] | None = None) -> set[str]:
    return {
        hit.passage.span.doc_id
        for hit in retriever.search(QUESTION, DocumentFilter(only=only, period=period)).hits
    }


@pytest.mark.parametrize(
    ("since", "until", "expected"),
    [
        ("1801", None, set(DATES) - {"undated.md"}),
        ("2020", "2020", {"may.md", "year.md", "day.md"}),
        ("2020-05-06", "2020-05-06", {"may.md", "year.md"}),
        ("2020-06-01", "2020-12-30", {"year.md"}),
        ("2021", None, {"new.md"}),
        ("1801", "1999", {"old.md"}),
        (None, "1799", set()),
        ("1905", "1999", set()),
    ],
)
def test_only_documents_of_the_time_are_found(
    retriever: HybridRetriever, since: str | None, until: str | None, expected: set[str]
):
    assert found(retriever, Period.of(since, until)) == expected


def test_of_the_documents_chosen_only_those_of_the_time_are_found(retriever: HybridRetriever):
    chosen = frozenset({"old.md", "year.md", "undated.md"})
    assert found(retriever, Period.of("2020", None), chosen) == {"year.md"}
    assert found(retriever, Period.of("2021", None), chosen) == set()


def test_of_any_time_the_nearest_are_found(retriever: HybridRetriever):
    assert found(retriever, None) <= {each.id for each in CROWD}


def test_every_date_is_known(retriever: HybridRetriever):
    assert dict(retriever.source.dates()) == {each.id: each.date for each in DOCUMENTS}


def test_a_time_without_documents_is_told_with_those_that_have_no_date(retriever: HybridRetriever):
    documents = retriever.source.documents
    model = FakeChat(says="It has 3 turbines [1].")
    pipeline = Pipeline(retriever, documents, model, 0.0)
    answer = pipeline.invoke(Ask(QUESTION, document_filter=DocumentFilter(period=Period.of("1905", "1999"))))
    assert not answer.answered
    assert answer.reason == "no document is dated 1905-01-01 to 1999-12-31; 1 of 126 have no date"
    assert model.prompts == []
    dated = Ask(
        QUESTION,
        document_filter=DocumentFilter(only=frozenset({"new.md"}), period=Period.of(None, "2020-05-06")),
    )
    assert pipeline.invoke(dated).reason == "no document is dated 2020-05-06 or earlier"


def test_a_time_with_documents_is_not_blamed_for_what_they_do_not_say(retriever: HybridRetriever):
    pipeline = Pipeline(retriever, retriever.source.documents, None, 1.0)
    for question in (QUESTION, 'Who said "nothing of the kind"?'):
        answer = pipeline.invoke(
            Ask(question, document_filter=DocumentFilter(period=Period.of("2020", "2020")))
        )
        assert not answer.answered
        assert "dated" not in answer.reason


def test_every_part_of_a_question_is_asked_of_that_time(retriever: HybridRetriever):
    pipeline = Pipeline(retriever, retriever.source.documents, None, 0.0)
    question = "How many turbines has the plant, and what turns?"
    answer = pipeline.invoke(Ask(question, document_filter=DocumentFilter(period=Period.of("2024", None))))
    assert {quote.span.doc_id for quote in answer.quotes} == {"new.md"}


def test_what_was_removed_or_joined_is_told_apart_by_date_too(tmp_path: Path):
    folder = tmp_path / "corpus"
    folder.mkdir()
    for n in range(9):
        (folder / f"{n}.md").write_text(f"---\ndate: 20{n:02}\n---\nThe plant has {n} turbines.")
    store = LocalStore(tmp_path / "index", IDENTITY)
    update_index(store, survey([folder]), FakeEncoder())
    (folder / "3.md").unlink()
    (folder / "new.md").write_text("---\ndate: 2004-05\n---\nThe plant has more turbines.")
    update_index(store, survey([folder]), FakeEncoder())
    index = Index.open(store)
    assert len(store.snapshot().segments) == 2
    assert found(HybridRetriever(source=index, encoder=FakeEncoder()), Period.of("2003", "2004")) == {
        "4.md",
        "new.md",
    }
