"""Manuals, minutes, letters and lives, and all papers that lie beside the reports in a folder."""

import random

from eval.training.invented.base import (
    THINGS,
    InventedFile,
    InventedQuestion,
    Names,
    heading,
    page,
    paragraph,
    table,
)
from eval.training.invented.clauses import contracts, handbook, lease
from eval.training.invented.sheets import costs, plan


def papers(rng: random.Random) -> list[InventedFile]:
    """Return one paper of each kind, and two of those of which people keep an older version."""
    return [*contracts(rng), lease(rng), handbook(rng), _manual(rng), _minutes(rng), *_letters(rng),
            costs(rng), _life(rng), plan(rng)]  # fmt: skip


def _manual(rng: random.Random) -> InventedFile:
    names = Names(rng)
    maker, model = names.word(), f"{rng.choice('ABDKMRTX')}{rng.randint(2, 90) * 10}"
    kind = rng.choice(("dishwasher", "pellet stove", "compressor", "label printer", "water softener"))
    specs = [
        ["Weight", f"{rng.randint(20, 300)} kg"], ["Width", f"{rng.randint(300, 1400)} mm"],
        ["Rated power", f"{rng.randint(2, 40) * 100} W"], ["Noise", f"{rng.randint(31, 70)} dB"],
        ["Tank volume", f"{rng.randint(10, 90)} litres"], ["Highest pressure", f"{rng.randint(2, 16)} bar"],
    ]  # fmt: skip
    causes = ("Filter is blocked", "Door is open", "Sensor is broken", "Fan has stopped", "Water is missing")
    errors = [[f"{rng.choice('EFH')}{rng.randint(10, 99)}", cause] for cause in causes]
    (name, value), (code, cause) = rng.choice(specs), rng.choice(errors)
    days, hours = rng.randint(5, 90), rng.randint(200, 4000)
    asked = (
        InventedQuestion(f"What is the {name.lower()} of the {maker} {kind}?", (name, value)),
        InventedQuestion(f"What does {code} on the {model} mean?", (code, cause)),
        InventedQuestion(f"How often must the filter of the {model} be cleaned?", (f"every {days} days",)),
        InventedQuestion(f"After how many hours should the {maker} {kind} be serviced?", (f"{hours} hours",)),
    )
    title = f"{maker} {model} {kind}"
    parts = [
        heading(1, title), paragraph("Instructions for use and installation"),
        paragraph("Safety ...... 3"), paragraph("Installation ...... 7"), paragraph("Care ...... 15"),
        heading(2, "Safety"),
        paragraph(f"Read these instructions before you use the {model}.",
                  f"Children must not play with the {kind}.", f"Never open the {model} while it runs."),
        heading(2, "Technical data"), table(["Property", model], specs),
        heading(2, "Care"),
        paragraph(f"Rinse the filter every {days} days.", f"Wipe the {model} with a damp cloth.",
                  f"Call the customer service of {maker} after {hours} hours of work."),
        heading(2, "What to do if it stops"), table(["Display", "Meaning"], errors),
        paragraph(f"If the {kind} still does not work, call {maker}."),
    ]  # fmt: skip
    return InventedFile(f"manuals/{model.lower()}.html", page(title, parts), asked)


