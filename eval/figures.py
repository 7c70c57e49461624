"""Count the questions for a computation that get the right figure, none, or a wrong one.

    python -m eval.figures

The tables and sentences are made up here. A question is given the four lines that share most words with it,
as a search by words would, and code has to find the numbers, or to say that they do not fit.
"""

import argparse
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from qa.figures.compute import compute_figures
from qa.ingest.readers.tables import read_table
from qa.nlp.headings import states_nothing
from qa.nlp.sentences import sentences
from qa.nlp.terms import content_terms
from qa.retrieval.evidence import MAX_QUOTES, number_quotes
from qa.schema import Document, Span

_TABLES: Mapping[str, tuple[str, str, Sequence[Sequence[str]]]] = {
    "results.csv": (
        "Results of Norden Group",
        "in millions of dollars",
        [
            ["Item", "2021", "2022", "2023"],
            ["Revenue", "7,120", "7,685", "8,278"],
            ["Cost of revenue", "4,300", "4,610", "4,801"],
            ["Operating income", "(120)", "310", "402"],
            ["Employees, thousands", "21", "22", "24"],
        ],
    ),
    "plants.csv": (
        "Power plants",
        "",
        [
            ["Plant", "Country", "Power, MW", "Output, GWh", "Built"],
            ["Muruntau", "Uzbekistan", "54", "410", "1995"],
            ["Aktau", "Kazakhstan", "80", "600", "2001"],
            ["Navoi", "Uzbekistan", "478", "3,100", "2012"],
        ],
    ),
    "segments.csv": (
        "Sales by segment",
        "EUR million",
        [
            ["Segment", "Sales 2022", "Sales 2023"],
            ["Signalling", "120.5", "131.0"],
            ["Rolling stock", "300.0", "290.5"],
            ["Services", "79.5", "78.5"],
            ["Total", "500.0", "500.0"],
        ],
    ),
    "budget.csv": (
        "Budget of the library",
        "",
        [
            ["Post", "Amount"],
            ["Rent", "$24,000"],
            ["Books", "$8,500"],
            ["Heating", "€3,200"],
            ["Cleaning", "$2,750.50"],
        ],
    ),
    "haushalt.csv": (
        "Haushalt der Gemeinde Brennholm",
        "in Tsd. EUR",
        [
            ["Posten", "2022", "2023"],
            ["Personal", "1.234,5", "1.300,0"],
            ["Schulen", "2.010,0", "1.990,5"],
        ],
    ),
    "regions.csv": (
        "Visitors by region",
        "",
        [
            ["Region", "Visitors"],
            ["Europe", "900"],
            ["France", "400"],
            ["Germany", "500"],
            ["Asia", "350"],
        ],
    ),
    "quarters.csv": (
        "Tickets sold",
        "",
        [
            ["Quarter", "Tickets"],
            ["Q1", "1,200"],
            ["Q2", "1,350"],
            ["Q3", "990"],
            ["Q4", "1,460"],
        ],
    ),
    "rates.csv": (
        "Unemployment rate",
        "",
        [["Country", "2020", "2021"], ["Norway", "4.6%", "4.4%"], ["Spain", "15.5%", "14.8%"]],
    ),
}
_SENTENCES = {
    "dam.md": "# The Tessaline dam\n\nThe dam had a capacity of 120 MW in 2010 and 185 MW in 2020. "
    "The cost of the dam was about 40 million euros.",
    "fleet-2019.md": "# Fleet of Varso\n\nThe fleet of Varso had forty-two buses in 2019.",
    "fleet-2023.md": "# Fleet of Varso\n\nThe fleet of Varso had fifty-eight buses in 2023.",
    "harvest.md": "# Harvest of Lund\n\nThe harvest was 3,400 tonnes in 2021. "
    "The harvest was 2,890,000 kilograms in 2022.",
    "sales.md": "# Sales\n\nThe sales of Varso in Lund were 7 million euros in 2021. "
    "The sales of Varso in Lund were 9 million euros in 2022. The sales of Brennholm rose by 5% to 12 "
    "million euros in 2022. The sales of Brennholm were about 11 million euros in 2021.",
    "loan.md": "# Loans of Brennholm\n\nThe loan for the school was 2.5 million euros. "
    "The loan for the bridge was 800 thousand euros.",
}

REFUSED = ""

