"""One frozen configuration, from ``ATTEST_*`` and ``attest.toml``. Unknown keys are errors."""

import os
from pathlib import Path

import platformdirs
from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from qa.errors import UserError

FILE = Path("attest.toml")
PREFIX = "ATTEST_"

INDEX = Path("index")
"""The default folder of the index where it exists, as it does in a checkout."""


def _default_index() -> Path:
    """Return the folder of the index that is used unless a setting names another."""
    return INDEX if INDEX.is_dir() else Path(platformdirs.user_data_dir("attest", appauthor=False)) / "index"


class Config(BaseSettings):
    """Every setting there is. The environment wins over ``attest.toml``, which wins over the defaults."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, toml_file=FILE, frozen=True, extra="forbid")

    corpus: Path = Path("corpus")
    """The folder of documents."""
    index: Path = Field(default_factory=_default_index)
    """The folder of the index; ``milvus`` for an index in Milvus. By default, ``./index`` if that
    folder exists; otherwise ``index`` in the folder that the system keeps for this user's data of Attest."""
    milvus_uri: str = ""
    """Where Milvus is: an address, such as ``http://127.0.0.1:19530``, or a file for Milvus Lite."""
    milvus_token: SecretStr = SecretStr("")
    """``user:password`` or a key, where it asks for one."""
    milvus_name: str = Field(default="attest", pattern=r"^[A-Za-z]\w{0,99}$")
    """Of the index in Milvus: one Milvus may have several."""
    include: tuple[str, ...] = ()
    """Patterns, such as ``reports/*``, of which a file's path must match one to be indexed; none for all."""
    exclude: tuple[str, ...] = ()
    """Patterns of the paths of files that are not indexed."""
    ocr: str = Field(default="", pattern=r"^[A-Za-z_/+]*$")
    """The languages, in Tesseract's names (``eng+deu``), in which PDFs of pictures are recognised when they
    are indexed; empty for not at all."""
    workers: str = Field(default="", coerce_numbers_to_str=True)
    """Who reads and embeds when something is indexed: a number of processes on this machine, or the address
    of a Dask scheduler, such as ``tcp://host:8786``; empty for this process alone."""
    cache: Path = Field(default_factory=lambda: Path(platformdirs.user_cache_dir("attest", appauthor=False)))
    """Where model files are kept, shared by every checkout of this user."""
    model: str = "default"
    """The language model: ``default``, ``none``, a path to a GGUF file, ``hf:owner/repo/file.gguf``, or
    ``provider:name`` for LangChain's ``init_chat_model`` (``openai:…``, ``ollama:…``)."""
    threads: int = Field(default_factory=lambda: len(os.sched_getaffinity(0)), ge=1)
    """Threads the local language model computes with."""
    host: str = "127.0.0.1"
    """The address the chat binds to."""
    port: int = Field(default=7860, ge=0, le=65_535)
    """The port the chat binds to; 0 takes any free one."""
    auth: Path | None = None
    """The file of accounts (``attest password``, ``attest token``); None lets everybody in."""
    shared: bool = False
    """Whether what a visitor uploads is for every visitor and stays, beside the index, or is for that one
    alone while they are there."""
    max_upload: int = Field(default=5, ge=1)
    """The largest file that may be uploaded, in megabytes; all of a visitor's together, four times that."""
    max_all_uploads: int = Field(default=100, ge=1)
    """What all visitors' uploads may have together, in megabytes."""
    verdicts: Path | None = None
    """The file in which readers' verdicts on answers are kept; None asks for none."""
    root_path: str = Field(default="", pattern=r"^(/[\w.~-]+)*$")
    """The path under which a proxy shows the server, such as ``/attest``; empty at the root."""
    threshold: float | None = Field(default=None, ge=0, le=1)
    """P(answerable) below which Attest abstains; None takes the fitted one."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments, then the environment, then ``attest.toml``."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)


def index_origin(config: Config, flag: bool) -> str:
    """Return why the index is kept in the folder that ``config`` names, as a phrase.

    ``flag`` says whether the command line named it.
    """
    if flag:
        return "set by --index"
    if any(name.upper() == f"{PREFIX}INDEX" for name in os.environ):
        return f"set by {PREFIX}INDEX"
    if "index" in config.model_fields_set:
        return f"set in {FILE}"
    if config.index == INDEX:
        return "the folder ./index exists"
    return "the default, because the folder ./index does not exist"


def load(**overrides: object) -> Config:
    """Read the configuration; ``overrides`` that are None are left out.

    Raises:
        UserError: a setting is unknown or not of its type; the message names it.
    """
    known = {PREFIX + name.upper() for name in Config.model_fields}
    for name in sorted(os.environ):
        if name.startswith(PREFIX) and name not in known:
            raise UserError(f"{name} is no setting of Attest; there are: {', '.join(sorted(known))}")
    try:
        return Config(**{key: value for key, value in overrides.items() if value is not None})  # type: ignore[arg-type]
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"])
        raise UserError(
            f"The setting {name!r} ({PREFIX}{name.upper()} or {FILE}): {first['msg'].lower()}"
        ) from error
    except ValueError as error:  # attest.toml that is not TOML
        raise UserError(f"{FILE} cannot be read: {error}") from error
