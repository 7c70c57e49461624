"""Subtitles: what is said becomes sentences, each with the time at which it begins."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.errors import UserError
from qa.ingest import readers
from qa.ingest.documents import SUFFIXES, parse

SRT = """1
00:00:01,000 --> 00:00:03,500
The plant has <i>four</i>

2
00:00:03,500 --> 00:00:06,000
turbines. Fuel costs

3
01:12:31,250 --> 01:12:33,000
5 EUR a tonne.
"""

VTT = """WEBVTT - A talk

STYLE
::cue { color: red --x }

NOTE Nobody says this.

intro
00:01.000 --> 00:04.000 align:start position:0%
<v Roger Bingham>We are in <c.loud>New &amp; old York</c>.

00:04.000 --> 00:05.000
<v.loud Neil>Really?</v>
"""


def places(text: str, name: str) -> list[tuple[str, str]]:
    """The places of a file and their texts."""
    return [(piece.label, piece.text) for piece in readers.read(text.encode(), name).pieces]


def test_a_sentence_goes_on_from_cue_to_cue_and_has_the_time_of_the_first():
    spoken = SRT.replace("01:12:31,250 --> 01:12:33,000", "00:00:06,000 --> 00:00:07,000")
    assert places(spoken, "talk.srt") == [
        ("at 00:00:01", "The plant has four turbines. Fuel costs 5 EUR a tonne.")
    ]
    document = parse(spoken.encode(), "talk.srt")
    assert document.text == "The plant has four turbines. Fuel costs 5 EUR a tonne."
    assert [place.label for place in document.places] == ["at 00:00:01"]


def test_a_long_pause_ends_a_sentence():
    assert places(SRT, "talk.srt")[-1] == ("at 01:12:31", "5 EUR a tonne.")


def test_voices_are_named_and_styles_and_notes_are_not_read():
    assert places(VTT, "talk.vtt") == [
        ("at 00:00:01", "Roger Bingham: We are in New & old York."),
        ("at 00:00:04", "Neil: Really?"),
    ]


def test_what_two_people_say_stays_apart():
    cue = "1\n00:00:01,000 --> 00:00:02,000\n- What\n- Where are we now\n"
    assert [text for _, text in places(cue, "talk.srt")] == ["- What", "- Where are we now"]


def test_lines_that_roll_up_are_read_once():
    rolling = (
        "WEBVTT\n\n00:00:00.000 --> 00:00:02.000\n \nso the<00:00:00.500><c> plant</c>\n\n"
        "00:00:02.000 --> 00:00:02.010\nso the plant\n \n\n"
        "00:00:02.010 --> 00:00:04.000\nso the plant\nhas four\n\n"
        "00:00:04.000 --> 00:00:04.010\nhas four\n\n"
        "00:00:04.010 --> 00:00:06.000\nhas four\nturbines.\n"
    )
    assert places(rolling, "talk.vtt") == [("at 00:00:00", "so the plant has four turbines.")]


def test_what_is_said_twice_is_read_twice():
    twice = "1\n00:00:01,000 --> 00:00:02,000\nNever.\n\n2\n00:00:05,000 --> 00:00:06,000\nNever.\n"
    assert [text for _, text in places(twice, "talk.srt")] == ["Never.", "Never."]


def test_broken_times_lose_no_words():
    broken = (
        "1\n00:00:09,000 --> 00:00:10,000\nOne.\n\n2\n00:xx:10 --> ??\nTwo.\n3\n"
        "99999999:00:00,000 --> 00:00:12,000\nThree.\n\n4\n00:01:00,000 --> 00:00:01,000\nFour.\n"
    )
    assert places(broken, "talk.srt") == [
        ("at 00:00:09", "One."),
        ("at 00:00:10", "Two."),
        ("at 00:00:10", "Three."),
        ("at 00:01:00", "Four."),
    ]


def test_captions_without_full_stops_are_cut():
    cues = [f"{i}\n00:00:{i:02},000 --> 00:00:{i + 1:02},000\n{'word ' * 20}\n" for i in range(50)]
    assert max(len(text) for _, text in places("\n".join(cues), "talk.srt")) < 700


@pytest.mark.parametrize("data", [b"no subtitles at all", b"WEBVTT\n\nNOTE nothing here\n"])
def test_a_file_without_a_cue_is_refused(data: bytes):
    with pytest.raises(UserError, match="not in VTT format"):
        parse(data, "talk.vtt")


def test_a_visitor_can_upload_them():
    assert {".srt", ".vtt"} <= SUFFIXES


@given(st.text(alphabet="0123456789:,.->\n <v>ab{\\}&#;", max_size=400), st.sampled_from(["a.srt", "a.vtt"]))
def test_no_text_breaks_the_reader(text: str, name: str):
    try:
        content = readers.read(("00:00:01,000 --> 00:00:02,000\n" + text).encode(), name)
    except UserError:
        return
    assert all(piece.label.startswith("at ") for piece in content.pieces)
