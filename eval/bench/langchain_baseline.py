"""Indexing as the chain does it that most people would write, part by part with LangChain's defaults.

``DirectoryLoader`` with ``TextLoader``, ``HuggingFaceEmbeddings`` and ``FAISS.from_documents`` come in
packages that Attest does without; here is what they do. A file is one document: files of one paragraph need
no splitter.
"""

import json
from dataclasses import dataclass
from pathlib import Path

import faiss
import numpy as np
from langchain_core.documents import Document
from langchain_core.embeddings import Embeddings
from sentence_transformers import SentenceTransformer


class PlainEmbeddings(Embeddings):
    """What ``HuggingFaceEmbeddings`` does by default: ``SentenceTransformer.encode`` with its defaults."""

    def __init__(self, folder: Path) -> None:
        """Load the model in ``folder``."""
        self._client = SentenceTransformer(str(folder), device="cpu", local_files_only=True)

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """One vector a text."""
        vectors: list[list[float]] = self._client.encode(texts, show_progress_bar=False).tolist()
        return vectors

    def embed_query(self, text: str) -> list[float]:
        """The vector of a question."""
        return self.embed_documents([text])[0]


@dataclass(frozen=True, slots=True)
class Chain:
    """Documents and, in the same order, their vectors."""

    documents: tuple[Document, ...]
    index: faiss.IndexFlatL2

    @classmethod
    def of_folder(cls, source: Path, embeddings: Embeddings) -> "Chain":
        """Load every text file in ``source``, and embed it."""
        documents = [
            Document(page_content=path.read_text(encoding="utf-8"), metadata={"source": path.name})
            for path in sorted(source.glob("*.txt"))
        ]
        vectors = np.asarray(
            embeddings.embed_documents([each.page_content for each in documents]), dtype=np.float32
        )
        index = faiss.IndexFlatL2(vectors.shape[1])
        index.add(vectors)
        return cls(tuple(documents), index)

    def save(self, folder: Path) -> None:
        """Write both, as ``FAISS.save_local`` does, but without pickling."""
        folder.mkdir(parents=True, exist_ok=True)
        faiss.write_index(self.index, str(folder / "index.faiss"))
        with (folder / "documents.jsonl").open("w", encoding="utf-8") as file:
            file.writelines(json.dumps(each.model_dump()) + "\n" for each in self.documents)

    def nearest(self, vector: list[float], k: int) -> list[str]:
        """The names of the files of the ``k`` nearest documents."""
        _, numbers = self.index.search(np.asarray([vector], dtype=np.float32), k)
        return [self.documents[n].metadata["source"] for n in numbers[0] if n >= 0]
