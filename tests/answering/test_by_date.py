from dataclasses import replace

from qa.answering.extractive_draft import draft_dates
from qa.nlp.dates import format_date
from qa.query.types import Order
from qa.schema import Evidence
from qa.verification.verify import verify
from tests.support.fakes import SURE, by_id, document, whole

OLD = document("Gas is cheap.", "old.md", title="On gas", date="2024-03-05")
NEW = document("Rail is fast.", "new.md", title="On rail", date="2025-01-22")
UNDATED = document("Coal is black.", "coal.md", title="On coal")


def test_a_date_is_told_as_people_say_it():
    assert format_date("2024-03-05") == "5 March 2024"
    assert format_date("2024-03") == "March 2024"
    assert format_date("2024") == "2024"


def test_documents_are_told_by_date_in_the_order_asked_for():
    texts = by_id(OLD, UNDATED, NEW)
    newest = draft_dates(Order.NEWEST, whole(texts), texts).splitlines()
    assert newest == ["“On rail” is dated 22 January 2025 [3].", "“On gas” is dated 5 March 2024 [1]."]
    assert draft_dates(Order.OLDEST, whole(texts), texts).splitlines() == newest[::-1]


def test_one_date_decides_nothing():
    texts = by_id(OLD, UNDATED)
    assert draft_dates(Order.NEWEST, whole(texts), texts) == ""


def test_dates_that_are_not_exact_are_told_where_they_tell_what_is_newer():
    year, month = document("Wind.", "wind.md", title="On wind", date="2023"), replace(NEW, date="2024-03")
    texts = by_id(year, month)
    told = draft_dates(Order.NEWEST, whole(texts), texts).splitlines()
    assert told == ["“On rail” is dated March 2024 [2].", "“On wind” is dated 2023 [1]."]
    texts = by_id(OLD, month)
    assert draft_dates(Order.NEWEST, whole(texts), texts) == ""


def test_what_is_told_is_borne_out_by_the_documents():
    texts = by_id(OLD, NEW)
    question = "Which article is more recent?"
    draft = draft_dates(Order.NEWEST, whole(texts), texts)
    answer = verify(draft, Evidence(question, whole(texts)), texts, SURE)
    assert answer.text == "“On rail” is dated 22 January 2025. [2] “On gas” is dated 5 March 2024. [1]"
    assert answer.cut == ()
