"""The import rules, read from the source: one ordered table says which package may import which."""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.metadata import packages_distributions, requires
from pathlib import Path

import pytest

from tests.support.fakes import ROOT

IMPORTS: dict[str, str] = {
    "qa.errors": "",
    "qa.schema": "",
    "qa.concurrency": "errors",
    "qa.json_lines": "",
    "qa.loopback": "",
    "qa.weights": "",
    "qa.model_files": "errors",
    "qa.config": "errors concurrency",
    "qa.settings_file": "errors config",
    "qa.nlp": "errors schema",
    "qa.embedding": "errors concurrency model_files",
    "qa.ingest": "errors schema concurrency nlp",
    "qa.llm": "errors schema nlp loopback model_files",
    "qa.query": "errors schema nlp llm",
    "qa.quantities": "nlp query",
    "qa.index": "errors schema concurrency nlp query embedding ingest",
    "qa.retrieval": "schema weights nlp embedding ingest query",
    "qa.answering": "errors schema weights nlp llm query",
    "qa.verification": "errors schema nlp query quantities",
    "qa.changes": "errors schema nlp index",
    "qa.mentions": "schema nlp query quantities retrieval verification",
    "qa.conflicts": "schema nlp query quantities retrieval",
    "qa.export": "errors schema verification mentions conflicts",
    "qa.figures": "schema nlp query quantities retrieval",
    "qa.overview": "schema nlp retrieval verification",
    "qa.pipeline": (
        "errors schema concurrency weights nlp embedding query retrieval answering verification "
        "mentions conflicts figures overview"
    ),
    "qa.grid": "errors schema concurrency json_lines query verification export pipeline",
    "qa.runtime": "errors embedding index pipeline",
    "qa.uploads": "errors schema concurrency ingest query index pipeline runtime",
    "qa.tracking": (
        "errors schema weights nlp embedding query index retrieval export pipeline runtime uploads"
    ),
    "qa.storage": "errors config embedding index uploads",
    "qa.calibrations": "weights config embedding answering verification",
    "qa.assemble": (
        "errors concurrency weights config nlp query embedding ingest llm index retrieval "
        "pipeline runtime uploads storage calibrations tracking"
    ),
    "qa.python": (
        "errors schema concurrency config nlp query ingest retrieval changes mentions conflicts pipeline "
        "grid runtime storage tracking assemble"
    ),
    "qa.evaluation": (
        "errors schema weights config nlp embedding ingest query index retrieval answering "
        "verification pipeline storage calibrations assemble"
    ),
    "qa.web": (
        "errors schema concurrency json_lines loopback config settings_file nlp query embedding ingest llm "
        "index verification changes mentions conflicts overview export pipeline grid runtime tracking "
        "uploads storage calibrations assemble"
    ),
    "qa.cli": (
        "errors schema concurrency model_files config settings_file nlp query embedding ingest llm index "
        "changes mentions conflicts export pipeline grid uploads storage tracking assemble evaluation web"
    ),
    "qa.__main__": "cli",
    "app": "cli",
    "eval": (
        "errors schema concurrency weights config nlp embedding ingest llm query index retrieval answering "
        "verification mentions conflicts figures pipeline storage calibrations tracking assemble evaluation "
        "web cli"
    ),
}
"""Every package and single module, in the order in which data travels, with what it may import of the others:
only what stands above it. ``qa`` itself, which holds the version and the names for programs, may be imported
by all."""

