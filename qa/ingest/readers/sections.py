"""Group the paragraphs and headings of a word processor's file into one piece for each section."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from qa.ingest.readers.base import Piece


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, a heading, the rows of a table, or a remark beside the text."""

    text: str
    heading: bool = False
    aside: str = ""
    """The kind of a remark, such as ``comment by Ada Writer``. It gets a place of its own after its
    section."""


def by_section(blocks: Iterable[Block], label: str = "") -> Iterator[Piece]:
    """Yield a piece for each heading with the text below it, then one for each remark on it; ``label`` is for
    the text before the first heading.
    """
    texts: list[str] = []
    asides: list[Piece] = []
    for block in blocks:
        text = block.text.strip()
        if not text:
            continue
        if block.aside:
            asides.append(Piece(f"{label}, {block.aside}" if label else block.aside, text))
            continue
        if block.heading:
            yield Piece(label, "\n\n".join(texts))
            yield from asides
            texts, asides, label = [], [], f"section {' '.join(text.split())}"
        texts.append(text)
    yield Piece(label, "\n\n".join(texts))
    yield from asides


def first_heading(blocks: Iterable[Block]) -> str:
    """Return the text of the first heading on one line; empty if there is none."""
    return next((" ".join(each.text.split()) for each in blocks if each.heading and each.text.strip()), "")
