"""``attest mcp`` as an assistant starts it, asked by the SDK's own client."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

import pytest
from mcp import ClientSession, StdioServerParameters
from mcp.client.stdio import stdio_client
from pydantic import AnyUrl

from qa import __version__
from qa.config import Config
from qa.index.index import Index
from qa.index.stores.local import LocalStore
from qa.index.update.update import build_index
from qa.pipeline import Pipeline
from qa.retrieval.hybrid import HybridRetriever
from qa.runtime import StaticRuntime
from qa.schema import Document
from qa.web.mcp import create_mcp_server
from qa.web.tools import Tools
from tests.support.fakes import IDENTITY, FakeEncoder, document

T = TypeVar("T")
QUESTION = "How much is the contract in Uzbekistan worth?"
RAIL = "alstom-boyet-interview.md"

Talk = Callable[[Callable[[ClientSession], Awaitable[T]]], T]


@pytest.fixture(scope="module")
def talk(settings: Config, index: Index, tmp_path_factory: pytest.TempPathFactory) -> Talk:
    """Starts a server without a language model, and lets a client talk to it."""
    elsewhere = tmp_path_factory.mktemp("elsewhere")

    def run(conversation: Callable[[ClientSession], Awaitable[T]]) -> T:
        async def go() -> T:
            server = StdioServerParameters(
                command=sys.executable,
                args=["-m", "qa", "mcp", "--index", str(settings.index)],
                env={**os.environ, "ATTEST_MODEL": "none", "ATTEST_THRESHOLD": "0"},
                cwd=elsewhere,
            )
            async with stdio_client(server) as (read, write), ClientSession(read, write) as session:
                return await conversation(session)

        return asyncio.run(asyncio.wait_for(go(), 120))

    return run


def test_an_assistant_finds_the_tools_and_whose_they_are(talk: Talk):
    async def look(session: ClientSession) -> tuple[str, str, set[str]]:
        begun = await session.initialize()
        listed = await session.list_tools()
        assert all(tool.outputSchema for tool in listed.tools)
        return begun.serverInfo.name, begun.serverInfo.version, {tool.name for tool in listed.tools}

    reading = {"ask", "search", "list_documents", "read_document"}
    offered = {*reading, "find", "find_conflicts", "overview", "what_changed"}
    tracking = {"track", "list_tracked"}
    grids = {"start_grid", "read_grid"}
    assert talk(look) == ("Attest", __version__, offered | tracking | grids)


def test_an_assistant_tracks_a_question(talk: Talk):
    async def track(session: ClientSession) -> None:
        await session.initialize()
        added = (await session.call_tool("track", {"question": QUESTION})).structuredContent
        assert added["due"]
        for _ in range(600):
            listed = (await session.call_tool("list_tracked", {})).structuredContent
            if not listed["tracked"][0]["due"]:
                break
            await asyncio.sleep(0.1)
        assert listed["tracked"][0]["answer"]["quotes"]
        assert listed["changes"] == []
        refused = await session.call_tool("track", {"question": "thanks"})
        assert refused.isError

    talk(track)


def test_an_assistant_asks_every_document_every_question(talk: Talk):
    async def ask(session: ClientSession) -> None:
        await session.initialize()
        given = {"questions": f"{QUESTION}\nthanks"}
        made = (await session.call_tool("start_grid", given)).structuredContent
        assert made["left_out"][0].startswith("Line 2 is left out: this asks nothing")
        read = {"grid": made["id"], "first": 1, "limit": 1}
        for _ in range(600):
            page = (await session.call_tool("read_grid", read)).structuredContent
            if not page["filling"]:
                break
            await asyncio.sleep(0.1)
        assert (page["documents"], len(page["rows"]), page["next"]) == (2, 1, None)
        assert page["rows"][0]["cells"][0]["quotes"]
        refused = await session.call_tool("read_grid", {"grid": "nowhere"})
        assert refused.isError
        assert "There is no such grid" in refused.content[0].text

    talk(ask)


def test_an_answer_has_quotes_that_cut_out_of_the_documents_it_reads(
    talk: Talk, documents: dict[str, Document]
):
    async def ask(session: ClientSession) -> None:
        await session.initialize()
        answer = (await session.call_tool("ask", {"question": QUESTION})).structuredContent
        assert answer["quotes"]
        for quote in answer["quotes"]:
            read = await session.call_tool("read_document", {"document": quote["document"]})
            text = read.structuredContent["text"]
            assert text[quote["start"] : quote["end"]] == quote["text"]
            resource = await session.read_resource(AnyUrl(f"attest:///{quote['document']}"))
            assert resource.contents[0].text == text

    talk(ask)


def test_a_document_in_a_folder_has_an_address(tmp_path: Path):
    wind = document("Wind turns the turbines of Baku.", "old/the wind.txt")
    store = LocalStore(tmp_path, IDENTITY)
    build_index(store, [wind], FakeEncoder())
    index = Index.open(store)
    retriever = HybridRetriever(source=index, encoder=FakeEncoder())
    parts = StaticRuntime(index, FakeEncoder(), IDENTITY, Pipeline(retriever, index.documents, None))
    (read,) = asyncio.run(create_mcp_server(Tools(parts)).read_resource("attest:///old%2Fthe%20wind.txt"))
    assert read.content == wind.text


def test_documents_are_listed_and_searched_alone(talk: Talk, documents: dict[str, Document]):
    async def search(session: ClientSession) -> None:
        await session.initialize()
        listed = (await session.call_tool("list_documents", {})).structuredContent["result"]
        assert {each["id"] for each in listed} == set(documents)
        found = await session.call_tool("search", {"query": "Uzbekistan", "k": 3, "within": RAIL})
        assert {each["document"] for each in found.structuredContent["results"]} == {RAIL}

    talk(search)


def test_an_overview_is_of_the_documents_that_are_named(talk: Talk):
    async def look(session: ClientSession) -> None:
        await session.initialize()
        found = (await session.call_tool("overview", {"within": RAIL})).structuredContent
        assert {quote["document"] for quote in found["quotes"]} == {RAIL}
        assert "Alstom" in {each["text"] for each in found["highlights"]["names"]}

    talk(look)


MISTAKES = (
    ("ask", {"question": "  "}, "empty"),
    ("ask", {"question": QUESTION, "since": "soon"}, "not a date"),
    ("search", {"query": "gas", "within": "nowhere"}, "no document, folder or collection called nowhere"),
    ("read_document", {"document": "nowhere"}, "no document called nowhere"),
)


def test_a_mistake_is_said_in_a_sentence(talk: Talk):
    async def call(session: ClientSession) -> list[str]:
        await session.initialize()
        results = [await session.call_tool(tool, given) for tool, given, _ in MISTAKES]
        assert all(result.isError for result in results)
        return [result.content[0].text for result in results]

    for said, (_, _, words) in zip(talk(call), MISTAKES, strict=True):
        assert words in said
        assert "Traceback" not in said


def test_without_an_index_the_command_says_what_to_do(tmp_path: Path):
    ran = subprocess.run(
        [sys.executable, "-m", "qa", "mcp", "--index", str(tmp_path / "none")],
        env={**os.environ, "ATTEST_MODEL": "none"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    assert ran.returncode != 0
    assert ran.stdout == ""
    assert "attest index" in ran.stderr
    assert "Traceback" not in ran.stderr
