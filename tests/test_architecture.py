"""The import rules of the design, read from the source."""

import ast
import fnmatch
import re
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.metadata import packages_distributions, requires
from pathlib import Path

import pytest

from tests.support.fakes import ROOT

MODULES = sorted(path.stem for path in (ROOT / "qa").glob("*.py"))
READERS = sorted(path.stem for path in (ROOT / "qa" / "readers").glob("*.py"))
SOURCES = sorted(
    [
        *(ROOT / "qa").glob("*.py"),
        *(ROOT / "qa" / "readers").glob("*.py"),
        *(ROOT / "qa" / "milvus").glob("*.py"),
        *(ROOT / "eval").rglob("*.py"),
        *(ROOT / "web").glob("*.py"),
        ROOT / "app.py",
    ]
)

STAGES = {
    *("documents", "chunking", "embedding", "bert", "dense", "lexical", "conversation", "hybrid", "evidence"),
    *("judging", "generation", "verification", "render", "local_model", "models"),
}
JOINERS = {
    "__main__",
    "index",
    "builds",
    "building",
    "updating",
    "copying",
    "state",
    "status",
    "unfinished",
    "lock",
    "ports",
    "joined",
    "recalling",
    "encoder",
    "alone",
    "workers",
    "speaker",
    "pipeline",
    "assemble",
    "cli",
    "commands",
}
PURE = {
    *("verification", "claims", "evidence", "signals", "render", "records"),
    *("schema", "sentences", "questions", "spelling", "tokens", "pairing", "relevance", "dating", "period"),
    *("export", "sheet", "checking", "markdown", "wording"),
}

HOMES = {
    "sentence_transformers": {"embedding"},
    "torch": {"embedding"},
    "transformers": {"embedding"},
    "safetensors": {"bert"},
    "tokenizers": {"bert"},
    "faiss": {"dense"},
    "bm25s": {"lexical"},
    "xllamacpp": {"local_model"},
    "huggingface_hub": {"models"},
    "sentencex": {"sentences"},
    "rapidfuzz": {"spelling"},
    "distributed": {"workers"},
    "Stemmer": {"terms"},
}
IMPURE = {
    *("os", "pathlib", "shutil", "tempfile", "subprocess", "socket", "threading", "time", "random"),
    *("httpx", "requests", "urllib", "langchain", "langchain_core", "langchain_openai", "numpy"),
    *(set(HOMES) - {"sentencex", "rapidfuzz", "Stemmer"}),
}


READER_HOMES = {
    "charset_normalizer": {"encoding"},
    "defusedxml": {"container"},
    "docx": {"word"},
    "lxml": {"markup", "word"},
    "openpyxl": {"sheets"},
    "pptx": {"slides"},
    "pypdfium2": {"portable", "scanned", "pictured"},
    "striprtf": {"rich"},
}
"""Libraries that read a format, and which readers know them."""


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def module(name: str) -> Path:
    return ROOT / "qa" / f"{name}.py"


