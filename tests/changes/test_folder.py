"""What changed in a folder is told from two states of its index: documents, and sentences of them."""

import shutil
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from qa.changes.folder import FolderChange, compare_states
from qa.errors import IndexDamagedError, UserError
from qa.index import change
from qa.index.index import Index
from qa.index.snapshot import Snapshot
from qa.index.stores.local import LocalStore
from qa.index.update import grow
from qa.index.update.copy import copy_index
from qa.index.update.update import update_index
from qa.ingest.discovery import survey
from tests.support.fakes import IDENTITY, FakeEncoder

CONTRACT = (
    "The contract lasts 24 months. It begins on 1 March 2024. Boyet signed it for Alstom. "
    "The supplier may not subcontract. The price is paid in advance."
)
LATER = (
    "The contract lasts 36 months. It begins on 1 May 2024. Boyet signed it for Siemens. "
    "The supplier may subcontract. The whole price is paid in advance. Disputes go to court."
)


class Folder:
    """A folder of documents with its index."""

    def __init__(self, root: Path) -> None:
        self.path, self.store = root / "documents", LocalStore(root / "index", IDENTITY)
        self.path.mkdir()

    def update(self, keep_days: int = 30, **texts: str | None) -> None:
        """Write files, or remove those whose text is None, and index the folder."""
        for name, text in texts.items():
            path = self.path / f"{name}.txt"
            path.write_text(text) if text is not None else path.unlink()
        update_index(self.store, survey([self.path]), FakeEncoder(), keep_days=keep_days)

    def diff(self, since: str = "", until: str = "") -> FolderChange:
        return compare_states(Index.open(self.store), since, until)

    def states(self) -> list[str]:
        return [each.state for each in self.store.snapshot().changes]


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


SetClock = Callable[[str], None]


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> SetClock:
    """Set the clock by which snapshots are dated."""
    now = Snapshot.now

    def set_clock(moment: str) -> None:
        monkeypatch.setattr(
            Snapshot, "now", lambda *given, **named: replace(now(*given, **named), written=f"{moment}+00:00")
        )

    return set_clock


def fates(found: FolderChange) -> list[tuple[str, str]]:
    return [(each.fate.value, each.id) for each in found.documents]


def sentences(found: FolderChange, doc_id: str) -> list[tuple[str, str, tuple[str, ...]]]:
    (document,) = (each for each in found.documents if each.id == doc_id)
    return [
        (each.before.text if each.before else "", each.after.text if each.after else "", each.kinds)
        for each in document.sentences
    ]


def test_documents_that_came_went_and_changed_are_told_apart(folder: Folder):
    folder.update(contract=CONTRACT, old="Water is scarce.", same="Nothing changes here.")
    folder.update(contract=LATER, old=None, new="Wind turns the turbines.")
    found = folder.diff()
    assert fates(found) == [("changed", "contract.txt"), ("added", "new.txt"), ("removed", "old.txt")]
    gone = found.documents[2].before
    assert gone
    assert gone.text == "Water is scarce."


def test_numbers_dates_names_and_negations_that_changed_come_first(folder: Folder):
    folder.update(contract=CONTRACT)
    folder.update(contract=LATER)
    assert sentences(folder.diff(), "contract.txt") == [
        ("The contract lasts 24 months.", "The contract lasts 36 months.", ("number",)),
        ("It begins on 1 March 2024.", "It begins on 1 May 2024.", ("date",)),
        ("Boyet signed it for Alstom.", "Boyet signed it for Siemens.", ("name",)),
        ("The supplier may not subcontract.", "The supplier may subcontract.", ("negation",)),
        ("", "Disputes go to court.", ()),
        ("The price is paid in advance.", "The whole price is paid in advance.", ()),
    ]


def test_every_sentence_is_cut_from_its_version_and_its_changed_words_are_marked(folder: Folder):
    folder.update(contract=CONTRACT)
    folder.update(contract=LATER)
    (document,) = folder.diff().documents
    for each in document.sentences:
        for excerpt, version in ((each.before, document.before), (each.after, document.after)):
            if excerpt:
                assert version
                assert version.text[excerpt.span.start : excerpt.span.end] == excerpt.text
    first = document.sentences[0]
    assert first.before
    assert first.after
    assert [first.before.text[slice(*mark)] for mark in first.before.marks] == ["24"]
    assert [first.after.text[slice(*mark)] for mark in first.after.marks] == ["36"]


