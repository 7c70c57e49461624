import pytest
from hypothesis import assume, given

from qa.nlp.tokens import is_content, tokens
from qa.schema import Status
from qa.verification.quote_context import QuoteContext
from qa.verification.support import unsupported_reason, veto_reason
from tests.support.fakes import NORMAL_TEXTS, TEXTS, check

INTERVIEW = "Interview with Jerome Boyet Trend Baku, Azerbaijan 2025-01-22 22 January 2025"


def against(sentence: str, quote: str, *, known: str = "", document: str = "") -> str:
    """The objection to ``sentence`` on the ground of ``quote``."""
    return unsupported_reason(sentence, QuoteContext(text=quote, document=document or quote, metadata=known))


def test_who_is_named_over_a_quote_does_not_replace_who_is_named_in_it():
    def veto(sentence: str, title: str) -> str:
        quote = "Walker was sacked in May, and the club was sold."
        return veto_reason(sentence, QuoteContext(quote, quote, title, title=title))

    assert veto("Norwich City was sacked in May.", "Norwich City") == "the quote says it of Walker"
    assert veto("Norwich City was sold.", "Norwich City") == ""
    assert veto("Mike Walker was sacked in May.", "Mike Walker") == ""
    assert against("Ann Rhys is an actress.", "Ann Rhys, born in Wales, is a Welsh actress.") == ""


@pytest.mark.parametrize(
    ("sentence", "quote", "is_turned"),
    [
        ("3,600 Frenchmen were defeated.", "Here 3,600 Frenchmen famously defeated a force of 18,000.", True),
        ("Lind was finally dismissed.", "Lind dismissed her deputy.", True),
        ("Lind dismissed her deputy.", "Lind was dismissed, and her deputy left.", True),
        ("Lind was dismissed.", "Lind dismissed her deputy and was dismissed.", False),
        ("Lind was dismissed.", "Lind had been dismissed by her deputy.", False),
        ("The bridge was opened by Lind.", "Lind opened the bridge.", False),
        ("Lind was born in Bergen.", "Lind (born 3 May in Bergen) is a painter.", False),
        ("Lind was married to Holm.", "Lind married Holm.", False),
    ],
)
def test_who_did_something_did_not_suffer_it(sentence: str, quote: str, is_turned: bool):
    reason = "the quote has who did it and to whom the other way round"
    assert (veto_reason(sentence, QuoteContext(quote, quote, "")) == reason) == is_turned


@given(TEXTS, TEXTS, TEXTS)
def test_any_sentence_can_be_held_against_any_quote(sentence: str, quote: str, known: str):
    assert isinstance(against(sentence, quote, known=known), str)


@given(NORMAL_TEXTS)
def test_a_text_bears_itself_out(text: str):
    assume(any(is_content(token) for token in tokens(text)))
    assert against(text, text) == ""


@pytest.mark.parametrize(
    "sentence",
    [
        "The interview was published on 22 January 2025.",
        "The article is dated January 22, 2025.",
        "The article states that Alstom expands.",
    ],
)
def test_what_is_known_of_the_document_counts(sentence: str):
    assert against(sentence, "Alstom is expanding in Central Asia.", known=INTERVIEW) == ""


@pytest.mark.parametrize(
    "sentence",
    [
        "Alstom has 22 locomotives.",
        "The article states that Alstom has 22 locomotives.",
        "Alstom has locomotives in Baku.",
        "In the interview, Alstom has locomotives in Baku.",
    ],
)
def test_the_date_and_place_of_a_document_prove_nothing_else(sentence: str):
    assert against(sentence, "Alstom has locomotives.", known=INTERVIEW)


def test_the_rest_of_the_document_proves_nothing():
    quote = "Siemens is mostly active in Kazakhstan."
    document = f"{quote} The program involves Kyrgyzstan."
    assert against("Siemens is mostly active in Kyrgyzstan.", quote, document=document)


def test_a_name_may_be_given_in_full_as_the_document_has_it():
    quote, document = "Boyet leads Alstom.", "Jerome Boyet came. Boyet leads Alstom."
    assert against("Jerome Boyet leads Alstom.", quote, document=document) == ""
    assert against("Jane Boyet leads Alstom.", quote, document=document)
    assert against("Jerome Boyet leads Alstom.", "The head leads Alstom.", document=document)


