"""The real pipeline, opened once a session, and an environment that no setting of the user's reaches."""

import os
from collections.abc import Iterator

import pytest
from browser import Tab, chromium, opened, served
from fakes import CORPUS
from hypothesis import settings as hypothesis_settings
from playwright.sync_api import Browser

from qa import assemble, files
from qa.assemble import Parts
from qa.config import PREFIX, Config
from qa.embedding import SentenceEmbeddings
from qa.index import Index
from qa.pipeline import Pipeline
from qa.schema import Document

for _name in [name for name in os.environ if name.startswith(PREFIX) and name != f"{PREFIX}CACHE"]:
    del os.environ[_name]

# The same examples on every run, however slow the machine.
hypothesis_settings.register_profile("attest", deadline=None, derandomize=True, database=None)
hypothesis_settings.load_profile("attest")


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Config:
    """The default settings, with an index of the tests' own."""
    return Config(corpus=CORPUS, index=tmp_path_factory.mktemp("attest") / "index")


@pytest.fixture(scope="session")
def documents() -> dict[str, Document]:
    """The documents of ``corpus/`` by id."""
    return {each.id: each for each in files.load([CORPUS]).documents}


@pytest.fixture(scope="session")
def encoder(settings: Config) -> SentenceEmbeddings:
    """The real embedding model."""
    return assemble.load_encoder(settings)


@pytest.fixture(scope="session")
def index(settings: Config, encoder: SentenceEmbeddings) -> Index:
    """The real index of ``corpus/``, built once."""
    assemble.index_corpus(settings, [settings.corpus])
    return Index.open(settings.index, encoder, assemble.embedding_identity())


@pytest.fixture(scope="session")
def parts(settings: Config, index: Index) -> Parts:
    """What the default server shares, over ``index``."""
    return assemble.open_parts(settings)


@pytest.fixture(scope="session")
def pipeline(parts: Parts) -> Pipeline:
    """The real default pipeline over ``index``."""
    return parts.pipeline


@pytest.fixture(scope="session")
def quick_parts(settings: Config, index: Index) -> Parts:
    """The same documents without a language model, and whatever is found is an answer."""
    return assemble.open_parts(settings.model_copy(update={"model": "none", "threshold": 0.0}))


@pytest.fixture(scope="session")
def quick_pipeline(quick_parts: Parts) -> Pipeline:
    """The flow of ``quick_parts``."""
    return quick_parts.pipeline


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium; a module's own, because Playwright's event loop lasts as long."""
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def quick_chat(quick_parts: Parts) -> Iterator[str]:
    """The address of the chat over ``quick_parts``."""
    with served(quick_parts) as address:
        yield address


@pytest.fixture
def tab(browser: Browser, quick_chat: str) -> Iterator[Tab]:
    """That chat in a tab in which nothing goes wrong."""
    with opened(browser, quick_chat) as each:
        yield each
        assert each.troubles == []
