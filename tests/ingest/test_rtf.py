"""Rich text: what it shows beside its paragraphs, what it hides, and characters written as numbers."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.ingest.readers import read

HEAD = (
    rb"{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0 Times;}{\f1\fnil\fcharset204 Cyr;}{\f2\fcharset2 Symbol;}"
    rb"{\f3\fcharset128 Min;}}"
)


def lines(body: bytes) -> list[str]:
    (piece,) = read(HEAD + body + b"}", "a.rtf").pieces
    return piece.text.strip().split("\n")


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (rb"\u-10179?\u-8704? face", "😀 face"),
        (rb"lone \u-10179? half", "lone � half"),
        (rb"\uc2\u8364\'80\'80 each", "€ each"),
        (rb"\u8212\emdash done", "—done"),
        (rb"\uc0\u223 e", "ße"),
        (rb"{\f1\'cf\'f0\'e8\'e2\'e5\'f2}", "Привет"),
        (rb"{\f3\'83A\'83C}", "アイ"),
        (rb"5 {\f2\'a3} x", "5 ≤ x"),
        (rb"10{\super 6}", "10⁶"),
        (rb"opt\-ional non\_break", "optional non-break"),
        (rb"Shown {\v hidden}\v also\v0  again", "Shown  again"),
        (rb"Kept{\deleted gone}", "Kept"),
        (rb'See {\field{\*\fldinst HYPERLINK "x"}{\fldrslt the page}}', "See the page"),
        (rb"{\pict\wmetafile8\bin4 {{{{}Text", "Text"),
        (rb"{\upr{old}{\*\ud{new}}}", "new"),
    ],
)
def test_text_is_read_as_it_is_shown(body: bytes, text: str):
    assert lines(body) == [text]


def test_a_footnote_follows_its_paragraph():
    note = rb"{\super\chftn}{\footnote\pard{\super\chftn} Of 54 MW.}"
    assert lines(rb"Four turbines." + note + rb" They run.\par The end.\par") == [
        *("Four turbines.[1] They run.", "[1] Of 54 MW.", "The end."),
    ]


def test_a_comment_says_who_wrote_it():
    comment = rb"{\*\atnid AW}{\*\atnauthor Ada Writer}\chatn{\*\annotation{\*\atndate 7}Sure?}"
    assert lines(rb"Four turbines." + comment + rb"\par") == [
        "Four turbines.",
        "Comment by Ada Writer: Sure?",
    ]


def test_what_stands_on_every_page_is_read_once_and_last():
    page = rb"{\field{\*\fldinst PAGE}{\fldrslt 7}}"
    body = rb"{\headerl ACME Ltd\par}{\headerr ACME Ltd\par}{\footer Page " + page + rb"\par}Text.\par"
    assert lines(body) == ["Text.", "ACME Ltd", "Page"]


def test_automatic_numbers_and_text_boxes_are_read():
    body = rb"{\listtext\pard 2.1\tab}Law\par{\pntext\f2\'b7\tab}point\par "
    body += rb"Around.{\shp{\*\shpinst{\sp{\sn x}{\sv 1}}{\shptxt In a box.\par}}}\par"
    assert lines(body) == ["2.1 Law", "- point", "Around.", "In a box."]


def row(definition: bytes, *cells: bytes) -> bytes:
    return (
        rb"\trowd" + definition + rb"\pard\intbl " + b"".join(cell + rb"\cell " for cell in cells) + rb"\row "
    )


def test_a_table_has_a_line_for_each_row():
    edges = rb"\cellx1000\cellx2000"
    body = row(edges, b"Item", b"Price") + row(edges, b"Fuel", b"5") + rb"\pard After.\par"
    assert lines(body) == ["Item: Fuel; Price: 5", "After."]


def test_merged_cells_of_rich_text_do_not_shift_names():
    body = row(rb"\trhdr\cellx1000\cellx3010\cellx4000", b"Year", b"Energy", b"Cost")
    body += row(rb"\clvmgf\cellx1000\cellx2000\cellx3000\cellx4000", b"2024", b"Coal", b"10", b"5 EUR")
    body += row(rb"\clvmrg\cellx1000\cellx2000\cellx3000\cellx4000", b"", b"Gas", b"20", b"7 EUR")
    first, second = lines(body)
    assert first.startswith("Year: 2024")
    assert first.endswith("Cost: 5 EUR")
    assert second.startswith("Year: 2024")
    assert second.endswith("Cost: 7 EUR")


def test_cells_that_no_row_defines_are_read():
    assert lines(row(rb"\cellx1000", b"A", b"B") + row(rb"\cellx1000", b"1", b"2")) == ["A: 1; B: 2"]


WORDS = st.sampled_from(
    [
        *(b"{", b"}", b"\\par ", b"\\u-10179?", b"\\u-8704?", b"\\'83", b"text", b"\\cell ", b"\\row "),
        *(
            b"\\trowd",
            b"\\cellx100",
            b"\\intbl ",
            b"{\\footnote ",
            b"{\\*\\annotation ",
            b"\\chftn ",
            b"\\f3 ",
        ),
        *(
            b"{\\fonttbl",
            b"\\fcharset128 ",
            b"\\clvmrg",
            b"\\clmrg",
            b"\\uc9 ",
            b"\\bin3 ",
            b"\\bin-9 ",
            b"\\v ",
        ),
        *(b"{\\listtext ", b"{\\shptxt ", b"\\plain ", b"\\super ", b"\\", b"\xff\x00", b"\\ansicpg99 "),
    ]
)


@given(st.lists(WORDS, max_size=60))
@settings(max_examples=200, deadline=None)
def test_no_order_of_words_brings_the_reader_down(words: list[bytes]):
    for piece in read(b"{\\rtf1" + b"".join(words), "a.rtf").pieces:
        piece.text.encode()
