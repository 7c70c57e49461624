"""Fit and measure the sweep for every mention.

    python -m eval.mentions fit squadshifts-wiki.json      writes qa/mentions/cut_off.json
    python -m eval.mentions measure squad2-public.json     recall and precision, beside a chain of the k best

FILEs are in SQuAD format. What is looked for, and all of its mentions, are known without the sweep:

- terms: words, and pairs of them, drawn from the text in small letters; a mention is a sentence that has them
  or a regular inflection of them (plural, -ed, -ing), told by letters and not by stemming
- names: runs of two or more words with a capital letter; a mention is a sentence that has the name, also in
  small letters and its words in a regular inflection. The list is complete for the words of a name; its other
  forms ("the Union") count as wrong, so that their precision is an estimate from below
- paraphrases: questions; the mention that is known is the sentence with the answer. The search by words is
  switched off, so that meaning alone finds it. Those in other words share a third of their words with it, or
  fewer

A cut-off has to find ``RECALL`` of the sentences in other words, or, for a term, keep ``PRECISION`` of all
that words and meaning find together. Of those that do, it is the one that is most precise, or finds most.
"""

import argparse
import hashlib
import json
import random
import re
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from qa import assemble, config
from qa.evaluation.datasets.base import Dataset
from qa.evaluation.datasets.index import indexed
from qa.evaluation.datasets.squad import read_squad
from qa.evaluation.metrics import estimate
from qa.index.index import Index
from qa.mentions.base import Found
from qa.mentions.sweep import find_mentions
from qa.nlp.terms import content_terms, is_stop, terms
from qa.retrieval.hybrid import HybridRetriever
from qa.schema import SearchedDocuments, Span

TARGET = Path(__file__).parents[1] / "qa" / "mentions" / "cut_off.json"

RECALL, PRECISION = 0.85, 0.85
"""The recall and precision that a cut-off has to keep: more than the floors of 0.75 and 0.80, for text that
it was not fitted on."""

OTHER_WORDS = 1 / 3
"""The share of a question's words that the sentence may have, to count as one in other words."""

K = 5
"""Passages that the chain answers from."""

_ENDING = "(?:|e|y|s|es|ies|d|ed|ied|ing|ings)"
"""The regular endings of English words."""

SIMILARITIES = np.arange(0.2, 0.61, 0.025)
BELOW_BEST = (0.05, 0.1, 0.15, 0.2)


@dataclass(frozen=True)
class Sought:
    """A query, and the sentences that are known to mention it."""

    query: str
    known: frozenset[Span]
    overlap: float = 1.0
    """The share of its words that the sentence has that shares most with it."""


@dataclass(frozen=True)
class Material:
    """An index of a dataset, its sentences and what is looked for in it."""

    retriever: HybridRetriever
    index: Index
    spans: list[Span]
    texts: list[str]
    terms: dict[int, list[Sought]]
    """By their number of words."""
    names: list[Sought]
    paraphrases: list[Sought]


def main(argv: Sequence[str] | None = None) -> int:
    """Fit or measure, as the command line says."""
    parser = argparse.ArgumentParser(prog="python -m eval.mentions", description=__doc__.splitlines()[0])
    parser.add_argument("what", choices=("fit", "measure"))
    parser.add_argument("file", type=Path, help="in SQuAD format")
    parser.add_argument("--limit", type=int, default=1_500, metavar="N", help="questions at most (1500)")
    parser.add_argument("--paragraphs", type=int, default=425, metavar="N", help="paragraphs at most (425)")
    parser.add_argument("--terms", type=int, default=100, metavar="N", help="terms and names of a kind (100)")
    parser.add_argument("--seed", type=int, default=7)
    args = parser.parse_args(argv)
    settings = config.load()
    encoder = assemble.load_encoder(settings)
    dataset = _sample(read_squad([args.file]), args)
    with indexed(dataset, encoder, settings) as index:
        retriever = assemble.create_retriever(settings, index, encoder)
        material = _material(dataset, retriever, index, args)
        if args.what == "measure":
            print(_table(material))
            return 0
        cut_offs = {str(words): _fit(material, words) for words in (2, 3)}
    options = ("limit", "paragraphs", "terms", "seed")
    command = ["python -m eval.mentions fit", args.file.name, *(f"--{o} {getattr(args, o)}" for o in options)]
    digest = hashlib.sha256(args.file.read_bytes()).hexdigest()
    provenance = {"command": " ".join(command), "data_sha256": {args.file.name: digest}}
    TARGET.write_text(json.dumps({**cut_offs, "fitted": provenance}, indent=2) + "\n", encoding="utf-8")
    print(TARGET.read_text(encoding="utf-8"))
    return 0


