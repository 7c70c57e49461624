"""Fit every number in ``qa/weights.json``: ranking, choice of quotes, P(answerable), thresholds.

    python -m eval.training ranking FILE…            weights of passages and sentences; a few minutes
    python -m eval.training foreign FILE FILE…       weights of what is in another language than the question
    python -m eval.training judge FILE… [--limit N]  calibration; asks the model 1.5 N questions

FILEs are in SQuAD format; the judge needs version 2.0, with unanswerable questions, and ``foreign`` needs
translations of one another, such as XQuAD's, and the weights of ``ranking``. Each fit is checked on articles
that it has not seen, and the result is written beside the numbers.
"""

import argparse
import hashlib
import json
from collections.abc import Callable
from functools import partial
from pathlib import Path

from tqdm import tqdm

from eval.training.foreign import fit_foreign
from eval.training.judge import judge_records, saved_verdicts
from eval.training.ranking import fit_ranking
from qa import assemble, config
from qa.answering.judge import verdict_logit
from qa.embedding.models import SHIPPED
from qa.evaluation.datasets.base import sample
from qa.evaluation.datasets.index import indexed
from qa.evaluation.datasets.squad import read_squad
from qa.evaluation.fit import fit_judge
from qa.schema import Evidence

TARGET = Path(__file__).parents[2] / "qa" / "weights.json"


def main() -> None:
    """Fit what the command line names and write it into ``qa/weights.json``."""
    parser = argparse.ArgumentParser(prog="python -m eval.training", description=__doc__.splitlines()[0])
    parser.add_argument("what", choices=("ranking", "foreign", "judge"))
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--limit", type=int, default=400, help="questions to fit on")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument(
        "--verdicts", type=Path, metavar="FILE", help="saves the model's verdicts between fits"
    )
    args = parser.parse_args()
    settings = config.load()
    fitted = _fit(args, settings)
    names = [path.name for path in args.files]
    options = ["--limit", str(args.limit), "--seed", str(args.seed)]
    provenance = {
        "command": " ".join(["python -m eval.training", args.what, *names, *options]),
        "data_sha256": {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in args.files},
    }
    record = json.loads(TARGET.read_text(encoding="utf-8"))
    ours = record.setdefault(SHIPPED[settings.embedding].name, {})
    for name, part in fitted.items():
        ours[name] = {**part, "fitted": provenance}
    TARGET.write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(fitted, indent=2))


def _fit(args: argparse.Namespace, settings: config.Config) -> dict[str, dict[str, object]]:
    encoder = assemble.load_encoder(settings)
    if args.what == "foreign":
        return fit_foreign(args.files, encoder, settings, args.limit, args.seed)
    dataset = read_squad(args.files)
    chosen = sample(dataset, args.limit, args.seed).cases
    with indexed(dataset, encoder, settings) as index:
        retriever = assemble.create_retriever(settings, index, encoder)
        if args.what == "ranking":
            return fit_ranking(retriever, chosen)
        model = assemble.load_model(settings)
        assert model is not None
        verdict: Callable[[Evidence], float] = partial(verdict_logit, model)
        if args.verdicts:
            verdict = saved_verdicts(verdict, args.verdicts)
        return judge_records(fit_judge(retriever, dataset.cases, chosen, verdict, tqdm))


if __name__ == "__main__":
    main()
