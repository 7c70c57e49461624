"""Outlook's mails, written as MS-CFB and MS-OXMSG say: there is no library that writes them."""

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

SECTOR = 512
FREE, END, FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
SENT = 133_819_812_000_000_000
"""22 January 2025, 10:00 UTC, as Windows counts."""


@dataclass(frozen=True)
class OutlookMail:
    """A mail, and the files and mails attached to it, by their names."""

    subject: str
    text: str
    files: Mapping[str, bytes] = field(default_factory=dict)
    mails: Sequence["OutlookMail"] = ()
    sent: int = SENT

    def folder(self, header: int = 32) -> dict[str, "bytes | dict"]:
        """The streams and folders of a mail, whose properties have so many bytes before them."""
        words = {
            "0037": self.subject,
            "1000": self.text,
            "0C1A": "Ada Writer",
            "5D01": "ada@example.org",
            "0E04": "b@example.org",
        }
        made: dict[str, bytes | dict] = {
            f"__substg1.0_{tag}001F": word.encode("utf-16-le") for tag, word in words.items()
        }
        made["__properties_version1.0"] = bytes(header) + struct.pack("<HHLQ", 0x40, 0x39, 6, self.sent)
        attached: list[dict[str, bytes | dict]] = [
            {"__substg1.0_3707001F": name.encode("utf-16-le"), "__substg1.0_37010102": data.ljust(4_096)}
            for name, data in self.files.items()
        ]
        attached += [{"__substg1.0_3701000D": mail.folder(24)} for mail in self.mails]
        for number, each in enumerate(attached):
            made[f"__attach_version1.0_#{number:08X}"] = each | {"__properties_version1.0": bytes(8)}
        return made


def outlook_mail(mail: OutlookMail) -> bytes:
    """The file of a mail."""
    entries: list[list] = []  # name, kind, left, right, child, first sector, size
    sectors: list[bytes] = []
    chains: list[int] = []

    def store(data: bytes) -> int:
        first = len(sectors)
        count = -(-len(data) // SECTOR)
        sectors.extend(data[i * SECTOR : (i + 1) * SECTOR].ljust(SECTOR, b"\0") for i in range(count))
        chains.extend([*range(first + 1, first + count), END])
        return first

    def add(name: str, content: "bytes | dict") -> int:
        number = len(entries)
        if isinstance(content, bytes):
            padded = content.ljust(4_096, b"\0") if content else b""  # shorter ones would go elsewhere
            entries.append([name, 2, FREE, FREE, FREE, store(padded) if padded else END, len(padded)])
            return number
        entries.append([name, 1 if number else 5, FREE, FREE, FREE, END if number == 0 else 0, 0])
        inner = [add(each, content[each]) for each in sorted(content)]
        for left, right in pairwise(inner):
            entries[left][3] = right
        entries[number][4] = inner[0] if inner else FREE
        return number

    add("Root Entry", mail.folder())
    directory = b"".join(
        name.encode("utf-16-le").ljust(64, b"\0")
        + struct.pack("<HBBLLL", 2 * len(name) + 2, kind, 1, left, right, child)
        + bytes(36)
        + struct.pack("<LQ", first, size)
        for name, kind, left, right, child, first, size in entries
    )
    empty = bytes(64) + struct.pack("<HBBLLL", 0, 0, 0, FREE, FREE, FREE) + bytes(48)
    first_of_directory = store(directory + empty * (-len(entries) % 4))
    tables = 1
    while tables * 128 < len(chains) + tables:
        tables += 1
    tables_at = [len(chains) + i for i in range(tables)]
    chains += [FAT] * tables + [FREE] * (tables * 128 - len(chains) - tables)
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    header += struct.pack(
        "<HHHHH6xLLLLLLLLL", 62, 3, 0xFFFE, 9, 6, 0, tables, first_of_directory, 0, 4_096, END, 0, END, 0
    )
    header += struct.pack("<109L", *tables_at, *[FREE] * (109 - tables))
    return header + b"".join(sectors) + struct.pack(f"<{len(chains)}L", *chains)
