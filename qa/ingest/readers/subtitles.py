"""Subtitles (SubRip and WebVTT): what is said, in sentences, with the time at which each begins."""

import html
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, takewhile

from qa.ingest.readers.base import FileContent, Piece, line_feeds, within_limits
from qa.ingest.readers.encoding import decode

SENTENCE_CHARS = 200
"""The length from which the next cue begins a piece of its own: captions that a machine made have no full
stops. Set by hand."""

PAUSE_SECONDS = 10.0
"""A longer silence ends a sentence. Set by hand: within sentences speakers pause for a second or two."""

_ROLLING_SECONDS = 0.5
"""The longest time between a caption and the next that still shows its last line. In captions that a machine
made one begins as the other ends."""

_MOMENT = r"(?:(\d{1,4}):)?(\d{1,2}):(\d{1,2})(?:[.,:](\d{1,3}))?"
_TIMES = re.compile(rf"\s*{_MOMENT}\s*-->\s*{_MOMENT}(?=\s|$)")
_ARROW = "-->"
_VOICE = re.compile(r"<v(?:\.[^\s>]*)?\s+([^>]+)>")
_TAG = re.compile(r"</?[A-Za-z0-9][^<>\n]*>|</?>|\{\\[^}\n]*\}")
"""Markup of WebVTT and SubRip, and of SubStation Alpha, whose overrides are often left in SubRip files."""

_END = re.compile(r"[.?!…。！？؟।]['\"’”»）)\]]*$")
_TURN = re.compile(r"[-–—‐]\s?\S")
"""The beginning of a line that another person says."""

_SPEAKER = re.compile(r"[^\W\d_][^:.?!\n]{0,30}: ")


@dataclass(frozen=True, slots=True)
class _Cue:
    """The lines that are shown at a time, in seconds."""

    start: float
    end: float
    lines: tuple[str, ...]


def read(data: bytes, name: str) -> FileContent:
    """Return a piece for each sentence; its place is the time of the cue in which it begins, such as
    ``at 00:12:31``.

    A line that a cue repeats from the one before is read once. A cue whose times cannot be understood counts
    as shown right after the one before.

    Raises:
        UserError: it is binary or too long.
        ValueError: it has no cue.
    """
    text = decode(data)
    within_limits([Piece("", text)])
    cues = list(_cues(line_feeds(text).split("\n"), whole_blocks=name.lower().endswith(".vtt")))
    if not cues:
        raise ValueError("it has no cues")
    return FileContent(within_limits(_sentences(_said_once(cues))))


def _cues(lines: Sequence[str], whole_blocks: bool) -> Iterator[_Cue]:
    """Yield the cues of a file. With ``whole_blocks`` a blank line ends a cue, as in WebVTT; in SubRip files
    some cues have one inside.
    """
    timed = [number for number, line in enumerate(lines) if _ARROW in line]
    now = 0.0
    for first, following in pairwise([*timed, len(lines)]):
        times = _TIMES.match(lines[first])
        start, end = (_seconds(*times.groups()[:4]), _seconds(*times.groups()[4:])) if times else (now, now)
        now = end
        shown = list(lines[first + 1 : following])
        if following < len(lines) and shown and (shown[-1].strip().isdecimal() or _is_last_block(shown)):
            shown.pop()  # it is the name of the next cue
        if whole_blocks:
            shown = list(takewhile(bool, shown))
        yield _Cue(start, end, tuple(filter(None, map(_plain, shown))))


def _is_last_block(lines: Sequence[str]) -> bool:
    """Return whether the last of ``lines`` stands by itself, below a blank line."""
    return len(lines) > 1 and bool(lines[-1].strip()) and not lines[-2].strip()


def _seconds(hours: str | None, minutes: str, seconds: str, thousandths: str | None) -> float:
    return int(hours or 0) * 3_600 + int(minutes) * 60 + int(seconds) + float(f"0.{thousandths or 0}")


def _plain(line: str) -> str:
    """Return a line without markup; the voice of WebVTT becomes ``Roger: ``."""
    named = _VOICE.sub(lambda voice: f"{voice[1].strip()}: ", line)
    return " ".join(html.unescape(_TAG.sub("", named)).split())


def _said_once(cues: Iterable[_Cue]) -> Iterator[_Cue]:
    """Leave out the lines at the beginning of a cue that are still shown from the one before: captions that
    roll up show each line twice or three times.
    """
    before: tuple[str, ...] = ()
    end = 0.0
    for cue in cues:
        rolling = cue.start - end < _ROLLING_SECONDS
        kept = next(
            (n for n in range(min(len(before), len(cue.lines)), 0, -1) if before[-n:] == cue.lines[:n]), 0
        )
        if said := cue.lines[kept if rolling else 0 :]:
            yield _Cue(cue.start, cue.end, said)
        before, end = cue.lines or before, cue.end


def _sentences(cues: Iterable[_Cue]) -> Iterator[Piece]:
    """Yield a piece for each sentence: it ends with a full stop, with another speaker, or in a pause."""
    start, end, words = 0.0, 0.0, ""
    for cue in cues:
        for line in cue.lines:
            speaks = _TURN.match(line) or _SPEAKER.match(line)
            paused = cue.start - end > PAUSE_SECONDS
            if words and (speaks or paused or _END.search(words) or len(words) > SENTENCE_CHARS):
                yield Piece(_label(start), words)
                words = ""
            start = start if words else cue.start
            words = f"{words} {line}".strip()
            end = cue.end
    yield Piece(_label(start), words)


def _label(seconds: float) -> str:
    whole = int(seconds)
    return f"at {whole // 3_600:02}:{whole // 60 % 60:02}:{whole % 60:02}"
