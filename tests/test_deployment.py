"""The container and compose files, as far as they can be checked without an engine."""

import re
import shlex

import yaml

from qa.cli import parser
from qa.config import PREFIX, Config
from qa.web.metrics import exposition
from tests.support.fakes import ROOT

SETTINGS = {PREFIX + name.upper() for name in Config.model_fields}
COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text())
DOCKERFILE = (ROOT / "Dockerfile").read_text().replace("\\\n", " ")
INSTRUCTIONS = [
    line.partition(" ")[::2] for line in DOCKERFILE.splitlines() if line and not line.startswith("#")
]


def given(name: str) -> list[str]:
    return [what for instruction, what in INSTRUCTIONS if instruction == name]


def test_what_is_copied_into_the_image_is_there():
    copied = [path for what in given("COPY") for path in shlex.split(what)[:-1]]
    assert {"qa", "eval", "web", "app.py", "pyproject.toml", "constraints.txt"} <= set(copied)
    assert [path for path in copied if not (ROOT / path).exists()] == []


def test_every_package_that_is_installed_is_copied():
    copied = {path for what in given("COPY") for path in shlex.split(what)[:-1]}
    packages = re.search(r"^packages = \[(.*?)\]", (ROOT / "pyproject.toml").read_text(), re.MULTILINE)
    assert packages
    assert {name.partition(".")[0] for name in re.findall(r'"([\w.]+)"', packages[1])} <= copied


def test_only_settings_that_there_are_are_set():
    environments = [service.get("environment", {}) for service in COMPOSE["services"].values()]
    named = {name for each in environments for name in each if name.startswith(PREFIX)}
    named |= set(re.findall(rf"({PREFIX}\w+)=", " ".join(given("ENV"))))
    assert named
    assert named <= SETTINGS


def test_every_command_is_one_of_attests():
    commands = [service["command"] for service in COMPOSE["services"].values()]
    commands += [
        service["healthcheck"]["test"][1:]
        for service in COMPOSE["services"].values()
        if "healthcheck" in service
    ]
    ours = [command[1:] for command in commands if command[0] == "attest"]
    assert len(ours) == 4
    for command in ours:
        assert parser.create_parser().parse_args(command)


def test_the_one_that_writes_is_one_and_the_others_wait_for_it():
    writing = [name for name, each in COMPOSE["services"].items() if each["command"][1:2] == ["watch"]]
    serving = [each for each in COMPOSE["services"].values() if each["command"] == ["attest", "serve"]]
    assert writing == ["index"]
    assert len(serving) == 2
    assert all(each["depends_on"] == {"index": {"condition": "service_healthy"}} for each in serving)
    assert COMPOSE["services"]["index"]["healthcheck"]


def test_nginx_is_pointed_at_the_servers_of_the_composition():
    configuration = (ROOT / "docs" / "nginx.conf").read_text()
    (expressions,) = re.findall(r"sed '([^']+)'", COMPOSE["services"]["nginx"]["command"][2])
    for sought, put in re.findall(r"s/([^/]+)/([^/]+)/", expressions):
        assert sought in configuration
        configuration = configuration.replace(sought, put)
    assert set(re.findall(r"server (\w+):7860", configuration)) == {"one", "two"}
    assert "listen 7860;" in configuration


def test_what_is_to_be_watched_is_measured():
    told = (ROOT / "docs" / "operations.md").read_text()
    named = set(re.findall(r"\battest_[a-z_]+\b", told)) - {"attest_next"}
    assert len(named) > 4
    assert [name for name in named if name.encode() not in exposition()] == []


def test_images_have_versions():
    images = [service["image"] for service in COMPOSE["services"].values() if "image" in service]
    for image in [*images, *given("FROM")]:
        assert re.search(r":v?\d", image)
