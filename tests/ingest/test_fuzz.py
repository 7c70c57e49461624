"""Nothing that a file holds, or that its reader returns or raises, stops an index: each file is a document,
or a line that says why not.
"""

import json
import random
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from html import escape
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.errors import UserError
from qa.index.index import Index
from qa.index.stores.local import LocalStore
from qa.index.update.update import UpdateResult, update_index
from qa.ingest import documents
from qa.ingest.discovery import survey
from qa.ingest.documents import normalise, parse
from qa.ingest.readers import READERS, FileContent, Piece
from qa.ingest.readers.sandbox import reuse_processes
from qa.schema import Document
from tests.ingest.test_hostile_files import GOOD, changed, flipped
from tests.support.fakes import IDENTITY, TEXTS, FakeEncoder
from tests.support.sample_files import TURBINES

EXAMPLES = 60
"""Files of each kind. Each is read in a process of its own kind; a thousand take a minute."""

HALVES = st.sampled_from(
    ["\ud83d", "\ude00", "\udfff", "\ud83d\ude00", "\ude00\ud83d", "\ufffe", "\U0010ffff"]
)
"""Halves of characters, joined and in the wrong order, and what is no character."""

STRANGE = st.lists(st.one_of(TEXTS, HALVES, st.text(st.characters()))).map("".join)
"""Any text that Python can hold, valid Unicode or not."""


def rtf(text: str) -> bytes:
    """Rich text in which every character is written as its numbers in UTF-16."""
    units = memoryview(text.encode("utf-16-le", "surrogatepass")).cast("h")
    return b"{\\rtf1 " + b"".join(b"\\u%d?" % unit for unit in units) + b"}"


WRITTEN: Mapping[str, Callable[[str], bytes]] = {
    "a.txt": lambda text: text.encode("utf-8", "surrogatepass"),
    "a.md": lambda text: f"---\ntitle: {json.dumps(text)}\n---\n# {text}\n{text}".encode("utf-16", "replace"),
    "a.csv": lambda text: f"Item,{text}\nFuel,{text}\n".encode("utf-8", "replace"),
    "a.json": lambda text: json.dumps({text: text, "list": [{text: text}]}).encode(),
    "a.jsonl": lambda text: json.dumps({"text": f"x {text}"}).encode(),
    "a.html": lambda text: f"<title>{escape(text)}</title><h1>{escape(text)}</h1>x {text}".encode(
        "utf-8", "surrogatepass"
    ),
    "a.eml": lambda text: b"Subject: " + f"{text}\n\nx {text}".encode("utf-8", "surrogatepass"),
    "a.rtf": rtf,
    "a.docx": lambda text: replaced("good.docx", "word/document.xml", text),
    "a.odt": lambda text: replaced("good.odt", "content.xml", text),
    "a.epub": lambda text: replaced("good.epub", "OEBPS/one.xhtml", text),
}
"""Files whose text is a given one."""


def replaced(name: str, member: str, text: str) -> bytes:
    """A good archive in which a ``member`` has ``text`` in place of its own."""
    characters = "".join(f"&#{ord(char)};" for char in text)
    return changed(GOOD[name](), member, f"<?xml version='1.0'?><x>{TURBINES} {characters}</x>")


@pytest.fixture(scope="module", autouse=True)
def _readers() -> Iterator[None]:
    with reuse_processes():
        yield


def check(data: bytes, name: str) -> None:
    """Check that a file is read as text that can be written anywhere, or refused with a reason."""
    try:
        document = parse(data, name)
    except UserError as error:
        reason = str(error)
    else:
        check_document(document)
        return
    assert reason.strip()
    assert "please report it" not in reason


def check_document(document: Document) -> None:
    for text in (document.text, document.title, *(place.label for place in document.places)):
        text.encode()
    assert document.text == normalise(document.text)


@given(STRANGE)
def test_normalised_text_is_valid_unicode(text: str):
    assert normalise(text).encode().decode() == normalise(text)
    assert normalise(normalise(text)) == normalise(text)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Tea \ud83d is hot", "Tea \ufffd is hot"),
        ("a \ude00\ud83d b", "a \ufffd\ufffd b"),
        ("\ud83d\ude00", "😀"),
    ],
)
def test_half_of_a_character_is_replaced_and_two_halves_are_joined(text: str, kept: str):
    assert normalise(text) == kept


@pytest.mark.parametrize("ending", sorted(READERS))
@settings(max_examples=EXAMPLES)
@given(data=st.binary(max_size=2_000))
def test_any_bytes_are_read_or_refused(ending: str, data: bytes):
    check(data, f"a{ending}")


