"""Mailboxes (MBOX): many e-mails in one file."""

import logging
import re
from collections.abc import Iterator
from itertools import pairwise

from qa.errors import UserError
from qa.ingest.readers.archive import Member, clean_name
from qa.ingest.readers.base import FileContent, Piece, within_limits
from qa.ingest.readers.eml import parse_mail
from qa.ingest.readers.mail import Mail, mail_content, mail_members

log = logging.getLogger(__name__)

MAX_MAILS = 20_000
"""The limit of mails in a mailbox: a minute's reading. Set by hand."""

_FROM = re.compile(rb"(?:\A|(?<=\n\n)|(?<=\n\r\n))From [^\n]*\d\d:\d\d[^\n]*\n")
"""The line before each mail, with an address and a time; in a mail's text, ``From`` stands without a time or
has a quotation mark before it."""

_QUOTED_FROM = re.compile(rb"^>(>*From )", re.MULTILINE)
_NAME_CHARS = 60
"""The characters of a subject that become part of a document's name."""


def read(data: bytes, name: str) -> FileContent:
    """Return a piece for each mail, without what is attached to it. A mail that cannot be read is left out.

    Raises:
        UserError: it is too long.
        ValueError: it has no mail.
    """
    return FileContent(within_limits(_pieces(data)))


def unpack(data: bytes, name: str) -> Iterator[Member]:
    """Yield each mail, called by its number and its subject, and then what is attached to it.

    Raises:
        UserError: there are too many mails, or one has too many attachments.
        ValueError: it has no mail.
    """
    for number, mail in _mails(data):
        if mail is None:
            yield Member(f"{number:04}.eml", reason="it is damaged inside its mailbox")
            continue
        subject = clean_name(mail.subject.replace("/", "-"))[:_NAME_CHARS].strip()
        yield from mail_members(mail, f"{number:04} {subject}".strip() + ".eml")


def _pieces(data: bytes) -> Iterator[Piece]:
    for number, mail in _mails(data):
        if mail:
            yield Piece(f"mail {number}", "\n\n".join(piece.text for piece in mail_content(mail).pieces))


def _mails(data: bytes) -> Iterator[tuple[int, Mail | None]]:
    """Yield the number of each mail, from 1, and the mail; none for one that cannot be read."""
    starts = [found.span() for found in _FROM.finditer(data)]
    if not starts:
        raise ValueError("it has no mail in it")
    if len(starts) > MAX_MAILS:
        raise UserError(f"it has more than {MAX_MAILS:,} mails; split it")
    bounds = [*starts, (len(data), len(data))]
    for number, ((_, first), (following, _)) in enumerate(pairwise(bounds), start=1):
        try:
            yield number, parse_mail(_QUOTED_FROM.sub(rb"\1", data[first:following]))
        except Exception:  # whatever a damaged mail may do to the library, the others are read
            log.debug("Mail %d cannot be read", number, exc_info=True)
            yield number, None
