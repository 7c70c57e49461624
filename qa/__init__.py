"""Attest: answers over your own documents, every sentence tied to a verbatim quote."""

import os
from importlib import import_module
from typing import TYPE_CHECKING

__version__ = "0.2.0"

os.environ.setdefault("GOMP_SPINCOUNT", "1000")
"""How often a thread of llama.cpp looks whether the others are done before it sleeps. libgomp reads it once,
when PyTorch or llama.cpp load it. Its default of 300,000 is for machines on which nothing else runs: where
another program has one of two cores, threads look in vain for most of the time, and an answer takes many
times as long (``python -m eval.bench.busy_machine``)."""

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
"""How many threads multiply matrices for NumPy, which reads it once, when it is imported. Those of OpenBLAS
wait for each other without sleeping: beside another program on one of two cores, a question takes 28 times as
long to encode in two threads, and on an idle machine 0.7 of the time
(``python -m eval.bench.busy_encoder``, docs/speed.md)."""

__all__ = [
    "Answer",
    "Attest",
    "AttestError",
    "AttestRetriever",
    "Document",
    "Draft",
    "Evidence",
    "FirstAnswer",
    "QueuePosition",
    "Quote",
    "Sentence",
    "Turn",
    "UserError",
]

if TYPE_CHECKING:
    from qa.errors import AttestError, UserError
    from qa.python.attest import Attest
    from qa.python.langchain_retriever import AttestRetriever
    from qa.schema import Answer, Document, Draft, Evidence, FirstAnswer, QueuePosition, Quote, Sentence, Turn

_HOMES = {
    "Attest": "qa.python.attest",
    "AttestError": "qa.errors",
    "AttestRetriever": "qa.python.langchain_retriever",
    "UserError": "qa.errors",
}
"""The modules of the names above that are not values of ``qa.schema``."""


def __getattr__(name: str) -> object:
    """Return what is called ``name``. It is imported only now: ``import qa`` costs next to nothing."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES.get(name, "qa.schema")), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
