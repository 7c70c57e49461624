"""Measure speed and memory of indexing and retrieval, and report them as Markdown.

    python -m eval.bench FILE… --out bench.md                                   some minutes
    python -m eval.bench FILE… --out bench.md --files 2000 --sizes 1000 10000 100000 1000000
    python -m eval.bench FILE --parts answering --against FOLDER    answers, beside another checkout's

FILEs are in SQuAD format. Passages beyond their paragraphs are synthetic and labelled as such.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from langchain_core.embeddings import Embeddings

from eval.bench.answering import measure_answering
from eval.bench.corpus import read_texts
from eval.bench.embedding import measure_reach
from eval.bench.environment import this_machine
from eval.bench.growing import measure_growth
from eval.bench.indexing import compare, measure_update, profile
from eval.bench.langchain_baseline import load_embeddings
from eval.bench.report import Bench, draw, report
from eval.bench.retrieval import Retrieval, make_material, measure_retrieval
from eval.bench.sweep import SweepTimes, measure_sweep
from eval.bench.synthetic import NOISE, Shape
from eval.bench.tracking import measure_tracking
from qa import assemble, config, storage
from qa.embedding.base import EmbeddingIdentity, Encoder
from qa.embedding.models import locate_model
from qa.errors import AttestError, UserError

PARTS = ("indexing", "embedding", "again", "growing", "retrieval", "sweep", "tracking", "profile")
ALL_PARTS = (*PARTS, "answering")
"""With what is measured only where it is named: it needs a language model, and half an hour."""

SENTENCES_OF = 100
"""Paragraphs whose sentences are embedded again and again, to compare with matrix multiplications."""


def main(argv: Sequence[str] | None = None) -> int:
    """Measure what the command line asks for, print the report, and write it to the file that it names."""
    given = list(sys.argv[1:] if argv is None else argv)
    try:
        args = parser().parse_args(given)
        settings = config.load()
        folder = locate_model(settings.embedding, settings.cache)
        encoder, identity = assemble.load_encoder(settings), storage.embedding_identity(settings)
        embeddings = load_embeddings(folder) if _compares(args) else None
        bench = measure(args, encoder, identity, embeddings, folder=folder, start=True)
    except AttestError as error:
        print(f"eval.bench: {error}", file=sys.stderr)
        return error.exit_status
    plot = args.out.with_suffix(".svg") if args.out else None
    text = report(bench, plot.name if plot else "")
    if plot:
        args.out.parent.mkdir(parents=True, exist_ok=True)
        args.out.write_text(text, encoding="utf-8")
        draw(bench, plot)
    print(text)
    return 0


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    options = argparse.ArgumentParser(
        prog="python -m eval.bench", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("data", nargs="+", type=Path, metavar="FILE", help="in SQuAD format")
    options.add_argument(
        "--parts", nargs="+", choices=ALL_PARTS, default=PARTS, help="what to measure (all but answering)"
    )
    options.add_argument("--files", type=int, default=300, metavar="N", help="files to compare on (300)")
    options.add_argument("--rounds", type=int, default=2, metavar="N", help="how often to index them (2)")
    options.add_argument(
        "--again",
        type=int,
        default=10_000,
        metavar="N",
        help="files of the index to update (10,000, or all there are)",
    )
    options.add_argument("--changed", type=int, default=10, metavar="N", help="how many of them change (10)")
    options.add_argument(
        "--growing",
        nargs="+",
        type=int,
        default=[10, 100],
        metavar="N",
        help="synthetic files of the folders that are searched while they are indexed (10 100)",
    )
    options.add_argument(
        "--sizes",
        nargs="+",
        type=int,
        default=[1_000, 10_000],
        metavar="N",
        help="passages (1000 10000)",
    )
    options.add_argument(
        "--real", type=int, default=500, metavar="N", help="passages of real text in an index, at most (500)"
    )
    shape = Shape()
    options.add_argument(
        "--sentences",
        type=int,
        default=shape.sentences,
        metavar="N",
        help="in a synthetic passage (3)",
    )
    options.add_argument(
        "--words", type=int, default=shape.words, metavar="N", help="in such a sentence (40)"
    )
    options.add_argument("--questions", type=int, default=100, metavar="N", help="questions to ask (100)")
    options.add_argument(
        "--tracked", type=int, default=200, metavar="N", help="tracked questions to check, up to 10,000 (200)"
    )
    options.add_argument(
        "--readers", type=int, default=20, metavar="N", help="readers who ask at once for answers (20)"
    )
    options.add_argument("--seed", type=int, default=3, metavar="N", help="of the questions answered (3)")
    options.add_argument(
        "--against", type=Path, metavar="FOLDER", help="another checkout, which answers the same questions"
    )
    options.add_argument("--out", type=Path, metavar="FILE", help="the report; its plot goes beside it")
    return options


def measure(
    args: argparse.Namespace,
    encoder: Encoder,
    identity: EmbeddingIdentity,
    embeddings: Embeddings | None,
    *,
    folder: Path | None = None,
    start: bool,
) -> Bench:
    """Measure everything that ``args`` asks for, ``embeddings`` too if they are to be compared.

    With ``folder``, which has the model, its embedding is compared with the processor's limit. With
    ``start``, servers are timed from the start of their processes, for which ``encoder`` must be the
    model of the settings.

    Raises:
        UserError: a number is too small, or a file is not in SQuAD format.
    """
    counts = (
        args.files,
        args.rounds,
        args.again,
        args.changed,
        *args.growing,
        *args.sizes,
        args.real,
        args.questions,
        args.tracked,
        args.readers,
    )
    if min(*counts, args.sentences, args.words) < 1:
        raise UserError("Every number must be at least 1")
    texts = read_texts(args.data)
    few = texts.first(args.files)
    shape = Shape(args.sentences, args.words)
    retrievals: tuple[Retrieval, ...] = ()
    sweeps: tuple[SweepTimes, ...] = ()
    if {"retrieval", "sweep"} & set(args.parts):
        material = make_material(
            texts.first(args.real).sample_questions(args.questions), shape, encoder, identity
        )
        if "retrieval" in args.parts:
            retrievals = tuple(measure_retrieval(material, size, start=start) for size in args.sizes)
        if "sweep" in args.parts:
            sweeps = tuple(measure_sweep(material, size) for size in args.sizes)
    return Bench(
        command=_command(args),
        machine=this_machine(),
        compared=compare(few.sample_questions(args.questions), encoder, identity, embeddings, args.rounds)
        if embeddings and _compares(args)
        else (),
        reach=measure_reach(folder, texts.first(SENTENCES_OF).paragraphs)
        if folder is not None and "embedding" in args.parts
        else (),
        update=measure_update(texts.first(args.again), encoder, identity, args.again, args.changed)
        if "again" in args.parts
        else None,
        growing=tuple(measure_growth(texts, files, shape, encoder, identity) for files in args.growing)
        if "growing" in args.parts
        else (),
        retrievals=retrievals,
        sweeps=sweeps,
        answering=measure_answering(args.data[0], args.questions, args.seed, args.readers, args.against)
        if "answering" in args.parts
        else (),
        tracking=measure_tracking(few, encoder, identity, args.tracked, args.changed)
        if "tracking" in args.parts
        else None,
        synthetic=_synthetic([*retrievals, *sweeps], shape),
        profile=profile(few, encoder, identity) if "profile" in args.parts else None,
    )


def _compares(args: argparse.Namespace) -> bool:
    """Return whether another way to embed is measured beside Attest's. To load it takes ten seconds."""
    return bool({"indexing", "embedding"} & set(args.parts))


def _synthetic(measured: Sequence[Retrieval | SweepTimes], shape: Shape) -> str:
    if all(each.passages == each.real for each in measured):
        return ""
    return (
        f"Synthetic passages have {shape.sentences} sentences of {shape.words} words, drawn as often as they "
        f"occur in the real text, and vectors drawn around those of real sentences (noise {NOISE} of their "
        "length). They cost as much as real ones, and mean nothing."
    )


def _command(args: argparse.Namespace) -> str:
    """Return the command that measures the same, without the folders of this machine."""
    words = ["python -m eval.bench", *(path.name for path in args.data)]
    defaults = parser().parse_args(["-"])
    for name, value in vars(args).items():
        if name not in {"data", "out", "against"} and list(_listed(value)) != list(
            _listed(getattr(defaults, name))
        ):
            words += [f"--{name}", *map(str, _listed(value))]
    return " ".join(words)


def _listed(value: object) -> Sequence[object]:
    return value if isinstance(value, (list, tuple)) else [value]


if __name__ == "__main__":
    sys.exit(main())
