"""Names, figures and the HTML of a page, for the makers of invented documents."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

_ONSETS = "b br c cl d dr f g gl h j k l m n p pr qu r s sk st t th tr v w z".split()
_VOWELS = "a e i o u ai ea ou".split()
_CODAS = "l m n nd nt r rd rn s sk st th x".split()
_PLACE_ENDS = "ford haven bury mouth stad vik burg field wick ona ero".split()
_FIRST_NAMES = (
    "Ada Bram Carla Dmitri Elsa Farid Greta Hugo Ines Jonas Kirsten Liam Mina Noel Olga Pavel Rosa Stefan "
    "Tara Umar Vera Wim Yara Zoltan"
).split()

THINGS = (
    "Hose, 20 mm", "Gasket set", "Hinge, steel", "Filter bag", "Guide rail", "Drive belt", "Lamp head",
    "Control board", "Bearing block", "Seal ring", "Brush roller", "Cover plate",
)  # fmt: skip
"""Goods that are bought and sold."""


@dataclass(frozen=True, slots=True)
class InventedQuestion:
    """A question, and the strings that a sentence which answers it has, all of them."""

    question: str
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class InventedFile:
    """A file, by its path in the folder, with what is asked of it."""

    path: str
    html: str
    asked: tuple[InventedQuestion, ...]


class Names:
    """Invented names and figures, drawn from a seed."""

    def __init__(self, rng: random.Random) -> None:
        """Draw from ``rng``."""
        self.rng = rng

    def word(self) -> str:
        """Return a word of two syllables with a capital letter."""
        pick = self.rng.choice
        return (pick(_ONSETS) + pick(_VOWELS) + pick(_CODAS)[:1] + pick(_VOWELS)[:1] + pick(_CODAS)).title()

    def place(self) -> str:
        """Return the name of a town."""
        return (
            self.rng.choice(_ONSETS) + self.rng.choice(_VOWELS) + self.rng.choice(_CODAS)
        ).title() + self.rng.choice(_PLACE_ENDS)

    def person(self) -> str:
        """Return a first and a last name."""
        return f"{self.rng.choice(_FIRST_NAMES)} {self.word()}"

    def amount(self, least: int, most: int) -> str:
        """Return a figure between both, written with commas."""
        return f"{self.rng.randint(least, most):,}"

    def decimal(self, least: float, most: float) -> str:
        """Return a figure with one place."""
        return f"{self.rng.uniform(least, most):,.1f}"

    def date(self, year: int) -> str:
        """Return a day of ``year`` in words."""
        months = "January March April June July September October November".split()
        return f"{self.rng.randint(1, 28)} {self.rng.choice(months)} {year}"


def page(title: str, parts: Sequence[str]) -> str:
    """Return a page of HTML."""
    body = "\n".join(parts)
    return f"<html><head><title>{escape(title)}</title></head><body>\n{body}\n</body></html>"


def heading(level: int, text: str) -> str:
    """Return a heading."""
    return f"<h{level}>{escape(text)}</h{level}>"


def paragraph(*sentences: str) -> str:
    """Return a paragraph of ``sentences``."""
    return f"<p>{escape(' '.join(sentences))}</p>"


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table whose columns have names."""
    lines = ["<tr>" + "".join(f"<th>{escape(each)}</th>" for each in head) + "</tr>"]
    lines += ["<tr>" + "".join(f"<td>{escape(each)}</td>" for each in row) + "</tr>" for row in rows]
    return "<table>" + "".join(lines) + "</table>"
