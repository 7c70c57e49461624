from dataclasses import replace
from pathlib import Path

import pytest

from qa.evaluation.datasets.squad import read_squad
from qa.ingest.chunking import split
from qa.ingest.documents import parse
from qa.nlp.headings import states_nothing
from qa.retrieval.evidence import select_quotes
from qa.schema import Document, Place, Span
from tests.support.fakes import ROOT, by_id, document, hits_of

SQUAD = ROOT.parent / "shared" / "data" / "squad2-public.json"


def headings(text: Document) -> list[str]:
    """The sentences that state nothing."""
    spans = [span for passage in split(text) for span in passage.sentences]
    return [text.text[span.start : span.end] for span in spans if states_nothing(span, text)]


@pytest.mark.parametrize(
    "line",
    [
        "# Fresno, California",
        "Fresno, California",
        "B. ROLE OF THE UNITED STATES TRUSTEE",
        "1.2 Results and Discussion",
        "Table of contents",
        "Introduction ........ 3\nResults ........ 12",
        "3.2 Governing law …………… 14",
        "3.2 Governing law ________ 14",
        "Preface ........ iv",
        "Figure 3:",
        "Figure 3: Map of the plant",
        "Table 2.",
        "The Role of the Trustee",
        "Роль попечителя",
        "РОЛЬ ПОПЕЧИТЕЛЯ В ДЕЛАХ О НЕСОСТОЯТЕЛЬНОСТИ",
        "第一章 引言",
        "图3：工厂地图",
        "مقدمة",
    ],
)
def test_a_line_that_names_what_follows_states_nothing(line: str):
    assert headings(document(f"{line}\n\nThe plant was built in 1990. It is big.")) == [line]


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("Core Sprint 2025:\n\n- Arm may host it in Cambridge.\n- Invite people.", "Core Sprint 2025:"),
        ("**Other reasons:**\n\n1. You move house.\n2. You are ill.", "**Other reasons:**"),
        ("Core Sprint 2025:\n\nArm may host it in Cambridge.", ""),
        ("The fee is 5 euros, as follows:\n\n- 2 euros now.\n- 3 euros later.", ""),
        ("- Rent: 400\n- Heating: 90", ""),
    ],
)
def test_a_line_over_a_list_states_nothing(text: str, label: str):
    assert headings(document(text)) == ([label] if label else [])


@pytest.mark.parametrize(
    "line",
    [
        "Total: 72 million euros",
        "Plant: Muruntau; Power: 54 MW",
        "Muruntau | 54 MW",
        "- Gas turbines",
        "(1) buy trains",
        "Gas is cheap",
        "Gas is cheap.",
        "Turbines 54 MW",
        "Figure 3: Emissions fell by 40 percent",
        "Figure 3. Emissions fell.",
        "Emissions of locomotives fell in the last years",
        "Who pays?",
        "Завод построен.",
        "工厂建于那年。",
        "plant in the north",
        "Gas is cheap\nRail is fast",
    ],
)
def test_a_line_that_says_something_may_be_quoted(line: str):
    assert headings(document(f"{line}\n\nThe plant was built in 1990. It is big.")) == []


def test_entries_of_a_table_of_contents_without_dots_state_nothing():
    entries = "3.1 Term\t12\n\n3.2 Governing law\t14\n\n3.3 Notices\t14"
    assert headings(document(f"{entries}\n\nThe plant was built in 1990.")) == entries.split("\n\n")
    ranks = "3.1 Rooms\t14\n\n3.2 Beds\t9\n\n3.3 Baths\t12"
    assert headings(document(f"{ranks}\n\nThe plant was built in 1990.")) == []


def test_entries_of_a_table_of_contents_with_one_sign_for_their_dots_state_nothing():
    entries = "Market … 7\nPeople … 9\n\nRisks … 14"
    assert (
        "\n".join(headings(document(f"{entries}\n\nThe plant was built in 1990."))).split() == entries.split()
    )
    assert headings(document("He waited for year … 7\n\nThe plant was built in 1990.")) == []


def test_the_line_of_names_over_rows_that_have_them_states_nothing():
    rows = "Aktau — Product: Bread; Capacity tonnes: 310\nAtyrau — Product: Soup; Capacity tonnes: 95"
    head = "Site | Product | Capacity"
    assert headings(document(f"It bakes.\n\n{head}\n{rows}\n\nIt is big.")) == [head]
    assert headings(document(f"It bakes.\n\nBread | 1922 | 310\n{rows}\n\nIt is big.")) == []
    assert headings(document(f"It bakes.\n\n{head}\nBread | 1922 | 310\n\nIt is big.")) == []


@pytest.mark.parametrize("line", ["By: ____________", "Signature: __________ Date: ________"])
def test_a_line_to_sign_on_states_nothing(line: str):
    assert headings(document(f"{line}\n\nThe plant was built in 1990.")) == [line]
    assert headings(document(f"{line} J. Boyet\n\nThe plant was built in 1990.")) == []


@pytest.mark.parametrize("text", ["Jerome Boyet", "It ends.\n\nJerome Boyet", "Gas Turbines\n\nRail Cars"])
def test_a_line_that_heads_no_text_may_be_quoted(text: str):
    assert headings(document(text)) == []


def test_headings_on_each_other_head_the_same_text():
    assert headings(document("Part One\n\nTHE BEGINNING\n\nThe plant was built in 1990.")) == [
        "Part One",
        "THE BEGINNING",
    ]


