"""The commands that edit a file of accounts."""

import io
import sys
from pathlib import Path

import pytest

from qa.cli.commands import accounts
from qa.web.security.auth import Access, Program
from tests.support.cli import Run

PASSWORD = "correct horse"
HERE = "192.0.2.1"


def test_a_password_can_come_from_standard_input(
    attest: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    path = tmp_path / "accounts"
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{PASSWORD}\n"))
    ran = attest("password", str(path), "ada")
    assert (ran.status, ran.out) == (0, "")
    assert f"attest serve --auth {path}" in ran.err
    assert Access(path).check("ada", PASSWORD, HERE)
    assert PASSWORD not in ran.err


def test_an_owner_is_made_with_a_flag_alone(attest: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    path = tmp_path / "accounts"
    for name, flags in (("ada", ["--owner"]), ("bob", [])):
        monkeypatch.setattr(sys, "stdin", io.StringIO(f"{PASSWORD}\n"))
        ran = attest("password", str(path), name, *flags)
        assert ("/settings" in ran.err) is bool(flags)
    access = Access(path)
    assert (access.is_owner("ada"), access.is_owner("bob"), access.is_owner(None)) == (True, False, False)
    assert access.check("ada", PASSWORD, HERE)


@pytest.mark.parametrize(("repeated", "differs"), [(PASSWORD, False), ("other", True)])
def test_a_typed_password_is_asked_for_twice(
    attest: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, repeated: str, differs: bool
):
    typed = iter([PASSWORD, repeated])
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
    monkeypatch.setattr(accounts, "getpass", lambda prompt: next(typed))
    path = tmp_path / "accounts"
    ran = attest("password", str(path), "ada")
    assert ran.status == (2 if differs else 0)
    assert ("not the same" in ran.err) is differs
    assert path.exists() is not differs


def test_a_token_is_printed_once(attest: Run, tmp_path: Path):
    path = tmp_path / "accounts"
    ran = attest("token", str(path), "nightly")
    assert ran.status == 0
    (token,) = ran.out.splitlines()
    assert token not in ran.err
    assert Access(path).find_program(token) == Program("nightly")


def test_a_token_may_be_one_that_writes(attest: Run, tmp_path: Path):
    path = tmp_path / "accounts"
    ran = attest("token", "--write", str(path), "importer")
    assert Access(path).find_program(ran.out.strip()) == Program("importer", may_write=True)


def test_a_file_that_cannot_be_written_is_named(attest: Run, tmp_path: Path):
    ran = attest("token", str(tmp_path / "none" / "accounts"), "nightly")
    assert (ran.status, ran.out) == (2, "")
    assert str(tmp_path / "none" / "accounts") in ran.err
    assert ran.err.count("\n") == 1
