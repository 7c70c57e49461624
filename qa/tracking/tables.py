"""The SQLite file of tracked questions: its tables, and how one of an earlier version gets them."""

import sqlite3
from pathlib import Path

BUSY_SECONDS = 30.0
"""Seconds for which a process waits at most for another's transaction, each of which takes milliseconds."""

_VERSION = 1
"""Of the tables. Earlier files have 0, SQLite's default."""

_QUESTIONS = """CREATE TABLE questions (
  id TEXT PRIMARY KEY, reader TEXT NOT NULL, question TEXT NOT NULL, added TEXT NOT NULL,
  due INTEGER NOT NULL DEFAULT 1, scope TEXT NOT NULL, uploads TEXT NOT NULL,
  UNIQUE (reader, question, scope, uploads))"""

_VERSIONS = (
    "CREATE TABLE versions (library TEXT NOT NULL, document TEXT NOT NULL, version TEXT NOT NULL, "
    "PRIMARY KEY (library, document))",
    "CREATE TABLE checked (library TEXT PRIMARY KEY, state TEXT NOT NULL)",
)

_TABLES = (
    _QUESTIONS,
    """CREATE TABLE evidence (
  question TEXT NOT NULL REFERENCES questions ON DELETE CASCADE, part TEXT NOT NULL, language TEXT NOT NULL,
  documents TEXT NOT NULL, floor REAL NOT NULL, vector BLOB NOT NULL)""",
    "CREATE INDEX evidence_of ON evidence (question)",
    """CREATE TABLE answers (
  number INTEGER PRIMARY KEY AUTOINCREMENT, question TEXT NOT NULL REFERENCES questions ON DELETE CASCADE,
  asked TEXT NOT NULL, answer BLOB NOT NULL, texts TEXT NOT NULL)""",
    "CREATE INDEX answers_of ON answers (question, number)",
    "CREATE TABLE texts (key TEXT PRIMARY KEY, document BLOB NOT NULL)",
    """CREATE TABLE changes (
  number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE,
  question TEXT NOT NULL REFERENCES questions ON DELETE CASCADE, kind TEXT NOT NULL, found TEXT NOT NULL,
  before INTEGER NOT NULL REFERENCES answers, after INTEGER NOT NULL REFERENCES answers)""",
    "CREATE TABLE seen (reader TEXT PRIMARY KEY, number INTEGER NOT NULL)",
    """CREATE TABLE deliveries (
  change INTEGER PRIMARY KEY REFERENCES changes ON DELETE CASCADE, attempts INTEGER NOT NULL DEFAULT 0)""",
    *_VERSIONS,
)

_FROM_FORMER = (
    _QUESTIONS.replace("questions", "later_questions", 1),
    "INSERT INTO later_questions SELECT *, '{}', '' FROM questions ORDER BY rowid",
    "DROP TABLE questions",
    "ALTER TABLE later_questions RENAME TO questions",
    "ALTER TABLE versions RENAME TO former_versions",
    "ALTER TABLE checked RENAME TO former_checked",
    *_VERSIONS,
    "INSERT INTO versions SELECT '', document, version FROM former_versions",
    "INSERT INTO checked SELECT '', snapshot FROM former_checked",
    "DROP TABLE former_versions",
    "DROP TABLE former_checked",
)
"""Questions had no scope and no uploads at first, and documents were those of the index alone."""


def connect(path: Path) -> sqlite3.Connection:
    """Return a connection to the file at ``path``, in which every step is written to the disk."""
    db = _configured(sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None))
    db.execute("PRAGMA synchronous = FULL")
    return db


def connect_empty() -> sqlite3.Connection:
    """Return a connection to tables without questions that are nowhere on the disk."""
    db = _configured(sqlite3.connect(":memory:", isolation_level=None))
    _execute(db, _TABLES)
    return db


def prepare(path: Path) -> None:
    """Make the file at ``path`` if there is none, and bring one of an earlier version up to date."""
    db = connect(path)
    try:
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA foreign_keys = OFF")  # or a table could not be replaced by a later one
        db.execute("BEGIN IMMEDIATE")
        if db.execute("PRAGMA user_version").fetchone()[0] < _VERSION:
            former = db.execute("SELECT 1 FROM sqlite_master WHERE name = 'questions'").fetchone()
            _execute(db, _FROM_FORMER if former else _TABLES)
            db.execute(f"PRAGMA user_version = {_VERSION}")
        db.execute("COMMIT")
    finally:
        db.close()


def _configured(db: sqlite3.Connection) -> sqlite3.Connection:
    db.row_factory = sqlite3.Row
    db.execute("PRAGMA foreign_keys = ON")
    return db


def _execute(db: sqlite3.Connection, statements: tuple[str, ...]) -> None:
    for each in statements:
        db.execute(each)
