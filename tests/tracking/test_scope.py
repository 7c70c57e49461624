"""A tracked question keeps the answer that its reader saw, and goes on searching what it was asked of."""

import sqlite3
from pathlib import Path

import pytest

from qa.errors import AttestError, UserError
from qa.index.index import Index
from qa.index.stores.local import LocalStore
from qa.index.update.update import update_index
from qa.ingest.discovery import survey
from qa.pipeline import Ask
from qa.tracking.store import NAME, TrackingStore
from qa.tracking.tracker import Tracker
from qa.tracking.values import ChangeKind, FirstAnswer, Question, Scope
from qa.uploads.stored import Uploads
from tests.support.fakes import IDENTITY, FakeEncoder
from tests.tracking.test_tracking import QUESTION, V1, V2, Folder


def answered(folder: Folder, question: str = QUESTION) -> FirstAnswer:
    """What a reader sees who asks of the documents as they are."""
    pipeline = folder.tracker()._runtime.pipeline
    return FirstAnswer(pipeline.invoke(Ask(question)), pipeline.state)


class TestTheAnswerThatWasShown:
    def test_is_kept_and_not_asked_for_again(self, folder: Folder):
        folder.put("contract.txt", V1)
        first = answered(folder)
        folder.asked.clear()
        question = folder.tracker().add(QUESTION, first=first)
        assert not question.due
        assert folder.update() == []
        assert folder.asked == []
        kept = folder.tracked.latest(question)
        assert kept
        assert kept.answer == first.answer
        assert folder.tracked.documents(kept)["contract.txt"].text == V1

    def test_is_compared_with_what_comes_later(self, folder: Folder):
        folder.put("contract.txt", V1)
        folder.tracker().add(QUESTION, first=answered(folder))
        folder.put("contract.txt", V2)
        assert folder.update() == [ChangeKind.CHANGED]
        assert folder.asked == [QUESTION]

    def test_is_asked_for_anew_if_the_documents_have_changed_since(self, folder: Folder):
        folder.put("contract.txt", V1)
        first = answered(folder)
        folder.put("amendment.txt", "By amendment the term of the supply contract is 48 months.")
        tracker = folder.tracker()
        folder.asked.clear()
        assert tracker.add(QUESTION, first=first).due
        folder.update()
        assert folder.asked == [QUESTION]

    def test_is_asked_for_anew_if_the_questions_were_compared_with_the_index_meanwhile(
        self, tracked: Folder, monkeypatch: pytest.MonkeyPatch
    ):
        other = "What is the term of the supply contract, in months?"
        first = answered(tracked, other)
        tracker = tracked.tracker()
        evidence = TrackingStore.evidence

        def late(store: TrackingStore) -> object:
            found = evidence(store)
            tracker.add(other, first=first)  # after the check has read what it compares
            return found

        tracked.put("contract.txt", V2)
        checker = tracked.tracker()
        monkeypatch.setattr(tracker, "_current", None)
        with monkeypatch.context() as racing:
            racing.setattr(TrackingStore, "evidence", late)
            checker.step()
        tracked.update()
        (question,) = [each for each in tracked.tracked.questions() if each.text == other]
        latest = tracked.tracked.latest(question)
        assert latest
        assert "36 months" in latest.answer.text


