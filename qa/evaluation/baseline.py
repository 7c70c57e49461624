"""The chain most people would write, on the same questions with the same two models.

LangChain, FAISS over the passages, the top four, and a prompt that says to admit what is not known.
"""

import re
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import faiss
import numpy as np
from langchain_core.embeddings import Embeddings
from langchain_core.language_models import BaseChatModel
from langchain_core.output_parsers import StrOutputParser
from langchain_core.prompts import ChatPromptTemplate

from qa.evaluation import metrics
from qa.evaluation.datasets.base import Case
from qa.evaluation.runner import rank_of
from qa.evaluation.summary import Line
from qa.nlp.sentences import sentences
from qa.schema import Document, Passage
from qa.verification.support import QuoteContext, unsupported_reason

K = 4
"""The default of LangChain's vector-store retrievers."""

MAX_TOKENS = 160

DEPTH = 20
"""Passages looked at to rank the right one, with some to spare for those a question is asked without."""

PROMPT = ChatPromptTemplate.from_messages(
    [
        (
            "system",
            "You are an assistant for question-answering tasks. Use the following context to answer the "
            "question. If you don't know the answer, say that you don't know. Use three sentences at most "
            "and keep the answer concise.\n\nContext:\n{context}",
        ),
        ("human", "{question}"),
    ]
)

_REFUSAL = re.compile(
    r"\b(don'?t|do not|does not|doesn'?t|cannot|can'?t|not) (know|mention|provide|state|specify|contain|"
    r"determine|answer|have|include|say|mentioned|provided|stated|specified)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Baseline:
    """The plain chain's figures, by the same names as Attest's."""

    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class PlainAnswer:
    """What the plain chain said to one question."""

    case: Case
    rank: int | None
    text: str
    refused: bool
    supported: tuple[bool, ...]
    seconds: float


class PlainChain:
    """Dense top-4 and one prompt."""

    def __init__(
        self,
        documents: Sequence[Document],
        passages: Sequence[Passage],
        embeddings: Embeddings,
        model: BaseChatModel,
    ) -> None:
        """Embed every passage; ``embeddings`` and ``model`` are the ones Attest uses."""
        self._documents = {document.id: document for document in documents}
        self._passages = passages
        self._texts = [passage.span.cut(self._documents) for passage in passages]
        self._embeddings = embeddings
        vectors = np.asarray(embeddings.embed_documents(self._texts), dtype=np.float32)
        self._index = faiss.IndexFlatIP(vectors.shape[1])
        self._index.add(vectors)
        self._chain = PROMPT | model.bind(max_tokens=MAX_TOKENS) | StrOutputParser()

    def answer(self, case: Case) -> PlainAnswer:
        """Ask one question; documents the case is asked without are skipped over."""
        start = time.perf_counter()
        found = self._search(case, DEPTH)
        context = [self._texts[n] for n in found[:K]]
        text = self._chain.invoke({"context": "\n\n".join(context), "question": case.question})
        seconds = time.perf_counter() - start
        rank = rank_of([self._passages[n].span for n in found], case)
        sources = [QuoteContext(chunk, chunk, "") for chunk in context]
        supported = tuple(
            any(not unsupported_reason(text[start:end], source) for source in sources)
            for start, end in sentences(text)
        )
        return PlainAnswer(case, rank, text, bool(_REFUSAL.search(text)), supported, seconds)

    def _search(self, case: Case, depth: int) -> list[int]:
        vector = np.asarray([self._embeddings.embed_query(case.question)], dtype=np.float32)
        _, numbers = self._index.search(vector, min(depth, len(self._passages)))
        return [int(n) for n in numbers[0] if self._passages[n].span.doc_id not in case.without]


def run(chain: PlainChain, cases: Iterable[Case], advance: Callable[[int], None]) -> Baseline:
    """Ask the chain every case."""
    answers = []
    for case in cases:
        answers.append(chain.answer(case))
        advance(1)
    yes = [a for a in answers if a.case.answerable]
    ranks = [a.rank for a in answers if not a.case.without]
    lines = [
        *(_line(f"recall@{k}", metrics.recall_at(ranks, k)) for k in (1, 3, 5, 10)),
        _line("MRR@10", metrics.reciprocal_ranks(ranks)),
        _line(
            "answer accuracy before abstaining", [float(metrics.meets(a.text, a.case.answers)) for a in yes]
        ),
        _line(
            "answer accuracy",
            [float(metrics.meets(a.text, a.case.answers) and not a.refused) for a in yes],
        ),
        _line("answer F1", [max((metrics.f1(a.text, g) for g in a.case.answers), default=0.0) for a in yes]),
        _line("false abstention", [float(a.refused) for a in yes]),
        *(
            _line(
                f"correct abstention, {kind}",
                [float(a.refused) for a in answers if a.case.kind == kind],
            )
            for kind in ("adversarial", "absent")
        ),
        _line(
            "correct abstention, unanswerable",
            [
                float(a.refused)
                for a in answers
                if not a.case.answerable and a.case.kind not in ("adversarial", "absent")
            ],
        ),
        _line("citation precision", [float(s) for a in answers if not a.refused for s in a.supported]),
        *(
            Line(f"whole answer p{q}, s", metrics.percentile([a.seconds for a in answers], q), n=len(answers))
            for q in (50, 95)
        ),
    ]
    return Baseline(tuple(lines))


def _line(name: str, values: Sequence[float]) -> Line:
    found = metrics.estimate(values)
    return Line(name, found.mean, (found.low, found.high), found.n) if found else Line(name, None)
