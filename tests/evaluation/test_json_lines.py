"""Mistakes in a file of lines are named with the line and what to do."""

from pathlib import Path

import pytest
from pydantic import BaseModel

from qa.errors import UserError
from qa.evaluation.datasets.json_lines import read_records


class Row(BaseModel):
    id: int


def test_every_line_is_read_with_its_number(tmp_path: Path):
    path = tmp_path / "rows.jsonl"
    path.write_text('{"id": 1}\n\n{"id": 2, "note": "a\u2028b"}\n', encoding="utf-8")
    assert read_records(path, "rows", Row.model_validate) == [(1, Row(id=1)), (3, Row(id=2))]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (
            b'{"id": 1}\n{"id": 2',
            "not a file of rows: line 2 is not JSON .* correct that line or take it out",
        ),
        (b'{"id": 1}\n{"is": 2}', "line 2 has no field 'id'"),
        (b'{"id": "x"}', "line 1 has something else in the field 'id' than expected"),
        (b"[]", "line 1 is wrong"),
        (b"\n \n", "is empty; name a file of rows"),
        (b"\xff\xfe", "not text in UTF-8"),
    ],
)
def test_a_mistake_is_named_with_its_line(tmp_path: Path, content: bytes, said: str):
    path = tmp_path / "rows.jsonl"
    path.write_bytes(content)
    with pytest.raises(UserError, match=said):
        read_records(path, "rows", Row.model_validate)


def test_a_missing_file_is_named(tmp_path: Path):
    with pytest.raises(UserError, match=r"gone\.jsonl cannot be read"):
        read_records(tmp_path / "gone.jsonl", "rows", Row.model_validate)
