"""Tests of the short answer, which is cut from a quote and never composed."""

from dataclasses import replace

import pytest

from qa.retrieval.evidence import number_quotes
from qa.schema import Evidence, ShortAnswer, Span
from qa.verification.short_answer import cut_short_answer
from tests.support.fakes import by_id, document, whole

CONTRACT = "Projects in Uzbekistan include a €72 million contract for four 54 MW gas turbines."


def cut(proposed: str, *texts: str, question: str = "What is it?") -> ShortAnswer | None:
    documents = by_id(*(document(text, f"{i}.txt") for i, text in enumerate(texts, start=1)))
    short = cut_short_answer(proposed, Evidence(question, whole(documents)))
    if short:
        assert short.span.cut(documents) == short.text
    return short


def text(short: ShortAnswer | None) -> str:
    return short.text if short else ""


@pytest.mark.parametrize(
    ("proposed", "expected"),
    [
        ("four 54 MW gas turbines", "four 54 MW gas turbines"),
        ("Four 54 MW gas turbines. [1]", "four 54 MW gas turbines"),
        ("€72 million", "€72 million"),
        ("uzbekistan", "Uzbekistan"),
        ("gas turbines of 54 MW", "54 MW gas turbines"),
        ("Uzbekistan\nThat is where the projects are.", "Uzbekistan"),
        ("nuclear plants", ""),
        ("54 MW gas turbines in Peru", ""),
        ("", ""),
        ("[1]", ""),
    ],
)
def test_it_is_cut_from_a_quote_or_there_is_none(proposed: str, expected: str):
    assert text(cut(proposed, CONTRACT)) == expected


def test_what_the_model_copies_from_the_title_after_it_is_left_out():
    recall = "On 14 February 2023 we called back 61,000 jars of apple chutney."
    (quote,) = whole(by_id(document(recall, title="Good food, plainly made")))
    evidence = Evidence("How many jars were called back?", (quote,))
    assert text(cut_short_answer("61,000 jars, plainly made", evidence)) == "61,000 jars"
    assert cut_short_answer("61,000 jars, badly made", evidence) is None
    assert cut_short_answer("good food, plainly made", evidence) is None


@pytest.mark.parametrize(
    ("title", "said", "is_answer"),
    [
        ("Annual Report 2022", "Ada Byron, chief executive", False),
        ("Letters", "Ada Byron, chief executive since 2014", False),
        ("Annual Report 2012", "Ada Byron, chief executive", True),
        ("Annual Report", "Ada Byron, chief executive", True),
        ("The board, 2010–2022", "Ada Byron, chief executive", True),
        ("Annual Report 2022", "Ada Byron was chief executive from 2008", True),
        ("Annual Report 2022", "Ada Byron was chief executive in 2012", True),
    ],
)
def test_what_is_said_of_other_years_is_no_answer(title: str, said: str, is_answer: bool):
    (quote,) = whole(by_id(document(said, title=title)))
    short = cut_short_answer("Ada Byron", Evidence("Who was the chief executive in 2012?", (quote,)))
    assert (short is not None) is is_answer


def test_a_year_of_the_decade_that_is_asked_for_is_no_other():
    assert text(
        cut("steadily", "From 1977 the share rose steadily.", question="How did it rise in the 1970s?")
    )


def test_the_first_quote_that_has_the_words_gives_them():
    short = cut("Peru", "Copper comes from Chile.", "Copper comes from Peru.", "Peru has mines.")
    assert short is not None
    assert short.quote == 2


@pytest.mark.parametrize(
    ("question", "proposed", "quote", "expected"),
    [
        ("How many turbines are there?", "gas turbines", CONTRACT, ""),
        ("How much is the contract worth?", "€72 million", CONTRACT, "€72 million"),
        ("What is the price of a beam?", "742", "item: beam; price_eur: 742", "742"),
        ("What is the price of a beam?", "742", "item: beam; length: 742", ""),
        ("How many patents?", "300", "He held about 300 patents.", "about 300"),
        ("When did it open?", "Paris", "It opened in Paris in 1999.", ""),
        ("Who leads Alstom?", "Alstom", "Boyet leads Alstom.", ""),
        ("Who leads Alstom?", "Boyet", "Boyet leads Alstom.", "Boyet"),
        ("What percentage is kept?", "28 U.S.C. § 586", "The fee is set by 28 U.S.C. § 586.", ""),
        ("What percentage is kept?", "12", "Part: fee; Kept (%): 12", "12"),
    ],
)
def test_it_is_of_the_kind_that_was_asked_for(question: str, proposed: str, quote: str, expected: str):
    assert text(cut(proposed, quote, question=question)) == expected


