import pytest

from qa.query.types import asks_for_several
from qa.retrieval.evidence import number_quotes
from qa.schema import ShortAnswer, Span
from qa.verification.several import Several, complete_short_answer
from tests.support.fakes import by_id, document

HONOURS = """- Wyss Medal of the Chemical Society, 1929
- Gold Badge of the Potters' Union, which is given
  every ten years
- Honorary doctorate, 1951"""


def complete(text: str, short: str, quoted: str = "") -> Several:
    documents = by_id(document(text, "1.txt"))
    quoted = quoted or text
    start = text.index(quoted)
    (quote,) = number_quotes([Span("1.txt", start, start + len(quoted))], documents)
    at = text.index(short, start)
    found = complete_short_answer(ShortAnswer(short, 1, Span("1.txt", at, at + len(short))), quote, documents)
    assert found.short.span.cut(documents) == found.short.text
    assert found.quote.span.cut(documents) == found.quote.text
    assert found.short.text in found.quote.text
    return found


@pytest.mark.parametrize("line", ["- Wyss Medal of the Chemical Society, 1929", "- Honorary doctorate, 1951"])
def test_an_item_of_a_list_brings_the_list(line: str):
    text = f"She had honours.\n\n{HONOURS}\n\nShe was never rich."
    found = complete(text, line[2:], line)
    assert found.short.text == HONOURS[2:]
    assert found.quote.text == HONOURS
    assert not found.remark


def test_of_a_long_list_a_remark_says_that_there_is_more():
    items = "\n".join(f"{i}. Item of a list that has very many items" for i in range(1, 30))
    found = complete(items, "Item of a list", items.splitlines()[3])
    assert found.short.text == "Item of a list"
    assert found.quote.text == items
    assert found.remark == "There may be more: the list has 29 items"


@pytest.mark.parametrize(
    ("text", "short", "whole"),
    [
        (
            "The directors are Anna Lund, Bo Vik and Carl Duke of York.",
            "Anna Lund",
            "Anna Lund, Bo Vik and Carl Duke of York",
        ),
        (
            "The directors are Anna Lund, Bo Vik and Carl Moe, who met.",
            "Carl Moe",
            "Anna Lund, Bo Vik and Carl Moe",
        ),
        ("The directors are Anna Lund, Bo Vik, and Carl Moe.", "Bo Vik", "Anna Lund, Bo Vik, and Carl Moe"),
        ("They mine copper, gold and silver in the north.", "copper", "copper, gold and silver"),
        ("They mine copper and gold, and sell it.", "gold", "copper and gold"),
        ("They met in Lima, and Anna Lund spoke.", "Lima", "Lima"),
        ("In Lima, Anna Lund met them.", "Anna Lund", "Anna Lund"),
        ("They mine copper, which is rare.", "copper", "copper"),
    ],
)
def test_an_item_of_an_enumeration_brings_the_others(text: str, short: str, whole: str):
    assert complete(text, short).short.text == whole


@pytest.mark.parametrize(
    ("question", "several"),
    [
        ("which honours did she get", True),
        ("Who are the directors?", True),
        ("What other products does it sell?", True),
        ("Which process did they use?", False),
        ("Who is the director?", False),
        ("What is sold?", False),
    ],
)
def test_a_question_for_several_things_is_known_by_its_form(question: str, several: bool):
    assert asks_for_several(question) is several
