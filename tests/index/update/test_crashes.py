"""A process that is killed at any moment leaves an index that opens, with each file as before or after."""

import os
import random
import shutil
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from qa.errors import IndexMissingError
from qa.index.index import Index
from qa.index.stores.local import LocalStore
from tests.support.fakes import IDENTITY, candidates
from tests.support.killable_indexer import run

KILLS = int(os.environ.get("KILLS", "1"))
"""Before how many changes of the disk of each kind a process is killed, chosen at random; ``KILLS=1000`` for
all of them. One of each leaves more kinds of states than 40 kills at random times do."""

Change = Callable[[Path], None]


def fill(corpus: Path, names: range) -> None:
    corpus.mkdir(exist_ok=True)
    for n in names:
        (corpus / f"{n}.txt").write_text(f"Harbour {n} has {n * 7} berths. Its master is number {n}.")


def texts(folder: Path) -> dict[str, str]:
    """What the index holds, all of which it finds."""
    try:
        index = Index.open(LocalStore(folder, IDENTITY))
    except IndexMissingError:
        return {}
    assert index.faults() == []
    if index.documents:
        assert {each.passage.span.doc_id for each in candidates(index, "Harbour master", 999)} == set(
            index.documents
        )
    return {doc_id: each.text for doc_id, each in index.documents.items()}


def former(folder: Path) -> dict[str, str]:
    """What the index held before all the changes that it keeps."""
    index = Index.open(LocalStore(folder, IDENTITY))
    found = texts(folder)
    for ref in reversed(index.snapshot.changes):
        change = index.change(ref)
        found = {doc_id: text for doc_id, text in found.items() if doc_id not in change.came}
        found |= {each.id: each.text for each in change.gone}
    return found


def sound(found: dict[str, str], before: dict[str, str], after: dict[str, str]) -> bool:
    """Check that each text is as before or after, and none is lost. Whether it is neither end of the way."""
    for doc_id, text in found.items():
        assert text in (before.get(doc_id), after.get(doc_id))
    assert before.keys() & after.keys() <= found.keys()
    return found not in (before, after)


def expected(corpus: Path) -> dict[str, str]:
    return {path.name: path.read_text() for path in corpus.iterdir()}


def grow(corpus: Path) -> None:
    """So little that it becomes a segment of its own."""
    fill(corpus, range(60, 63))
    (corpus / "3.txt").unlink()
    (corpus / "4.txt").write_text("Harbour 4 was closed.")


def double(corpus: Path) -> None:
    """So much that all segments are merged into one."""
    fill(corpus, range(60, 140))


class Indexer:
    """Starts processes that index, which have imported all they need, so that they are killed at work."""

    def __init__(self, server: "subprocess.Popen[str]") -> None:
        self._server = server
        self.changes: Counter[str] = Counter()
        """How many changes of each kind the last process made to the disk."""

    def __call__(self, corpus: Path, folder: Path, kind: str = "", number: int = 0) -> bool:
        """Index ``corpus``; whether the process was killed before the change of that kind and number."""
        assert self._server.stdin
        assert self._server.stdout
        self._server.stdin.write(f"{corpus}\t{folder}\t{kind}\t{number}\n")
        self._server.stdin.flush()
        *changes, status = self._lines()
        self.changes = Counter(changes)
        return int(status) == -signal.SIGKILL

    def _lines(self) -> Iterator[str]:
        assert self._server.stdout
        for line in self._server.stdout:
            yield line.strip().removeprefix("=")
            if line.startswith("="):
                return


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Indexer]:
    with subprocess.Popen(
        [sys.executable, "-m", "tests.support.killable_indexer"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as server:
        yield Indexer(server)
        assert server.stdin
        server.stdin.close()


@pytest.mark.parametrize("change", [None, grow, double], ids=["first build", "update", "compaction"])
def test_it_is_whole_after_a_kill_before_any_kind_of_change(
    index: Indexer, tmp_path: Path, change: Change | None
):
    corpus, folder, kept = tmp_path / "corpus", tmp_path / "index", tmp_path / "kept"
    fill(corpus, range(60))
    before: dict[str, str] = {}
    kept.mkdir()
    if change:
        run(corpus, kept)
        before = expected(corpus)
        change(corpus)
    after = expected(corpus)
    shutil.copytree(kept, folder)
    index(corpus, folder)
    assert texts(folder) == after
    assert {"os.rename CURRENT.new", "os.rename build-*.new", "os.remove .writer"} <= index.changes.keys()
    chance = random.Random(1)
    killed = partly = 0
    for kind, times in sorted(index.changes.items()):
        for number in chance.sample(range(1, times + 1), min(times, KILLS)):
            shutil.rmtree(folder)
            shutil.copytree(kept, folder)
            killed += index(corpus, folder, kind, number)
            partly += sound(texts(folder), before, after)
            assert not change or former(folder) == before
            index(corpus, folder)  # whatever was left, the next run completes
            assert texts(folder) == after
            assert Index.open(LocalStore(folder, IDENTITY)).coverage.complete
            assert not change or former(folder) == before
            left = {path.name.partition("-")[0] for path in folder.iterdir()}
            assert left - {"changes"} == {"CURRENT", "build", "sources", ".lock"}
    assert killed
    assert partly or change is grow  # so little is one step
