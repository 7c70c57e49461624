"""A folder that is indexed, with and without a tracked question."""

from pathlib import Path

import pytest

from tests.tracking.test_tracking import QUESTION, V1, Folder


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


@pytest.fixture
def tracked(folder: Folder) -> Folder:
    folder.put("contract.txt", V1)
    folder.tracker().add(QUESTION)
    assert folder.update() == []
    assert folder.asked == [QUESTION]
    return folder
