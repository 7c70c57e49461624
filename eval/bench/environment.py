"""What a measurement ran on, and the memory a process has."""

import datetime
import os
import platform
import resource
import sys
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

PACKAGES = (
    *("torch", "transformers", "sentence-transformers", "faiss-cpu", "bm25s", "numpy"),
    *("langchain-core", "langchain-community", "langchain-huggingface"),
)
"""What decides the speed, and what the chain that Attest is compared with would be made of."""


@dataclass(frozen=True, slots=True)
class Machine:
    """The hardware and the versions behind a measurement, and its day."""

    processor: str
    cores: int
    """Those this process may use."""
    memory: float
    """GiB."""
    system: str
    versions: tuple[str, ...]
    """``package version``, or ``package not installed``."""
    date: str


def this_machine() -> Machine:
    """The machine this process runs on, today."""
    pages, size = os.sysconf("SC_PHYS_PAGES"), os.sysconf("SC_PAGE_SIZE")
    python = f"Python {platform.python_version()}"
    return Machine(
        processor=_processor(),
        cores=len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1,
        memory=pages * size / 2**30,
        system=f"{platform.system()} {platform.release()}",
        versions=(python, *(_version(name) for name in PACKAGES)),
        date=datetime.datetime.now().astimezone().date().isoformat(),
    )


def resident() -> int:
    """Bytes of memory this process has now, mapped files included as far as they were read.

    Where the system does not tell, the most it ever had.
    """
    try:
        status = Path("/proc/self/status").read_text(encoding="ascii")
    except OSError:
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return most if sys.platform == "darwin" else most * 1024
    (line,) = (line for line in status.splitlines() if line.startswith("VmRSS:"))
    return int(line.split()[1]) * 1024


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
