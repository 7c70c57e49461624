"""The package as others install it: built, installed, and used from a folder of unrelated modules."""

import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tomllib
import venv
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_string
from importlib.metadata import distribution
from pathlib import Path

import httpx
import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from qa.config import Config
from tests.support.fakes import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
EXTRAS = PROJECT["optional-dependencies"]
PROJECT_VERSION = distribution("attest-qa").version
LOCK = {
    canonicalize_name(name): version
    for name, version in re.findall(
        r"^([\w.-]+)==([^\s;]+)", (ROOT / "constraints.txt").read_text(encoding="utf-8"), re.MULTILINE
    )
}
BENCH_ONLY = ("langchain_community", "langchain_huggingface", "matplotlib")
"""Modules that the extra ``bench`` adds."""

STRANGERS = ("app.py", "web.py", "eval/__init__.py")
"""Modules of somebody else's in the working folder, under names that this project uses in its checkout."""

STRANGER = """
from pathlib import Path
Path(__file__).with_suffix(".imported").touch()
raise ImportError("a module of somebody else")
"""

SQUAD = {
    "version": "v2.0",
    "data": [
        {
            "title": "Turbines",
            "paragraphs": [
                {
                    "context": "Siemens installs four gas turbines in Navoi. They have 54 MW each.",
                    "qas": [
                        {
                            "id": "1",
                            "question": "How many gas turbines does Siemens install?",
                            "is_impossible": False,
                            "answers": [{"text": "four", "answer_start": 17}],
                        },
                        {
                            "id": "2",
                            "question": "Who paints the turbines of Siemens?",
                            "is_impossible": True,
                            "answers": [],
                        },
                    ],
                }
            ],
        }
    ],
}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package, built from what it needs of the checkout and nothing else."""
    source = tmp_path_factory.mktemp("source")
    shutil.copytree(ROOT / "qa", source / "qa", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    command = [sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation", "--no-index"]
    subprocess.run([*command, "--quiet", "--wheel-dir", "dist", "."], cwd=source, check=True)
    (built,) = (source / "dist").iterdir()
    return built


@dataclass(frozen=True)
class Installation:
    """An environment of its own that holds the package, and the folder it is used from."""

    bin: Path
    site_packages: Path
    folder: Path
    environment: dict[str, str]

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [self.bin / command[0], *command[1:]],
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )
        assert "Traceback" not in done.stderr, done.stderr
        assert self.imported() == []
        return done

    def imported(self) -> list[str]:
        """The strangers that were imported since the last call."""
        marks = list(self.folder.rglob("*.imported"))
        for mark in marks:
            mark.unlink()
        return [str(mark) for mark in marks]

    def attest(self, *arguments: str) -> str:
        """Run a command that succeeds; return what it prints on standard output."""
        done = self.run("attest", *arguments)
        assert done.returncode == 0, done.stderr
        return done.stdout


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """The wheel in a fresh environment that borrows the dependencies of this one, but those of ``bench``."""
    home = tmp_path_factory.mktemp("fresh")
    venv.create(home / "venv", symlinks=os.name != "nt")
    names = {"base": str(home / "venv"), "platbase": str(home / "venv")}
    scheme = sysconfig.get_preferred_scheme("prefix")
    folders = {key: Path(sysconfig.get_path(key, scheme, names)) for key in ("purelib", "scripts")}
    python = folders["scripts"] / Path(sys.executable).name
    if not python.exists():
        python = folders["scripts"] / "python"
    subprocess.run(
        [
            sys.executable,
            "-m",
            "pip",
            "--python",
            python,
            "install",
            "--quiet",
            "--no-deps",
            "--no-index",
            wheel,
        ],
        check=True,
    )
    # A folder that a .pth file names is searched, but .pth files in it, such as that of qa, are not read.
    borrowed = [path for path in sys.path if Path(path).name in {"site-packages", "dist-packages"}]
    (folders["purelib"] / "borrowed.pth").write_text("\n".join(borrowed), encoding="utf-8")
    for name in BENCH_ONLY:
        (folders["purelib"] / f"{name}.py").write_text(f"raise ModuleNotFoundError(name={name!r})")
    folder = home / "elsewhere"
    for name in STRANGERS:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(STRANGER)
    documents = home / "documents"
    documents.mkdir()
    (documents / "turbines.md").write_text(
        "Siemens installs four gas turbines in Navoi. They have 54 MW each."
    )
    (documents / "rail.csv").write_text("train,maker\nlocomotive,Alstom\n")
    environment = {
        key: value for key, value in os.environ.items() if not key.startswith(("ATTEST_", "PYTHON"))
    } | {
        "HOME": str(home),
        "XDG_DATA_HOME": str(home / "data"),
        "ATTEST_CACHE": str(Config().cache.absolute()),
        "ATTEST_MODEL": "none",
        "ATTEST_THRESHOLD": "0",
    }
    return Installation(folders["scripts"], folders["purelib"], folder, environment)


@pytest.fixture(scope="module")
def indexed(installed: Installation) -> Installation:
    """The installation after ``attest index`` of a folder."""
    installed.attest("index", str(installed.folder.parent / "documents"))
    return installed


@contextmanager
def serving(installed: Installation) -> Iterator[str]:
    """Run ``attest serve``; yield its address."""
    with subprocess.Popen(
        [installed.bin / "attest", "serve", "--port", "0"],
        cwd=installed.folder,
        env=installed.environment,
        stdout=subprocess.PIPE,
        text=True,
    ) as server:
        assert server.stdout
        try:
            said = server.stdout.readline()
            assert installed.imported() == []
            address = re.search(r"http://\S+", said)
            assert address, said
            yield address[0].rstrip("/")
        finally:
            server.terminate()


def names(requirements: list[str]) -> set[str]:
    return {canonicalize_name(Requirement(each).name) for each in requirements}


def closure(root: Requirement) -> set[str]:
    """The names of the distributions that ``root`` requires in this environment, itself left out."""
    waiting, seen = [(root.name, extra) for extra in ("", *root.extras)], set()
    while waiting:
        name, extra = waiting.pop()
        if (name, extra) in seen:
            continue
        seen.add((name, extra))
        for line in distribution(name).requires or ():
            needed = Requirement(line)
            if not needed.marker or needed.marker.evaluate({"extra": extra}):
                waiting += [(canonicalize_name(needed.name), each) for each in ("", *needed.extras)]
    return {name for name, _ in seen} - {canonicalize_name(root.name)}


def members(wheel: Path) -> set[str]:
    return {name for name in zipfile.ZipFile(wheel).namelist() if not name.endswith("/")}


def test_a_wheel_holds_the_package_and_its_metadata_alone(wheel: Path):
    assert {name.partition("/")[0] for name in members(wheel)} == {
        "qa",
        f"attest_qa-{PROJECT_VERSION}.dist-info",
    }


def test_a_wheel_holds_every_module_and_every_data_file(wheel: Path):
    here = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "qa").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert {name for name in members(wheel) if name.startswith("qa/")} == here
    data = {name for name in here if not name.endswith(".py")}
    assert {"qa/py.typed", "qa/weights.json", "qa/nlp/antonyms.tsv", "qa/llm/prompts/answer.txt"} <= data
    kinds = {".css", ".html", ".js", ".json", ".svg", ".tsv", ".txt", ".typed"}
    assert {Path(name).suffix for name in data} == kinds


def test_a_wheel_says_what_it_is(wheel: Path):
    archive = zipfile.ZipFile(wheel)
    info = f"attest_qa-{PROJECT_VERSION}.dist-info"
    metadata = message_from_string(archive.read(f"{info}/METADATA").decode())
    assert (metadata["Name"], metadata["License-Expression"]) == ("attest-qa", "Apache-2.0")
    assert "Typing :: Typed" in metadata.get_all("Classifier", [])
    assert archive.read(f"{info}/licenses/LICENSE") == (ROOT / "LICENSE").read_bytes()
    assert b"attest = qa.__main__:main" in archive.read(f"{info}/entry_points.txt")


def test_what_is_imported_is_what_was_installed(installed: Installation):
    said = installed.run("python", "-P", "-c", "import qa; print(qa.__file__)")
    assert Path(said.stdout.strip()) == installed.site_packages / "qa" / "__init__.py"
    own = {path.name for path in installed.site_packages.iterdir()}
    assert not own & {"app.py", "web", "eval", "corpus", "tests"}


def test_outside_a_checkout_the_index_is_among_the_users_data(indexed: Installation):
    record = json.loads(indexed.attest("status", "--json"))
    assert record["documents"] == 2
    assert Path(record["index"]).is_relative_to(indexed.folder.parent)
    assert not Path(record["index"]).is_relative_to(indexed.folder)
    assert (Path(record["index"]) / "CURRENT").is_file()
    assert record["index"] in indexed.attest("status")


def test_an_installed_package_answers_and_searches(indexed: Installation):
    answer = json.loads(indexed.attest("ask", "How many gas turbines does Siemens install?", "--json"))
    assert "four gas turbines" in answer["quotes"][0]["text"]
    assert "turbines.md" in indexed.attest("search", "gas turbines")


def test_an_installed_package_verifies_its_index(indexed: Installation):
    assert indexed.run("attest", "verify").returncode == 0


def test_an_installed_package_serves_the_page_and_the_api(indexed: Installation):
    with serving(indexed) as address:
        assert httpx.get(f"{address}/health", timeout=60).status_code == 200
        page = httpx.get(f"{address}/", timeout=120)
        assert (page.status_code, "Attest" in page.text) == (200, True)


def test_an_installed_package_measures_itself_on_a_file_of_questions(indexed: Installation, tmp_path: Path):
    questions = tmp_path / "questions.json"
    questions.write_text(json.dumps(SQUAD))
    out = tmp_path / "reports"
    table = indexed.attest("eval", "--dataset", str(questions), "--out", str(out))
    assert "answer accuracy" in table
    assert list(out.iterdir())


def test_an_installed_package_calibrates(installed: Installation):
    assert "--dataset" in installed.attest("calibrate", "--help")


def test_what_only_the_measurements_need_is_no_dependency():
    only = {canonicalize_name(name) for name in BENCH_ONLY}
    assert only <= names(EXTRAS["bench"])
    assert not names(EXTRAS["bench"]) & names(PROJECT["dependencies"])


def test_everything_declared_is_locked():
    declared = names([*PROJECT["dependencies"], *(each for extra in EXTRAS.values() for each in extra)])
    assert declared - {"attest-qa"} <= set(LOCK)


def test_everything_that_this_environment_brings_is_locked_in_its_version():
    """``make lock`` does it for every system and extra; this finds a lock that somebody forgot to renew."""
    versions = {
        name: Version(distribution(name).version).public for name in closure(Requirement("attest-qa[dev]"))
    }
    assert len(versions) > 150
    assert {name: LOCK.get(name) for name in versions} == versions


@pytest.mark.parametrize("page", ["CONTRIBUTING.md", "SECURITY.md", "docs/install.md", "docs/deployment.md"])
def test_every_file_that_a_page_names_is_there(page: str):
    text = (ROOT / page).read_text(encoding="utf-8")
    paths = set(re.findall(r"`((?:qa|eval|tests|docs)/[\w./-]+)`", text))
    paths |= {
        os.path.relpath((ROOT / page).parent / link, ROOT)
        for link in re.findall(r"\]\(([\w./-]+)(?:#[\w-]+)?\)", text)
    }
    assert paths
    assert [path for path in sorted(paths) if not (ROOT / path).exists()] == []


def test_the_hooks_before_a_commit_run_what_the_gate_runs():
    hooks = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))["repos"][0][
        "hooks"
    ]
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert [hook["entry"] for hook in hooks] == ["ruff format", "ruff check --fix", "mypy"]
    assert all(f"$(BIN)/{' '.join(hook['entry'].split()[:2])}" in makefile for hook in hooks)


def test_messages_name_this_package_and_not_a_strangers():
    told = [*(ROOT / "qa").rglob("*.py"), *ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]
    wrong = re.compile(r"(?<![\w-])attest\[|pip install '?attest(?!-qa)\b")
    assert [path for path in told if wrong.search(path.read_text(encoding="utf-8"))] == []