class TestScope:
    @pytest.fixture
    def contracts(self, folder: Folder) -> Folder:
        (folder.corpus / "contracts").mkdir()
        folder.put("contracts/supply.txt", V1)
        folder.tracker().add(QUESTION, scope=Scope(("contracts/",)))
        assert folder.update() == []
        return folder

    def test_other_documents_do_not_matter(self, contracts: Folder):
        contracts.put("notes.txt", "By amendment the term of the supply contract is 48 months.")
        assert contracts.update() == []
        assert contracts.asked == []

    def test_what_comes_into_its_folder_does(self, contracts: Folder):
        contracts.put("contracts/later.txt", "By amendment the term of the supply contract is 48 months.")
        contracts.update()
        assert contracts.asked == [QUESTION]

    def test_a_folder_that_goes_leaves_no_answer(self, contracts: Folder):
        contracts.put("supply.txt", V1)  # the same words, where they were not asked for
        (contracts.corpus / "contracts/supply.txt").unlink()
        assert contracts.update() == [ChangeKind.UNANSWERABLE]
        contracts.put("contracts/supply.txt", V2)
        assert contracts.update() == [ChangeKind.UNANSWERABLE, ChangeKind.ANSWERABLE]

    def test_a_period_is_kept(self, folder: Folder):
        dated = "---\ndate: {}\n---\nThe term of the supply contract is {} months."
        folder.put("old.md", dated.format("2020-05-01", 12))
        folder.put("new.md", dated.format("2025-05-01", 48))
        question = folder.tracker().add(QUESTION, scope=Scope(since="2024"))
        folder.update()
        kept = folder.tracked.latest(question)
        assert kept
        assert {each.span.doc_id for each in kept.answer.quotes} == {"new.md"}

    def test_the_same_question_of_other_documents_is_another(self, contracts: Folder):
        contracts.tracker().add(QUESTION)
        assert len(contracts.tracked.questions()) == 2
        contracts.tracker().add(QUESTION, scope=Scope(("contracts/",)))
        assert len(contracts.tracked.questions()) == 2

    @pytest.mark.parametrize("scope", [Scope(("nowhere/",)), Scope(since="soon"), Scope((), "2025", "2024")])
    def test_one_that_means_nothing_is_refused(self, folder: Folder, scope: Scope):
        with pytest.raises(UserError):
            folder.tracker().add(QUESTION, scope=scope)
        assert folder.tracked.questions() == []


class ReaderUploads:
    """What readers have uploaded, beside a folder that is indexed."""

    def __init__(self, folder: Folder, at: Path) -> None:
        self.folder = folder
        self._at = at
        self.damaged: set[str] = set()

    def put(self, reader: str, text: str) -> None:
        source = self._at / f"files of {reader}"
        source.mkdir(exist_ok=True)
        (source / "mine.txt").write_text(text)
        update_index(LocalStore(self._at / reader, IDENTITY), survey([source]), FakeEncoder())

    def _open(self, question: Question) -> Index | None:
        assert question.uploads is Uploads.OWN
        if question.reader in self.damaged:
            raise AttestError("What was uploaded cannot be read")
        store = LocalStore(self._at / question.reader, IDENTITY)
        return Index.open(store) if (self._at / question.reader).exists() else None

    def tracker(self) -> Tracker:
        tracker = self.folder.tracker()
        tracker._uploads_of = self._open
        return tracker

    def update(self) -> dict[str, list[ChangeKind]]:
        self.folder.asked.clear()
        self.tracker().update()
        store = self.folder.tracked
        return {who: [each.kind for each in store.changes(who)[::-1]] for who in ("ada", "bob")}


