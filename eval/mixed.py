"""Folders of documents in two languages, made of translations, to measure and fit their ranking on.

    python -m eval.mixed FILE FILE…    recall for every two of the files, in both orders

FILEs are translations of one another in SQuAD format: the same articles in the same order, questions with the
same ids, as in XQuAD. Of every two of them a folder is made that has some articles in one language and the
others in the other, and the questions of one language are asked over the whole of it.
"""

import argparse
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import permutations
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from qa import assemble, calibrations, config
from qa.config import Config
from qa.embedding.base import Encoder
from qa.errors import UserError
from qa.evaluation.datasets.base import Case, Dataset, article, sample
from qa.evaluation.datasets.index import indexed
from qa.evaluation.datasets.squad import read_squad, with_questions
from qa.evaluation.runner import rank_of
from qa.retrieval.hybrid import HybridRetriever
from qa.retrieval.ranking import rank

DEPTHS = (1, 5)
"""The ranks at which recall is measured."""


@dataclass(frozen=True, slots=True)
class Mix:
    """The choice of the articles of a folder that are in the language of the questions, by their number."""

    name: str
    in_own_language: Callable[[int], bool]


HALF = Mix("half", lambda number: number // 2 % 2 == 0)
FEW_FOREIGN = Mix("seven in eight", lambda number: number // 2 % 8 != 3)
FEW_OWN = Mix("one in eight", lambda number: number // 2 % 8 == 5)
MIXES = (HALF, FEW_FOREIGN, FEW_OWN)
"""Neighbouring articles are in one language, so that both those that are fitted on and those that are not
(:func:`is_fitted_on`) are in both."""


@dataclass(frozen=True, slots=True)
class MixedFolder:
    """Documents in two languages, and questions in one of them."""

    dataset: Dataset
    mix: str
    foreign: frozenset[str]
    """Ids of the questions that a document in the other language answers."""
    fitted_on: frozenset[str]
    """Ids of the questions about articles that weights may be fitted on."""


def is_fitted_on(number: int) -> bool:
    """Return whether weights may be fitted on an article, by its number: on every other one."""
    return number % 2 == 0


def mixed_folder(own: Path, foreign: Path, mix: Mix) -> MixedFolder:
    """Make a folder of the file ``own``, whose questions are asked, and its translation ``foreign``.

    Raises:
        UserError: a file cannot be read, or they are not translations of each other.
    """
    asked = read_squad([own])
    translated = with_questions(read_squad([foreign]), own)
    numbers = [_numbers(dataset) for dataset in (asked, translated)]
    if [case.id for case in asked.cases] != [case.id for case in translated.cases]:
        raise UserError(f"{own} and {foreign} do not have the same questions in the same order")
    cases = [
        one if mix.in_own_language(numbers[0][article(one)]) else other
        for one, other in zip(asked.cases, translated.cases, strict=True)
    ]
    documents = [
        document
        for dataset, of, is_own in ((asked, numbers[0], True), (translated, numbers[1], False))
        for document in dataset.documents
        if mix.in_own_language(of[document.id.rpartition("/")[0]]) is is_own
    ]
    return MixedFolder(
        Dataset(f"{own.stem}+{foreign.stem}", tuple(documents), tuple(cases)),
        mix.name,
        frozenset(one.id for one, case in zip(asked.cases, cases, strict=True) if case.gold != one.gold),
        frozenset(case.id for case in asked.cases if is_fitted_on(numbers[0][article(case)])),
    )


def _numbers(dataset: Dataset) -> dict[str, int]:
    """Return the number of each article, by its name."""
    names = dict.fromkeys(document.id.rpartition("/")[0] for document in dataset.documents)
    return {name: number for number, name in enumerate(names)}


class CachingEncoder:
    """An encoder that encodes each text once: every folder has the same documents."""

    def __init__(self, encoder: Encoder) -> None:
        """Wrap ``encoder``."""
        self._encoder = encoder
        self._texts: dict[str, NDArray[np.float32]] = {}
        self._questions: dict[str, NDArray[np.float32]] = {}

    @property
    def dimensions(self) -> int:
        """The length of a vector."""
        return self._encoder.dimensions

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return the unit vectors of sentences of documents, shape ``(len(texts), dimensions)``."""
        new = [text for text in dict.fromkeys(texts) if text not in self._texts]
        if new:
            self._texts.update(zip(new, self._encoder.encode(new), strict=True))
        return np.stack([self._texts[text] for text in texts])

    def encode_question(self, question: str) -> NDArray[np.float32]:
        """Return the unit vector of a question, shape ``(dimensions,)``."""
        if question not in self._questions:
            self._questions[question] = self._encoder.encode_question(question)
        return self._questions[question]


@contextmanager
def open_folder(folder: MixedFolder, encoder: Encoder, settings: Config) -> Iterator[HybridRetriever]:
    """Index a folder, for as long as it is searched."""
    with indexed(folder.dataset, encoder, settings) as index:
        weights = calibrations.find_weights(settings, encoder)
        yield HybridRetriever(source=index, encoder=encoder, weights=weights)


@dataclass(frozen=True, slots=True)
class FolderRecall:
    """The recall in one folder, for the questions that documents of one of its languages answer."""

    folder: str
    mix: str
    foreign: bool
    """True if these documents are in another language than the questions."""
    questions: int
    in_candidates: float
    """Share of the questions for which the right passage is among the candidates that are ranked."""
    recall: tuple[float, ...]
    """At each of ``DEPTHS``."""


def measure(
    folder: MixedFolder, retriever: HybridRetriever, limit: int | None = None, seed: int = 1
) -> list[FolderRecall]:
    """Search for the questions, ``limit`` of them, about articles that weights are not fitted on."""
    chosen = sample(folder.dataset, limit, seed).cases
    cases = [case for case in chosen if case.id not in folder.fitted_on]
    measured = []
    for foreign in (False, True):
        if group := [case for case in cases if (case.id in folder.foreign) is foreign]:
            measured.append(_measure(folder, retriever, group, foreign))
    return measured


def _measure(
    folder: MixedFolder, retriever: HybridRetriever, cases: Sequence[Case], foreign: bool
) -> FolderRecall:
    ranks, pooled = [], []
    for case in cases:
        candidates = retriever.candidates(case.question)
        hits = rank(
            case.question,
            candidates,
            retriever.source.rarity,
            max(DEPTHS),
            retriever.language(case.question),
            retriever.weights,
        )
        ranks.append(rank_of([hit.passage.span for hit in hits], case))
        pooled.append(rank_of([each.passage.span for each in candidates], case) is not None)
    recall = tuple(float(np.mean([rank is not None and rank <= k for rank in ranks])) for k in DEPTHS)
    return FolderRecall(folder.dataset.name, folder.mix, foreign, len(cases), float(np.mean(pooled)), recall)


def main() -> None:
    """Print a table of every two of the files, in both orders."""
    parser = argparse.ArgumentParser(prog="python -m eval.mixed", description=__doc__.splitlines()[0])
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument(
        "--limit", type=int, help="questions, of which those about articles not fitted on are asked"
    )
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    settings = config.load(model="none")
    encoder = CachingEncoder(assemble.load_encoder(settings))
    print("| questions + other documents | in their language | answered in | questions | pool | @1 | @5 |")
    print("|---|---|---|---|---|---|---|")
    for own, foreign in permutations(args.files, 2):
        for mix in MIXES:
            folder = mixed_folder(own, foreign, mix)
            with open_folder(folder, encoder, settings) as retriever:
                for each in measure(folder, retriever, args.limit, args.seed):
                    place = "another language" if each.foreign else "their language"
                    shares = " | ".join(f"{share:.3f}" for share in (each.in_candidates, *each.recall))
                    print(
                        f"| {each.folder} | {each.mix} | {place} | {each.questions} | {shares} |", flush=True
                    )


if __name__ == "__main__":
    main()
