"""Passwords and tokens, checked against a file of their hashes, with a wait after each wrong password.

The file has a line for each user, ``name:argon2-hash``, for each user who may change the settings,
``owner name:settings``, and for each program, ``token name:sha256``, with ``:write`` at its end where the
program may add and remove documents. It is read again at every check, so that a changed password or a new
token counts at once.
"""

import hashlib
import logging
import os
import re
import secrets
import tempfile
import time
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from anyio import to_thread
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from qa.errors import UserError

log = logging.getLogger(__name__)

MIN_PASSWORD_CHARS = 8
"""The minimum in NIST SP 800-63B."""

FIRST_WAIT = 1.0
"""Seconds to wait after the first wrong password. Each further one doubles them."""

LONGEST_WAIT = 60.0
"""The longest wait in seconds, however many passwords were wrong: 1,440 guesses a day."""

FORGOTTEN_AFTER = 900.0
"""Seconds after which a wrong password no longer counts."""

MOST_REMEMBERED = 10_000
"""Names and addresses that are remembered, so that guessing cannot fill the memory."""

TOKEN_BYTES = 32
"""Random bytes of a token. They cannot be guessed, so a fast hash is enough."""

caller: ContextVar[str] = ContextVar("caller", default="")
"""The address from which the request that is being answered came."""

_NAME = re.compile(r"[\w.@-]{1,64}")
_USER_LINE = re.compile(rf"({_NAME.pattern}):(\$argon2\S+)")
_WRITE = ":write"
_TOKEN_LINE = re.compile(rf"token ({_NAME.pattern}):([0-9a-f]{{64}})({_WRITE})?")
_OWNER_LINE = re.compile(rf"owner ({_NAME.pattern}):settings")
_HASHER = PasswordHasher()


@dataclass(frozen=True, slots=True)
class Program:
    """A program that has a token."""

    name: str
    may_write: bool = False
    """True if it may add and remove documents."""


@dataclass(frozen=True, slots=True)
class Accounts:
    """The content of the file."""

    passwords: Mapping[str, str]
    """Argon2 hashes by user."""
    tokens: Mapping[str, Program]
    """Programs by the SHA-256 of their tokens."""
    owners: frozenset[str] = frozenset()
    """The users who may change the settings."""


def read_accounts(path: Path) -> Accounts:
    """Read the file at ``path``.

    Raises:
        UserError: it cannot be read, a line is malformed, or it has no accounts.
    """
    passwords: dict[str, str] = {}
    tokens: dict[str, Program] = {}
    owners: set[str] = set()
    for number, line in enumerate(_lines(path), start=1):
        if user := _USER_LINE.fullmatch(line):
            passwords[user[1]] = user[2]
        elif token := _TOKEN_LINE.fullmatch(line):
            tokens[token[2]] = Program(token[1], may_write=token[3] is not None)
        elif owner := _OWNER_LINE.fullmatch(line):
            owners.add(owner[1])
        elif line and not line.startswith("#"):
            raise UserError(
                f"Line {number} of {path} is neither name:argon2-hash nor token name:sha256; "
                f"delete it, and add the account with: attest password {path} NAME"
            )
    if not passwords and not tokens:
        raise UserError(f"There are no accounts in {path}; add one with: attest password {path} NAME")
    return Accounts(passwords, tokens, frozenset(owners))


def set_password(path: Path, name: str, password: str) -> None:
    """Add the user ``name`` to the file at ``path``, or change their password. Make the file if need be.

    Raises:
        UserError: the name or the password is not allowed, or the file cannot be written.
    """
    if len(password) < MIN_PASSWORD_CHARS:
        raise UserError(
            f"The password has {len(password)} characters; choose one with {MIN_PASSWORD_CHARS} or more"
        )
    _write_line(path, _check_name(name), _HASHER.hash(password))


def make_owner(path: Path, name: str) -> None:
    """Let the user ``name`` of the file at ``path`` change the settings.

    Raises:
        UserError: the name is not allowed, or the file cannot be written.
    """
    _write_line(path, f"owner {_check_name(name)}", "settings")


def new_token(path: Path, name: str, *, may_write: bool = False) -> str:
    """Return a new token for the program ``name``, and put its hash into the file at ``path``. A former token
    of the program no longer counts. ``may_write`` lets the program add and remove documents.

    Raises:
        UserError: the name is not allowed, or the file cannot be written.
    """
    token = secrets.token_urlsafe(TOKEN_BYTES)
    _write_line(path, f"token {_check_name(name)}", _digest(token) + (_WRITE if may_write else ""))
    return token


