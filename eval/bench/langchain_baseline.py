"""A chain of LangChain's own parts, to compare with: indexing in ``eval.bench``, answers in ``eval``.

It is put together as in LangChain's tutorials, with the defaults of each part, and uses the same two models
as Attest. The extra ``bench`` installs the parts.
"""

import re
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from langchain_classic.chains.combine_documents import create_stuff_documents_chain
from langchain_community.document_loaders import DirectoryLoader, TextLoader
from langchain_community.vectorstores import FAISS
from langchain_core.documents import Document as LangChainDocument
from langchain_core.embeddings import Embeddings
from langchain_core.language_models import BaseChatModel
from langchain_core.prompts import ChatPromptTemplate
from langchain_huggingface import HuggingFaceEmbeddings
from langchain_text_splitters import RecursiveCharacterTextSplitter

from qa import config
from qa.embedding.models import locate_model
from qa.evaluation import metrics
from qa.evaluation.datasets.base import UNANSWERABLE_KINDS, Case, Dataset
from qa.evaluation.progress import Track
from qa.evaluation.runner import rank_of
from qa.evaluation.summary import Baseline, Line
from qa.nlp.sentences import sentences
from qa.schema import Document, Span
from qa.verification.quote_context import QuoteContext
from qa.verification.support import unsupported_reason

NAME = "LangChain"

CHUNK_CHARACTERS, OVERLAP_CHARACTERS = 1_000, 200
"""As in LangChain's tutorial on retrieval-augmented generation."""

K = 4
"""Chunks in the prompt: the default of LangChain's vector-store retrievers."""

MAX_TOKENS = 160

DEPTH = 20
"""Chunks among which the right one is ranked, and from which those of left-out documents are dropped: as many
as the FAISS vector store fetches by default before it filters."""

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


def load_embeddings(folder: Path) -> HuggingFaceEmbeddings:
    """Load the embedding model in ``folder`` with LangChain's defaults, on the processor, in float32.

    The published models are in float32, and so run in it. Attest's copy of one is in float16 to be smaller,
    which processors multiply slowly.
    """
    options = {"device": "cpu", "local_files_only": True, "model_kwargs": {"dtype": "float32"}}
    return HuggingFaceEmbeddings(model_name=str(folder), model_kwargs=options)


def index_folder(source: Path, embeddings: Embeddings) -> FAISS:
    """Load and embed every text file in ``source``.

    A file is one document: files of one paragraph need no splitter.
    """
    loader = DirectoryLoader(
        str(source), glob="*.txt", loader_cls=TextLoader, loader_kwargs={"encoding": "utf-8"}
    )
    return FAISS.from_documents(loader.load(), embeddings)


def nearest_files(store: FAISS, question: str, k: int) -> list[str]:
    """Return the names of the files of the ``k`` documents nearest to ``question``."""
    return [Path(each.metadata["source"]).name for each in store.similarity_search(question, k)]


@dataclass(frozen=True, slots=True)
class BaselineAnswer:
    """The chain's answer to one question."""

    case: Case
    rank: int | None
    """Rank of the first chunk that holds the answer, from 1; None if it is not among the ``DEPTH`` best."""
    text: str
    refused: bool
    supported: tuple[bool, ...]
    """For each sentence, whether a chunk of the prompt supports it."""
    seconds: float


class LangChainBaseline:
    """Dense retrieval of the best ``K`` chunks, and one prompt."""

    def __init__(self, documents: Sequence[Document], embeddings: Embeddings, model: BaseChatModel) -> None:
        """Split and embed the documents."""
        splitter = RecursiveCharacterTextSplitter(
            chunk_size=CHUNK_CHARACTERS, chunk_overlap=OVERLAP_CHARACTERS, add_start_index=True
        )
        whole = [LangChainDocument(each.text, metadata={"source": each.id}) for each in documents]
        self._store = FAISS.from_documents(splitter.split_documents(whole), embeddings)
        self._chain = create_stuff_documents_chain(model.bind(max_tokens=MAX_TOKENS), PROMPT)

    def answer(self, case: Case) -> BaselineAnswer:
        """Ask one question, without the documents that the case leaves out."""
        start = time.perf_counter()
        chunks = self._store.similarity_search(
            case.question,
            DEPTH,
            filter=lambda metadata: metadata["source"] not in case.without,
            fetch_k=DEPTH,
        )
        context = chunks[:K]
        text = self._chain.invoke({"context": context, "question": case.question})
        seconds = time.perf_counter() - start
        sources = [QuoteContext(each.page_content, each.page_content, "") for each in context]
        supported = tuple(
            any(not unsupported_reason(text[start:end], source) for source in sources)
            for start, end in sentences(text)
        )
        rank = rank_of([_span(each) for each in chunks], case)
        return BaselineAnswer(case, rank, text, bool(_REFUSAL.search(text)), supported, seconds)


def run_baseline(dataset: Dataset, cases: Sequence[Case], model: BaseChatModel, track: Track) -> Baseline:
    """Ask the chain every case, over the documents of ``dataset``.

    Raises:
        ModelUnavailableError: the embedding model is missing and cannot be fetched.
    """
    settings = config.load()
    embeddings = load_embeddings(locate_model(settings.embedding, settings.cache))
    chain = LangChainBaseline(dataset.documents, embeddings, model)
    asked = track((chain.answer(case) for case in cases), f"Asking {NAME}", len(cases))
    return Baseline(NAME, tuple(_lines(tuple(asked))))


def _lines(answers: Sequence[BaselineAnswer]) -> Iterable[Line]:
    yes = [a for a in answers if a.case.answerable]
    no = [a for a in answers if not a.case.answerable]
    ranks = [a.rank for a in answers if not a.case.without]
    yield from (_line(f"recall@{k}", metrics.recall_at(ranks, k)) for k in (1, 3, 5, 10))
    yield _line("MRR@10", metrics.reciprocal_ranks(ranks))
    right = [metrics.meets(a.text, a.case.answers) for a in yes]
    yield _line("answer accuracy before abstaining", [float(each) for each in right])
    yield _line(
        "answer accuracy", [float(each and not a.refused) for each, a in zip(right, yes, strict=True)]
    )
    yield _line("answer F1", [max((metrics.f1(a.text, g) for g in a.case.answers), default=0.0) for a in yes])
    yield _line("false abstention", [float(a.refused) for a in yes])
    for kind in UNANSWERABLE_KINDS:
        yield _line(f"correct abstention, {kind}", [float(a.refused) for a in no if a.case.kind == kind])
    others = [float(a.refused) for a in no if a.case.kind not in UNANSWERABLE_KINDS]
    yield _line("correct abstention, unanswerable", others)
    yield _line(
        "sentences supported by words alone",
        [float(s) for a in answers if not a.refused for s in a.supported],
    )
    seconds = [a.seconds for a in answers]
    for q in (50, 95):
        yield Line(f"whole answer p{q}, s", metrics.percentile(seconds, q), n=len(seconds))


def _line(name: str, values: Sequence[float]) -> Line:
    found = metrics.estimate(values)
    return Line(name, found.mean, (found.low, found.high), found.n) if found else Line(name, None)


def _span(chunk: LangChainDocument) -> Span:
    start = int(chunk.metadata["start_index"])
    return Span(chunk.metadata["source"], start, start + len(chunk.page_content))
