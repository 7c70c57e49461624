"""Measure how often the page with the evidence is among the first passages, in long PDFs.

    python -m eval.pages QUESTIONS.jsonl FOLDER [--limit N] [--indexes KEPT]

QUESTIONS.jsonl is of FinanceBench's form: ``question``, ``doc_name`` (a PDF of FOLDER without its ending) and
``evidence`` with the ``evidence_page_num``, from 0, of each page that has the answer. Every question is asked
of its own document, without a language model; documents that FOLDER lacks are passed over. Indexes are kept
in KEPT, and those that are there are searched as they are: two ways of ranking are compared in minutes.
"""

import argparse
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from pydantic import BaseModel
from tqdm import tqdm

from qa import assemble, config, storage
from qa.config import Config
from qa.embedding.encoder import TextEncoder
from qa.errors import IndexMissingError, UserError
from qa.evaluation.datasets.json_lines import read_records
from qa.evaluation.metrics import estimate, recall_at
from qa.index.index import Index
from qa.index.update.update import build_index
from qa.ingest.documents import parse
from qa.schema import Document, Span

CUTS = (1, 5, 10)
"""The numbers of first passages among which the page is sought."""


class _Evidence(BaseModel):
    evidence_page_num: int


class _Record(BaseModel):
    question: str
    doc_name: str
    evidence: list[_Evidence]


@dataclass(frozen=True, slots=True)
class Found:
    """A question, and the rank from 1 of the first passage on a page with its evidence; None if there is
    none.
    """

    document: str
    question: str
    rank: int | None


def main(argv: Sequence[str] | None = None) -> int:
    """Measure, and print the rank of each question and the shares."""
    parser = argparse.ArgumentParser(prog="python -m eval.pages", description=__doc__.splitlines()[0])
    parser.add_argument("questions", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--limit", type=int, help="documents, those with the most questions first")
    parser.add_argument("--indexes", type=Path, help="where indexes are kept; by default nowhere")
    args = parser.parse_args(argv)
    with ExitStack() as stack:
        indexes = args.indexes or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        found = list(measure(args.questions, args.folder, args.limit, indexes, config.load()))
    for each in found:
        print(f"{each.rank or '-':>4}  {each.document}: {each.question}")
    print(f"{len(found)} questions over {len({each.document for each in found})} documents")
    for cut in CUTS:
        share = estimate(recall_at([each.rank for each in found], cut))
        if share:
            print(f"page among the first {cut}: {share.mean:.3f} ({share.low:.3f} to {share.high:.3f})")
    return 0


def measure(
    questions: Path, folder: Path, limit: int | None, indexes: Path, settings: Config
) -> Iterator[Found]:
    """Yield each question with its rank. Documents are indexed one after the other, in ``indexes``.

    Raises:
        UserError: the file of questions cannot be read, or FOLDER has none of its documents.
    """
    records = [record for _, record in read_records(questions, "FinanceBench", _Record.model_validate)]
    records.sort(key=lambda each: each.doc_name)
    asked = [(name, list(group)) for name, group in groupby(records, lambda each: each.doc_name)]
    present = [(name, group) for name, group in asked if (folder / f"{name}.pdf").is_file()]
    if not present:
        raise UserError(f"{folder} has none of the PDFs that {questions} asks of")
    present.sort(key=lambda each: -len(each[1]))
    encoder = assemble.load_encoder(settings)
    for name, group in tqdm(present[:limit], "Documents"):
        index = _open(folder / f"{name}.pdf", indexes, encoder, settings)
        (document,) = index.documents.values()
        retriever = assemble.create_retriever(settings, index, encoder, max(CUTS))
        for record in group:
            right = {f"page {each.evidence_page_num + 1}" for each in record.evidence}
            hits = retriever.search(record.question).hits
            ranks = (rank for rank, hit in enumerate(hits, 1) if right & _pages(document, hit.passage.span))
            yield Found(name, record.question, next(ranks, None))


def _open(file: Path, indexes: Path, encoder: TextEncoder, settings: Config) -> Index:
    """Return the index of ``file`` that is in ``indexes``, or else make it."""
    store = storage.open_store(settings.model_copy(update={"index": indexes / file.stem}))
    try:
        return Index.open(store)
    except IndexMissingError:
        build_index(store, (parse(file.read_bytes(), file.name),), encoder)
        return Index.open(store)


def _pages(document: Document, span: Span) -> set[str]:
    """Return the labels of the places that ``span`` touches."""
    ends = [place.start for place in document.places[1:]] + [len(document.text)]
    places = zip(document.places, ends, strict=False)
    return {place.label for place, end in places if place.start < span.end and span.start < end}


if __name__ == "__main__":
    sys.exit(main())
