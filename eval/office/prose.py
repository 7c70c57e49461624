"""Paragraphs that read like those of a report and answer nothing, written by chance from a seed."""

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass

_SLOT = re.compile(r"\{(\w+)\}")

_MONTHS = "January February March April May June July August September October November December".split()
_SHARE = [f"{number} per cent" for number in range(2, 19)]
_COUNT = ["two", "three", "four", "five", "six", "nine", "eleven", "fourteen", "eighteen", "twenty-three"]
_CHANGE = ["rose", "fell", "grew", "shrank", "improved", "weakened"]
_TREND = [*_CHANGE, "recovered", "levelled off", "held steady"]
_MANNER = [
    "slightly",
    "markedly",
    "more than expected",
    "in line with our plans",
    "for the third year in a row",
]
_QUARTERS = ["first", "second", "third", "fourth"]
_BODY = ["the committee", "group management", "the works council", "internal audit", "the project office"]

SENTENCES = (
    "In {place}, demand for {good} {trend} {manner}, and the {unit} team adjusted its plans in {month}.",
    "The {unit} unit completed {count} projects, of which {count} were handed over ahead of schedule.",
    "Lead times for {good} {change} by {share} compared with the spring.",
    "Together with suppliers in {place} we tested new ways of packing {good}.",
    "{body} reviewed the procedure for {task} and asked for {count} improvements.",
    "Complaints about {good} {change} by {share}; most of them concerned late papers rather than the goods.",
    "We moved {task} from {place} to {place2} and shortened the way to the customer by {count} days.",
    "Customers in {place} value that {good} can be had at short notice.",
    "Prices of {input} {trend} {manner} after {month}, with little effect because most contracts run longer.",
    "A pilot in {place} showed that {task} takes {share} less time when both shifts plan together.",
    "{count} apprentices of the {unit} unit passed their examinations in {month}.",
    "Our people in {place} gave {count} courses on {task} for colleagues and customers.",
    "The audit of {task} found no significant weakness; {count} minor remarks were dealt with by {month}.",
    "Competition in {good} remains strong, above all from makers with works near {place}.",
    "The market for {good} is cyclical, and orders of one half of a year are often delivered in the next.",
    "The {unit} unit spent {share} of its time on {task}, less than in the year before.",
    "Energy for {task} in {place} comes from hydropower under a contract that is renewed each {month}.",
    "{body} follows {task} by means of indicators that are reported every month.",
    "Where {input} could not be had in time, we took another quality that {body} had approved.",
    "Rents in {place} {trend}; we gave up {count} small offices and share one with a neighbour.",
    "Our policy on {task} applies to every employee and is explained during the first week at work.",
    "The number of visits to customers in {place} {change} by {share}.",
    "It is not our practice to give forecasts for {good} by country.",
    "Transport of {good} by rail {trend} {manner}, as the line near {place} was closed until {month}.",
    "The {unit} unit uses a new tool for {task}, which replaces {count} older ones.",
    "Stocks of {input} {change} by {share} between {month} and {month2}.",
    "We expect that rules on {task} will be tightened and have begun to prepare for them.",
    "Our site in {place} was visited by {count} classes of schools in the neighbourhood.",
    "Exchange rates had a small effect on {good}, since costs and income are mostly in one currency.",
    "{body} is satisfied that {task} is in keeping with our code of conduct.",
    # In the words that are asked for, as in real reports, but without what is asked.
    "{measure} from {good} {trend} in {year}, {manner}, while that from {good} {change} by {share}.",
    "Offices report their {measure} every month; since {month} {year} the one in {place} does so by itself.",
    "{measure} of the {unit} segment {change} by {share} in the {quarter} quarter of {year}.",
    "A provision for {task} in {place}, made in {year}, was used up by {month}.",
    "The {unit} segment plans its {measure} for three years ahead; {company} reviews the plan in {month}.",
    "In {year} the audit committee held a meeting in {place} and spoke with the staff about {task}.",
    "An accident in {place} in {month} {year} led to new rules for {task} at every site.",
    "In {year} no {good} had to be called back in {place}, and no claim is open there.",
    "{count} machines for {task} in {place} were written off in {year}, since the line had been replaced.",
    "In {place}, {company} employs more people in {month} than in {month2}, depending on orders for {good}.",
)

_BOILERPLATE = (
    "This section forms part of the directors' report and should be read together with the notes.",
    "Figures in this section are rounded, and may therefore not add up precisely.",
    "Statements about the future rest on assumptions that may prove wrong; see the chapter on risks.",
)
"""Sentences that stand in every other chapter, word for word."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words of a company: what fills the slots of its sentences."""

    company: str
    years: Sequence[str]
    measures: Sequence[str]
    units: Sequence[str]
    places: Sequence[str]
    goods: Sequence[str]
    inputs: Sequence[str]
    tasks: Sequence[str]


class Filler:
    """Writes paragraphs with the words of one company, always the same for a seed."""

    def __init__(self, vocabulary: Vocabulary, seed: int) -> None:
        """Begin with ``seed``."""
        self._chance = random.Random(seed)
        self._words: dict[str, Sequence[str]] = {
            "company": (vocabulary.company,),
            "year": vocabulary.years,
            "measure": vocabulary.measures,
            "quarter": _QUARTERS,
            "unit": vocabulary.units,
            "good": vocabulary.goods,
            "input": vocabulary.inputs,
            "task": vocabulary.tasks,
            "share": _SHARE,
            "count": _COUNT,
            "change": _CHANGE,
            "trend": _TREND,
            "manner": _MANNER,
            "body": _BODY,
        }
        self._places = vocabulary.places

    def paragraph(self, sentences: int = 5) -> str:
        """Return a paragraph of as many different ``sentences``."""
        return " ".join(map(self._fill, self._chance.sample(SENTENCES, sentences)))

    def paragraphs(self, count: int) -> list[str]:
        """Return ``count`` paragraphs of four to seven sentences, the first of which ends in boilerplate."""
        made = [self.paragraph(self._chance.randint(4, 7)) for _ in range(count)]
        made[0] += " " + self._chance.choice(_BOILERPLATE)
        return made

    def amount(self, low: int, high: int) -> str:
        """Return a number with one decimal as it stands in tables."""
        return f"{self._chance.randint(10 * low, 10 * high) / 10:,.1f}"

    def rows(self, names: Sequence[str], low: int, high: int) -> list[tuple[str, str, str]]:
        """Return a row of a table for each name: the name and two amounts."""
        return [(name, self.amount(low, high), self.amount(low, high)) for name in names]

    def whole(self, low: int, high: int) -> str:
        """Return a whole number as it stands in tables."""
        return f"{self._chance.randint(low, high):,}"

    def _fill(self, template: str) -> str:
        place, place2 = self._chance.sample(self._places, 2)
        month, month2 = (_MONTHS[i] for i in sorted(self._chance.sample(range(12), 2)))
        fixed = {"place": place, "place2": place2, "month": month, "month2": month2}
        text = _SLOT.sub(
            lambda slot: fixed.get(slot[1]) or self._chance.choice(self._words[slot[1]]), template
        )
        return text[0].upper() + text[1:]