def test_a_renamed_file_is_neither_removed_nor_added(folder: Folder):
    folder.update(contract=CONTRACT, draft="The draft has four parts. Each has a title. None is finished.")
    (folder.path / "contract.txt").rename(folder.path / "signed.txt")
    folder.update(
        draft=None, final="The draft has five parts. Each has a title. None is finished. They follow."
    )
    found = folder.diff()
    assert fates(found) == [("renamed", "final.txt"), ("renamed", "signed.txt")]
    assert sentences(found, "final.txt")[0][2] == ("number",)
    assert sentences(found, "signed.txt") == []


def test_a_sentence_that_moved_is_counted_and_not_shown(folder: Folder):
    one, two, three = "Alstom builds trains.", "Siemens builds turbines.", "Boyet leads a team."
    folder.update(a=f"{one} {two} {three}")
    folder.update(a=f"{three} {one} {two}")
    (document,) = folder.diff().documents
    assert (document.sentences, document.moved) == ((), 1)


def test_any_two_states_are_compared(folder: Folder):
    for months in (12, 24, 36, 48):
        folder.update(a=f"The contract lasts {months} months.")
    first, second, third = folder.states()
    assert sentences(folder.diff(first, second), "a.txt")[0][:2] == (
        "The contract lasts 24 months.",
        "The contract lasts 36 months.",
    )
    assert "24 months" in sentences(folder.diff(since=first), "a.txt")[0][0]
    assert "48 months" in sentences(folder.diff(since=first), "a.txt")[0][1]
    assert folder.diff(third, third).documents == ()
    with pytest.raises(UserError, match="is before"):
        folder.diff(third, first)
    with pytest.raises(UserError, match="No state 00000000"):
        folder.diff("00000000")
    with pytest.raises(UserError, match="'yesterday' is not a date"):
        folder.diff("yesterday")


def test_a_date_names_the_state_before_the_changes_of_that_day(folder: Folder, at: SetClock):
    at("2026-03-01T12:00:00")
    folder.update(a="The contract lasts 12 months.")
    for day, months in (("02", 24), ("05", 36), ("09", 48)):
        at(f"2026-03-{day}T12:00:00")
        folder.update(36_500, a=f"The contract lasts {months} months.")
    for since, until, before, after in (
        ("2026-03-05", "", "24", "48"),
        ("2026-03-03", "2026-03-08", "24", "36"),
        ("2026", "2026-03", "12", "48"),
        ("2026-03-05T13:00+00:00", "", "36", "48"),
    ):
        ((old, new, _),) = sentences(folder.diff(since, until), "a.txt")
        assert (before in old, after in new) == (True, True)
    assert folder.diff("2026-03-10").documents == ()


def test_no_change_is_missed_when_the_clock_goes_back(folder: Folder, at: SetClock):
    at("2026-03-01T12:00:00")
    folder.update(a="One is here.", b="Two is here.", c="Three is here.")
    for moment, name in (
        ("2026-03-10T12:00:00", "a"),
        ("2026-03-02T12:00:00", "b"),
        ("2026-03-11T00:00:00", "c"),
    ):
        at(moment)
        folder.update(36_500, **{name: "Nothing is here."})
    assert {each.id for each in folder.diff("2026-03-09").documents} == {"a.txt", "b.txt", "c.txt"}
    assert {each.id for each in folder.diff("2026-03-02").documents} == {"a.txt", "b.txt", "c.txt"}


def test_a_file_that_flips_between_two_versions_changed_back(folder: Folder):
    folder.update(a="It lasts 24 months.", b="Two is here.")
    for months in (36, 24, 36, 24):
        folder.update(a=f"It lasts {months} months.")
    first = folder.states()[0]
    assert fates(folder.diff()) == [("changed", "a.txt")]
    folder.update(b="Nothing is here.")
    since_all = folder.diff("2000")
    assert fates(since_all) == [("changed", "b.txt")]
    assert since_all.changed_back == ("a.txt",)
    assert sentences(folder.diff(first), "a.txt")[0][:2] == ("It lasts 36 months.", "It lasts 24 months.")


