"""The record of the check of sentences for ``qa/weights.json``, and the verdicts saved between fits."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from qa.answering.checker import SupportLogit
from qa.evaluation.fit_support import FALSE_SUPPORT, SupportFit
from qa.llm.prompts import claim_messages
from qa.schema import Quote


def support_record(fit: SupportFit) -> dict[str, object]:
    """Return the part ``support`` of ``qa/weights.json``."""
    return {
        "weights": dict(fit.judge.calibration.weights),
        "bias": fit.judge.calibration.bias,
        "threshold": fit.judge.threshold,
        f"unseen_claims_that_pass_at_{FALSE_SUPPORT}": {
            file: asdict(passing) for file, passing in fit.unseen.items()
        },
        "verdicts": fit.asked,
    }


def saved_logits(verdict: SupportLogit, file: Path) -> SupportLogit:
    """Wrap ``verdict`` so that ``file`` answers for what was asked before, and saves what is new."""
    known: dict[str, float | None] = {}
    if file.is_file():
        known = dict(map(json.loads, file.read_text(encoding="utf-8").splitlines()))

    def look_up(claim: str, quotes: Sequence[Quote]) -> float | None:
        prompt = "\n".join(str(message.content) for message in claim_messages(claim, quotes))
        key = hashlib.sha256(prompt.encode()).hexdigest()
        if key not in known:
            known[key] = verdict(claim, quotes)
            with file.open("a", encoding="utf-8") as opened:
                opened.write(json.dumps([key, known[key]]) + "\n")
        return known[key]

    return look_up