HOMES = {
    "sentence_transformers": {"qa.embedding.sentence_transformer", "qa.answering.cross_encoder"},
    "torch": {
        *("qa.embedding.linear", "qa.embedding.torch_bert", "qa.embedding.sentence_transformer"),
        "qa.answering.cross_encoder",
    },
    "transformers": {"qa.embedding.sentence_transformer"},
    "safetensors": {"qa.embedding.numpy_bert", "qa.embedding.torch_bert"},
    "sentencepiece": {"qa.embedding.tokenizer"},
    "tokenizers": {"qa.embedding.tokenizer"},
    "anyascii": {"qa.nlp.name_matching"},
    "babel": {
        "qa.nlp.dimensions",
        "qa.nlp.locales",
        "qa.nlp.name_matching",
        "qa.nlp.period_forms",
        "qa.overview.words",
        "qa.quantities.cldr",
    },
    "bibtexparser": {"qa.export.bibliography"},
    "rispy": {"qa.export.bibliography"},
    "docx": {"qa.export.word", "qa.export.word_footnotes"},
    "faiss": {"qa.index.dense"},
    "bm25s": {"qa.index.lexical"},
    "xllamacpp": {"qa.llm.llama_cpp"},
    "huggingface_hub": {"qa.model_files"},
    "py3langid": {"qa.nlp.language"},
    "sentencex": {"qa.nlp.sentences"},
    "stop_words": {"qa.nlp.stopwords"},
    "matplotlib": {"qa.evaluation.plots"},
    "rapidfuzz": {
        "qa.changes.sentences",
        "qa.nlp.name_matching",
        "qa.query.spelling",
        "qa.retrieval.evidence",
    },
    "spellchecker": {"qa.nlp.dictionary"},
    "text_to_num": {"qa.quantities.quantities"},
    "distributed": {"qa.index.update.workers.dask"},
    "Stemmer": {"qa.nlp.terms"},
    "charset_normalizer": {"qa.ingest.readers.encoding"},
    "defusedxml": {"qa.ingest.readers.safe_zip"},
    "docutils": {"qa.ingest.readers.rst_tables"},
    "olefile": {"qa.ingest.readers.msg"},
    "openpyxl": {"qa.ingest.readers.xlsx", "qa.export.mentions", "qa.export.spreadsheet", "qa.grid.export"},
    "pylatexenc": {"qa.ingest.readers.latex"},
    "pypdfium2": {
        f"qa.ingest.readers.{each}"
        for each in (
            "pdf",
            "pdf_chars",
            "pdf_forms",
            "pdf_image",
            "pdf_metadata",
            "pdf_ocr",
            "pdf_rules",
        )
    },
}
"""Libraries that are heavy or read one format, and the only modules of ``qa`` that import them."""

FOLDER_HOMES = {
    "gradio": "qa.web",
    "lxml": "qa.ingest.readers",
    "pymilvus": "qa.index.stores.milvus",
    "grpc": "qa.index.stores.milvus",
}
"""The same, where a package is the home."""

PURE = (
    "qa.schema",
    "qa.nlp",
    "qa.mentions.absence",
    "qa.mentions.base",
    "qa.mentions.listing",
    "qa.mentions.text",
    "qa.mentions.variants",
    "qa.mentions.wording",
    "qa.query.courtesy",
    "qa.query.document_filter",
    "qa.query.types",
    "qa.query.decompose",
    "qa.query.financial_statements",
    "qa.query.answer_type",
    "qa.query.asked_row",
    "qa.query.place",
    "qa.query.spelling",
    "qa.query.validation",
    "qa.quantities",
    "qa.retrieval.ambiguity",
    "qa.retrieval.document_date",
    "qa.retrieval.evidence",
    "qa.retrieval.features",
    "qa.retrieval.labelled_value",
    "qa.retrieval.named_document",
    "qa.retrieval.phrases",
    "qa.retrieval.signals",
    "qa.overview",
    "qa.verification",
    "qa.conflicts",
    "qa.figures",
    "qa.export",
    "qa.web.addresses",
    "qa.web.ui.answer_html",
    "qa.web.ui.document_html",
    "qa.web.ui.exchange_html",
    "qa.web.ui.frames",
    "qa.web.ui.quotes_html",
    "qa.web.ui.table_html",
    "qa.web.ui.wording",
)
"""What reaches no model, network, clock or disk, itself or through what it imports."""

_WRITE = {"bibtexparser", "docx", "openpyxl", "rispy"}
"""Libraries that are given values and return the content of a file."""

IMPURE = {
    *("os", "pathlib", "shutil", "tempfile", "subprocess", "socket", "threading", "time", "random"),
    *("httpx", "requests", "urllib", "langchain", "langchain_core", "langchain_openai", "numpy"),
    *(
        set(HOMES)
        - {
            "anyascii",
            "babel",
            "py3langid",
            "sentencex",
            "spellchecker",
            "stop_words",
            "rapidfuzz",
            "Stemmer",
            "text_to_num",
        }
        - _WRITE
    ),
}


def _modules() -> dict[str, Path]:
    paths = [*(ROOT / "qa").rglob("*.py"), *(ROOT / "eval").rglob("*.py"), ROOT / "app.py"]
    names = {".".join(path.relative_to(ROOT).with_suffix("").parts): path for path in paths}
    return {name.removesuffix(".__init__"): path for name, path in sorted(names.items())}


MODULES = _modules()


@cache
def tree(name: str) -> ast.Module:
    return ast.parse(MODULES[name].read_text(encoding="utf-8"))


