"""Documents in older formats, and in those of other programs, read through LibreOffice where it is installed.

LibreOffice runs as a program with a profile of its own, without macros, without following links and without a
network, and is ended with everything it started when its time is up.
"""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory

from qa.errors import UserError
from qa.ingest.readers.base import MAX_BYTES, NEEDS_OFFICE, FileContent

SECONDS = 120.0
"""The time limit of a conversion, less than the sandbox has for a file. A document takes a few seconds."""

_TO_DOCX = frozenset({".doc", ".dot", ".pages", ".sxw", ".wpd", ".wps"})
_TO_XLSX = frozenset({".numbers", ".sxc", ".xls", ".xlsb", ".xlsm", ".xlt"})
_TO_PPTX = frozenset({".key", ".pps", ".ppt", ".sxi"})
ENDINGS: Mapping[str, str] = (
    dict.fromkeys(_TO_DOCX, "docx") | dict.fromkeys(_TO_XLSX, "xlsx") | dict.fromkeys(_TO_PPTX, "pptx")
)
"""The format that a file is converted to, by its ending."""

_OLE, _ZIP, _WORD_PERFECT = b"\xd0\xcf\x11\xe0", b"PK\x03\x04", b"\xffWPC"
_STARTS = (_OLE, _ZIP, _WORD_PERFECT)
"""The first bytes of the files that LibreOffice is given. It would open others as well, such as web pages."""

_IN_DISGUISE = {b"{\\rtf": "rtf", b"<": "html"}
"""The first bytes of files that programs gave the ending of an older format, and what reads them."""

_ELSEWHERE = (
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
    "C:\\Program Files\\LibreOffice\\program\\soffice.exe",
)
"""The places where LibreOffice installs itself on macOS and Windows, outside the path."""

_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">{}</oor:items>"""
_SETTING = (
    '<item oor:path="/org.openoffice.{}"><prop oor:name="{}" oor:op="fuse"><value>{}</value></prop></item>'
)
_CLOSED = (
    ("Office.Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("Office.Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("Office.Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("Office.Common/Security/Scripting", "DisableActiveContent", "true"),
    ("Office.Writer/Content/Update", "Link", "0"),
    ("Office.Calc/Content/Update", "Link", "2"),
    # Requests go to a proxy that is not there: port 9 of this machine discards what it gets.
    ("Inet/Settings", "ooInetProxyType", "2"),
    ("Inet/Settings", "ooInetHTTPProxyName", "127.0.0.1"),
    ("Inet/Settings", "ooInetHTTPProxyPort", "9"),
    ("Inet/Settings", "ooInetHTTPSProxyName", "127.0.0.1"),
    ("Inet/Settings", "ooInetHTTPSProxyPort", "9"),
    ("Inet/Settings", "ooInetNoProxy", ""),
)
"""LibreOffice's settings, in its own names: no macros, no links, no network."""


def read(data: bytes, name: str) -> FileContent:
    """Return what the reader of the newer format returns for the converted file.

    Raises:
        UserError: LibreOffice is not installed, or cannot convert the file within the limits.
        ValueError: it is not in the format of its ending.
    """
    ending = f".{name.lower().rpartition('.')[2]}"
    newer = ENDINGS[ending]
    for start, module in _IN_DISGUISE.items():
        if data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(start):
            return _reader(module)(data, name)
    if data.startswith(_ZIP) and ending in {".doc", ".xls", ".ppt"}:
        return _reader(newer)(data, name)
    if not data.startswith(_STARTS):
        raise ValueError("it does not begin like a file of its format")
    return _reader(newer)(_convert(data, ending, newer), f"{name}.{newer}")


def _reader(module: str) -> Callable[[bytes, str], FileContent]:
    reader: Callable[[bytes, str], FileContent] = import_module(f"qa.ingest.readers.{module}").read
    return reader


def _convert(data: bytes, ending: str, newer: str) -> bytes:
    """Return the file in a newer format."""
    office = _find_office()
    if office is None:
        raise UserError(NEEDS_OFFICE)
    with TemporaryDirectory(prefix="attest-", ignore_cleanup_errors=True) as folder:
        home = Path(folder)
        (home / "profile/user").mkdir(parents=True)
        settings = "".join(_SETTING.format(*each) for each in _CLOSED)
        (home / "profile/user/registrymodifications.xcu").write_text(_SETTINGS.format(settings), "utf-8")
        (home / f"file{ending}").write_bytes(data)
        command = [
            *(office, f"-env:UserInstallation={(home / 'profile').as_uri()}"),
            *("--headless", "--norestore", "--nolockcheck", "--nologo", "--nodefault"),
            *("--convert-to", newer, "--outdir", str(home), str(home / f"file{ending}")),
        ]
        with _running(command, home) as process:
            try:
                process.wait(SECONDS)
            except subprocess.TimeoutExpired as error:
                raise UserError(f"converting it takes longer than {SECONDS:g} seconds; split it") from error
        converted = home / f"file.{newer}"
        if not converted.is_file() or converted.stat().st_size > MAX_BYTES:
            raise UserError("LibreOffice cannot convert it: it is damaged, or locked with a password")
        return converted.read_bytes()


def _find_office() -> str | None:
    found = shutil.which("soffice") or shutil.which("libreoffice")
    return found or next((path for path in _ELSEWHERE if Path(path).is_file()), None)


@contextmanager
def _running(command: list[str], home: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run a program in a session of its own, which is ended as a whole: LibreOffice starts others."""
    nobody = {f"{each}_proxy": "http://127.0.0.1:9" for each in ("http", "https", "ftp", "all")}
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=os.environ | nobody | {"HOME": str(home), "no_proxy": ""},
        start_new_session=True,
    )
    try:
        _limit_time(process.pid)
        yield process
    finally:
        if sys.platform == "win32":
            subprocess.run(
                ["taskkill", "/F", "/T", "/PID", str(process.pid)], capture_output=True, check=False
            )
        else:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _limit_time(process: int) -> None:
    """Let Linux end a process that has just begun, and what it starts, by itself, should whoever waits for it
    be ended first.
    """
    if sys.platform == "linux":
        # Python may lack the module; the process may have ended, or be root's, as those that Snap starts.
        with suppress(ImportError, OSError):
            import resource

            resource.prlimit(process, resource.RLIMIT_CPU, (int(SECONDS) + 1, int(SECONDS) + 1))
