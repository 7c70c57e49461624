"""The records of both judges for ``qa/weights.json``, and the model's verdicts saved between fits."""

import hashlib
import json
from collections.abc import Callable, Mapping
from pathlib import Path

from qa.evaluation.fit import Fit, JudgeFit, Separation
from qa.evaluation.summary import FALSE_ABSTENTION
from qa.llm.prompts import task_messages
from qa.schema import Evidence


def judge_records(fit: Fit) -> dict[str, dict[str, object]]:
    """Return the parts ``judge`` and ``quotes_only`` of ``qa/weights.json``."""
    return {
        "judge": {
            **_weights(fit.judge),
            "surest": dict(fit.judge.judge.surest),
            "verdict_alone": _separations(fit.verdict_alone),
            "signals_alone": _separations(fit.signals_alone),
            "questions": fit.judge.questions,
        },
        "quotes_only": {**_weights(fit.quotes_only), "questions": fit.quotes_only.questions},
    }


def saved_verdicts(
    verdicts: Callable[[Evidence], dict[str, float]], file: Path
) -> Callable[[Evidence], dict[str, float]]:
    """Wrap ``verdicts`` so that ``file`` answers for what was asked before, and saves what is new."""
    known = _read(file)

    def look_up(evidence: Evidence) -> dict[str, float]:
        key = _key(evidence)
        if key not in known:
            known[key] = verdicts(evidence)
            with file.open("a", encoding="utf-8") as opened:
                opened.write(json.dumps([key, known[key]]) + "\n")
        return known[key]

    return look_up


def known_verdicts(file: Path) -> Callable[[Evidence], dict[str, float] | None]:
    """Return what finds the verdicts in ``file``, None for what it has not."""
    known = _read(file)
    return lambda evidence: known.get(_key(evidence))


def _read(file: Path) -> dict[str, dict[str, float]]:
    lines = file.read_text(encoding="utf-8").splitlines() if file.is_file() else []
    return dict(map(json.loads, lines))


def _key(evidence: Evidence) -> str:
    prompt = "\n".join(str(m.content) for m in task_messages("judge", evidence.question, evidence.quotes))
    return hashlib.sha256(prompt.encode()).hexdigest()


def _weights(fit: JudgeFit) -> dict[str, object]:
    return {
        "weights": dict(fit.judge.calibration.weights),
        "bias": fit.judge.calibration.bias,
        "means": dict(fit.judge.calibration.means),
        "threshold": fit.judge.threshold,
        "on_unseen_articles": _separations(fit.unseen),
    }


def _separations(by_kind: Mapping[str, Separation]) -> dict[str, object]:
    return {
        kind: {"auc": each.auc, f"abstains_at_{FALSE_ABSTENTION}_false": each.correct_abstention}
        for kind, each in by_kind.items()
    }
