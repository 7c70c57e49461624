"""Markdown is read without its tags of HTML."""

import pytest

from qa.ingest import readers


def read(text: str, name: str = "a.md") -> str:
    (piece,) = readers.read(text.encode(), name).pieces
    return piece.text


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ('Upon <span class="link" id="5.5">Customer’s</span> request', "Upon Customer’s request"),
        ("<B>Rent</B>: 400<br/>euros", "Rent: 400 euros"),
        ('<img src="a.png" alt="A mill"> The mill', " The mill"),
        ("Run `<b>x</b>` or <b>y</b>", "Run `<b>x</b>` or y"),
        ("```\n<b>x</b>\n```\n<b>y</b>", "```\n<b>x</b>\n```\ny"),
        (
            "attest <name> <source> and <https://a.example/>",
            "attest <name> <source> and <https://a.example/>",
        ),
        ("a < b and c > d, <b", "a < b and c > d, <b"),
    ],
)
def test_tags_are_left_out_and_code_and_placeholders_are_not(source: str, shown: str):
    assert read(source) == shown
    assert read(source, "a.txt") == source


def test_a_heading_is_known_without_its_tags():
    content = readers.read(b'# <a name="top"></a>The mill\n\nIt grinds.', "a.md")
    assert content.metadata["heading"] == "The mill"
