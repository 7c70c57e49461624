"""Contracts, rules, manuals, minutes, letters and sheets: what lies beside the reports in a folder."""

import random
from collections.abc import Callable, Sequence

from eval.training.invented.base import InventedFile, InventedQuestion, Names, heading, page, paragraph, table

_Clause = tuple[str, str, str, str]
"""A heading, what the clause says with {0} for the value, a question, and how its value is drawn."""

_CONTRACT: Sequence[_Clause] = (
    ("Term", "This agreement runs for {0} years from its signature.", "How long does {k} run?", "2-9"),
    ("Notice", "Either party may end it with {0} months' notice in writing.",
     "What notice has to be given to end {k}?", "2-18"),
    ("Payment", "Invoices fall due {0} days after receipt.", "When are invoices under {k} due?", "10-90"),
    ("Interest", "On overdue sums {0} per cent interest a year is owed.",
     "What interest is owed on late payments under {k}?", "3-12"),
    ("Applicable law", "It is subject to the law of {0}.", "Which country's law applies to {k}?", "land"),
    ("Place of jurisdiction", "All disputes are brought before the courts of {0}.",
     "Which courts decide disputes under {k}?", "place"),
    ("Warranty", "Defects are repaired free of charge for {0} months after acceptance.",
     "How long is the warranty under {k}?", "6-60"),
    ("Liability", "Liability for each event is limited to {0},000 euros.",
     "To what sum is liability limited in {k}?", "100-990"),
    ("Confidentiality", "Both keep what they learn secret for {0} years after the end.",
     "For how many years must secrets be kept after the end of {k}?", "2-10"),
    ("Audit", "The customer may inspect the books {0} times a year.",
     "How often may the books be inspected under {k}?", "2-6"),
    ("Delay", "For every week of delay {0} per cent of the price is deducted.",
     "What is deducted for each week of delay under {k}?", "2-9"),
    ("Insurance", "The supplier is insured for at least {0},000 euros.",
     "How high must the supplier's insurance be under {k}?", "200-950"),
    ("Minimum quantity", "At least {0} units are taken each year.",
     "How many units have to be taken each year under {k}?", "100-900"),
    ("Delivery", "Goods are delivered to the gate in {0}.", "Where are goods delivered under {k}?", "place"),
)  # fmt: skip
_LEASE: Sequence[_Clause] = (
    ("The sum to be paid", "The rent is {0} euros a month.",
     "What rent does {t} pay for {u}?", "400-9000"),
    ("Deposit", "A deposit of {0} euros is paid before the keys are handed over.",
     "How much deposit does {t} pay for {u}?", "1000-9000"),
    ("Service charge", "For heating and cleaning {0} euros are paid on account.",
     "What is the service charge of {u}?", "50-900"),
    ("Length", "It begins with the handing over and ends after {0} years.",
     "For how many years is {u} let to {t}?", "2-20"),
    ("Repairs", "Small repairs up to {0} euros are borne by the tenant.",
     "Up to what sum does {t} pay for repairs to {u}?", "90-400"),
    ("Use", "The rooms are used for {0} only.", "What may {t} use {u} for?", "use"),
    ("Parking", "{0} parking spaces in the yard belong to it.",
     "How many parking spaces come with {u}?", "2-12"),
    ("Increase", "Every second year the sum rises by {0} per cent.",
     "By how much does the rent of {u} rise?", "2-6"),
)  # fmt: skip
_RULES: Sequence[_Clause] = (
    ("Time off", "Everyone has {0} days of holiday a year.",
     "How many days of holiday do people at {c} have?", "21-36"),
    ("Travel", "For a day away {0} euros are paid for meals.", "How much does {c} pay for meals on a trip?",
     "18-60"),
    ("Working from home", "Up to {0} days a week may be spent at home.",
     "How many days a week may people at {c} work from home?", "2-5"),
    ("Illness", "A certificate is needed from day {0}.",
     "From which day does {c} want a certificate of illness?", "2-5"),
    ("Training", "Each year {0} hours are set aside for courses.",
     "How many hours of training does {c} give its staff?", "12-60"),
    ("Equipment", "A laptop is replaced after {0} months.", "When is a laptop at {c} replaced?", "24-60"),
    ("Passwords", "They have at least {0} characters.", "How long must a password at {c} be?", "10-24"),
    ("Expenses", "Receipts are handed in within {0} days.",
     "Within how many days must receipts be handed in at {c}?", "10-60"),
    ("Birth of a child", "The other parent is given {0} weeks of paid leave.",
     "How much paid leave does {c} give the other parent?", "2-16"),
    ("Pension", "The employer adds {0} per cent of the wage.",
     "What does {c} add to the pension of its staff?", "2-9"),
)  # fmt: skip
_LANDS = "Austria Belgium Chile Denmark Estonia Finland Greece Iceland Latvia Malta Peru Slovenia".split()
_USES = ("a bakery", "storing paper", "a dental practice", "repairing violins", "teaching dance")
_KINDS = ("framework agreement", "service agreement", "licence agreement", "maintenance contract",
          "purchase agreement")  # fmt: skip
