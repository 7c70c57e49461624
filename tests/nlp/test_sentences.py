import pytest
from hypothesis import given

from qa.nlp.sentences import SENTENCE_CHARS, WINDOW_CHARS, sentences
from tests.support.fakes import NORMAL_TEXTS, TEXTS


def cut(text: str) -> list[str]:
    return [text[start:end] for start, end in sentences(text)]


@given(TEXTS | NORMAL_TEXTS)
def test_every_character_but_space_is_in_exactly_one_sentence_in_order(text: str):
    position = 0
    for start, end in sentences(text):
        assert not text[position:start].strip()
        assert position <= start < end <= len(text)
        position = end
    assert not text[position:].strip()


@given(TEXTS | NORMAL_TEXTS)
def test_a_sentence_has_no_blank_margin_and_is_not_too_long(text: str):
    for sentence in cut(text):
        assert sentence == sentence.strip()
        assert len(sentence) <= SENTENCE_CHARS


@pytest.mark.parametrize("between", [" ", "\n", "\n\n"])
def test_a_long_text_is_cut_where_a_short_one_would_be(between: str):
    written = [f"Dr. Smith built plant {i} for 3.5 million euros." for i in range(WINDOW_CHARS // 10)]
    assert cut(between.join(written)) == written


def test_a_long_text_without_a_single_stop_is_covered():
    assert "".join(cut("x" * (3 * WINDOW_CHARS + 1))) == "x" * (3 * WINDOW_CHARS + 1)


def test_a_long_text_without_a_single_stop_is_cut_between_words():
    words = ["lighthouse"] * WINDOW_CHARS
    assert " ".join(cut(" ".join(words))).split() == words


@pytest.mark.parametrize("gap", [" ", "\n", "\n\n", "\u2003", "\t \n"])
def test_sentences_are_found_across_a_wide_gap(gap: str):
    assert cut("One." + gap * (2 * WINDOW_CHARS) + "Two.") == ["One.", "Two."]


def test_a_great_many_sentences_without_a_space_are_found():
    assert cut("Go!" * 100_000) == ["Go!"] * 100_000


@pytest.mark.parametrize(
    "expected",
    [
        ["It was signed.", "It is worth 72 million euros."],
        ["Dr. Smith met Mr. Jones at 5 p.m. in Berlin.", "They left."],
        ["The rate is 7.0 gCO2/ton.km.", "It is low."],
        ["Is it?", "Yes!", "It is."],
        ['"We grow. We hire," he said.', "She agreed."],
        ["Die Straße ist lang.", "Наша страна.", "It works."],
    ],
)
def test_sentences_end_where_a_reader_ends_them(expected: list[str]):
    assert cut(" ".join(expected)) == expected


def test_a_blank_line_ends_a_sentence():
    assert cut("A heading\n\nThe text goes on") == ["A heading", "The text goes on"]


@pytest.mark.parametrize("text", ["", " \n\t"])
def test_nothing_has_no_sentences(text: str):
    assert cut(text) == []


def test_text_without_stops_is_cut_at_white_space():
    pieces = cut("word " * 1_000)
    assert len(pieces) > 1
    assert all(piece.startswith("word") and piece.endswith("word") for piece in pieces)


def test_text_without_white_space_is_cut_all_the_same():
    assert "".join(cut("x" * 5_000)) == "x" * 5_000


@pytest.mark.parametrize("language", ["", "en", "own"])
@pytest.mark.parametrize(
    ("own", "expected"),
    [
        ("zh", ["他来了。", "你好吗？", "是的！"]),
        ("ja", ["私は行く。", "君は？"]),
        ("ar", ["هل جاء محمد؟", "نعم جاء."]),
        ("ur", ["کیا وہ آیا؟", "جی ہاں۔", "وہ گیا۔"]),
        ("hi", ["वह आया।", "क्या वह गया?", "वह घर गया॥"]),
        ("am", ["እሱ መጣ።", "እሷ ሄደች።"]),
        ("hy", ["Նա եկավ։", "Նա գնաց։"]),
        ("my", ["သူလာသည်။", "သူသွားသည်။"]),
        ("km", ["គាត់មក។", "គាត់ទៅ។ល។"]),
        ("bo", ["ཁོང་ཡོང་།", "ཁོང་ཕྱིན།"]),
    ],
)
def test_the_full_stops_of_every_script_end_a_sentence(language: str, own: str, expected: list[str]):
    text = ("" if own in ("zh", "ja") else " ").join(expected)
    found = sentences(text, own if language == "own" else language)
    assert [text[start:end] for start, end in found] == expected


def test_abbreviations_are_those_of_the_language():
    text = "Am 3. Oktober kam Dr. Müller."
    assert sentences(text, "de") == [(0, len(text))]


def test_long_text_without_spaces_is_cut_after_a_pause():
    text = "漢字漢字、" * 500
    pieces = [text[start:end] for start, end in sentences(text, "zh")]
    assert len(pieces) > 1
    assert all(piece.endswith("、") for piece in pieces)


@pytest.mark.parametrize("letter", ["กั้", "की", "👩‍👩‍👧", "✊🏿", "e\u0301\u0302"])
def test_long_text_without_pauses_is_not_cut_within_a_letter(letter: str):
    text = letter * 1_500
    for start, _ in sentences(text, "th"):
        assert text.startswith(letter, start)


def test_thai_sentences_end_in_a_space_but_not_at_every_one():
    text = (
        "ประภาคารของท่าเรือถูกจุดขึ้นในปี 1887 และ มีผู้ดูแลอาศัยอยู่ในบ้านหลังเล็กริมทะเล "
        "เรือจากหลายประเทศเห็นแสงของมันในเวลากลางคืนและเดินทางเข้าสู่ท่าเรือได้อย่างปลอดภัย"
    )
    for language in ("th", "", "en"):
        assert [text[start:end] for start, end in sentences(text, language)] == [
            text[:82].rstrip(),
            text[82:],
        ]
    mixed = "The word for a lighthouse in the language of the country is written as ประภาคาร in its books."
    assert sentences(mixed, "en") == [(0, len(mixed))]


@pytest.mark.parametrize(
    "rows",
    [
        ["Net sales | 2018 | 2017", "Germany | 5.1 | 4.9", "France | 3.3 | 3.0"],
        ["Product: Cable RC-35; Price: 13.60", "Product: Cable FC-12; Price: 4.85"],
        ["Germany — 2018: 5.1; 2017: 4.9", "France — 2018: 3.3; 2017: 3.0"],
        ["Name: Ada Writer", "Born: 1815", "Place: London"],
        ["Year ended 31 December", "Net sales | 5.1", "Costs | 4.4"],
    ],
)
def test_each_row_of_a_table_is_a_sentence(rows: list[str]):
    assert cut("\n".join(rows)) == rows
    assert cut("Sales rose.\n\n" + "\n".join(rows)) == ["Sales rose.", *rows]


@pytest.mark.parametrize(
    "row",
    [
        "Language: Java; Mac Rel. Time: 2.69; Windows Rel. Time: 2.10",
        "Europe — 2022 Items (a) Core, Non-GAAP Measure (b): 1,383; 2022 Items (a) Other: 14",
        "Foreword | Replace it. Keep the rest. | See clause 12.",
    ],
)
def test_a_full_stop_in_a_cell_ends_no_row(row: str):
    assert cut(f"{row}\n{row}") == [row, row]
    assert cut(f"Time passes. It is late.\n\n{row}\n\nWe go. You stay.") == [
        "Time passes.",
        "It is late.",
        row,
        "We go.",
        "You stay.",
    ]


@pytest.mark.parametrize(
    "text",
    ["The plant was built\nin 1990 by Siemens.", "Note: the plant, which\nis old, will be closed."],
)
def test_a_sentence_goes_on_in_the_next_line(text: str):
    assert cut(text) == [text]


def test_a_title_before_a_name_ends_no_sentence():
    proposed = "It was proposed by Cllr. Lind, seconded by Cllr. A. Brand and agreed (see vol. 2, ch. 5)."
    assert cut(f"{proposed} It passed.") == [proposed, "It passed."]
    assert cut("We read the first vol. It was dull.") == ["We read the first vol.", "It was dull."]


def test_asides_before_a_space_do_not_end_a_sentence():
    cited = "Mice (Willis et al., 1993) , rats (Dente et al., 1994) , and rabbits were used."
    text = f"{cited} Past winners were Ann (August 2015) and Bo (May 2016) , too."
    assert cut(text) == [cited, text[len(cited) + 1 :]]


def test_a_heading_with_text_right_below_it_is_no_part_of_its_sentence():
    text = "We pay for it.\n## Paternity leave\nWe provide 12 weeks. It is paid\n### Neonatal care\nAsk us."
    assert cut(text) == [
        "We pay for it.",
        "## Paternity leave",
        "We provide 12 weeks.",
        "It is paid",
        "### Neonatal care",
        "Ask us.",
    ]
    assert cut("# Set by hand\nlimit = 5") == ["# Set by hand\nlimit = 5"]


def test_the_mark_of_a_note_is_of_the_sentence_before_it():
    text = "Sales rose to 5 million.² The staff fell.³¹ It is 7 now."
    assert [text[start:end] for start, end in sentences(text)] == [
        "Sales rose to 5 million.²",
        "The staff fell.³¹",
        "It is 7 now.",
    ]
