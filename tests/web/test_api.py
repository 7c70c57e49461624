"""The HTTP API over the real index without a language model."""

import json
import threading
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path

import httpx
import pytest
from httpx_sse import EventSource
from starlette.testclient import TestClient

from qa import assemble
from qa.config import Config
from qa.errors import AttestError
from qa.export.json import answer_record
from qa.pipeline import Ask, Event, Pipeline
from qa.runtime import StaticRuntime
from qa.schema import Document
from qa.verification import short_answer
from qa.verification.policy import AnswerPolicy
from qa.web import server
from qa.web.api import streams
from tests.support.fakes import FakeChat, answered_by

QUESTION = "How much is the contract in Uzbekistan worth?"
LINES = {"Accept": "application/x-ndjson"}
AT = "http://127.0.0.1"


def client_of(parts: StaticRuntime, settings: Config) -> TestClient:
    return TestClient(server.create(parts, settings), AT, raise_server_exceptions=False)


@pytest.fixture(scope="module")
def client(quick_parts: StaticRuntime, settings: Config) -> TestClient:
    return client_of(quick_parts, settings)


def failing(pipeline: Pipeline, failure: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every question to ``pipeline`` end in ``failure``."""

    def stream(ask: Ask) -> Iterator[Event]:
        raise failure
        yield

    monkeypatch.setattr(pipeline, "stream", stream)


def assert_problem(told: httpx.Response, status: int, said: str = "") -> None:
    """It is an error in the shape of RFC 9457, and its sentence has the words ``said``."""
    assert told.status_code == status
    assert told.headers["content-type"] == "application/problem+json"
    problem = told.json()
    assert set(problem) == {"type", "title", "status", "detail"}
    assert (problem["type"], problem["status"]) == ("about:blank", status)
    assert problem["title"] == HTTPStatus(status).phrase
    assert said in problem["detail"]


def without_timings(record: dict) -> dict:
    return {key: value for key, value in record.items() if key != "timings_ms"}


def test_an_answer_is_what_the_command_line_prints(client: TestClient, quick_pipeline: Pipeline):
    answered = client.post("/ask", json={"question": QUESTION})
    assert answered.status_code == 200
    printed = json.loads(json.dumps(answer_record(quick_pipeline.invoke(Ask(QUESTION)))))
    assert list(answered.json()) == list(printed)
    assert without_timings(answered.json()) == without_timings(printed)
    assert set(answered.json()["timings_ms"]) == {"retrieve", "judge", "generate", "total"}


def test_a_quote_cuts_out_of_its_document(client: TestClient):
    quotes = client.post("/ask", json={"question": QUESTION}).json()["quotes"]
    assert quotes
    for quote in quotes:
        document = client.get(f"/documents/{quote['document']}").json()
        assert document["text"][quote["start"] : quote["end"]] == quote["text"]


def test_a_refusal_says_why_and_what_came_nearest(
    client: TestClient, quick_pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(quick_pipeline, "policy", AnswerPolicy(1.0, 1.0))
    refused = client.post("/ask", json={"question": QUESTION}).json()
    assert (refused["answered"], refused["answer"], refused["quotes"]) == (False, "", [])
    assert refused["nearest"]
    assert refused["reason"]


def test_documents_that_disagree_are_compared(client: TestClient):
    told = client.post("/conflicts", json={}).json()
    assert told["complete"]
    assert told["documents"] == len(client.get("/documents").json()["documents"])
    assert_problem(client.post("/conflicts", json={"documents": ["nowhere"]}), 400, "nowhere")


def test_a_follow_up_is_understood_from_the_history(client: TestClient):
    history = [{"question": "What did Boyet say about Uzbekistan?", "answer": "It is a market."}]
    asked = {"question": "And about Turkmenistan?", "history": history}
    (evidence, *_) = lines_of(client, asked)
    assert "Boyet" in evidence["evidence"]["question"]


def lines_of(client: TestClient, asked: dict, headers: dict[str, str] = LINES) -> list[dict]:
    streamed = client.post("/ask", json=asked, headers=headers)
    assert streamed.headers["content-type"].startswith(LINES["Accept"])
    return [json.loads(line) for line in streamed.text.splitlines()]


@pytest.mark.parametrize(("asked", "headers"), [({}, LINES), ({"stream": True}, {})])
def test_a_stream_has_the_evidence_first_and_the_answer_last(
    quick_parts: StaticRuntime, settings: Config, monkeypatch: pytest.MonkeyPatch, asked: dict, headers: dict
):
    monkeypatch.setattr(quick_parts.pipeline, "model", FakeChat(says="It is worth EUR 1 billion [1]."))
    client = client_of(quick_parts, settings)
    first, *drafts, last = lines_of(client, {"question": QUESTION, **asked}, headers)
    assert list(first) == ["evidence"]
    assert first["evidence"]["quotes"][0]["number"] == 1
    assert "".join(piece["draft"] for piece in drafts).split() == "It is worth EUR 1 billion [1].".split()
    assert list(last) == ["answer"]
    assert last["answer"]["question"] == QUESTION


def test_a_stream_has_the_short_answer_before_it_is_explained(
    quick_parts: StaticRuntime, settings: Config, monkeypatch: pytest.MonkeyPatch
):
    says = FakeChat(short="72 million euros", says="It is worth 72 million euros [1].")
    monkeypatch.setattr(quick_parts.pipeline, "model", says)
    monkeypatch.setattr("qa.verification.short_answer.BRIEF_CHARS", 1)  # so that no quote is brief
    lines = lines_of(client_of(quick_parts, settings), {"question": QUESTION})
    first = next(line["first"] for line in lines if "first" in line)
    assert first["short"] == lines[-1]["answer"]["short"]
    assert first["answered"] is True
    assert [next(iter(line)) for line in lines].index("first") == 1


def events_of(client: TestClient, asked: dict) -> list[tuple[str, object]]:
    """The server-sent events of the answer to a question, read by a client that knows the format."""
    with client.stream("POST", "/ask", json=asked, headers={"Accept": "text/event-stream"}) as streamed:
        assert streamed.headers["content-type"].startswith("text/event-stream")
        assert streamed.headers["cache-control"] == "no-store"
        streamed.read()
        return [(each.event, each.json()) for each in EventSource(streamed).iter_sse()]


@pytest.mark.parametrize("also", [{}, {"stream": True}])
def test_server_sent_events_are_the_lines_under_the_same_names(
    quick_parts: StaticRuntime, settings: Config, monkeypatch: pytest.MonkeyPatch, also: dict
):
    monkeypatch.setattr(quick_parts.pipeline, "model", FakeChat(says="It is worth EUR 1 billion [1]."))
    client = client_of(quick_parts, settings)
    first, *drafts, (name, answer) = events_of(client, {"question": QUESTION, **also})
    lines = lines_of(client, {"question": QUESTION})
    assert [first] == list(lines[0].items())
    assert {each for each, _ in drafts} == {"draft"}
    assert "".join(str(piece) for _, piece in drafts).split() == "It is worth EUR 1 billion [1].".split()
    assert name == "answer"
    assert without_timings(answer) == without_timings(lines[-1]["answer"])


def test_a_quiet_stream_of_events_is_kept_open(
    quick_parts: StaticRuntime, settings: Config, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(streams, "PING_SECONDS", 0.02)
    slow = answered_by(FakeChat(says="It is worth EUR 1 billion [1].", pause=0.1), quick_parts, threshold=0.0)
    asked = {"question": QUESTION}
    streamed = client_of(slow, settings).post("/ask", json=asked, headers={"Accept": "text/event-stream"})
    assert ": ping\n\n" in streamed.text.partition("event: answer")[0]


def test_a_stream_of_events_ends_with_the_problem_of_a_failure(
    client: TestClient, quick_pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
):
    failing(quick_pipeline, AttestError("The model is gone; fetch it with: attest pull"), monkeypatch)
    ((name, problem),) = events_of(client, {"question": QUESTION})
    assert name == "error"
    assert problem == {
        "type": "about:blank",
        "title": "Internal Server Error",
        "status": 500,
        "detail": "The model is gone; fetch it with: attest pull",
    }


def test_an_answer_in_words_says_what_is_known_of_them(
    quick_parts: StaticRuntime, settings: Config, monkeypatch: pytest.MonkeyPatch
):
    said = "The contract for gas turbines in Uzbekistan is now worth 72 million euros [1]. It ended in 1850."
    model = FakeChat(short="72 million euros", says=said)
    monkeypatch.setattr(quick_parts.pipeline, "model", model)
    monkeypatch.setattr(short_answer, "BRIEF_CHARS", 0)  # no quote explains itself
    client = client_of(quick_parts, settings)
    answer = client.post("/ask", json={"question": QUESTION}).json()
    assert "passages_only" not in answer
    short = answer["short"]
    text = client.get(f"/documents/{answer['quotes'][0]['document']}").json()["text"]
    assert text[short["start"] : short["end"]] == short["text"] == "72 million euros"
    (sentence,) = answer["sentences"]
    assert [sentence["text"][start:end] for start, end in sentence["unquoted"]] == ["is now"]
    assert 0 < sentence["support"] < 1
    assert [each["text"] for each in answer["cut"]] == ["It ended in 1850."]
    assert lines_of(client, {"question": QUESTION})[-1]["answer"]["sentences"] == answer["sentences"]


def test_passages_are_told_from_an_answer_in_words(client: TestClient):
    answer = client.post("/ask", json={"question": QUESTION}).json()
    assert answer["passages_only"] is True
    assert {each["text"] for each in answer["sentences"]} == {each["text"] for each in answer["quotes"]}


def test_a_search_returns_passages_best_first(client: TestClient, documents: dict[str, Document]):
    found = client.post("/search", json={"query": "gas turbines", "k": 3}).json()
    assert found["query"] == "gas turbines"
    assert found["reason"] == ""
    assert [each["rank"] for each in found["results"]] == [1, 2, 3]
    for each in found["results"]:
        assert documents[each["document"]].text[each["start"] : each["end"]] == each["text"]


def test_an_overview_has_its_names_dates_and_figures_in_quotes(
    client: TestClient, documents: dict[str, Document]
):
    found = client.post("/overview", json={}).json()
    quotes = {quote["number"]: quote for quote in found["quotes"]}
    for each in (each for kind in found["highlights"].values() for each in kind):
        quote = quotes[each["quote"]]
        assert quote["start"] <= each["start"] < each["end"] <= quote["end"]
        assert documents[quote["document"]].text[each["start"] : each["end"]] == each["text"]
    assert "72 million euros" in {each["text"] for each in found["highlights"]["figures"]}
    assert "Uzbekistan" in {each["text"] for each in found["highlights"]["names"]}
    assert found["whole"]
    assert_problem(client.post("/overview", json={"documents": ["nowhere"]}), 400, "nowhere")


def test_a_summary_comes_with_names_dates_and_figures(client: TestClient):
    answer = client.post("/ask", json={"question": "Summarize the documents"}).json()
    numbers = {quote["number"] for quote in answer["quotes"]}
    assert answer["answered"]
    assert "72 million euros" in {each["text"] for each in answer["highlights"]["figures"]}
    assert {each["quote"] for kind in answer["highlights"].values() for each in kind} <= numbers
    assert "highlights" not in client.post("/ask", json={"question": QUESTION}).json()


def test_documents_of_some_time_are_searched_alone(client: TestClient, documents: dict[str, Document]):
    for since, until in (("2024", ""), ("", "2023-10-23"), ("2025-01", "2025-01-22")):
        dated = {"since": since, "until": until}
        (doc_id,) = (each.id for each in documents.values() if since < str(each.date) <= (until or "9"))
        results = client.post("/search", json={"query": "gas turbines", **dated}).json()["results"]
        assert {each["document"] for each in results} == {doc_id}
        answer = client.post("/ask", json={"question": "What is said about Uzbekistan?", **dated}).json()
        assert {each["document"] for each in answer["quotes"] + answer.get("nearest", [])} == {doc_id}


def test_a_time_without_documents_is_told(client: TestClient):
    refused = client.post("/ask", json={"question": QUESTION, "until": "1999"}).json()
    assert (refused["answered"], refused["nearest"]) == (False, [])
    assert refused["reason"] == "no document is dated 1999-12-31 or earlier"
    searched = client.post("/search", json={"query": QUESTION, "until": "1999"}).json()
    assert searched == {"query": QUESTION, "results": [], "reason": refused["reason"]}


def test_every_document_is_listed_and_can_be_read(client: TestClient, documents: dict[str, Document]):
    listed = client.get("/documents").json()["documents"]
    assert [each["id"] for each in listed] == sorted(documents)
    for each in listed:
        read = client.get(f"/documents/{each['id']}").json()
        assert read == {**each, "text": documents[each["id"]].text}
        assert each["characters"] == len(read["text"])


@pytest.mark.parametrize(
    ("method", "path", "sent", "status", "said"),
    [
        ("POST", "/ask", {"question": " "}, 400, "empty"),
        ("POST", "/ask", {"question": "why " * 1_000}, 400, "characters"),
        ("POST", "/ask", {"question": "Thank you!"}, 400, "nothing was searched"),
        ("POST", "/search", {"query": "?"}, 400, "empty"),
        ("POST", "/ask", {"question": QUESTION, "since": "soon"}, 400, "'soon' is not a date"),
        ("POST", "/search", {"query": "gas", "since": "2021", "until": "2020"}, 400, "before it begins"),
        ("POST", "/ask", {}, 422, "question"),
        ("POST", "/ask", {"question": QUESTION, "histroy": []}, 422, "histroy"),
        ("POST", "/ask", {"question": QUESTION, "history": [{"question": "x"}]}, 422, "history.0.answer"),
        ("POST", "/search", {"query": "gas", "k": 0}, 422, "k"),
        ("POST", "/search", {"query": "gas", "k": 10_000}, 422, "k"),
        ("POST", "/ask", None, 422, "/openapi.json"),
        ("GET", "/documents/unheard-of.md", None, 404, "unheard-of.md"),
        ("GET", "/documents/../../etc/passwd", None, 404, ""),
        ("GET", "/ask", None, 405, "/ask does not take GET"),
        ("DELETE", "/documents", None, 405, "does not take DELETE"),
        ("GET", "/nowhere", None, 404, ""),
        ("GET", "/gradio_api/nowhere", None, 404, ""),
        ("GET", "/file=/etc/passwd", None, 404, "nothing at this address"),
    ],
)
def test_a_mistake_is_told_in_one_sentence(
    client: TestClient, method: str, path: str, sent: object, status: int, said: str
):
    told = client.request(method, path, json=sent)
    assert_problem(told, status, said)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"{", "application/json"),
        (b'{"question": "\xff"}', "application/json"),
        (b"[" * 100_000, "application/json"),
        (b'{"question": "\\ud800?"}', "application/json"),
        (b"question=why", "application/x-www-form-urlencoded"),
        (b"", "application/json"),
        (b'["why"]', "application/json"),
        (b"null", "text/plain"),
    ],
)
def test_a_malformed_body_is_refused(client: TestClient, content: bytes, kind: str):
    told = client.post("/ask", content=content, headers={"Content-Type": kind})
    assert told.status_code in {400, 422}
    assert_problem(told, told.status_code)


def test_a_wrong_method_says_which_are_right(client: TestClient):
    assert client.get("/ask").headers["allow"] == "POST"
    assert client.post("/health").status_code == 405


def test_a_stream_that_cannot_begin_is_refused_before_it_does(client: TestClient):
    refused = client.post("/ask", json={"question": ""}, headers=LINES)
    assert_problem(refused, 400, "empty")


@pytest.mark.parametrize("headers", [{}, LINES])
@pytest.mark.parametrize(
    ("failure", "said", "logged"),
    [
        (KeyError("secret"), "log", "secret"),
        (AttestError("The model is gone; fetch it with: attest pull"), "attest pull", ""),
    ],
)
def test_a_failure_tells_the_client_a_sentence_and_the_log_the_rest(
    client: TestClient,
    quick_pipeline: Pipeline,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    failure: Exception,
    said: str,
    logged: str,
    headers: dict[str, str],
):
    failing(quick_pipeline, failure, monkeypatch)
    told = client.post("/ask", json={"question": QUESTION}, headers=headers)
    if headers:
        assert told.status_code == 200
        assert said in told.json()["error"]["detail"]
        assert told.json()["error"]["status"] == 500
    else:
        assert_problem(told, 500, said)
    assert "secret" not in told.text
    if headers:
        assert logged in caplog.text


def test_a_client_that_leaves_stops_the_model(
    quick_parts: StaticRuntime, settings: Config, monkeypatch: pytest.MonkeyPatch
):
    closed = threading.Event()
    stream = quick_parts.pipeline.stream

    def endless(ask: Ask) -> Iterator[Event]:
        try:
            while True:
                yield from list(stream(ask))[:-1]
        finally:
            closed.set()

    monkeypatch.setattr(quick_parts.pipeline, "stream", endless)
    app = server.create(quick_parts, settings)
    with server.listen("127.0.0.1", 0) as listener, server.run_in_background(app, listener) as address:
        asked = {"question": QUESTION, "stream": True}
        with httpx.stream("POST", f"{address}ask", json=asked, timeout=60) as streamed:
            assert "evidence" in next(streamed.iter_lines())
        assert closed.wait(30)


def test_the_api_describes_itself_from_this_machine(client: TestClient):
    described = client.get("/openapi.json").json()
    assert set(described["paths"]) == {
        *("/grids", "/grids/{grid_id}", "/grids/{grid_id}/progress", "/grids/{grid_id}/grid.{format_}"),
        *("/find", "/conflicts", "/diff", "/diff/markdown", "/diff/states"),
        *("/ask", "/search", "/overview", "/documents", "/documents/{document_id}"),
        *("/documents/{document_id}/file", "/health", "/metrics"),
        *("/v1/models", "/v1/models/{name}", "/v1/chat/completions"),
        *(
            "/tracked",
            "/tracked.json",
            "/tracked.atom",
            "/tracked/{tracked_id}",
            "/tracked/{tracked_id}/history",
        ),
    }
    assert described["openapi"].startswith("3.1")
    answers = described["paths"]["/ask"]["post"]["responses"]
    assert set(answers["200"]["content"]) == {
        *("application/json", "application/x-ndjson", "text/event-stream")
    }
    for path in ("/ask", "/search", "/documents"):
        for method, route in described["paths"][path].items():
            for status, response in route["responses"].items():
                if status >= "400":
                    (kind,) = response["content"]
                    assert kind == "application/problem+json", (path, method, status)
    sent = described["paths"]["/documents"]["post"]["requestBody"]["content"]["multipart/form-data"]
    assert sent["schema"]["properties"]["files"]["type"] == "array"
    assert "422" not in described["paths"]["/v1/chat/completions"]["post"]["responses"]
    answer = described["components"]["schemas"]["AnswerRecord"]
    assert "p_answerable" in answer["required"]
    assert "sentences" in answer["required"]
    assert not {"nearest", "short", "cut", "passages_only"} & set(answer["required"])
    short = described["components"]["schemas"]["ShortAnswerRecord"]
    assert set(short["required"]) == {"text", "quote", "start", "end"}
    assert "of the quote's document" in short["description"]


def test_health_is_told(client: TestClient, documents: dict[str, Document]):
    assert client.get("/health").json() == {"status": "ok", "documents": len(documents)}


def test_a_document_in_a_folder_has_its_path_as_id(settings: Config, tmp_path: Path):
    (tmp_path / "corpus" / "deep").mkdir(parents=True)
    (tmp_path / "corpus" / "deep" / "a b.txt").write_text("Turbines turn.")
    (tmp_path / "corpus" / "other.txt").write_text("Trains run.")
    other = settings.model_copy(update={"index": tmp_path / "index", "model": "none"})
    assemble.index_corpus(other, [tmp_path / "corpus"])
    client = client_of(assemble.open_runtime(other), other)
    assert client.get("/documents/deep/a%20b.txt").json()["text"] == "Turbines turn."


def test_a_question_may_be_put_to_some_documents_alone(client: TestClient):
    rail = "alstom-boyet-interview.md"
    asked = client.post("/search", json={"query": "Uzbekistan", "documents": [rail]}).json()
    assert {each["document"] for each in asked["results"]} == {rail}
    answer = client.post("/ask", json={"question": QUESTION, "documents": [rail]}).json()
    assert {each["document"] for each in answer["quotes"]} <= {rail}
    wrong = client.post("/ask", json={"question": QUESTION, "documents": ["contracts/"]})
    assert_problem(wrong, 400, "no document, folder or collection called contracts/")
