"""Tests of the names in a text."""

import pytest

from qa.overview.names import find_names


def names(text: str, language: str = "en") -> dict[str, int]:
    return {thing.name: len(thing.places) for thing in find_names(text, language)}


def test_people_places_and_organisations_are_counted():
    text = (
        "The plant in Almaty is run by Siemens Energy. Workers like Siemens Energy. Almaty has snow, "
        "and all of Almaty is cold."
    )
    assert names(text) == {"Almaty": 3, "Siemens Energy": 2}


@pytest.mark.parametrize(
    "text",
    [
        "Yesterday it rained. Meanwhile, nothing happened.",
        "It rained in May and on a Monday, said people in French.",
        "the Company pays. A company is a company, and this Company too.",
        "European rules bind all, and so do American ones.",
        "# Annual Report\n\nANNUAL REPORT OF A FIRM\n\nStatement Of Cash Flows\n",
        "A plant of 54 MW was built.",
    ],
)
def test_a_capital_letter_alone_makes_no_name(text: str):
    assert names(text) == {}


def test_a_short_form_counts_as_the_name():
    text = (
        "We met Jerome Boyet in spring. Then Boyet spoke, and people heard Boyet. It is for the World "
        "Bank (WB), as the WB knew."
    )
    found = names(text)
    assert found["Jerome Boyet"] == 3
    assert found["World Bank"] == 3
    assert not {"Boyet", "WB"} & set(found)


def test_a_role_is_no_part_of_a_name():
    text = "It was the Managing Director of Alstom, who knows Alstom and the Bank of England."
    assert names(text) == {"Alstom": 2, "Bank of England": 1}


def test_other_languages_show_what_is_certain():
    assert names("Der Vertrag mit der Deutschen Bahn und Angela Merkel nennt SAP und Deutschland.", "de") == {
        "Deutschen Bahn": 1,
        "Angela Merkel": 1,
        "SAP": 1,
        "Deutschland": 1,
    }
    assert names("Завод в городе Алматы построила компания Сименс.", "ru") == {"Алматы": 1, "Сименс": 1}
    assert names("工厂由 Siemens Energy 在阿拉木图运营。", "zh") == {"Siemens Energy": 1}