@pytest.mark.parametrize("name", sorted(GOOD))
@settings(max_examples=EXAMPLES)
@given(seed=st.integers(0, 2**32), bits=st.integers(1, 200), cut=st.floats(0.2, 1))
def test_any_damage_to_a_file_is_read_or_refused(name: str, seed: int, bits: int, cut: float):
    data = GOOD[name]()
    check(flipped(data, bits, random.Random(seed))[: int(len(data) * cut)], name)


@pytest.mark.parametrize("name", sorted(WRITTEN))
@settings(max_examples=EXAMPLES)
@given(text=STRANGE)
def test_any_text_in_a_file_is_read_or_refused(name: str, text: str):
    check(WRITTEN[name](text), name)


@settings(max_examples=EXAMPLES // 3)
@given(st.data())
def test_a_folder_of_such_files_is_indexed(data: st.DataObject):
    files = {
        f"bytes{i}{ending}": data.draw(st.binary(max_size=500)) for i, ending in enumerate(sorted(READERS))
    }
    files |= {f"text-{name}": write(data.draw(STRANGE)) for name, write in WRITTEN.items()}
    seed = data.draw(st.integers(0, 2**32))
    files |= {name: flipped(make(), 40, random.Random(seed)) for name, make in GOOD.items()}
    with indexed(files) as (result, index):
        assert index.documents["sound.txt"].text == TURBINES
        # Of files with the same bytes one is indexed.
        named = {*index.documents, *(each.path for each in result.failures)}
        assert {name if name in files else name.partition("/")[0] for name in named} <= {*files, "sound.txt"}
        assert index.faults() == []


def test_a_line_of_json_with_half_a_character_does_not_end_the_run():
    with indexed({"half.jsonl": rb'{"text": "Tea is hot \ud83d"}', "more.txt": b"Text."}) as (result, index):
        assert (result.added, result.failures) == (3, ())
        assert index.documents["half.jsonl"].text == "text: Tea is hot \ufffd"


@settings(max_examples=EXAMPLES)
@given(
    pieces=st.lists(st.builds(Piece, STRANGE, STRANGE), max_size=5),
    known=st.dictionaries(
        st.sampled_from(["title", "heading", "author", "publisher", "place", "date", "date_source"]),
        st.one_of(STRANGE, st.none(), st.integers(), st.lists(STRANGE), st.dates().map(str)),
    ),
)
def test_nothing_that_a_reader_returns_stops_an_index(pieces: list[Piece], known: dict[str, object]):
    def read(data: bytes, name: str) -> FileContent:
        return FileContent((Piece("", data.decode()),) if name == "sound.txt" else tuple(pieces), known)

    with (
        patch.object(documents.readers, "read", read),
        indexed({"a.txt": b"x", "b.md": b"y"}) as (result, index),
    ):
        assert "sound.txt" in index.documents
        assert {*index.documents, *(each.path for each in result.failures)} == {"sound.txt", "a.txt", "b.md"}


@pytest.mark.parametrize(
    "error",
    [
        ValueError("x\ud83d"),
        KeyError(1),
        RecursionError(),
        MemoryError(),
        OSError("disk"),
        AssertionError(),
        UserError("is\nbad \ud83d"),
    ],
    ids=lambda error: type(error).__name__,
)
@pytest.mark.parametrize("place", ["readers.read", "detect_language", "split", "count_spellings"])
def test_nothing_that_is_raised_for_a_file_stops_an_index(place: str, error: Exception):
    really = documents.readers.read if place == "readers.read" else getattr(documents, place)

    def fail(*given: object) -> object:
        if "a.txt" in str(given) or "bad words" in str(given):
            raise error
        return really(*given)

    with patch(f"qa.ingest.documents.{place}", fail), indexed({"a.txt": b"bad words"}) as (result, index):
        assert list(index.documents) == ["sound.txt"]
        (failure,) = result.failures
        assert failure.path == "a.txt"
        assert failure.reason.strip()
        assert "\n" not in failure.reason


@contextmanager
def indexed(files: Mapping[str, bytes]) -> Iterator[tuple[UpdateResult, Index]]:
    """Index a folder of ``files`` and a sound one."""
    with TemporaryDirectory() as folder:
        corpus = Path(folder, "corpus")
        corpus.mkdir()
        for name, data in {**files, "sound.txt": TURBINES.encode()}.items():
            (corpus / name).write_bytes(data)
        store = LocalStore(Path(folder, "index"), IDENTITY)
        result = update_index(store, survey([corpus]), FakeEncoder())
        yield result, Index.open(store)
