"""Texts are found again by their digests, however many were sorted since."""

import pytest

from qa.index.digest_table import RECENT, DigestTable, digest_of


@pytest.mark.parametrize("recent", [1, 3, RECENT])
def test_each_text_has_its_number(recent: int):
    table = DigestTable(recent)
    for number in range(100):
        table.add(digest_of(f"text {number}"), number)
    assert len(table) == 100
    assert [table.get(digest_of(f"text {number}")) for number in range(102)] == [*range(100), None, None]


def test_a_digest_that_ends_in_zeros_is_another_than_a_shorter_one():
    table = DigestTable(1)
    table.add(b"\1" * 16, 1)
    table.add(b"\1" * 15 + b"\0", 2)
    table.add(b"\1" * 14 + b"\0\0", 3)
    assert table.get(b"\1" * 15 + b"\0") == 2
    assert table.get(b"\1" * 14 + b"\0\0") == 3
    assert table.get(b"\1" * 13 + b"\0\0\0") is None
