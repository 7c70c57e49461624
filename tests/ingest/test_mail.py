"""E-mails and mailboxes: what is attached to a mail is a document of its own."""

import base64
from email.message import EmailMessage
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.errors import UserError
from qa.ingest import readers
from qa.ingest.base import LoadResult
from qa.ingest.discovery import load
from qa.ingest.documents import SUFFIXES, parse
from qa.ingest.readers import mail, mbox
from tests.support import sample_files
from tests.support.outlook import OutlookMail, outlook_mail

TABLE = b"Item,Price\nFuel,5\n"


def letter(subject: str = "Offer", text: str = sample_files.TURBINES) -> EmailMessage:
    """A mail of 22 January 2025."""
    message = EmailMessage()
    message["Subject"], message["From"], message["To"] = subject, "Ada <ada@example.org>", "b@example.org"
    message["Date"] = sample_files.DAY
    message.set_content(text)
    return message


def mailbox(*messages: EmailMessage) -> bytes:
    """A mailbox, in which a line of text that begins with From is quoted."""
    line = b"From ada@example.org Wed Jan 22 10:00:00 2025\n"
    return b"".join(
        line + message.as_bytes().replace(b"\nFrom here", b"\n>From here") + b"\n" for message in messages
    )


def loaded(folder: Path, name: str, data: bytes) -> LoadResult:
    """What is read of a folder with this file in it."""
    (folder / name).write_bytes(data)
    return load([folder])


def test_what_is_attached_is_a_document_of_its_own(tmp_path: Path):
    message = letter()
    message.add_attachment(TABLE, "text", "csv", filename="prices.csv")
    message.add_attachment(sample_files.word(), "application", "msword", filename="Der Bericht: 2025.docx")
    message.add_attachment(b"\x00", "application", "octet-stream", filename="plan.bin")
    found = loaded(tmp_path, "mail.eml", message.as_bytes())
    assert [failure.path for failure in found.failures] == ["mail.eml/plan.bin"]
    itself, table, report = found.documents
    assert itself.id == "mail.eml"
    assert "Attached: prices.csv, Der Bericht: 2025.docx, plan.bin" in itself.text
    assert (table.id, table.text) == ("mail.eml/prices.csv", "Item: Fuel; Price: 5")
    assert (table.title, table.date) == ("prices (attached to Offer)", "2025-01-22")
    assert report.id == "mail.eml/Der Bericht: 2025.docx"
    assert report.title == "The report (attached to Offer)"
    assert "attached to" not in itself.title


def test_what_an_attachment_dates_itself_stays(tmp_path: Path):
    message = letter()
    message.add_attachment(b"---\ndate: 2019-05-01\n---\nText.", "text", "markdown", filename="a.md")
    assert loaded(tmp_path, "mail.eml", message.as_bytes()).documents[1].date == "2019-05-01"


def test_an_attached_mail_and_what_is_attached_to_it_are_documents(tmp_path: Path):
    inner = letter("The prices", sample_files.COSTS)
    inner.add_attachment(TABLE, "text", "csv", filename="prices.csv")
    outer = letter("Fwd")
    outer.add_attachment(inner)
    outer.add_attachment(inner)
    found = loaded(tmp_path, "mail.eml", outer.as_bytes())
    assert [document.id for document in found.documents] == [
        "mail.eml",
        *("mail.eml/The prices.eml", "mail.eml/The prices.eml/prices.csv"),
        *("mail.eml/The prices (2).eml", "mail.eml/The prices (2).eml/prices.csv"),
    ]
    assert found.documents[1].title == "The prices (attached to Fwd)"
    assert found.documents[2].title == "prices (attached to The prices)"


def test_a_picture_in_the_text_is_no_attachment():
    message = letter()
    message.add_alternative("<p>See <img src='cid:logo'></p>", subtype="html")
    message.get_payload()[1].add_related(b"\x89PNG", "image", "png", cid="<logo>", filename="logo.png")
    message.add_attachment(b"\x89PNG", "image", "png", filename="plan.png")
    text = parse(message.as_bytes(), "mail.eml").text
    assert text.endswith("Attached: plan.png")
    assert sample_files.TURBINES in text
    assert "See" not in text