def _minutes(rng: random.Random) -> InventedFile:
    names = Names(rng)
    town, day = names.place(), names.date(2018)
    services = ("Swimming pool, adults", "Library card", "Parking permit", "Dog licence", "Market stall")
    fees = [[each, f"{rng.randint(3, 90)}.50", f"{rng.randint(3, 90)}.00"] for each in services]
    service, _, new = rng.choice(fees)
    speaker, cost, votes = names.person(), names.amount(20, 900), rng.randint(11, 30)
    asked = (
        InventedQuestion(f"What does a {service.lower()} cost in {town} from July?", (service, new)),
        InventedQuestion(f"How much will the new footbridge in {town} cost?", (f"{cost},000",)),
        InventedQuestion(f"What did {speaker} say about the school?", ("roof leaks",)),
        InventedQuestion(
            f"How many members of the council of {town} voted for the budget?", (f"{votes} votes",)
        ),
    )
    parts = [
        heading(1, f"Minutes of the council of {town}"), paragraph(f"{day}, town hall of {town}"),
        paragraph(f"Present: {names.person()}, {names.person()}, {speaker}, {names.person()}"),
        heading(2, "1. Budget"), paragraph(f"The council of {town} discussed the budget.",
                                           f"It was adopted with {votes} votes to five.",
                                           f"{town} thanks all who took part."),
        heading(2, "2. Fees"), paragraph(f"The fees in {town} change on 1 July."),
        table(["Fee", "Until June", "From July"], fees),
        heading(2, "3. Works"), paragraph(f"The footbridge in {town} is to be rebuilt next year.",
                                         f"The engineers expect {cost},000 euros.",
                                         f"The council of {town} asks for three offers."),
        heading(2, "4. Other business"),
        paragraph(f"{speaker} said that the roof leaks and that lessons are held in the hall.",
                  f"The council of {town} will visit the school."),
    ]  # fmt: skip
    return InventedFile(f"notes/council-{town.lower()}.html", page(f"Council of {town}", parts), asked)


def _letters(rng: random.Random) -> list[InventedFile]:
    made = []
    for _ in range(3):
        names = Names(rng)
        sender, receiver, thing = names.person(), names.person(), rng.choice(THINGS).lower()
        company, day, sum_ = names.word(), names.date(2020), names.amount(200, 9000)
        facts = [
            (f"We can let you have it for {sum_} euros.", f"What does {company} want for the {thing}?"),
            (f"It will leave our stock on {day}.", f"When will {company} send the {thing}?"),
            ("The reason is a strike at the port.", f"Why is the {thing} from {company} late?"),
            (
                "You may send it back within thirty days.",
                f"How long can the {thing} be returned to {company}?",
            ),
        ]
        chosen = rng.sample(facts, 2)
        title = f"Your order of the {thing}"
        parts = [
            paragraph(f"{company}, {names.place()}"), paragraph(f"To {receiver}"), heading(1, title),
            paragraph(f"Dear {receiver.split()[0]}, thank you for asking {company} about the {thing}."),
            paragraph(*(fact for fact, _ in chosen), f"{company} has sold this {thing} for many years."),
            paragraph(f"Kind regards, {sender}, {company}"),
        ]  # fmt: skip
        asked = tuple(InventedQuestion(question, (fact,)) for fact, question in chosen)
        made.append(InventedFile(f"mail/{company.lower()}.html", page(title, parts), asked))
    return made


def _life(rng: random.Random) -> InventedFile:
    names = Names(rng)
    person, town, school = names.person(), names.place(), names.place()
    last = person.split()[1]
    born, died = names.date(rng.randint(1850, 1900)), names.date(rng.randint(1930, 1980))
    work, prize, year = f"The {names.word()} Method", f"{names.word()} Prize", str(rng.randint(1910, 1928))
    parts = [
        heading(1, person),
        table(["", person], [["Born", born], ["Died", died], ["Known for", work]]),
        heading(2, "Early life"),
        paragraph(f"{person} grew up in {town}, where the family had a mill.",
                  f"{last} went to school in {school}.", f"{last} liked to be outside."),
        heading(2, "Career"),
        paragraph(f"In {year} {last} published {work}.", f"{last} taught for many years.",
                  f"The students of {last} came from many countries."),
        heading(2, "Awards"), paragraph(f"The {prize} came late, two years before the end."),
    ]  # fmt: skip
    asked = (
        InventedQuestion(f"When was {person} born?", ("Born", born)),
        InventedQuestion(f"When did {person} die?", ("Died", died)),
        InventedQuestion(f"Where did {person} go to school?", (f"school in {school}",)),
        InventedQuestion(f"Which award did {person} receive?", (prize,)),
        InventedQuestion(f"In what year did {last} publish {work}?", (f"In {year}",)),
    )
    return InventedFile(f"articles/{last.lower()}.html", page(person, parts), asked)
