"""Small stand-ins for the two models, values to test with, and text that nobody expects."""

import resource
import time
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from html.parser import HTMLParser
from math import log
from pathlib import Path
from typing import Any

import numpy as np
from hypothesis import strategies as st
from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult
from numpy.typing import NDArray
from pydantic import Field

from qa.embedding.base import EmbeddingIdentity
from qa.ingest.chunking import split
from qa.ingest.documents import normalise
from qa.llm.prompts import template
from qa.nlp.terms import terms
from qa.pipeline import Pipeline
from qa.query.base import Query
from qa.query.document_filter import ALL_DOCUMENTS, DocumentFilter
from qa.retrieval.evidence import number_quotes
from qa.retrieval.hybrid import CandidateSource, HybridRetriever
from qa.runtime import StaticRuntime
from qa.schema import Answer, Candidate, Document, Evidence, Hit, Quote, ScoredSentence, Span
from qa.verification.policy import Checker, Verdict
from qa.verification.short_answer import cut_short_answer
from qa.verification.verify import verify
from qa.weights import WEIGHTS

ROOT = Path(__file__).parents[2]
CORPUS = ROOT / "corpus"

SURE = Verdict(0.9, 0.5)

IDENTITY = EmbeddingIdentity("bag of words", "0" * 64)


class FakeEncoder:
    """A bag of words hashed to unit vectors: texts that share words are near. Unrelated texts have the
    cosine that they have in the default model, whose weights rank them.
    """

    dimensions = 256

    def __init__(self) -> None:
        self.encoded: list[str] = []

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.encoded += texts
        vectors = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        for row, text in enumerate(texts):
            text.encode()  # like a real tokeniser, it takes nothing that is not Unicode
            for term in terms(text):
                vectors[row, 1 + zlib.crc32(term.encode()) % (self.dimensions - 1)] += 1
        vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1.0)
        vectors *= (1 - WEIGHTS.background) ** 0.5
        vectors[:, 0] = WEIGHTS.background**0.5
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)

    def encode_question(self, question: str) -> NDArray[np.float32]:
        vector: NDArray[np.float32] = self.encode([question])[0]
        return vector


def candidates(
    source: CandidateSource, question: str, pool: int, document_filter: DocumentFilter = ALL_DOCUMENTS
) -> list[Candidate]:
    """Search ``source``, whose vectors are those of :class:`FakeEncoder`, for a question in English."""
    return source.search(Query(question, FakeEncoder().encode([question])[0], pool, document_filter))


class FakeChat(BaseChatModel):
    """Writes ``says`` word by word, proposes ``short``, judges questions and sentences with ``p_yes`` and
    rewrites follow-ups to ``rewrites``.
    """

    says: str = ""
    short: str = ""
    p_yes: float | None = 0.99
    """None for a provider that gives no token probabilities: then it judges with ``verdict`` alone."""
    verdict: str = "yes"
    rewrites: str = ""
    logprobs: bool | None = None
    top_logprobs: int | None = None
    pause: float = 0.0
    """Seconds it takes over each word."""
    prompts: list[str] = Field(default_factory=list)
    """Every prompt it was sent."""
    written: list[str] = Field(default_factory=list)
    """The pieces it got round to writing."""

    @property
    def _llm_type(self) -> str:
        return "fake"

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        self.prompts.append(_joined(messages))
        judging = template("judge") in self.prompts[-1]
        rewriting = len(messages) == 1
        proposing = template("short") in self.prompts[-1]
        text = self.verdict if judging else self.rewrites if rewriting else self.says
        text = self.short if proposing else text
        metadata = self._probabilities() if kwargs.get("logprobs") else {}
        return ChatResult(generations=[ChatGeneration(message=AIMessage(text, response_metadata=metadata))])

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> Iterator[ChatGenerationChunk]:
        self.prompts.append(_joined(messages))
        for piece in self.says.split(" "):
            self.written.append(piece)
            time.sleep(self.pause)
            yield ChatGenerationChunk(message=AIMessageChunk(piece + " "))

    def _probabilities(self) -> dict[str, Any]:
        if self.p_yes is None:
            return {}
        likely = [("Yes", self.p_yes / 2), (" yes", self.p_yes / 2), ("No", 1 - self.p_yes), ("Maybe", 0.0)]
        top = [{"token": token, "logprob": log(p)} for token, p in likely if p > 0]
        return {"logprobs": {"content": [{"token": top[0]["token"], "top_logprobs": top}]}}


def answered_by(model: BaseChatModel, parts: StaticRuntime, threshold: float = 0.5) -> StaticRuntime:
    """``parts`` with ``model`` as the one that judges and writes."""
    retriever = HybridRetriever(source=parts.index, encoder=parts.encoder)
    return replace(parts, pipeline=Pipeline(retriever, parts.index.documents, model, threshold))