def _found(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom) and node.module:
        yield node.module
        yield from (f"{node.module}.{alias.name}" for alias in node.names)


@cache
def imports(name: str) -> frozenset[str]:
    """The dotted names that a module imports, anywhere in it."""
    return frozenset(each for node in ast.walk(tree(name)) for each in _found(node))


def libraries(name: str) -> set[str]:
    return {each.partition(".")[0] for each in imports(name)}


@cache
def own(name: str) -> frozenset[str]:
    """The project's modules that a module imports. A package counts where it is more than a path; ``qa`` does
    not, because it imports nothing until one of its names is used.
    """
    found = imports(name) & MODULES.keys()
    paths = {each for each in found if any(other.startswith(f"{each}.") for other in found)}
    return frozenset(found - paths - {name, "qa"})


@cache
def reached(name: str) -> frozenset[str]:
    """Those, those that they import, and so on."""
    found: set[str] = set()
    waiting = [name]
    while waiting:
        new = own(waiting.pop()) - found
        found |= new
        waiting += new
    return frozenset(found)


def within(package: str) -> list[str]:
    """The modules of a package, or the module of that name: at least one, so that no rule is empty."""
    found = [name for name in MODULES if name == package or name.startswith(f"{package}.")]
    assert found, f"no module is called {package}, and none stands in it"
    return found


def row(name: str) -> str:
    """The row of the table in which a module stands; empty for none."""
    return next((row for row in IMPORTS if name == row or name.startswith(f"{row}.")), "")


def calls(name: str, called: str) -> list[int]:
    """Lines on which ``called(...)`` or ``something.called(...)`` is called."""
    found = [node.func for node in ast.walk(tree(name)) if isinstance(node, ast.Call)]
    return [each.lineno for each in found if called in {getattr(each, "id", ""), getattr(each, "attr", "")}]


def test_every_module_stands_in_the_table():
    assert [name for name in MODULES if name != "qa" and not row(name)] == []
    assert len(within("qa")) > 100  # the folders were really looked through


@pytest.mark.parametrize("package", IMPORTS)
def test_a_package_imports_only_what_the_table_allows(package: str):
    allowed = {each if each in IMPORTS else f"qa.{each}" for each in IMPORTS[package].split()}
    above = list(IMPORTS)[: list(IMPORTS).index(package)]
    assert allowed <= set(above), "no import runs back up"
    for name in within(package):
        rows = {row(each) for each in own(name) if each != "qa"} - {package}
        assert rows <= allowed, name


@pytest.mark.parametrize("package", IMPORTS)
def test_the_table_allows_nothing_that_is_not_needed(package: str):
    used = {row(each) for name in within(package) for each in own(name)}
    assert not [each for each in IMPORTS[package].split() if f"qa.{each}" not in used]


def test_no_imports_go_in_a_circle():
    assert [name for name in MODULES if name in reached(name)] == []


@pytest.mark.parametrize("name", ["qa.schema", "qa.errors"])
def test_the_spine_needs_the_standard_library_alone(name: str):
    for each in within(name):
        assert libraries(each) - {"qa"} <= sys.stdlib_module_names
        assert {row(other) for other in own(each)} <= {name}


@pytest.mark.parametrize("package", PURE)
def test_a_pure_module_reaches_no_model_network_clock_or_disk(package: str):
    for name in within(package):
        for each in {name} | reached(name):
            assert not libraries(each) & IMPURE, f"{name} reaches {each}"
            assert not calls(each, "open"), f"{name} reaches {each}"


@pytest.mark.parametrize("package", ["qa.web.api", "qa.web.security", "qa.web.metrics"])
def test_what_is_served_without_the_page_knows_nothing_of_it(package: str):
    for name in within(package):
        assert "gradio" not in libraries(name)
        assert not [
            each for each in own(name) if each.startswith(("qa.web.ui", "qa.web.server", "qa.web.mcp"))
        ]


@pytest.mark.parametrize("library", HOMES)
def test_a_heavy_library_has_one_home(library: str):
    assert {name for name in within("qa") if library in libraries(name)} == HOMES[library]


@pytest.mark.parametrize("library", FOLDER_HOMES)
def test_a_library_of_a_package_is_known_to_that_package_alone(library: str):
    home = set(within(FOLDER_HOMES[library]))
    knowing = {name for name in MODULES if library in libraries(name)}
    assert knowing
    assert knowing <= home


