"""One frozen configuration, from the environment (``ATTEST_*``) and from ``attest.toml``.

An unknown variable is a warning, because other programs set variables too; an unknown key of the file is an
error.
"""

import logging
import os
import re
from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import platformdirs
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
)
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from qa.concurrency import usable_cores
from qa.errors import UserError

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

log = logging.getLogger(__name__)

FILE = Path("attest.toml")
PREFIX = "ATTEST_"

INDEX = Path("index")
"""The default folder of the index where it exists, as it does in a checkout."""


def _default_index() -> Path:
    """Return the folder of the index that is used unless a setting names another."""
    return INDEX if INDEX.is_dir() else Path(platformdirs.user_data_dir("attest", appauthor=False)) / "index"


_SERVICE = re.compile(
    r"ATTEST_(\w+_)?(SERVICE_HOST|SERVICE_PORT(_\w+)?|PORT_\d+_(TCP|UDP|SCTP)(_(ADDR|PORT|PROTO))?)"
)
"""Variables that Kubernetes sets in every container beside a service called ``attest`` or ``attest-…``
(kubernetes.io, "Service", "Environment variables")."""

_SERVICE_PORT = re.compile(r"ATTEST_(\w+_)?PORT")
_SERVICE_ADDRESS = re.compile(r"(tcp|udp|sctp)://")
"""One more of them, which has the name of a setting: only its value tells them apart."""


def _split(value: object) -> object:
    """Return the parts of ``value``, which the environment gives as one text with commas."""
    return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value


_Origin = Annotated[str, Field(pattern=r"^https?://[\w.\-\[\]:]+$")]
"""A scheme, a host and, where it is not the usual one, a port, as browsers name where a page comes from."""


class CollectionSettings(BaseModel):
    """A set of documents under a name of its own."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    documents: tuple[str, ...] = ()
    """Names of documents and folders; empty for all."""
    since: str = ""
    """The first day, month or year of its documents."""
    until: str = ""
    """The last day, month or year of its documents."""


_MODEL_URL = Field(default="", pattern=r"^(https?://[^\s/]+(/\S*)?)?$")

VERBATIM = "verbatim"
"""The name that programs have for answers of copied sentences alone, after ``attest/``; no model has it."""


def check_model_name(name: str) -> str:
    """Return ``name`` if a model can be called that: it is part of an address and of what programs send.

    Raises:
        UserError: it cannot.
    """
    if not re.fullmatch(r"[A-Za-z0-9][\w.\-]{0,59}", name, re.ASCII) or name == VERBATIM:
        raise UserError(
            f"{name!r} cannot be the name of a model; use up to 60 letters, digits and . _ -, and not "
            f"{VERBATIM}, which is taken"
        )
    return name


class ModelSettings(BaseModel):
    """A language model under a name of its own."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    model: str = Field(min_length=1)
    """As the setting ``model``."""
    model_url: str = _MODEL_URL
    """As the setting ``model_url``."""