_AROUND = (
    "The parties to {k} will settle differences in good faith.",
    "Changes to {k} are made in writing.",
    "The annexes are part of {k}.",
    "Neither party may transfer {k} without the consent of the other.",
    "If a part of {k} is void, the rest stays in force.",
    "Words in the singular include the plural.",
    "Nothing in {k} makes one party the agent of the other.",
)
_THINGS = (
    "Hose, 20 mm", "Gasket set", "Hinge, steel", "Filter bag", "Guide rail", "Drive belt", "Lamp head",
    "Control board", "Bearing block", "Seal ring", "Brush roller", "Cover plate",
)  # fmt: skip


def papers(rng: random.Random) -> list[InventedFile]:
    """Return one paper of each kind, and two of those of which people keep an older version."""
    return [*_contracts(rng), _lease(rng), _handbook(rng), _manual(rng), _minutes(rng), *_letters(rng),
            _costs(rng), _life(rng), _plan(rng)]  # fmt: skip


def _value(kind: str, names: Names) -> str:
    if kind == "land":
        return names.rng.choice(_LANDS)
    if kind == "place":
        return names.place()
    if kind == "use":
        return names.rng.choice(_USES)
    least, most = map(int, kind.split("-"))
    return names.amount(least, most)


def _clauses(
    clauses: Sequence[_Clause], count: int, names: Names, around: Sequence[str], **words: str
) -> tuple[list[str], list[tuple[str, InventedQuestion]]]:
    """Return the parts of a page with ``count`` of ``clauses``, and the question of each by its heading."""
    parts: list[str] = []
    asked = []
    for number, (name, says, question, kind) in enumerate(names.rng.sample(clauses, count), 1):
        said = says.format(_value(kind, names))
        before, after = names.rng.sample(around, 2)
        sentences = [before.format(**words), said, after.format(**words)]
        names.rng.shuffle(sentences)
        parts += [heading(2, f"{number}. {name}"), paragraph(*sentences)]
        asked.append((name, InventedQuestion(question.format(**words), (said,))))
    return parts, asked


def _contracts(rng: random.Random) -> list[InventedFile]:
    """Return two versions of one contract: other values under the same headings, and a list of prices."""
    names = Names(rng)
    kind, seller, buyer = rng.choice(_KINDS), names.word(), names.word()
    years = sorted(rng.sample(range(2010, 2024), 2))
    made = []
    for year in years:
        called = rng.choice(
            (
                f"the {kind} of {year} between {seller} and {buyer}",
                f"{seller}'s {kind} of {year}",
                f"the {year} {kind} with {buyer}",
            )
        )
        parts, asked = _clauses(_CONTRACT, 10, names, _AROUND, k=f"this {kind}")
        title = f"{kind.capitalize()} between {seller} and {buyer}"
        prices = [[thing, f"{rng.randint(1, 90)}.{rng.randint(10, 99)}"] for thing in rng.sample(_THINGS, 6)]
        parts = [
            heading(1, title),
            paragraph(f"This {kind} is made on {names.date(year)} between {seller} Ltd of {names.place()} "
                      f"(the Supplier) and {buyer} GmbH of {names.place()} (the Customer)."),
            paragraph(f"{seller} supplies goods and {buyer} wishes to buy them on the terms of this {kind}."),
            *parts,
            heading(2, "Annex: prices"),
            table(["Item", "Price in euros"], prices),
            paragraph(f"Signed for {seller} by {names.person()}, for {buyer} by {names.person()}"),
        ]  # fmt: skip
        thing, price = rng.choice(prices)
        questions = [
            InventedQuestion(each.question.replace(f"this {kind}", called), each.evidence)
            for _, each in rng.sample(asked, 5)
        ]
        questions.append(
            InventedQuestion(f"What does a {thing.lower()} cost under {called}?", (thing, price))
        )
        path = f"contracts/{kind.replace(' ', '-')}-{year}.html"
        made.append(InventedFile(path, page(title, parts), tuple(questions)))
    return made


