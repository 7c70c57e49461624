"""The files of the folder, by their paths in it."""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from eval.office import brennholm, mails, manual, packages, paper, rich_text, slides, tessaline, workbooks
from eval.office.word import word_document
from qa.errors import UserError

QUESTIONS = Path(__file__).parent / "questions.jsonl"
"""Known answers about the folder."""

_TEXTS = Path(__file__).parent / "texts"
"""Files that are written into the folder as they are."""

_MADE: Mapping[str, Callable[[], bytes]] = {
    "reports/brennholm-annual-report-2022.pdf": brennholm.annual_report,
    "reports/tessaline-annual-report-2023.pdf": tessaline.annual_report,
    "reports/hx40-manual.pdf": manual.heat_pump_manual,
    "reports/oresk-microfibres.pdf": paper.microfibres_paper,
    "contracts/supply-agreement-2019.docx": partial(
        word_document, "supply-agreement-2019", "2019-06-06", "Legal"
    ),
    "contracts/supply-agreement-2022.docx": partial(
        word_document, "supply-agreement-2022", "2022-06-20", "Legal"
    ),
    "contracts/lease-unit-7.docx": partial(word_document, "lease-quayside-unit-7", "2021-01-28", "hcb"),
    "contracts/insurer-letter.rtf": rich_text.insurer_letter,
    "tables/plant-costs.xlsx": workbooks.plant_costs,
    "tables/baths-roof.xlsx": workbooks.project_tracker,
    "mail/call-off-delay.eml": mails.delay,
    "mail/venue-thread.eml": mails.venue,
    "mail/vellum-offer.eml": mails.offer,
    "slides/board-strategy-2022.pptx": slides.board_strategy,
    "slides/onboarding.pptx": slides.onboarding,
    "notes/council-2023-03-14.odt": packages.council_minutes,
    "notes/heath.zip": packages.field_notes,
    "articles/the-salt-road.epub": packages.salt_road,
}
"""The makers of the bytes of the others."""


def files() -> dict[str, bytes]:
    """Return the bytes of every file, by its path in the folder."""
    texts = {path.relative_to(_TEXTS).as_posix(): path.read_bytes() for path in _TEXTS.rglob("*.*")}
    return dict(sorted({**texts, **{name: make() for name, make in _MADE.items()}}.items()))


def write_folder(folder: Path) -> list[str]:
    """Write every file into ``folder``, which is made if there is none, and return their paths in it.

    Raises:
        UserError: the folder holds something already, or cannot be written to.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise UserError(f"{folder} is not empty; name a new folder")
        made = files()
        for name, data in made.items():
            path = folder / name
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(data)
    except OSError as error:
        raise UserError(f"{folder} cannot be written: {error.strerror}; name another folder") from error
    return list(made)