CASES: tuple[tuple[str, str], ...] = (
    ("How much did revenue grow from 2022 to 2023?", "8,278 − 7,685 = 593 million dollars"),
    ("What was the percentage growth of revenue from 2021 to 2022?", "(7,685 − 7,120) ÷ 7,120 ≈ 7.9%"),
    (
        "By how much did the cost of revenue increase between 2021 and 2023?",
        "4,801 − 4,300 = 501 million dollars",
    ),
    ("How much has operating income changed from 2021 to 2022?", "310 − (−120) = 430 million dollars"),
    ("How much did revenue grow in 2023?", "8,278 − 7,685 = 593 million dollars"),
    ("What was Norden's revenue growth in 2023?", "8,278 − 7,685 = 593 million dollars"),
    ("What was the revenue growth rate in 2022?", "(7,685 − 7,120) ÷ 7,120 ≈ 7.9%"),
    ("What was the growth rate in 2022?", REFUSED),
    ("What was the annual rate of growth in 2022?", REFUSED),
    ("How much did revenue grow?", REFUSED),
    ("How much did revenue grow from 2019 to 2023?", REFUSED),
    ("How much did profit grow from 2022 to 2023?", REFUSED),
    (
        "What is the difference between revenue and cost of revenue in 2023?",
        "8,278 − 4,801 = 3,477 million dollars",
    ),
    ("What is the difference in power between Aktau and Muruntau?", "80 − 54 = 26 MW"),
    ("What is the difference between the power of Navoi and Aktau?", "478 − 80 = 398 MW"),
    ("How much more output does Navoi have than Aktau?", "3,100 − 600 = 2,500 GWh"),
    ("What is the difference between the power of Navoi and the output of Navoi?", REFUSED),
    ("What is the total power of all plants?", "54 + 80 + 478 = 612 MW"),
    ("What is the total power of the plants in Uzbekistan?", "54 + 478 = 532 MW"),
    ("What is the total output of Muruntau and Aktau?", "410 + 600 = 1,010 GWh"),
    ("What share of the total power does Navoi have?", "478 ÷ (54 + 80 + 478) ≈ 78.1%"),
    ("What is the total year built of all plants?", REFUSED),
    ("What share of sales in 2023 came from Services?", "78.5 ÷ 500 = 15.7%"),
    ("What percentage of sales 2022 was Signalling?", "120.5 ÷ 500 = 24.1%"),
    ("How much did the sales of Signalling rise from 2022 to 2023?", "131 − 120.5 = 10.5 million EUR"),
    ("How much did the sales of Rolling stock fall from 2022 to 2023?", "290.5 − 300 = −9.5 million EUR"),
    ("What is the total of sales in 2023?", REFUSED),
    ("What is the total of rent and books?", "24,000 + 8,500 = 32,500 dollars"),
    ("What is the total amount of rent, books and cleaning?", "24,000 + 8,500 + 2,750.5 = 35,250.5 dollars"),
    ("What is the total of rent and heating?", REFUSED),
    ("What is the total amount of all posts?", REFUSED),
    ("How much more was Rent than Books?", "24,000 − 8,500 = 15,500 dollars"),
    ("How much did Personal grow from 2022 to 2023?", "1,300 − 1,234.5 = 65.5 thousand EUR"),
    ("What is the difference between Schulen and Personal in 2023?", "1,990.5 − 1,300 = 690.5 thousand EUR"),
    ("What is the total number of visitors of all regions?", REFUSED),
    ("What is the total of visitors from France and Germany?", "400 + 500 = 900"),
    ("What is the difference between the visitors from Asia and the visitors from France?", "400 − 350 = 50"),
    ("What is the total number of tickets of all quarters?", "1,200 + 1,350 + 990 + 1,460 = 5,000"),
    ("How many tickets were sold in Q1 and Q2 in total?", "1,200 + 1,350 = 2,550"),
    ("What is the total of tickets in Q1 and Q2?", "1,200 + 1,350 = 2,550"),
    ("How much did the rate of Norway fall from 2020 to 2021?", "4.4 − 4.6 = −0.2 percentage points"),
    ("What is the total of Norway and Spain in 2021?", REFUSED),
    ("How much did the capacity of the dam grow from 2010 to 2020?", "185 − 120 = 65 MW"),
    ("How much did the capacity of the dam grow?", "185 − 120 = 65 MW"),
    ("What is the difference between the capacity of the dam and the cost of the dam?", REFUSED),
    ("What is the difference between 5 and 3?", REFUSED),
    ("What was the total revenue in 2023?", REFUSED),
    ("What was the total of Norden in 2023?", REFUSED),
    ("How much did income grow from 2021 to 2022?", REFUSED),
    ("What is the total cost?", REFUSED),
    ("How much did employees grow from 2022 to 2023?", "24 − 22 = 2 thousand"),
    ("What share of revenue was operating income in 2023?", "402 ÷ 8,278 ≈ 4.9%"),
    ("What share of the output of the plants comes from Aktau?", "600 ÷ (410 + 600 + 3,100) ≈ 14.6%"),
    ("What is the difference between Q1 and Q3?", "1,200 − 990 = 210"),
    ("What is the difference between the highest and the lowest power?", REFUSED),
    ("How much did the sales of Lund grow from 2021 to 2022?", REFUSED),
    ("How much did the sales of Varso in Lund grow from 2021 to 2022?", "9 − 7 = 2 million euros"),
    ("What is the difference in height between Varso and Aktau?", REFUSED),
    ("How much did the sales of Brennholm grow from 2021 to 2022?", REFUSED),
    ("How much did the fleet of Varso grow from 2019 to 2023?", "58 − 42 = 16 buses"),
    ("How much did the harvest fall from 2021 to 2022?", REFUSED),
    (
        "What is the total of the loan for the school and the loan for the bridge?",
        "2,500,000 + 800,000 = 3,300,000 euros",
    ),
)
"""Questions, and the first formula that is right for each; ``REFUSED`` where none is."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The outcome of one question."""

    question: str
    expected: str
    computed: str
    """The first formula with its unit; empty where nothing was computed."""
    refusal: str

    @property
    def verdict(self) -> str:
        """``right``, ``refused`` or ``wrong``. To refuse what cannot be computed is right."""
        if self.computed == self.expected:
            return "right"
        return "wrong" if self.computed else "refused"


