"""The annual report for the year to 30 September 2023 of Tessaline Foods plc, a maker of food, as a PDF."""

from collections.abc import Iterator

from reportlab.platypus import Flowable

from eval.office.pages import (
    Furniture,
    book,
    footnote,
    prose,
    section,
    sections,
    sections_in_columns,
    signatures,
    table,
)
from eval.office.prose import Filler, Vocabulary

_WORDS = Vocabulary(
    company="Tessaline",
    years=("2021", "2022", "2023"),
    measures=("revenue", "gross margin", "operating profit", "capital expenditure", "cash conversion"),
    units=("Bakery", "Pickles and Sauces", "Chilled Meals", "Own Label"),
    places=(
        "Wexcombe",
        "Ardle Bridge",
        "Stanmoor",
        "Pellwick",
        "Lower Hythe",
        "Carrow",
        "Dunmarsh",
        "Selby Cross",
    ),
    goods=(
        "crumpets",
        "chutney",
        "ready meals",
        "oatcakes",
        "mustard",
        "soup",
        "fruit loaves",
        "salad dressings",
    ),
    inputs=("wheat", "vinegar", "rapeseed oil", "sugar", "onions", "glass jars", "butter"),
    tasks=(
        "allergen control",
        "shift planning",
        "recipe planning",
        "temperature control",
        "packing",
        "cleaning",
    ),
)
_SEED = 2023
_FIRST_NUMBER = -3
"""Printed on the first page, so that page 1 is the one after the contents, as in many reports."""


def annual_report() -> bytes:
    """Return the report, of about 115 pages."""
    return book(
        ("Good food, plainly made", "Tessaline Foods plc", "Annual Report and Accounts 2023"),
        _chapters(Filler(_WORDS, _SEED)),
        Furniture("Tessaline Foods plc", "Annual Report and Accounts 2023", _FIRST_NUMBER),
        title="untitled",
        author="Tessaline Foods plc",
    )


def _chapters(filler: Filler) -> Iterator[tuple[str, list[Flowable]]]:
    yield "At a glance", _at_a_glance()
    yield "Chair's statement", _chair(filler)
    yield (
        "Strategic report",
        sections_in_columns(filler, ("Market", "Model", "Brands", "Customers", "Farmers"), 18),
    )
    yield "Our sites", _sites(filler)
    yield "Review by category", _categories(filler)
    yield "Food safety", _food_safety(filler)
    yield "People and culture", sections(filler, ("Pay", "Apprentices", "Listening", "Wellbeing"), 14)
    yield "Planet", sections_in_columns(filler, ("Packaging", "Water", "Waste", "Farms", "Transport"), 16)
    yield (
        "Principal risks",
        sections_in_columns(filler, ("Harvests", "Retailers", "Energy", "Health", "Systems"), 16),
    )
    yield "Directors' report", _directors(filler)
    yield "Audit committee report", _audit(filler)
    yield "Remuneration", sections(filler, ("Policy", "Salaries", "Incentives", "Shareholding"), 12)
    yield "Financial statements", _statements()
    yield "Notes", _notes(filler)
    yield "Trading since the year end", _first_quarter(filler)
    yield "Notice of meeting and glossary", sections(filler, ("Resolutions", "Voting", "Glossary"), 11)


def _at_a_glance() -> list[Flowable]:
    return table(
        "Five years, GBP million, years to 30 September",
        [("", "2023", "2022", "2021", "2020", "2019")],
        [
            ("Revenue", "642.8", "588.1", "561.9", "549.0", "571.3"),
            ("Gross margin (%)", "34.2", "33.7", "35.0", "34.4", "35.8"),
            ("Adjusted operating profit", "48.9", "44.6", "47.2", "39.8", "51.5"),
            ("Net debt", "96.3", "107.9", "88.4", "121.7", "119.2"),
            ("Capital expenditure", "51.9", "44.0", "37.5", "22.6", "41.1"),
            ("Dividend per share (pence)", "11.4", "10.8", "10.5", "5.0", "12.0"),
        ],
        widths=(160, 55, 55, 55, 55, 55),
    )


def _chair(filler: Filler) -> list[Flowable]:
    return prose(
        "This was the year in which bread became political. The price of wheat, of energy and of wages rose"
        " at once, and our customers, who had less money, rightly asked what we were doing about it.",
        "We gave up the loaf in the small tin and the pickled walnuts, because neither had earned its keep "
        "for ten years. We kept every bakery open.",
        *filler.paragraphs(6),
        "Owen Tretheway, who has been our finance director since 2012, will retire on 31 January 2024. "
        "Zainab Marlowe, now at a maker of paper, follows him.",
        *filler.paragraphs(3),
        "Sir Desmond Kerrigan, chair",
    )


def _sites(filler: Filler) -> list[Flowable]:
    return [
        *prose(*filler.paragraphs(3)),
        *table(
            "Sites at 30 September 2023",
            [("Site", "Product", "Opened", "Employees", "Capacity"), ("", "", "", "", "tonnes a week")],
            [
                ("Wexcombe", "Bread, crumpets", "1987", "412", "1,150"),
                ("Ardle Bridge", "Pickles, chutney", "1922", "236", "310"),
                ("Stanmoor", "Ready meals", "2004", "305", "420"),
                ("Lower Hythe", "Soup", "1996", "188", "275"),
                ("Carrow 1)", "Mustard", "1864", "97", "60"),
                ("Dunmarsh", "Oatcakes", "2011", "74", "95"),
            ],
            widths=(100, 110, 60, 70, 80),
        ),
        footnote("1) Rented from the city of Carrow until 2041; all other sites are owned."),
        *sections(filler, ("Investment", "Maintenance", "Neighbours"), 13),
    ]


