"""The values of an e-mail, whatever its format: its text, and what is attached to it."""

from collections.abc import Iterator
from dataclasses import dataclass

from qa.errors import UserError
from qa.ingest.readers.archive import Member, clean_name, unique_name
from qa.ingest.readers.base import FileContent, Piece, within_limits

MAX_DEPTH = 10
"""The most mails inside one another, each attached to the next. Set by hand: three or four are usual."""

MAX_ATTACHED = 10_000
"""The limit of attachments, with those of attached mails, of one file; as of files in an archive."""

TOO_DEEP = f"it is attached to a mail inside more than {MAX_DEPTH} others; save it by itself"


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that is attached to a mail, or another mail."""

    name: str
    data: bytes = b""
    mail: "Mail | None" = None


@dataclass(frozen=True, slots=True)
class Mail:
    """An e-mail as a person sees it."""

    subject: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    """Names and values, those that are shown."""
    author: str = ""
    date: str | None = None
    """ISO 8601."""
    text: str = ""
    attached: tuple[Attachment, ...] = ()

    def file_name(self, ending: str) -> str:
        """Return the name of a file of it, by its subject."""
        return (self.subject.replace("/", "-") or "mail") + ending


def mail_content(mail: Mail) -> FileContent:
    """Return pieces for the subject, the other visible headers, the text, and the names of attachments.

    Raises:
        UserError: it is too long.
    """
    known: dict[str, object] = {"title": mail.subject, "author": mail.author}
    if mail.date:
        known["date"] = mail.date
    return FileContent(within_limits(_pieces(mail)), known)


def _pieces(mail: Mail) -> Iterator[Piece]:
    yield Piece("Subject", mail.subject)
    yield Piece("headers", "\n".join(f"{name}: {value}" for name, value in mail.headers))
    yield Piece("message", mail.text)
    if mail.attached:
        yield Piece("attachments", "Attached: " + ", ".join(each.name for each in mail.attached))


def mail_members(mail: Mail, name: str = "") -> Iterator[Member]:
    """Yield a mail, called ``name``, then everything that is attached to it and to the mails attached to it.

    Raises:
        UserError: there are more than ``MAX_ATTACHED`` attachments.
    """
    for number, member in enumerate(_members(mail, name, Member(name), 0)):
        if number > MAX_ATTACHED:
            raise UserError(f"it has more than {MAX_ATTACHED:,} attachments")
        yield member


def _members(mail: Mail, name: str, itself: Member, depth: int) -> Iterator[Member]:
    try:
        content = mail_content(mail)
    except UserError as error:
        yield Member(name, reason=str(error))
    else:
        yield Member(name, content=content, attached_to=itself.attached_to, date=itself.date)
    taken: set[str] = set()
    subject = mail.subject or "an e-mail without a subject"
    for each in mail.attached:
        inner = unique_name(clean_name(each.name).rpartition("/")[2] or "attachment", taken)
        taken.add(inner)
        path = f"{name}/{inner}" if name else inner
        attached = Member(path, each.data, attached_to=subject, date=mail.date)
        if each.mail is None:
            yield attached
        elif depth >= MAX_DEPTH:
            yield Member(path, reason=TOO_DEEP)
        else:
            yield from _members(each.mail, path, attached, depth + 1)