def documents() -> dict[str, Document]:
    """Return the documents, by id, with their tables as the readers write them."""
    made: dict[str, Document] = {}
    for name, (title, caption, rows) in _TABLES.items():
        lines = [title, *filter(None, [caption]), *(line.text for line in read_table(rows, guess=True))]
        language = "de" if name == "haushalt.csv" else "en"
        between = "\n\n" if len(made) % 2 else "\n"  # as the rows of a CSV file, and as those in a text
        made[name] = Document(name, between.join(lines), title, language=language)
    for name, text in _SENTENCES.items():
        made[name] = Document(name, text, text.splitlines()[0].removeprefix("# "), language="en")
    return made


def measure() -> list[Outcome]:
    """Return what becomes of each question."""
    made = documents()
    return [_outcome(question, expected, made) for question, expected in CASES]


def _outcome(question: str, expected: str, made: Mapping[str, Document]) -> Outcome:
    asked = content_terms(question)
    lines = [
        Span(document.id, start, end)
        for document in made.values()
        for start, end in sentences(document.text, document.language)
        if not states_nothing(Span(document.id, start, end), document)
    ]

    def shared(span: Span) -> int:
        document = made[span.doc_id]
        return len(asked & (content_terms(span.cut(made)) | content_terms(document.title)))

    found = sorted(lines, key=shared, reverse=True)[:MAX_QUOTES]
    computed = compute_figures(question, number_quotes(found, made), made)
    first = computed.figures[0] if computed.figures else None
    return Outcome(question, expected, first.text.rpartition(" ")[0] if first else "", computed.refusal)


def main(argv: Sequence[str] | None = None) -> int:
    """Print the outcomes and how many there are of each. The exit status is 1 when one is wrong."""
    argparse.ArgumentParser(
        prog="python -m eval.figures", description="Measure what code computes from quotes."
    ).parse_args(argv)
    outcomes = measure()
    for each in outcomes:
        print(f"{each.verdict:8} {each.question}\n         {each.computed or each.refusal or 'nothing'}")
    counts = {
        verdict: sum(each.verdict == verdict for each in outcomes)
        for verdict in ("right", "refused", "wrong")
    }
    print(
        f"{len(outcomes)} questions: " + ", ".join(f"{count} {verdict}" for verdict, count in counts.items())
    )
    return int(counts["wrong"] > 0)


if __name__ == "__main__":
    sys.exit(main())
