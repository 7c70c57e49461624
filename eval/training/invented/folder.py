"""A folder of invented documents."""

import random

from eval.training.invented.base import InventedFile
from eval.training.invented.papers import papers
from eval.training.invented.report import annual_report

REPORTS = 2
"""Long reports in a folder, beside one set of other papers."""


def invented_folder(seed: int) -> list[InventedFile]:
    """Return the files of the folder that ``seed`` makes."""
    rng = random.Random(seed)
    return [*(annual_report(rng) for _ in range(REPORTS)), *papers(rng)]
