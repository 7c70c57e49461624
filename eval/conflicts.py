"""Measure how often sentences that disagree are told from sentences that only look alike.

    python -m eval.conflicts SQUAD.json [--seed 1] [--fit]

Pairs are made from the sentences of a file of SQuAD's: one fact of a sentence is changed, half of the time
with other words left out as well. Pairs that only look alike are two sentences of the file itself that share
most words, a sentence about something else or another time with another number, one fact in two notations,
and a sentence with words left out.
``--fit`` fits the weights on such pairs and prints them.
"""

import argparse
import json
import random
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression

from qa.conflicts.compare import FEATURES, compare, disagrees
from qa.conflicts.statements import DATE, NAME, NUMBER, WORD, Item, items_of
from qa.errors import UserError
from qa.nlp.antonyms import opposites
from qa.nlp.deciding_words import NEGATORS
from qa.nlp.sentences import sentences
from qa.nlp.terms import content_terms
from qa.nlp.tokens import AUXILIARY

FALSE_ALARMS = 0.01
"""The share of look-alikes of each kind that the fitted threshold lets pass: half of what is promised."""

MIN_ITEMS = 6
PAIRS = 4_000

_AUXILIARY = re.compile(rf"\b{AUXILIARY}\b")
_MONTHS = "January February March April May June July August September October November December".split()


@dataclass(frozen=True, slots=True)
class Pair:
    """Two sentences, how they were made, and whether they disagree."""

    first: str
    second: str
    kind: str
    disagree: bool


def read_sentences(path: Path) -> list[str]:
    """Return the sentences of a file of SQuAD's that say enough to be compared.

    Raises:
        UserError: it cannot be read, or is of another form.
    """
    try:
        data = json.loads(path.read_text(encoding="utf-8"))["data"]
        contexts = {each["context"] for article in data for each in article["paragraphs"]}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UserError(f"{path} is no file of SQuAD's ({error})") from error
    found = sorted({text[a:b].strip() for text in contexts for a, b in sentences(text, "en")})
    return [each for each in found if len(items_of(each)) >= MIN_ITEMS and "\n" not in each]


def make_pairs(texts: Sequence[str], seed: int) -> list[Pair]:
    """Return pairs made from ``texts``."""
    chance = random.Random(seed)
    names = [run for text in texts for run in _names(text)]
    pairs = list(_look_alikes(texts, chance))
    for text in chance.sample(texts, min(PAIRS, len(texts))):
        ways: Sequence[Callable[[str, random.Random], tuple[str, str] | None]] = (
            _change_number,
            _change_date,
            _change_opposite,
            _negate,
            partial(_change_name, names),
        )
        for way, kind in zip(ways, ("number", "date", "opposite", "negation", "name"), strict=True):
            if changed := way(text, chance):
                other = _shorten(changed[0], changed[1], chance) if chance.random() < 0.5 else changed[0]
                pairs.append(Pair(text, other, kind, True))
        other_subject = _change_subject(text, names, chance)
        if other_subject and (
            both := _change_number(other_subject, chance) or _change_date(other_subject, chance)
        ):
            pairs.append(Pair(text, both[0], "other subject", False))
        other_time = _change_date(text, chance)
        if other_time and (both := _change_number(other_time[0], chance)):
            pairs.append(Pair(text, both[0], "other time", False))
        if same := _rewrite(text):
            pairs.append(Pair(text, same, "other notation", False))
        pairs.append(Pair(text, _shorten(text, "", chance), "shortened", False))
    return pairs


def _facts(text: str, kind: str) -> list[Item]:
    return [item for item in items_of(text) if item.kind == kind]


def _names(text: str) -> list[str]:
    runs: list[list[Item]] = []
    for item in items_of(text):
        if item.kind == NAME and runs and text[runs[-1][-1].end : item.start] == " ":
            runs[-1].append(item)
        elif item.kind == NAME:
            runs.append([item])
    return [text[run[0].start : run[-1].end] for run in runs]


def _put(text: str, item: Item, new: str) -> tuple[str, str]:
    return text[: item.start] + new + text[item.end :], new


