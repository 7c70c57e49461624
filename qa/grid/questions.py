"""Read the questions of a grid from a text, one a line, and say which lines are left out and why. Pure."""

from dataclasses import dataclass

from qa.errors import UserError
from qa.query.validation import validate_question

MAX_QUESTIONS = 1_000
"""The questions of one grid. A workbook has 16,384 columns (Microsoft, "Excel specifications and limits"),
but nobody reads a table of so many."""


@dataclass(frozen=True, slots=True)
class SkippedLine:
    """A line that is left out."""

    line: int
    """From 1."""
    reason: str

    def __str__(self) -> str:
        """For a person: ``Line 3 is left out: …``."""
        return f"Line {self.line:,} is left out: {self.reason[:1].lower()}{self.reason[1:]}"


@dataclass(frozen=True, slots=True)
class QuestionList:
    """The questions of a text, each once, in its order."""

    questions: tuple[str, ...]
    skipped: tuple[SkippedLine, ...] = ()


def read_questions(text: str) -> QuestionList:
    """Return the questions of ``text``. Empty lines do not count; a question that stands there before and a
    line that is none are left out.

    Raises:
        UserError: no question is left, or there are more than :data:`MAX_QUESTIONS`.
    """
    first: dict[str, int] = {}
    questions: list[str] = []
    skipped: list[SkippedLine] = []
    for number, line in enumerate(text.removeprefix("\ufeff").splitlines(), start=1):
        if not line.strip():
            continue
        try:
            question = validate_question(" ".join(line.split()))
        except UserError as error:
            skipped.append(SkippedLine(number, str(error)))
            continue
        key = question.casefold()
        if key in first:
            skipped.append(SkippedLine(number, f"The question is the same as in line {first[key]:,}"))
            continue
        first[key] = number
        questions.append(question)
    if not questions:
        reason = f". {skipped[0]}" if skipped else ""
        raise UserError(f"There is no question; write one on each line{reason}")
    if len(questions) > MAX_QUESTIONS:
        raise UserError(
            f"There are {len(questions):,} questions, more than the {MAX_QUESTIONS:,} that a grid may have; "
            "split them into several grids"
        )
    return QuestionList(tuple(questions), tuple(skipped))