def test_copies_of_a_file_are_no_change_until_the_last_one_goes(folder: Folder):
    folder.update(a=CONTRACT, b="Water is scarce.")
    folder.update(copy=CONTRACT, b="Water is plenty.")
    assert fates(folder.diff()) == [("changed", "b.txt")]
    folder.update(a=None, b="Water is scarce.")
    assert fates(folder.diff()) == [("changed", "b.txt"), ("renamed", "copy.txt")]
    folder.update(copy=None)
    assert fates(folder.diff()) == [("removed", "copy.txt")]


def test_an_update_of_many_steps_is_one_change(folder: Folder, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(grow, "FIRST_SECONDS", 0.0)
    monkeypatch.setattr(grow, "FIRST_CHARACTERS", 1)
    folder.update(**{f"f{n}": f"Plant {n} has {n} turbines." for n in range(6)})
    assert folder.states() == []
    folder.update(**{f"f{n}": f"Plant {n} has {n + 5} turbines." for n in range(6)}, new="Water is scarce.")
    assert len(folder.states()) == 1
    assert [each.telling for each in folder.diff().documents] == [1] * 6 + [0]


def test_changes_are_kept_for_the_days_that_are_set(folder: Folder, at: SetClock):
    folder.update(a="One is here.")
    at("2020-01-01T12:00:00")
    folder.update(36_500, a="Two is here.")
    assert len(folder.states()) == 1
    (kept,) = folder.store.home.glob("changes-*")
    folder.update(30)
    assert folder.states() == []
    assert not kept.exists()
    with pytest.raises(UserError, match="No earlier state of this index"):
        folder.diff()


def test_nothing_is_kept_if_so_is_set(folder: Folder):
    folder.update(a="One is here.")
    folder.update(a="Two is here.")
    assert list(folder.store.home.glob("changes-*"))
    folder.update(0, a="Three is here.")
    assert not list(folder.store.home.glob("changes-*"))


def test_the_texts_of_former_documents_have_a_limit(folder: Folder, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(change, "MOST_BYTES", 2_000)
    for n in range(8):
        folder.update(a=f"Version {n} is here. " * 10)
    assert 1 < len(folder.states()) < 7
    assert fates(folder.diff()) == [("changed", "a.txt")]


def test_a_former_text_that_was_forged_is_refused(folder: Folder):
    folder.update(a="It lasts 24 months.")
    folder.update(a="It lasts 36 months.")
    (kept,) = folder.store.home.glob("changes-*")
    kept.write_text(kept.read_text().replace("24", "12"))
    with pytest.raises(IndexDamagedError, match="has changed since it was written"):
        folder.diff()


def test_an_index_that_was_opened_before_the_folder_changed_shows_its_own_state(folder: Folder):
    folder.update(a="It lasts 24 months.")
    folder.update(a="It lasts 36 months.")
    opened = Index.open(folder.store)
    folder.update(a="It lasts 48 months.")
    assert "36 months" in sentences(compare_states(opened), "a.txt")[0][1]
    shutil.rmtree(folder.path)


def test_a_copy_of_an_index_knows_the_former_states(folder: Folder, tmp_path: Path):
    folder.update(a="It lasts 24 months.")
    folder.update(a="It lasts 36 months.")
    other = LocalStore(tmp_path / "other", IDENTITY)
    copy_index(folder.store, other)
    assert compare_states(Index.open(other)) == folder.diff()


@pytest.mark.parametrize(
    ("before", "after", "kinds"),
    [
        ("It costs $5 a day.", "It costs €5 a day.", ["number"]),
        ("The trial lasts 24 months.", "The trial lasts 24 weeks.", ["number"]),
        ("It runs until 2024-05-01.", "It runs until 1 May 2024.", []),
        ("Sales were 1,000 units there.", "Sales were 1000 units there.", []),
        ("Nobody is liable for damages.", "Alstom is liable for damages.", ["negation", "name"]),
        ("It is allowed to enter here.", "It isn't allowed to enter here.", ["negation"]),
    ],
)
def test_a_change_is_what_it_means_not_how_it_is_written(
    folder: Folder, before: str, after: str, kinds: Sequence[str]
):
    folder.update(a=before)
    folder.update(a=after)
    assert list(sentences(folder.diff(), "a.txt")[0][2]) == kinds
