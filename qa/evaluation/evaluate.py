"""Measure the configured pipeline against known answers: ``attest eval``."""

import platform
import shlex
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Protocol

from langchain_core.language_models import BaseChatModel

from qa import assemble, calibrations, storage
from qa.answering.checker import CalibratedChecker, support_logit
from qa.config import Config
from qa.embedding.base import Encoder
from qa.evaluation.claims import check, summarise_claims
from qa.evaluation.datasets.base import Case, Dataset, absent, sample, with_own_documents
from qa.evaluation.datasets.claims import ClaimSet, sample_claims
from qa.evaluation.datasets.index import indexed
from qa.evaluation.datasets.select import NO_FLOORS, PROJECT, Measure, Selection, select_dataset
from qa.evaluation.long_answers import summarise_long_answers
from qa.evaluation.progress import Track, untracked
from qa.evaluation.reactions import describe_reaction, summarise_reactions
from qa.evaluation.refusals import other_systems, summarise_refusals
from qa.evaluation.report import Run, describe_outcome
from qa.evaluation.runner import Outcome, RetrievalOutcome, retrieve, run
from qa.evaluation.summary import Baseline, Floors, Summary, summarise
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
    """Ask the questions of a dataset, or check its claims, or ``limit`` of them, and summarise the outcomes.

    ``names``, ``questions`` and ``project`` are those of :func:`select_dataset`. ``run_baseline`` needs
    a language model and is skipped if the settings have none.

    Raises:
        AttestError: a file, a model or the index is missing or cannot be read.
    """
    selection = select_dataset(names, settings, project, questions)
    command = _command(names, settings, questions, limit, seed, run_baseline is not None)
    if isinstance(selection, ClaimSet):
        return _check_claims(sample_claims(selection, limit, seed), command, settings, track)
    dataset = selection.dataset
    chosen = sample(dataset, limit, seed)
    if selection.own_documents:  # the other questions need no index
        selection = replace(selection, dataset=with_own_documents(chosen))
    cases = [*chosen.cases, *(absent(chosen.cases) if selection.with_absent else [])]
    encoder = assemble.load_encoder(settings)
    with _open_index(selection, encoder, settings) as index:
        retriever = assemble.create_retriever(settings, index, encoder)
        model = assemble.load_model(settings)
        judge = calibrations.load_judge(settings, retriever.weights)
        default = judge.threshold if model else retriever.weights.quotes_only.threshold
        threshold = default if settings.threshold is None else settings.threshold
        before, after = (settings.threshold, 0.0) if selection.at_threshold else (0.0, threshold)
        pipeline = Pipeline(
            retriever,
            index.documents,
            model,
            threshold=before,
            judge=judge,
            support=calibrations.load_support(settings),
            checker=calibrations.load_checker(settings),
            word_for_word=settings.check == "verbatim",
        )
        outcomes = tuple(track(run(pipeline, retriever, cases, after), "Asking", len(cases)))
        retrieved = [outcome.retrieved for outcome in outcomes if not outcome.case.without]
        if chosen is not dataset and not selection.own_documents:
            # A sample is asked, but retrieval is cheap enough for every question.
            every = retrieve(pipeline, retriever, dataset.cases)
            retrieved = list(track(every, "Retrieving", len(dataset.cases)))
    floors = selection.floors if settings.model == "default" else NO_FLOORS
    baseline = run_baseline(dataset, cases, model, track) if run_baseline and model else None
    return Run(
        title=dataset.name,
        command=command,
        machine=_machine(settings),
        model=settings.model,
        threshold=threshold,
        summary=_summarise(selection.measure, outcomes, retrieved, floors),
        outcomes=outcomes,
        baseline=baseline,
        others=other_systems(outcomes),
        notes=dataset.notes,
        describe=describe_reaction if selection.measure is Measure.REACTIONS else describe_outcome,
    )


def _check_claims(claims: ClaimSet, command: str, settings: Config, track: Track) -> Run:
    """Check claims with the language model or the checker of the settings; without either, by their form."""
    checker = calibrations.load_checker(settings)
    model = None if checker else assemble.load_model(settings)
    if model:
        checker = CalibratedChecker(partial(support_logit, model), calibrations.load_support(settings))
    outcomes = tuple(track(check(claims.claims, checker), "Checking", len(claims.claims)))
    return Run(
        title=claims.name,
        command=command,
        machine=_machine(settings),
        model=settings.checker or settings.model,
        threshold=checker.threshold if checker else None,
        summary=summarise_claims(outcomes),
        claims=outcomes,
        notes=claims.notes,
    )


def _summarise(
    measure: Measure, outcomes: Sequence[Outcome], retrieved: Sequence[RetrievalOutcome], floors: Floors
) -> Summary:
    match measure:
        case Measure.ANSWERS:
            return summarise(outcomes, retrieved, floors)
        case Measure.REFUSALS:
            return summarise_refusals(outcomes, floors)
        case Measure.LONG_ANSWERS:
            return summarise_long_answers(outcomes, floors)
        case Measure.REACTIONS:
            return summarise_reactions(outcomes, floors)


@contextmanager
def _open_index(selection: Selection, encoder: Encoder, settings: Config) -> Iterator[Index]:
    if selection.in_user_index:
        yield Index.open(storage.open_store(settings))
    else:
        with indexed(selection.dataset, encoder, settings) as index:
            yield index


def _machine(settings: Config) -> str:
    return f"{platform.machine()}, {settings.threads} threads, Python {platform.python_version()}"


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
