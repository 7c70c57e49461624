from pathlib import Path

import pytest
from hypothesis import given

from qa.errors import UserError
from qa.ingest import discovery
from qa.ingest.base import LoadResult
from qa.ingest.discovery import load
from qa.ingest.documents import normalise, parse
from tests.support.fakes import TEXTS


def write(folder: Path, files: dict[str, str | bytes]) -> Path:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def ids(loaded: LoadResult) -> list[str]:
    return [document.id for document in loaded.documents]


@given(TEXTS)
def test_normalising_twice_changes_nothing(text: str):
    assert normalise(normalise(text)) == normalise(text)


@given(TEXTS)
def test_normalised_text_holds_no_control_character_but_tab_and_line_feed(text: str):
    controls = {chr(code) for code in [*range(32), *range(0x7F, 0xA0)]} - set("\t\n")
    assert not controls & set(normalise(text))


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("one\r\ntwo\rthree", "one\ntwo\nthree"),
        ("cafe\u0301", "café"),
        ("e\x00\u0301", "é"),
        ("  margin \n", "margin"),
        ("\ufeffmark", "mark"),
        ("bell\x07, escape\x1b[31m", "bell, escape[31m"),
        ("“curly” – kept", "“curly” – kept"),
    ],
)
def test_text_is_brought_to_one_form(raw: str, text: str):
    assert normalise(raw) == text


def test_a_page_break_keeps_words_apart():
    assert normalise("the last word\fThe next page").split() == "the last word The next page".split()


def test_front_matter_becomes_what_is_known_of_a_document():
    document = parse(
        b"---\ntitle: The report\npublisher: Trend\nplace: Baku\ndate: 2025-01-22\n---\nBody.", "a.md"
    )
    assert (document.title, document.publisher, document.place, document.date, document.text) == (
        "The report",
        "Trend",
        "Baku",
        "2025-01-22",
        "Body.",
    )


@pytest.mark.parametrize(
    ("doc_id", "data", "title"),
    [
        ("a.md", b"---\ntitle: Given\n---\n# Heading\ntext", "Given"),
        ("a.md", b"---\npublisher: P\n---\n# Heading #\ntext", "Heading"),
        ("folder/notes.md", b"## Second level\ntext", "notes"),
        ("plain.txt", b"# not a heading", "plain"),
        ("a.md", b"---\ntitle: 2025\n---\ntext", "2025"),
        ("a.md", b"---\ntitle: no\n---\ntext", "no"),
        ("a.md", b"# ###\ntext", "a"),
    ],
)
def test_a_title_is_found(doc_id: str, data: bytes, title: str):
    assert parse(data, doc_id).title == title


@pytest.mark.parametrize("date", ["22.01.2025", "soon", "[2025]", "2025-13", "0000", "25", "2025-1"])
def test_a_date_that_is_none_is_left_out(date: str):
    assert parse(f"---\ndate: {date}\n---\ntext".encode(), "a.md").date is None


@pytest.mark.parametrize("date", ["2025-01-22", "'2025-01-22'", "2025-01-22T10:00:00Z"])
def test_a_date_is_kept_as_a_calendar_day(date: str):
    assert parse(f"---\ndate: {date}\n---\ntext".encode(), "a.md").date == "2025-01-22"


@pytest.mark.parametrize("date", ["2025", "2025-01"])
def test_a_date_is_as_exact_as_the_file_says(date: str):
    assert parse(f"---\ndate: {date}\n---\ntext".encode(), "a.md").date == date


def test_a_heading_with_a_gap_takes_no_time_to_find():
    assert parse(b"# a" + b" " * 100_000 + b"b ##", "a.md").title == "a b"


def test_a_field_that_is_no_text_is_left_out():
    document = parse(
        b"---\ntitle: [a, b]\npublisher: {a: b}\nplace: ~\ndate: [2025-01-22]\n---\ntext", "a.md"
    )
    assert (document.title, document.publisher, document.place, document.date) == ("a", None, None, None)


def _laughing(first: str, line: str) -> str:
    """Front matter in which every line names the one before it nine times: 9 to the 25th in the end."""
    lines = [f"k0: &k0 {first}"]
    for i in range(25):
        names = ", ".join([f"*k{i}"] * 9)
        lines.append(f"k{i + 1}: &k{i + 1} " + line.replace("NAMES", names))
    return "\n".join(lines)


