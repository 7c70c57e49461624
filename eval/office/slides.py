"""Two slide decks, with tables and with what the speaker says."""

import pptx
from pptx.presentation import Presentation
from pptx.slide import Slide
from pptx.util import Inches

from eval.office.packages import save_as

_BULLETS, _TITLE_ONLY = 1, 5
"""Layouts of python-pptx's template."""

_TITLE = "PowerPoint Presentation"
"""The title that PowerPoint writes where nobody gives one."""


def board_strategy() -> bytes:
    """Return what a management showed to its board."""
    show = pptx.Presentation()
    _bullets(
        show,
        "Brennholm Maritime: strategy to 2027",
        ["Board seminar, Haugvik, 17 November 2022", "Strictly confidential"],
    )
    _bullets(
        show,
        "Where we stand",
        [
            "Cranes of one in five container ports in Europe carry our name",
            "Service earns twice the margin of new machines",
            "Our robots still come from others",
        ],
        "Lars-Petter: the margin of service was 19 per cent last year, that of new machines nine. Do not "
        "put the figures on the slide, the printer in the lobby is not ours.",
    )
    _table(
        show,
        "Investments by year (EUR million)",
        [
            ("Programme", "2023", "2024", "2025"),
            ("New paint shop, Haugvik", "14.0", "9.5", "–"),
            ("Remote control centre", "6.2", "7.8", "3.1"),
            ("Welding robots", "3.9", "5.4", "5.4"),
        ],
        "The paint shop replaces the one of 1974. Solvent emissions fall by 80 per cent.",
    )
    _bullets(
        show,
        "What could go wrong",
        [
            "Steel: a rise of ten per cent costs us EUR 11 million a year",
            "People: 340 welders retire before 2027",
            "Ports that merge and buy less",
        ],
        "Ask the board not to discuss the merger of the two Baltic ports outside this room.",
    )
    _bullets(
        show,
        "Decisions asked of the board",
        ["Remote control centre in Karsova, not in Haugvik", "Option on the land behind dock 3"],
        "Why Karsova: the polytechnic trains 90 automation engineers a year, and rents are a third of those"
        " here.",
    )
    return save_as(show, "2022-11-14", "M. S. Dyrdal", _TITLE)


def onboarding() -> bytes:
    """Return what new people of an institute are shown."""
    show = pptx.Presentation()
    _bullets(show, "Welcome to Pellwick Instruments", ["Your first week"])
    _bullets(
        show,
        "Before lunch on Monday",
        ["Badge and keys: reception, ask for Mr Obuya", "Laptop: room 2.14", "Safety film: 25 minutes"],
        "The film is old. The assembly point has moved since: it is behind the bicycle shed, not at the "
        "gate.",
    )
    _table(
        show,
        "Whom to ask",
        [
            ("Question about", "Person", "Extension"),
            ("Salary", "Tilda Grönlund", "318"),
            ("Computers", "Ravi Menon", "404"),
            ("Laser safety", "Cormac Daly", "227"),
        ],
    )
    _bullets(
        show,
        "Working time",
        ["38.5 hours a week", "Be here between ten and three", "Home office: up to two days a week"],
        "In the probation period of four months, one day of home office only.",
    )
    return save_as(show, "2023-08-30", "People team", _TITLE)


def _bullets(show: Presentation, title: str, points: list[str], notes: str = "") -> None:
    slide = show.slides.add_slide(show.slide_layouts[_BULLETS])
    slide.shapes.title.text = title
    slide.placeholders[1].text_frame.text = "\n".join(points)
    _add_notes(slide, notes)


def _table(show: Presentation, title: str, rows: list[tuple[str, ...]], notes: str = "") -> None:
    slide = show.slides.add_slide(show.slide_layouts[_TITLE_ONLY])
    slide.shapes.title.text = title
    size = Inches(1), Inches(2), Inches(8), Inches(3)
    table = slide.shapes.add_table(len(rows), len(rows[0]), *size).table
    for i, row in enumerate(rows):
        for j, text in enumerate(row):
            table.cell(i, j).text = text
    _add_notes(slide, notes)


def _add_notes(slide: Slide, notes: str) -> None:
    if notes:
        frame = slide.notes_slide.notes_text_frame
        assert frame is not None
        frame.text = notes
