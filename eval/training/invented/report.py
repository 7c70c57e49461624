"""Annual reports: a cover, contents, letters, prose that repeats, and tables of the group, its segments and
its quarters whose rows have the same names.
"""

import random

from eval.training.invented.base import InventedFile, InventedQuestion, Names, heading, page, paragraph, table

_MEASURES = (
    "Revenue", "Gross profit", "Operating profit", "Net income", "Capital expenditure", "Order intake",
    "Research and development expense", "Cash flow from operating activities", "Net debt", "Inventories",
    "Trade receivables", "Dividends paid", "Depreciation and amortisation", "Income tax expense",
    "Interest paid", "Total assets", "Shareholders' equity", "Personnel expenses", "Goodwill",
    "Selling and distribution costs",
)  # fmt: skip
_SEGMENTS = (
    "Packaging", "Garden Tools", "Water Treatment", "Medical Devices", "Rail Signalling", "Animal Feed",
    "Office Furniture", "Coatings", "Lighting", "Bakery Ingredients", "Printing Inks", "Payment Services",
    "Road Freight", "Seeds", "Industrial Valves", "Outdoor Clothing",
)  # fmt: skip
_ASKED = (
    "What was {c}'s {m} in {y}?",
    "What was the {m} of {c} in {y}?",
    "{m} of {c} in {y}",
    "How high was {c}'s {m} in {y}?",
    "What {m} did {c} report for {y}?",
    "What is the FY{y} {m} of {c}?",
)
_ASKED_OF_SEGMENT = (
    "What was the {m} of {c}'s {s} segment in {y}?",
    "{m} of the {s} segment of {c} in {y}",
    "How high was {m} in {s} at {c} in {y}?",
)
_FILLER = (
    "{c} works with suppliers and customers to improve {x} at every site.",
    "In {y}, {c} reviewed {x} and decided on a plan for {z}.",
    "{c} expects that {x} will develop as planned in {z}.",
    "The board of {c} discusses {x} at least twice a year.",
    "We plan to raise {m} further in {z}, depending on the market.",
    "{c} aims to improve {m} over the coming years.",
    "Management regards {m} as one of the measures by which {c} is steered.",
    "Changes in {m} can affect the business, the results and the reputation of {c}.",
    "There is no assurance that {c} will reach its targets for {m} in {z} or later.",
    "The definition of {m} is given in the glossary of this report.",
    "In {w}, {c} continued to work on {x}.",
    "We will invest in {x} in {z} and expect first results in the year after.",
    "Responsibility for {x} lies with the head of the site in {p}.",
)
_SUBJECTS = (
    "safety at work", "the supply of energy", "the quality of its products", "the training of staff",
    "information security", "the use of recycled material", "the warehouse network", "its pricing",
    "the planning of shifts", "customer service", "the maintenance of machines", "digital sales",
)  # fmt: skip
_CHAPTERS = (
    "Our strategy", "Markets and customers", "People", "Sustainability", "Corporate governance",
    "Risk management", "Compliance", "Internal control", "Outlook",
)  # fmt: skip


def annual_report(rng: random.Random) -> InventedFile:
    """Return an annual report with a dozen questions."""
    return _Report(rng).write()