@pytest.mark.parametrize(
    ("sentence", "reason"),
    [
        ("It lasts 36 months.", "36"),
        ("It lasts 24 years.", "years"),
        ("It does not last 24 months.", "sentence negates"),
        ("It is what it is.", "makes no statement"),
        ("She said “it lasts for ever”.", "word for word"),
    ],
)
def test_an_objection_names_what_is_wrong(sentence: str, reason: str):
    assert reason in against(sentence, "It lasts 24 months.")


@pytest.mark.parametrize(
    "sentence",
    ["The documents do not say.", "The text does not mention it.", "The article describes the sources."],
)
def test_to_speak_of_the_documents_alone_states_nothing(sentence: str):
    assert against(sentence, "Alstom builds locomotives.")


CONTRACT = "The contract lasts 24 months and may be renewed."
TURBINES = (
    "Projects in Uzbekistan include a 72 million euros worth contract for the installation of four 54 MW "
    "gas turbines."
)

SHOPS = "The firm opened 7 shops in 2019 and 5 in 2020."
PLANTS = "Acme has 7 plants and Beta has 5 plants."

CHANGED = {
    "a number": (CONTRACT, "The contract lasts 36 months."),
    "a number spelled out": ("Siemens installs four turbines.", "Siemens installs five turbines."),
    "a decimal point": ("The rate is 7.5 percent.", "The rate is 75 percent."),
    "a decimal comma": ("The rate is 7,5 percent.", "The rate is 75 percent."),
    "a unit of time": (CONTRACT, "The contract lasts 24 years."),
    "a unit of power": (TURBINES, "The turbines cost 54 million euros."),
    "what is counted": (TURBINES, "The contract is for 72 gas turbines."),
    "a unit of length": ("The tunnel is 5 km long.", "The tunnel is 5 m long."),
    "a currency sign": ("It costs €5 a month.", "It costs $5 a month."),
    "a per cent sign": ("Output rose by 5 MW.", "Output rose by 5%."),
    "a sign": ("The balance is 5 dollars.", "The balance is -5 dollars."),
    "a negation away": ("The warranty does not cover water damage.", "The warranty covers water damage."),
    "not until, away": ("The plant will not open until 2030.", "The plant will open in 2030."),
    "a negation in": ("Siemens is active in Kazakhstan.", "Siemens was never active in Kazakhstan."),
    "a contraction away": ("He couldn’t come to Berlin.", "He could come to Berlin."),
    "a subject to nobody": ("The director has left.", "No director has left."),
    "included to excluded": ("Tax is included.", "Tax is excluded."),
    "excluded to included": ("Tax is excluded.", "Tax is included."),
    "safe to unsafe": ("The bridge is unsafe.", "The bridge is safe."),
    "limitless to a limit": ("The budget is limitless.", "The budget has a limit."),
    "up to down": ("The drug increases the risk.", "The drug reduces the risk."),
    "fewer to more": ("Fewer than 20 people came.", "More than 20 people came."),
    "after to before": ("Prices rose after 2020.", "Prices rose before 2020."),
    "some to all": ("Some employees get a bonus.", "All employees get a bonus."),
    "may to must": ("Employees may work on Sunday.", "Employees must work on Sunday."),
    "who did it to whom": ("Acme acquired Beta.", "Beta acquired Acme."),
    "who did it to whom, passive": ("Acme acquired Beta.", "Acme was acquired by Beta."),
    "who sued whom": ("In 2019, Beta Inc sued Acme Corp.", "Acme Corp sued Beta Inc in 2019."),
    "a letter": ("She has hepatitis B.", "She has hepatitis C."),
    "a name invented": ("Alstom builds trains.", "Jane Smith of Alstom builds trains."),
    "a date invented": ("The deal was signed in Berlin.", "The deal was signed in Berlin on 5 May 2021."),
    "a place": ("Alstom builds trains in France.", "Alstom builds trains in Peru."),
    "a name in another script": ("Alstom builds trains.", "Alstom builds trains in 法国."),
    "speech": ("Boyet said they will not leave.", 'Boyet said: "We will not leave."'),
    "speech shortened": ("He said: “We may, in time, leave.”", "He said: “We may leave.”"),
    "a verb": ("Siemens sells four turbines.", "Siemens takes four turbines."),
    "a verb of saying": ("Siemens owes 72 million euros.", "Siemens added 72 million euros."),
    "two numbers exchanged": (SHOPS, "The firm opened 7 shops in 2020 and 5 in 2019."),
    "the number of another year": (SHOPS, "The firm opened 5 shops in 2019."),
    "the number of another name": (PLANTS, "Acme has 5 plants."),
    "left one for the other": ("She left Acme for Beta.", "She left Beta for Acme."),
    "from one to the other": ("The line runs from Paris to Lyon.", "The line runs from Lyon to Paris."),
    "a scale": ("The town has two hundred people.", "The town has two people."),
    "other initials": ("The European Union adopts laws.", "The UN adopts laws."),
    "a version": ("It runs on Python 3.10 only.", "It runs on Python 3.1 only."),
    "nothing said": (CONTRACT, "It is what it is."),
    "a refusal": (CONTRACT, "The documents do not say."),
}


