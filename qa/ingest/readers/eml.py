"""E-mails saved as files: subject, sender, recipients, date and text."""

from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parseaddr, parsedate_to_datetime

from qa.ingest.readers.base import FileContent, Piece, within_limits
from qa.ingest.readers.encoding import decode
from qa.ingest.readers.html import html_pieces

_SHOWN = ("From", "To", "Cc", "Date")


def read(data: bytes, name: str) -> FileContent:
    """Return pieces for the subject, the other visible headers, the text, and the names of attachments.

    Raises:
        UserError: it is too long.
    """
    message = message_from_bytes(data, policy=policy.default)
    if not any(_header(message, name) for name in ("Subject", *_SHOWN)):
        raise ValueError("it has none of the headers of an e-mail")
    sender, address = parseaddr(_header(message, "From"))
    known: dict[str, object] = {"title": _header(message, "Subject"), "author": sender or address}
    if date := _date(message):
        known["date"] = date
    return FileContent(within_limits(_pieces(message)), known)


def _pieces(message: EmailMessage) -> Iterator[Piece]:
    yield Piece("Subject", _header(message, "Subject"))
    yield Piece("headers", "\n".join(f"{n}: {_header(message, n)}" for n in _SHOWN if _header(message, n)))
    body = message.get_body(preferencelist=("plain", "html"))
    if isinstance(body, EmailMessage):
        text = _text(body)
        if body.get_content_type() == "text/html":
            yield Piece("message", "\n\n".join(piece.text for piece in html_pieces(text)))
        else:
            yield Piece("message", text)
    attached = [part.get_filename() for part in message.walk() if part.get_filename()]
    if attached:
        yield Piece("attachments", "Attached, and not read here: " + ", ".join(map(str, attached)))


def _text(body: EmailMessage) -> str:
    content = body.get_payload(decode=True)
    return decode(content if isinstance(content, bytes) else b"", body.get_content_charset())


def _header(message: EmailMessage, name: str) -> str:
    return " ".join(str(message.get(name, "")).split())


def _date(message: EmailMessage) -> str | None:
    try:
        return parsedate_to_datetime(_header(message, "Date")).date().isoformat()
    except (TypeError, ValueError):
        return None
