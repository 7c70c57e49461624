"""Group the paragraphs and headings of a word processor's file into one piece for each section."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from qa.ingest.readers.base import Piece


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, a heading or the rows of a table."""

    text: str
    heading: bool = False


def by_section(blocks: Iterable[Block], label: str = "") -> Iterator[Piece]:
    """Yield a piece for each heading with the text below it; ``label`` is for the text before the first."""
    texts: list[str] = []
    for block in blocks:
        text = block.text.strip()
        if not text:
            continue
        if block.heading:
            yield Piece(label, "\n\n".join(texts))
            texts, label = [], f"section {' '.join(text.split())}"
        texts.append(text)
    yield Piece(label, "\n\n".join(texts))
