"""The container and compose files, as far as they can be checked without an engine."""

import json
import re
import shlex
import tomllib
from typing import Any

import pytest
import yaml

from qa.cli import parser
from qa.config import PREFIX, Config
from qa.web.metrics import exposition
from tests.support.fakes import ROOT

SETTINGS = {PREFIX + name.upper() for name in Config.model_fields}
COMPOSE = {
    name: yaml.safe_load((ROOT / name).read_text(encoding="utf-8"))
    for name in ("compose.yaml", "compose.milvus.yaml")
}
SERVICES: list[dict[str, Any]] = [each for file in COMPOSE.values() for each in file["services"].values()]
ONE = COMPOSE["compose.yaml"]["services"]["attest"]
MANY = COMPOSE["compose.milvus.yaml"]["services"]
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
INSTRUCTIONS = [
    line.partition(" ")[::2] for line in DOCKERFILE.splitlines() if line and not line.startswith("#")
]
DEPLOYMENT = (ROOT / "docs" / "deployment.md").read_text(encoding="utf-8")


def given(name: str) -> list[str]:
    return [what for instruction, what in INSTRUCTIONS if instruction == name]


def copied() -> set[str]:
    return {path for what in given("COPY") for path in shlex.split(what)[:-1]}


def environment() -> dict[str, str]:
    return dict(re.findall(rf"({PREFIX}\w+)=(\S+)", " ".join(given("ENV"))))


def commands() -> list[list[str]]:
    """Every command of Attest's in the files; a shell's line is taken apart."""
    run = [json.loads(what) for what in given("CMD")]
    run += [service["command"] for service in SERVICES if "command" in service]
    run += [service["healthcheck"]["test"][1:] for service in SERVICES if "healthcheck" in service]
    lines = [shlex.split(part) for each in run if each[:2] == ["sh", "-c"] for part in each[2].split("&&")]
    words = [each[1:] if each[0] == "exec" else each for each in [*run, *lines]]
    return [each[1:] for each in words if each[0] == "attest"]


def test_every_package_that_is_installed_is_copied():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert project["tool"]["setuptools"]["packages"]["find"]["include"] == ["qa", "qa.*"]
    assert "qa" in copied()


def test_what_is_copied_into_the_image_is_there():
    assert copied() == {"qa", "pyproject.toml", "constraints.txt", "README.md", "LICENSE"}
    assert [path for path in copied() if not (ROOT / path).exists()] == []


def test_what_is_copied_into_the_image_is_sent_to_the_engine():
    lines = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert "*" in lines
    assert {line.removeprefix("!") for line in lines if line.startswith("!")} == copied()


def test_only_settings_that_there_are_are_set():
    environments = [service.get("environment", {}) for service in SERVICES]
    named = {name for each in environments for name in each if name.startswith(PREFIX)} | set(environment())
    assert named
    assert named <= SETTINGS


def test_every_command_is_one_of_attests():
    ours = commands()
    assert len(ours) == 6
    for command in ours:
        assert parser.create_parser().parse_args(command)


def test_the_image_indexes_the_mounted_folder_and_serves_it():
    assert commands()[-2:] == [["index"], ["serve"]]
    assert environment()["ATTEST_CORPUS"] == "/corpus"
    assert environment()["ATTEST_HOST"] == "0.0.0.0"


def test_what_the_container_keeps_is_in_the_one_volume():
    assert {environment()[name].partition("/data/")[1] for name in ("ATTEST_CACHE", "ATTEST_INDEX")} == {
        "/data/"
    }
    assert given("WORKDIR")[-1] == "/data"  # where attest.toml is read, and reports are written


def test_one_container_with_a_mounted_folder_is_the_first_way():
    assert len(COMPOSE["compose.yaml"]["services"]) == 1
    assert [each.split(":")[-2:] for each in ONE["volumes"]] == [["/corpus", "ro"], ["data", "/data"]]
    assert (
        DEPLOYMENT.index("docker run") < DEPLOYMENT.index("compose.yaml") < DEPLOYMENT.index("compose.milvus")
    )


@pytest.mark.parametrize("service", [ONE, MANY["nginx"]])
def test_nothing_is_published_beyond_this_machine(service: dict[str, Any]):
    assert service["ports"] == [f"127.0.0.1:7860:{environment()['ATTEST_PORT']}"]


def test_the_one_that_writes_is_one_and_the_others_wait_for_it():
    writing = [name for name, each in MANY.items() if each["command"][1:2] == ["watch"]]
    serving = [each for each in MANY.values() if each["command"] == ["attest", "serve"]]
    assert writing == ["index"]
    assert len(serving) == 2
    assert all(each["depends_on"] == {"index": {"condition": "service_healthy"}} for each in serving)
    assert MANY["index"]["healthcheck"]


def test_nginx_is_pointed_at_the_servers_of_the_composition():
    configuration = (ROOT / "docs" / "nginx.conf").read_text()
    (expressions,) = re.findall(r"sed '([^']+)'", MANY["nginx"]["command"][2])
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
    images = [service["image"] for service in SERVICES if "image" in service]
    for image in [*images, *given("FROM")]:
        assert re.search(r":v?\d", image)


@pytest.mark.parametrize("file", COMPOSE)
def test_every_volume_that_is_mounted_is_declared_or_a_folder(file: str):
    mounted = {
        each.partition(":")[0]
        for service in COMPOSE[file]["services"].values()
        for each in service.get("volumes", ())
    }
    named = {each for each in mounted if re.fullmatch(r"\w+", each)}
    assert named
    assert named == set(COMPOSE[file]["volumes"])
