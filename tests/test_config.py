from pathlib import Path

import platformdirs
import pytest
from pydantic import ValidationError

from qa.config import index_origin, load
from qa.errors import UserError


@pytest.fixture(autouse=True)
def user_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Run in an empty folder, without an attest.toml of the developer's, and with this user data folder."""
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    monkeypatch.setattr(platformdirs, "user_data_dir", lambda name, appauthor: str(tmp_path / "data" / name))
    return tmp_path / "data" / "attest"


def test_everything_has_a_default():
    settings = load()
    assert (settings.corpus, settings.model) == (Path("corpus"), "default")
    assert settings.threads >= 1
    assert settings.threshold is None


def test_the_chat_is_for_this_machine_alone_unless_told_otherwise():
    assert load().host == "127.0.0.1"


def test_an_argument_wins_over_the_environment_and_that_over_the_file(monkeypatch: pytest.MonkeyPatch):
    Path("attest.toml").write_text('model = "none"\nindex = "from-file"\nport = 1\n')
    monkeypatch.setenv("ATTEST_INDEX", "from-environment")
    monkeypatch.setenv("ATTEST_PORT", "2")
    settings = load(port=3, corpus=None)
    assert (settings.model, settings.index, settings.port) == ("none", Path("from-environment"), 3)
    assert settings.corpus == Path("corpus")


def test_the_index_is_among_the_users_data_where_nothing_names_a_folder(user_data: Path):
    settings = load()
    assert settings.index == user_data / "index"
    assert "default" in index_origin(settings, flag=False)


def test_the_index_is_in_the_folder_of_that_name_where_there_is_one():
    Path("index").mkdir()
    settings = load()
    assert settings.index == Path("index")
    assert index_origin(settings, flag=False) == "the folder ./index exists"


def test_a_file_called_index_is_not_the_folder_of_the_index(user_data: Path):
    Path("index").touch()
    assert load().index == user_data / "index"


def test_a_named_index_wins_over_the_folder_of_that_name(monkeypatch: pytest.MonkeyPatch):
    Path("index").mkdir()
    Path("attest.toml").write_text('index = "from-file"')
    settings = load()
    assert (settings.index, index_origin(settings, flag=False)) == (Path("from-file"), "set in attest.toml")
    monkeypatch.setenv("ATTEST_INDEX", "from-environment")
    settings = load()
    assert settings.index == Path("from-environment")
    assert index_origin(settings, flag=False) == "set by ATTEST_INDEX"
    settings = load(index=Path("from-flag"))
    assert (settings.index, index_origin(settings, flag=True)) == (Path("from-flag"), "set by --index")


def test_settings_cannot_be_changed():
    with pytest.raises(ValidationError):
        load().model = "none"


def test_an_unknown_variable_is_named_with_those_there_are(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("ATTEST_MODLE", "none")
    with pytest.raises(UserError, match=r"ATTEST_MODLE.*ATTEST_MODEL"):
        load()


def test_a_variable_of_another_program_is_none_of_ours(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("ATTESTATION", "x")
    assert load().model == "default"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("threads", "many"),
        ("threads", "0"),
        ("port", "70000"),
        ("port", "http"),
        ("threshold", "1.5"),
        ("threshold", "high"),
    ],
)
def test_a_setting_of_the_wrong_kind_is_named(monkeypatch: pytest.MonkeyPatch, name: str, value: str):
    monkeypatch.setenv(f"ATTEST_{name.upper()}", value)
    with pytest.raises(UserError, match=f"ATTEST_{name.upper()}"):
        load()


@pytest.mark.parametrize(
    ("toml", "named"),
    [
        ("modle = 'none'", "modle"),
        ("port = 'http'", "port"),
        ("[model]\nname = 'none'", "model"),
        ("port = ", "attest.toml"),
        ("not toml", "attest.toml"),
    ],
)
def test_a_mistake_in_the_file_is_named(toml: str, named: str):
    Path("attest.toml").write_text(toml)
    with pytest.raises(UserError, match=named):
        load()


def test_a_file_that_is_not_text_is_named():
    Path("attest.toml").write_bytes(b"model = '\xff'")
    with pytest.raises(UserError, match=r"attest\.toml"):
        load()