def _sample(dataset: Dataset, args: argparse.Namespace) -> Dataset:
    chance = random.Random(args.seed)
    documents = list(dataset.documents)
    if len(documents) > args.paragraphs:
        documents = sorted(chance.sample(documents, args.paragraphs), key=lambda each: each.id)
    ids = {each.id for each in documents}
    cases = [each for each in dataset.cases if each.gold and each.gold[0].doc_id in ids]
    chosen = chance.sample(cases, min(args.limit, len(cases)))
    return Dataset(dataset.name, tuple(documents), tuple(chosen))


def _material(
    dataset: Dataset, retriever: HybridRetriever, index: Index, args: argparse.Namespace
) -> Material:
    spans = [span for passage in index.passages for span in passage.sentences]
    texts = [span.cut(index.documents) for span in spans]
    chance = random.Random(args.seed)
    singles, pairs, names = Counter[str](), Counter[str](), Counter[str]()
    for text in texts:
        words = re.findall(r"[^\W\d_]+", text)
        plain = [each if each.islower() and not is_stop(terms(each)[0]) else "" for each in words]
        singles.update(each for each in plain if len(each) > 4)
        pairs.update(f"{a} {b}" for a, b in pairwise(plain) if a and b)
        names.update(re.findall(r"(?<=[a-z,] )[A-Z][a-z]+(?: [A-Z][a-z]+)+", text))

    def draw(counted: Counter[str], pattern: Callable[[str], re.Pattern[str]]) -> list[Sought]:
        often = sorted(each for each, count in counted.items() if count >= 3)
        drawn = chance.sample(often, min(args.terms, len(often)))
        return [Sought(each, _having(pattern(each), spans, texts)) for each in drawn]

    return Material(
        retriever,
        index,
        spans,
        texts,
        {1: draw(singles, _inflected), 2: draw(pairs, _inflected)},
        draw(names, _inflected_name),
        [_paraphrase(case.question, case.gold, spans, texts) for case in dataset.cases],
    )


def _having(pattern: re.Pattern[str], spans: Sequence[Span], texts: Sequence[str]) -> frozenset[Span]:
    return frozenset(span for span, text in zip(spans, texts, strict=True) if pattern.search(text))


def _inflected(term: str) -> re.Pattern[str]:
    """Return what finds a sentence with all words of a term, each with any regular ending."""
    return re.compile(
        "".join(rf"(?=.*\b{_stem(word)}{_ENDING}\b)" for word in term.split()),
        re.IGNORECASE | re.DOTALL,
    )


def _inflected_name(name: str) -> re.Pattern[str]:
    """Return what finds a sentence with the words of a name next to each other, each with such an ending."""
    return re.compile(r"\W+".join(rf"\b{_stem(word)}{_ENDING}\b" for word in name.split()), re.IGNORECASE)


def _stem(word: str) -> str:
    return re.sub(r"(?<=\w{3})(?:ies|ied|ings|ing|es|ed|s|e|y)$", "", word)


def _paraphrase(question: str, gold: Sequence[Span], spans: Sequence[Span], texts: Sequence[str]) -> Sought:
    asked = content_terms(question)
    places = [
        place
        for place, span in enumerate(spans)
        if any(g.doc_id == span.doc_id and span.start < g.end and g.start < span.end for g in gold)
    ]
    overlap = max(len(asked.intersection(terms(texts[each]))) / max(len(asked), 1) for each in places)
    return Sought(question, frozenset(spans[each] for each in places), overlap)


def _similarities(material: Material, sought: Sequence[Sought]) -> NDArray[np.float32]:
    """Return the similarity of every query with every sentence, shape ``(queries, sentences)``."""
    vectors = np.stack([vector for _, vector in material.index.sentence_vectors()])
    queries = np.stack([material.retriever.encoder.encode_question(each.query) for each in sought])
    background = material.retriever.weights.background
    similarities: NDArray[np.float32] = (queries @ vectors.T - background) / (1 - background)
    return similarities