PATCHES = "qa.web.ui.gradio_patches"
"""The only module that knows what Gradio does not document."""

GRADIO_INTERNALS = {"max_threads", "has_launched", "uploaded_file_dir"}


def test_only_its_patches_import_modules_of_gradio():
    inside = {name for name in MODULES if any(each.startswith("gradio.") for each in imports(name))}
    assert inside == {PATCHES}


@pytest.mark.parametrize("attribute", sorted(GRADIO_INTERNALS))
def test_only_its_patches_touch_the_internals_of_gradio(attribute: str):
    touching = {
        name
        for name in within("qa")
        for node in ast.walk(tree(name))
        if isinstance(node, ast.Attribute) and node.attr == attribute
    }
    assert touching == {PATCHES}


def test_who_has_the_index_in_a_folder_needs_no_client_of_milvus():
    milvus = "qa.index.stores.milvus"
    others = set(MODULES) - set(within(milvus))
    assert not [name for name in others if any(each.startswith(milvus) for each in own(name))]


READERS = sorted(
    set(within("qa.ingest.readers"))
    - {
        f"qa.ingest.readers{each}"
        for each in ("", ".__main__", ".sandbox", ".converted", ".ocr", ".pdf_ocr", ".picture_ocr")
    }
)


@pytest.mark.parametrize("name", READERS)
def test_a_reader_is_a_function_of_bytes(name: str):
    """It reaches no disk, network, clock or model, and of Attest only errors, values and other readers."""
    assert all(each.startswith(("qa.ingest.readers.", "qa.errors", "qa.schema")) for each in own(name))
    assert not libraries(name) & (IMPURE - {"urllib"} - _READ_A_FORMAT)
    assert not {"urllib.request", "urllib.error"} & imports(name)
    assert not calls(name, "open")


_READ_A_FORMAT = {library for library, homes in HOMES.items() if homes & set(within("qa.ingest.readers"))}


def test_reading_is_ready_before_any_format_is():
    """Who indexes plain text waits for no library of another format."""
    slow = _READ_A_FORMAT - {"charset_normalizer"}
    first = [f"qa.ingest.readers{each}" for each in ("", ".sandbox", ".base", ".text")]
    assert not [name for name in first if slow & libraries(name)]


def test_only_verification_makes_an_answer():
    assert [name for name in MODULES if calls(name, "Answer")] == ["qa.verification.verify"]


def test_only_the_command_line_prints():
    assert [name for name in set(within("qa")) - set(within("qa.cli")) if calls(name, "print")] == []


def test_no_failure_is_swallowed():
    """A broad ``except`` ends in ``raise``, or says what happened in the log."""
    swallowing = [
        f"{name}:{node.lineno}"
        for name in MODULES
        for node in ast.walk(tree(name))
        if isinstance(node, ast.ExceptHandler) and _broad(node) and not _tells(node)
    ]
    assert swallowing == []


def _broad(handler: ast.ExceptHandler) -> bool:
    return handler.type is None or ast.unparse(handler.type) in {"Exception", "BaseException"}


def _tells(handler: ast.ExceptHandler) -> bool:
    logs = any(ast.unparse(inner).startswith("log.") for inner in handler.body)
    return logs or isinstance(handler.body[-1], ast.Raise)


def test_a_package_says_what_goes_in_and_what_comes_out():
    packages = [name for name, path in MODULES.items() if path.name == "__init__.py" and name != "qa"]
    said = {name: ast.get_docstring(tree(name)) or "" for name in packages}
    assert {name: text for name, text in said.items() if len(re.findall(r"[.!?](?:\s|$)", text)) < 2} == {}


def test_every_library_that_is_imported_is_declared():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    for_users = {"milvus", "dask"}
    everything = [*project["dependencies"], *(each for name in for_users for each in extras[name])]
    assert not _undeclared(within("qa"), everything)
    assert not _undeclared(within("eval"), [*everything, *extras["bench"]])


def _undeclared(names: list[str], declared: list[str]) -> list[str]:
    known = {_plain(re.split(r"[^\w.-]", each)[0]) for each in declared}
    known |= {_plain(re.split(r"[^\w.-]", needed)[0]) for each in known for needed in requires(each) or ()}
    homes = packages_distributions()
    imported = set().union(*(libraries(name) for name in names)) - set(sys.stdlib_module_names)
    return [
        library
        for library in sorted(imported - {"qa", "eval", "app"})
        if not {_plain(home) for home in homes[library]} & known
    ]


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
