"""Passages as they are ranked, and what a search for a question found."""

from collections.abc import Callable
from dataclasses import dataclass, field

from qa.schema.documents import Span

GROWING = "The documents are still being indexed"
"""The beginning of the remark that not everything was searched."""

Rarity = Callable[[str], float]
"""Inverse document frequency of a stemmed term."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A run of whole sentences of one document: the unit that is retrieved."""

    span: Span
    sentences: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage that may be relevant, with what the indexes know about it: the input to ranking."""

    passage: Passage
    sentence_texts: tuple[str, ...]
    sentence_terms: tuple[tuple[str, ...], ...]
    """The stemmed terms of each sentence."""
    title_terms: tuple[str, ...]
    """The stemmed terms of the document's head and of the headings over the passage."""
    bm25: float
    passage_cosine: float
    sentence_cosines: tuple[float, ...]
    """One for each sentence; none where the passage has not been embedded yet."""
    language: str = ""
    """The language of the document, by which the terms are stemmed."""
    heading_terms: tuple[str, ...] = ()
    """The stemmed terms of the headings alone, which are the last of ``title_terms``."""
    document_chars: int = 0
    """The number of characters of the document; 0 where that is not known."""
    is_in_statement: bool = False
    """True if it stands in a financial statement that the question names."""

    @property
    def head_terms(self) -> tuple[str, ...]:
        """The stemmed terms of the document's head."""
        return self.title_terms[: len(self.title_terms) - len(self.heading_terms)]


@dataclass(frozen=True, slots=True)
class ScoredSentence:
    """A sentence of a retrieved passage with its relevance to the question."""

    span: Span
    score: float
    """The ranking's logit: unbounded, comparable between sentences of one question."""
    cosine: float = 0.0
    coverage: float = 0.0
    """Share (0 to 1) of the question's terms, weighted by rarity, that the sentence contains."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A retrieved passage. ``score`` orders the hits of one question and means nothing across questions."""

    passage: Passage
    score: float
    sentences: tuple[ScoredSentence, ...] = ()
    is_background: bool = False
    """True if its document is not about what is asked: other hits may stand out from it, it is not quoted."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """The part of a growing index that can be searched: by words what has been read, and by meaning what has
    been embedded as well.
    """

    files: int
    """That are, or will be, in the index."""
    searched: int
    """Files of them that have been read."""
    documents: int
    """In the files that have been read."""
    by_meaning: int
    """Documents of them that have been embedded."""

    def __add__(self, other: "Coverage") -> "Coverage":
        """The coverage of two indexes that are searched together."""
        return Coverage(
            self.files + other.files,
            self.searched + other.searched,
            self.documents + other.documents,
            self.by_meaning + other.by_meaning,
        )

    @property
    def complete(self) -> bool:
        """True if everything is searched, by words and by meaning."""
        return self.searched == self.files and self.by_meaning == self.documents

    @property
    def share_by_meaning(self) -> float:
        """The share, 0 to 1, of the documents read that have been embedded."""
        return self.by_meaning / self.documents if self.documents else 1.0

    def __str__(self) -> str:
        """For a person: ``3,120 of 6,089 files; 40% also by meaning``. Almost all is not rounded to all."""
        files = "file" if self.files == 1 else "files"
        percent = int(100 * self.share_by_meaning)
        return f"{self.searched:,} of {self.files:,} {files}; {percent}% also by meaning"


@dataclass(frozen=True, slots=True)
class RetrievalResult:
    """The passages retrieved for a question, or why there are none."""

    question: str
    """The question as it was searched: its spelling may have been corrected."""
    hits: tuple[Hit, ...]
    """Best first."""
    reason: str = ""
    """The reason why nothing was found, as part of a sentence for a person; empty where there are hits."""
    language: str = field(default="", compare=False)
    """Of the question, in ISO 639-1; empty where it cannot be told."""
    coverage: Coverage | None = field(default=None, compare=False)
    """The part that was searched, while the index grows; None for all of it."""
