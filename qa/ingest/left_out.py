"""The files that are left out, by the reason why."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from mimetypes import MimeTypes

from qa.ingest.base import Failure
from qa.ingest.readers.base import OCR_OFF, ocr_off, pages_to_recognise

NAMED = 3
"""The files of each group that a summary names."""

_OCR_ADVICE = "turn it on with ATTEST_OCR=eng, or other languages"
"""The setting that has the text of pages recognised."""

_KINDS = {"audio": "sound recordings", "font": "fonts", "image": "pictures", "video": "videos"}
_TYPES = MimeTypes()
"""The endings that Python knows, and not those of the machine, so that a reason is the same everywhere."""

_BRACKETS = re.compile(r"\s*\(.*\)")
_NUMBER = re.compile(r"\d[\d.,]*")
"""The differences between files that are left out for one reason: numbers, and what stands in brackets."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Files that are left out for the same reason."""

    reason: str
    paths: tuple[str, ...]


def kind_reason(name: str) -> str:
    """Return why a file of a kind that is not read is left out."""
    guessed, _ = _TYPES.guess_type(f"file{name[name.rfind('.') :]}" if "." in name else name)
    kind = _KINDS.get((guessed or "").partition("/")[0], "files of this kind")
    return f"{kind} are not read"


def by_reason(failures: Iterable[Failure]) -> tuple[LeftOut, ...]:
    """Return the files grouped by their reason, the largest group first. Numbers and what stands in brackets
    are left out of the reason of a group where they differ, but for the pages of scans, which are added up.
    """
    groups: dict[str, list[Failure]] = {}
    for failure in failures:
        groups.setdefault(_general(failure.reason), []).append(failure)
    found = [LeftOut(_reason(general, each), tuple(f.path for f in each)) for general, each in groups.items()]
    return tuple(sorted(found, key=lambda group: (-len(group.paths), group.reason)))


def _general(reason: str) -> str:
    if pages_to_recognise(reason):
        return OCR_OFF
    return _NUMBER.sub("…", _BRACKETS.sub("", reason))


def _reason(general: str, failures: Iterable[Failure]) -> str:
    exact = [failure.reason for failure in failures]
    if len(exact) > 1 and all(map(pages_to_recognise, exact)):
        return ocr_off(sum(map(pages_to_recognise, exact)))
    return exact[0] if len(set(exact)) == 1 else general


def advised(reason: str) -> str:
    """Return a reason with the setting that would change it, for the person who runs Attest."""
    return f"{reason}; {_OCR_ADVICE}" if pages_to_recognise(reason) else reason


def summary_lines(failures: Iterable[Failure], named: int | None = NAMED) -> Iterator[str]:
    """Yield a line for each reason with how many files it concerns and the names of the first ``named``; with
    None, a line for each of its files.
    """
    for group in by_reason(failures):
        count = f"{len(group.paths):,} file{'' if len(group.paths) == 1 else 's'}"
        line = f"{count}: {advised(group.reason)}"
        if named is None:
            yield line
            yield from (f"  {path}" for path in group.paths)
            continue
        more = len(group.paths) - named
        yield f"{line} ({', '.join(group.paths[:named])}{f' and {more:,} more' if more > 0 else ''})"
