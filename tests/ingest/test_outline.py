from dataclasses import replace

from qa.ingest.documents import parse
from qa.ingest.outline import with_headings
from qa.schema import Document, Place, headings_at, location
from tests.support.fakes import document


def over(found: Document, words: str) -> tuple[str, ...]:
    """The headings over the place where ``words`` stand."""
    return headings_at(found.headings, found.text.index(words))


def test_a_sentence_stands_under_its_headings_and_not_under_those_of_other_sections():
    text = (
        "# Report\n\nIntro.\n\n## Costs\n\nFuel is dear.\n\n### Rail\n\nRail pays.\n\n## Staff\n\nTen work."
    )
    found = parse(text.encode(), "a.md")
    assert over(found, "Intro") == ("Report",)
    assert over(found, "Fuel") == ("Report", "Costs")
    assert over(found, "Rail pays") == ("Report", "Costs", "Rail")
    assert over(found, "Ten") == ("Report", "Staff")


def test_numbered_headings_nest_by_their_numbers():
    text = (
        "PART II\n\n15. GOVERNING LAW\n\nThe law of Delaware governs.\n\n"
        "15.1 Courts\n\nThe courts decide.\n\n"
        "16. NOTICES\n\nNotices go by mail.\n\nPART III\n\nThe rest follows."
    )
    found = parse(text.encode(), "contract.txt")
    assert over(found, "The law") == ("PART II", "15. GOVERNING LAW")
    assert over(found, "The courts") == ("PART II", "15. GOVERNING LAW", "15.1 Courts")
    assert over(found, "Notices go") == ("PART II", "16. NOTICES")
    assert over(found, "The rest") == ("PART III",)


def test_the_title_over_a_table_heads_its_page_alone():
    first = "Acme and Subsidiaries\nStatements of Cash Flows\n(in millions)\nYears | 2018 | 2017\nNet | 5 | 4"
    second = "Cash | 1 | 2\nBonds | 3 | 4\n\nNothing else is due."
    third = "Acme\nAcme, Balance Sheet\nCash — 2018: 5; 2017: 4\nDebt — 2018: 1; 2017: 2"
    text = "\n\n".join((first, second, third))
    starts = (0, len(first) + 2, len(text) - len(third))
    pages = tuple(Place(start, f"page {number}") for number, start in enumerate(starts, start=1))
    found = with_headings(replace(document(text), places=pages))
    assert over(found, "Net") == ("Acme and Subsidiaries Statements of Cash Flows (in millions)",)
    assert over(found, "Bonds") == ()
    assert over(found, "Debt") == ("Acme, Balance Sheet",)


def test_each_table_of_a_page_has_its_own_title():
    text = (
        "Key figures\nFull year\nRevenue — 2022: 1,284.6; 2021: 1,197.3\n\n1) Without apprentices.\n\n"
        "First quarter, unaudited\n\nFirst quarter\nRevenue — 2022: 287.4; 2021: 264.1\n\nThe year was good."
    )
    found = with_headings(replace(document(text), places=(Place(0, "page 7"),)))
    assert over(found, "1,284.6") == ("Key figures Full year",)
    assert over(found, "287.4") == ("First quarter, unaudited First quarter",)
    assert over(found, "The year") == ()


def test_a_number_without_a_point_is_of_a_name_and_not_of_a_section():
    found = parse(b"2018 MILL PLAN\n\nA mill closes.\n\nTAXES\n\nThey rose by a tenth.\n", "a.txt")
    assert over(found, "They rose") == ("TAXES",)


def test_units_in_brackets_stand_under_the_title_above_them():
    text = "Statement of Cash Flows\n\n(Dollars in millions)\n\nCash came from the mill and the dam.\n"
    assert over(parse(text.encode(), "a.txt"), "Cash came") == ("Statement of Cash Flows",)


def test_contents_and_sentences_head_nothing():
    text = "CONTENTS\n\nResults ........ 3\n\nGas is cheap.\n\nThe plant was built in 1990."
    assert parse(text.encode(), "a.txt").headings == ()


def test_where_a_quote_stands_is_said_with_the_headings_over_it():
    text = "# Report\n\n## Costs\n\n### Rail\n\nRail pays.\n\n## Staff\n\nTen work."
    found = parse(text.encode(), "a.md")
    assert location(found, text.index("Rail pays")) == "section Rail, Costs"
    assert location(found, text.index("Ten work")) == "section Staff"


def test_marks_belong_to_a_heading_where_they_are_marks():
    found = parse(b"# Report ##\n\nIt is long.\n\n# Issue # 5\n\nIt is open.", "a.md")
    assert [each.text for each in found.headings] == ["Report", "Issue # 5"]


def test_a_document_of_many_headings_is_looked_up_in_no_time():
    text = "".join(f"## Part {n}\n\nGas costs {n} euros.\n\n" for n in range(20_000))
    found = parse(text.encode(), "a.md")
    offsets = range(0, len(found.text), 40)
    assert all(len(headings_at(found.headings, offset)) <= 1 for offset in offsets)


BELOW = """Two models were fitted.

Forest — Recall: 0.48; F1: 0.51
Ridge — Recall: 0.67; F1: 0.45

Table 1: Validation set

Forest — Recall: 0.46; F1: 0.48
Ridge — Recall: 0.66; F1: 0.45

Table 2: Test set

Both are good.
"""


def test_captions_below_the_tables_are_of_the_tables_above_them():
    found = parse(BELOW.encode(), "a.txt")
    assert over(found, "Ridge — Recall: 0.67") == ("Table 1: Validation set",)
    assert over(found, "Ridge — Recall: 0.66") == ("Table 2: Test set",)
    assert over(found, "Both are good") == ()


def test_captions_above_the_tables_stay_with_those_below_them():
    found = parse(f"Table 0: First set\n\n{BELOW}".encode(), "a.txt")
    assert over(found, "Ridge — Recall: 0.66") == ("Table 1: Validation set",)
