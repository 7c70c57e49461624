"""Grids over HTTP, for programs."""

import io
import time
from pathlib import Path

import pytest
from openpyxl import load_workbook
from starlette.testclient import TestClient

from qa.config import Config
from qa.runtime import StaticRuntime
from qa.web import server
from qa.web.security.auth import new_token, set_password

AT = "http://127.0.0.1:7860"
QUESTION = "How much is the contract in Uzbekistan worth?"
TURBINES = "siemens-energy-central-asia.md"


@pytest.fixture
def config(settings: Config, tmp_path: Path) -> Config:
    return settings.model_copy(update={"model": "none", "index": tmp_path / "index"})


def opened(parts: StaticRuntime, config: Config, **headers: str) -> TestClient:
    return TestClient(server.create(parts, config), AT, client=("127.0.0.1", 50_000), headers=headers)


def filled(client: TestClient, id_: str) -> dict:
    """The rows of a grid once nothing fills it any more."""
    for _ in range(600):
        page = client.get(f"/grids/{id_}").json()
        if not page["filling"]:
            return page
        time.sleep(0.1)
    pytest.fail("The grid is not filled")


def test_a_program_makes_a_grid_follows_it_and_takes_it_away(quick_parts: StaticRuntime, config: Config):
    client = opened(quick_parts, config)
    made = client.post("/grids", json={"questions": [QUESTION, "thanks", QUESTION.upper()]})
    assert made.status_code == 201
    id_ = made.json()["id"]
    assert [each.partition(":")[0] for each in made.json()["left_out"]] == [
        "Line 2 is left out",
        "Line 3 is left out",
    ]
    page = filled(client, id_)
    assert page["progress"] == {"cells": 2, "filled": 2, "by_model": 0, "corrected": 0}
    assert client.get(f"/grids/{id_}/progress").json()["progress"] == page["progress"]
    rail, turbines = page["rows"]
    assert turbines["document"] == TURBINES
    assert not rail["cells"][0]["found"]
    assert rail["cells"][0]["nearest"]
    (quote,) = turbines["cells"][0]["quotes"]
    text = client.get(f"/documents/{TURBINES}").json()["text"]
    assert text[quote["start"] : quote["end"]] == quote["text"]
    first = client.get(f"/grids/{id_}", params={"limit": 1}).json()
    assert (len(first["rows"]), first["next"]) == (1, 1)
    rest = client.get(f"/grids/{id_}", params={"first": 1}).json()
    assert (first["rows"] + rest["rows"], rest["next"]) == (page["rows"], None)
    assert client.get(f"/grids/{id_}/grid.json").json()["rows"] == page["rows"]
    assert client.get(f"/grids/{id_}/grid.csv").text.count(QUESTION) == 2
    book = load_workbook(io.BytesIO(client.get(f"/grids/{id_}/grid.xlsx").content))
    assert quote["text"] in book["Grid"]["C3"].comment.text
    assert [each["id"] for each in client.get("/grids").json()["grids"]] == [id_]
    assert client.delete(f"/grids/{id_}").status_code == 204
    assert client.get("/grids").json() == {"grids": []}


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"questions": [" "]}, "There is no question"),
        ({"questions": [QUESTION], "documents": ["nowhere"]}, "nowhere"),
        ({"questions": [f"Who is number {n}?" for n in range(1_001)]}, "1000"),
        ({"questions": [QUESTION], "more": 1}, "more"),
    ],
)
def test_what_makes_no_grid_is_refused(quick_parts: StaticRuntime, config: Config, body: dict, words: str):
    client = opened(quick_parts, config)
    refused = client.post("/grids", json=body)
    assert refused.status_code in {400, 422}
    assert refused.headers["content-type"] == "application/problem+json"
    assert words in refused.text
    assert client.get("/grids").json() == {"grids": []}


@pytest.mark.parametrize("path", ["", "/progress", "/grid.csv"])
@pytest.mark.parametrize("id_", ["0123456789abcdef", "..%2Fx"])
def test_a_grid_that_is_not_there_is_a_problem(
    quick_parts: StaticRuntime, config: Config, id_: str, path: str
):
    refused = opened(quick_parts, config).get(f"/grids/{id_}{path}")
    assert refused.status_code == 404
    assert refused.headers["content-type"] == "application/problem+json"


def test_each_program_sees_its_own_grids(quick_parts: StaticRuntime, config: Config, tmp_path: Path):
    accounts = tmp_path / "accounts"
    set_password(accounts, "ada", "correct horse")
    tokens = [new_token(accounts, name) for name in ("one", "two")]
    guarded = config.model_copy(update={"auth": accounts})
    assert opened(quick_parts, guarded).post("/grids", json={"questions": [QUESTION]}).status_code == 401
    one, two = (opened(quick_parts, guarded, Authorization=f"Bearer {token}") for token in tokens)
    id_ = one.post("/grids", json={"questions": [QUESTION]}).json()["id"]
    assert one.get(f"/grids/{id_}").status_code == 200
    assert two.get(f"/grids/{id_}").status_code == 404
    assert two.delete(f"/grids/{id_}").status_code == 404
    assert two.get("/grids").json() == {"grids": []}
