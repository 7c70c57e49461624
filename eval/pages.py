"""Measure how often the page with the evidence is among the first passages, in long PDFs.

    python -m eval.pages QUESTIONS.jsonl FOLDER [--limit N]

QUESTIONS.jsonl is of FinanceBench's form: ``question``, ``doc_name`` (a PDF of FOLDER without its ending) and
``evidence`` with the ``evidence_page_num``, from 0, of each page that has the answer. Every question is asked
of its own document, without a language model; documents that FOLDER lacks are passed over.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from pydantic import BaseModel
from tqdm import tqdm

from qa import assemble, config
from qa.config import Config
from qa.embedding.encoder import TextEncoder
from qa.errors import UserError
from qa.evaluation.datasets.base import Dataset
from qa.evaluation.datasets.index import indexed
from qa.evaluation.datasets.json_lines import read_records
from qa.evaluation.metrics import estimate, recall_at
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
    args = parser.parse_args(argv)
    found = list(measure(args.questions, args.folder, args.limit, config.load()))
    for each in found:
        print(f"{each.rank or '-':>4}  {each.document}: {each.question}")
    print(f"{len(found)} questions over {len({each.document for each in found})} documents")
    for cut in CUTS:
        share = estimate(recall_at([each.rank for each in found], cut))
        if share:
            print(f"page among the first {cut}: {share.mean:.3f} ({share.low:.3f} to {share.high:.3f})")
    return 0


def measure(questions: Path, folder: Path, limit: int | None, settings: Config) -> Iterator[Found]:
    """Yield each question with its rank. Documents are indexed one after the other.

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
        document = parse((folder / f"{name}.pdf").read_bytes(), f"{name}.pdf")
        yield from _ask(document, group, encoder, settings)


def _ask(
    document: Document, records: Sequence[_Record], encoder: TextEncoder, settings: Config
) -> Iterator[Found]:
    with indexed(Dataset(document.id, (document,), ()), encoder, settings) as index:
        retriever = assemble.create_retriever(settings, index, encoder, max(CUTS))
        for record in records:
            right = {f"page {each.evidence_page_num + 1}" for each in record.evidence}
            hits = retriever.search(record.question).hits
            ranks = (rank for rank, hit in enumerate(hits, 1) if right & _pages(document, hit.passage.span))
            yield Found(record.doc_name, record.question, next(ranks, None))


def _pages(document: Document, span: Span) -> set[str]:
    """Return the labels of the places that ``span`` touches."""
    ends = [place.start for place in document.places[1:]] + [len(document.text)]
    places = zip(document.places, ends, strict=False)
    return {place.label for place, end in places if place.start < span.end and span.start < end}


if __name__ == "__main__":
    sys.exit(main())
