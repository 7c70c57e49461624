"""Files that are zip archives inside, opened within bounds: few bytes may claim to be very many."""

import zlib
from io import BytesIO
from xml.etree.ElementTree import Element
from zipfile import BadZipFile, ZipFile, ZipInfo

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring

from qa.errors import UserError

MAX_MEMBERS = 10_000
"""Files within one file: a spreadsheet has one a sheet, a book one a chapter and picture."""

MAX_UNPACKED = 500_000_000
"""Bytes of all of them together, unpacked. Set by hand, with the others."""

MAX_RATIO = 200
"""Times its packed size that a file may have. Text shrinks to a tenth, a large empty table to a hundredth."""

_SMALL = 20_000_000
"""Bytes to which no ratio matters."""

_ENTRY = b"PK\x01\x02"
"""What the entry of a file in an archive's table of contents begins with."""

_MOST_ENTRIES = 10 * MAX_MEMBERS
"""With more of them, archives within it included, not even the table of contents is read."""

_OLD_OR_LOCKED = b"\xd0\xcf\x11\xe0"
"""What a file of Microsoft's older container begins with, which encrypted documents are put into as well."""


def opened(data: bytes, *, whole: bool = True) -> ZipFile:
    """The archive ``data``. Members have the sizes that were checked, for reading one stops at its own.

    ``whole``, every member is needed, and one that shrank too far makes the archive none to be read.

    Raises:
        UserError: it is no archive, locked, or would unpack to more than the bounds.
    """
    if data.startswith(_OLD_OR_LOCKED):
        raise UserError("it is locked with a password, or of an old format; save it anew, without a password")
    if data.count(_ENTRY) > _MOST_ENTRIES:
        raise UserError(f"it holds more than {MAX_MEMBERS:,} files")
    try:
        archive = ZipFile(BytesIO(data))
    except (BadZipFile, NotImplementedError, ValueError, OSError) as error:
        raise UserError("it is damaged, or not what its name says (it is no zip archive inside)") from error
    members = archive.infolist()
    if len(members) > MAX_MEMBERS:
        raise UserError(f"it holds more than {MAX_MEMBERS:,} files")
    if sum(member.file_size for member in members) > MAX_UNPACKED:
        raise UserError(f"it unpacks to more than {MAX_UNPACKED // 1_000_000} MB; split it")
    if whole and any(map(shrunk_too_far, members)):
        raise UserError("it unpacks to far more than its size, as no document does")
    return archive


def shrunk_too_far(member: ZipInfo) -> bool:
    """Whether a member would unpack to more than ``MAX_RATIO`` times its size."""
    return member.file_size > max(_SMALL, MAX_RATIO * member.compress_size)


def xml(archive: ZipFile, name: str) -> Element:
    """The root of a member that is XML, read without entities: they are refused.

    Raises:
        UserError: there is no such member, it is locked, or not well-formed.
    """
    try:
        root: Element = fromstring(archive.read(name))
    except (KeyError, RuntimeError, BadZipFile, ParseError, zlib.error) as error:
        raise UserError(f"it is damaged, or locked with a password ({name} cannot be read)") from error
    except DefusedXmlException as error:
        raise UserError(f"it defines entities of its own in {name}, which no document needs") from error
    return root
