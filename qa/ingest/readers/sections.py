"""Paragraphs and headings in their order to one piece a section, as word processors' files want it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from qa.ingest.readers.base import Piece


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, a heading or the rows of a table."""

    text: str
    heading: bool = False


def by_section(blocks: Iterable[Block], label: str = "") -> Iterator[Piece]:
    """A piece for each heading and what stands under it; ``label`` is that of what comes before the first."""
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