def _fit(material: Material, words: int) -> dict[str, float]:
    """Return the cut-off for what has so many words (3 stands for more), and how it does here."""
    sought = material.terms.get(words, material.paraphrases)
    similarities = _similarities(material, sought)
    known = np.asarray([[span in each.known for span in material.spans] for each in sought])
    other = np.asarray([each.overlap <= OTHER_WORDS for each in sought])
    best: tuple[float, dict[str, float]] = (-1.0, {})
    for similarity in SIMILARITIES:
        for below in BELOW_BEST:
            least = np.maximum(similarity, similarities.max(axis=1) - below)
            near = similarities >= least[:, None]
            found = (near & known).sum(axis=1) / known.sum(axis=1)
            if words > 2:  # any of the sentences with the answer will do
                found = (near & known).any(axis=1).astype(float)
            precision = (near & known).sum() / max(near.sum(), 1)
            both = (known.sum() / (near | known).sum()) if words < 3 else precision
            recall = float(found[other].mean() if words > 2 else found.mean())
            record = {
                "similarity": round(float(similarity), 3),
                "below_best": below,
                "missed": round(1 - recall, 3),
                "precision": round(float(precision), 3),
                "precision_with_words": round(float(both), 3),
                "recall_of_all": round(float(found.mean()), 3),
                "queries": len(sought),
            }
            fits = recall >= RECALL if words > 2 else both >= PRECISION
            worth = float(precision) if words > 2 else recall
            if fits and worth > best[0]:
                best = (worth, record)
    return best[1]


@dataclass(frozen=True)
class SweepOutcome:
    """The sentences that the sweep and the chain found for a query."""

    known: frozenset[Span]
    words: frozenset[Span]
    """Found by words."""
    names: frozenset[Span]
    """Found by words or by another form of the name."""
    near: frozenset[Span]
    """Whose meaning is near enough, with the words or without."""
    chain: frozenset[Span]
    """In the ``K`` best passages."""


def _ask(material: Material, sought: Sequence[Sought]) -> list[SweepOutcome]:
    """Look for everything that is ``sought``, by the sweep and by the chain."""
    everything = SearchedDocuments(len(material.index.documents), len(material.index.documents))
    asked = []
    for each in sought:
        mentions = find_mentions(each.query, material.retriever, everything)
        best = max((m.similarity or 0.0 for m in mentions.mentions), default=0.0)
        least = mentions.cut_off.least(best) if mentions.cut_off else 1.0
        hits = material.retriever.search(each.query).hits[:K]
        asked.append(
            SweepOutcome(
                each.known,
                frozenset(m.span for m in mentions.mentions if m.found is Found.WORDS),
                frozenset(m.span for m in mentions.mentions if m.found is not Found.MEANING),
                frozenset(m.span for m in mentions.mentions if (m.similarity or 0.0) >= least),
                frozenset(span for hit in hits for span in hit.passage.sentences),
            )
        )
    return asked


def _table(material: Material) -> str:
    names = _ask(material, material.names)
    terms_asked = {words: _ask(material, sought) for words, sought in material.terms.items()}
    questions = _ask(material, material.paraphrases)
    other = [
        a for a, each in zip(questions, material.paraphrases, strict=True) if each.overlap <= OTHER_WORDS
    ]
    lines = [
        f"| what is looked for | queries | recall | precision | recall of the {K} best passages |",
        "|---|---|---|---|---|",
        _every("names, by their words", names, lambda each: each.words),
        _every("names, in other forms too", names, lambda each: each.names),
        _every("terms of one word", terms_asked[1], lambda each: each.names),
        _every("terms of two words", terms_asked[2], lambda each: each.names),
        _every("names and terms", [*names, *terms_asked[1], *terms_asked[2]], lambda each: each.names),
        _any("paraphrases, by meaning alone", questions),
        _any("of these, in other words", other),
    ]
    return "\n".join(lines)


def _every(name: str, asked: Sequence[SweepOutcome], found: Callable[[SweepOutcome], frozenset[Span]]) -> str:
    """Return a row of what has a complete list of mentions: the share of each list that is found."""
    recalls = [len(found(each) & each.known) / len(each.known) for each in asked]
    chain = [len(each.chain & each.known) / len(each.known) for each in asked]
    return _row(name, asked, recalls, found, chain)


def _any(name: str, asked: Sequence[SweepOutcome]) -> str:
    """Return a row of what has one known mention: whether it is found by meaning."""
    recalls = [float(bool(each.near & each.known)) for each in asked]
    return _row(
        name, asked, recalls, lambda each: each.near, [bool(each.chain & each.known) for each in asked]
    )


def _row(
    name: str,
    asked: Sequence[SweepOutcome],
    recalls: Sequence[float],
    found: Callable[[SweepOutcome], frozenset[Span]],
    chain: Sequence[float],
) -> str:
    """Return a row of the table: recall is the mean over queries, precision is over all sentences found."""
    right = sum(len(found(each) & each.known) for each in asked)
    precision = right / max(sum(len(found(each)) for each in asked), 1)
    return f"| {name} | {len(asked)} | {_mean(recalls)} | {precision:.3f} | {_mean(chain)} |"


def _mean(values: Sequence[float]) -> str:
    found = estimate(values)
    return f"{found.mean:.3f} ({found.low:.3f}–{found.high:.3f})" if found else "–"


if __name__ == "__main__":
    sys.exit(main())