def test_the_row_that_has_more_of_the_question_outdoes_another():
    operating, trading = (
        "In millions: Operating profit; 2022: 6,619; 2021: 5",
        "In millions: Trading operating profit; 2022: 7,1; 2021: 6",
    )
    question = "What was the trading operating profit in 2022?"
    assert cut("6,619", operating, trading, question=question) is None
    assert (
        text(cut("6,619", operating, trading, question="What was the operating profit in 2022?")) == "6,619"
    )
    assert text(cut("7,1", operating, trading, question=question)) == "7,1"
    underlying = "In millions: Underlying trading operating profit; 2022: 8,2; 2021: 7"
    assert cut("8,2", underlying, trading, question=question) is None


@pytest.mark.parametrize(
    ("question", "answered"),
    [
        ("When did he join Leeds City?", False),
        ("When did he join York?", True),
        ("When did he leave Leeds City?", True),
        ("Since when is he in York?", True),
    ],
)
def test_what_was_done_to_another_is_no_answer(question: str, answered: bool):
    quote = "In March 2005 he joined York on loan, where a friend from Leeds played."
    assert bool(cut("March 2005", quote, question=question)) is answered


def test_the_name_that_is_asked_for_may_stand_after_the_verb_that_is_asked_with():
    quote = "The film is based on the Hunger Games novels, by the author Suzanne Collins."
    question = "Who authored the Hunger Games?"
    assert text(cut("Suzanne Collins", quote, question=question)) == "Suzanne Collins"
    assert cut("York", "In March he joined York.", question="Who joined Leeds?") is None


def test_a_name_in_full_may_stand_in_the_title_and_a_part_of_it_in_the_quote():
    documents = by_id(document("Poirot rented a flat in Baker House.", title="Hercule Poirot"))
    evidence = Evidence("Who rented a flat in Baker House?", whole(documents))
    assert text(cut_short_answer("Hercule Poirot", evidence)) == "Poirot"
    assert cut_short_answer("Achille Poirot", evidence) is None


def test_what_follows_in_a_row_is_no_other_object():
    row = "Part: KX-1080; Description: pressure switch; Fits: HX-40; Price EUR: 39"
    assert text(cut("39", row, question="What is the price of the pressure switch KX-1080?")) == "39"


def test_one_of_several_figures_without_a_name_is_no_answer():
    question = "What was the accuracy of the reader?"
    assert cut("79.4", "Reader | 79.4 | 78.8 | 75.0", question=question) is None
    assert text(cut("79.4", "Reader | 79.4 | of all", question=question)) == "79.4"
    assert text(cut("79.4", "Reader — 2021: 79.4; 2020: 78.8", question=question)) == "79.4"


def test_it_is_cut_in_scripts_without_spaces():
    assert text(cut("上海", "他在上海工作。", question="他在哪里工作？")) == "上海"


def test_the_currency_of_a_sum_may_stand_over_its_table():
    row = "Site: Stanmoor; Gas 2022: 1,214; Gas 2023: 1,873"
    (quote,) = whole(by_id(document(row, "1.txt")))
    question = "How much did Stanmoor spend on gas in 2023?"
    assert cut_short_answer("1,873", Evidence(question, (quote,))) is None
    placed = replace(quote, place="sheet Energy, row 7, table Energy costs by site, GBP thousand")
    assert text(cut_short_answer("1,873", Evidence(question, (placed,)))) == "1,873"


def test_a_number_of_weeks_is_not_one_of_days():
    holiday = "We support holidays that are up to 4 consecutive weeks."
    leave = "All have 38 days of leave."
    assert cut("up to 4", holiday, question="How many days of holiday are there?") is None
    assert text(cut("up to 4", holiday, question="How many weeks of holiday are there?")) == "up to 4"
    assert text(cut("38", leave, question="How many days of holiday are there?")) == "38"