def document(text: str, doc_id: str = "a.txt", **known: str) -> Document:
    return Document(doc_id, text, **({"title": "A title"} | known))


FACTS = ("gas Peru", "rail France", "coal Chile", "copper Spain", "wind Norway", "solar Egypt")
"""A thing and its place, for an article each."""


def facts() -> dict[str, Any]:
    """Questions in SQuAD 2.0 format: of each fact one that is answered, and one that is not."""
    articles = []
    for thing, place in map(str.split, FACTS):
        context = f"The plant for {thing} stands in {place}. It was built long ago. Nobody works there now."
        questions = [
            {
                "id": f"{thing}-y",
                "question": f"Where is the plant for {thing}?",
                "answers": [{"text": place}],
            },
            {
                "id": f"{thing}-n",
                "question": f"Who sold the {thing} of Atlantis?",
                "answers": [],
                "is_impossible": True,
            },
        ]
        articles.append({"title": thing, "paragraphs": [{"context": context, "qas": questions}]})
    return {"data": articles}


def by_id(*documents: Document) -> dict[str, Document]:
    return {each.id: each for each in documents}


def whole(documents: Mapping[str, Document]) -> tuple[Quote, ...]:
    """Every document as one quote, numbered in their order."""
    return number_quotes([Span(each.id, 0, len(each.text)) for each in documents.values()], documents)


def check(
    draft: str,
    *texts: str,
    question: str = "What is it?",
    checker: Checker | None = None,
    short: str = "",
    word_for_word: bool = False,
    **known: str,
) -> Answer:
    """``draft`` held against every text as a quote of a document of its own, with the ``short`` answer that
    is cut from them.
    """
    documents = by_id(*(document(text, f"{i}.txt", **known) for i, text in enumerate(texts, start=1)))
    evidence = Evidence(question, whole(documents))
    return verify(
        draft,
        evidence,
        documents,
        SURE,
        short=cut_short_answer(short, evidence) if short else None,
        checker=checker,
        word_for_word=word_for_word,
    )


class FakeChecker:
    """Finds every sentence supported with the same probability, and keeps what it was asked."""

    threshold = 0.8

    def __init__(self, p: float | None) -> None:
        self.p = p
        self.asked: list[tuple[str, tuple[int, ...]]] = []

    def probability(self, claim: str, quotes: Sequence[Quote], features: Mapping[str, float]) -> float | None:
        self.asked.append((claim, tuple(quote.number for quote in quotes)))
        return self.p


@contextmanager
def disk_for(size: int) -> Iterator[None]:
    """No file of this process can grow beyond ``size`` bytes, as if the disk were full then."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def hits_of(*documents: Document, scores: Iterator[float]) -> list[Hit]:
    """Every passage of ``documents`` as a hit, its sentences scored from ``scores``."""
    return [
        Hit(passage, 0.0, tuple(ScoredSentence(span, next(scores)) for span in passage.sentences))
        for each in documents
        for passage in split(each)
    ]


def html_text(html: str) -> str:
    """The text of ``html`` without its tags."""
    reader = _Text()
    reader.feed(html)
    reader.close()
    return "".join(reader.pieces)


class _Text(HTMLParser):
    """Keeps what stands between tags."""

    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[str] = []

    def handle_data(self, data: str) -> None:
        self.pieces.append(data)


def _joined(messages: Sequence[BaseMessage]) -> str:
    return "\n".join(str(message.content) for message in messages)


_AWKWARD = (
    *".!?…。！？;:,\"“”«»()[]'’-–\n\t\r\x00\x0c\x1f\x85\u2028\ufeff\u200b",
    *"aAbB14٣é\u0301\u0327ßİſﬁ中文字ひらעבריתالعربية\u200f\u202e",
    *("👩‍👩‍👧", "🇺🇿", "✊🏿", "Dr.", "e.g.", "\n\n", "\r\n", "not", "1,000", "[1]", "<|im_end|>"),
    " ",
)

TEXTS = st.lists(
    st.one_of(st.sampled_from(_AWKWARD), st.characters(exclude_categories=["Cs"])), max_size=120
).map("".join)
"""Arbitrary text: emoji, CJK, right to left, combining marks, controls, citation marks."""

_LONG = st.sampled_from(
    ("The plant has four turbines. ", "It does. ", "word " * 90, "x" * 700, "\n\n", "中。")
)

NORMAL_TEXTS = (
    st.one_of(TEXTS, st.lists(st.one_of(_LONG, TEXTS), max_size=20).map("".join)).map(normalise).filter(bool)
)
"""What can be the text of a document: short and strange, or longer than a passage."""
