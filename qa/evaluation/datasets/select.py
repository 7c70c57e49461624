"""The dataset that a command line names, whatever its format."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from qa import storage
from qa.config import Config
from qa.errors import IndexMissingError, UserError
from qa.evaluation.datasets.base import Dataset
from qa.evaluation.datasets.claims import CLAIMS, ClaimSet, is_claims, read_claims
from qa.evaluation.datasets.clapnq import CLAPNQ, is_clapnq, read_clapnq
from qa.evaluation.datasets.mtrag import MTRAG, is_mtrag, read_mtrag
from qa.evaluation.datasets.nomiracl import NOMIRACL, is_nomiracl, language_of, read_nomiracl
from qa.evaluation.datasets.own import read_own
from qa.evaluation.datasets.squad import SQUAD, is_squad, read_squad, with_questions
from qa.evaluation.summary import Floors
from qa.ingest import discovery
from qa.schema import Document

NO_FLOORS = Floors()

PROJECT = Path("eval")
"""The folder of the project's known answers, as seen from its checkout."""

QUESTIONS, CONVERSATIONS = "questions", "conversations"
OFFICE = "office"
"""The project's questions about a folder that ``python -m eval.office`` writes."""

_PROJECT_DATASETS = {"own": QUESTIONS, QUESTIONS: QUESTIONS, CONVERSATIONS: CONVERSATIONS}
"""The project's datasets by the names that ``--dataset`` takes."""

FLOORS = Floors(accuracy=0.85, correct_abstention=0.85, false_abstention=0.10, verbatim=1.0)
"""The floors that the project promises for its own questions with the default model."""


class Measure(StrEnum):
    """The measurement that a dataset allows, which decides the figures of a report."""

    ANSWERS = "answers"
    """Short answers are known."""
    REFUSALS = "refusals"
    """It is known which questions have an answer, but not what the answer is."""
    LONG_ANSWERS = "long answers"
    """Answers in whole sentences are known, and the sentences that they rest on."""
    REACTIONS = "reactions"
    """It is known whether to answer, to answer in part, to refuse or to ask back."""


@dataclass(frozen=True, slots=True)
class Selection:
    """Questions and how to measure with them."""

    dataset: Dataset
    floors: Floors = NO_FLOORS
    with_absent: bool = False
    """True if answerable questions are asked once more without the documents that answer them."""
    in_user_index: bool = False
    """True if the documents are those of the user's index, so that it can be searched as it is."""
    measure: Measure = Measure.ANSWERS

    @property
    def own_documents(self) -> bool:
        """True if every question is asked of documents of its own alone."""
        return self.measure is not Measure.ANSWERS

    @property
    def at_threshold(self) -> bool:
        """True if questions are asked as people ask them, at the configured threshold. Otherwise every one is
        answered, so that there is an answer to score, and which ones to refuse is decided afterwards.
        """
        return self.measure in (Measure.LONG_ANSWERS, Measure.REACTIONS)


class _Format(StrEnum):
    """The format of a file, by the name that the command line has for it."""

    SQUAD = SQUAD
    NOMIRACL = NOMIRACL
    CLAIMS = CLAIMS
    CLAPNQ = CLAPNQ
    MTRAG = MTRAG
    OWN = "the project's own"


_PUBLIC = tuple(each for each in _Format if each is not _Format.OWN)
"""The formats that can be named before the files."""

_BY_LINE: Mapping[_Format, Callable[[object], bool]] = {
    _Format.NOMIRACL: is_nomiracl,
    _Format.CLAIMS: is_claims,
    _Format.CLAPNQ: is_clapnq,
    _Format.MTRAG: is_mtrag,
}
"""Tests by which the first line of a file shows its format."""


def split_by_language(names: Sequence[str]) -> list[list[str]]:
    """Return ``names`` in the groups that are measured apart: NoMIRACL's files of each language, or all."""
    files = [Path(name) for name in (names[1:] if names[:1] == [NOMIRACL] else names)]
    if names[:1] != [NOMIRACL] and not (files and all(map(_is_nomiracl_file, files))):
        return [list(names)]
    groups: dict[str, list[str]] = {}
    for file in files:
        groups.setdefault(language_of(file), [NOMIRACL]).append(str(file))
    return list(groups.values()) or [[NOMIRACL]]


