"""A row of a table is no answer to a question about another row."""

import pytest

from qa.query.asked_row import is_of_another_row
from qa.schema import Quote, Span


def row(text: str, *headings: str, title: str = "Trial of an inhibitor") -> Quote:
    return Quote(1, Span("trial.pdf", 0, len(text)), text, title, None, language="en", headings=headings)


@pytest.mark.parametrize(
    ("question", "quote", "other"),
    [
        ("What is the rate with 2 g of inhibitor?", row("Dose (g): 4; Current (A/cm2): 0.9476"), True),
        ("What is the rate with 2 g of inhibitor?", row("Dose (g): 2; Rate (mm/year): 0.8163"), False),
        ("What is the rate with 2 g of inhibitor?", row("Dose: two grams; Rate (mm/year): 0.8163"), False),
        ("What is the rate with 2 g of inhibitor?", row("Rate (mm/year): 0.8163; Days: 9", "2 g"), False),
        ("How many deaths per 100,000 women were there in 1999?", row("Year: 1999; Deaths: 26.6"), False),
        ("Combien de décès pour 100 000 femmes en 1999 ?", row("Année: 1999; Décès: 26,6"), False),
        ("What is the price per 10 litres?", row("Litres: 20; Price: 88"), True),
        ("Was kostet es auf 50 Seiten?", row("Seiten: 20; Preis: 88"), True),
        ("How many deaths per 100,000 women were there in region 7?", row("Region: 8; Deaths: 26.6"), True),
        ("What is the price of 1,000 litres?", row("Litres: 1000; Price: 88"), False),
        ("What is the price of the SX-40?", row("Article: SX-40; Price: 88"), False),
        ("What is the rate with 2 g of inhibitor?", row("With four grams the rate was 0.9476."), False),
        (
            "What were the sales of Zone West in 2023?",
            row("Zone West — Sales: 9,283; Profit: 16", "2022"),
            True,
        ),
        (
            "What were the sales of Zone West in 2023?",
            row("Zone West — Sales: 9,467; Profit: 17", "2023"),
            False,
        ),
        (
            "What were the sales of Zone West in 2023?",
            row("Zone West — 2023: 9,467; 2022: 9,283", "2022"),
            False,
        ),
        ("What were the sales of Zone West in 2023?", row("Zone West — Sales: 9,467; Profit: 17"), False),
        ("What were the sales of Zone West in FY2023?", row("Zone West — 2023: 9,467; 2022: 9,283"), False),
        ("What was the freight on the bill of 16 February 2017?", row("Freight | 19.95"), False),
        ("What was paid on 16 February 2017?", row("Day: 3 March 2017; Paid: 19.95"), True),
        ("What did Ann earn in 2023?", row("Name: Ann Meyer; Since: 2021; Fee: 40"), False),
        ("What does the PowerPoint 12 deck show for Europe?", row("Europe — Q1: 34; Q2: 45"), False),
        ("What is the rent of Unit 7?", row("Unit: Unit 8; Rent: 900"), True),
        ("What is the rent of Unit 7?", row("Place: 8; Rent: 900"), True),
        ("What is the rent of Unit 7?", row("Place: 8; Rent: 900", "Rents by unit"), True),
        ("What did Ann earn in 2023?", row("Year: 2021; Name: Ann Meyer; Fee: 40"), True),
    ],
)
def test_a_row_is_told_by_the_numbers_and_years_of_the_question(question: str, quote: Quote, other: bool):
    assert is_of_another_row(question, quote) is other
