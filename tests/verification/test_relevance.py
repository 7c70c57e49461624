from qa.verification.relevance import irrelevance_reason


def test_a_repetition_of_the_question_adds_nothing():
    assert irrelevance_reason("Alstom builds trains.", "Where does Alstom build trains?")
    assert not irrelevance_reason("Alstom builds trains in France.", "Where does Alstom build trains?")
    assert not irrelevance_reason("Yes, Alstom builds trains.", "Does Alstom build trains?")


def test_a_single_letter_is_more_than_the_question_repeated():
    assert irrelevance_reason("One key cell type is T cells.", "What is one key cell type?") == ""
    assert irrelevance_reason("One key cell type is a cell type.", "What is one key cell type?")


def test_a_blank_stands_for_no_answer():
    asked = "What is the valuation in the term sheet?"
    assert "blank" in irrelevance_reason("The valuation is $[____] in the term sheet.", asked)
    assert "blank" in irrelevance_reason("The valuation is ........ euros.", asked)
    assert not irrelevance_reason("The valuation is $9 million [sic].", asked)
    assert not irrelevance_reason("__init__ begins it, in int[] of file__name.", "What begins it?")
    assert not irrelevance_reason("- [ ] Book the hall", "What is left to do?")
    assert not irrelevance_reason("Valuation ........... 14", "On which page is it?")
    assert not irrelevance_reason("The Buyer pays $[____] in cash.", "Why does the Buyer pay?")
