"""The accounts from the command line: ``attest password FILE NAME`` and ``attest token FILE NAME``."""

import sys
from getpass import getpass
from pathlib import Path

from qa.errors import AttestError, UserError
from qa.web.security.auth import new_token, set_password


def main(what: str, file: str, name: str) -> None:
    """Set a user's password (``what`` is ``password``) or print a new token (``token``)."""
    try:
        if what == "password":
            set_password(Path(file), name, _asked(name))
            print(f"{name} can log in with it; serve with: attest serve --auth {file}", file=sys.stderr)
        else:
            print(new_token(Path(file), name))
            print("It is not shown again: only its hash is kept.", file=sys.stderr)
    except AttestError as error:
        print(f"attest: {error}", file=sys.stderr)
        sys.exit(error.exit_status)


def _asked(name: str) -> str:
    """The password as typed, twice and unseen; or the first line of standard input where nobody types."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    password = getpass(f"Password for {name}: ")
    if getpass("Once more: ") != password:
        raise UserError("The two passwords differ; run the command again")
    return password


if __name__ == "__main__":
    main(*sys.argv[1:])