class Config(BaseSettings):
    """Every setting. The environment wins over ``attest.toml``, which wins over the defaults."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, toml_file=FILE, frozen=True, extra="forbid")

    corpus: Path = Path("corpus")
    """The folder of documents."""
    index: Path = Field(default_factory=_default_index)
    """The folder of the index; ``milvus`` for an index in Milvus. By default, ``./index`` if that
    folder exists; otherwise ``index`` in the folder that the system keeps for this user's data of Attest."""
    milvus_uri: str = ""
    """The place of Milvus: an address, such as ``http://127.0.0.1:19530``, or a file for Milvus Lite."""
    milvus_token: SecretStr = SecretStr("")
    """``user:password`` or a key, for a Milvus that asks for one."""
    milvus_name: str = Field(default="attest", pattern=r"^[A-Za-z]\w{0,99}$")
    """The name of the index in Milvus, which can hold several."""
    include: tuple[str, ...] = ()
    """Patterns, such as ``reports/*``. Only files whose path matches one are indexed; empty for all."""
    exclude: tuple[str, ...] = ()
    """Patterns. Files whose path matches one of them are not indexed."""
    ocr: str = Field(default="", pattern=r"^[A-Za-z_/+]*$")
    """The languages, in Tesseract's names (``eng+deu``), in which text is recognised on the pages of scanned
    PDFs and in pictures during indexing; ``auto`` finds out the language of each file; empty to leave such
    files out."""
    collections: dict[str, CollectionSettings] = {}
    """Sets of documents that questions can be put to by name."""
    keep_days: int = Field(default=30, ge=0)
    """The days for which the text of documents that were changed or removed is kept, so that ``attest diff``
    shows what changed; 0 to keep none."""
    workers: str = Field(default="", coerce_numbers_to_str=True)
    """The workers that read and embed files during indexing: a number of processes on this machine, or the
    address of a Dask scheduler, such as ``tcp://host:8786``; empty for this process alone."""
    cache: Path = Field(default_factory=lambda: Path(platformdirs.user_cache_dir("attest", appauthor=False)))
    """The folder of the model files, shared by every installation of this user."""
    embedding: str = "default"
    """The embedding model: ``default`` (multilingual-e5-small, a hundred languages), ``minilm``
    (all-MiniLM-L6-v2, small, English), a folder with a sentence-transformers model, or its id on the Hugging
    Face Hub."""
    model: str = "default"
    """The language model: ``default``, ``none``, a path to a GGUF file, ``hf:owner/repo/file.gguf``, or
    ``provider:name`` for LangChain's ``init_chat_model`` (``openai:…``, ``ollama:…``)."""
    model_url: str = _MODEL_URL
    """The address of the server that has a ``provider:name``, such as ``http://127.0.0.1:8080/v1``; empty for
    the provider's own. ``attest models`` finds those on this machine."""
    models: dict[Annotated[str, AfterValidator(check_model_name)], ModelSettings] = {}
    """Further language models, which programs choose as ``attest/NAME``: each a table ``[models.NAME]`` with
    its ``model`` and, where need be, its ``model_url``."""
    check: Literal["supported", "verbatim"] = "supported"
    """The sentences of an answer that are shown: ``supported`` by their quotes, as the check finds, or only
    those that stand ``verbatim`` in a quote."""
    checker: str = ""
    """The model that checks sentences: a folder with a cross-encoder of sentence-transformers, or its id on
    the Hugging Face Hub; empty for the language model."""
    threads: int = Field(default_factory=usable_cores, ge=1)
    """Threads that the local language model computes with; by default, one for each processor core that this
    process may use."""
    host: str = "127.0.0.1"
    """The address that the server listens on."""
    port: int = Field(default=7860, ge=0, le=65_535)
    """The port that the server listens on; 0 for any free one."""
    auth: Path | None = None
    """The file of accounts (``attest password``, ``attest token``); None to let everyone in."""
    cors: Annotated[tuple[_Origin, ...], NoDecode, BeforeValidator(_split)] = ()
    """Origins, such as ``https://wiki.example.org``, whose pages may use the API from a browser; with commas
    between them in the environment."""
    shared: bool = False
    """True: an uploaded document is there for every visitor, and is kept beside the index. False: it is there
    for the visitor who uploaded it. It is kept beside the index if they have an account (``auth``), and goes
    with them otherwise."""
    max_upload: int = Field(default=50, ge=1)
    """The size limit of an uploaded file, in megabytes."""
    max_upload_files: int = Field(default=50, ge=1)
    """The limit of files that can be uploaded at once."""
    max_reader_text: int = Field(default=20, ge=1)
    """The limit of the text of a visitor's documents together, in megabytes."""
    max_all_uploads: int = Field(default=100, ge=1)
    """The limit of the text of all visitors' documents together, in megabytes, but for kept ones."""
    verdicts: Path | None = None
    """The file that readers' verdicts on answers are written to; None not to ask for any."""
    track_days: int = Field(default=365, ge=0)
    """The days for which the history of tracked questions is kept; 0 for ever. The newest answer
    of each stays."""
    track_webhook: str = Field(default="", pattern=r"^(https?://[^\s/]+(/\S*)?)?$")
    """The address that is told of changes to the owner's tracked questions; empty to tell nobody."""
    track_secret: SecretStr = SecretStr("")
    """The key that signs what is sent to ``track_webhook``."""
    track_private: bool = False
    """True if ``track_webhook`` may be on this machine or in a private network."""
    root_path: str = Field(default="", pattern=r"^(/[\w.~-]+)*$")
    """The path at which a proxy shows the server, such as ``/attest``; empty for the root."""
    threshold: float | None = Field(default=None, ge=0, le=1)
    """The P(answerable) below which Attest does not answer; None for the fitted value."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Read arguments, then the environment without what Kubernetes sets, then ``attest.toml``."""
        if isinstance(env_settings, EnvSettingsSource):
            env_settings.env_vars = {
                name: value
                for name, value in env_settings.env_vars.items()
                if not _is_of_kubernetes(name.upper(), value or "")
            }
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)


