"""Markdown is read without its tags of HTML, the targets of its links and the marks of bold words."""

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


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ('See [the rent](rent.html#p2 "Rent").', "See the rent."),
        ("See [the\nrent](https://en.example.org/wiki/Rent_(law)) here.", "See the\nrent here."),
        ("![A map](map.png) [![Built](b.svg)](https://example.org) today", "A map Built today"),
        ("**For 1 day** you must ask, **[as here](a.md)**.", "For 1 day you must ask, as here."),
        ("See [Rent 5] and [the law][law].\n\n[Rent 5]: rent.md\n[law]: <law.md>", "See Rent 5 and the law."),
        (
            "See [the plan] and a[1], note[^1].\n\n[^1]: Old.",
            "See [the plan] and a[1], note[^1].\n\n[^1]: Old.",
        ),
        ("- [ ] Ask Ann\n- [x] Ask Bo", "- [ ] Ask Ann\n- [x] Ask Bo"),
        ("`[a](b)` and `**c**` and 2 ** 3 ** 4", "`[a](b)` and `**c**` and 2 ** 3 ** 4"),
        ("```\n[a](b) **c**\n```", "```\n[a](b) **c**\n```"),
    ],
)
def test_links_and_bold_words_read_as_they_are_shown(source: str, shown: str):
    assert read(source).strip() == shown


@pytest.mark.parametrize(
    "marks", ["[", "[a", "[a](", "[a](b ", "[a][", "![", "[\\", "**a", "`", "[x]((", "`[", "``["]
)
def test_a_long_paragraph_of_marks_is_read_quickly(marks: str):
    """Time that grew with the square of the length would not end here."""
    assert read(100_000 * marks)


def test_a_long_row_of_ticks_beside_a_link_is_read_quickly():
    assert read("[a](b) " + 100_000 * "`").startswith("a `")