def _lease(rng: random.Random) -> InventedFile:
    names = Names(rng)
    tenant = f"{names.word()} {rng.choice(('Studio', 'Printers', 'Clinic', 'Bakers'))}"
    unit = rng.choice((f"Unit {rng.randint(2, 40)}", f"{rng.randint(2, 90)} {names.word()} Street"))
    around = (
        f"{tenant} has seen {unit} and takes it as it is.",
        f"The landlord may enter {unit} after giving notice.",
        f"{tenant} keeps {unit} clean and in good order.",
        f"{tenant} pays for what is broken in {unit}.",
        "The landlord insures the building.",
        f"Nobody but {tenant} may live or work in {unit}.",
    )
    parts, asked = _clauses(_LEASE, 7, names, around, t=tenant, u=unit)
    title = f"Lease of {unit}"
    head = [
        heading(1, title),
        paragraph(f"Between {names.person()} (the landlord) and {tenant} (the tenant), {names.date(2019)}."),
    ]
    chosen = tuple(each for _, each in rng.sample(asked, 5))
    return InventedFile(
        f"contracts/lease-{unit.lower().replace(' ', '-')}.html", page(title, head + parts), chosen
    )


def _handbook(rng: random.Random) -> InventedFile:
    names = Names(rng)
    company = names.word()
    around = (
        f"{company} wants its staff to know the rules.",
        f"People at {company} talk to their manager first.",
        f"The works council of {company} has agreed to this.",
        "Exceptions are possible in single cases.",
        f"This applies to everyone who works for {company}.",
        "The form is found on the intranet.",
    )
    parts, asked = _clauses(_RULES, 9, names, around, c=company)
    title = f"{company} staff handbook"
    chosen = tuple(each for _, each in rng.sample(asked, 6))
    return InventedFile(
        f"notes/{company.lower()}-handbook.html", page(title, [heading(1, title), *parts]), chosen
    )


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
        sender, receiver, thing = names.person(), names.person(), rng.choice(_THINGS).lower()
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


def _costs(rng: random.Random) -> InventedFile:
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


def _plan(rng: random.Random) -> InventedFile:
    """Return a plan with the planned and the actual day of each step."""
    names = Names(rng)
    project = f"{names.place()} depot"
    steps = ("Permit granted", "Ground prepared", "Walls finished", "Wiring tested", "Handover")
    rows = [[step, names.date(2022), names.date(2023)] for step in steps]
    step, planned, actual = rng.choice(rows)
    asked: list[InventedQuestion] = []
    spoken: dict[str, Callable[[], str]] = {
        "Permit granted": lambda: "the permit granted", "Ground prepared": lambda: "the ground prepared",
        "Walls finished": lambda: "the walls finished", "Wiring tested": lambda: "the wiring tested",
        "Handover": lambda: "the handover",
    }  # fmt: skip
    asked.append(InventedQuestion(f"When was {spoken[step]()} at the {project} planned?", (step, planned)))
    asked.append(InventedQuestion(f"When was {spoken[step]()} at the {project} in fact?", (step, actual)))
    title = f"{project}: timetable"
    return InventedFile(
        f"tables/{project.lower().replace(' ', '-')}.html",
        page(title, [heading(1, title), table(["Step", "Planned", "Actual"], rows)]),
        tuple(asked),
    )
