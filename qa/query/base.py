"""The query that retrieval puts to an index. Both packages import it, so that neither imports the other."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qa.query.document_filter import ALL_DOCUMENTS, DocumentFilter
from qa.schema import Rarity


@dataclass(frozen=True, slots=True)
class Query:
    """A question as an index searches for it."""

    question: str
    vector: NDArray[np.float32]
    """The embedding of the question: unit length, shape ``(dimensions,)``."""
    pool: int
    """The number of passages to find by words, and how many by meaning, of those once more in each language
    of the documents that is not the question's."""
    document_filter: DocumentFilter = ALL_DOCUMENTS
    """Applied before passages are searched, so that both pools hold matching documents alone."""
    rarity: Rarity | None = None
    """Weighs the words; None for the index's own counts."""
    language: str = ""
    """Of the question, in ISO 639-1; empty where it cannot be told."""


def other_languages(asked_in: str, languages: Iterable[str]) -> list[str]:
    """Return the known ones of ``languages`` that a question in the language ``asked_in`` is not in; none if
    its language is not known.
    """
    return sorted(each for each in languages if each and each != asked_in) if asked_in else []
