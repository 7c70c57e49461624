from qa.nlp.entities import mentions, names_in


def test_initials_stand_for_their_name():
    assert names_in("Who sits in the SP?") <= mentions("members of the Scottish Parliament")
