"""The annual report for 2022 of Brennholm Maritime ASA, a maker of cranes and winches, as a PDF."""

from collections.abc import Iterator

from reportlab.platypus import Flowable

from eval.office.brennholm_accounts import (
    TOWNS,
    auditors_report,
    notes,
    parent_company,
    statements,
    subsidiaries,
)
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
    company="Brennholm",
    years=("2020", "2021", "2022"),
    measures=(
        "revenue",
        "operating profit",
        "order intake",
        "capital expenditure",
        "net interest-bearing debt",
    ),
    units=("Deck Machinery", "Port Automation", "Offshore Handling", "Aftermarket Services"),
    places=(
        "Haugvik",
        "Karsova",
        "Port Aldine",
        "Tarnwick",
        "Villareja",
        "Ostrava Nova",
        "Kirkhamn",
        "Lysegrund",
    ),
    goods=("winches", "mooring systems", "ship-to-shore cranes", "spreaders", "davits", "anchor chains"),
    inputs=("plate steel", "hydraulic oil", "castings", "electric motors", "copper cable", "paint"),
    tasks=(
        "welding",
        "final assembly",
        "invoicing",
        "safety training",
        "spare parts planning",
        "surface treatment",
    ),
)
_SEED = 2022

_REGIONS = ("Northern Europe", "Southern Europe", "Americas", "East Asia", "Middle East", "Africa", "Oceania")


def annual_report() -> bytes:
    """Return the report, of about 120 pages."""
    return book(
        ("Annual Report 2022", "Brennholm Maritime ASA", "Lifting what ships carry"),
        _chapters(Filler(_WORDS, _SEED)),
        Furniture("Brennholm Maritime ASA   |   Annual Report 2022", "www.brennholm.example"),
        title="Microsoft Word - AR22_final_v7.docx",
        author="Group Communications",
    )


def _chapters(filler: Filler) -> Iterator[tuple[str, list[Flowable]]]:
    yield "Key figures", _key_figures()
    yield "Letter from the chief executive", _letter(filler)
    yield "Our business in brief", [*sections(filler, ("What we make", "Where we work", "How we earn"), 10)]
    yield "Market review", sections_in_columns(filler, _REGIONS, 11)
    yield "Segments", _segments(filler)
    yield "Operations", [*sections(filler, ("Yards and workshops", "Purchasing", "Quality", "Logistics"), 13)]
    yield "People", _people(filler)
    yield "Environment", _environment(filler)
    yield (
        "Risks",
        sections_in_columns(
            filler, ("Steel", "Currency", "Interest", "Cyber attacks", "Talent", "Supply"), 13
        ),
    )
    yield "Corporate governance", _governance(filler)
    yield "Remuneration report", [*sections(filler, ("Principles", "Bonus", "Shares", "Pensions"), 10)]
    yield "Directors' responsibility statement", _responsibility()
    yield "Consolidated statements", statements()
    yield "Notes to the consolidated statements", notes(filler)
    yield "Subsidiaries", subsidiaries(filler)
    yield "Parent company statements", parent_company(filler)
    yield "Independent auditor's report", auditors_report(filler)
    yield "Definitions and reporting principles", [*sections(filler, ("Measures", "Principles", "Scope"), 10)]


def _key_figures() -> list[Flowable]:
    return [
        section("Full year"),
        *table(
            "Key figures, EUR million unless stated otherwise",
            [("", "Full year", ""), ("", "2022", "2021")],
            [
                ("Revenue", "1,284.6", "1,197.3"),
                ("Order intake", "1,690.0", "1,355.2"),
                ("Order backlog at 31 December", "2,310.4", "1,905.0"),
                ("Adjusted EBITDA", "201.5", "188.9"),
                ("Operating profit", "146.2", "131.8"),
                ("Profit for the year", "98.7", "90.4"),
                ("Capital expenditure", "63.1", "48.6"),
                ("Earnings per share (EUR)", "1.31", "1.20"),
                ("Employees at 31 December 1)", "6,412", "6,087"),
            ],
            [((1, 0), (2, 0))],
            (220, 70, 70),
        ),
        footnote("1) Full-time equivalents, without 214 apprentices (2021: 198)."),
        section("First quarter, unaudited"),
        *table(
            "Key figures of the first quarter, EUR million",
            [("", "First quarter", ""), ("", "2022", "2021")],
            [
                ("Revenue", "287.4", "264.1"),
                ("Order intake", "391.0", "322.7"),
                ("Operating profit", "29.8", "27.2"),
                ("Free cash flow", "11.6", "-4.3"),
                ("Net interest-bearing debt at 31 March", "402.3", "418.9"),
            ],
            [((1, 0), (2, 0))],
            (220, 70, 70),
        ),
    ]


def _quarters() -> list[Flowable]:
    return table(
        "Quarters of 2022, unaudited, EUR million",
        [("", "Q1", "Q2", "Q3", "Q4")],
        [
            ("Revenue", "287.4", "318.9", "309.7", "368.6"),
            ("Operating profit", "29.8", "37.3", "34.0", "45.1"),
            ("Operating profit, Port Automation", "8.8", "12.4", "11.1", "15.4"),
        ],
        widths=(200, 50, 50, 50, 50),
    )


