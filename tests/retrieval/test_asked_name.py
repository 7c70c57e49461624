from qa.ingest.documents import parse
from qa.retrieval.evidence import select_quotes
from tests.support.fakes import by_id, hits_of

PRICES = """# Prices of the club

| Course | Years | Price |
|---|---|---|
| Baby judo | 2021-2022 | 150 |
| Junior | 2013-2014 | 209 |
| Women | 2006 | 234 |
"""


def first_quote(question: str, scores: list[float]) -> str:
    """The first quote of rows with ``scores``."""
    document = parse(PRICES.encode(), "prices.md")
    hits = hits_of(document, scores=iter(scores))
    return select_quotes(question, hits, by_id(document), "en").quotes[0].text


def test_the_row_that_is_named_in_full_comes_before_one_that_is_named_in_part():
    assert "Junior" in first_quote("What is the price of judo for a junior?", [0.0, 3.0, 2.0, 1.0])


def test_a_row_that_may_be_named_in_other_words_keeps_its_place():
    assert "Women" in first_quote("What is the price for a female junior?", [0.0, 1.0, 2.0, 3.0])


def test_a_row_that_lacks_the_asked_number_comes_after_that_which_has_it():
    rents = "| Place | Rent |\n|---|---|\n| Unit 7 of Brand | 900 |\n| Unit 8 | 700 |\n"
    document = parse(rents.encode(), "rents.md")
    hits = hits_of(document, scores=iter([2.0, 1.0]))
    quotes = select_quotes("What is the rent of Unit 7?", hits, by_id(document), "en").quotes
    assert quotes[0].text.startswith("Place: Unit 7 of Brand")
