"""The command line without the calls that only POSIX has, as on Windows, and with output that is not UTF-8.

Paths, locks and open files still behave as they do here: this shows only that no command needs a call that is
missing there.
"""

import json
import os
import subprocess
import sys
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from tenacity import stop_after_attempt

from qa.concurrency import usable_cores
from qa.errors import UserError
from qa.index import dense, files
from qa.index.dense import DenseIndex
from qa.index.files import PositionalFile, flush, replace, vacant
from qa.index.index import Index
from qa.index.stores.local import LocalStore
from qa.index.update.update import update_index
from qa.ingest.base import Failure
from qa.ingest.discovery import survey
from qa.ingest.left_out import summary_lines
from qa.ingest.readers import sandbox
from qa.ingest.readers.base import OCR_OFF
from tests.support import sample_files
from tests.support.cli import CommandResult
from tests.support.fakes import IDENTITY, ROOT, FakeEncoder

MISSING = """
import os, sys
import filelock, platformdirs, psutil  # they go by the name of the system, which is not Windows
for name in (
    "fork forkpty pread pwrite preadv sched_getaffinity sched_setaffinity killpg getpgid setsid setpgid "
    "getuid geteuid getgid getegid getgroups getloadavg chown fchown lchown chroot mkfifo nice statvfs "
    "fstatvfs posix_spawn posix_fadvise wait3 wait4"
).split():
    if hasattr(os, name):
        delattr(os, name)
for name in ("fcntl", "resource", "pwd", "grp", "syslog"):
    sys.modules[name] = None
"""
"""Runs first in every Python process below, those that Attest starts among them."""

NAME = "под папка/Größe и вес.html"
"""A document in a subfolder, with a space and letters beyond ASCII, that is read in a process of its own."""

