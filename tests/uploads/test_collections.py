"""A reader's own collections, in a file."""

from pathlib import Path
from threading import Thread

import pytest

from qa.errors import UserError
from qa.uploads import collections
from qa.uploads.collections import CollectionFile


@pytest.fixture
def saved(tmp_path: Path) -> CollectionFile:
    return CollectionFile(tmp_path / "reader" / "collections.json")


def test_a_collection_is_saved_renamed_and_removed(saved: CollectionFile, tmp_path: Path):
    assert saved.read() == {}
    assert saved.save("  Rail   and road ", ("rail.md", "road/")) == "Rail and road"
    again = CollectionFile(tmp_path / "reader" / "collections.json")  # another server
    assert again.read() == {"Rail and road": ("rail.md", "road/")}
    again.rename("Rail and road", "Traffic")
    assert saved.read() == {"Traffic": ("rail.md", "road/")}
    saved.rename("Traffic", "traffic")
    saved.remove("traffic")
    assert again.read() == {}


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("rail", "There is a collection called rail already; choose another name"),
        (" ", "A collection needs a name"),
        ("x" * 61, "This name has 61 characters; choose one with at most 60"),
        ("road/", "This cannot be the name of a collection"),
        ("a\u202eb", "This cannot be the name of a collection"),
    ],
)
def test_a_name_that_cannot_be_is_told(saved: CollectionFile, name: str, told: str):
    saved.save("Rail", ("rail.md",))
    saved.save("Other", ("other.md",))
    with pytest.raises(UserError, match=told):
        saved.save(name, ("road.md",))
    with pytest.raises(UserError, match=told):
        saved.rename("Other", name)
    assert saved.read() == {"Other": ("other.md",), "Rail": ("rail.md",)}


def test_what_is_empty_too_much_or_gone_is_told(saved: CollectionFile, monkeypatch: pytest.MonkeyPatch):
    with pytest.raises(UserError, match="Nothing is selected"):
        saved.save("Rail", ())
    monkeypatch.setattr(collections, "MOST_NAMES", 2)
    with pytest.raises(UserError, match="at most 2 documents"):
        saved.save("Rail", ("a", "b", "c"))
    monkeypatch.setattr(collections, "MOST", 1)
    saved.save("Rail", ("a",))
    with pytest.raises(UserError, match="cannot have more; remove one first"):
        saved.save("Road", ("b",))
    for change in (lambda: saved.remove("Road"), lambda: saved.rename("Road", "Air")):
        with pytest.raises(UserError, match="no longer have a collection called Road"):
            change()


def test_two_servers_that_save_at_the_same_moment_lose_nothing(saved: CollectionFile, tmp_path: Path):
    path = tmp_path / "reader" / "collections.json"
    saving = [Thread(target=CollectionFile(path).save, args=(f"c{n}", ("a",))) for n in range(8)]
    for each in saving:
        each.start()
    for each in saving:
        each.join()
    assert sorted(saved.read()) == [f"c{n}" for n in range(8)]


def test_a_file_that_cannot_be_read_or_written_is_told(saved: CollectionFile, tmp_path: Path):
    (tmp_path / "reader").write_text("a file where the folder should be")
    assert saved.read() == {}
    with pytest.raises(UserError, match="Your collections cannot be saved"):
        saved.save("Rail", ("rail.md",))
