"""E-mails saved as files: subject, sender, recipients, date, text and attachments."""

import codecs
import datetime
import logging
from collections.abc import Iterator
from email import message_from_bytes
from email.message import EmailMessage, MIMEPart
from email.policy import EmailPolicy, default
from email.utils import parseaddr, parsedate_to_datetime
from functools import lru_cache

from qa.ingest.readers.archive import Member
from qa.ingest.readers.base import FileContent
from qa.ingest.readers.encoding import decode
from qa.ingest.readers.html import html_pieces
from qa.ingest.readers.mail import MAX_DEPTH, Attachment, Mail, mail_content, mail_members

log = logging.getLogger(__name__)

_SHOWN = ("From", "To", "Cc", "Date")
_PLAIN, _HTML = "text/plain", "text/html"

_MOST_HEADERS = 1_000
"""The headers that are remembered: those of several mails."""


class _Policy(EmailPolicy):
    """Parses each header once, where the library does so whenever it is looked at, which takes most of the
    time; a header that the library fails on stays as it is written.
    """

    def header_fetch_parse(self, name: str, value: str) -> str:
        """Return the value of a header."""
        return _parse_header(name, value)


_POLICY = _Policy()


@lru_cache(_MOST_HEADERS)
def _parse_header(name: str, value: str) -> str:
    try:
        return str(default.header_fetch_parse(name, value))
    except Exception:  # whatever a damaged header may do to the library
        log.debug("The header %s stays as it is written", name, exc_info=True)
        return value


def read(data: bytes, name: str) -> FileContent:
    """Return pieces for the subject, the other visible headers, the text, and the names of attachments.

    Raises:
        UserError: it is too long.
        ValueError: it is not an e-mail.
    """
    return mail_content(_parse(data))


def unpack(data: bytes, name: str) -> Iterator[Member]:
    """Yield the mail, without a name, and then what is attached to it.

    Raises:
        UserError: it has too many attachments.
        ValueError: it is not an e-mail.
    """
    return mail_members(_parse(data))


def parse_mail(data: bytes) -> Mail:
    """Return the mail of a file, which may lack every header."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        data = decode(data).encode()
    message = message_from_bytes(data, policy=_POLICY)
    assert isinstance(message, MIMEPart)
    return _mail(message, 0)


def _parse(data: bytes) -> Mail:
    mail = parse_mail(data)
    if not mail.subject and not mail.headers:
        raise ValueError("it has none of the headers of an e-mail")
    return mail


def _mail(message: MIMEPart, depth: int) -> Mail:
    sender, address = parseaddr(_header(message, "From"))
    bodies, attached = _parts(message)
    return Mail(
        subject=_header(message, "Subject"),
        headers=tuple((name, value) for name in _SHOWN if (value := _header(message, name))),
        author=sender or address,
        date=_date(_header(message, "Date")),
        text="\n\n".join(filter(None, map(_text, bodies))),
        attached=tuple(_attachment(part, depth) for part in attached),
    )


def _parts(message: MIMEPart) -> tuple[list[MIMEPart], list[MIMEPart]]:
    """Return the parts of a message that are shown as its text, and those attached, in their order.

    Of the alternatives of one text, plain text is taken before HTML. Pictures in the text are neither.
    """
    bodies: list[MIMEPart] = []
    attached: list[MIMEPart] = []
    waiting = [message]
    while waiting:
        part = waiting.pop()
        kind = part.get_content_type()
        if kind == "message/rfc822":
            attached.append(part)
        elif kind == "multipart/alternative":
            waiting += reversed(_best(list(part.iter_parts())))
        elif part.is_multipart():
            waiting += reversed(list(part.iter_parts()))
        elif (
            kind in {_PLAIN, _HTML}
            and part.get_content_disposition() != "attachment"
            and not _file_name(part)
        ):
            bodies.append(part)
        elif not (part.get_content_maintype() == "image" and _is_inline(part)) and _file_name(part):
            attached.append(part)
    return bodies, attached


def _best(alternatives: list[MIMEPart]) -> list[MIMEPart]:
    """Return the alternative to read, and those that are no text, such as an invitation."""
    texts = [part for part in alternatives if _holds_text(part)]
    plain = [part for part in texts if part.get_content_type() == _PLAIN and _text(part)]
    return [*(plain or texts)[:1], *(part for part in alternatives if not _holds_text(part))]


def _holds_text(part: MIMEPart) -> bool:
    return part.get_content_maintype() in {"text", "multipart"} and part.get_content_type() != "text/calendar"


def _is_inline(part: MIMEPart) -> bool:
    return bool(part.get("Content-ID")) or part.get_content_disposition() == "inline"


def _attachment(part: MIMEPart, depth: int) -> Attachment:
    name = _file_name(part)
    if part.get_content_type() != "message/rfc822":
        content = part.get_payload(decode=True)
        return Attachment(name, content if isinstance(content, bytes) else b"")
    inner = part.get_payload()
    message = inner[0] if isinstance(inner, list) and inner else EmailMessage()
    assert isinstance(message, MIMEPart)
    # One level more than is read says that there are more.
    mail = _mail(message, depth + 1) if depth <= MAX_DEPTH else Mail()
    return Attachment(name if name.lower().endswith(".eml") else mail.file_name(".eml"), mail=mail)


def _file_name(part: MIMEPart) -> str:
    return " ".join(str(part.get_filename() or "").split())


def _text(part: MIMEPart) -> str:
    if part.is_multipart():
        return ""
    content = part.get_payload(decode=True)
    text = decode(content if isinstance(content, bytes) else b"", part.get_content_charset())
    if part.get_content_type() == _HTML:
        text = "\n\n".join(piece.text for piece in html_pieces(text))
    return text.strip()


def _header(message: MIMEPart, name: str) -> str:
    return " ".join(str(message.get(name, "")).split())


def _date(written: str) -> str | None:
    try:
        return parsedate_to_datetime(written).date().isoformat()
    except (TypeError, ValueError):
        pass
    try:
        return datetime.date.fromisoformat(written[:10]).isoformat()
    except ValueError:
        return None
