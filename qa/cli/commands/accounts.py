"""The commands that edit a file of accounts: ``attest password`` and ``attest token``."""

import sys
from getpass import getpass

from qa.cli.invocation import OK, Invocation
from qa.errors import UserError


def password(invocation: Invocation) -> int:
    """Add a user, or change their password."""
    from qa.web.security.auth import make_owner, set_password

    path, name = invocation.args.file, invocation.args.name
    set_password(path, name, _read_password(name))
    if invocation.args.owner:
        make_owner(path, name)
        print(f"{name} may change the settings, at /settings", file=sys.stderr)
    print(f"{name} can now log in; start the server with: attest serve --auth {path}", file=sys.stderr)
    return OK


def token(invocation: Invocation) -> int:
    """Create a token for a program and print it."""
    from qa.web.security.auth import new_token

    args = invocation.args
    print(new_token(args.file, args.name, may_write=args.write))
    print("Copy it now: only its hash is stored, and it is not shown again.", file=sys.stderr)
    return OK


def _read_password(name: str) -> str:
    """Read a password twice without showing it, or one line of standard input where that is no terminal.

    Raises:
        UserError: the two passwords differ.
    """
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    typed = getpass(f"Password for {name}: ")
    if getpass("Repeat the password: ") != typed:
        raise UserError("The two passwords are not the same; run the command again")
    return typed