def select_dataset(
    names: Sequence[str], settings: Config, project: Path = PROJECT, questions: Path | None = None
) -> Selection | ClaimSet:
    """Read the dataset that ``names`` stand for: questions, or claims.

    ``names`` are files, in one of the public formats or with known answers in the project's own, or one of
    the project's datasets, which are in the folder ``project``; no names stand for its questions. The
    questions of the file ``questions`` replace those of files in SQuAD format.

    Raises:
        UserError: a file cannot be read or there is none, or the files are of two formats.
    """
    selection = _select(list(names), settings, project)
    if questions is None:
        return selection
    if isinstance(selection, ClaimSet) or not selection.with_absent:
        raise UserError("--questions is for files in SQuAD format: --dataset FILE… --questions FILE")
    return replace(selection, dataset=with_questions(selection.dataset, questions))


def _select(words: list[str], settings: Config, project: Path) -> Selection | ClaimSet:
    if words[:1] == [OFFICE]:
        return _office_dataset(words[1:], project / OFFICE / f"{QUESTIONS}.jsonl")
    if len(words) <= 1 and (name := _PROJECT_DATASETS.get(words[0] if words else QUESTIONS)):
        return _project_dataset(project / f"{name}.jsonl", settings)
    stated = words[0] if words[0] in _PUBLIC else None
    files = [Path(word) for word in words[1:]] if stated else [Path(word) for word in words]
    if not files:
        raise UserError(f"Name the files of the format {stated}: --dataset FILE…")
    formats = {_Format(stated)} if stated else {_format_of(file) for file in files}
    if len(formats) > 1:
        found = ", ".join(sorted(formats))
        raise UserError(f"These files are of several formats ({found}); give one kind at a time")
    match formats.pop():
        case _Format.SQUAD:
            return Selection(read_squad(files), with_absent=True)
        case _Format.NOMIRACL:
            return Selection(read_nomiracl(files), measure=Measure.REFUSALS)
        case _Format.CLAIMS:
            return read_claims(files)
        case _Format.CLAPNQ:
            return Selection(read_clapnq(files), measure=Measure.LONG_ANSWERS)
        case _Format.MTRAG:
            return Selection(read_mtrag(files), measure=Measure.REACTIONS)
        case _:
            return _user_dataset(files, settings)


def _project_dataset(file: Path, settings: Config) -> Selection:
    _check_checkout(file)
    documents = discovery.load([settings.corpus]).documents
    floors = FLOORS if file.stem == QUESTIONS else NO_FLOORS
    return Selection(read_own(documents, file), floors)


def _office_dataset(folders: Sequence[str], file: Path) -> Selection:
    _check_checkout(file)
    if len(folders) != 1:
        raise UserError(
            "Write the folder first: python -m eval.office FOLDER. Then name it: --dataset office FOLDER"
        )
    loaded = discovery.load([Path(folders[0])])
    dataset = read_own(loaded.documents, file)
    notes = tuple(f"{failure.path} is not read: {failure.reason}" for failure in loaded.failures)
    return Selection(replace(dataset, name=OFFICE, notes=notes))


def _check_checkout(file: Path) -> None:
    if not file.is_file():
        raise UserError(
            f"There is no {file} here: the project's known answers are part of its checkout. To measure "
            "Attest on others, name a file: --dataset FILE"
        )


def _user_dataset(files: Sequence[Path], settings: Config) -> Selection:
    documents, indexed = _user_documents(settings)
    datasets = [read_own(documents, file) for file in files]
    return Selection(
        Dataset(
            "+".join(each.name for each in datasets),
            documents,
            tuple(case for each in datasets for case in each.cases),
        ),
        in_user_index=indexed,
    )


def _user_documents(settings: Config) -> tuple[tuple[Document, ...], bool]:
    """Return the documents of the index and True; without one, those of the corpus folder and False."""
    try:
        return tuple(storage.open_store(settings).documents().values()), True
    except IndexMissingError:
        if not settings.corpus.exists():
            raise
        return tuple(discovery.load([settings.corpus]).documents), False


def _is_nomiracl_file(file: Path) -> bool:
    return file.is_file() and _format_of(file) is _Format.NOMIRACL


def _format_of(file: Path) -> _Format:
    """Return the format of ``file`` by its content: one JSON value, or one on each line."""
    try:
        text = file.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        named = ", ".join(f"'{name}'" for name in (*_PUBLIC, QUESTIONS, CONVERSATIONS, OFFICE))
        raise UserError(f"There is no file {str(file)!r}; --dataset takes files or one of {named}") from error
    except OSError as error:
        raise UserError(f"{file} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise UserError(f"{file} is not text in UTF-8") from error
    if is_squad(_json(text)):
        return _Format.SQUAD
    first = _json(next((line for line in text.split("\n") if line.strip()), ""))
    return next((each for each, shows in _BY_LINE.items() if shows(first)), _Format.OWN)


def _json(text: str) -> object:
    """Return the JSON value of ``text``; None if it is not JSON."""
    try:
        return json.loads(text)
    except ValueError:
        return None