def test_every_part_of_the_text_is_read():
    message = EmailMessage()
    message["Subject"] = "Parts"
    message.make_mixed()
    for text, kind in (("Before.", "plain"), ("<p>Between.</p>", "html"), ("After.", "plain")):
        part = EmailMessage()
        part.set_content(text, subtype=kind)
        message.attach(part)
    assert parse(message.as_bytes(), "mail.eml").text.endswith("Before.\n\nBetween.\n\nAfter.")


def test_an_archive_in_a_mail_and_a_mail_in_an_archive_are_read(tmp_path: Path):
    message = letter()
    inner = sample_files.zipped({"a.txt": "Inside.", "b.zip": sample_files.zipped({"c.txt": "Deeper."})})
    message.add_attachment(inner, "application", "zip", filename="files.zip")
    found = loaded(tmp_path, "mail.eml", message.as_bytes())
    assert [document.id for document in found.documents] == ["mail.eml", "mail.eml/files.zip/a.txt"]
    assert [failure.path for failure in found.failures] == ["mail.eml/files.zip/b.zip"]
    (tmp_path / "mail.eml").unlink()
    found = loaded(tmp_path, "all.zip", sample_files.zipped({"mail.eml": message.as_bytes()}))
    assert [document.id for document in found.documents] == ["all.zip/mail.eml"]
    assert [failure.path for failure in found.failures] == ["all.zip/mail.eml/files.zip"]


@pytest.mark.parametrize("encoded", [False, True])
def test_mails_inside_one_another_end(tmp_path: Path, encoded: bool):
    message = letter("0")
    for number in range(1, 40):
        outer = letter(str(number))
        if encoded:
            outer.add_attachment(
                message.as_bytes(), "application", "octet-stream", cte="8bit", filename="a.eml"
            )
        else:
            outer.add_attachment(message)
        message = outer
    found = loaded(tmp_path, "mail.eml", message.as_bytes())
    assert len(found.documents) == mail.MAX_DEPTH + 1
    assert [failure.reason for failure in found.failures] == [mail.TOO_DEEP]


def test_a_name_of_an_attachment_leads_nowhere(tmp_path: Path):
    message = letter()
    for name in ("../../etc/passwd.csv", "..\\boot.csv", "/", ".hidden.csv"):
        message.add_attachment(TABLE, "text", "csv", filename=name)
    found = loaded(tmp_path, "mail.eml", message.as_bytes())
    assert [document.id for document in found.documents][1:] == [
        "mail.eml/passwd.csv",
        "mail.eml/boot.csv",
    ]


def test_more_attachments_than_the_limit_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(mail, "MAX_ATTACHED", 2)
    message = letter()
    for _ in range(3):
        message.add_attachment(TABLE, "text", "csv", filename="a.csv")
    with pytest.raises(UserError, match="more than 2 attachments"):
        readers.unpack(message.as_bytes(), "mail.eml")


def test_each_mail_of_a_mailbox_is_a_document(tmp_path: Path):
    first, second = letter("Offer: 54/MW", "It works.\n\nFrom here on\nit rests.\n"), letter("README")
    second.add_attachment(TABLE, "text", "csv", filename="prices.csv")
    found = loaded(tmp_path, "in.mbox", mailbox(first, second))
    assert [document.id for document in found.documents] == [
        "in.mbox/0001 Offer: 54-MW.eml",
        "in.mbox/0002 README.eml",
        "in.mbox/0002 README.eml/prices.csv",
    ]
    assert "\nFrom here on" in found.documents[0].text
    assert [document.title for document in found.documents] == [
        *("Offer: 54/MW", "README", "prices (attached to README)")
    ]


def test_a_visitor_uploads_a_mailbox_as_one_document():
    assert {".eml", ".mbox", ".msg"} <= SUFFIXES
    document = parse(mailbox(letter("One", "First."), letter("Two", "Second.")), "in.mbox")
    assert [place.label for place in document.places] == ["mail 1", "mail 2"]
    assert "Second." in document.text[document.places[1].start :]


