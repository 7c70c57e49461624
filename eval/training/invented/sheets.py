"""Sheets with a value for each site, and for each step of a plan."""

import random

from eval.training.invented.base import InventedFile, InventedQuestion, Names, heading, page, table


def costs(rng: random.Random) -> InventedFile:
    """Return a sheet with one row for each site and one for all."""
    names = Names(rng)
    company = names.word()
    head = ["Site", *rng.sample(("Electricity", "Cleaning", "Transport", "Wages", "Repairs", "Rent"), 4)]
    rows = [[names.place(), *(names.amount(100, 9000) for _ in head[1:])] for _ in range(9)]
    rows.append(["Total", *(names.amount(10000, 90000) for _ in head[1:])])
    asked = []
    for row in rng.sample(rows[:-1], 3):
        column = rng.randrange(1, len(head))
        asked.append(
            InventedQuestion(f"How much did {row[0]} spend on {head[column].lower()}?", (row[0], row[column]))
        )
    asked.append(
        InventedQuestion(f"What did {company} spend on {head[2].lower()} in total?", ("Total", rows[-1][2]))
    )
    title = f"{company} costs by site"
    return InventedFile(
        f"tables/{company.lower()}-costs.html",
        page(title, [heading(1, title), table(head, rows)]),
        tuple(asked),
    )


def plan(rng: random.Random) -> InventedFile:
    """Return a plan with the planned and the actual day of each step."""
    names = Names(rng)
    project = f"{names.place()} depot"
    steps = ("Permit granted", "Ground prepared", "Walls finished", "Wiring tested", "Handover")
    rows = [[step, names.date(2022), names.date(2023)] for step in steps]
    step, planned, actual = rng.choice(rows)
    asked: list[InventedQuestion] = []
    spoken = {
        "Permit granted": "the permit granted", "Ground prepared": "the ground prepared",
        "Walls finished": "the walls finished", "Wiring tested": "the wiring tested",
        "Handover": "the handover",
    }  # fmt: skip
    asked.append(InventedQuestion(f"When was {spoken[step]} at the {project} planned?", (step, planned)))
    asked.append(InventedQuestion(f"When was {spoken[step]} at the {project} in fact?", (step, actual)))
    title = f"{project}: timetable"
    return InventedFile(
        f"tables/{project.lower().replace(' ', '-')}.html",
        page(title, [heading(1, title), table(["Step", "Planned", "Actual"], rows)]),
        tuple(asked),
    )
