"""Real text for a measurement: the paragraphs of files in SQuAD format, with their questions."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from qa.evaluation.datasets.squad import read_squad


@dataclass(frozen=True, slots=True)
class Question:
    """A question, and the number of the paragraph that it is about."""

    text: str
    paragraph: int


@dataclass(frozen=True, slots=True)
class Texts:
    """Paragraphs, all different, and questions about them."""

    paragraphs: tuple[str, ...]
    questions: tuple[Question, ...]

    @property
    def characters(self) -> int:
        """The length of all paragraphs together."""
        return sum(map(len, self.paragraphs))

    def first(self, paragraphs: int) -> "Texts":
        """Return the first ``paragraphs`` paragraphs, with their questions."""
        questions = tuple(each for each in self.questions if each.paragraph < paragraphs)
        return Texts(self.paragraphs[:paragraphs], questions)

    def sample_questions(self, questions: int, seed: int = 1) -> "Texts":
        """Return all paragraphs with a sample of the questions."""
        chance = random.Random(seed)
        return Texts(
            self.paragraphs, tuple(chance.sample(self.questions, min(questions, len(self.questions))))
        )

    def write(self, folder: Path) -> None:
        """Write every paragraph as a file of its own into ``folder``."""
        folder.mkdir(parents=True, exist_ok=True)
        for number, text in enumerate(self.paragraphs):
            (folder / file_name(number)).write_text(text, encoding="utf-8")


def file_name(paragraph: int) -> str:
    """Return the name of a paragraph's file; names sort as numbers do."""
    return f"{paragraph:07}.txt"


def paragraph_number(name: str) -> int:
    """Return the paragraph whose file has this name."""
    return int(name.removesuffix(".txt"))


def read_texts(paths: Sequence[Path]) -> Texts:
    """Read the paragraphs of files in SQuAD format, in their order.

    Raises:
        UserError: a file cannot be read or is not in that format.
    """
    dataset = read_squad(paths)
    numbers: dict[str, int] = {}
    home = {each.id: numbers.setdefault(each.text, len(numbers)) for each in dataset.documents}
    questions = (Question(case.question, home[case.gold[0].doc_id]) for case in dataset.cases)
    return Texts(tuple(numbers), tuple(questions))
