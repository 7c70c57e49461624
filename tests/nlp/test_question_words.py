from qa.nlp.question_words import punctuate


def test_a_question_without_capital_and_mark_gets_them():
    assert punctuate("who is the chief executive of Alstom") == "Who is the chief executive of Alstom?"
    for written in ("Who is it?", "price of a pump", "Whoever asks", ""):
        assert punctuate(written) == written
