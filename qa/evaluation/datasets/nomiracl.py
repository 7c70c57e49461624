"""NoMIRACL's questions, each with ten passages of which one or none answers it, as cases.

Thakur et al. 2024, "NoMIRACL: Knowing When You Don't Know for Robust Multilingual Retrieval-Augmented
Generation". A line of a file holds the prompt that other models were sent, and what they said to it.
"""

import re
from collections.abc import Iterable
from pathlib import Path

from pydantic import BaseModel

from qa.errors import UserError
from qa.evaluation.datasets.base import Case, Dataset, Reply
from qa.evaluation.datasets.json_lines import read_records
from qa.ingest.documents import normalise
from qa.nlp.language import detect_language
from qa.schema import Document

NOMIRACL = "nomiracl"
"""The format's name on the command line."""

_PROMPT = re.compile(r"QUESTION:\n(?P<question>.+?)\n\nCONTEXTS:\n(?P<contexts>.+)\n\nOUTPUT:\s*$", re.DOTALL)
_CONTEXT = re.compile(r"(?:^|\n\n)\[\d+\] ")
"""The number before each passage of a prompt."""

_YES, _NO = "yes, answer is present", "i don't know"
_SHORT = 10
"""Characters below which a reply that names a passage by its number alone counts as a yes."""


class _Record(BaseModel):
    """A line of a file."""

    query_id: str
    docids: list[str]
    prompt: str | None = None
    results: dict[str, str] = {}


def is_nomiracl(content: object) -> bool:
    """Return whether ``content``, the JSON value of a line, has what a line of NoMIRACL's results has."""
    return isinstance(content, dict) and {"query_id", "docids", "prompt"} <= content.keys()


def language_of(path: Path) -> str:
    """Return the language of a file, which its name begins with: ``ru-relevant.jsonl`` has ``ru``."""
    return re.split(r"[-_.]", path.name)[0]


def read_nomiracl(paths: Iterable[Path]) -> Dataset:
    """Read files of one or more languages: every passage is a document, and a question is asked of its own.

    A file of questions that a passage answers has ``relevant`` in its name or its folder's, one of questions
    that none answers ``non_relevant``. The passages that answer a question are not named.

    Raises:
        UserError: a file cannot be read, is not in that format, or says nothing of its half in its name.
    """
    documents: dict[str, Document] = {}
    cases: list[Case] = []
    notes: list[str] = []
    languages: list[str] = []
    for path in paths:
        answerable, language = _is_answerable(path), language_of(path)
        languages.append(language)
        records = [record for _, record in read_records(path, "NoMIRACL's results", _Record.model_validate)]
        read = [(record, parts) for record in records if (parts := _read_prompt(record, language))]
        for record, (question, passages) in read:
            documents |= {passage.id: passage for passage in passages}
            cases.append(
                Case(
                    id=f"{language}-{record.query_id}",
                    kind="relevant" if answerable else "non-relevant",
                    question=question,
                    answerable=answerable,
                    only=frozenset(passage.id for passage in passages),
                    replies=tuple(Reply(name, refuses(said)) for name, said in record.results.items()),
                )
            )
        if len(read) < len(records):
            left_out = len(records) - len(read)
            notes.append(f"{path.name}: {left_out} of {len(records)} rows have no prompt and were skipped")
    if not cases:
        raise UserError("These files have no row with a prompt, so there is no question to ask")
    name = "+".join([NOMIRACL, *dict.fromkeys(languages)])
    return Dataset(name, tuple(documents.values()), tuple(cases), tuple(notes))


def refuses(reply: str) -> bool | None:
    """Return whether a model's ``reply`` is a refusal; None if it is neither that nor a yes.

    The rules are those by which the paper's authors count (``VanillaTemplate.postprocess`` in
    project-miracl/nomiracl), so that the figures are theirs.
    """
    text = reply.replace("\n", " ").replace("\t", " ").lower()
    if _NO in text and _YES in text:
        return False if text.count(_YES) > 1 else None
    if _NO in text:
        return True
    if "answer is present" in text:
        return False
    if "answer is not present" in text:
        return True
    return False if re.search(r"\[\d+\]", text) and len(text) < _SHORT else None


def _is_answerable(path: Path) -> bool:
    where = f"{path.parent.name}/{path.name}"
    if "relevant" not in where:
        raise UserError(
            f"{path} does not say which half of NoMIRACL it is; its name or its folder's must have "
            "'relevant' or 'non_relevant'"
        )
    return "non_relevant" not in where


def _read_prompt(record: _Record, language: str) -> tuple[str, list[Document]] | None:
    """Return the question and the passages of a prompt; None if there is none or it is cut."""
    prompt = _PROMPT.search(record.prompt or "")
    if not prompt:
        return None
    texts = _CONTEXT.split(prompt["contexts"])[1:]
    if len(texts) != len(record.docids):
        return None
    ids = (f"{language}/{doc_id}" for doc_id in record.docids)
    return prompt["question"].strip(), [_passage(*each) for each in zip(ids, texts, strict=True)]


def _passage(doc_id: str, text: str) -> Document:
    title, _, said = text.partition(": ")
    stated = normalise(said or title)
    return Document(doc_id, stated, title, language=detect_language(stated))
