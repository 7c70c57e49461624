"""Web pages: what a reader of the page sees, and nothing else."""

import pytest

from qa.ingest.documents import parse
from qa.ingest.readers import read
from qa.schema import Document


def text(html: str) -> str:
    return "\n\n".join(piece.text for piece in read(html.encode(), "a.html").pieces)


@pytest.mark.parametrize(
    "hidden",
    [
        "<span style='visibility:hidden;'>0</span>",
        "<span style='color: red; display : NONE'>0</span>",
        "<span hidden>0</span>",
        "<template>0</template>",
        "<span class='a none'>0</span>",
        "<i class='none'>0</i>",
        "<span id='gone'>0</span>",
        "<span class='big price'>0</span>",
    ],
)
def test_hidden_text_changes_no_number(hidden: str):
    style = """<style>/* .shown {display:none} */ .none, p #x {display: none} #gone {visibility:hidden}
    span.big.price {display:none} i.price {display:none} @media print {.shown {display:none}}
    .back {display:none} .back {display:inline}</style>"""
    page = f"{style}<p class='shown'>It has {hidden}3.685.265 people<b class='price back'>.</b>"
    assert text(page) == "It has 3.685.265 people."
    assert text(f"{style}<table><tr><th>A<th>B<tr><td>{hidden}3<td>4</table>") == "A: 3; B: 4"
    assert text(f"{style}<h1>On {hidden}3</h1>") == "On 3"


def test_a_hidden_cell_moves_no_name():
    cells = "<tr><th>Item<th style='display:none'>Id<th>Price<tr><td>Fuel<td style='display:none'>7<td>5"
    assert text(f"<table>{cells}<tr style='display:none'><td>Oil<td>8</table>") == "Item: Fuel; Price: 5"


def test_a_reading_is_not_glued_to_its_word():
    assert text("<p><ruby>東京<rp>(</rp><rt>とうきょう</rt><rp>)</rp></ruby>は大きい。") == "東京は大きい。"


def test_raised_figures_stay_raised():
    page = (
        "<p>364.530<sup>1</sup> people on 5 km<sup>2</sup>, 10<sup>-6</sup>, the 1<sup>st</sup>[<sup>a</sup>]"
    )
    assert text(page) == "364.530¹ people on 5 km², 10⁻⁶, the 1st[a]"
    assert text("<table><tr><th>A<th>B<tr><td>5<sup>(1)</sup><td>H<sub>2</sub>O</table>") == "A: 5⁽¹⁾; B: H2O"


def test_items_of_a_list_have_their_numbers():
    page = """<ol start=3><li>Three<ol type=a><li>a<li><p>b</ol><li value=7>Seven<li>Eight</ol>
    <ol type=I start=4><li>Four<li>Five</ol><ol reversed><li>Two<li>One</ol>
    <ol style='list-style: none'><li>None</ol><ul><li>Point</ul>"""
    assert text(page).split("\n\n") == [
        *("3. Three", "a. a", "b. b", "7. Seven", "8. Eight", "IV. Four", "V. Five", "2. Two", "1. One"),
        *("None", "- Point"),
    ]


def test_a_term_stands_with_its_definition():
    page = "<dl><dt>Power<dd>54 MW<dt>Owner:</dt> <dd>The state</dd><dd>A bank</dl><p>After"
    assert text(page) == "Power: 54 MW\n\nOwner: The state\n\nA bank\n\nAfter"


def test_a_table_has_its_caption_and_ends_with_its_foot():
    page = """<table><caption>Costs</caption><thead><tr><td>Item<td>Price</thead>
    <tfoot><tr><td>Sum<td>5</tfoot><tbody><tr><td rowspan=0>Fuel<td>2<tr><td>3</tbody></table>"""
    assert text(page).split("\n") == [
        *("Costs", "Item: Fuel; Price: 2", "Item: Fuel; Price: 3", "Item: Sum; Price: 5"),
    ]


def test_bold_cells_name_what_stands_below_or_beside_them():
    page = "<table><tr><td><b>Item</b><td><b>Price</b><tr><td>Fuel<td>5 EUR<tr><td>Oil<td>dear</table>"
    assert text(page) == "Item: Fuel; Price: 5 EUR\nItem: Oil; Price: dear"
    page = "<table><tr><td><b>Born</b><td>1989<tr><td><strong>Died:</strong><td>2001</table>"
    assert text(page) == "Born: 1989\nDied: 2001"
    page = "<table><tr><th>Item<th>Price<tr><td>Fuel<td>5<tr><td><b>Sum</b><td><b>5</b></table>"
    assert text(page) == "Item: Fuel; Price: 5\nItem: Sum; Price: 5"


def test_a_first_row_that_a_style_makes_bold_has_the_names():
    cells = "".join(
        f"<td><p style='font-weight:bold;margin:0'>{name}</p>" for name in ("Share", "Sign", "At")
    )
    below = "<tr><td>Common<td style='font-weight:normal'>GLX<td>OTC"
    assert text(f"<table><tr>{cells}{below}</table>") == "Share: Common; Sign: GLX; At: OTC"
    years = "".join(f"<td style='font-weight:700'>{name}" for name in ("ASSETS", "2021", "2020"))
    assert text(f"<table><tr>{years}<tr><td>Cash<td>5<td>4</table>").endswith("Cash — 2021: 5; 2020: 4")


def test_two_bold_words_over_figures_are_names():
    head = "".join(f"<td><p style='font-weight:bold'>{name}</p>" for name in ("Year ended", "Amount"))
    assert text(f"<table><tr>{head}<tr><td>2024<td>5<tr><td>2025<td>7</table>") == (
        "Year ended: 2024; Amount: 5\nYear ended: 2025; Amount: 7"
    )
    form = f"<table><tr>{head}<tr><td>Signed<td>A. Writer<tr><td>Age<td>7</table>"
    assert text(form) == "Year ended | Amount\nSigned | A. Writer\nAge | 7"


def page(head: str) -> Document:
    return parse(f"<head>{head}</head><p>Text.".encode(), "a.html")


@pytest.mark.parametrize(
    "head",
    [
        '<meta property="article:published_time" content="2025-01-22T10Z"><meta name=date content=2020>',
        '<meta itemprop="datePublished" content="2025-01-22">',
        '<time itemprop="datePublished" datetime="2025-01-22T10:00">yesterday</time>',
        """<script type="application/ld+json">{"@graph": [{"comment": [{"datePublished": "2001-01-01"}]},
        {"@type": "Article", "datePublished": "2025-01-22T08:00:00+01:00"}]}</script>""",
        '<script type="application/ld+json">{broken</script><meta name="dc.date.issued" content=2025-01-22>',
    ],
)
def test_a_page_tells_its_date(head: str):
    assert page(head).date == "2025-01-22"


def test_a_page_is_called_by_the_title_it_shares():
    assert page("<title>News | Trend</title><meta property='og:title' content='News'>").title == "News"
    assert page("<title>News | Trend</title>").title == "News | Trend"