def test_the_number_of_a_heading_states_nothing_either():
    assert headings(document("IV. FACTS\n\nThe plant was built in 1990.")) == ["IV.", "FACTS"]


def test_the_mark_of_an_item_states_nothing_and_the_item_does():
    assert headings(document("a.\n\nThe plant was built in 1990.")) == ["a."]
    assert headings(document("a. Leaves of ash.\n\nb. Grain of the mill.")) == []


def test_the_title_is_no_evidence():
    text = "Gas grows cheaper each year\n\nThe plant was built in 1990."
    assert headings(document(text, title="Gas grows cheaper each year")) == ["Gas grows cheaper each year"]
    assert headings(document(text)) == []


def test_what_a_reader_knows_to_be_a_heading_is_one():
    text = "How does the trustee get paid and by whom?\n\nThe estate pays. It pays late."
    label = "section How does the trustee get paid and by whom?"
    assert headings(document(text)) == []
    assert headings(replace(document(text), places=(Place(0, label),))) == [text.partition("\n")[0]]
    assert headings(replace(document(text), places=(Place(0, "page 1"),))) == []


def test_a_heading_is_not_quoted_but_goes_with_the_sentence_that_needs_it():
    text = "# Jerome Boyet\n\nHe leads Alstom. Trains are fast.\n\n# Trains\n\nGas is cheap."
    texts = by_id(document(text))
    hits = hits_of(*texts.values(), scores=iter([9.0, 8.0, -9.0, 8.5, -9.0]))
    quotes = [quote.text for quote in select_quotes("Who leads Alstom?", hits, texts).quotes]
    assert quotes == ["# Jerome Boyet\n\nHe leads Alstom."]


def test_where_there_is_nothing_but_headings_there_is_no_quote():
    texts = by_id(document("# Trains\n\nGas is cheap."))
    (hit,) = hits_of(*texts.values(), scores=iter([1.0, 2.0]))
    only_heading = replace(hit, sentences=hit.sentences[:1])
    assert select_quotes("What?", [only_heading], texts).quotes == ()


def test_a_long_document_is_looked_through_in_no_time():
    text = "Heading\n\n" + "word " * 200_000
    spans = [Span("a.txt", 0, 7)] * 200
    assert not any(states_nothing(span, document(text)) for span in spans[:0])
    assert all(states_nothing(span, document(text)) for span in spans)


@pytest.mark.parametrize("path", sorted((ROOT / "corpus").glob("*-*.md")), ids=lambda path: path.stem)
def test_no_sentence_of_the_corpus_is_taken_for_a_heading(path: Path, documents: dict[str, Document]):
    assert headings(documents[path.name]) == []


@pytest.mark.skipif(not SQUAD.is_file(), reason="needs ../shared/data/squad2-public.json beside the project")
def test_no_sentence_of_squad_is_taken_for_a_heading():
    assert [found for each in read_squad([SQUAD]).documents for found in headings(each)] == []


@pytest.mark.parametrize("line", ["_", ". ", "… ", "a ____ ", "1\t"])
def test_a_long_line_of_marks_is_looked_at_quickly(line: str):
    long = document(f"Signed {2_000 * line} by three people;")
    assert not states_nothing(Span(long.id, 0, len(long.text)), long)


@pytest.mark.parametrize(
    "heading", ["### 8.", "#### 8.2 Governing Law.", "# Budgets\n## General", "### 5.1 Term."]
)
def test_a_heading_of_markdown_with_a_full_stop_or_one_below_it_states_nothing(heading: str):
    assert heading in headings(document(f"{heading}\n\nThis Agreement is governed by the law of Ohio."))


def test_what_stands_behind_the_number_of_a_heading_of_markdown_states_nothing():
    text = "## 6. Choice of law and venue\n\nThe law of Ohio governs these terms."
    assert {"## 6.", "Choice of law and venue"} <= set(headings(document(text)))
    assert "The law of Ohio governs these terms." not in headings(document(text))


def test_a_sentence_that_is_marked_as_a_heading_states_something():
    assert headings(document("# The plant closes in May 2021.\n\nIt had sixty workers.")) == []


TITLED = """The town grew.

Population of the town from 1910 to 2020 (in thousands)

1910 — Inside: 4; Outside: 2
2020 — Inside: 9; Outside: 3
"""


def test_the_title_of_a_table_states_nothing_though_it_has_years():
    title = "Population of the town from 1910 to 2020 (in thousands)"
    assert headings(parse(TITLED.encode(), "a.txt")) == [title]


@pytest.mark.parametrize("line", ["The town has 9 parks", "Towns are growing", "72 million euros"])
def test_what_says_something_above_a_table_may_be_quoted(line: str):
    text = TITLED.replace("Population of the town from 1910 to 2020 (in thousands)", line)
    assert headings(parse(text.encode(), "a.txt")) == []


def test_the_titles_over_a_sheet_state_nothing():
    rows = "Statistics of the town\nPopulation from 1910 to 2020 by where people live in it\n\nYear,In,Out"
    document = parse(f"{rows}\n1910,4,2\n2020,9,3\n".encode(), "a.csv")
    assert headings(document)[:2] == [
        "Statistics of the town",
        "Population from 1910 to 2020 by where people live in it",
    ]


@pytest.mark.parametrize("line", ["17", "−1.0", "https://example.org/a"])
def test_a_number_or_an_address_alone_states_nothing(line: str):
    assert headings(document(f"The plant is big.\n\n{line}\n\nIt was built in 1990.")) == [line]
