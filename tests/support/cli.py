"""The outcome of a command of Attest."""

import json
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class CommandResult:
    """The outcome of a command: its exit status, standard output and standard error."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> dict:
        assert self.out.count("\n") == 1
        return json.loads(self.out)


Run = Callable[..., CommandResult]