@dataclass(frozen=True, slots=True)
class _Failures:
    """The number of wrong attempts of a name or an address, and the time of the last, in seconds."""

    count: int
    last: float

    @property
    def blocked_until(self) -> float:
        return self.last + min(FIRST_WAIT * 2.0 ** min(self.count - 1, 32), LONGEST_WAIT)


class Throttle:
    """Waiting times after wrong attempts, longer each time. ``clock`` counts seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._failures: dict[str, _Failures] = {}

    def remaining(self, *keys: str) -> float:
        """Return the seconds until the next attempt of all ``keys`` is checked; 0 for at once."""
        now = self._clock()
        known = (failures for key in keys if (failures := self._failures.get(key)))
        return max((failures.blocked_until - now for failures in known), default=0.0)

    def record_failure(self, *keys: str) -> None:
        """Remember a wrong attempt of each of ``keys``."""
        now = self._clock()
        recent = {key: each for key, each in self._failures.items() if now - each.last < FORGOTTEN_AFTER}
        for key in keys:
            before = recent.pop(key, None)
            recent[key] = _Failures(before.count + 1 if before else 1, now)
        self._failures = dict(list(recent.items())[-MOST_REMEMBERED:])

    def forget(self, key: str) -> None:
        """Forget the wrong attempts of ``key``."""
        self._failures.pop(key, None)


class Access:
    """Check of names, passwords and tokens against a file, one password at a time."""

    def __init__(self, path: Path, throttle: Throttle | None = None) -> None:
        """Use the file at ``path``.

        Raises:
            UserError: it cannot be used. Better at the start than for the first visitor.
        """
        read_accounts(path)
        self._path = path
        self._throttle = throttle or Throttle()
        self._one_at_a_time = Lock()  # or many guesses could be made before the first is known to be wrong
        self._nobody = _HASHER.hash(secrets.token_urlsafe(TOKEN_BYTES))

    async def login(self, name: str, password: str) -> bool:
        """Return whether that is the user's password. False too while ``name`` or the caller's address must
        wait.
        """
        return await to_thread.run_sync(self.check, name, password, caller.get())

    def check(self, name: str, password: str, address: str) -> bool:
        """Check an attempt from ``address``, as :meth:`login` does."""
        keys = (f"name {name}", f"address {address}")
        with self._one_at_a_time:
            if self._throttle.remaining(*keys) > 0:
                return False
            # For an unknown user another hash is checked, so that the time taken does not give names away.
            known = self._accounts().passwords.get(name)
            right = _matches(known or self._nobody, password) and known is not None
            if right:
                self._throttle.forget(keys[0])  # the address may still be guessing other names
            else:
                self._throttle.record_failure(*keys)
                log.warning("A wrong password for %r from %s", name, address or "an unknown address")
            return right

    def find_program(self, token: str) -> Program | None:
        """Return the program that has ``token``; None for none."""
        return self._accounts().tokens.get(_digest(token))

    def is_owner(self, name: str | None) -> bool:
        """Return whether the user ``name`` may change the settings; None is nobody."""
        accounts = self._accounts()
        return name in accounts.owners and name in accounts.passwords

    def _accounts(self) -> Accounts:
        try:
            return read_accounts(self._path)
        except UserError as error:  # it was fine at the start; nobody gets in until it is again
            log.error("%s", error)
            return Accounts({}, {})


def _matches(hashed: str, password: str) -> bool:
    try:
        return _HASHER.verify(hashed, password)
    except (VerificationError, InvalidHashError):
        return False


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def _check_name(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise UserError(f"{name!r} cannot be a name; use up to 64 letters, digits and . _ @ -")
    return name


def _lines(path: Path) -> list[str]:
    try:
        return [line.strip() for line in path.read_text(encoding="utf-8").splitlines()]
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not text"
        raise UserError(
            f"The accounts in {path} cannot be read ({reason}); create the file with: "
            f"attest password {path} NAME"
        ) from error


def _write_line(path: Path, key: str, value: str) -> None:
    """Set the line of ``key`` in one step: others see the old file or the new one."""
    path = path.resolve()
    kept = [line for line in _lines(path) if not line.startswith(f"{key}:")] if path.exists() else []
    try:
        handle, made = tempfile.mkstemp(dir=path.parent)  # readable by its owner alone
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write("".join(f"{line}\n" for line in [*kept, f"{key}:{value}"]))
        Path(made).replace(path)
    except OSError as error:
        raise UserError(f"{path} cannot be written ({error.strerror}); choose another file") from error