class TestUploads:
    @pytest.fixture
    def uploaded(self, folder: Folder, tmp_path: Path) -> ReaderUploads:
        uploaded = ReaderUploads(folder, tmp_path)
        uploaded.put("ada", V1)
        for reader in ("ada", "bob"):
            uploaded.tracker().add(QUESTION, reader)
        uploaded.update()
        return uploaded

    def test_a_question_searches_those_of_its_reader_alone(self, uploaded: ReaderUploads):
        store = uploaded.folder.tracked
        found = {who: store.latest(store.questions(who)[0]) for who in ("ada", "bob")}
        assert found["ada"]
        assert found["bob"]
        assert "24 months" in found["ada"].answer.text
        assert not found["bob"].answer.answered
        assert "mine.txt" not in store.documents(found["bob"])

    def test_a_change_of_them_is_told_to_their_reader(self, uploaded: ReaderUploads):
        uploaded.put("ada", V2)
        assert uploaded.update() == {"ada": [ChangeKind.CHANGED], "bob": []}
        assert uploaded.update() == {"ada": [ChangeKind.CHANGED], "bob": []}

    def test_the_first_upload_of_a_reader_is_noticed(self, uploaded: ReaderUploads):
        uploaded.put("bob", V2)
        assert uploaded.update() == {"ada": [], "bob": [ChangeKind.ANSWERABLE]}

    def test_uploads_that_cannot_be_read_keep_no_other_question(self, uploaded: ReaderUploads):
        uploaded.damaged.add("ada")
        uploaded.folder.put("contract.txt", V2)
        assert uploaded.update() == {"ada": [], "bob": [ChangeKind.ANSWERABLE]}
        uploaded.damaged.clear()
        assert uploaded.update()["ada"]

    def test_an_answer_that_quotes_what_goes_with_a_visit_is_refused(self, uploaded: ReaderUploads):
        store = uploaded.folder.tracked
        (question,) = store.questions("ada")
        kept = store.latest(question)
        assert kept
        with pytest.raises(UserError, match="is deleted when you leave"):
            uploaded.tracker().add(QUESTION, first=FirstAnswer(kept.answer, ""))
        assert store.questions() == []


FORMER = """
CREATE TABLE questions (
  id TEXT PRIMARY KEY, reader TEXT NOT NULL, question TEXT NOT NULL, added TEXT NOT NULL,
  due INTEGER NOT NULL DEFAULT 1, UNIQUE (reader, question));
CREATE TABLE evidence (
  question TEXT NOT NULL REFERENCES questions ON DELETE CASCADE, part TEXT NOT NULL, language TEXT NOT NULL,
  documents TEXT NOT NULL, floor REAL NOT NULL, vector BLOB NOT NULL);
CREATE INDEX evidence_of ON evidence (question);
CREATE TABLE answers (
  number INTEGER PRIMARY KEY AUTOINCREMENT, question TEXT NOT NULL REFERENCES questions ON DELETE CASCADE,
  asked TEXT NOT NULL, answer BLOB NOT NULL, texts TEXT NOT NULL);
CREATE INDEX answers_of ON answers (question, number);
CREATE TABLE texts (key TEXT PRIMARY KEY, document BLOB NOT NULL);
CREATE TABLE changes (
  number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE,
  question TEXT NOT NULL REFERENCES questions ON DELETE CASCADE, kind TEXT NOT NULL, found TEXT NOT NULL,
  before INTEGER NOT NULL REFERENCES answers, after INTEGER NOT NULL REFERENCES answers);
CREATE TABLE seen (reader TEXT PRIMARY KEY, number INTEGER NOT NULL);
CREATE TABLE deliveries (
  change INTEGER PRIMARY KEY REFERENCES changes ON DELETE CASCADE, attempts INTEGER NOT NULL DEFAULT 0);
CREATE TABLE versions (document TEXT PRIMARY KEY, version TEXT NOT NULL);
CREATE TABLE checked (snapshot TEXT NOT NULL);
"""
"""The tables of the first version."""


def test_questions_of_a_former_version_go_on(tracked: Folder):
    path = tracked.tracked.folder / NAME
    later = path.rename(path.with_name("later"))
    db = sqlite3.connect(path)
    db.executescript(FORMER)
    db.execute("ATTACH ? AS later", (str(later),))
    for table in ("evidence", "answers", "texts"):
        db.execute(f"INSERT INTO {table} SELECT * FROM later.{table}")
    db.execute("INSERT INTO questions SELECT id, reader, question, added, due FROM later.questions")
    db.execute("INSERT INTO versions SELECT document, version FROM later.versions")
    db.execute("INSERT INTO checked SELECT state FROM later.checked")
    db.commit()
    db.close()
    tracked.tracked = TrackingStore(tracked.tracked.folder)
    assert tracked.update() == []
    assert tracked.asked == []
    tracked.put("contract.txt", V2)
    assert tracked.update() == [ChangeKind.CHANGED]
    (question,) = tracked.tracked.questions()
    assert len(tracked.tracked.history(question)) == 2
