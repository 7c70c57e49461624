"""The states of an index that are known, and which of them a person names."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from qa.errors import UserError
from qa.index.change import ChangeRef
from qa.nlp.dates import days_of

_STATE = re.compile(r"[0-9a-f]{8}")

SAY = "a date such as 2025-01-31, a time such as 2025-01-31T15:00, or a state that attest diff --list names"


def since_place(changes: Sequence[ChangeRef], since: str) -> int:
    """Return how many of ``changes`` the state has that ``since`` names; without it, all but the last.

    Of a date that is the state before the first change on or after it. Where a clock went back, a change that
    is stamped earlier may come later: it is counted by its order, so that none is missed.

    Raises:
        UserError: ``since`` is neither a date nor a known state.
    """
    if not since:
        return max(0, len(changes) - 1)
    if (named := _named(changes, since)) is not None:
        return named
    moment = _moments(since)[0]
    return next((n for n, each in enumerate(changes) if each.written >= moment), len(changes))


def until_place(changes: Sequence[ChangeRef], until: str) -> int:
    """Return how many of ``changes`` the state has that ``until`` names; without it, all. Of a date that is
    the state after the last change on or before it.

    Raises:
        UserError: as :func:`since_place`.
    """
    if not until:
        return len(changes)
    if (named := _named(changes, until)) is not None:
        return named
    moment = _moments(until)[1]
    return next((n for n in range(len(changes), 0, -1) if changes[n - 1].written <= moment), 0)


def _named(changes: Sequence[ChangeRef], name: str) -> int | None:
    if not _STATE.fullmatch(name):
        return None
    found = next((n for n, each in enumerate(changes, 1) if each.state == name), None)
    if found is None:
        raise UserError(f"No state {name} of the index is known; attest diff --list names all")
    return found


def _moments(text: str) -> tuple[str, str]:
    """Return the first and the last second of a day, month, year or time of this machine's clock, in UTC.

    Raises:
        UserError: ``text`` is none.
    """
    try:
        if "T" in text or ":" in text:
            start = end = datetime.fromisoformat(text)
        else:
            days = days_of(text)
            start = datetime.fromordinal(days.first)
            end = datetime.fromordinal(days.last) + timedelta(days=1, seconds=-1)
        first, last = (each.astimezone(UTC).isoformat(timespec="seconds") for each in (start, end))
    except (ValueError, OverflowError, OSError) as error:
        raise UserError(f"{text!r} is not {SAY}") from error
    return first, last