def _categories(filler: Filler) -> list[Flowable]:
    story: list[Flowable] = []
    for name, rows in _CATEGORIES.items():
        story.append(section(name))
        story += table(f"{name}, GBP million", [("", "2023", "2022")], rows, widths=(200, 60, 60))
        story += prose(*filler.paragraphs(17))
    return story


_CATEGORIES = {
    "Bakery": [("Revenue", "251.0", "228.4"), ("Capital expenditure", "21.4", "17.9")],
    "Pickles and Sauces": [("Revenue", "148.7", "139.2"), ("Capital expenditure", "12.0", "9.6")],
    "Chilled Meals": [("Revenue", "170.6", "152.5"), ("Capital expenditure", "13.7", "12.1")],
    "Own Label": [("Revenue", "72.5", "68.0"), ("Capital expenditure", "4.8", "4.4")],
}


def _food_safety(filler: Filler) -> list[Flowable]:
    return [
        *sections(filler, ("How we work",), 11),
        section("Recall of February 2023"),
        *prose(
            "On 14 February 2023 we called back 61,000 jars of apple chutney from Ardle Bridge. A label had"
            " been left off that says that the chutney contains mustard, since a roll of labels for another"
            " market had been loaded. Two people fell ill and recovered. Cameras now read every label.",
            "The recall cost GBP 1.9 million, of which insurers have paid GBP 1.2 million.",
        ),
        *sections(filler, ("Inspections", "Suppliers", "Complaints"), 12),
    ]


def _directors(filler: Filler) -> list[Flowable]:
    return [
        *table(
            "Directors and attendance",
            [("Director", "Office", "Appointed", "Board"), ("", "", "", "attended")],
            [
                ("Sir Desmond Kerrigan", "Chair", "2017", "8 of 8"),
                ("Priya Ramanathan-Cole", "Chief executive", "2020", "8 of 8"),
                ("Owen Tretheway", "Finance director", "2012", "8 of 8"),
                ("Beth Aldous", "Senior independent", "2018", "7 of 8"),
                ("Marcus Oyelaran", "Non-executive", "2022", "8 of 8"),
            ],
            widths=(150, 120, 80, 80),
        ),
        *prose(
            "The company bought back 2,150,000 of its own shares in the year, at an average price of 412 "
            "pence.",
            "No political donations were made.",
        ),
        *sections(filler, ("Shares", "Articles", "Going concern", "Engagement"), 12),
        *prose("By order of the board, Pellwick, 5 December 2023"),
        *signatures(("Imogen Straker", "company secretary")),
    ]


def _audit(filler: Filler) -> list[Flowable]:
    return [
        *prose(
            "Hollis Merrow LLP have audited the company since 2018. The audit will be put out to tender for"
            " the year that ends in 2028. They were paid GBP 0.9 million for the audit and did no other "
            "work.",
        ),
        *sections(filler, ("Judgements", "Internal audit", "Whistleblowing"), 12),
    ]


def _statements() -> list[Flowable]:
    return [
        *table(
            "Consolidated income statement, GBP million, years to 30 September",
            [
                ("", "Note", "2023", "", "2022", ""),
                ("", "", "Before items", "Total", "Before items", "Total"),
            ],
            [
                ("Revenue", "2", "642.8", "642.8", "588.1", "588.1"),
                ("Cost of sales", "", "-423.0", "-423.0", "-389.9", "-389.9"),
                ("Gross profit", "", "219.8", "219.8", "198.2", "198.2"),
                ("Distribution costs", "", "-98.4", "-98.4", "-87.1", "-87.1"),
                ("Administrative expenses", "", "-72.5", "-77.6", "-66.5", "-69.0"),
                ("Operating profit", "", "48.9", "43.8", "44.6", "42.1"),
                ("Finance costs", "6", "-7.8", "-7.8", "-4.9", "-4.9"),
                ("Profit before tax", "", "41.1", "36.0", "39.7", "37.2"),
            ],
            [((2, 0), (3, 0)), ((4, 0), (5, 0))],
            (150, 40, 70, 60, 70, 60),
        ),
    ]


def _notes(filler: Filler) -> list[Flowable]:
    story: list[Flowable] = []
    for number in range(1, 25):
        topic = _TOPICS[number % len(_TOPICS)]
        story.append(section(f"{number}. {topic}"))
        if number == _PENSIONS:
            story += prose(
                "The pension scheme has been closed to new members since 2006. Its deficit was GBP 12.7 "
                "million at 30 September 2023 (2022: GBP 19.3 million). The company pays GBP 4.5 million a "
                "year to close it by 2027."
            )
        else:
            rows = filler.rows(_ITEMS, 1, 60)
            story += table(f"{topic}, GBP million", [("", "2023", "2022")], rows)
        story += prose(*filler.paragraphs(7))
    return story


_TOPICS = "Stocks, Leases, Segments, Debtors, Creditors, Tax, Finance costs, Goodwill, Pensions".split(", ")
_PENSIONS = 8
_ITEMS = ("Opening balance", "Additions", "Disposals", "Other movements", "Closing balance")


def _first_quarter(filler: Filler) -> list[Flowable]:
    return [
        *prose(
            "The first quarter ended after the date of these accounts. Its figures are unaudited and are "
            "given because the annual general meeting takes place in February."
        ),
        *table(
            "First quarter, 13 weeks to 30 December, GBP million",
            [("", "2023", "2022")],
            [
                ("Revenue", "171.3", "163.9"),
                ("Gross margin (%)", "33.1", "33.6"),
                ("Capital expenditure", "9.8", "14.2"),
                ("Cash conversion (%)", "84", "79"),
            ],
            widths=(160, 55, 55),
        ),
        *prose(*filler.paragraphs(5)),
    ]
