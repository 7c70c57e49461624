"""Accounts, and patience with wrong passwords."""

import stat
from dataclasses import dataclass
from pathlib import Path

import pytest

from qa.errors import UserError
from qa.web.security.auth import (
    FORGOTTEN_AFTER,
    LONGEST_WAIT,
    Access,
    Program,
    Throttle,
    new_token,
    read_accounts,
    set_password,
)

PASSWORD = "correct horse"
NIGHTLY = Program("nightly")
HERE, THERE = "192.0.2.1", "192.0.2.2"


@dataclass
class Clock:
    """Time that passes when told to, in seconds."""

    now: float = 1_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "accounts"
    set_password(path, "ada", PASSWORD)
    return path


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def access(file: Path, clock: Clock) -> Access:
    return Access(file, Throttle(clock))


def test_a_user_gets_in_with_the_right_password_alone(access: Access, clock: Clock):
    assert access.check("ada", PASSWORD, HERE)
    assert not access.check("ada", "something else", HERE)
    clock.now += LONGEST_WAIT
    assert not access.check("bob", PASSWORD, THERE)


def test_after_a_wrong_password_even_the_right_one_must_wait(access: Access, clock: Clock):
    assert not access.check("ada", "wrong", HERE)
    assert not access.check("ada", PASSWORD, HERE)
    clock.now += 1
    assert access.check("ada", PASSWORD, HERE)


def test_guessing_a_name_from_elsewhere_or_other_names_from_here_must_wait_too(access: Access, clock: Clock):
    access.check("ada", "wrong", HERE)
    assert not access.check("ada", PASSWORD, THERE)
    clock.now += 1
    access.check("bob", "wrong", HERE)
    assert not access.check("ada", PASSWORD, HERE)
    assert access.check("ada", PASSWORD, THERE)


def test_attempts_while_waiting_do_not_make_it_longer(access: Access, clock: Clock):
    access.check("ada", "wrong", HERE)
    for _ in range(20):
        access.check("ada", "wrong", HERE)
    clock.now += 1
    assert access.check("ada", PASSWORD, HERE)


def test_the_wait_doubles_up_to_a_minute():
    clock = Clock()
    throttle = Throttle(clock)
    waits = []
    for _ in range(9):
        throttle.record_failure("name ada")
        waits.append(throttle.remaining("name ada"))
        clock.now += waits[-1]
    assert waits == [1, 2, 4, 8, 16, 32, 60, 60, 60]


def test_a_wrong_password_is_forgotten_in_time_and_by_the_right_one():
    clock = Clock()
    throttle = Throttle(clock)
    for key in ("name ada", "name bob"):
        for _ in range(4):
            throttle.record_failure(key)
    throttle.forget("name bob")
    throttle.record_failure("name bob")
    assert throttle.remaining("name bob") == 1
    clock.now += FORGOTTEN_AFTER
    throttle.record_failure("name ada")
    assert throttle.remaining("name ada") == 1


def test_the_longest_wait_is_of_all_that_are_named():
    throttle = Throttle(Clock())
    throttle.record_failure("name ada", "address here")
    throttle.record_failure("address here")
    assert throttle.remaining("name ada") == 1
    assert throttle.remaining("name ada", "address here") == 2
    assert throttle.remaining("name bob", "address there") == 0


def test_endless_guessing_is_forgotten_from_the_oldest_on(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("qa.web.security.auth.MOST_REMEMBERED", 3)
    throttle = Throttle(Clock())
    for name in "abcd":
        throttle.record_failure(name)
    assert [throttle.remaining(name) for name in "abcd"] == [0, 1, 1, 1]


def test_the_file_is_for_its_owner_alone_and_holds_no_secret(file: Path):
    token = new_token(file, "nightly")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert PASSWORD not in file.read_text()
    assert token not in file.read_text()
    assert [line.partition(":")[0] for line in file.read_text().splitlines()] == ["ada", "token nightly"]


def test_a_token_is_its_programs_until_there_is_a_new_one(file: Path, access: Access):
    first = new_token(file, "nightly")
    assert access.find_program(first) == NIGHTLY
    second = new_token(file, "nightly")
    assert (access.find_program(first), access.find_program(second)) == (None, NIGHTLY)
    assert access.find_program("") is None
    assert access.check("ada", PASSWORD, HERE)


def test_a_program_may_write_only_with_a_token_for_that(file: Path, access: Access):
    reads = new_token(file, "nightly")
    writes = new_token(file, "importer", may_write=True)
    assert access.find_program(reads) == NIGHTLY
    assert access.find_program(writes) == Program("importer", may_write=True)
    again = new_token(file, "importer")
    assert access.find_program(writes) is None
    assert access.find_program(again) == Program("importer")


def test_a_changed_password_counts_at_once(file: Path, access: Access, clock: Clock):
    set_password(file, "ada", "another horse")
    assert access.check("ada", "another horse", HERE)
    assert not access.check("ada", PASSWORD, HERE)


def test_a_user_may_be_called_token(file: Path, access: Access):
    new_token(file, "nightly")
    set_password(file, "token", "another horse")
    assert access.check("token", "another horse", HERE)
    assert set(read_accounts(file).passwords) == {"ada", "token"}


def test_remarks_in_the_file_stay(file: Path):
    file.write_text(f"# the library\n\n{file.read_text()}")
    set_password(file, "bob", PASSWORD)
    assert file.read_text().startswith("# the library\n\nada:")


@pytest.mark.parametrize("name", ["", "a b", "a:b", "a\nb", "token x", "x" * 65, "#a"])
def test_a_name_that_would_break_the_file_is_refused(file: Path, name: str):
    before = file.read_text()
    with pytest.raises(UserError, match="cannot be a name"):
        set_password(file, name, PASSWORD)
    assert file.read_text() == before


def test_a_short_password_is_refused(file: Path):
    with pytest.raises(UserError, match="8 or more"):
        set_password(file, "bob", "short")


@pytest.mark.parametrize(
    ("text", "said"),
    [("", "There are no accounts in"), ("ada:secret\n", "Line 1"), ("# x\nnonsense\n", "Line 2")],
)
def test_a_file_that_cannot_be_used_is_told_at_the_start(tmp_path: Path, text: str, said: str):
    path = tmp_path / "accounts"
    path.write_text(text)
    with pytest.raises(UserError, match=said) as told:
        Access(path)
    assert "attest password" in str(told.value)
    assert "secret" not in str(told.value)


def test_a_missing_file_says_how_to_make_one(tmp_path: Path):
    with pytest.raises(UserError, match="attest password"):
        Access(tmp_path / "none")


def test_nobody_gets_in_while_the_file_is_broken(
    file: Path, access: Access, caplog: pytest.LogCaptureFixture
):
    token = new_token(file, "nightly")
    file.write_text("nonsense")
    assert not access.check("ada", PASSWORD, HERE)
    assert access.find_program(token) is None
    assert "Line 1" in caplog.text
