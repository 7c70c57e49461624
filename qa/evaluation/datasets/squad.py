"""Datasets in SQuAD format as cases."""

import json
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from qa.errors import UserError
from qa.evaluation.datasets.base import Case, Dataset
from qa.ingest.documents import normalise
from qa.nlp.language import detect_language
from qa.schema import Document, Span

SQUAD = "squad"
"""The format's name on the command line."""


def is_squad(content: object) -> bool:
    """Return whether ``content``, the JSON value of a file, has the outermost part of the SQuAD format."""
    return isinstance(content, dict) and isinstance(content.get("data"), list)


def read_squad(paths: Iterable[Path]) -> Dataset:
    """Read files in SQuAD format, 1.1 or 2.0 (Rajpurkar et al. 2016, 2018): every paragraph is a document.

    Raises:
        UserError: a file cannot be read or is not in that format.
    """
    documents: dict[str, Document] = {}
    cases: list[Case] = []
    names: list[str] = []
    for path in paths:
        name = path.stem if path.stem not in names else f"{path.stem}-{len(names)}"
        names.append(name)
        try:
            articles = json.loads(path.read_text(encoding="utf-8"))["data"]
            for position, article in enumerate(articles):
                home = f"{name}/{position:03}-{article.get('title', '')}"
                for number, paragraph in enumerate(article["paragraphs"]):
                    document = _paragraph(f"{home}/{number:03}", str(article.get("title") or name), paragraph)
                    documents[document.id] = document
                    cases.extend(_squad_case(document, entry) for entry in paragraph["qas"])
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise UserError(f"{path} is not a file in SQuAD format ({error!r})") from error
    if not cases:
        raise UserError(f"These files have no questions: {', '.join(names)}")
    return Dataset("+".join(names), tuple(documents.values()), tuple(cases))


def with_questions(dataset: Dataset, path: Path) -> Dataset:
    """Return ``dataset`` with the questions of the file ``path`` in place of its own, matched by their ids.

    Places and accepted answers stay those of ``dataset``. Where several of its files have a question, as
    translations of one file do, the places and the answers of all of them are right.

    Raises:
        UserError: the file cannot be read, is not in SQuAD format, or shares no question with the documents.
    """
    asked = {case.id: case.question for case in read_squad([path]).cases}
    cases: dict[str, Case] = {}
    for case in dataset.cases:
        if case.id in asked:
            known = cases.get(case.id)
            cases[case.id] = _joined(known, case) if known else replace(case, question=asked[case.id])
    if not cases:
        raise UserError(
            f"No question of {path} has the id of a question about these documents, so it is not known what "
            "answers them; give the same questions in another language"
        )
    notes = list(dataset.notes)
    if skipped := len(asked) - len(cases):
        notes.append(
            f"{path.name}: {skipped} of {len(asked)} questions are not about these documents and were skipped"
        )
    name = f"{dataset.name}+questions-{path.stem}"
    return Dataset(name, dataset.documents, tuple(cases.values()), tuple(notes))


def _joined(one: Case, other: Case) -> Case:
    """Return a question that the places and the answers of both cases answer."""
    answers = tuple(dict.fromkeys(each for case in (one, other) for group in case.answers for each in group))
    return replace(one, gold=one.gold + other.gold, answers=(answers,) if answers else ())


def _paragraph(doc_id: str, title: str, paragraph: dict[str, object]) -> Document:
    text = normalise(str(paragraph["context"]))
    return Document(doc_id, text, title.replace("_", " "), language=detect_language(text))


def _squad_case(document: Document, entry: dict[str, object]) -> Case:
    stated = entry["answers"] if not entry.get("is_impossible") else []
    if not isinstance(stated, list):
        raise TypeError("answers is not a list")
    accepted = tuple(dict.fromkeys(str(answer["text"]) for answer in stated))
    return Case(
        id=str(entry["id"]),
        kind="answerable" if accepted else "adversarial",
        question=str(entry["question"]).strip(),
        answerable=bool(accepted),
        answers=(accepted,) if accepted else (),
        gold=(Span(document.id, 0, len(document.text)),),
        by_document=True,
    )
