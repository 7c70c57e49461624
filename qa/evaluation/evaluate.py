"""Measure the configured pipeline against known answers: ``attest eval``."""

import platform
import shlex
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from langchain_core.language_models import BaseChatModel

from qa import assemble
from qa.config import Config
from qa.embedding.base import Encoder
from qa.evaluation.datasets.base import Case, Dataset, absent, sample, with_own_documents
from qa.evaluation.datasets.index import indexed
from qa.evaluation.datasets.select import NO_FLOORS, PROJECT, Selection, select_dataset
from qa.evaluation.progress import Track, untracked
from qa.evaluation.refusals import other_systems, summarise_refusals
from qa.evaluation.report import Run
from qa.evaluation.runner import retrieve, run
from qa.evaluation.summary import Baseline, summarise
from qa.index.index import Index
from qa.pipeline import Pipeline


class RunBaseline(Protocol):
    """Asks another system the same questions."""

    def __call__(
        self, dataset: Dataset, cases: Sequence[Case], model: BaseChatModel, track: Track
    ) -> Baseline:
        """Return how it did on ``cases``, over the documents of ``dataset`` and with the same ``model``."""


def evaluate(
    names: Sequence[str],
    settings: Config,
    *,
    questions: Path | None = None,
    limit: int | None = None,
    seed: int = 1,
    track: Track = untracked,
    run_baseline: RunBaseline | None = None,
    project: Path = PROJECT,
) -> Run:
    """Ask the questions of a dataset, or a sample of ``limit`` of them, and summarise the outcomes.

    ``names``, ``questions`` and ``project`` are those of :func:`select_dataset`. ``run_baseline`` needs
    a language model and is skipped if the settings have none.

    Raises:
        AttestError: a file, a model or the index is missing or cannot be read.
    """
    selection = select_dataset(names, settings, project, questions)
    dataset = selection.dataset
    chosen = sample(dataset, limit, seed)
    if selection.only_refusals:  # every question has documents of its own, so the others need no index
        selection = replace(selection, dataset=with_own_documents(chosen))
    cases = [*chosen.cases, *(absent(chosen.cases) if selection.with_absent else [])]
    encoder = assemble.load_encoder(settings)
    with _open_index(selection, encoder, settings) as index:
        retriever = assemble.create_retriever(settings, index, encoder)
        model = assemble.load_model(settings)
        fitted = assemble.load_judge(settings, retriever.fitted)
        pipeline = Pipeline(
            retriever,
            index.documents,
            model,
            threshold=0.0,
            fitted=fitted,
            support=assemble.load_support(settings),
            checker=assemble.load_checker(settings),
            word_for_word=settings.check == "verbatim",
        )
        judge = fitted if model else retriever.fitted.quotes_only
        threshold = judge.threshold if settings.threshold is None else settings.threshold
        outcomes = tuple(track(run(pipeline, retriever, cases, threshold), "Asking", len(cases)))
        retrieved = [outcome.retrieved for outcome in outcomes if not outcome.case.without]
        if chosen is not dataset and not selection.only_refusals:
            # A sample is asked, but retrieval is cheap enough for every question.
            every = retrieve(pipeline, retriever, dataset.cases)
            retrieved = list(track(every, "Retrieving", len(dataset.cases)))
    floors = selection.floors if settings.model == "default" else NO_FLOORS
    if selection.only_refusals:
        summary, others = summarise_refusals(outcomes, floors), other_systems(outcomes)
    else:
        summary, others = summarise(outcomes, retrieved, floors), ()
    baseline = run_baseline(dataset, cases, model, track) if run_baseline and model else None
    return Run(
        title=dataset.name,
        command=_command(names, settings, questions, limit, seed, run_baseline is not None),
        machine=f"{platform.machine()}, {settings.threads} threads, Python {platform.python_version()}",
        model=settings.model,
        threshold=threshold,
        summary=summary,
        outcomes=outcomes,
        baseline=baseline,
        others=others,
        notes=dataset.notes,
    )


@contextmanager
def _open_index(selection: Selection, encoder: Encoder, settings: Config) -> Iterator[Index]:
    if selection.in_user_index:
        yield Index.open(assemble.open_store(settings))
    else:
        with indexed(selection.dataset, encoder, settings) as index:
            yield index


def _command(
    names: Sequence[str],
    settings: Config,
    questions: Path | None,
    limit: int | None,
    seed: int,
    compared: bool,
) -> str:
    """Return the command that measures the same, without the folders of this machine."""
    words = ["python", "-m", "eval"] if compared else ["attest", "eval"]
    if names:
        words += ["--dataset", *(Path(name).name for name in names)]
    if questions is not None:
        words += ["--questions", questions.name]
    if limit is not None:
        words += ["--limit", str(limit), "--seed", str(seed)]
    if settings.model != "default":
        words += ["--model", settings.model]
    return shlex.join([*words, *(["--baseline"] if compared else [])])
