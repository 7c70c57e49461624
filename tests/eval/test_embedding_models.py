"""The comparison of the embedding models: its figures as ratios, and what it refuses."""

from pathlib import Path

import pytest

from eval.bench.embedding_models import ModelCost, main, report


def test_every_figure_is_also_a_ratio_to_the_first_model():
    costs = [
        ModelCost("minilm", 300, (10.0, 12.0, 60.0), 400 * 2**20),
        ModelCost("default", 300, (10.0, 10.0, 11.0), 440 * 2**20),
    ]
    *_, first, second = [[cell.strip() for cell in row.split("|")] for row in report(costs).splitlines()]
    assert first[1:-1] == ["minilm", "300", "25.0", "1.00", "400", "1.00"]
    assert second[1:-1] == ["default", "300", "30.0", "1.20", "440", "1.10"]


def test_numbers_that_measure_nothing_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert main([str(tmp_path / "none.json"), "--rounds", "0"]) != 0
    assert "at least 1" in capsys.readouterr().err
