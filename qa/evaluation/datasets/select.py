"""The dataset that a command line names, whatever its format."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from qa import assemble
from qa.config import Config
from qa.errors import IndexMissingError, UserError
from qa.evaluation.datasets.base import Dataset
from qa.evaluation.datasets.own import read_own
from qa.evaluation.datasets.squad import SQUAD, is_squad, read_squad
from qa.evaluation.summary import Floors
from qa.ingest import discovery
from qa.schema import Document

NO_FLOORS = Floors()

PROJECT = Path("eval")
"""The folder of the project's known answers, as seen from its checkout."""

QUESTIONS, CONVERSATIONS = "questions", "conversations"
_PROJECT_DATASETS = {"own": QUESTIONS, QUESTIONS: QUESTIONS, CONVERSATIONS: CONVERSATIONS}
"""The project's datasets by the names that ``--dataset`` takes."""

FLOORS = Floors(accuracy=0.85, correct_abstention=0.85, false_abstention=0.10, verbatim=1.0)
"""What the project promises for its own questions with the default model."""


@dataclass(frozen=True, slots=True)
class Selection:
    """A dataset and how to measure it."""

    dataset: Dataset
    floors: Floors = NO_FLOORS
    with_absent: bool = False
    """Whether answerable questions are asked once more without the documents that answer them."""
    in_user_index: bool = False
    """Whether the documents are those of the user's index, so that it can be searched as it is."""


def select_dataset(names: Sequence[str], settings: Config, project: Path = PROJECT) -> Selection:
    """Read the dataset that ``names`` stand for.

    ``names`` are files, in SQuAD format or with known answers in the project's own, or one of the project's
    datasets, which are in the folder ``project``; no names stand for its questions.

    Raises:
        UserError: a file cannot be read or there is none, or the files are of two formats.
    """
    words = list(names)
    if len(words) <= 1 and (name := _PROJECT_DATASETS.get(words[0] if words else QUESTIONS)):
        return _project_dataset(project / f"{name}.jsonl", settings)
    if words[0] == SQUAD:
        files = [Path(word) for word in words[1:]]
        if not files:
            raise UserError("Name the files in SQuAD format: --dataset FILE…")
        return Selection(read_squad(files), with_absent=True)
    files = [Path(word) for word in words]
    formats = {_reads_as_squad(file) for file in files}
    if len(formats) > 1:
        raise UserError("Some of these files are in SQuAD format and some are not; give one kind at a time")
    if formats == {True}:
        return Selection(read_squad(files), with_absent=True)
    return _user_dataset(files, settings)


def _project_dataset(file: Path, settings: Config) -> Selection:
    if not file.is_file():
        raise UserError(
            f"There is no {file} here: the project's known answers are part of its checkout. To measure "
            "Attest on others, name a file: --dataset FILE"
        )
    documents = discovery.load([settings.corpus]).documents
    floors = FLOORS if file.stem == QUESTIONS else NO_FLOORS
    return Selection(read_own(documents, file), floors)


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
        return tuple(assemble.open_store(settings).documents().values()), True
    except IndexMissingError:
        if not settings.corpus.exists():
            raise
        return tuple(discovery.load([settings.corpus]).documents), False


def _reads_as_squad(file: Path) -> bool:
    try:
        return is_squad(json.loads(file.read_text(encoding="utf-8")))
    except FileNotFoundError as error:
        named = ", ".join(repr(name) for name in (SQUAD, QUESTIONS, CONVERSATIONS))
        raise UserError(f"There is no file {str(file)!r}; --dataset takes files or one of {named}") from error
    except OSError as error:
        raise UserError(f"{file} cannot be read: {error.strerror}") from error
    except ValueError:  # JSON lines, for one
        return False
