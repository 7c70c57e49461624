"""Measure how long each stage of an answer takes."""

import time

from qa.schema import Timings


class Stopwatch:
    """Wall-clock milliseconds between laps."""

    def __init__(self) -> None:
        """Start it."""
        self._start = self._last = time.perf_counter()
        self._laps: dict[str, float] = {}

    def lap(self, name: str) -> None:
        """Add the time since the last lap to that of ``name``, a field of :class:`~qa.schema.Timings`."""
        now = time.perf_counter()
        self._laps[name] = round(self._laps.get(name, 0.0) + (now - self._last) * 1_000, 1)
        self._last = now

    def timings(self) -> Timings:
        """Return the laps, and the time since the start as their total."""
        return Timings(**self._laps, total=round((time.perf_counter() - self._start) * 1_000, 1))
