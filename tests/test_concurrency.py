"""Questions take turns at the model, and are told how many come before theirs; work can be stopped."""

from collections.abc import Iterator
from contextlib import ExitStack
from queue import SimpleQueue
from threading import Event, Thread

import pytest

from qa.concurrency import Place, StopToken, Turns
from qa.errors import StoppedError

SOON = 60
"""Seconds after which a test gives up on what should come at once."""


class Reader:
    """Somebody in the line, in a thread of their own, who stays until ``done``."""

    def __init__(self, turns: Turns, name: str, order: list[str]) -> None:
        self.told: SimpleQueue[int] = SimpleQueue()
        self.in_line, self.at_work, self.done = Event(), Event(), Event()
        self._thread = Thread(target=self._read, args=(turns, name, order))
        self._thread.start()
        assert self.in_line.wait(SOON)

    def _read(self, turns: Turns, name: str, order: list[str]) -> None:
        with turns.place() as place:
            self.in_line.set()
            for ahead in place.wait():
                self.told.put(ahead)
            order.append(name)
            self.at_work.set()
            assert self.done.wait(SOON)

    def finish(self) -> None:
        """Leave after the turn, and see that the thread has ended."""
        assert self.at_work.wait(SOON)
        self.done.set()
        self._thread.join(SOON)
        assert not self._thread.is_alive()


def until(told: SimpleQueue[int], ahead: int) -> list[int]:
    """What is told until ``ahead`` is."""
    heard = [told.get(timeout=SOON)]
    while heard[-1] != ahead:
        heard.append(told.get(timeout=SOON))
    return heard


@pytest.fixture
def turns() -> Turns:
    return Turns()


def ahead_of(place: Place) -> int:
    """What a place is told first; 0 where it need not wait."""
    return next(place.wait(), 0)


def test_who_comes_first_is_served_first(turns: Turns):
    order: list[str] = []
    readers = [Reader(turns, name, order) for name in "abcdef"]
    assert turns.waiting == 5
    for reader in readers:
        reader.finish()
    assert order == list("abcdef")
    assert turns.waiting == 0


def test_every_change_of_a_place_is_told_until_its_turn_comes(turns: Turns):
    order: list[str] = []
    readers = [Reader(turns, name, order) for name in "abcd"]
    last = readers[-1]
    heard = until(last.told, 3)
    for reader, ahead in zip(readers, (2, 1), strict=False):
        reader.finish()
        heard += until(last.told, ahead)
    readers[2].finish()
    last.finish()
    while not last.told.empty():
        heard.append(last.told.get())
    assert heard == sorted(heard, reverse=True)
    assert set(heard) == {3, 2, 1, 0}


def test_who_is_not_served_is_told_again_and_again(turns: Turns):
    with turns.place(), turns.place() as place:
        told = place.wait()
        assert [next(told) for _ in range(3)] == [1, 1, 1]


def test_who_leaves_makes_room(turns: Turns):
    with ExitStack() as stay, turns.place():
        second = stay.enter_context(turns.place())
        with turns.place() as third:
            told = third.wait()
            assert (ahead_of(second), next(told)) == (1, 2)
            stay.close()
            assert next(told) == 1
    assert turns.waiting == 0


@pytest.mark.parametrize("failure", [RuntimeError, KeyboardInterrupt, GeneratorExit])
def test_a_failure_gives_the_place_back(turns: Turns, failure: type[BaseException]):
    def fail() -> None:
        with turns.place():
            raise failure

    with pytest.raises(failure):
        fail()
    with turns.place() as place:
        assert ahead_of(place) == 0


def test_an_abandoned_wait_gives_the_place_back(turns: Turns):
    def waiting() -> Iterator[int]:
        with turns.place() as place:
            yield from place.wait()

    with turns.place():
        question = waiting()
        assert next(question) == 1
        question.close()
        assert turns.waiting == 0


def test_as_many_work_at_a_time_as_there_are_slots():
    turns = Turns(2)
    with turns.place() as one, turns.place() as two, turns.place() as three, turns.place() as four:
        assert [ahead_of(place) for place in (one, two, three, four)] == [0, 0, 1, 2]
        assert turns.waiting == 2


def test_many_at_once_are_served_one_at_a_time(turns: Turns):
    inside: list[int] = []
    most: list[int] = []

    def ask(number: int) -> None:
        with turns.place() as place:
            assert all(place.wait())
            inside.append(number)
            most.append(len(inside))
            inside.remove(number)

    threads = [Thread(target=ask, args=(number,)) for number in range(60)]
    for each in threads:
        each.start()
    for each in threads:
        each.join(SOON)
    assert len(most) == 60
    assert set(most) == {1}
    assert turns.waiting == 0


def test_work_goes_on_until_it_is_asked_to_stop():
    stop = StopToken()
    stop.check()
    assert not stop.stopped
    stop.stop()
    assert stop.stopped
    for _ in range(2):
        with pytest.raises(StoppedError, match="start it again"):
            stop.check()


def test_a_stop_can_come_from_an_event_of_the_callers():
    asked = Event()
    stop = StopToken(asked)
    stop.check()
    asked.set()
    assert stop.stopped
