"""Change ``attest.toml`` and leave everything else in it as it is: comments, order and spacing."""

import shutil
from collections.abc import Mapping, MutableMapping
from pathlib import Path
from typing import cast

import tomlkit
from tomlkit.exceptions import ParseError

from qa.config import FILE, unreadable_file
from qa.errors import UserError


def write_settings(changes: Mapping[str, object], file: Path = FILE) -> Path:
    """Set the settings in ``changes``, by their names in :class:`qa.config.Config`, and return the file. One
    that is None is taken out, so that its default counts; of a table, what is named is changed. Others see
    the old file or the new one.

    Raises:
        UserError: the file is not TOML, or cannot be read or written.
    """
    path = file.resolve()
    try:
        text = path.read_text(encoding="utf-8") if path.exists() else ""
        document = tomlkit.parse(text)
        _change(document, changes)
        draft = path.with_name(f"{path.name}.new")
        draft.write_text(tomlkit.dumps(document), encoding="utf-8", newline="\n")
        if path.exists():
            shutil.copymode(path, draft)
        draft.replace(path)
    except (ParseError, UnicodeDecodeError) as error:
        raise unreadable_file(error) from error
    except OSError as error:
        reason = str(error.strerror).lower()
        raise UserError(f"{path} cannot be written: {reason}; start Attest in a folder of yours") from error
    return path


def _change(table: MutableMapping[str, object], changes: Mapping[str, object]) -> None:
    for name, value in changes.items():
        if value is None:
            table.pop(name, None)
        elif isinstance(value, Mapping):
            table.setdefault(name, tomlkit.table())
            _change(cast("MutableMapping[str, object]", table[name]), value)
        else:
            table[name] = _toml(value)


def _toml(value: object) -> object:
    return str(value) if isinstance(value, Path) else value
