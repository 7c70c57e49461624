"""Tests of the overview of documents."""

import pytest

from qa.overview import overview
from qa.overview.overview import make_overview
from qa.schema import Document, Overview
from tests.support.fakes import by_id, document

RAIL = (
    "Alstom builds electric locomotives for the railways of Kazakhstan in a plant at Astana. Lunch was good. "
    "On 3 May 2019 the railways of Kazakhstan ordered electric locomotives from Alstom for 72 million euros. "
    "By then Jerome Boyet had promised that the locomotives will pull 9,000 tons in Kazakhstan.\n\n"
    "Total Orders In Kazakhstan 2020\n\nIn 1998, nothing was built."
)
LEASE = "The rent of the office in Astana is $5,000 and is paid on 1 April 2020 to the owner of the building."


def rarity(term: str) -> float:
    return 1.0


def overview_of(*documents: Document) -> Overview:
    known = by_id(*documents)
    found = make_overview(list(known), known, rarity)
    for quote in found.quotes:
        assert quote.span.cut(known) == quote.text
    for each in found.highlights.all:
        assert each.span.cut(known) == each.text
        assert each.text in found.quotes[each.quote - 1].text
    return found


def test_an_overview_has_names_dates_and_figures_each_inside_a_quote():
    found = overview_of(
        document(RAIL, "rail.txt", language="en"), document(LEASE, "lease.txt", language="en")
    )
    names = {each.text: (each.mentions, each.documents) for each in found.highlights.names}
    assert names["Astana"] == (2, 2)
    assert names["Kazakhstan"] == (3, 1)
    assert next(iter(names)) == "Astana", "what most documents name comes first"
    assert [each.date for each in found.highlights.dates] == ["1998", "2019-05-03", "2020-04-01"]
    assert [each.text for each in found.highlights.figures] == ["72 million euros", "9,000 tons", "$5,000"]
    assert "Kazakhstan" in found.quotes[0].text
    assert "Jerome Boyet" in names
    assert found.main > 0
    assert "Lunch was good." not in {quote.text for quote in found.quotes}
    assert len({quote.span for quote in found.quotes}) == len(found.quotes)
    assert found.whole
    assert str(found.searched) == "2 documents"


def test_documents_without_sentences_have_an_empty_overview():
    found = overview_of(document("Title"))
    assert found.quotes == ()
    assert found.highlights.all == ()
    assert make_overview([], {}, rarity).quotes == ()


def test_of_long_or_many_documents_a_part_is_read(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(overview, "CHARACTERS", 2_000)
    long = overview_of(document(f"{RAIL}\n\n" * 10, language="en"))
    assert not long.whole
    assert max(quote.span.end for quote in long.quotes) <= 2_000
    monkeypatch.setattr(overview, "MOST_DOCUMENTS", 4)
    many = overview_of(*(document(LEASE, f"{i}.txt", language="en") for i in range(8)))
    assert str(many.searched) == "4 of 8 documents"
    assert many.highlights.figures[0].documents == 4
