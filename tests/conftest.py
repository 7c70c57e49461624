"""The real pipeline, opened once a session, and an environment that no setting of the user's reaches."""

import atexit
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings as hypothesis_settings
from playwright.sync_api import Browser

from qa import assemble, storage
from qa.cli import parser
from qa.config import PREFIX, Config
from qa.embedding.encoder import TextEncoder
from qa.index import follower
from qa.index.index import Index
from qa.index.stores.local import LocalStore
from qa.ingest import discovery
from qa.pipeline import Pipeline
from qa.runtime import StaticRuntime
from qa.schema import Document
from qa.tracking import tracker
from tests.support.browser import Tab, chromium, opened, served
from tests.support.cli import CommandResult, Run
from tests.support.fakes import CORPUS, FakeEncoder

for _name in [name for name in os.environ if name.startswith(PREFIX) and name != f"{PREFIX}CACHE"]:
    del os.environ[_name]

# Where an index is kept unless a setting says otherwise: not where the user has theirs.
os.environ["XDG_DATA_HOME"] = tempfile.mkdtemp(prefix="attest-tests-")
atexit.register(shutil.rmtree, os.environ["XDG_DATA_HOME"], ignore_errors=True)

# The same examples on every run, however slow the machine.
hypothesis_settings.register_profile("attest", deadline=None, derandomize=True, database=None)
hypothesis_settings.load_profile("attest")


_LONG = (
    *("test_accessibility", "test_bench", "test_citations", "test_conversations", "test_crashes"),
    *("test_dask_workers", "test_documents", "test_fuzz", "test_milvus", "test_server"),
)
"""The files of tests that take longest, most by waiting."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the longest files, so that at the end no process works while the others are done."""
    items.sort(key=lambda item: item.path.stem not in _LONG)


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Config:
    """The default settings, with an index of the tests' own."""
    return Config(corpus=CORPUS, index=tmp_path_factory.mktemp("attest") / "index")


@pytest.fixture(scope="session")
def documents() -> dict[str, Document]:
    """The documents of ``corpus/`` by id."""
    return {each.id: each for each in discovery.load([CORPUS]).documents}


@pytest.fixture(scope="session")
def encoder(settings: Config) -> TextEncoder:
    """The real embedding model."""
    return assemble.load_encoder(settings)


@pytest.fixture(scope="session")
def index(settings: Config, encoder: TextEncoder) -> Index:
    """The real index of ``corpus/``, built once."""
    assemble.index_corpus(settings, [settings.corpus])
    return Index.open(LocalStore(settings.index, storage.embedding_identity(settings)))


@pytest.fixture(scope="session")
def parts(settings: Config, index: Index) -> StaticRuntime:
    """What the default server shares, over ``index``."""
    return assemble.open_runtime(settings)


@pytest.fixture(scope="session")
def pipeline(parts: StaticRuntime) -> Pipeline:
    """The real default pipeline over ``index``."""
    return parts.pipeline


@pytest.fixture(scope="session")
def quick_parts(settings: Config, index: Index) -> StaticRuntime:
    """The same documents without a language model, and whatever is found is an answer."""
    return assemble.open_runtime(settings.model_copy(update={"model": "none", "threshold": 0.0}))


@pytest.fixture(scope="session")
def quick_pipeline(quick_parts: StaticRuntime) -> Pipeline:
    """The flow of ``quick_parts``."""
    return quick_parts.pipeline


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium; a module's own, because Playwright's event loop lasts as long."""
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def quick_chat(quick_parts: StaticRuntime) -> Iterator[str]:
    """The address of the chat over ``quick_parts``."""
    with served(quick_parts) as address:
        yield address


@pytest.fixture
def tab(browser: Browser, quick_chat: str) -> Iterator[Tab]:
    """That chat in a tab in which nothing goes wrong."""
    with opened(browser, quick_chat) as each:
        yield each
        assert each.troubles == []


@pytest.fixture
def quick_servers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Servers that look at once at what has changed and which questions are due."""
    monkeypatch.setattr(follower, "LOOK_SECONDS", 0.1)
    monkeypatch.setattr(tracker, "LOOK_SECONDS", 0.1)


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "turbines.md").write_text(
        "---\ntitle: Turbines\ndate: 2023-10-23\n---\nSiemens installs four gas turbines. They have 54 MW."
    )
    (folder / "rail.txt").write_text("Alstom builds electric locomotives.\n\nBoyet leads it.")
    return folder


@pytest.fixture
def attest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command in an empty folder without a language model and with a quick encoder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ATTEST_MODEL", "none")
    monkeypatch.setenv("ATTEST_THRESHOLD", "0")
    monkeypatch.setenv("ATTEST_INDEX", "index")
    monkeypatch.setattr(assemble, "load_encoder", lambda *_: FakeEncoder())

    def run(*argv: str) -> CommandResult:
        capsys.readouterr()
        try:
            status = parser.main(argv)
        except SystemExit as stop:
            status = stop.code if isinstance(stop.code, int) else 0
        captured = capsys.readouterr()
        assert "Traceback" not in captured.err
        return CommandResult(status, captured.out, captured.err)

    return run


@pytest.fixture
def indexed(attest: Run, corpus: Path) -> Run:
    """The same, in a folder with an index of ``corpus``."""
    assert attest("index", str(corpus)).status == 0
    return attest
