"""Two versions of a contract that disagree, and a bill that is about something else."""

from pathlib import Path

from qa.index.stores.local import LocalStore
from qa.index.update.update import build_index
from qa.runtime import StaticRuntime
from qa.schema import Document
from tests.support.changed_folder import open_runtime
from tests.support.fakes import IDENTITY, FakeEncoder

CLAUSES = (
    "The notice period for this agreement is {notice} months.",
    "The supplier {may} assign this agreement to a third party.",
    "The contract price is {price} euros.",
    "Deliveries take place in Karaganda every week.",
)


def contract(doc_id: str, date: str, **terms: str) -> Document:
    """Return a version of the contract with these terms."""
    text = "# Service agreement\n\n" + "\n\n".join(clause.format(**terms) for clause in CLAUSES)
    return Document(doc_id, text, "Service agreement", date, language="en")


OLD = contract("2022.md", "2022-03-01", notice="three", may="may", price="54,000")
NEW = contract("2024.md", "2024-05-01", notice="six", may="may not", price="54,000.00")
OTHER = Document("bill.md", "The bill of Aktau is 54 euros.", "Bill of Aktau", "2023-01-01", language="en")


def contracts_runtime(root: Path) -> StaticRuntime:
    """Return a runtime over an index of the three in ``root``."""
    build_index(LocalStore(root / "index", IDENTITY), [OLD, NEW, OTHER], FakeEncoder())
    return open_runtime(root)
