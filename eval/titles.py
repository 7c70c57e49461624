"""Measure how often a document gets the title that a reader would give it, and a date that is not its own.

    python -m eval.titles LABELS.json FOLDER

LABELS.json names files of FOLDER: ``{"report.pdf": {"titles": ["Annual report"], "dates": ["2019-05-03"]}}``.
Any of the titles is right, compared by letters and figures alone, and any of the dates, or a less exact form
of one. A date where ``dates`` is empty is wrong; to find none is only missed.
"""

import argparse
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from qa.errors import UserError
from qa.ingest.documents import parse
from qa.ingest.readers.sandbox import reuse_processes
from qa.schema import Document


@dataclass(frozen=True, slots=True)
class Label:
    """The title that a reader gives a document, and the dates that it states as its own."""

    titles: tuple[str, ...]
    dates: tuple[str, ...] = ()

    def has_title(self, document: Document) -> bool:
        """Return whether the title of ``document`` is right."""
        return _letters(document.title) in map(_letters, self.titles)

    def has_date(self, document: Document) -> bool:
        """Return whether the date of ``document`` is right, or there rightly is none."""
        if document.date is None:
            return not self.dates
        return any(date.startswith(document.date) for date in self.dates)


def read_labels(path: Path) -> dict[str, Label]:
    """Read labels by the names of their files.

    Raises:
        UserError: the file cannot be read, or is not of the form above.
    """
    try:
        records = json.loads(path.read_text(encoding="utf-8"))
        return {
            name: Label(tuple(each["titles"]), tuple(each.get("dates", ()))) for name, each in records.items()
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise UserError(f"{path} has no labels of titles and dates ({error})") from error


def measure(labels: dict[str, Label], folder: Path) -> str:
    """Return a line for each document that differs from its label, and the shares.

    Raises:
        UserError: there are no labels.
    """
    if not labels:
        raise UserError("There are no labels to compare documents with")
    titles = wrong = missed = 0
    lines: list[str] = []
    with reuse_processes():
        for name, label in labels.items():
            try:
                document = parse((folder / name).read_bytes(), name)
            except (OSError, UserError) as error:
                lines.append(f"{name} cannot be read: {error}")
                continue
            titles += label.has_title(document)
            if not label.has_title(document):
                lines.append(f"{name}: title {document.title!r}")
            if not label.has_date(document):
                wrong += document.date is not None
                missed += document.date is None
                lines.append(f"{name}: date {document.date} {document.date_source}")
    shares = (f"{titles / len(labels):.3f} right titles", f"{wrong / len(labels):.3f} wrong dates")
    return "\n".join([*lines, f"{', '.join(shares)}, {missed} dates missed, of {len(labels)} documents"])


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text.lower()))


def main(argv: Sequence[str] | None = None) -> None:
    """Measure the titles and dates of a folder."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("labels", type=Path, metavar="LABELS.json")
    parser.add_argument("folder", type=Path, metavar="FOLDER")
    args = parser.parse_args(argv)
    print(measure(read_labels(args.labels), args.folder))


if __name__ == "__main__":
    main()
