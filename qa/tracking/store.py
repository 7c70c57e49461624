"""Kept questions, their answers and what changed, in an SQLite file that several processes share.

Every step is one transaction: a process that is killed leaves the file as it was before or after it. The
order of answers and changes is that of their numbers, so a clock that is put back changes nothing.
"""

import datetime
import secrets
import sqlite3
import uuid
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from types import MappingProxyType

from qa.errors import UserError
from qa.schema import Document
from qa.tracking.rows import (
    CHANGES,
    drop_unused_texts,
    dump_scope,
    latest_answer,
    library_state,
    put_answer,
    put_evidence,
    read_answer,
    read_change,
    read_document,
    read_evidence,
    read_question,
)
from qa.tracking.tables import connect, connect_empty, prepare
from qa.tracking.values import (
    EVERYTHING,
    Change,
    ChangeKind,
    Delivery,
    Finding,
    KeptAnswer,
    KeptEvidence,
    Question,
    Scope,
)
from qa.uploads.stored import Uploads

NAME = "tracked.sqlite3"

MAX_QUESTIONS = 10_000
"""Questions of one reader. Comparing as many with ten new documents takes seconds (docs/tracking.md)."""

NO_LONGER_KEPT = "This answer is no longer kept"


class TrackingStore:
    """The file of kept questions in a folder. Safe to use from many threads and processes."""

    def __init__(self, folder: Path) -> None:
        """Use the file in ``folder``, which need not exist until a question is added."""
        self.folder = folder
        self._path = folder / NAME
        self._ready = False

    @property
    def exists(self) -> bool:
        """True if a question was ever added."""
        return self._path.exists()

    def add(
        self,
        text: str,
        reader: str = "",
        scope: Scope = EVERYTHING,
        uploads: Uploads = Uploads.NONE,
        first: Finding | None = None,
        states: Mapping[str, str] = MappingProxyType({}),
    ) -> Question:
        """Keep a question of ``reader``, and return it. One that is kept already stays.

        It is due at once; unless the ``first`` answer is known, and the libraries by whose ``states`` it was
        given are as they were when all questions were last compared with them.

        Raises:
            UserError: the reader has as many as may be.
        """
        key = (reader, text, dump_scope(scope), uploads)
        with self._change() as db:
            row = db.execute(
                "SELECT * FROM questions WHERE (reader, question, scope, uploads) = (?, ?, ?, ?)", key
            ).fetchone()
            if row:
                return read_question(row)
            (count,) = db.execute("SELECT count(*) FROM questions WHERE reader = ?", (reader,)).fetchone()
            if count >= MAX_QUESTIONS:
                raise UserError(
                    f"{count:,} questions are tracked already, and that is the limit; remove one first"
                )
            id_, now = secrets.token_hex(4), _now()
            db.execute("INSERT INTO questions VALUES (?, ?, ?, ?, 1, ?, ?)", (id_, *key[:2], now, *key[2:]))
            if first and all(library_state(db, library) == state for library, state in states.items()):
                put_answer(db, id_, first, now)
            added: sqlite3.Row = db.execute("SELECT * FROM questions WHERE id = ?", (id_,)).fetchone()
        return read_question(added)

    def remove(self, id_: str, reader: str = "") -> None:
        """Remove a question of ``reader``, with its history.

        Raises:
            UserError: they have no such question.
        """
        self.find(id_, reader)
        with self._change() as db:
            db.execute(
                "DELETE FROM deliveries WHERE change IN (SELECT number FROM changes WHERE question = ?)",
                (id_,),
            )
            db.execute("DELETE FROM changes WHERE question = ?", (id_,))
            db.execute("DELETE FROM questions WHERE id = ?", (id_,))
            drop_unused_texts(db)

    def find(self, id_: str, reader: str = "") -> Question:
        """Return the question of ``reader`` with that id.

        Raises:
            UserError: they have none.
        """
        with self._read() as db:
            row = db.execute("SELECT * FROM questions WHERE id = ? AND reader = ?", (id_, reader)).fetchone()
        if row is None:
            raise UserError(f"No question with the id {id_} is tracked")
        return read_question(row)

    def questions(self, reader: str = "") -> list[Question]:
        """Return the questions of ``reader``, the newest last."""
        with self._read() as db:
            rows = db.execute("SELECT * FROM questions WHERE reader = ? ORDER BY rowid", (reader,))
            return [read_question(row) for row in rows]

    def due(self, limit: int | None = None) -> list[Question]:
        """Return the questions of all readers that wait to be asked, the oldest first."""
        with self._read() as db:
            rows = db.execute(
                "SELECT * FROM questions WHERE due ORDER BY rowid LIMIT ?", (-1 if limit is None else limit,)
            )
            return [read_question(row) for row in rows]

    def asked_questions(self) -> dict[str, Question]:
        """Return the questions of all readers that were asked at least once, by their ids."""
        with self._read() as db:
            rows = db.execute("SELECT * FROM questions WHERE id IN (SELECT question FROM evidence)")
            return {row["id"]: read_question(row) for row in rows}

    def libraries(self) -> list[Question]:
        """Return a question for each library of uploads that any question searches."""
        with self._read() as db:
            rows = db.execute("SELECT * FROM questions WHERE uploads != ''")
            return list({found.library: found for found in map(read_question, rows)}.values())

    def evidence(self) -> dict[str, list[KeptEvidence]]:
        """Return the evidence that is kept of every question that was asked, by the question's id."""
        found: dict[str, list[KeptEvidence]] = {}
        with self._read() as db:
            for row in db.execute("SELECT * FROM evidence"):
                found.setdefault(row["question"], []).append(read_evidence(row))
        return found

    def checked_state(self, library: str = "") -> str | None:
        """Return the state of a library that the questions were last compared with, that of the index by
        default; None if they never were.
        """
        with self._read() as db:
            return library_state(db, library)

    def versions(self, library: str = "") -> dict[str, str]:
        """Return the version of every document of that state, by its id."""
        with self._read() as db:
            rows = db.execute("SELECT document, version FROM versions WHERE library = ?", (library,))
            return dict(map(tuple, rows))

    def put_checked(
        self,
        library: str,
        state: str,
        before: Mapping[str, str],
        now: Mapping[str, str],
        compared: Collection[str],
        due: Iterable[str],
    ) -> None:
        """Note in one step that the questions with the ids ``compared`` were compared with a library in this
        ``state``, whose documents have the versions ``now`` instead of those ``before``, and that those with
        the ids ``due`` are to be asked, as are those that were added with their answer meanwhile.
        """
        with self._change() as db:
            db.executemany(
                "DELETE FROM versions WHERE library = ? AND document = ?",
                [(library, each) for each in before.keys() - now.keys()],
            )
            db.executemany(
                "INSERT OR REPLACE INTO versions VALUES (?, ?, ?)",
                [(library, each, version) for each, version in now.items() if before.get(each) != version],
            )
            db.execute("INSERT OR REPLACE INTO checked VALUES (?, ?)", (library, state))
            asked = {row["question"] for row in db.execute("SELECT DISTINCT question FROM evidence")}
            db.executemany(
                "UPDATE questions SET due = 1 WHERE id = ?",
                [(each,) for each in {*due, *(asked - set(compared))}],
            )

    def put_answer(
        self, question: Question, found: Finding, kind: ChangeKind | None, *, deliver: bool = False
    ) -> None:
        """Keep in one step what was ``found`` for ``question``, and what became of the former answer: the
        ``kind`` of change, or None for the first. ``deliver`` says that the webhook is to be told. A question
        that was removed meanwhile stays removed.
        """
        with self._change() as db:
            if not db.execute("SELECT 1 FROM questions WHERE id = ?", (question.id,)).fetchone():
                return
            former = latest_answer(db, question.id)
            number = put_answer(db, question.id, found, _now())
            if former is None or kind is None:
                return
            change = db.execute(
                "INSERT INTO changes (id, question, kind, found, before, after) VALUES (?, ?, ?, ?, ?, ?)",
                (str(uuid.uuid4()), question.id, kind, _now(), former["number"], number),
            ).lastrowid
            if deliver:
                db.execute("INSERT INTO deliveries (change) VALUES (?)", (change,))

    def put_unchanged(self, question: Question, evidence: Sequence[KeptEvidence]) -> None:
        """Note that ``question`` was asked again and has the same answer, with the same quotes."""
        with self._change() as db:
            if db.execute("SELECT 1 FROM questions WHERE id = ?", (question.id,)).fetchone():
                put_evidence(db, question.id, evidence)

    def latest(self, question: Question) -> KeptAnswer | None:
        """Return the newest answer to ``question``; None if it has not been asked yet."""
        with self._read() as db:
            row = latest_answer(db, question.id)
        return read_answer(tuple(row)) if row else None

    def history(self, question: Question) -> list[KeptAnswer]:
        """Return the answers to ``question`` that are kept, the oldest first."""
        with self._read() as db:
            rows = db.execute("SELECT * FROM answers WHERE question = ? ORDER BY number", (question.id,))
            return [read_answer(tuple(row)) for row in rows]

    def documents(self, kept: KeptAnswer) -> dict[str, Document]:
        """Return the documents that an answer quotes, as they were, by their ids.

        Raises:
            UserError: the answer was removed meanwhile.
        """
        found: dict[str, Document] = {}
        with self._read() as db:
            for doc_id, key in kept.texts.items():
                row = db.execute("SELECT document FROM texts WHERE key = ?", (key,)).fetchone()
                if row is None:
                    raise UserError(NO_LONGER_KEPT)
                found[doc_id] = read_document(row)
        return found

    def changes(self, reader: str = "", *, limit: int = 1_000) -> list[Change]:
        """Return what changed for ``reader``, the newest first."""
        with self._read() as db:
            rows = db.execute(
                f"{CHANGES} WHERE questions.reader = ? ORDER BY changes.number DESC LIMIT ?",
                (reader, limit),
            )
            return [read_change(tuple(row)) for row in rows]

    def seen(self, reader: str = "") -> int:
        """Return the number of the last change that ``reader`` has seen; 0 for none."""
        with self._read() as db:
            row = db.execute("SELECT number FROM seen WHERE reader = ?", (reader,)).fetchone()
        return row["number"] if row else 0

    def put_seen(self, number: int, reader: str = "") -> None:
        """Note that ``reader`` has seen all changes up to that ``number``."""
        with self._change() as db:
            db.execute(
                "INSERT INTO seen VALUES (?, ?) ON CONFLICT (reader) DO UPDATE SET number = "
                "max(number, excluded.number)",
                (reader, number),
            )

    def deliveries(self) -> list[Delivery]:
        """Return what the webhook is to be told, the oldest first."""
        with self._read() as db:
            attempts = dict(map(tuple, db.execute("SELECT change, attempts FROM deliveries")))
            rows = db.execute(f"{CHANGES} WHERE changes.number IN (SELECT change FROM deliveries)")  # noqa: S608  constants
            changes = [read_change(tuple(row)) for row in rows]
        return [Delivery(each, attempts[each.number]) for each in sorted(changes, key=lambda c: c.number)]

    def put_delivered(self, change: Change) -> None:
        """Note that the webhook was told of ``change``."""
        with self._change() as db:
            db.execute("DELETE FROM deliveries WHERE change = ?", (change.number,))

    def put_attempt(self, change: Change) -> None:
        """Note that the webhook could not be told of ``change``."""
        with self._change() as db:
            db.execute("UPDATE deliveries SET attempts = attempts + 1 WHERE change = ?", (change.number,))

    def prune(self, days: int) -> None:
        """Remove changes found more than ``days`` ago, and the answers before them, but never the newest
        answer to a question.
        """
        before = (datetime.datetime.now(datetime.UTC) - datetime.timedelta(days=days)).isoformat()
        with self._change() as db:
            db.execute(
                "DELETE FROM deliveries WHERE change IN (SELECT number FROM changes WHERE found < ?)",
                (before,),
            )
            gone = db.execute("DELETE FROM changes WHERE found < ?", (before,)).rowcount
            gone += db.execute(
                "DELETE FROM answers WHERE asked < ? AND number NOT IN "
                "(SELECT max(number) FROM answers GROUP BY question) AND number NOT IN "
                "(SELECT before FROM changes UNION SELECT after FROM changes)",
                (before,),
            ).rowcount
            if gone:
                drop_unused_texts(db)

    @contextmanager
    def _read(self) -> Iterator[sqlite3.Connection]:
        """Yield a connection for one look at the file; at an empty one while there is none."""
        with closing(self._connect() if self.exists else connect_empty()) as db:
            db.execute("BEGIN")
            yield db

    @contextmanager
    def _change(self) -> Iterator[sqlite3.Connection]:
        """Yield a connection in a transaction that is written when the context ends without an error."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with closing(self._connect()) as db:
            db.execute("BEGIN IMMEDIATE")
            try:
                yield db
            except BaseException:  # also where a thread is stopped, nothing is left half done
                db.execute("ROLLBACK")
                raise
            db.execute("COMMIT")

    def _connect(self) -> sqlite3.Connection:
        if not self._ready:
            prepare(self._path)
            self._ready = True
        return connect(self._path)


def _now() -> str:
    return datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
