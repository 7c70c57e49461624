import pytest

from qa.query.answer_type import AnswerType, expected_answer_type, leaves_time_open, missing_answer_type


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("How many turbines are there?", AnswerType.NUMBER),
        ("What year was it signed?", AnswerType.NUMBER),
        ("How much did the plant cost?", AnswerType.MONEY),
        ("What is the budget of the program?", AnswerType.MONEY),
        ("What is the name of the source?", AnswerType.PROPER_NAME),
        ("What percentage was sold?", AnswerType.PERCENTAGE),
        ("Who signed it?", AnswerType.NAME),
        ("Which company won?", AnswerType.NAME),
        ("Is it how many say?", None),
        ("Why was it signed?", None),
    ],
)
def test_what_a_question_seeks_is_told_from_its_form(question: str, kind: AnswerType | None):
    assert expected_answer_type(question) is kind


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("How many turbines?", "Siemens installs four turbines."),
        ("How many turbines?", "Siemens installs dozens of turbines."),
        ("How many users has it?", "It has 7m users."),
        ("How many grams of salt?", "Add 5g."),
        ("How many days of leave are there?", "There are 38 days of leave in 2 years."),
        ("How many years did it take?", "It took five and a half years."),
        ("How many days a week?", "Five."),
        ("How many weeks does it stay?", "A week or two."),
        ("How many countries take part?", "It involves Peru, Chile, and Bolivia."),
        ("How much land?", "It owns fifty percent."),
        ("Who signed it?", "Boyet signed it."),
        ("Who gets the TIP award?", "Boyet gets the TIP award."),
        ("Who won the award?", "Tessaline won the award."),
        ("Where is the office of the mayor?", "In the Carrow office."),
        ("Who signed it?", "The minister signed it."),
        ("How much does the plant cost?", "It costs 72 million euros."),
        ("What was the price?", "It was sold for $5."),
        ("How much gas is sold?", "It sells 5 tons."),
        ("What is the name of the plant?", "The plant is called Turkestan."),
        ("Why was it signed?", "To sell gas."),
        ("How fast is the train?", "It has 4,700 kW and runs at 180 km/h."),
        ("How fast does it fill?", "It takes 40 litres per minute."),
        ("How fast do they grow?", "Stalactites grow 3 cm a year."),
        ("How tall is the author?", "5'4\", 120 lbs."),
        ("How old is the writer?", "25F, going to marry."),
        ("How wide is the cloth?", "A five-inch cloth."),
        ("How long is the film?", "One hour, or 3.5 GB."),
        ("How far are they into the book?", "About 20%."),
    ],
)
def test_a_text_that_brings_what_is_asked_for_lacks_nothing(question: str, text: str):
    assert missing_answer_type(text, question) == ""


@pytest.mark.parametrize(
    ("question", "text", "missing"),
    [
        ("How many turbines?", "Siemens installs turbines.", "a number"),
        ("How many birds were seen?", "By class 7b of the Hill school.", "a number"),
        ("How many guests came?", "They met in room 12a.", "a number"),
        ("How many turbines?", "A major expansion was planned.", "a number"),
        ("How many countries take part?", "Peru takes part.", "a number"),
        ("How many days of leave are there?", "At most 4 consecutive weeks at a time.", "a number"),
        ("How many working days of notice?", "At least two months.", "a number"),
        ("How fast can the train go?", "Emissions are as low as 7.0 gCO2/ton.km.", "a number"),
        ("How fast is the car?", "It emits 120 g/km.", "a number"),
        ("How long is the stalactite?", "It grows 3 cm a year.", "a number"),
        ("How heavy is the pump?", "It contains 1.45 kg of the refrigerant R290.", "a number"),
        ("How heavy is the pump?", "1140-EN-04", "a number"),
        ("How heavy is the pump?", "The pump is 200 mm wide.", "a number"),
        ("How old is the oak?", "The oak is 31 metres tall.", "a number"),
        ("How much does the plant cost?", "It has 1,000 MW.", "a sum of money"),
        ("What is the budget?", "The budget is in euros.", "a sum of money"),
        ("What is the name of the source?", "An official told them.", "a proper name"),
        ("Who runs Alstom?", "He is the Managing Director.", "a name"),
        ("Who signed it?", "It was signed in haste.", "a name"),
        ("Who leads Alstom?", "Alstom is led.", "a name"),
    ],
)
def test_what_a_text_lacks_is_named(question: str, text: str, missing: str):
    assert missing in missing_answer_type(text, question)


def test_when_wants_a_time():
    assert leaves_time_open("It was signed.", "When was it signed?")
    assert not leaves_time_open("It was signed in May.", "When was it signed?")
    assert not leaves_time_open("It was signed.", "Who signed it?")
