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


@pytest.mark.parametrize(
    ("name", "nearest"),
    [
        ("ATTEST_MODLE", "ATTEST_MODEL"),
        ("ATTEST_PORTS", "ATTEST_PORT"),
        ("ATTEST_MAX_UPLOADS", "ATTEST_MAX_UPLOAD"),
    ],
)
def test_an_unknown_variable_is_a_warning_that_names_the_nearest_setting(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, name: str, nearest: str
):
    monkeypatch.setenv(name, "none")
    assert load().model == "default"
    (said,) = caplog.messages
    assert said == f"{name} is not a setting of Attest and is ignored; the nearest one is {nearest}"


KUBERNETES = {
    "ATTEST_SERVICE_HOST": "10.0.0.1",
    "ATTEST_SERVICE_PORT": "7860",
    "ATTEST_SERVICE_PORT_HTTP": "7860",
    "ATTEST_PORT": "tcp://10.0.0.1:7860",
    "ATTEST_PORT_7860_TCP": "tcp://10.0.0.1:7860",
    "ATTEST_PORT_7860_TCP_PROTO": "tcp",
    "ATTEST_PORT_7860_TCP_PORT": "7860",
    "ATTEST_PORT_7860_TCP_ADDR": "10.0.0.1",
    "ATTEST_MILVUS_SERVICE_HOST": "10.0.0.2",
    "ATTEST_MILVUS_SERVICE_PORT": "19530",
    "ATTEST_MILVUS_PORT": "tcp://10.0.0.2:19530",
    "ATTEST_MILVUS_PORT_19530_TCP": "tcp://10.0.0.2:19530",
}
"""What a container finds beside services called ``attest`` and ``attest-milvus``."""


def test_what_kubernetes_sets_for_a_service_called_attest_is_ignored(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    for name, value in KUBERNETES.items():
        monkeypatch.setenv(name, value)
    assert load().port == 7860
    Path("attest.toml").write_text("port = 1")
    assert load().port == 1
    assert load(port=2).port == 2
    assert caplog.messages == []


def test_a_port_that_a_person_sets_is_none_of_kubernetes(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("ATTEST_SERVICE_HOST", "10.0.0.1")
    monkeypatch.setenv("ATTEST_PORT", "8080")
    assert load().port == 8080


def test_a_variable_that_only_looks_like_one_of_kubernetes_is_a_warning(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    monkeypatch.setenv("ATTEST_MILVUS_PORT", "19530")
    load()
    assert caplog.messages[0].startswith("ATTEST_MILVUS_PORT is not a setting")


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


def test_an_unknown_key_of_the_file_is_an_error_that_names_the_nearest_one():
    Path("attest.toml").write_text("port = 1\n\nmodle = 'none'")
    with pytest.raises(UserError) as raised:
        load()
    assert str(raised.value) == (
        "Line 3 of attest.toml has the unknown key 'modle'; the nearest one is 'model'"
    )


def test_a_line_of_the_file_that_cannot_be_read_is_named_with_what_to_write():
    Path("attest.toml").write_text("port = 1\nmodel = none\n")
    with pytest.raises(UserError) as raised:
        load()
    assert str(raised.value) == (
        "Line 2 of attest.toml cannot be read; write it as name = value, with text in quotes, such as "
        'model = "none", or remove it'
    )


def test_a_wrong_value_in_the_file_is_named_with_its_line():
    Path("attest.toml").write_text("# of the server\nport = 70000\n")
    with pytest.raises(UserError, match=r"'port' \(Line 2 of attest\.toml\) is not valid"):
        load()


def test_a_file_that_is_not_text_is_named():
    Path("attest.toml").write_bytes(b"model = '\xff'")
    with pytest.raises(UserError, match=r"attest\.toml"):
        load()


def test_the_origins_of_pages_are_listed_with_commas(monkeypatch: pytest.MonkeyPatch):
    assert load().cors == ()
    monkeypatch.setenv("ATTEST_CORS", "https://wiki.example.org, http://localhost:3000")
    assert load().cors == ("https://wiki.example.org", "http://localhost:3000")
    for wrong in ("*", "wiki.example.org", "https://wiki.example.org/", "https://a.example/path", "null"):
        monkeypatch.setenv("ATTEST_CORS", wrong)
        with pytest.raises(UserError, match="ATTEST_CORS"):
            load()
