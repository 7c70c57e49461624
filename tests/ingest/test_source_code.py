"""Source code, settings and logs: text as it is, with its lines as places."""

from pathlib import Path

import pytest

from qa.errors import UserError
from qa.ingest.discovery import load
from qa.ingest.documents import SUFFIXES, parse

CODE = "def power() -> int:\n    # Four turbines.\n    return 4 * 54\n"


@pytest.mark.parametrize(
    "name", ["a.py", "a.ts", "a.JAVA", "a.sql", "a.R", "a.css", "a.yaml", "a.toml", "a.ini", "a.cfg"]
)
def test_it_is_read_as_it_is_with_its_lines(name: str):
    document = parse(CODE.encode(), name)
    assert document.text == CODE.strip()
    assert [place.label for place in document.places] == ["line 1", "line 2", "line 3"]
    assert document.text[document.places[1].start :].startswith("    # Four turbines.")


def test_an_entry_of_a_log_goes_on_in_the_lines_that_are_indented():
    log = "10:01 started\n10:02 failed\n  at main.py:3\n\n10:03 ended\n"
    document = parse(log.encode(), "server.log")
    assert document.text == "10:01 started\n\n10:02 failed\n  at main.py:3\n\n10:03 ended"
    assert [place.label for place in document.places] == ["line 1", "line 2", "line 5"]


def test_aliases_in_yaml_are_not_expanded():
    bomb = "a: &a [x]\n" + "".join(
        f"{b}: &{b} [{','.join(f'*{a}' for _ in range(10))}]\n"
        for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    )
    assert parse(bomb.encode(), "bomb.yml").text == bomb.strip()


@pytest.mark.parametrize("name", ["a.ts", "a.m", "a.log", "a.rst"])
def test_other_files_with_the_same_ending_are_refused(name: str):
    with pytest.raises(UserError, match="binary"):
        parse(b"G\x40\x00\x10\x00" * 100, name)


def test_a_folder_of_code_is_read_without_what_tools_put_there(tmp_path: Path):
    for name in ("own.js", "node_modules/theirs/index.js", "__pycache__/a.py", ".venv/b.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(CODE)
    assert [document.id for document in load([tmp_path]).documents] == ["own.js"]


def test_a_visitor_can_upload_it():
    assert {".py", ".yaml", ".log", ".rst"} <= SUFFIXES
