"""reStructuredText, Org and AsciiDoc: the text as it is, with its sections as places."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.ingest import readers
from qa.ingest.documents import parse

RST = """==========
The plant
==========

Built in 1962. See :ref:`costs`.

Turbines
--------
It has four.

.. code:: text

   a
   -----

=====  =====
Item   Price
=====  =====
Fuel   5 EUR
=====  =====
"""

ORG = """#+TITLE: The plant
#+AUTHOR: A. Writer
Built in 1962.
* TODO [#A] Turbines :power:
It has four.
#+begin_src text
* not a heading
#+end_src
** Costs
Fuel is *5 EUR*.
"""

ADOC = """= The plant
:revdate: 2025-01-22

Built in 1962.

== Turbines

It has four.

----
== not a heading
----

=== Costs ===
Fuel is 5 EUR.
"""


@pytest.mark.parametrize(
    ("written", "name", "labels"),
    [
        (RST, "a.rst", ["section The plant", "section Turbines"]),
        (ORG, "a.org", ["section Turbines", "section Costs"]),
        (ADOC, "a.adoc", ["section The plant", "section Turbines", "section Costs"]),
    ],
)
def test_it_is_read_as_it_is_with_its_sections(written: str, name: str, labels: list[str]):
    document = parse(written.encode(), name)
    assert document.title == "The plant"
    assert [place.label for place in document.places if place.label] == labels
    for line in filter(str.strip, written.split("=====  =====")[0].split("\n")):
        assert line in document.text
    second = next(place for place in document.places if place.label == "section Turbines")
    assert "It has four." in document.text[second.start :]
    assert "It has four." not in document.text[: second.start]


def test_author_and_date_are_those_of_the_head():
    assert parse(ORG.encode(), "a.org").author == "A. Writer"
    assert parse(ADOC.encode(), "a.adoc").date == "2025-01-22"


@given(st.text(alphabet="=-*# \nab:+_[]|", max_size=300), st.sampled_from(["a.rst", "a.org", "a.adoc"]))
def test_no_letter_is_lost(text: str, name: str):
    pieces = readers.read(text.encode(), name).pieces
    assert "".join("".join(piece.text for piece in pieces).split()) == "".join(text.split())