def test_what_has_no_number_does_not_borrow_that_of_the_next_words():
    turbines = "The plant has gas turbines, four of them."
    assert cut("gas", "The gas 54 turbines burn is dear.", question="How many turbines?") is None
    assert text(cut("four", turbines, question="How many turbines?")) == "four"


@pytest.mark.parametrize(("proposed", "expected"), [("35", "35°"), ("35° (70%)", "35° (70%)"), ("70", "70%")])
def test_a_sign_right_behind_a_number_belongs_to_it(proposed: str, expected: str):
    assert text(cut(proposed, "It climbs 35° (70%).")) == expected


def test_a_part_of_a_number_is_not_the_number():
    engines = "By 1883, engines that could provide 10,000 hp had become feasible."
    assert cut("10", engines, question="How many horsepower was the engine?") is None
    assert text(cut("10000 hp", engines)) == "10,000 hp"
    assert text(cut("10", engines, "Watt's engine was a ten-horsepower one.")) == "ten"
    assert cut("5", "The fee is 5.25 %.", "They met at 12.05.2020.") is None
    assert text(cut("2020", "They met at 12.05.2020.")) == "2020"


def test_either_of_two_numbers_is_both_of_them():
    years = "It may take three or four years to kill it, and 20–30 days to dry."
    assert text(cut("three", years)) == "three or four"
    assert text(cut("four years", years)) == "three or four years"
    assert text(cut("30 days", years)) == "20–30 days"
    assert text(cut("2016", "The budget of 2016–17 was passed.")) == "2016"
    assert text(cut("four", "Four or more may enter.")) == "Four"


@pytest.mark.parametrize(
    ("question", "row", "proposed", "expected"),
    [
        ("Wie hoch war der Überschuss 2021?", "Position: Überschuss; 2022: 611; 2021: 580", "611", "580"),
        ("What was the profit in FY2022?", "Profit — FY2022: 611; FY2021: 580", "580", "611"),
        ("What was cash at the end of 2021?", "Cash — May 31, 2022: 6; May 31, 2021: 5", "6", "5"),
        ("What was sold in 2021?", "Sold — 2022 EU: 6; 2022 US: 7; 2021 EU: 8; 2021 US: 9", "7", "9"),
        ("What was the profit in 2021 and 2022?", "Profit — 2022: 611; 2021: 580", "611", "611"),
        ("Which profit fell in 2021?", "Profit: Operating; 2022: 611; 2021: 580", "Operating", "Operating"),
        ("What was the change in 2021?", "Profit — Change 2022 vs. 2021: 31; 2021: 580", "31", "31"),
    ],
)
def test_the_cell_of_the_asked_year_is_cut_whatever_is_proposed(
    question: str, row: str, proposed: str, expected: str
):
    assert text(cut(proposed, row, question=question)) == expected


@pytest.mark.parametrize(
    ("question", "proposed", "expected"),
    [
        ("How many checks for handgun redemptions were made in Texas?", "5", "5,748"),
        ("How many checks for handgun redemptions were made in Texas?", "21", "5,748"),
        ("How many checks for handgun redemptions were made in Texas?", "569", "5,748"),
        ("How many long guns were sold privately in Texas?", "5", "5"),
        ("How many sales were there in Texas?", "5", "5"),
        ("How many redemptions were there in Texas?", "21", "21"),
    ],
)
def test_the_cell_of_a_name_that_is_asked_for_in_full_is_cut(question: str, proposed: str, expected: str):
    row = "State: Texas; Handgun: 569; Redemption Handgun: 5,748; Redemption Other: 21; Sold Long Gun: 5"
    assert text(cut(proposed, row, question=question)) == expected


@pytest.mark.parametrize(
    ("heading", "answered"), [("Income statement (in millions)", True), ("Income statement", False)]
)
def test_a_figure_in_a_table_of_millions_may_be_a_sum_of_money(heading: str, answered: bool):
    report = document("Cost of sales — 2018: 16,682; 2017: 16,055")
    quotes = tuple(replace(quote, headings=(heading,)) for quote in whole(by_id(report)))
    evidence = Evidence("What was the cost of sales in 2018?", quotes)
    assert bool(cut_short_answer("16,682", evidence)) == answered