def index_origin(config: Config, flag: bool) -> str:
    """Return why the index is kept in the folder that ``config`` names, as a phrase.

    ``flag`` says whether the command line named it.
    """
    if flag:
        return "set by --index"
    if in_environment("index"):
        return f"set by {PREFIX}INDEX"
    if "index" in config.model_fields_set:
        return f"set in {FILE}"
    if config.index == INDEX:
        return "the folder ./index exists"
    return "the default, because the folder ./index does not exist"


def in_environment(name: str) -> bool:
    """Return whether a variable sets the setting ``name``, so that ``attest.toml`` does not count."""
    return any(
        each.upper() == f"{PREFIX}{name.upper()}" and not _is_of_kubernetes(each.upper(), value)
        for each, value in os.environ.items()
    )


def load(**overrides: object) -> Config:
    """Read the configuration, with ``overrides`` before all else; those that are None are left out.

    Raises:
        UserError: ``attest.toml`` has an unknown key or cannot be read, or a setting has an invalid value.
    """
    _warn_of_unknown_variables()
    try:
        return Config(**{key: value for key, value in overrides.items() if value is not None})  # type: ignore[arg-type]  # pydantic checks them
    except ValidationError as error:
        raise UserError(_reason(error.errors()[0])) from error
    except ValueError as error:  # attest.toml that is not TOML
        raise unreadable_file(error) from error


def unreadable_file(error: ValueError) -> UserError:
    """Return what to tell a person whose ``attest.toml`` is not TOML, with the line."""
    if isinstance(error, UnicodeDecodeError):
        return UserError(f"{FILE} is not UTF-8 text; save it as UTF-8")
    reason, _, place = str(error).partition(" (at ")
    if line := re.search(r"line (\d+)", f"{place} {reason}"):
        return UserError(
            f"Line {line[1]} of {FILE} cannot be read; write it as name = value, with text in quotes, such "
            'as model = "none", or remove it'
        )
    return UserError(f"{FILE} cannot be read: {reason.lower()}; each line must be name = value")


def _warn_of_unknown_variables() -> None:
    known = [PREFIX + name.upper() for name in Config.model_fields]
    for name, value in sorted(os.environ.items()):
        if name.startswith(PREFIX) and name not in known and not _is_of_kubernetes(name, value):
            log.warning(
                "%s is not a setting of Attest and is ignored; the nearest one is %s",
                name,
                _nearest(name, known),
            )


def _is_of_kubernetes(name: str, value: str) -> bool:
    """Return whether Kubernetes set a variable, so that a container finds the services beside it."""
    if _SERVICE.fullmatch(name):
        return True
    return bool(_SERVICE_PORT.fullmatch(name) and _SERVICE_ADDRESS.match(value))


def _reason(error: "ErrorDetails") -> str:
    name = ".".join(str(part) for part in error["loc"])
    line = _line_in_file(str(error["loc"][0]))
    if error["type"] == "extra_forbidden":
        return (
            f"{line or FILE} has the unknown key {name!r}; the nearest one is "
            f"{_nearest(name, Config.model_fields)!r}"
        )
    where = f"{PREFIX}{name.upper()} or {FILE}" if in_environment(name) or not line else line
    return f"The setting {name!r} ({where}) is not valid: {error['msg'].lower()}"


def _line_in_file(name: str) -> str:
    """Return where the file sets ``name``, such as ``Line 3 of attest.toml``; empty if it does not."""
    if not FILE.is_file():
        return ""
    key = re.compile(rf"\s*\[*\s*[\"']?{re.escape(name)}[\"']?\s*[=\].]", re.IGNORECASE)
    lines = FILE.read_text(encoding="utf-8").splitlines()
    return next((f"Line {n} of {FILE}" for n, line in enumerate(lines, 1) if key.match(line)), "")


def _nearest(name: str, names: Iterable[str]) -> str:
    (nearest,) = get_close_matches(name, list(names), n=1, cutoff=0)
    return nearest