def test_a_damaged_mail_leaves_the_others_of_its_mailbox(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    broken = b'From x Wed Jan 22 10:00:00 2025\nContent-Type: multipart/mixed; boundary="\n\n\xff\x00\n\n'
    found = loaded(tmp_path, "in.mbox", broken + mailbox(letter()))
    assert [document.id for document in found.documents] == ["in.mbox/0002 Offer.eml"]


def test_too_many_mails_are_refused(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(mbox, "MAX_MAILS", 1)
    with pytest.raises(UserError, match="more than 1 mails"):
        readers.unpack(mailbox(letter(), letter()), "in.mbox")


def test_a_mail_of_outlook_is_read_with_what_is_attached_to_it(tmp_path: Path):
    inner = OutlookMail("The prices", sample_files.COSTS, {"note.txt": b"Cheap."})
    outer = OutlookMail("Grüße", sample_files.TURBINES, {"prices.csv": TABLE + b" " * 5_000}, [inner])
    found = loaded(tmp_path, "mail.msg", outlook_mail(outer))
    assert not found.failures
    itself, table, attached, note = found.documents
    assert (itself.title, itself.date, itself.author) == ("Grüße", "2025-01-22", "Ada Writer")
    assert "From: Ada Writer <ada@example.org>\nTo: b@example.org" in itself.text
    assert [place.label for place in itself.places] == ["Subject", "headers", "message", "attachments"]
    assert (table.id, table.title) == ("mail.msg/prices.csv", "prices (attached to Grüße)")
    assert (attached.id, attached.title) == ("mail.msg/The prices.msg", "The prices (attached to Grüße)")
    assert note.id == "mail.msg/The prices.msg/note.txt"


def test_mails_of_outlook_inside_one_another_end(tmp_path: Path):
    message = OutlookMail("0", "Text.")
    for number in range(1, 15):
        message = OutlookMail(str(number), "Text.", mails=[message])
    found = loaded(tmp_path, "mail.msg", outlook_mail(message))
    assert len(found.documents) == mail.MAX_DEPTH + 1
    assert [failure.reason for failure in found.failures] == [mail.TOO_DEEP]


@pytest.mark.parametrize("name", ["a.msg", "a.mbox", "a.eml"])
def test_a_file_that_is_no_mail_is_refused(tmp_path: Path, name: str):
    found = loaded(tmp_path, name, b"Nothing of a mail.")
    (failure,) = found.failures
    assert failure.reason == f"it is damaged, or not in {name[2:].upper()} format"


@given(st.data())
def test_no_change_of_bytes_breaks_a_reader(data: st.DataObject):
    message = letter()
    message.add_attachment(TABLE, "text", "csv", filename="prices.csv")
    whole = {
        "a.msg": outlook_mail(
            OutlookMail("Offer", "Text.", {"a.csv": TABLE}, [OutlookMail("Inner", "Text.")])
        ),
        "a.eml": message.as_bytes(),
        "a.mbox": mailbox(message, message),
    }
    name = data.draw(st.sampled_from(sorted(whole)))
    changed = bytearray(whole[name])
    for _ in range(data.draw(st.integers(1, 8))):
        changed[data.draw(st.integers(0, len(changed) - 1))] = data.draw(st.integers(0, 255))
    cut = bytes(changed[: data.draw(st.integers(1, len(changed)))])
    try:
        found = readers.unpack(cut, name)
    except UserError:
        return
    assert all(member.content or member.reason or member.name for member in found)


def test_a_mail_in_base64_all_the_way_down_is_bounded(tmp_path: Path):
    data = letter().as_bytes()
    for _ in range(14):
        data = (
            b"Subject: x\nContent-Type: application/octet-stream; name=a.eml\n"
            b"Content-Disposition: attachment; filename=a.eml\nContent-Transfer-Encoding: base64\n\n"
            + base64.encodebytes(data)
        )
    found = loaded(tmp_path, "a.eml", data)
    assert len(found.documents) + len(found.failures) <= mail.MAX_DEPTH + 2