def test_of_cells_that_say_the_same_that_of_the_asked_column_is_cut():
    row = "5 — item: Salary - Moderator; 2019 Actual: 500; 2020 Budget: 500; 2021 Budget: 500"
    budget = cut("500", row, question="How much was budgeted for the moderator in 2020?")
    actual = cut("500", row, question="How much was the actual for the moderator in 2019?")
    assert budget
    assert actual
    assert row[: budget.span.start].endswith("2020 Budget: ")
    assert row[: actual.span.start].endswith("2019 Actual: ")


def test_a_blank_of_a_form_is_no_answer():
    form = "The price is based on a valuation of *$[____]*, and a pool of [   ] shares."
    assert cut("valuation of $[____]", form, question="What is the price based on?") is None


def test_a_number_keeps_what_multiplies_it():
    assert text(cut("88.5", "We bought 70 per cent of it for EUR 88.5 million.")) == "88.5 million"


def test_a_sum_keeps_its_currency():
    assert text(cut("400,000", "It offers a $400,000 policy to all staff.")) == "$400,000"


def test_a_date_keeps_its_year():
    paid = "It is payable February 17, 2023, to those who held shares on 3 February 2023."
    assert text(cut("February 17", paid)) == "February 17, 2023"
    assert text(cut("3 February", paid)) == "3 February 2023"
    assert text(cut("2023", paid)) == "2023"


QUARTER = "Revenue rose to EUR 287.4 million in the first quarter of 2022."
ROW = "Revenue — Q1 2022: 287.4; 2022: 1,284.6"


@pytest.mark.parametrize(
    ("question", "proposed", "quote", "expected"),
    [
        ("What was the revenue in 2022?", "EUR 287.4 million", QUARTER, ""),
        (
            "What was the revenue in the first quarter of 2022?",
            "EUR 287.4 million",
            QUARTER,
            "EUR 287.4 million",
        ),
        ("What was the revenue?", "EUR 287.4 million", QUARTER, "EUR 287.4 million"),
        ("How large was revenue in 2022?", "287.4", ROW, ""),
        ("How large was revenue in 2022?", "1,284.6", ROW, "1,284.6"),
        ("When did revenue rise in 2022?", "the first quarter of 2022", QUARTER, "the first quarter of 2022"),
    ],
)
def test_a_figure_of_a_quarter_is_not_the_years(question: str, proposed: str, quote: str, expected: str):
    assert text(cut(proposed, quote, question=question)) == expected


def test_the_title_says_that_a_figure_is_a_quarters():
    first_quarter = replace(
        document("Revenue was 287.4 million."), title="Report on the first quarter of 2022"
    )
    evidence = Evidence("How many millions was revenue in 2022?", whole(by_id(first_quarter)))
    assert cut_short_answer("287.4 million", evidence) is None
    whole_year = replace(first_quarter, title="Annual report 2022")
    assert cut_short_answer("287.4 million", replace(evidence, quotes=whole(by_id(whole_year))))


@pytest.mark.parametrize(
    ("title", "answered"),
    [
        ("Key figures, full year", True),
        ("Key figures, first quarter", False),
        ("13 Weeks Ended", False),
        ("Twenty-six week period ending in June", False),
        ("52 Weeks Ended", True),
        ("12 weeks of sales", True),
        ("Three Month Period", False),
    ],
)
def test_the_title_of_a_table_says_that_its_columns_are_quarters(title: str, answered: bool):
    quotes = whole(by_id(document("Revenue — 2022: 287.4; 2021: 264.1")))
    under = tuple(replace(quote, headings=("Annual report 2022", title)) for quote in quotes)
    evidence = Evidence("How many millions was revenue in 2022?", under)
    assert bool(cut_short_answer("287.4", evidence)) is answered


