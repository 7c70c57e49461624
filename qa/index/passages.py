"""Passages as numbers: of millions, in memory or in a file, each is made when it is asked for."""

from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray

from qa.schema import Document, Passage, Span


class PassageTable(Sequence[Passage]):
    """Passages of documents, in the documents' order."""

    def __init__(self, doc_ids: Sequence[str], rows: NDArray[np.integer[Any]]) -> None:
        """Read ``rows``, shape ``(sentences, 4)``, one for each sentence: the passage, the place of its
        document in ``doc_ids``, start and end.
        """
        self.doc_ids = doc_ids
        self.rows = rows
        starts = np.flatnonzero(np.diff(rows[:, 0], prepend=-1))
        self.first_rows: NDArray[np.int64] = np.append(starts, len(rows))
        """The row of each passage's first sentence, and at the end the number of rows."""
        self.documents: NDArray[np.int64] = np.asarray(rows[starts, 1], dtype=np.int64)
        """For each passage, the place of its document in ``doc_ids``."""

    @classmethod
    def of(cls, passages: Iterable[Passage], doc_ids: Sequence[str]) -> "PassageTable":
        """Make a table of ``passages``, which are of documents ``doc_ids`` and in their order: 16 bytes a
        sentence.
        """
        place = {doc_id: n for n, doc_id in enumerate(doc_ids)}
        numbers = array("i")
        for n, passage in enumerate(passages):
            for span in passage.sentences:
                numbers.extend((n, place[span.doc_id], span.start, span.end))
        return cls(doc_ids, np.frombuffer(numbers, dtype=np.intc).reshape(-1, 4))

    def __len__(self) -> int:
        """The number of passages."""
        return len(self.documents)

    @overload
    def __getitem__(self, number: int) -> Passage: ...
    @overload
    def __getitem__(self, number: slice) -> list[Passage]: ...
    def __getitem__(self, number: int | slice) -> Passage | list[Passage]:
        """Return a passage, or several.

        Raises:
            IndexError: there is none of this number.
        """
        if isinstance(number, slice):
            return [self[n] for n in range(*number.indices(len(self)))]
        first, end = self.first_rows[range(len(self))[number] :][:2].tolist()
        rows = self.rows[first:end].tolist()
        doc_id = self.doc_ids[rows[0][1]]
        sentences = tuple(Span(doc_id, start, end) for _, _, start, end in rows)
        return Passage(Span(doc_id, sentences[0].start, sentences[-1].end), sentences)


class Sentences(Sequence[str]):
    """The text of every sentence of passages, in their order, cut when it is asked for."""

    def __init__(self, documents: Mapping[str, Document], passages: PassageTable) -> None:
        """Cut the sentences of ``passages`` from ``documents``."""
        self._documents = documents
        self._passages = passages

    def __len__(self) -> int:
        """The number of sentences."""
        return len(self._passages.rows)

    @overload
    def __getitem__(self, row: int) -> str: ...
    @overload
    def __getitem__(self, row: slice) -> list[str]: ...
    def __getitem__(self, row: int | slice) -> str | list[str]:
        """Return a sentence, or several.

        Raises:
            IndexError: there is none in this row.
        """
        rows = self._passages.rows[row].tolist()
        if isinstance(row, slice):
            return [self._cut(each) for each in rows]
        return self._cut(rows)

    def __iter__(self) -> Iterator[str]:
        """Yield the text of every sentence."""
        edges = [*range(0, len(self), _STEP), len(self)]
        for first, end in pairwise(edges):
            yield from self[first:end]

    def _cut(self, row: Sequence[int]) -> str:
        _, document, start, end = row
        return self._documents[self._passages.doc_ids[document]].text[start:end]


_STEP = 10_000
"""Sentences that are cut at a time: a few megabytes."""