def _letter(filler: Filler) -> list[Flowable]:
    return [
        *prose(
            "Dear shareholders, when I took over from Torgeir Aasland on 1 September 2021 the yards were "
            "half empty. A year and a half later we turn work away. That is a better problem, but it is "
            "one.",
            "In May 2022 we bought 70 per cent of Quaymatic Robotics for EUR 88.5 million. We did it "
            "because ports ask us for cranes without drivers, and we could buy that knowledge faster than "
            "we could have built it. Its 130 engineers stay in Karsova.",
            filler.paragraph(6),
            "Not everything went well. At the foundry in Gdelborg we had to write off EUR 18.4 million, "
            "since shipyards now buy anchor chain from makers who pay less for electricity. The foundry "
            "goes on with castings for winches.",
            *filler.paragraphs(5),
            "The board proposes a dividend of EUR 0.62 per share, after EUR 0.55 for 2021. I thank "
            "everybody who has worked for this company on land and on the water.",
            "Marit Solheim Dyrdal, chief executive",
        )
    ]


def _segments(filler: Filler) -> list[Flowable]:
    rows = [
        ("Deck Machinery", "472.8", "455.1", "51.3", "49.0", "388"),
        ("Port Automation", "398.6", "341.9", "47.7", "35.2", "301"),
        ("Offshore Handling", "211.5", "224.6", "9.4", "14.8", "246"),
        ("Aftermarket Services", "201.7", "175.7", "37.8", "32.8", "97"),
        ("Group", "1,284.6", "1,197.3", "146.2", "131.8", "1,032"),
    ]
    return [
        *prose(*filler.paragraphs(4)),
        *table(
            "Segments, EUR million",
            [
                ("", "Revenue", "", "Operating profit", "", "Capital employed"),
                ("", "2022", "2021", "2022", "2021", "2022"),
            ],
            rows,
            [((1, 0), (2, 0)), ((3, 0), (4, 0))],
        ),
        *_quarters(),
        *sections(filler, _WORDS.units, 14),
        section("Orders by country"),
        *table(
            "Order intake by country, EUR million",
            [("Country of the customer", "2022", "2021")],
            filler.rows([f"{region}, {town}" for region in _REGIONS for town in TOWNS], 3, 60),
            widths=(240, 70, 70),
        ),
    ]


def _people(filler: Filler) -> list[Flowable]:
    return [
        *sections(filler, ("Working with us", "Training"), 10),
        section("Health and safety"),
        *prose(
            "There were 2.1 accidents with lost time per million hours worked, after 2.6 in 2021. Most of "
            "them were injuries to hands. On 8 August 2022 a rigger in Tarnwick was badly hurt by a falling"
            " hook; lifting hooks of that type have been taken out of use everywhere.",
            *filler.paragraphs(6),
        ),
        *sections(filler, ("Diversity", "Works council", "Human rights"), 10),
    ]


def _environment(filler: Filler) -> list[Flowable]:
    return [
        *sections(filler, ("Our approach",), 9),
        section("Emissions"),
        *prose(
            "Direct emissions (scope 1) were 41,300 tonnes of CO2 equivalents, and those of the electricity"
            " that we buy (scope 2, market-based) 9,800 tonnes. By 2030 we want to emit 45 per cent less in"
            " both scopes together than in 2019, our base year.",
            "Emissions along the value chain are not reported yet; a method is being worked out with two "
            "universities.",
            *filler.paragraphs(5),
        ),
        *sections(filler, ("Water", "Waste", "Materials", "Biodiversity"), 11),
    ]


def _governance(filler: Filler) -> list[Flowable]:
    return [
        *sections(filler, ("General meeting", "The board's work"), 10),
        *table(
            "Members of the board and meetings attended in 2022",
            [("Member", "Since", "Board meetings", "Audit committee")],
            [
                ("Ingrid Vestby (chair)", "2016", "9 of 9", "–"),
                ("Aksel Brandt-Rasmussen", "2014", "8 of 9", "5 of 5"),
                ("Yasmin Oduya", "2020", "9 of 9", "5 of 5"),
                ("Helge Torvund", "2018", "6 of 9", "–"),
                ("Carmen Ibarra Soto", "2021", "9 of 9", "4 of 5"),
                ("Frode Lillevik (elected by the employees)", "2019", "9 of 9", "–"),
            ],
        ),
        *prose(
            "Helge Torvund was ill in the autumn. He does not stand for election again at the general "
            "meeting of 26 April 2023."
        ),
        *sections(filler, ("Committees", "Internal control", "Shareholders", "Conflicts of interest"), 11),
    ]


def _responsibility() -> list[Flowable]:
    return [
        *prose(
            "We confirm that, to the best of our knowledge, the consolidated statements for 2022 give a "
            "true and fair view of the assets, liabilities, financial position and results of the group."
        ),
        *prose("Haugvik, 9 March 2023"),
        *signatures(
            ("Ingrid Vestby", "chair"),
            ("Aksel Brandt-Rasmussen", "member"),
            ("Yasmin Oduya", "member"),
            ("Helge Torvund", "member"),
            ("Carmen Ibarra Soto", "member"),
            ("Frode Lillevik", "member"),
            ("Marit Solheim Dyrdal", "chief executive"),
        ),
    ]