@pytest.mark.parametrize(("quote", "sentence"), CHANGED.values(), ids=CHANGED.keys())
def test_a_changed_fact_is_cut(quote: str, sentence: str):
    answer = check(sentence, quote)
    assert answer.status is Status.ABSTAINED
    assert [cut.text for cut in answer.cut] == [sentence]
    assert answer.cut[0].reason


FAITHFUL = {
    "inflection": ("Alstom is expanding its presence.", "Alstom expanded its presence."),
    "derivation": ("The expansion of Alstom goes on.", "Alstom expands."),
    "passive voice": ("Beta acquired Acme in 2019.", "Acme was acquired by Beta in 2019."),
    "active voice": ("Acme was acquired by Beta.", "Beta acquired Acme."),
    "a number in figures": ("Siemens installs four turbines.", "Siemens installs 4 turbines."),
    "a number in words": ("Siemens installs 4 turbines.", "Four turbines are installed."),
    "thousands": ("It has 1,000 MW.", "It has 1000 MW."),
    "a number with its unit": (TURBINES, "The turbines in Uzbekistan have 54 MW."),
    "a sum with its currency": (TURBINES, "The contract is worth 72 million euros."),
    "the reporting verb": ("Alstom is expanding, said Boyet.", "Boyet noted that Alstom is expanding."),
    "negation kept": ("Refunds are not offered online.", "Refunds are not offered."),
    "not only": ("Acme builds not only trains but also trams.", "Acme builds trains and trams."),
    "not until": ("It was not until 1891 that Koch found the proof.", "Koch found the proof in 1891."),
    "speech verbatim": ("He said: “We will not leave.”", 'He said: "we will not leave".'),
    "a list": ("It involves Germany, Kazakhstan and Kyrgyzstan.", "Germany, Kazakhstan and Kyrgyzstan."),
    "two numbers turned round": ("It opened 7 shops in 2019.", "In 2019 it opened 7 shops."),
    "the first of two facts": (SHOPS, "The firm opened 7 shops in 2019."),
    "the second of two facts": (PLANTS, "Beta has 5 plants."),
    "two names in a row": ("Acme and Beta have plants.", "Beta and Acme have plants."),
    "initials": ("The European Union adopts laws.", "The EU adopts laws."),
    "a scale in figures": ("It costs 72 million euros.", "It costs 72,000,000 euros."),
    "the date": ("Alstom is expanding.", "The article was published on 22 January 2025."),
}


@pytest.mark.parametrize(("quote", "sentence"), FAITHFUL.values(), ids=FAITHFUL.keys())
def test_a_fair_paraphrase_passes(quote: str, sentence: str):
    answer = check(sentence, quote, date="2025-01-22")
    assert answer.cut == ()
    assert answer.text == f"{sentence} [1]"


@pytest.mark.parametrize(
    ("sentence", "quote"),
    [
        ("3,000 Huguenots were killed.", "Nearly 3,000 Huguenots were killed."),
        ("Nearly 3,000 Huguenots were killed.", "Over 3,000 Huguenots were killed; nearly all fled."),
        ("The plan costs $5 million.", "The plan costs at least $5 million."),
        ("It was argued in the 1990s.", "It was argued in the early 1990s."),
        ("It was argued in the late 1990s.", "It was argued, late, in the early 1990s."),
        ("About 40 people came.", "40 people came."),
    ],
)
def test_a_number_keeps_what_is_said_of_its_exactness(sentence: str, quote: str):
    assert "differently" in against(sentence, quote)


def test_one_way_of_saying_about_is_as_good_as_another():
    assert against("Around 40 people came.", "About 40 people came.") == ""
    assert against("More than 40 people came.", "Over 40 people came.") == ""


def test_a_single_letter_is_a_name_and_negates_nothing():
    assert against("T cells attack pathogens.", "T cells attack pathogens.") == ""
    assert "“T”" in against("T cells attack pathogens.", "The cells attack pathogens.")
    assert not any(token.negated for token in tokens("T cells attack pathogens."))
