"""XML: articles by section, other files by record."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.errors import UserError
from qa.ingest import readers
from qa.ingest.documents import parse

ARTICLE = """<?xml version="1.0"?>
<!DOCTYPE article PUBLIC "-//NLM//DTD JATS v1.3//EN" "JATS-journalpublishing1-3.dtd">
<article xmlns:mml="http://www.w3.org/1998/Math/MathML"><front><article-meta><title-group>
<article-title>Four turbines</article-title></title-group>
<contrib><name><surname>Writer</surname><given-names>Ada</given-names></name></contrib>
<pub-date><day>2</day><month>6</month><year>2020</year></pub-date></article-meta></front>
<body><sec><title>Results</title><p>The plant yields <italic>10<sup>3</sup></italic>&nbsp;MW.</p>
<p>So <mml:math><mml:mi>E</mml:mi><mml:mo>=</mml:mo><mml:mfrac><mml:mrow><mml:mi>a</mml:mi><mml:mo>+</mml:mo>
<mml:mi>b</mml:mi></mml:mrow><mml:msup><mml:mi>c</mml:mi><mml:mn>2</mml:mn></mml:msup></mml:mfrac></mml:math>.</p>
<sec><title>Costs</title><table-wrap><label>Table 1.</label><table><tr><th>Item</th><th>Price</th></tr>
<tr><td>Fuel</td><td>5 EUR</td></tr></table></table-wrap></sec></sec></body></article>"""

RECORDS = """<plants><plant id="1"><name>Muruntau</name><power unit="MW">54</power></plant>
<plant id="2"><name>Syrdarya</name><place><country>Uzbekistan</country></place></plant></plants>"""


def test_an_article_is_read_by_section():
    document = parse(ARTICLE.encode(), "a.nxml")
    assert (document.title, document.author, document.date) == ("Four turbines", "Ada Writer", "2020-06-02")
    assert [place.label for place in document.places if place.label] == ["section Results", "section Costs"]
    assert "The plant yields 10^3 MW." in document.text
    assert "So E = (a + b)/(c^2)." in document.text
    assert "Item: Fuel; Price: 5 EUR" in document.text


def test_a_record_has_its_names_and_its_number():
    document = parse(RECORDS.encode(), "a.xml")
    assert document.text.split("\n\n") == [
        "id: 1; name: Muruntau; power.unit: MW; power: 54",
        "id: 2; name: Syrdarya; place.country: Uzbekistan",
    ]
    assert [place.label for place in document.places] == ["plant, item 1", "plant, item 2"]


def test_a_web_page_that_is_xml_is_read_as_a_web_page():
    page = "<html xmlns='http://www.w3.org/1999/xhtml'><body><h1>Power</h1><p>Text.</p></body></html>"
    assert [place.label for place in parse(page.encode(), "a.xml").places] == ["section Power"]


def test_the_encoding_is_the_declared_one():
    data = '<?xml version="1.0" encoding="windows-1251"?><a><b>Договор</b></a>'.encode("cp1251")
    assert parse(data, "a.xml").text == "b: Договор"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        ('<!DOCTYPE a [<!ENTITY x "ha">]><a>&x;</a>', "entities"),
        ('<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>', "entities"),
        ("<a>" * 100_000 + "</a>" * 100_000, "nested too deeply"),
        ("<a>" * 100_000, "not well-formed"),
        ("<a>&lt;</b>", "not well-formed"),
        ("<a/>", "no text"),
    ],
)
def test_a_bad_file_is_named(data: str, reason: str):
    with pytest.raises(UserError, match=reason):
        parse(data.encode(), "a.xml")


_words = st.text(alphabet="abc 12", min_size=1, max_size=8)
_trees = st.recursive(
    _words,
    lambda inner: st.tuples(
        st.sampled_from(["p", "sec", "b", "title", "table", "tr", "td"]), st.lists(inner, max_size=4)
    ),
)


def _written(tree: object) -> str:
    if isinstance(tree, str):
        return tree
    assert isinstance(tree, tuple)
    name, inner = tree
    return f"<{name}>{''.join(map(_written, inner))}</{name}>"


def _said(tree: object) -> str:
    return tree if isinstance(tree, str) else "".join(map(_said, tree[1]))


@given(
    st.lists(
        _trees.filter(lambda tree: not isinstance(tree, str) and tree[0] in {"p", "sec", "b"}), max_size=4
    )
)
def test_no_word_of_a_text_is_lost(trees: list[object]):
    pieces = readers.read(f"<a><p>x</p>{''.join(map(_written, trees))}</a>".encode(), "a.xml").pieces
    shown = "".join(piece.text for piece in pieces)
    for letter in "abc12":
        assert shown.count(letter) >= sum(_said(tree).count(letter) for tree in trees)
