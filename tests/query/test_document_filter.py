import pytest

from qa.errors import UserError
from qa.query.document_filter import find_documents

IDS = dict.fromkeys(("contracts/a.docx", "contracts/old/b.pdf", "contracts.zip/c.txt", "report.pdf"))


@pytest.mark.parametrize(
    ("names", "found"),
    [
        (["report.pdf"], {"report.pdf"}),
        (["contracts"], {"contracts/a.docx", "contracts/old/b.pdf"}),
        (["./contracts/old/", "report.pdf"], {"contracts/old/b.pdf", "report.pdf"}),
        (["contracts.zip"], {"contracts.zip/c.txt"}),
    ],
)
def test_a_name_means_a_document_or_all_of_a_folder(names: list[str], found: set[str]):
    assert find_documents(names, IDS) == found


def test_without_a_name_all_documents_are_meant():
    assert find_documents([], IDS) is None


def test_a_name_that_means_nothing_is_said():
    with pytest.raises(UserError, match="no document, folder or collection called contract"):
        find_documents(["report.pdf", "contract"], IDS)
