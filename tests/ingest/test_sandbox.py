"""Processes that read files: each file within bounds, whatever happened to the one before it."""

import subprocess
import sys

import psutil
import pytest

from qa.errors import UserError
from qa.ingest.readers.base import TOO_MUCH_MEMORY
from qa.ingest.readers.sandbox import FILES_EACH, read_in_sandbox, reuse_processes
from tests.support import sample_files

PAGE = sample_files.page()

NOT_ENOUGH = 1_000_000
"""Bytes in which no process can read anything."""

ORPHAN = """
import os, signal
import psutil
from qa.ingest.readers.sandbox import read_in_sandbox, reuse_processes
with reuse_processes():
    read_in_sandbox(b"a,b\\n1,2\\n", "a.csv")
    print(*(child.pid for child in psutil.Process().children()), flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
"""


def readers() -> list[psutil.Process]:
    """The processes that read for this one."""
    return [
        child for child in psutil.Process().children() if "qa.ingest.readers" in " ".join(child.cmdline())
    ]


def test_one_process_reads_many_files_and_ends_with_the_context():
    with reuse_processes():
        used = set()
        for _ in range(5):
            read_in_sandbox(PAGE, "a.html")
            used |= {reader.pid for reader in readers()}
    assert len(used) == 1
    assert not readers()


def test_a_process_is_replaced_after_so_many_files():
    with reuse_processes():
        used = set()
        for _ in range(FILES_EACH + 1):
            read_in_sandbox(b"a,b\n1,2\n", "a.csv")
            used |= {reader.pid for reader in readers()}
    assert len(used) == 2


def test_without_a_context_no_process_stays():
    read_in_sandbox(PAGE, "a.html")
    assert not readers()


def test_a_context_inside_another_leaves_its_process():
    with reuse_processes():
        with reuse_processes():
            read_in_sandbox(PAGE, "a.html")
        assert len(readers()) == 1


def test_a_process_that_has_died_takes_no_file_with_it():
    with reuse_processes():
        read_in_sandbox(PAGE, "a.html")
        (reader,) = readers()
        reader.kill()
        reader.wait(10)
        assert read_in_sandbox(PAGE, "a.html").pieces


@pytest.mark.parametrize(
    ("bounds", "reason"),
    [({"seconds": 0.001}, "takes longer than"), ({"memory": NOT_ENOUGH}, "it is damaged|too much memory")],
)
def test_a_file_beyond_its_bounds_leaves_the_others(bounds: dict[str, float], reason: str):
    book = sample_files.columns(pages=40)  # takes far longer than a thousandth of a second
    with reuse_processes():
        read_in_sandbox(PAGE, "a.html")
        with pytest.raises(UserError, match=reason):
            read_in_sandbox(book, "a.pdf", **bounds)
        assert read_in_sandbox(PAGE, "a.html").pieces


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux refuses address space")
def test_every_file_has_the_memory_of_a_new_process():
    memory = 600 * 1024**2
    with reuse_processes():
        for _ in range(3):
            assert read_in_sandbox(PAGE, "a.html", memory=memory).pieces
            with pytest.raises(UserError, match=TOO_MUCH_MEMORY):
                read_in_sandbox(b"a" * memory, "a.csv", memory=memory)


def test_processes_end_when_the_one_that_asks_them_is_killed():
    killed = subprocess.run(
        [sys.executable, "-c", ORPHAN], capture_output=True, text=True, timeout=60, check=False
    )
    (reader,) = map(int, killed.stdout.split())
    if psutil.pid_exists(reader):
        psutil.wait_procs([psutil.Process(reader)], timeout=10)
    assert not psutil.pid_exists(reader)
