import pytest

from qa.query.courtesy import asks_nothing


@pytest.mark.parametrize(
    "text",
    [
        *("Thanks!", "ok", "great", "Thank you very much.", "I see. Thank you!", "that's great", "Got it."),
        *("Hello", "Good morning!", "Danke schön!", "Merci beaucoup", "Muchas gracias", "Большое спасибо"),
        *("谢谢！", "شكراً جزيلاً"),
    ],
)
def test_thanks_greetings_and_assent_ask_nothing(text: str):
    assert asks_nothing(text)


@pytest.mark.parametrize(
    "text",
    [
        *("Why?", "Really?", "ok, and in Kazakhstan?", "OK?", "Is that good", "What is good", "turbines"),
        *("Thanks for the answer about turbines", "gas", "Good gas", "Siemens", "Why not", "more", ""),
        *("Почему?", "为什么", "谢谢，还有呢？"),
    ],
)
def test_anything_else_may_be_a_question(text: str):
    assert not asks_nothing(text)
