"""Open files that are zip archives inside, within limits: a few bytes can unpack to a great many."""

import zlib
from io import BytesIO
from xml.etree.ElementTree import Element
from zipfile import BadZipFile, ZipFile, ZipInfo

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring

from qa.errors import UserError

MAX_MEMBERS = 10_000
"""The limit of files inside one file: a spreadsheet has one for each sheet, a book one for each chapter and
picture."""

MAX_UNPACKED = 500_000_000
"""The size limit of all of them together, unpacked, in bytes. All these limits are set by hand."""

MAX_RATIO = 200
"""The limit of a file's size in multiples of its packed size. Text shrinks to a tenth, a large empty table to
a hundredth."""

_SMALL = 20_000_000
"""The size up to which the ratio does not matter, in bytes."""

_ENTRY = b"PK\x01\x02"
"""The beginning of a file's entry in an archive's table of contents."""

_MOST_ENTRIES = 10 * MAX_MEMBERS
"""With more entries, those of archives inside it included, not even the table of contents is read."""

_OLD_OR_LOCKED = b"\xd0\xcf\x11\xe0"
"""The beginning of a file in Microsoft's older container format, which encrypted documents use as well."""

TOO_COMPRESSED = "it unpacks to far more than its size, which no document does"


def open_zip(data: bytes, *, whole: bool = True) -> ZipFile:
    """Open the archive ``data`` and check the sizes of its members; reading one stops at its stated size.

    With ``whole``, every member is needed: one that unpacks to far more than its size rules out the archive.

    Raises:
        UserError: it is not an archive, it is locked, or it would unpack to more than the limits.
    """
    if data.startswith(_OLD_OR_LOCKED):
        raise UserError(
            "it is locked with a password, or in an old format; save it again, without a password"
        )
    if data.count(_ENTRY) > _MOST_ENTRIES:
        raise UserError(f"it holds more than {MAX_MEMBERS:,} files")
    try:
        archive = ZipFile(BytesIO(data))
    except (BadZipFile, NotImplementedError, ValueError, OSError) as error:
        raise UserError(
            "it is damaged, or not in the format of its ending (it is not a zip archive inside)"
        ) from error
    members = archive.infolist()
    if len(members) > MAX_MEMBERS:
        raise UserError(f"it holds more than {MAX_MEMBERS:,} files")
    if sum(member.file_size for member in members) > MAX_UNPACKED:
        raise UserError(f"it unpacks to more than {MAX_UNPACKED // 1_000_000} MB; split it")
    if whole and any(map(expands_too_far, members)):
        raise UserError(TOO_COMPRESSED)
    return archive


def expands_too_far(member: ZipInfo) -> bool:
    """Return whether a member would unpack to more than ``MAX_RATIO`` times its packed size."""
    return member.file_size > max(_SMALL, MAX_RATIO * member.compress_size)


def read_member(archive: ZipFile, name: str) -> bytes:
    """Return the content of a member.

    Raises:
        UserError: the member is missing, damaged or locked.
    """
    try:
        return archive.read(name)
    except (KeyError, RuntimeError, BadZipFile, zlib.error, EOFError) as error:
        raise UserError(f"it is damaged, or locked with a password ({name} cannot be read)") from error


def read_xml(archive: ZipFile, name: str) -> Element:
    """Parse a member that is XML and return its root. Entities are refused.

    Raises:
        UserError: the member is missing, locked or not well-formed, or defines entities.
    """
    try:
        return parse_xml(read_member(archive, name), f" in {name}")
    except ParseError as error:
        raise UserError(f"it is damaged, or locked with a password ({name} cannot be read)") from error


def parse_xml(data: bytes, where: str = "") -> Element:
    """Parse XML and return its root. Entities are refused, and ``where`` tells in which file they are.

    Raises:
        ParseError: it is not well-formed.
        UserError: it defines entities.
    """
    try:
        root: Element = fromstring(data)
    except DefusedXmlException as error:
        raise UserError(f"it defines XML entities{where}, which no document needs") from error
    return root
