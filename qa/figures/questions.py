"""Questions for a computation: of a difference, growth, a total or a share, and of what. Pure.

Questions in English are read here; those in other languages by the forms of :mod:`qa.figures.question_forms`.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from qa.figures.question_forms import FORMS, Forms

MAX_CHARS = 300
"""Characters of the longest question that is read: a longer one asks for more than one computation, and the
forms below would take long to look for in it."""

_CHANGED = (
    r"(?:grow|grown|increase[d]?|rise|risen|rose|climb(?:ed)?|gain(?:ed)?|expand(?:ed)?|improve[d]?|change[d]?"
    r"|fall|fallen|fell|drop(?:ped)?|decrease[d]?|decline[d]?|shrink|shrunk|go(?:ne)? (?:up|down))"
)
_CHANGE = r"(?:growth|increase|rise|change|gain|decrease|decline|drop|fall|reduction)"
_MORE = r"(?:more|higher|larger|bigger|greater|longer|taller|heavier|older|less|lower|smaller|fewer|shorter)"
_PART = r"(?:share|percentage|percent|proportion|fraction|part)"

_GROWTH = (
    re.compile(
        r"\bhow (?P<percent>many percent|much)\b.*?\b(?:did|has|have|had) (?P<what>.+?) "
        rf"{_CHANGED}\b(?P<rest>.*)",
        re.I,
    ),
    re.compile(
        r"\bby (?:what|which|how many) (?P<percent>percentage|percent|per cent)\b.*?\b(?:did|has|have|had) "
        rf"(?P<what>.+?) {_CHANGED}\b(?P<rest>.*)",
        re.I,
    ),
    re.compile(
        r"\b(?:what|how (?:much|large|big|high)) (?:is|was|were) the "
        r"(?P<percent>percentage |percent |relative |rate of )?"
        rf"{_CHANGE}(?P<rate> rate)? (?:in|of) (?P<what>.+?)"
        r"(?P<rest> (?:from|between|over|in|since) .*|\W*$)",
        re.I,
    ),
    re.compile(
        r"\b(?:what|how (?:much|large|big|high)) (?:is|was|were) (?:the )?(?P<what>[^,]+?)(?<! of) "
        rf"(?P<percent>percentage |percent )?{_CHANGE}(?P<rate> rate)?"
        r"(?P<rest> (?:from|between|over|in|during) .*\b(?:19|20)\d\d\W*$)",
        re.I,
    ),
)
_FROM_TO = re.compile(r"\b(?:from|between) (?P<first>.+?) (?:to|and|until|till) (?P<last>[^,]+?)\W*$", re.I)
_IN = re.compile(r"\b(?:in|during) (?P<last>(?:19|20)\d\d)\W*$", re.I)

_DIFFERENCE = (
    re.compile(
        r"\bdifference (?:in (?P<what>.+?) )?between (?P<first>.+?) and (?P<second>.+?)"
        r"(?P<rest> (?:in|for) [^,]+?)?\W*$",
        re.I,
    ),
    re.compile(rf"\bhow much {_MORE} (?:is|was|are|were) (?P<first>.+?) than (?P<second>.+?)\W*$", re.I),
    re.compile(
        rf"\bhow (?:many|much) {_MORE} (?P<what>.+?) (?:does|did|do|has|have|had|is|are|was|were) "
        r"(?P<first>.+?) (?:have |had |make |made |produce |use |employ |get |cost )?"
        r"than (?P<second>.+?)(?P<rest> in [^,]+?)?\W*$",
        re.I,
    ),
)
_TOTAL = (
    re.compile(
        r"\bwhat(?:'s| is| was| are| were) the (?:total|sum|combined|overall)(?: amount| value| sum| number)?"
        r"(?: of)? (?P<what>.+?)\W*$",
        re.I,
    ),
    re.compile(
        r"\bhow (?:much|many) (?P<what>.+?)(?:,? (?:in total|altogether|combined|taken together|in all))\W*$",
        re.I,
    ),
)
_SHARE = (
    re.compile(
        rf"\b(?:what|which|how large a|how big a) {_PART} of (?P<whole>.+?) "
        r"(?:is|was|were|are|did|does|do|comes?|came|made up|makes? up|accounts? for|goes|went|fell|falls)\b"
        r"(?: up| by| for| from| made up by| accounted for by| made up of| due to| to| on| in)? ?"
        r"(?P<part>.+?)"
        r"(?: have| has| make up| account for| represent| contribute| bring in)?\W*$",
        re.I,
    ),
    re.compile(
        rf"\b(?:what|how (?:large|big|high))(?:'s| is| was) the {_PART} of (?P<part>.+?) in "
        r"(?P<whole>.+?)\W*$",
        re.I,
    ),
    re.compile(
        rf"\b(?:what|how (?:large|big|high))(?:'s| is| was) (?P<part>.+?)'s {_PART} of (?P<whole>.+?)\W*$",
        re.I,
    ),
)
_LIST = re.compile(r"^(?P<what>.+?) (?:of|in|for|from|at|by) (?P<list>.+?(?:,|\band\b).+)$", re.I)
_ITEMS = re.compile(r",\s*(?:and\s+)?|\s+and\s+", re.I)


class Operation(StrEnum):
    """A kind of computation."""

    DIFFERENCE = "difference"
    GROWTH = "growth"
    TOTAL = "total"
    SHARE = "share"


@dataclass(frozen=True, slots=True)
class Task:
    """The computation that a question asks for, in its own words."""

    operation: Operation
    what: str = ""
    """The thing that is measured."""
    items: tuple[str, ...] = ()
    """The two that are compared, the later or first one last; the several that are added; the part of a
    share, then the whole. Empty for all that there are."""
    rest: str = ""
    """The words that hold for all of them, such as a year."""
    percent_only: bool = False
    signed: bool = False
    """True if the order of the two matters: how much more the first is than the second."""


def read_task(question: str, language: str = "en") -> Task | None:
    """Return what ``question`` asks to be computed; None where it does not ask for that, or is in a language
    whose forms are not known.
    """
    if len(question) > MAX_CHARS:
        return None
    question = " ".join(question.replace("’", "'").split())
    if forms := FORMS.get(language):
        return _read_by(forms, question.strip(" ?!.¿¡"))
    return _share(question) or _growth(question) or _difference(question) or _total(question)


def _read_by(forms: Forms, question: str) -> Task | None:
    """Return what ``question`` asks for by ``forms``, with the times that it names."""
    times = next(filter(None, (form.search(question) for form in forms.times)), None)
    first, last = (times.groupdict().get("first", ""), times["last"]) if times else ("", "")
    plain = question[: times.start()] + question[times.end() :] if times else question
    if match := _match(forms.growth, plain):
        before = first or (str(int(last) - 1) if last else "")
        items = (before, last) if last else ()
        return Task(
            Operation.GROWTH, match["what"], items, percent_only=bool(match.groupdict().get("percent"))
        )
    if match := _match(forms.difference, question if first else plain):
        known = match.groupdict()
        items = (known["first"], known["second"])
        signed = "what" not in known
        return Task(
            Operation.DIFFERENCE, known.get("what") or "", items, "" if first else last, signed=signed
        )
    if first:
        return None
    if match := _match(forms.share, plain):
        return Task(Operation.SHARE, "", (match["part"], f"{match['whole']} {last}".strip()))
    if match := _match(forms.total, plain):
        return _total_of(forms, match["what"], last)
    return None


def _match(forms: Sequence[re.Pattern[str]], text: str) -> re.Match[str] | None:
    return next(filter(None, (form.search(text) for form in forms)), None)


def _total_of(forms: Forms, what: str, time: str) -> Task:
    """Return the task to add up ``what`` of a time: the things that it lists, or all that it names."""
    for cut in forms.of.finditer(what):
        items = [item for item in forms.joiner.split(what[cut.end() :]) if item.strip()]
        if len(items) > 1:
            return Task(Operation.TOTAL, f"{what[: cut.start()]} {time}".strip(), tuple(items))
    items = [item for item in forms.joiner.split(what) if item.strip()]
    if len(items) > 1:
        return Task(Operation.TOTAL, time, tuple(items))
    return Task(Operation.TOTAL, f"{what} {time}".strip())


def _growth(question: str) -> Task | None:
    match = next((found for form in _GROWTH if (found := form.search(question))), None)
    if match is None:
        return None
    known = match.groupdict()
    percent = (
        "percent" in (known["percent"] or "")
        or "relative" in (known["percent"] or "")
        or bool(known.get("rate"))
    )
    rest = known["rest"] or ""
    if both := _FROM_TO.search(rest):
        return Task(Operation.GROWTH, known["what"], (both["first"], both["last"]), percent_only=percent)
    if year := _IN.search(rest):
        before = str(int(year["last"]) - 1)
        return Task(Operation.GROWTH, known["what"], (before, year["last"]), percent_only=percent)
    return None if rest.strip(" ?.!") else Task(Operation.GROWTH, known["what"], percent_only=percent)


def _difference(question: str) -> Task | None:
    for form in _DIFFERENCE:
        if match := form.search(question):
            known = match.groupdict()
            return Task(
                Operation.DIFFERENCE,
                known.get("what") or "",
                (known["first"], known["second"]),
                (known.get("rest") or "").strip(),
                signed=form is not _DIFFERENCE[0],
            )
    return None


def _total(question: str) -> Task | None:
    match = next((found for form in _TOTAL if (found := form.search(question))), None)
    if match is None:
        return None
    what = match["what"]
    if listed := _LIST.match(what):
        items = [item for item in _ITEMS.split(listed["list"]) if item.strip()]
        if len(items) > 1:
            return Task(Operation.TOTAL, listed["what"], tuple(items))
    items = [item for item in _ITEMS.split(what) if item.strip()]
    return Task(Operation.TOTAL, "" if len(items) > 1 else what, tuple(items) if len(items) > 1 else ())


def _share(question: str) -> Task | None:
    for form in _SHARE:
        if match := form.search(question):
            return Task(Operation.SHARE, "", (match["part"], match["whole"]))
    return None