def _change_number(text: str, chance: random.Random) -> tuple[str, str] | None:
    found = [item for item in _facts(text, NUMBER) if re.fullmatch(r"\d[\d,.]*", text[item.start : item.end])]
    if not found:
        return None
    item = chance.choice(found)
    old = float(item.key) if re.fullmatch(r"[\d.]+", item.key) and item.key.count(".") < 2 else None
    if old is None:
        return None
    places = len(item.surface.partition(".")[2])
    new = old
    while f"{new:,.{places}f}" == f"{old:,.{places}f}":
        new = (
            old + chance.choice((-3, -2, -1, 1, 2, 3, 5, 10)) if old < 50 else old * chance.uniform(0.4, 2.5)
        )
        new = abs(new) or 4
    return _put(
        text, item, f"{new:,.{places}f}" if "," in item.surface or new > 9_999 else f"{new:.{places}f}"
    )


def _change_date(text: str, chance: random.Random) -> tuple[str, str] | None:
    found = [item for item in _facts(text, DATE) if item.surface.isdecimal() and len(item.surface) == 4]
    found = [item for item in found if text[item.start : item.end] == item.surface]
    if not found:
        return None
    item = chance.choice(found)
    return _put(text, item, str(int(item.surface) + chance.choice((-20, -9, -3, -1, 1, 2, 4, 12))))


def _change_name(names: Sequence[str], text: str, chance: random.Random) -> tuple[str, str] | None:
    runs = _names(text)[1:]
    if not runs:
        return None
    old, new = chance.choice(runs), chance.choice(names)
    if content_terms(old) & content_terms(new) or new in text:
        return None
    at = text.rfind(old)
    return text[:at] + new + text[at + len(old) :], new


def _change_subject(text: str, names: Sequence[str], chance: random.Random) -> str:
    runs = _names(text)
    new = chance.choice(names)
    if not runs or content_terms(runs[0]) & content_terms(new):
        return ""
    return text.replace(runs[0], new, 1)


def _change_opposite(text: str, chance: random.Random) -> tuple[str, str] | None:
    found = [item for item in _facts(text, WORD) if item.surface.islower() and opposites(item.surface)]
    if not found:
        return None
    item = chance.choice(found)
    return _put(text, item, chance.choice(sorted(opposites(item.surface))))


def _negate(text: str, chance: random.Random) -> tuple[str, str] | None:
    match = _AUXILIARY.search(text)
    if match is None or re.search(r"\bnot\b|n't|\bno\b", text):
        return None
    return text[: match.end()] + " not" + text[match.end() :], "not"


def _shorten(text: str, keep: str, chance: random.Random) -> str:
    """Leave out a part between commas, or one or two words, but not ``keep``."""
    parts = text.split(", ")
    if len(parts) > 2:
        i = chance.randrange(1, len(parts))
        if (keep not in parts[i] or not keep) and not NEGATORS["en"] & set(parts[i].lower().split()):
            return ", ".join(parts[:i] + parts[i + 1 :])
    words = text.split(" ")
    plain = [
        i
        for i, word in enumerate(words)
        if word.islower() and word.isalpha() and word not in {*keep.split(), *NEGATORS["en"]}
    ]
    for i in sorted(chance.sample(plain, min(len(plain), chance.choice((1, 2)))), reverse=True):
        del words[i]
    return " ".join(words)


_SMALL = "two three four five six seven eight nine ten eleven twelve".split()


def _rewrite(text: str) -> str:
    """Return ``text`` with its numbers in another notation; empty where it has none that can be rewritten."""

    def other(match: re.Match[str]) -> str:
        number = match[0]
        if "," in number:
            return number.replace(",", "")
        return _SMALL[int(number) - 2] if number.isdecimal() and 2 <= int(number) <= 12 else number

    changed = re.sub(r"(?<![\w.,$€£-])\d[\d,]*(?![\w.,%-]|\s(?:million|billion|%))", other, text)
    for value, word in enumerate(_SMALL, start=2):
        if changed == text:
            changed = re.sub(rf"\b{word}\b", str(value), text)
    return changed if changed != text else ""