def imports(path: Path) -> Iterator[str]:
    """The dotted names that a file imports, anywhere in it."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def packages(path: Path) -> set[str]:
    return {name.partition(".")[0] for name in imports(path)}


def own(name: str) -> set[str]:
    """The modules of ``qa`` that a module of ``qa`` imports."""
    parts = (found.split(".") for found in imports(module(name)))
    return {found[1] for found in parts if found[0] == "qa" and len(found) > 1 and found[1] in MODULES}


def reached(name: str) -> set[str]:
    """Those, those that they import, and so on."""
    found: set[str] = set()
    waiting = [name]
    while waiting:
        new = own(waiting.pop()) - found
        found |= new
        waiting += new
    return found


def reader(name: str) -> Path:
    return ROOT / "qa" / "readers" / f"{name}.py"


def calls(path: Path, name: str) -> list[int]:
    """Lines on which ``name(...)`` or ``something.name(...)`` is called."""
    called = [node.func for node in ast.walk(tree(path)) if isinstance(node, ast.Call)]
    return [each.lineno for each in called if name in {getattr(each, "id", ""), getattr(each, "attr", "")}]


@pytest.mark.parametrize("name", ["schema", "errors"])
def test_the_spine_imports_nothing_of_ours_and_nothing_heavy(name: str):
    assert own(name) == set()
    assert packages(module(name)) <= sys.stdlib_module_names


@pytest.mark.parametrize("name", sorted(PURE))
def test_a_pure_module_reaches_no_model_network_clock_or_disk(name: str):
    for each in {name} | reached(name):
        assert not packages(module(each)) & IMPURE, each
        assert not calls(module(each), "open"), each


@pytest.mark.parametrize("name", sorted(STAGES))
def test_a_stage_imports_no_other_stage(name: str):
    assert not own(name) & ((STAGES | JOINERS) - {name})


@pytest.mark.parametrize("name", MODULES)
def test_the_library_knows_no_program_that_uses_it(name: str):
    assert not packages(module(name)) & {"app", "eval", "web", "tests", "gradio", "pytest", "fakes"}


@pytest.mark.parametrize("name", ["access", "accounts", "api", "guard", "metrics"])
def test_what_is_served_without_the_page_knows_nothing_of_it(name: str):
    path = ROOT / "web" / f"{name}.py"
    assert "gradio" not in packages(path)
    assert not set(imports(path)) & {"qa.web.ui.page", "qa.web.server", "qa.web.mcp"}


@pytest.mark.parametrize("library", sorted(HOMES))
def test_a_heavy_library_has_one_home(library: str):
    assert {name for name in MODULES if library in packages(module(name))} == HOMES[library]


@pytest.mark.parametrize("library", sorted(READER_HOMES))
def test_a_library_that_reads_a_format_is_known_to_its_readers_alone(library: str):
    knowing = {name for name in READERS if library in packages(reader(name))}
    assert knowing == READER_HOMES[library]
    assert not [name for name in MODULES if library in packages(module(name))]


def test_milvus_is_known_to_its_folder_alone():
    """Who has the index in a folder needs no client of it."""
    knowing = {path for path in SOURCES if packages(path) & {"pymilvus", "grpc"}}
    assert {path.parent for path in knowing} == {ROOT / "qa" / "milvus"}
    others = [path for path in SOURCES if path.parent != ROOT / "qa" / "milvus"]
    assert not [path for path in others if any(name.startswith("qa.milvus") for name in imports(path))]


@pytest.mark.parametrize("name", sorted(set(READERS) - {"__init__", "__main__", "apart", "scanned"}))
def test_a_reader_is_a_function_of_bytes(name: str):
    """It reaches no disk, network, clock or model, and of Attest only errors, values and other readers."""
    path = reader(name)
    ours = {found for found in imports(path) if found.startswith("qa.")}
    assert all(found.startswith(("qa.readers.", "qa.errors", "qa.schema")) for found in ours)
    assert not packages(path) & (IMPURE - {"urllib"})
    assert not {"urllib.request", "urllib.error"} & set(imports(path))
    assert not calls(path, "open")


def test_reading_is_ready_before_any_format_is():
    """Who indexes plain text waits for no library of another format."""
    slow = set(READER_HOMES) - {"charset_normalizer"}
    assert not [name for name in ("__init__", "apart", "base", "plain") if slow & packages(reader(name))]


@pytest.mark.parametrize("name", MODULES)
def test_no_imports_go_in_a_circle(name: str):
    assert name not in reached(name)


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_only_verification_makes_an_answer(path: Path):
    assert bool(calls(path, "Answer")) == (path == module("verification"))


@pytest.mark.parametrize("name", sorted(set(MODULES) - {"cli", "commands"}))
def test_only_the_command_line_prints(name: str):
    assert not calls(module(name), "print")


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_no_failure_is_swallowed(path: Path):
    """A broad ``except`` ends in ``raise``, or says what happened in the log."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.ExceptHandler) and _broad(node):
            said = any(ast.unparse(inner).startswith("log.") for inner in node.body)
            assert said or isinstance(node.body[-1], ast.Raise), node.lineno


def _broad(handler: ast.ExceptHandler) -> bool:
    return handler.type is None or ast.unparse(handler.type) in {"Exception", "BaseException"}


def test_every_file_that_is_read_is_shipped():
    shipped = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]["package-data"]
    for package in ("qa", "eval", "web"):
        folder = ROOT / package
        data = [p for p in folder.rglob("*") if p.is_file() and p.suffix not in {".py", ".pyc"}]
        missing = [
            path.relative_to(ROOT).as_posix()
            for path in data
            if not any(fnmatch.fnmatch(path.relative_to(folder).as_posix(), p) for p in shipped[package])
        ]
        assert missing == []


def test_every_library_that_is_imported_is_declared():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    declared = [
        *project["dependencies"],
        *(name for extra in ("milvus", "dask") for name in project["optional-dependencies"][extra]),
    ]
    known = {_plain(re.split(r"[^\w.-]", name)[0]) for name in declared}
    known |= {_plain(re.split(r"[^\w.-]", needed)[0]) for name in known for needed in requires(name) or ()}
    homes = packages_distributions()
    imported = set().union(*(packages(path) for path in SOURCES)) - set(sys.stdlib_module_names)
    assert not [
        package
        for package in imported - {"qa", "eval", "web", "app"}
        if not {_plain(home) for home in homes[package]} & known
    ]


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