TEXT = "Электростанция в Сырдарье имеет четыре турбины. The plant has four gas turbines of 54 MW each."
QUESTION = "How many gas turbines does the plant have?"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with documents in it, and beside them what is run first."""
    folder = tmp_path_factory.mktemp("portable")
    (folder / "first").mkdir()
    (folder / "first" / "sitecustomize.py").write_text(MISSING, encoding="utf-8")
    document = folder / "my documents" / NAME
    document.parent.mkdir(parents=True)
    document.write_text(f"<h1>Станция</h1><p>{TEXT}</p>", encoding="utf-8")
    (folder / "my documents" / "rail.txt").write_text("Alstom builds electric locomotives.", encoding="utf-8")
    (folder / "my documents" / "scan.pdf").write_bytes(sample_files.scanned())
    return folder


def environment(place: Path, more: Mapping[str, str]) -> dict[str, str]:
    path = os.pathsep.join([str(place / "first"), str(ROOT)])
    ours = {"ATTEST_MODEL": "none", "ATTEST_THRESHOLD": "0", "XDG_DATA_HOME": str(place / "data")}
    return os.environ | {"PYTHONPATH": path} | ours | more


def run(place: Path, *argv: str, **more: str) -> CommandResult:
    done = subprocess.run(
        [sys.executable, "-m", "qa", *argv], cwd=place, env=environment(place, more), capture_output=True
    )
    encoding = more.get("PYTHONIOENCODING", "utf-8")
    out, err = done.stdout.decode(encoding), done.stderr.decode(encoding)
    assert "Traceback" not in err, err
    return CommandResult(done.returncode, out, err)


@pytest.fixture(scope="module")
def indexed(place: Path) -> Path:
    """The same, with an index that was made there."""
    ran = run(place, "index", "my documents")
    assert ran.status == 0, ran.err
    assert "2 documents" in ran.err
    assert "its pages are images (1 page); text recognition (OCR) is off" in ran.err
    assert "scan.pdf" in ran.err
    assert "ATTEST_OCR=eng" in ran.err
    return place


def test_what_is_missing_is_missing(place: Path):
    tried = "import os\nassert not hasattr(os, 'pread')\nimport fcntl"
    done = subprocess.run(
        [sys.executable, "-P", "-c", tried], env=environment(place, {}), capture_output=True
    )
    assert b"ModuleNotFoundError" in done.stderr


def test_a_question_is_answered(indexed: Path):
    ran = run(indexed, "ask", QUESTION, "--json")
    assert ran.status == 0, ran.err
    assert ran.json["quotes"][0]["document"] == NAME
    assert "four gas turbines" in ran.json["quotes"][0]["text"]


def test_passages_are_found(indexed: Path):
    ran = run(indexed, "search", "турбины в Сырдарье", "--json")
    assert ran.json["results"][0]["document"] == NAME


def test_a_document_is_shown_under_its_id(indexed: Path):
    ran = run(indexed, "show", NAME)
    assert ran.status == 0, ran.err
    assert TEXT in ran.out


def test_the_index_is_verified(indexed: Path):
    ran = run(indexed, "verify")
    assert ran.status == 0, ran.err


def test_the_server_starts(indexed: Path):
    with serving(indexed) as address, urllib.request.urlopen(f"{address}health", timeout=60) as answer:
        assert json.load(answer)["documents"] == 2


@contextmanager
def serving(place: Path) -> Iterator[str]:
    command = [sys.executable, "-m", "qa", "serve", "--port", "0"]
    with subprocess.Popen(command, cwd=place, env=environment(place, {}), stdout=subprocess.PIPE) as server:
        assert server.stdout
        try:
            yield server.stdout.readline().decode().partition(" is running at ")[2].strip()
        finally:
            server.terminate()


def test_letters_that_the_output_lacks_are_escaped(indexed: Path):
    ran = run(indexed, "show", NAME, PYTHONUTF8="0", PYTHONIOENCODING="cp1252")
    assert ran.status == 0, ran.err
    assert "four gas turbines" in ran.out
    assert "\\u0421\\u044b\\u0440\\u0434\\u0430\\u0440\\u044c\\u0435" in ran.out


def test_a_file_gets_utf8_whatever_the_system_has(indexed: Path):
    latin = {"PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "LC_ALL": "C"}
    ran = run(indexed, "search", "gas turbines", **latin)
    assert ran.status == 0, ran.err
    assert NAME in ran.out
    assert "четыре турбины" in ran.out


def test_what_the_page_shows_of_a_scan_is_completed_in_the_summary():
    assert "ATTEST" not in OCR_OFF
    (line,) = summary_lines([Failure("a.pdf", OCR_OFF)])
    assert "a.pdf" in line
    assert "turn it on with ATTEST_OCR=eng" in line


def test_cores_are_counted_where_the_system_cannot_say_which_are_ours(monkeypatch: pytest.MonkeyPatch):
    assert usable_cores() == len(os.sched_getaffinity(0))
    monkeypatch.delattr(os, "sched_getaffinity")
    assert usable_cores() == os.cpu_count()


@pytest.mark.parametrize("has_pread", [True, False])
def test_a_file_is_read_at_offsets_and_stays_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, has_pread: bool
):
    if not has_pread:
        monkeypatch.setattr(files, "_pread", None)
    path = tmp_path / "file"
    path.write_bytes(b"line\r\n\x1a end")
    file = PositionalFile(path)
    path.unlink()
    assert (file.size, file.read(4, 6), file.read(4, 0)) == (11, b"\x1a en", b"line")


def test_a_file_that_is_busy_is_replaced_when_it_is_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "new").write_text("new")
    tries = iter([PermissionError("busy"), PermissionError("busy"), None])
    real = Path.replace

    def busy(self: Path, target: Path) -> Path:
        if error := next(tries):
            raise error
        return real(self, target)

    monkeypatch.setattr(Path, "replace", busy)
    replace.retry_with(stop=stop_after_attempt(3))(tmp_path / "new", tmp_path / "old")
    assert (tmp_path / "old").read_text() == "new"


def test_a_file_that_may_not_be_replaced_is_tried_once_where_no_reader_keeps_it(tmp_path: Path):
    with pytest.raises(OSError, match="missing"):
        replace(tmp_path / "missing", tmp_path / "old")


def test_a_name_that_is_taken_gets_a_number(tmp_path: Path):
    assert vacant(tmp_path / "build") == tmp_path / "build"
    for name in ("build", "build-2"):
        (tmp_path / name).mkdir()
    assert vacant(tmp_path / "build") == tmp_path / "build-3"


def test_what_a_reader_has_open_stays_until_the_next_change(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """On Windows nothing of it can be removed; the index goes on, even back to what it was before."""
    corpus, folder = tmp_path / "corpus", tmp_path / "index"
    corpus.mkdir()
    store = LocalStore(folder, IDENTITY)

    def put(text: str) -> set[str]:
        (corpus / "a.txt").write_text(text)
        update_index(store, survey([corpus]), FakeEncoder())
        assert Index.open(store).documents["a.txt"].text == text
        return {path.name for path in folder.iterdir() if path.name.startswith(("build-", "sources-"))}

    put("One.")
    with monkeypatch.context() as patch:
        patch.setattr(Path, "unlink", refuse)
        patch.setattr("shutil.rmtree", keep_all_but_the_manifest)
        assert len(put("Two.")) == 4
        left = put("One.")
        assert [name for name in left if name.endswith("-2")]  # the name that it had is not free
        assert len(left) == 6
    assert len(put("Three.")) == 2


real_unlink = Path.unlink


def refuse(path: Path, missing_ok: bool = False) -> None:
    if path.name.startswith("sources-"):
        raise PermissionError(13, "it is open")
    real_unlink(path, missing_ok)


def keep_all_but_the_manifest(path: Path, ignore_errors: bool = False) -> None:
    if (path / "manifest.json").exists():
        real_unlink(path / "manifest.json")


def test_a_file_is_flushed_and_so_is_a_folder(tmp_path: Path):
    (tmp_path / "file").touch()
    flush(tmp_path / "file")
    flush(tmp_path)


@pytest.mark.parametrize("flat_up_to", [49, 50])
def test_a_folder_may_be_called_what_faiss_cannot_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, flat_up_to: int
):
    monkeypatch.setattr(dense, "_BY_NAME", False)
    monkeypatch.delattr(dense.faiss, "IO_FLAG_MMAP_IFC")
    vectors = np.eye(50, 64, dtype=np.float32)
    folder = tmp_path / "Жан"
    folder.mkdir()
    dense.write_dense(folder, len(vectors), lambda: [vectors], flat_up_to)
    assert DenseIndex.load(folder).search(vectors[7], 1) == [7]


def test_a_file_that_takes_too_much_memory_ends_alone(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sandbox, "LOOK_SECONDS", 0.01)
    with pytest.raises(UserError, match="too much memory"):
        sandbox.read_in_sandbox(sample_files.page(), "a.html", memory=1_000_000)


def test_where_the_system_has_no_limit_a_file_that_takes_too_much_memory_ends_alone(
    place: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("PYTHONPATH", str(place / "first"))
    monkeypatch.setattr(sandbox, "LOOK_SECONDS", 0.01)
    with pytest.raises(UserError, match="too much memory"):
        sandbox.read_in_sandbox(sample_files.page(), "a.html", memory=20_000_000)
