"""Compare the layers of the embedding model whose vectors of tokens late interaction may compare.

    python -m eval.token_layers FILE… --limit 4000

FILEs are in SQuAD format. For every depth, beside the last layer, the reranker is fitted on half of the
articles; what counts is recall@1 on the other half. At the depth 1 the last layer stands beside itself.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path

from tabulate import tabulate

from eval.training.reranker import GAP, compare, measure_unseen
from qa import assemble, config
from qa.embedding.encoder import TextEncoder
from qa.embedding.models import locate_model
from qa.evaluation.datasets.base import sample
from qa.evaluation.datasets.index import indexed
from qa.evaluation.datasets.squad import read_squad

DEPTHS = (1 / 2, 2 / 3, 3 / 4, 5 / 6, 1.0)


def main(argv: Sequence[str] | None = None) -> None:
    """Print the table for the files that the command line names."""
    parser = argparse.ArgumentParser(prog="python -m eval.token_layers", description=__doc__.splitlines()[0])
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--limit", type=int, default=4000, help="questions")
    parser.add_argument("--seed", type=int, default=7)
    args = parser.parse_args(argv)
    settings = config.load()
    encoder = assemble.load_encoder(settings)
    dataset = read_squad(args.files)
    cases = sample(dataset, args.limit, args.seed).cases
    with indexed(dataset, encoder, settings) as index:
        retriever = assemble.create_retriever(settings, index, encoder)
        rows = []
        for depth in DEPTHS:
            tokens = TextEncoder(locate_model(settings.embedding, settings.cache), depth)
            unseen = measure_unseen(compare(retriever, tokens, cases))
            rows.append((f"{depth:.2f}", *unseen[f"gap_{GAP}"].values()))
        without = ("without late interaction", *unseen["without"].values())
        print(tabulate([*rows, without], headers=("depth", *unseen["without"]), tablefmt="github"))


if __name__ == "__main__":
    main()