@pytest.mark.parametrize(
    "front",
    [_laughing("[ha]", "[NAMES]") + "\ntitle: *k25\ndate: *k25", _laughing("{a: b}", "{<<: [NAMES]}")],
    ids=["lists", "merged keys"],
)
def test_front_matter_that_multiplies_itself_is_harmless(front: str):
    assert parse(f"---\n{front}\n---\ntext".encode(), "a.md").title == "a"


def test_front_matter_nested_without_end_is_refused():
    with pytest.raises(UserError, match="front matter"):
        parse(b"---\ntitle: " + b"[" * 5_000 + b"\n---\ntext", "a.md")


def test_text_between_horizontal_rules_is_not_lost():
    assert "The price is 5 euros." in parse(b"---\n\nThe price is 5 euros.\n\n---\n\nMore.", "a.md").text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_unicode_is_read(encoding: str):
    assert parse("Grüße".encode(encoding), "a.txt").text == "Grüße"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"%PDF\x00\x01", "binary"),
        (b"", "no text"),
        (b" \n\x07\n", "no text"),
        (b"---\ntitle: T\n---\n", "no text"),
        (b"---\ntitle: [\n---\ntext", "front matter"),
        (b"\xff\xfea", "not valid UTF-16"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(data: bytes, reason: str):
    with pytest.raises(UserError, match=reason):
        parse(data, "a.md")


def test_one_bad_file_does_not_stop_the_others(tmp_path: Path):
    loaded = load([write(tmp_path, {"good.txt": "Text.", "bad.txt": b"\x00", "later.md": "More."})])
    assert ids(loaded) == ["good.txt", "later.md"]
    assert [failure.path for failure in loaded.failures] == ["bad.txt"]


def test_an_impossible_date_does_not_stop_the_others(tmp_path: Path):
    loaded = load([write(tmp_path, {"a.md": "---\ndate: 2025-13-45\n---\ntext", "b.txt": "Text."})])
    assert "b.txt" in ids(loaded)


def test_folders_are_read_in_a_stable_order_by_relative_path(tmp_path: Path):
    write(tmp_path, {"b.txt": "B", "sub/a.md": "A", "a.TXT": "C"})
    assert ids(load([tmp_path])) == ["a.TXT", "b.txt", "sub/a.md"]


@pytest.mark.parametrize("name", [".hidden.txt", ".git/a.txt", ".DS_Store", "sub/.photo.png"])
def test_what_is_no_document_is_passed_over(tmp_path: Path, name: str):
    loaded = load([write(tmp_path, {"a.txt": "Text.", name: "x"})])
    assert ids(loaded) == ["a.txt"]
    assert not loaded.failures


def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path):
    outside = write(tmp_path / "outside", {"secret.txt": "Secret."})
    folder = write(tmp_path / "corpus", {"a.txt": "Text."})
    (folder / "link.txt").symlink_to(outside / "secret.txt")
    (folder / "folder").symlink_to(outside)
    assert ids(load([folder])) == ["a.txt"]


def test_files_given_by_name_are_read_once_whatever_their_suffix(tmp_path: Path):
    write(tmp_path, {"notes": "Text.", "a.txt": "A."})
    assert ids(load([tmp_path, tmp_path / "notes", tmp_path / "a.txt"])) == ["a.txt", "notes"]


def test_files_of_the_same_name_stay_apart(tmp_path: Path):
    write(tmp_path, {"one/a.txt": "First.", "two/a.txt": "Second."})
    assert ids(load([tmp_path / "one", tmp_path / "two"])) == ["one/a.txt", "two/a.txt"]


def test_a_missing_path_is_named(tmp_path: Path):
    with pytest.raises(UserError, match="nowhere"):
        load([tmp_path, tmp_path / "nowhere"])


def test_what_word_puts_beside_an_open_document_is_passed_over(tmp_path: Path):
    found = load([write(tmp_path, {"~$report.docx": b"\x05Ada", "sub/~$a.txt": b"no", "a.txt": b"Text."})])
    assert (ids(found), found.failures) == (["a.txt"], ())


def test_folders_on_different_drives_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def refuse(paths: list[Path]) -> str:
        raise ValueError("Paths don't have the same drive")

    monkeypatch.setattr(discovery, "commonpath", refuse)
    with pytest.raises(UserError, match="different drives"):
        load([write(tmp_path, {"a.txt": b"Text."})])
