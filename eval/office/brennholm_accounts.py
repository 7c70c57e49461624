"""The statements in the annual report of Brennholm Maritime ASA: figures, notes, subsidiaries, the audit."""

from reportlab.platypus import Flowable

from eval.office.pages import prose, section, signatures, table
from eval.office.prose import Filler

TOWNS = "Kirkhamn, Lysegrund, Villareja, Port Aldine, Tarnwick, Ostrava Nova, Karsova, Brigdale".split(", ")
"""The towns with customers and subsidiaries."""

_KINDS = (
    "Sales Service Leasing Holding Engineering Property Trading Training Crewing Logistics Insurance"
).split()
"""Of each there is a subsidiary in every town, so that their list stands on four pages."""

_TOPICS = "Leases, Inventories, Receivables, Provisions, Goodwill, Pensions, Taxes, Equity, Hedging".split(
    ", "
)
_ITEMS = ("At 1 January", "Additions", "Disposals", "Translation differences", "At 31 December")


def statements() -> list[Flowable]:
    """Return the income statement and the cash flows."""
    return [
        *table(
            "Consolidated income statement, EUR million",
            [("", "Note", "2022", "2021")],
            [
                ("Revenue", "3", "1,284.6", "1,197.3"),
                ("Materials", "4", "-611.9", "-574.0"),
                ("Personnel expenses", "5", "-398.2", "-371.5"),
                ("Other operating expenses", "6", "-73.0", "-62.9"),
                ("Depreciation and amortisation", "9", "-36.9", "-57.1"),
                ("Impairment", "10", "-18.4", "–"),
                ("Operating profit", "", "146.2", "131.8"),
                ("Net financial items", "7", "-21.7", "-17.5"),
                ("Income tax", "8", "-25.8", "-23.9"),
                ("Profit for the year", "", "98.7", "90.4"),
            ],
        ),
        *table(
            "Consolidated statement of cash flows, EUR million",
            [("", "2022", "2021")],
            [
                ("Cash flow from operating activities", "133.0", "149.7"),
                ("Investments in property, plant and equipment", "-63.1", "-48.6"),
                ("Acquisition of subsidiaries, less cash acquired", "-79.2", "–"),
                ("Dividends paid", "-41.5", "-36.0"),
                ("Cash and cash equivalents at 31 December", "118.4", "143.9"),
            ],
        ),
    ]


def notes(filler: Filler) -> list[Flowable]:
    """Return thirty notes; those that are not asked about have figures by chance."""
    story: list[Flowable] = []
    for number in range(1, 31):
        title, content = _note(number, filler)
        story += [section(f"Note {number}  {title}"), *content, *prose(*filler.paragraphs(7))]
    return story


def _note(number: int, filler: Filler) -> tuple[str, list[Flowable]]:
    match number:
        case 6:
            return "Other operating expenses", table(
                "Fees of the auditor, EUR thousand",
                [("", "2022", "2021")],
                [
                    ("Statutory audit", "1,940", "1,815"),
                    ("Other assurance", "160", "120"),
                    ("Tax advice", "210", "305"),
                ],
            )
        case 10:
            return "Impairment", prose(
                "The recoverable amount of the Gdelborg foundry was found with a discount rate of 9.2 "
                "per cent before tax. A rate higher by one point would have made a further EUR 3.1 "
                "million necessary."
            )
        case 17:
            return "Financing", prose(
                "In November 2022 the group signed a credit line of EUR 350 million with six banks, led"
                " by Fjordkreditt. It runs until November 2027, and its margin falls if the target for "
                "accidents is met. At the end of the year it had not been drawn on."
            )
        case 24:
            return "Contingent liabilities", prose(
                "The Port Authority of Santa Belmira claims EUR 23 million because four cranes were "
                "handed over seven months late. The group holds that the quay was not ready and has "
                "made no provision. A hearing is set down for October 2023."
            )
        case _:
            return _TOPICS[number % len(_TOPICS)], table(
                f"Note {number}, EUR million",
                [("", "2022", "2021")],
                filler.rows(_ITEMS, 1, 90),
            )


def subsidiaries(filler: Filler) -> list[Flowable]:
    """Return the list of subsidiaries, on four pages."""
    known = [
        ("Quaymatic Robotics d.o.o.", "Karsova", "70", "130"),
        ("Brennholm Gdelborg Foundry AB", "Gdelborg", "100", "388"),
        ("Brennholm Tarnwick Ltd", "Tarnwick", "100", "241"),
        ("Aldine Winch Repair Inc.", "Port Aldine", "51", "64"),
    ]
    others = [
        (f"Brennholm {town} {kind}", town, "100", filler.whole(4, 160)) for kind in _KINDS for town in TOWNS
    ]
    rows = sorted([*known, *others])
    return [
        *prose("The group consists of the parent company and of the companies in the list."),
        *table(
            "Subsidiaries at 31 December 2022",
            [("Company", "Seat", "Share", "Employees"), ("", "", "%", "")],
            rows,
            widths=(220, 90, 50, 70),
        ),
        *prose(*filler.paragraphs(6)),
    ]


def parent_company(filler: Filler) -> list[Flowable]:
    """Return figures that have the names of the group's, and are not the group's."""
    return [
        *table(
            "Income statement of the parent company, EUR million",
            [("", "2022", "2021")],
            [
                ("Revenue", "402.9", "377.6"),
                ("Operating profit", "31.2", "28.5"),
                ("Capital expenditure", "12.4", "9.9"),
                ("Profit for the year", "77.0", "64.1"),
            ],
            widths=(240, 70, 70),
        ),
        *prose(*filler.paragraphs(8)),
    ]


def auditors_report(filler: Filler) -> list[Flowable]:
    """Return the opinion of the auditor."""
    return [
        *prose(
            "To the general meeting of Brennholm Maritime ASA. In our opinion the consolidated statements "
            "give a true and fair view. We have been the auditor since 2015.",
            "Key audit matters were the recognition of revenue over time and the value of goodwill in "
            "Offshore Handling.",
            *filler.paragraphs(10),
            "Haugvik, 10 March 2023",
        ),
        *signatures(("Nordrevi AS, Gunvor Stene", "state authorised public accountant")),
    ]
