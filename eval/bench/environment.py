"""The machine of a measurement, and the memory of a process."""

import datetime
import platform
import sys
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import psutil

from qa.concurrency import usable_cores

PACKAGES = (
    *("torch", "transformers", "sentence-transformers", "faiss-cpu", "bm25s", "numpy"),
    *("langchain-core", "langchain-community", "langchain-huggingface"),
)
"""The packages that decide the speed, of Attest and of the chain that it is compared with."""


@dataclass(frozen=True, slots=True)
class Machine:
    """The hardware and the versions behind a measurement, and its date."""

    processor: str
    cores: int
    """The number of cores that this process may use."""
    memory: float
    """GiB."""
    system: str
    versions: tuple[str, ...]
    """``package version``, or ``package not installed``."""
    date: str


def this_machine() -> Machine:
    """Return the machine that this process runs on, with today's date."""
    python = f"Python {platform.python_version()}"
    return Machine(
        processor=_processor(),
        cores=usable_cores(),
        memory=psutil.virtual_memory().total / 2**30,
        system=f"{platform.system()} {platform.release()}",
        versions=(python, *(_version(name) for name in PACKAGES)),
        date=datetime.datetime.now().astimezone().date().isoformat(),
    )


def resident_bytes() -> int:
    """Return the bytes of memory that this process has, including mapped files as far as they were read."""
    return int(psutil.Process().memory_info().rss)


def peak_bytes() -> int:
    """Return the most memory that this process had at any time, in bytes."""
    if sys.platform == "win32":
        return int(psutil.Process().memory_info().peak_wset)
    import resource

    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most * 1024


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def _version(package: str) -> str:
    try:
        return f"{package} {version(package)}"
    except PackageNotFoundError:
        return f"{package} not installed"