def _look_alikes(texts: Sequence[str], chance: random.Random) -> Iterator[Pair]:
    """Yield the sentences of the file that share most words with another, and differ."""
    words = [content_terms(text) for text in texts]
    frequency = Counter(word for each in words for word in each)
    having: dict[str, list[int]] = defaultdict(list)
    for i, each in enumerate(words):
        for word in sorted(each, key=lambda word: frequency[word])[:6]:
            having[word].append(i)
    order = list(range(len(texts)))
    chance.shuffle(order)
    for i in order:
        near = {j for word in words[i] for j in having[word] if j != i and frequency[word] < 200}
        best = max(near, key=lambda j: len(words[i] & words[j]) / len(words[i] | words[j]), default=None)
        if best is not None and i < best:
            yield Pair(texts[i], texts[best], "of the file", False)


def fit(pairs: Sequence[Pair]) -> tuple[np.ndarray, float, float]:
    """Return the weights, the intercept and the threshold that ``FALSE_ALARMS`` asks for."""
    found = [(pair, difference) for pair in pairs if (difference := compare(pair.first, pair.second))]
    matrix = np.asarray([difference.features for _, difference in found])
    labels = np.asarray([pair.disagree for pair, _ in found])
    model = LogisticRegression(max_iter=2_000, class_weight="balanced").fit(matrix, labels)
    p = model.predict_proba(matrix)[:, 1]
    threshold = 0.5
    for kind in {pair.kind for pair in pairs if not pair.disagree}:
        alike = sum(pair.kind == kind for pair in pairs)
        passing = sorted(
            (q for (pair, _), q in zip(found, p, strict=True) if pair.kind == kind), reverse=True
        )
        allowed = int(FALSE_ALARMS * alike)
        if len(passing) > allowed:
            threshold = max(threshold, passing[allowed] + 1e-3)
    return model.coef_[0], float(model.intercept_[0]), threshold


def measure(pairs: Sequence[Pair]) -> Iterator[str]:
    """Yield a line for each kind of pair: how many of them are told to disagree."""
    kinds = sorted({(not pair.disagree, pair.kind) for pair in pairs})
    for agree, kind in kinds:
        chosen = [pair for pair in pairs if pair.kind == kind]
        told = sum(disagrees(compare(pair.first, pair.second)) for pair in chosen)
        label = "look alike" if agree else "disagree"
        yield f"{label:10} {kind:15} {told:6,} of {len(chosen):6,}  {told / len(chosen):.3f}"
    for label, disagree in (("recall", True), ("false alarms", False)):
        chosen = [pair for pair in pairs if pair.disagree == disagree]
        told = sum(disagrees(compare(pair.first, pair.second)) for pair in chosen)
        yield f"{label}: {told / max(len(chosen), 1):.4f} of {len(chosen):,} pairs"


def main(argv: Sequence[str] | None = None) -> int:
    """Measure, or fit."""
    parser = argparse.ArgumentParser(
        prog="python -m eval.conflicts",
        description="Measure how disagreements are told from look-alikes.",
        epilog="example: python -m eval.conflicts squadshifts-wiki.json",
    )
    parser.add_argument("file", type=Path, metavar="SQUAD.json")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--fit", action="store_true", help="fit the weights of qa/conflicts/compare.py")
    parser.add_argument("--show", metavar="KIND", help="print the pairs of this kind that are told wrongly")
    args = parser.parse_args(argv)
    try:
        pairs = make_pairs(read_sentences(args.file), args.seed)
    except UserError as error:
        print(f"eval: {error}", file=sys.stderr)
        return error.exit_status
    if args.fit:
        weights, intercept, threshold = fit(pairs)
        for name, weight in zip(FEATURES, weights, strict=True):
            print(f"{name:12} {weight:.3f}")
        print(f"intercept {intercept:.3f}, threshold {threshold:.3f}")
        return 0
    for line in measure(pairs):
        print(line)
    for pair in pairs if args.show else ():
        if pair.kind == args.show and disagrees(compare(pair.first, pair.second)) != pair.disagree:
            print(f"\n{pair.first}\n{pair.second}\n{compare(pair.first, pair.second)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
