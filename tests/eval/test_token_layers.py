"""The comparison of the embedding model's layers."""

import json
from pathlib import Path

import pytest

from eval.token_layers import DEPTHS, main
from tests.support.fakes import facts


def test_recall_is_shown_for_each_depth_and_without_late_interaction(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    file = tmp_path / "facts.json"
    file.write_text(json.dumps(facts()))
    main([str(file)])
    header, _, *rows = [line.split("|")[1:-1] for line in capsys.readouterr().out.splitlines()]
    assert [cell.strip() for cell in header] == ["depth", "recall@1", "recall@5", "passages_a_question"]
    assert [row[0].strip() for row in rows] == [
        *(f"{depth:.2f}" for depth in DEPTHS),
        "without late interaction",
    ]
    assert all(0 <= float(row[1]) <= float(row[2]) <= 1 for row in rows)
