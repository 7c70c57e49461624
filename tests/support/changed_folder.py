"""A folder of contracts and letters, indexed before and after it changed, and a server's runtime over it."""

from pathlib import Path

from qa.index.index import Index
from qa.index.stores.local import LocalStore
from qa.index.update.update import update_index
from qa.ingest.discovery import survey
from qa.pipeline import Pipeline
from qa.retrieval.hybrid import HybridRetriever
from qa.runtime import StaticRuntime
from tests.support.fakes import IDENTITY, FakeEncoder

BEFORE = (
    "The contract lasts 24 months. It begins on 1 March 2024. Boyet signed it for Alstom. "
    "The supplier may not subcontract. The price is <b>paid</b> in advance."
)
AFTER = (
    "The contract lasts 36 months. It begins on 1 May 2024. Boyet signed it for Siemens. "
    "The supplier may subcontract. The whole price is <b>paid</b> in advance. Disputes go to court."
)


def changed_folder(root: Path) -> StaticRuntime:
    """Return a runtime over the folder ``root / "documents"``, which has changed once."""
    folder = root / "documents"
    folder.mkdir()
    store = LocalStore(root / "index", IDENTITY)
    for contract, letter in ((BEFORE, "letter.txt"), (AFTER, "رسالة.txt")):
        (folder / "contract.txt").write_text(contract)
        for each in folder.iterdir():
            if each.name != "contract.txt":
                each.unlink()
        (folder / letter).write_text("Water is scarce." if letter == "letter.txt" else "الماء كثير هنا الآن.")
        update_index(store, survey([folder]), FakeEncoder(), keep_days=30)
    return open_runtime(root)


def open_runtime(root: Path) -> StaticRuntime:
    """Return a runtime over the index in ``root``."""
    index, encoder = Index.open(LocalStore(root / "index", IDENTITY)), FakeEncoder()
    pipeline = Pipeline(HybridRetriever(source=index, encoder=encoder), index.documents, None, 0.0)
    return StaticRuntime(index, encoder, IDENTITY, pipeline)