MILESTONES = (
    "Milestone: Baths reopen; Planned: 01/07/2025; Responsible: N. Verhoeven",
    "Milestone: Design approved; Planned: 14/03/2023; Actual: 14/03/2023; Responsible: N. Verhoeven",
    "Milestone: Old roof removed; Planned: 20/09/2024; Actual: 11/10/2024; Responsible: Holzbau Anders",
)


def of_one_table(proposed: str, question: str) -> ShortAnswer | None:
    table = document("\n".join(MILESTONES), "1.txt")
    documents = by_id(table)
    starts = [table.text.index(row) for row in MILESTONES]
    spans = [Span("1.txt", start, start + len(row)) for start, row in zip(starts, MILESTONES, strict=True)]
    return cut_short_answer(proposed, Evidence(question, number_quotes(spans, documents)))


@pytest.mark.parametrize(
    ("question", "proposed", "answered"),
    [
        ("On what day did the baths actually reopen?", "14/03/2023", False),
        ("On what day did the baths actually reopen?", "01/07/2025", False),
        ("When did the baths reopen?", "01/07/2025", False),
        ("When do the baths reopen?", "01/07/2025", True),
        ("When was it planned that the baths reopen?", "01/07/2025", True),
        ("When was the old roof removed?", "11/10/2024", True),
        ("When was the old roof removed?", "14/03/2023", False),
        ("Who is responsible for the design?", "N. Verhoeven", True),
    ],
)
def test_the_date_of_another_event_is_no_answer(question: str, proposed: str, answered: bool):
    assert (of_one_table(proposed, question) is not None) is answered


def test_a_name_that_the_question_has_is_cut_with_its_noun():
    quote = "Rented from the city of Carrow until 2041; all other sites are owned."
    short = cut("Carrow", quote, question="From whom does Tessaline rent its site in Carrow?")
    assert text(short) == "the city of Carrow"
    assert cut("Carrow", "The site in Carrow is rented.", question="From whom is the site in Carrow?") is None


LISTED = "Name: Fire AI; Where data is held: United States, Iceland, Germany; Seat: United States"


def test_one_of_the_names_that_a_cell_lists_is_not_the_whole_answer():
    where = "Where does Fire AI hold data?"
    assert text(cut("United States", LISTED, question=where)) == "United States, Iceland, Germany"
    assert text(cut("Iceland", LISTED, question=where)) == "United States, Iceland, Germany"
    address = "Name: Fire AI; Address: 12 Mill Lane, Carrow, Ohio"
    assert text(cut("Carrow", address, question=where)) == "Carrow"


@pytest.mark.parametrize(
    ("question", "proposed", "expected"),
    [
        ("medical insurance employee and partner", "Employee-partner medical cover", ""),
        ("medical insurance employee and partner", "$197.27", "$197.27"),
        ("Which cover costs $197.27?", "Employee-partner medical cover", "Employee-partner medical cover"),
    ],
)
def test_the_name_of_a_value_is_no_answer_unless_it_is_asked_for(question: str, proposed: str, expected: str):
    line = "* Employee-partner medical cover: $197.27"
    assert text(cut(proposed, line, question=question)) == expected


@pytest.mark.parametrize("proposed", ["31.900", "31’900", "31900", "31,900"])
def test_the_sign_between_thousands_may_be_that_of_another_language(proposed: str):
    row = "1860 — Present borders: 31,900; Former borders: 31,433"
    assert text(cut(proposed, row, question="US population in 1860 in the present borders?")) == "31,900"


def test_decimals_are_no_thousands():
    assert text(cut("3.19", "1860 — Present borders: 319; Former borders: 31")) == ""


def test_a_row_that_is_named_in_full_outdoes_one_that_is_named_in_part():
    rows = ("Course: Baby judo; Years: 2021; Price: €150", "Course: Junior; Years: 2013; Price: €209")
    documents = by_id(document("\n".join(rows), "prices.txt"))
    spans = [Span("prices.txt", 0, len(rows[0])), Span("prices.txt", len(rows[0]) + 1, len("\n".join(rows)))]
    evidence = Evidence("What is the price of judo for a junior?", number_quotes(spans, documents))
    assert cut_short_answer("€150", evidence) is None
    assert text(cut_short_answer("€209", evidence)) == "€209"
