"""The settings of a running server: what ``attest.toml`` says, what is in use, and how both change."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from threading import Lock

from langchain_core.language_models import BaseChatModel
from pydantic import ValidationError

from qa import assemble, config
from qa.config import Config, ModelSettings, check_model_name
from qa.errors import AttestError, UserError
from qa.llm.load import create_model, is_name
from qa.llm.local_servers import find_model
from qa.llm.trial import try_model
from qa.runtime import LiveRuntime, Runtime
from qa.settings_file import write_settings
from qa.web.settings.fields import FIELDS, Field


class WrongValuesError(Exception):
    """Values that cannot be settings, with a sentence for each, by the setting's name."""

    def __init__(self, reasons: Mapping[str, str]) -> None:
        super().__init__(*reasons.values())
        self.reasons = reasons


@dataclass(frozen=True, slots=True)
class SaveResult:
    """The result of saving, for a person."""

    file: str
    changed: tuple[Field, ...]

    @property
    def sentence(self) -> str:
        """The file of the settings, and from when on they count, as a sentence."""
        if not self.changed:
            return "Nothing was changed"
        parts = [f"Saved in {self.file}"]
        for when in dict.fromkeys(each.when for each in self.changed):
            names = ", ".join(each.label.lower() for each in self.changed if each.when == when)
            parts.append(f"in use {when}: {names}")
        return "; ".join(parts)


class Settings:
    """The settings of the server over a runtime."""

    def __init__(self, runtime: Runtime, running: Config) -> None:
        """Begin with the configuration that the server was started with."""
        self.runtime = runtime
        self.running = running
        """The configuration that is in use."""
        self._message = ""
        self._saving = Lock()

    def take_message(self) -> str:
        """Return what the last save did, in a sentence; empty once that has been told."""
        message, self._message = self._message, ""
        return message

    def read(self) -> Config:
        """Return what the environment and ``attest.toml`` say now.

        Raises:
            UserError: the file cannot be read, or a value in it is not valid.
        """
        return config.load()

    def save(self, values: Mapping[str, str]) -> None:
        """Put ``values`` in use where that can be done at once, and into ``attest.toml``; empty ones are the
        defaults. What a variable of the environment sets stays as it is.

        Raises:
            WrongValuesError: a value is not valid, or its model cannot be used. Nothing is changed.
            UserError: the file cannot be read or written.
        """
        with self._saving:
            before = self.read()
            offered = [each for each in FIELDS if each.name in values]
            fields = [each for each in offered if not config.in_environment(each.name)]
            chosen = _validated({each.name: values[each.name].strip() for each in fields})
            changed = tuple(each for each in fields if chosen[each.name] != getattr(before, each.name))
            now = [each for each in changed if each.when == "at once"]
            update = {each.name: chosen[each.name] for each in now}
            if now:
                try:
                    self._put_in_use(self.running.model_copy(update=update))
                except AttestError as error:
                    raise WrongValuesError({now[0].name: str(error)}) from error
            defaults = Config.model_construct()
            written = {
                each.name: None if chosen[each.name] == getattr(defaults, each.name) else chosen[each.name]
                for each in changed
            }
            file = write_settings(written) if written else config.FILE
            self._message = SaveResult(str(file), changed).sentence

    def name_model(self, name: str, model: str, url: str) -> None:
        """Let programs choose a model as ``attest/NAME``, at once and in ``attest.toml``.

        Raises:
            UserError: the name or a value cannot be used, or the file cannot be read or written.
        """
        check_model_name(name)
        if not model:
            raise UserError(_wrong("model"))
        try:
            checked = _validated({"model": model, "model_url": url})
        except WrongValuesError as error:
            raise UserError("; ".join(error.reasons.values())) from error
        self._change_models(name, ModelSettings.model_validate(checked))
        self._message = f"Saved in {config.FILE.absolute()}; programs can choose attest/{name} now"

    def forget_model(self, name: str) -> None:
        """Let programs no longer choose ``attest/NAME``.

        Raises:
            UserError: the file cannot be read or written.
        """
        self._change_models(name, None)
        self._message = f"Saved in {config.FILE.absolute()}; attest/{name} is gone"

    def _change_models(self, name: str, changed: ModelSettings | None) -> None:
        if config.in_environment("models"):
            raise UserError(f"{config.PREFIX}MODELS is set in the environment and overrides this; unset it")
        with self._saving:
            record = changed and {"model": changed.model, "model_url": changed.model_url or None}
            others = {other: each for other, each in self.read().models.items() if other != name}
            models = {**others, name: changed} if changed else others
            write_settings({"models": {name: record} if models else None})
            self._put_in_use(self.running.model_copy(update={"models": models}))

    def try_model(self, name: str) -> str:
        """Ask the model ``name`` one question, and return what happened in a sentence. It is one of a server
        on this machine, one that programs choose as ``attest/NAME``, or the one in ``attest.toml``.
        """
        if choice := self.runtime.models.get(name.removeprefix("attest/")):
            return _try(name, lambda: choice(self.runtime.pipeline).model)
        found = find_model(name)
        saved = self.read()
        if found is None and name != saved.model:
            return f"No model server on this machine has {name} now"
        url = found.url if found else saved.model_url
        named = found.name if found else name
        return _try(name, lambda: create_model(named, saved.cache, saved.threads, url))

    def _put_in_use(self, changed: Config) -> None:
        """Answer with ``changed`` from now on.

        Raises:
            AttestError: a model cannot be used.
        """
        if isinstance(self.runtime, LiveRuntime):
            self.runtime.change(partial(assemble.reconfigure, before=self.running, config=changed))
        self.running = changed


def _try(name: str, create: Callable[[], BaseChatModel | None]) -> str:
    """Ask a model that ``create`` returns one question, and say what happened."""
    try:
        model = create()
        return f"{name}: {try_model(model).sentence}" if model else f"{name} is not a model that can be tried"
    except AttestError as error:
        return f"{name}: {error}"


def _wrong(name: str) -> str:
    """Return what to do about a wrong value of a setting."""
    return next(each.wrong for each in FIELDS if each.name == name)


def _validated(values: Mapping[str, str]) -> dict[str, object]:
    """Return ``values`` as :class:`Config` has them; an empty one becomes the default.

    Raises:
        WrongValuesError: some are not valid.
    """
    reasons: dict[str, str] = {}
    try:
        checked = Config(**{name: value for name, value in values.items() if value})  # type: ignore[arg-type]  # pydantic checks them
    except ValidationError as error:
        wrong = {str(each["loc"][0]) for each in error.errors()}
        reasons = {each.name: each.wrong for each in FIELDS if each.name in wrong}
        checked = Config.model_construct()
    if (model := values.get("model")) and not is_name(model):
        reasons["model"] = _wrong("model")
    if reasons:
        raise WrongValuesError(reasons)
    defaults = Config.model_construct()
    return {name: getattr(checked if value else defaults, name) for name, value in values.items()}
