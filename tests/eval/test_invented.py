from html import unescape

from eval.training.invented.folder import invented_folder


def test_a_folder_is_the_same_each_time_and_has_what_is_asked_of_it():
    files = invented_folder(7000)
    assert files == invented_folder(7000)
    assert files != invented_folder(7001)
    for file in files:
        text = unescape(file.html)
        assert all(each in text for asked in file.asked for each in asked.evidence)
