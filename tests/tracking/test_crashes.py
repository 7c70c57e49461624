"""Processes that are killed while they ask and prune lose nothing, and tell nothing twice as new."""

import os
import random
import shutil
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from qa.tracking.store import TrackingStore
from qa.tracking.values import ChangeKind
from tests.tracking.test_tracking import QUESTION, V1, V2, Folder

KILLS = 25
"""For each kind of work."""

QUESTIONS = [QUESTION, "How long is the term of the supply contract?", "Which term has the contract?"]


def in_a_child(work: Callable[[], object], kill_after: float | None = None) -> bool:
    """Do ``work`` in a process of its own; whether it was killed while it did."""
    child = os.fork()
    if not child:
        try:
            work()
        finally:
            os._exit(0)
    if kill_after is not None:
        time.sleep(kill_after)
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status) == -signal.SIGKILL


def killed_at_random(kept: Path, at: Path, work: Callable[[], object], check: Callable[[], bool]) -> None:
    """Kill ``work`` on a copy of ``kept`` at random moments until it was killed often; ``check`` looks at
    what is left, and says whether it was done in part.
    """
    shutil.rmtree(at, ignore_errors=True)
    shutil.copytree(kept, at)
    begun = time.monotonic()
    in_a_child(work)
    takes = time.monotonic() - begun
    chance = random.Random(1)
    killed = partly = 0
    while killed < KILLS:  # some are not killed, because they have ended by then
        shutil.rmtree(at)
        shutil.copytree(kept, at)
        killed += in_a_child(work, chance.uniform(0, takes))
        partly += check()
    assert partly


@pytest.fixture
def changed(tmp_path: Path) -> tuple[Folder, Path]:
    """A folder in which a contract has changed, and a copy of its questions as they were before."""
    folder = Folder(tmp_path)
    folder.put("contract.txt", V1)
    tracker = folder.tracker()
    for each in QUESTIONS:
        tracker.add(each)
    tracker.update()
    assert len(folder.tracked.questions()) == len(QUESTIONS)
    kept = tmp_path / "kept"
    shutil.copytree(folder.tracked.folder, kept)
    folder.put("contract.txt", V2)
    return folder, kept


def test_asking_again_loses_nothing_and_tells_nothing_twice(changed: tuple[Folder, Path]):
    folder, kept = changed
    tracker = folder.tracker()

    def check() -> bool:
        before = len(TrackingStore(folder.tracked.folder).changes())
        tracker.update()  # whatever was left, the next one completes
        changes = TrackingStore(folder.tracked.folder).changes()
        assert sorted(each.question.text for each in changes) == sorted(QUESTIONS)
        assert {each.kind for each in changes} == {ChangeKind.CHANGED}
        assert len({each.id for each in changes}) == len(QUESTIONS)
        for each in changes:
            assert folder.tracked.documents(each.before)["contract.txt"].text == V1
            assert folder.tracked.documents(each.after)["contract.txt"].text == V2
        return 0 < before < len(QUESTIONS)

    killed_at_random(kept, folder.tracked.folder, tracker.update, check)


def test_pruning_is_whole_or_not_at_all(changed: tuple[Folder, Path], tmp_path: Path):
    folder, _ = changed
    for n in range(40):
        folder.put("contract.txt", V1 if n % 2 else V2)
        if n < 6:
            folder.update()
    full = len(folder.tracked.changes())
    kept = tmp_path / "full"
    shutil.copytree(folder.tracked.folder, kept)

    def check() -> bool:
        store = TrackingStore(folder.tracked.folder)
        assert len(store.changes()) in (0, full)
        for question in store.questions():
            for answer in store.history(question):
                assert store.documents(answer)["contract.txt"].text in (V1, V2)
            assert store.latest(question)
        return True

    killed_at_random(
        kept, folder.tracked.folder, lambda: TrackingStore(folder.tracked.folder).prune(-1), check
    )
