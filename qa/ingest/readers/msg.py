"""E-mails, appointments and notes that Outlook saved (MSG): OLE files of numbered properties, as described by
MS-OXMSG and MS-OXPROPS.
"""

import datetime
import struct
from collections.abc import Iterator

from olefile import STGTY_STREAM, OleFileIO

from qa.ingest.readers.archive import Member
from qa.ingest.readers.base import MAX_BYTES, FileContent
from qa.ingest.readers.encoding import decode
from qa.ingest.readers.html import html_pieces
from qa.ingest.readers.mail import MAX_DEPTH, Attachment, Mail, mail_content, mail_members

_SUBJECT, _BODY, _HTML, _TO, _CC = "0037", "1000", "1013", "0E04", "0E03"
_SENDER, _ADDRESS, _SMTP_ADDRESS = "0C1A", "0C1F", "5D01"
_FILE_NAMES = ("3707", "3704", "3001")
_FILE_DATA, _FILE_KIND, _CONTENT_ID = "3701", "370E", "3712"
_SENT, _RECEIVED, _CODE_PAGE, _HIDDEN = 0x0039, 0x0E06, 0x3FDE, 0x7FFE
_ROOT_HEADER, _MAIL_HEADER, _ATTACHMENT_HEADER = 32, 24, 8
"""Bytes before the first property in a stream of them."""

_PROPERTIES = "__properties_version1.0"
"""The stream of the properties of fixed length."""

_Path = tuple[str, ...]

_EPOCH = datetime.datetime(1601, 1, 1, tzinfo=datetime.UTC)
"""From which Windows counts, in tenths of a microsecond."""


def read(data: bytes, name: str) -> FileContent:
    """Return pieces for the subject, the other visible headers, the text, and the names of attachments.

    Raises:
        UserError: it is too long.
        ValueError: it is not in this format.
    """
    return mail_content(_parse(data))


def unpack(data: bytes, name: str) -> Iterator[Member]:
    """Yield the mail, without a name, and then what is attached to it.

    Raises:
        UserError: it has too many attachments.
        ValueError: it is not in this format.
    """
    return mail_members(_parse(data))


def _parse(data: bytes) -> Mail:
    with OleFileIO(data) as file:
        if not file.exists(_PROPERTIES):
            raise ValueError("it has no properties")
        folders = [tuple(path) for path in file.listdir(streams=False, storages=True)]
        return _mail(_Storage(file, folders, (), _ROOT_HEADER), 0)


class _Storage:
    """A folder of an OLE file that holds the properties of a mail or an attachment."""

    def __init__(self, file: OleFileIO, folders: list[_Path], path: _Path, header: int) -> None:
        self.file = file
        self.folders = folders
        """All of the file."""
        self.path = path
        self._numbers = dict(self._read_numbers(header))

    @property
    def has_properties(self) -> bool:
        """True if it is a mail or an attachment, and not another program's object."""
        return bool(self.file.exists([*self.path, _PROPERTIES]))

    def text(self, *properties: str) -> str:
        """Return the first of ``properties`` that has text, without white space around it."""
        for each in properties:
            wide = self.stream(f"{each}001F")
            text = wide.decode("utf-16-le", "replace") if wide else self._decode(self.stream(f"{each}001E"))
            if text := text.strip("\x00 \t\r\n"):
                return text
        return ""

    def html(self) -> str:
        """Return the text of the body in HTML."""
        written = self.text(_HTML) or self._decode(self.stream(f"{_HTML}0102"))
        return "\n\n".join(piece.text for piece in html_pieces(written)).strip()

    def stream(self, tag: str) -> bytes:
        """Return a property of any length; empty if there is none."""
        path = [*self.path, f"__substg1.0_{tag}"]
        if self.file.get_type(path) != STGTY_STREAM:
            return b""
        return bytes(self.file.openstream(path).read(MAX_BYTES))

    def number(self, tag: int) -> int:
        """Return a property of fixed length, as a number; 0 if there is none."""
        return self._numbers.get(tag, 0)

    def inner(self, start: str, header: int) -> "Iterator[_Storage]":
        """Yield the folders directly in this one whose names begin with ``start``, sorted."""
        for path in sorted(self.folders):
            if path[:-1] == self.path and path[-1].startswith(start):
                yield _Storage(self.file, self.folders, path, header)

    def _decode(self, data: bytes) -> str:
        page = self.number(_CODE_PAGE)
        return decode(data.replace(b"\x00", b""), {65001: "utf-8"}.get(page, f"cp{page}") if page else None)

    def _read_numbers(self, header: int) -> Iterator[tuple[int, int]]:
        path = [*self.path, _PROPERTIES]
        written = self.file.openstream(path).read() if self.has_properties else b""
        for at in range(header, len(written) - 15, 16):
            _, tag, _, value = struct.unpack_from("<HHLQ", written, at)
            yield tag, value


def _mail(storage: _Storage, depth: int) -> Mail:
    name, address = storage.text(_SENDER), storage.text(_SMTP_ADDRESS, _ADDRESS)
    sender = f"{name} <{address}>" if name and "@" in address and address != name else name or address
    moment = _moment(storage.number(_SENT) or storage.number(_RECEIVED))
    shown = {
        "From": sender,
        "To": storage.text(_TO),
        "Cc": storage.text(_CC),
        "Date": moment.strftime("%Y-%m-%d %H:%M UTC") if moment else "",
    }
    return Mail(
        subject=" ".join(storage.text(_SUBJECT).split()),
        headers=tuple((header, " ".join(value.split())) for header, value in shown.items() if value),
        author=name or address,
        date=moment.date().isoformat() if moment else None,
        text=storage.text(_BODY) or storage.html(),
        attached=tuple(_attachments(storage, depth)),
    )


def _attachments(storage: _Storage, depth: int) -> Iterator[Attachment]:
    for attached in storage.inner("__attach_version1.0_", _ATTACHMENT_HEADER):
        name = " ".join(attached.text(*_FILE_NAMES).split())
        inner = next(attached.inner(f"__substg1.0_{_FILE_DATA}000D", _MAIL_HEADER), None)
        if inner and inner.has_properties:
            # One level more than is read says that there are more.
            mail = Mail() if depth > MAX_DEPTH else _mail(inner, depth + 1)
            yield Attachment(mail.file_name(".msg"), mail=mail)
        elif name and not _is_shown_in_text(attached):
            yield Attachment(name, attached.stream(f"{_FILE_DATA}0102"))


def _is_shown_in_text(attached: _Storage) -> bool:
    picture = attached.text(_FILE_KIND).startswith("image/")
    return bool(attached.number(_HIDDEN) & 1) or (picture and bool(attached.text(_CONTENT_ID)))


def _moment(ticks: int) -> datetime.datetime | None:
    try:
        return _EPOCH + datetime.timedelta(microseconds=ticks // 10) if ticks else None
    except OverflowError:
        return None