class _Report:
    def __init__(self, rng: random.Random) -> None:
        self.rng, self.names = rng, Names(rng)
        self.company = self.names.word()
        self.year = rng.randint(2009, 2021)
        self.years = [
            str(self.year),
            str(self.year - 1),
            *([str(self.year - 2)] if rng.random() < 0.5 else []),
        ]
        self.segments = rng.sample(_SEGMENTS, 3)
        self.measures = rng.sample(_MEASURES, 11)
        self.places = [self.names.place() for _ in range(6)]
        self.asked: list[InventedQuestion] = []

    def write(self) -> InventedFile:
        name = self.rng.choice((f"{self.company} Annual Report {self.year}", f"Annual report {self.year}"))
        parts = [heading(1, name), paragraph(f"{self.company} Group"), self._cover(), self._contents()]
        parts += self._letter()
        bodies = [self._figures, self._quarters, self._segments, self._people, self._events, self._sites]
        self.rng.shuffle(bodies)
        chapters = self.rng.sample(_CHAPTERS, len(bodies))
        for number, (chapter, body) in enumerate(zip(chapters, bodies, strict=True), 1):
            parts += [heading(2, f"{number} {chapter}"), self._filler(5), self._filler(5)]
            parts += body()
            parts += [self._filler(6)]
        parts += [heading(2, "Statement of the board"), *self._signatures()]
        slug = f"{self.company}-{self.rng.choice(('annual-report', 'ar', 'report'))}-{self.year}".lower()
        return InventedFile(f"reports/{slug}.html", page(name, parts), tuple(self.asked))

    def _cover(self) -> str:
        return paragraph(f"Annual report and accounts for the year ended 31 December {self.year}")

    def _contents(self) -> str:
        lines = [f"{chapter} {'.' * 20} {self.rng.randint(3, 140)}" for chapter in _CHAPTERS]
        return "".join(paragraph(line) for line in lines)

    def _letter(self) -> list[str]:
        grown = self.rng.sample(self.measures, 3)
        said = [
            f"{m} {self.rng.choice(('rose', 'fell'))} by {self.rng.randint(2, 19)} per cent." for m in grown
        ]
        return [
            heading(2, "Letter to shareholders"),
            paragraph(f"{self.year} was a good year for {self.company}.", *said),
            self._filler(4),
            paragraph(self.names.person() + ", Chief Executive Officer"),
        ]

    def _filler(self, count: int) -> str:
        chosen = self.rng.sample(_FILLER, count)
        return paragraph(
            *(
                each.format(
                    c=self.company,
                    x=self.rng.choice(_SUBJECTS),
                    m=self.rng.choice(self.measures).lower(),
                    y=self.year,
                    w=self.year - 1,
                    z=self.year + 1,
                    p=self.rng.choice(self.places),
                )
                for each in chosen
            )
        )

    def _rows(self, measures: list[str], columns: int, most: float) -> list[list[str]]:
        return [[m, *(self.names.decimal(most / 10, most) for _ in range(columns))] for m in measures]

    def _ask(self, form: str, evidence: tuple[str, ...], **words: str) -> None:
        question = form.format(c=self.company, **words)
        self.asked.append(InventedQuestion(question[0].upper() + question[1:], evidence))

    def _figures(self) -> list[str]:
        """Write the figures of the years, in columns named after the years or in rows."""
        title = self.rng.choice(("Key figures", "Five-year summary", "Consolidated statement", "At a glance"))
        rows = self._rows(self.measures, len(self.years), 4000)
        for m, *values in self.rng.sample(rows, 4):
            which = self.rng.randrange(len(self.years))
            form = self.rng.choice(_ASKED)
            self._ask(form, (m, values[which]), m=m.lower(), y=self.years[which])
        return [heading(3, title), table(["EUR million", *self.years], rows)]

    def _quarters(self) -> list[str]:
        """Write the same measures by quarter: one question in four asks of them."""
        columns = self.rng.choice(
            (
                [f"Q{q} {self.year}" for q in (1, 2, 3, 4)],
                ["First quarter", "Second quarter", "Third quarter", "Fourth quarter"],
                [f"Three months to {m} {self.year}" for m in ("March", "June", "September", "December")],
            )
        )
        rows = self._rows(self.rng.sample(self.measures, 6), 4, 1000)
        m, *values = self.rng.choice(rows)
        spoken = self.rng.choice(("first", "second", "third", "fourth"))
        value = values[("first", "second", "third", "fourth").index(spoken)]
        self._ask(
            "What was {c}'s {m} in the {q} quarter of {y}?",
            (m, value),
            m=m.lower(),
            q=spoken,
            y=str(self.year),
        )
        parts = [heading(3, "Quarterly figures"), table(["EUR million", *columns], rows)]
        for quarter in self.rng.sample(("first", "second", "third", "fourth"), 2):
            m, *values = self.rng.choice(rows)
            parts.append(
                paragraph(
                    f"In the {quarter} quarter of {self.year}, {m.lower()} was "
                    f"EUR {self.names.decimal(100, 900)} million.",
                    f"{self.company} had expected less.",
                )
            )
        return parts

    def _segments(self) -> list[str]:
        """Write a table for all segments, then each with rows named as those of the group."""
        measures = self.rng.sample(self.measures, 2)
        head = ["Segment", *(f"{m} {y}" for m in measures for y in self.years[:2])]
        rows = [[s, *(self.names.decimal(10, 900) for _ in head[1:])] for s in self.segments]
        segment, *values = self.rng.choice(rows)
        column = self.rng.randrange(len(values))
        m, y = measures[column // 2], self.years[column % 2]
        self._ask(self.rng.choice(_ASKED_OF_SEGMENT), (segment, values[column]), m=m.lower(), s=segment, y=y)
        parts = [heading(3, "Segments"), table(head, rows)]
        for segment in self.segments:
            rest = [each for each in self.measures if each not in measures]
            own = self._rows(self.rng.sample(rest, 4), len(self.years), 900)
            m, *figures = self.rng.choice(own)
            which = self.rng.randrange(len(self.years))
            self._ask(
                self.rng.choice(_ASKED_OF_SEGMENT),
                (m, figures[which]),
                m=m.lower(),
                s=segment,
                y=self.years[which],
            )
            parts += [heading(3, segment), self._filler(2), table(["EUR million", *self.years], own)]
        return parts

    def _people(self) -> list[str]:
        rows = [
            [
                f"{self.company} {place} Ltd",
                place,
                f"{self.rng.randint(51, 100)} %",
                self.names.amount(20, 990),
            ]
            for place in self.places
        ]
        name, _, share, staff = self.rng.choice(rows)
        form, value = self.rng.choice(
            (
                ("How many people does {n} employ?", staff),
                ("What share of {n} does {c} hold?", share),
            )
        )
        self._ask(form, (name, value), n=name)
        board = [
            [self.names.person(), f"{self.rng.randint(3, 8)} of 8", f"{self.rng.randint(2, 5)} of 5"]
            for _ in range(5)
        ]
        person, meetings, _ = self.rng.choice(board)
        self._ask("How many board meetings did {n} attend?", (person, meetings), n=person)
        head = ["Company", "Seat", "Share held", "Employees"]
        return [
            heading(3, "Subsidiaries"),
            table(head, rows),
            heading(3, "Attendance"),
            table(["Director", "Board meetings", "Remuneration committee"], board),
        ]

    def _events(self) -> list[str]:
        """Write what is told in prose, each fact among sentences about the same company."""
        names, rng = self.names, self.rng
        maker, claimant, person = names.word(), names.place(), names.person()
        price, claim, loan = names.decimal(5, 90), names.decimal(2, 60), names.decimal(50, 300)
        hurt, left, tonnes = names.decimal(1, 9), names.amount(12, 400), names.amount(900, 9000)
        facts = [
            (f"{self.company} acquired all shares of {maker} Systems for EUR {price} million in cash.",
             f"How much did {self.company} pay for {maker} Systems?", (maker, price)),
            (f"The city of {claimant} claims EUR {claim} million for a leak at the old works.",
             f"How much does {claimant} claim from {self.company}?", (claimant, claim)),
            (f"No provision was made for it, because the lawyers of {self.company} think it unfounded.",
             f"Has {self.company} set money aside for the claim of {claimant}?", ("No provision",)),
            (f"There were {hurt} accidents with injuries per million hours worked.",
             f"What was the accident rate at {self.company} in {self.year}?", (hurt,)),
            (f"The plant was shut because gas had become too dear, and {left} people left.",
             f"How many people left {self.company} when the plant was shut?", (left,)),
            (f"A loan of EUR {loan} million was agreed with three banks and matures in {self.year + 5}.",
             f"When does the loan that {self.company} agreed with the banks mature?", (loan,)),
            (f"{person} took over as chief financial officer on 1 {rng.choice(('May', 'August'))}"
             f" {self.year}.",
             f"Who became chief financial officer of {self.company}?", (person, "chief financial")),
            (f"Emissions of carbon dioxide were {tonnes} tonnes, less than a year before.",
             f"How much carbon dioxide did {self.company} emit in {self.year}?", (tonnes,)),
        ]  # fmt: skip
        parts = []
        for fact, question, evidence in rng.sample(facts, 5):
            self.asked.append(InventedQuestion(question, evidence))
            parts += [paragraph(fact), self._filler(4)]
        return parts

    def _sites(self) -> list[str]:
        rows = [[p, rng_year(self.rng), self.names.amount(2000, 90000)] for p in self.places]
        place, opened, _ = self.rng.choice(rows)
        self._ask(
            self.rng.choice(
                ("When did {c} open its plant in {p}?", "In which year was {c}'s site in {p} opened?")
            ),
            (place, opened),
            p=place,
        )
        return [heading(3, "Sites"), table(["Site", "Opened", "Area in square metres"], rows)]

    def _signatures(self) -> list[str]:
        town, day = self.places[0], self.names.date(self.year + 1)
        auditor = f"{self.names.word()} & {self.names.word()} LLP"
        return [
            paragraph(f"{town}, {day}"),
            paragraph(f"The board of directors of {self.company}"),
            *(paragraph(f"{self.names.person()}, {role}") for role in ("Chair", "Director", "Director")),
            heading(2, "Report of the auditor"),
            paragraph(
                f"We have audited the accounts of {self.company} for the year ended 31 December {self.year}.",
                "In our opinion they give a true and fair view.",
                f"The accounts of {self.company} comprise the statement of income, the balance sheet and the "
                "notes.",
            ),
            paragraph(auditor),
        ]


def rng_year(rng: random.Random) -> str:
    """Return a year in which a site may have been opened."""
    return str(rng.randint(1951, 2008))
