"""Contracts, a lease and a handbook: clauses under headings, each with a value that is asked for."""

import random
from collections.abc import Sequence

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


def contracts(rng: random.Random) -> list[InventedFile]:
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
        prices = [[thing, f"{rng.randint(1, 90)}.{rng.randint(10, 99)}"] for thing in rng.sample(THINGS, 6)]
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


def lease(rng: random.Random) -> InventedFile:
    """Return a lease of rooms."""
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


def handbook(rng: random.Random) -> InventedFile:
    """Return the rules of a company for its staff."""
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
