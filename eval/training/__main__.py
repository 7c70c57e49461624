"""Fit every number in ``qa/weights.json``: ranking, choice of quotes, P(answerable), thresholds.

    python -m eval.training ranking FILE…            weights of passages and sentences; a few minutes
    python -m eval.training in_document FILE…        what the place in a long document adds; [--limit] folders
    python -m eval.training reranker FILE…           what late interaction adds where passages are close
    python -m eval.training foreign FILE FILE…       weights of what is in another language than the question
    python -m eval.training judge FILE… [--limit N]  calibration; asks the model 1.5 N questions
    python -m eval.training first FILE… [--known]    what the first verdict settles, for the judge there is
    python -m eval.training yes_or_no FILE… [--limit N]  what is added for yes or no; asks 2 N questions
    python -m eval.training support FILE… [--limit N]  the check of sentences; N claims of each file at most

FILEs are in SQuAD format; the judge needs version 2.0, with unanswerable questions, and ``foreign`` needs
translations of one another, such as XQuAD's, and the weights of ``ranking``. For the check of sentences they
are claims as FeverSymmetric, WiCE and FactCG have them. ``in_document`` also invents folders by the seed.
Each fit is checked on articles, folders or claims that it has not seen, and the result is written beside
the numbers.
"""

import argparse
import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from tqdm import tqdm

from eval.training.first import first_record
from eval.training.foreign import fit_foreign
from eval.training.in_document import fit_in_document
from eval.training.judge import judge_records, known_verdicts, saved_verdicts
from eval.training.ranking import fit_ranking
from eval.training.reranker import fit_reranker
from eval.training.support import saved_logits, support_record
from eval.training.yes_or_no import asks_for_yes_or_no, yes_or_no_record
from qa import assemble, config
from qa.answering.checker import SupportLogit, support_logit
from qa.embedding.models import SHIPPED
from qa.evaluation.datasets.base import sample
from qa.evaluation.datasets.claims import read_claims, sample_claims
from qa.evaluation.datasets.index import indexed
from qa.evaluation.datasets.squad import read_squad
from qa.evaluation.fit import ask_verdicts, fit_judge
from qa.evaluation.fit_support import fit_support
from qa.schema import Evidence

IN_DOCUMENT = "in_document"
"""The fit beside all embedding models, and the name of its record."""
RERANKER = "reranker"
"""The fit, and the name of its record."""
YES_OR_NO = "yes_or_no"
"""The fit, and the name of its record."""
OF_JUDGE = ("first", YES_OR_NO)
"""The fits whose records are parts of the judge's, which has to be fitted before."""
SUPPORT = "support"
"""The argument that fits the check of sentences."""
TARGET = Path(__file__).parents[2] / "qa" / "weights.json"


def main() -> None:
    """Fit what the command line names and write it into ``qa/weights.json``."""
    parser = argparse.ArgumentParser(prog="python -m eval.training", description=__doc__.splitlines()[0])
    parser.add_argument(
        "what", choices=("ranking", RERANKER, IN_DOCUMENT, "foreign", "judge", *OF_JUDGE, SUPPORT)
    )
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--limit", type=int, default=400, help="questions, or folders, to fit on")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument(
        "--verdicts", type=Path, metavar="FILE", help="saves the model's verdicts between fits"
    )
    parser.add_argument(
        "--known", action="store_true", help="fits on the questions whose verdicts FILE has, and asks none"
    )
    args = parser.parse_args()
    settings = config.load()
    fits = _fit_support if args.what == SUPPORT else _fit_with_embedding
    parts = fits(args, settings)
    options = ["--limit", str(args.limit), "--seed", str(args.seed), *(["--known"] if args.known else [])]
    provenance = {
        "command": " ".join(["python -m eval.training", args.what, *(p.name for p in args.files), *options]),
        "data_sha256": {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in args.files},
    }
    record = json.loads(TARGET.read_text(encoding="utf-8"))
    store_parts(record, args.what, SHIPPED[settings.embedding].name, parts, provenance)
    TARGET.write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(parts, indent=2))


def store_parts(
    record: dict[str, Any],
    what: str,
    embedding: str,
    parts: Mapping[str, Mapping[str, object]],
    provenance: Mapping[str, object],
) -> None:
    """Put the ``parts`` that were fitted as ``what`` into the ``record`` of all numbers, in the place of
    those before: beside the numbers of all embedding models, or with those of ``embedding``.
    """
    place = {SUPPORT: record, IN_DOCUMENT: record.setdefault(IN_DOCUMENT, {})}
    ours = place[what] if what in place else record.setdefault(embedding, {})
    for name, part in parts.items():
        ours[name] = {**part, "fitted": provenance}
    if what in OF_JUDGE:
        ours["judge"][what] = ours.pop(what)


def _fit_support(args: argparse.Namespace, settings: config.Config) -> dict[str, dict[str, object]]:
    """Return the record of the check of sentences, fitted on claims."""
    claims = [
        case
        for path in args.files
        for case in sample_claims(read_claims([path]), args.limit, args.seed).claims
    ]
    model = assemble.load_model(settings)
    assert model is not None
    verdict: SupportLogit = partial(support_logit, model)
    if args.verdicts:
        verdict = saved_logits(verdict, args.verdicts)
    return {SUPPORT: support_record(fit_support(claims, verdict, tqdm))}


def _fit_with_embedding(args: argparse.Namespace, settings: config.Config) -> dict[str, dict[str, object]]:
    """Return the records that belong to an embedding model: of the ranking, or of both judges."""
    encoder = assemble.load_encoder(settings)
    if args.what == IN_DOCUMENT:
        return fit_in_document(args.files, args.limit, args.seed, encoder, settings)
    if args.what == "foreign":
        return fit_foreign(args.files, encoder, settings, args.limit, args.seed)
    dataset = read_squad(args.files)
    if args.what == YES_OR_NO:
        dataset = replace(dataset, cases=asks_for_yes_or_no(dataset.cases))
    chosen = sample(dataset, args.limit, args.seed).cases
    with indexed(dataset, encoder, settings) as index:
        retriever = assemble.create_retriever(settings, index, encoder)
        if args.what == "ranking":
            return fit_ranking(retriever, chosen)
        if args.what == RERANKER:
            return fit_reranker(retriever, encoder, chosen)
        if args.what == "first" and args.known:
            return {"first": first_record(retriever, chosen, known_verdicts(args.verdicts))}
        model = assemble.load_model(settings)
        assert model is not None
        verdicts: Callable[[Evidence], dict[str, float]] = partial(ask_verdicts, model)
        if args.verdicts:
            verdicts = saved_verdicts(verdicts, args.verdicts)
        if args.what == YES_OR_NO:
            return {YES_OR_NO: yes_or_no_record(retriever, chosen, verdicts)}
        if args.what == "first":
            return {"first": first_record(retriever, chosen, verdicts)}
        return judge_records(fit_judge(retriever, dataset.cases, chosen, verdicts, tqdm))


if __name__ == "__main__":
    main()
