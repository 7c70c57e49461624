"""Folders that go with what they are for, and what a killed process leaves."""

import gc
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from qa.uploads.temporary import TemporaryFolder, remove_abandoned
from qa.web.ui.gradio_uploads import Uploads
from tests.support.fakes import ROOT

KILLED = """
import sys
from collections.abc import Iterator
from pathlib import Path
from qa.uploads.temporary import TemporaryFolder
folder = TemporaryFolder(Path(sys.argv[1]))
(folder.path / "secret.txt").write_text("What a visitor brought.")
print(folder.path, flush=True)
sys.stdin.read()
"""


@pytest.fixture
def other(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that has a folder in ``tmp_path``."""
    with subprocess.Popen(
        [sys.executable, "-c", KILLED, str(tmp_path)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        yield process
        process.kill()


def test_a_folder_is_its_users_alone_and_goes_with_its_object(tmp_path: Path):
    folder = TemporaryFolder(tmp_path)
    assert folder.path.is_dir()
    assert folder.path.stat().st_mode & 0o077 == 0
    (folder.path / "a.txt").write_text("Text")
    del folder
    gc.collect()
    assert list(tmp_path.iterdir()) == []


def test_a_folder_can_be_removed_before(tmp_path: Path):
    folder = TemporaryFolder(tmp_path)
    folder.remove()
    folder.remove()
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_process_left_is_removed_and_what_a_live_one_has_is_not(
    tmp_path: Path, other: subprocess.Popen[str]
):
    theirs = Path(str(other.stdout and other.stdout.readline()).strip())
    mine = TemporaryFolder(tmp_path)
    remove_abandoned(tmp_path)
    assert theirs.is_dir()
    other.send_signal(signal.SIGKILL)
    other.wait(60)
    assert (theirs / "secret.txt").exists()
    remove_abandoned(tmp_path)
    assert sorted(tmp_path.iterdir()) == [mine.path, mine.path.with_name(f"{mine.path.name}.lock")]


def test_what_is_not_ours_is_left_alone(tmp_path: Path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "a.lock").touch()
    beside = tmp_path / "beside"
    (beside / "attest-notes").mkdir(parents=True)
    (beside / "attest-file").write_text("Text")
    (beside / "attest-link").symlink_to(elsewhere)
    (beside / "attest-link.lock").touch()
    (beside / "attest-linked-lock").mkdir()
    (beside / "attest-linked-lock.lock").symlink_to(elsewhere / "a.lock")
    (beside / "attest-folder").mkdir()
    (beside / "attest-folder.lock").mkdir()
    (beside / "other").mkdir()
    (beside / "other.lock").touch()
    before = sorted(beside.rglob("*"))
    remove_abandoned(beside)
    assert sorted(beside.rglob("*")) == before
    assert elsewhere.is_dir()


def test_what_is_still_open_is_removed_by_the_next_one_to_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """On Windows a file that is open cannot be removed."""
    folder = TemporaryFolder(tmp_path)
    (folder.path / "open.txt").touch()
    with monkeypatch.context() as patch:
        patch.setattr("shutil.rmtree", lambda path, ignore_errors: None)
        folder.remove()
    assert (folder.path / "open.txt").exists()
    remove_abandoned(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_server_that_starts_removes_uploads_that_a_killed_one_left(
    tmp_path: Path, other: subprocess.Popen[str], monkeypatch: pytest.MonkeyPatch
):
    assert other.stdout
    other.stdout.readline()
    other.kill()
    other.wait(60)
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path))
    uploads = Uploads()
    assert list(tmp_path.iterdir()) == []
    assert not uploads.holds(tmp_path / "a.txt")
    assert os.fspath(uploads).startswith(str(tmp_path))


def test_only_what_was_sent_is_held_and_discarded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path / "sent"))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    mine = tmp_path / "mine.txt"
    mine.write_text("Text")
    uploads = Uploads()
    request = Path(uploads)
    sent = [request / digest / name for digest, name in (("1", "a.txt"), ("1", "b.txt"), ("2", "a.txt"))]
    for path in sent:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("Text")
    (request / "2" / "link.txt").symlink_to(mine)
    assert all(map(uploads.holds, sent))
    assert not uploads.holds(mine)
    assert not uploads.holds(request / ".." / ".." / ".." / "mine.txt")
    assert not uploads.holds(request / "2" / "link.txt")
    uploads.discard([mine, *sent[:2]])
    assert mine.exists()
    assert sent[2].exists()
    (request / "2" / "link.txt").unlink()
    uploads.discard(sent[2:])
    assert not request.exists()
