"""``python -m eval``: run known answers and report. Exit status 1 when a stated floor is missed."""

import argparse
import json
import platform
import sys
from collections.abc import Sequence
from pathlib import Path

from tqdm import tqdm

from qa import assemble, config
from qa.config import Config
from qa.errors import AttestError
from qa.evaluation import baseline as plain_chain
from qa.evaluation import report
from qa.evaluation.datasets.base import Dataset, absent, sample
from qa.evaluation.datasets.index import indexed
from qa.evaluation.datasets.own import CONVERSATIONS, QUESTIONS, read_own
from qa.evaluation.datasets.squad import read_squad
from qa.evaluation.report import Run
from qa.evaluation.runner import retrieve, run
from qa.evaluation.summary import Floors, summarise
from qa.ingest import discovery
from qa.ingest.chunking import split
from qa.pipeline import Pipeline
from qa.weights import FITTED

OWN_FLOORS = Floors(accuracy=0.85, correct_abstention=0.85, false_abstention=0.10, verbatim=1.0)
"""What is promised on the project's own questions with the default model."""

_DATASETS = ("own", "conversations", "squad")


def main(argv: Sequence[str] | None = None) -> int:
    """Run the evaluation that ``argv`` describes."""
    args = _parser().parse_args(argv)
    try:
        done = _evaluate(args)
    except AttestError as error:
        print(f"attest eval: {error}", file=sys.stderr)
        return error.exit_status
    as_json, as_html = report.write(done, args.out)
    print(json.dumps(report.record(done), ensure_ascii=False) if args.json else report.table(done))
    print(f"Every question: {as_html} and {as_json}", file=sys.stderr)
    if done.summary.missed:
        print(f"Floors missed: {report.missed(done.summary.missed)}", file=sys.stderr)
        return 1
    return 0


def _evaluate(args: argparse.Namespace) -> Run:
    settings = config.load(model=args.model)
    dataset, floors = _dataset(args, settings)
    chosen = sample(dataset, args.limit, args.seed)
    cases = [*chosen.cases, *(absent(chosen.cases) if args.dataset == "squad" else [])]
    encoder = assemble.load_encoder(settings)
    with indexed(dataset, encoder, settings) as index:
        retriever = assemble.create_retriever(settings, index, encoder)
        model = assemble.load_model(settings)
        fitted = assemble.calibrated(settings)
        pipeline = Pipeline(retriever, index.documents, model, threshold=0.0, fitted=fitted)
        own = fitted if model else FITTED.quotes_only
        threshold = own.threshold if settings.threshold is None else settings.threshold
        outcomes = tuple(tqdm(run(pipeline, retriever, cases, threshold), "Asking", len(cases)))
        found = [outcome.retrieved for outcome in outcomes if not outcome.case.without]
        if chosen is not dataset:  # a sample is asked, but retrieval is cheap enough for every question
            every = retrieve(pipeline, retriever, dataset.cases)
            found = list(tqdm(every, "Retrieving", len(dataset.cases), mininterval=1))
        baseline = None
        if args.baseline and model:
            passages = [passage for document in dataset.documents for passage in split(document)]
            chain = plain_chain.PlainChain(dataset.documents, passages, encoder, model)
            with tqdm(desc="Asking the plain chain", total=len(cases)) as bar:
                baseline = plain_chain.run(chain, cases, lambda n: (bar.update(n), None)[1])
    return Run(
        title=dataset.name,
        command="python -m eval " + " ".join(sys.argv[1:]),
        machine=f"{platform.machine()}, {settings.threads} threads, Python {platform.python_version()}",
        model=settings.model,
        threshold=threshold,
        summary=summarise(outcomes, found, floors if settings.model == "default" else Floors()),
        outcomes=outcomes,
        baseline=baseline,
    )


def _dataset(args: argparse.Namespace, settings: Config) -> tuple[Dataset, Floors]:
    if args.dataset == "squad":
        return read_squad(args.files), Floors()
    own = discovery.load([settings.corpus]).documents
    path = {"own": QUESTIONS, "conversations": CONVERSATIONS}.get(args.dataset) or Path(args.dataset)
    return read_own(own, path), OWN_FLOORS if path is QUESTIONS else Floors()


def _dataset_name(text: str) -> str:
    if text not in _DATASETS and not text.endswith(".jsonl"):
        raise argparse.ArgumentTypeError(f"{text!r} is none of {', '.join(_DATASETS)}, and no .jsonl file")
    return text


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="attest eval",
        description="Measure Attest against known answers.",
        epilog="example: attest eval --dataset squad dev-v2.0.json --limit 300 --seed 1",
    )
    parser.add_argument(
        "--dataset",
        type=_dataset_name,
        default="own",
        metavar="NAME",
        help="own (the project's questions on its corpus/), conversations, squad (FILEs in that format), or "
        "a .jsonl file of questions kept on the documents of ATTEST_CORPUS",
    )
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE", help="files in SQuAD format")
    parser.add_argument("--limit", type=int, metavar="N", help="a sample, half of it unanswerable")
    parser.add_argument("--seed", type=int, default=1, metavar="S", help="of the sample")
    parser.add_argument("--model", help="as ATTEST_MODEL; none measures the quotes alone")
    parser.add_argument("--baseline", action="store_true", help="ask a plain LangChain chain as well")
    parser.add_argument("--out", type=Path, default=Path("reports"), metavar="DIR", help="for the reports")
    parser.add_argument("--json", action="store_true", help="print the JSON report instead of the table")
    return parser


if __name__ == "__main__":
    sys.exit(main())
