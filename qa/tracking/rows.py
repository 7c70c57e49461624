"""Questions, answers and changes as rows of the tables that keep them."""

import hashlib
import sqlite3
import zlib
from collections.abc import Sequence

import numpy as np
from pydantic import TypeAdapter

from qa.schema import Answer, Document
from qa.tracking.values import Change, ChangeKind, Finding, KeptAnswer, KeptEvidence, Question, Scope
from qa.uploads.stored import Uploads

_ANSWER = TypeAdapter(Answer)
_DOCUMENT = TypeAdapter(Document)
_SCOPE = TypeAdapter(Scope)
_IDS = TypeAdapter(tuple[str, ...])
_TEXTS = TypeAdapter(dict[str, str])

CHANGES = """
SELECT changes.number, changes.id, changes.kind, changes.found, questions.*,
  former.*, latter.* FROM changes JOIN questions ON questions.id = changes.question
  JOIN answers AS former ON former.number = changes.before
  JOIN answers AS latter ON latter.number = changes.after
"""
"""Every change as a row that :func:`read_change` takes."""


def dump_scope(scope: Scope) -> str:
    """Return ``scope`` as it is kept, without its defaults, so that equal ones are equal there."""
    return _SCOPE.dump_json(scope, exclude_defaults=True).decode()


def read_question(row: Sequence[object]) -> Question:
    """Return the question in a row of ``questions``."""
    id_, reader, text, added, due, scope, uploads = row
    return Question(
        str(id_),
        str(reader),
        str(text),
        str(added),
        bool(due),
        _SCOPE.validate_json(str(scope)),
        Uploads(str(uploads)),
    )


def read_answer(row: Sequence[object]) -> KeptAnswer:
    """Return the answer in a row of ``answers``."""
    number, _, asked, answer, texts = row
    assert isinstance(number, int)
    assert isinstance(answer, bytes)
    assert isinstance(texts, str)
    return KeptAnswer(number, str(asked), _ANSWER.validate_json(answer), _TEXTS.validate_json(texts))


def read_evidence(row: sqlite3.Row) -> KeptEvidence:
    """Return the part of a question's evidence in a row of ``evidence``."""
    documents = frozenset(_IDS.validate_json(row["documents"]))
    vector = np.frombuffer(row["vector"], dtype=np.float32)
    return KeptEvidence(row["part"], row["language"], documents, row["floor"], vector)


def read_document(row: sqlite3.Row) -> Document:
    """Return the document in a row of ``texts``."""
    return _DOCUMENT.validate_json(zlib.decompress(row["document"]))


def read_change(row: Sequence[object]) -> Change:
    """Return the change in a row of :data:`CHANGES`."""
    number, id_, kind, found = row[:4]
    assert isinstance(number, int)
    return Change(
        number,
        str(id_),
        read_question(row[4:11]),
        ChangeKind(str(kind)),
        str(found),
        read_answer(row[11:16]),
        read_answer(row[16:21]),
    )


def latest_answer(db: sqlite3.Connection, question: str) -> sqlite3.Row | None:
    """Return the row of the newest answer to the question with that id; None without any."""
    found: sqlite3.Row | None = db.execute(
        "SELECT * FROM answers WHERE question = ? ORDER BY number DESC LIMIT 1", (question,)
    ).fetchone()
    return found


def library_state(db: sqlite3.Connection, library: str) -> str | None:
    """Return the state of a library that the questions were last compared with; None if they never were."""
    row = db.execute("SELECT state FROM checked WHERE library = ?", (library,)).fetchone()
    return row["state"] if row else None


def put_answer(db: sqlite3.Connection, question: str, found: Finding, asked: str) -> int:
    """Add an answer that was ``asked`` for at that time, with the texts that it quotes, and return its
    number. The question is no longer due.
    """
    answer = found.answer
    quoted = {each.span.doc_id for each in (*answer.quotes, *answer.nearest)}
    texts = {doc_id: _DOCUMENT.dump_json(found.documents[doc_id]) for doc_id in sorted(quoted)}
    keys = {doc_id: hashlib.sha256(text).hexdigest() for doc_id, text in texts.items()}
    put_evidence(db, question, found.evidence)
    for doc_id, text in texts.items():
        db.execute("INSERT OR IGNORE INTO texts VALUES (?, ?)", (keys[doc_id], zlib.compress(text)))
    number = db.execute(
        "INSERT INTO answers (question, asked, answer, texts) VALUES (?, ?, ?, ?)",
        (question, asked, _ANSWER.dump_json(answer), _TEXTS.dump_json(keys).decode()),
    ).lastrowid
    assert number is not None
    return number


def put_evidence(db: sqlite3.Connection, question: str, evidence: Sequence[KeptEvidence]) -> None:
    """Put ``evidence`` in the place of a question's former one. The question is no longer due."""
    db.execute("UPDATE questions SET due = 0 WHERE id = ?", (question,))
    db.execute("DELETE FROM evidence WHERE question = ?", (question,))
    for part in evidence:
        documents = _IDS.dump_json(tuple(sorted(part.documents))).decode()
        vector = part.vector.astype(np.float32).tobytes()
        db.execute(
            "INSERT INTO evidence VALUES (?, ?, ?, ?, ?, ?)",
            (question, part.question, part.language, documents, part.floor, vector),
        )


def drop_unused_texts(db: sqlite3.Connection) -> None:
    """Remove the texts that no answer quotes any more."""
    db.execute("DELETE FROM texts WHERE key NOT IN (SELECT value FROM answers, json_each(answers.texts))")
