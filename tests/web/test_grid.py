"""The page of grids over HTTP."""

import re
import time
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from qa.config import Config
from qa.runtime import StaticRuntime
from qa.web import server
from qa.web.security.auth import set_password

AT = "http://127.0.0.1:7860"
QUESTION = "How much is the contract in Uzbekistan worth?"


@pytest.fixture
def config(settings: Config, tmp_path: Path) -> Config:
    return settings.model_copy(update={"model": "none", "index": tmp_path / "index"})


def test_a_grid_is_made_filled_opened_and_corrected(quick_parts: StaticRuntime, config: Config):
    client = TestClient(server.create(quick_parts, config), AT, client=("127.0.0.1", 50_000))
    shown = client.post("/pages/grid/new", data={"questions": QUESTION})
    for _ in range(600):
        if "2 of 2 cells filled" in shown.text:
            break
        time.sleep(0.1)
        shown = client.get(str(shown.url))
    assert "2 of 2 cells filled" in shown.text
    id_ = shown.url.params["id"]
    sha256 = re.findall(r'name="sha256" value="(\w+)"', shown.text)[0]
    form = {"sha256": sha256, "question": QUESTION, "answer": "<b>nine</b>"}
    shown = client.post(f"/pages/grid/{id_}/correct", data=form)
    assert "&lt;b&gt;nine&lt;/b&gt;" in shown.text
    assert "Corrected by a reader" in shown.text
    cell = client.get(f"/pages/grid/{id_}/grid.json").json()["rows"][0]["cells"][0]
    assert (cell["answer"], cell["filled_by"]) == ("<b>nine</b>", "reader")
    shown = client.post(f"/pages/grid/{id_}/correct", data=form | {"undo": "1"})
    assert "Corrected by a reader" not in shown.text
    assert client.post("/pages/grid/new", data={"questions": " "}).status_code == 422
    assert "There is no such grid" in client.get("/grid?id=../../x").text


def test_strangers_see_no_grids(quick_parts: StaticRuntime, config: Config, tmp_path: Path):
    set_password(tmp_path / "accounts", "ada", "correct horse")
    guarded = config.model_copy(update={"auth": tmp_path / "accounts"})
    client = TestClient(server.create(quick_parts, guarded), AT, client=("127.0.0.1", 50_000))
    assert client.get("/grid").status_code == 401
    assert client.post("/pages/grid/new", data={"questions": QUESTION}).status_code == 401
