from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.index.index import Index
from qa.index.stores.local import LocalStore
from qa.index.update.update import build_index
from qa.nlp.dates import Period
from qa.nlp.terms import terms
from qa.query.document_filter import DocumentFilter
from qa.retrieval.features import QuestionTerms, passage_features, sentence_features
from qa.retrieval.hybrid import HybridRetriever
from qa.retrieval.ranking import rank
from qa.schema import Candidate, Hit, Passage, RetrievalResult, Span
from qa.weights import WEIGHTS
from tests.support.fakes import IDENTITY, FakeEncoder, by_id, document

CORPUS = [
    document("Siemens installs four gas turbines in Uzbekistan. They have 54 MW each.", "turbines.md"),
    document("Alstom builds electric locomotives. Its director's word: “rail is the future”.", "rail.md"),
    document("The Ministry of Water signed an agreement. Water is scarce.", "water.md"),
    document("Gas prices rose. The future is uncertain; rail matters.", "prices.md"),
]


@pytest.fixture(scope="module")
def retriever(tmp_path_factory: pytest.TempPathFactory) -> HybridRetriever:
    folder = tmp_path_factory.mktemp("index")
    build_index(LocalStore(folder, IDENTITY), CORPUS, FakeEncoder())
    return HybridRetriever(source=Index.open(LocalStore(folder, IDENTITY)), encoder=FakeEncoder())


def ids(hits: Sequence[Hit]) -> list[str]:
    return [hit.passage.span.doc_id for hit in hits]


def candidate(
    text: str,
    *,
    doc_id: str = "a.txt",
    cosine: float = 0.3,
    bm25: float = 1.0,
    title: str = "",
    heading: str = "",
    start: int = 0,
) -> Candidate:
    """A passage whose every sentence, and which itself, has the same cosine. A document in which it does not
    stand at the start is long.
    """
    spans = tuple(Span(doc_id, i, i + 1) for i, _ in enumerate(text.split("."), start=start))
    return Candidate(
        passage=Passage(Span(doc_id, start, start + len(spans)), spans),
        sentence_texts=tuple(text.split(".")),
        sentence_terms=tuple(terms(sentence) for sentence in text.split(".")),
        title_terms=terms(title) + terms(heading),
        bm25=bm25,
        passage_cosine=cosine,
        sentence_cosines=(cosine,) * len(spans),
        heading_terms=terms(heading),
        document_chars=2 * start,
    )


def even(_: str) -> float:
    return 1.0


def best(question: str, *candidates: Candidate) -> str:
    return rank(question, candidates, even, 1)[0].passage.span.doc_id


@pytest.mark.parametrize(
    ("question", "asked", "other"),
    [
        ("What were the sales in February?", "Month: Feb; Sales: 3", "Month: Jan; Sales: 5"),
        ("What were the sales in the third quarter?", "Period: Q3; Sales: 3", "Period: Q2; Sales: 5"),
        ("What were the sales in 2018?", "Year: FY18; Sales: 3", "Year: FY19; Sales: 5"),
        ("What were the sales in FY2018?", "Year: 2018; Sales: 3", "Year: 2019; Sales: 5"),
    ],
)
def test_a_period_is_found_in_another_form(question: str, asked: str, other: str):
    assert best(question, candidate(other, doc_id="other"), candidate(asked, doc_id="asked")) == "asked"


@pytest.mark.parametrize(
    ("question", "doc_id"),
    [
        ("Who installs gas turbines in Uzbekistan?", "turbines.md"),
        ("electric locomotive", "rail.md"),
        ("Which ministry signed the agreement?", "water.md"),
    ],
)
def test_the_passage_that_answers_comes_first(retriever: HybridRetriever, question: str, doc_id: str):
    assert ids(retriever.search(question).hits)[0] == doc_id


def test_hits_are_ordered_by_score_and_no_more_than_asked_for(retriever: HybridRetriever):
    scores = [hit.score for hit in retriever.search("gas and rail").hits]
    assert scores == sorted(scores, reverse=True)
    assert len(scores) == 4
    assert len(retriever.model_copy(update={"k": 2}).search("gas and rail").hits) == 2


def test_documents_can_be_left_out(retriever: HybridRetriever):
    assert "turbines.md" not in ids(
        retriever.search("gas turbines", DocumentFilter(without=frozenset({"turbines.md"}))).hits
    )


@pytest.mark.parametrize(
    ("question", "document_filter", "reason"),
    [
        ("gas turbines", DocumentFilter(only=frozenset()), "there is no document to search"),
        ("gas turbines", DocumentFilter(only=frozenset({"no.md"})), "there is no document to search"),
        (
            "gas turbines",
            DocumentFilter(only=frozenset({"rail.md"}), without=frozenset({"rail.md"})),
            "there is no document to search",
        ),
        (
            "gas turbines",
            DocumentFilter(period=Period.of("1904", None)),
            "no document is dated 1904-01-01 or later; 4 of 4 have no date",
        ),
        (
            "gas turbines",
            DocumentFilter(only=frozenset({"rail.md"}), period=Period.of("1904", "1904")),
            "no document is dated 1904-01-01 to 1904-12-31; 1 of 1 have no date",
        ),
        (
            'Who said "rail is the past"?',
            DocumentFilter(),
            "none of the best passages contains the words in quotation marks",
        ),
    ],
)
def test_a_search_that_finds_nothing_says_why(
    retriever: HybridRetriever, question: str, document_filter: DocumentFilter, reason: str
):
    assert retriever.search(question, document_filter) == RetrievalResult(question, (), reason)
    assert retriever.retrieve(question, document_filter) == RetrievalResult(question, (), reason)


def test_a_search_that_finds_something_has_no_reason(retriever: HybridRetriever):
    found = retriever.search("gas turbines")
    assert found.hits
    assert found.reason == ""


def test_retrieving_corrects_the_spelling_and_searching_does_not(retriever: HybridRetriever):
    misspelt = "Who builds locomotves?"
    assert retriever.retrieve(misspelt) == retriever.search("Who builds locomotives?")
    assert retriever.search(misspelt).question == misspelt


def test_a_common_word_is_searched_as_it_is_written(retriever: HybridRetriever):
    assert retriever.retrieve("turbinos").question == "turbines"
    knowing = retriever.model_copy(update={"vocabulary": {"turbinos"}})
    assert knowing.retrieve("turbinos").question == "turbinos"


def test_over_another_index_its_words_correct_the_spelling(retriever: HybridRetriever, tmp_path: Path):
    build_index(LocalStore(tmp_path, IDENTITY), [document("The lighthouse is lit.")], FakeEncoder())
    other = retriever.over(Index.open(LocalStore(tmp_path, IDENTITY)))
    assert other.retrieve("lighthuse locomotves").question == "lighthouse locomotves"
    assert ids(other.search("lighthouse").hits) == ["a.txt"]


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ('Who said "rail is the future"?', ["rail.md"]),
        ("Who said “Rail is the  future.”?", ["rail.md"]),
        ('Who said "rail is the past"?', []),
        ('Who builds "electric locomotive"?', ["rail.md"]),
        ('Who said "rail, is – the future"?', ["rail.md"]),
        ('Is the "rail" of "electric locomotives" meant?', ["rail.md"]),
    ],
)
def test_what_is_between_quotation_marks_must_stand_word_for_word(
    retriever: HybridRetriever, question: str, found: list[str]
):
    assert ids(retriever.search(question).hits) == found


def test_a_title_in_quotation_marks_is_found_in_another_case(tmp_path: Path):
    novel = document("Роман «Тысячелетняя реконструкция» вышел в 1998 году. Его читали.", "novel.md")
    other = document("Роман вышел в 1998 году. Реконструкция улицы длилась год.", "street.md")
    build_index(LocalStore(tmp_path, IDENTITY), [novel, other], FakeEncoder())
    retriever = HybridRetriever(source=Index.open(LocalStore(tmp_path, IDENTITY)), encoder=FakeEncoder())
    question = 'Когда вышел роман под названием "Тысячелетней реконструкции"?'
    assert ids(retriever.search(question).hits) == ["novel.md"]


def test_words_in_quotation_marks_as_they_stand_leave_out_their_inflections(tmp_path: Path):
    texts = [document("It runs on gas turbines.", "one.md"), document("It has a gas turbine here.", "two.md")]
    build_index(LocalStore(tmp_path, IDENTITY), texts, FakeEncoder())
    retriever = HybridRetriever(source=Index.open(LocalStore(tmp_path, IDENTITY)), encoder=FakeEncoder())
    assert ids(retriever.search('What runs on "gas turbines"?').hits) == ["one.md"]


@pytest.mark.parametrize(
    ("quoted", "is_found"),
    [
        ("Reductibility of lamps", True),
        ("reducibility of lampes", True),
        ("villes de surete", True),
        ("Reduction of lamps", False),
        ("Report of 1936", False),
    ],
)
def test_words_in_quotation_marks_may_have_a_slip_where_none_stand_as_they_are(
    tmp_path: Path, quoted: str, is_found: bool
):
    texts = [
        document(
            "Ada Brand wrote “Reducibility of Lamps”, the Report of 1935, and lit villes de sûreté.", "one.md"
        ),
        document("The reducible lamps of Ada Brand were reduced.", "two.md"),
    ]
    build_index(LocalStore(tmp_path, IDENTITY), texts, FakeEncoder())
    retriever = HybridRetriever(source=Index.open(LocalStore(tmp_path, IDENTITY)), encoder=FakeEncoder())
    found = ids(retriever.search(f'Who wrote "{quoted}"?').hits)
    assert found == (["one.md"] if is_found else [])


def test_one_word_between_quotation_marks_narrows_nothing(retriever: HybridRetriever):
    assert len(retriever.search('What is "rail"?').hits) == 4


def test_langchain_gets_the_text_with_the_place_it_was_cut_from(retriever: HybridRetriever):
    texts = by_id(*CORPUS)
    found = retriever.invoke("gas turbines")
    assert found[0].metadata["document"] == "turbines.md"
    for each in found:
        place = each.metadata
        assert each.page_content == texts[place["document"]].text[place["start"] : place["end"]]


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        (candidate("gas turbines", doc_id="+"), candidate("water rights", doc_id="-")),
        (candidate("gas turbines", doc_id="+"), candidate("turbines of gas", doc_id="-")),
        (candidate("gas turbines.x", doc_id="+"), candidate("gas.x.turbines", doc_id="-")),
        (candidate("x", doc_id="+", cosine=0.8), candidate("x", doc_id="-", cosine=0.2)),
        (candidate("gas", doc_id="+", bm25=20.0), candidate("gas", doc_id="-", bm25=1.0)),
    ],
    ids=[
        "has the words",
        "words side by side",
        "words in one sentence",
        "meaning is nearer",
        "BM25 is higher",
    ],
)
def test_a_passage_ranks_higher_when_it(better: Candidate, worse: Candidate):
    assert best("gas turbines", worse, better) == "+"


def test_what_is_asked_of_a_company_counts_for_more_than_its_name_which_its_report_has_anyway():
    texts = {
        "named": ("Boeing and the unions of Boeing agreed", 29.8),
        "asked": ("Production rates of the model will grow", 1.0),
    }
    named, asked = (
        candidate(text, doc_id=name, bm25=bm25, title="Boeing annual report", start=9_000)
        for name, (text, bm25) in texts.items()
    )
    assert best("What production rates does Boeing Company plan for Boeing", named, asked) == "asked"


def test_a_row_is_found_by_its_words_and_those_of_the_heading_over_it():
    row = "Sales — 2018: 11; 2017: 12"
    other = candidate(row, doc_id="other", bm25=38.0, heading="Statement of income")
    right = candidate(row, doc_id="right", heading="Deck segment")
    assert best("sales of the Deck segment", other, right) == "right"


def test_a_row_of_a_table_does_not_have_the_words_of_the_row_above_it():
    table = candidate(
        "Year: 2025; Month: February; Cost: 155.Year: 2025; Month: March; Cost: 143", title="From February"
    )
    (hit,) = rank("What was the cost in February 2025?", [table], even, 1)
    asked, other = hit.sentences
    assert asked.score > other.score


def test_the_first_row_of_a_table_is_not_what_the_other_rows_are_about(tmp_path: Path):
    months = ["February", "March", "April", "May", "June", "July", "August", "October", "November"]
    rows = "\n".join(f"Month: {month}; Revenue: {number}00; Cost: 155" for number, month in enumerate(months))
    build_index(LocalStore(tmp_path, IDENTITY), [document(f"Sales\n\n{rows}", "a.md")], FakeEncoder())
    source = Index.open(LocalStore(tmp_path, IDENTITY))
    (candidate,) = HybridRetriever(source=source, encoder=FakeEncoder()).candidates("Which month?")
    assert {"sale"} <= set(candidate.head_terms)
    assert {"month", "februari"}.isdisjoint(candidate.head_terms)


def test_rare_words_count_for_more():
    def rarity(term: str) -> float:
        return 9.0 if term == "uzbekistan" else 1.0

    common, rare = candidate("gas contract", doc_id="-"), candidate("uzbekistan", doc_id="+")
    assert rank("gas contract uzbekistan", [common, rare], rarity, 1)[0].passage.span.doc_id == "+"


def test_ties_keep_the_order_of_the_documents():
    twins = [candidate("gas", doc_id=name) for name in "abc"]
    assert ids(rank("gas", twins, even, 3)) == ["a", "b", "c"]


@given(st.permutations([candidate(text, doc_id=text) for text in ("gas", "gas turbines", "water", "rail")]))
def test_the_order_of_candidates_does_not_matter(candidates: list[Candidate]):
    assert ids(rank("gas turbines", candidates, even, 2)) == ["gas turbines", "gas"]


def test_nothing_is_ranked_when_there_is_nothing():
    assert rank("gas", [], even, 5) == []


def test_the_sentence_with_the_answer_scores_highest(retriever: HybridRetriever):
    hit = retriever.search("How many MW do they have each?").hits[0]
    assert hit.passage.span.doc_id == "turbines.md"
    assert hit.sentences[1].score > hit.sentences[0].score


@pytest.mark.parametrize("question", ["gas turbines", "the of", "中文"])
def test_features_are_those_the_weights_were_fitted_for(question: str):
    asked = QuestionTerms(question, even)
    one = candidate("gas.turbines")
    assert len(passage_features(asked, one)) == len(WEIGHTS.passage.weights)
    assert [len(row) for row in sentence_features(asked, one, 0.0)] == [len(WEIGHTS.sentence.weights)] * 2


@pytest.mark.parametrize(
    ("above", "below", "goes_on"),
    [
        ("10.1 Swiss law governs the sale.", "10.2 Disputes are heard in Bergen.", False),
        ("(a) Swiss law governs the sale;", "(b) disputes are heard in Bergen.", False),
        ("Swiss law governs the sale.", "Disputes are heard in Bergen.", True),
        ("Governing law of the sale", "10.1 It is that of Norway.", True),  # a heading
        ("10.", "10.1 Swiss law governs the sale.", True),
    ],
)
def test_a_clause_does_not_go_on_with_the_one_above_it(above: str, below: str, goes_on: bool):
    question = "Which law governs the sale?"
    one = replace(
        candidate("gas.gas"), sentence_texts=(above, below), sentence_terms=(terms(above), terms(below))
    )
    by_name = [
        dict(zip(WEIGHTS.sentence.weights, row, strict=True))
        for row in sentence_features(QuestionTerms(question, even), one, 0.0)
    ]
    assert (by_name[1]["terms_before"] > 0 or by_name[0]["terms_after"] > 0) is goes_on


def test_stop_words_cover_nothing():
    asked = QuestionTerms("what is the gas", even)
    assert asked.coverage(set(terms("what is the"))) == 0
    assert asked.coverage({"gas"}) == 1


def test_the_title_of_a_document_counts():
    untitled = candidate("It grew by a third", doc_id="-")
    titled = candidate("It grew by a third", doc_id="+", title="Annual report of Alstom")
    assert best("How did Alstom grow?", untitled, titled) == "+"


def test_a_sentence_that_brings_what_is_asked_for_comes_first():
    (hit,) = rank(
        "How many turbines does Siemens sell?",
        [candidate("Siemens sells turbines.Siemens sells 4 turbines")],
        even,
        1,
    )
    plain, counted = hit.sentences
    assert counted.score > plain.score


def test_what_stands_in_the_statement_that_a_question_names_comes_first(tmp_path: Path):
    rows = "".join(f"Item {number} — 2022: {number},100; 2021: {number},200\n" for number in range(1, 8))
    told = document("Acme talked of its profit, the net result.", "news.md")
    report = document(
        f"Acme\n\nStatements of Operations\n\nNet profit — 2022: 7,100; 2021: 6,900\n{rows}", "acme.md"
    )
    store = LocalStore(tmp_path, IDENTITY)
    build_index(store, [told, report, *CORPUS], FakeEncoder())
    index = HybridRetriever(source=Index.open(store), encoder=FakeEncoder())
    assert ids(index.search("What is the net profit of Acme?").hits)[0] == "news.md"
    asked = "What is the net profit of Acme in the income statement?"
    assert ids(index.search(asked).hits)[:2] == ["acme.md", "news.md"]


def test_a_question_that_names_a_clause_is_answered_from_it(tmp_path: Path):
    clauses = [
        f"{n}. Clause of rent\n\nThe rent of room {n} is {n}00 euros a month.\n\n" for n in range(1, 60)
    ]
    store = LocalStore(tmp_path, IDENTITY)
    build_index(store, [document("".join(clauses), "lease.md"), *CORPUS], FakeEncoder())
    lease = HybridRetriever(source=Index.open(store), encoder=FakeEncoder())
    hits = lease.search("What is the rent in clause 37?").hits
    texts = [each.span.cut(lease.source.documents) for hit in hits for each in hit.sentences]
    assert "The rent of room 37 is 3700 euros a month." in texts
    assert not any("room 36" in text or "room 38" in text for text in texts)


def test_a_place_that_no_document_has_leaves_the_search_as_it_is(retriever: HybridRetriever):
    asked = "What do turbines have on page 99?"
    assert ids(retriever.search(asked).hits)[0] == "turbines.md"


def test_a_row_is_found_by_the_abbreviation_that_its_document_defines(tmp_path: Path):
    rows = "\n\n".join(
        f"{name} — 2022: 4{i}" for i, name in enumerate(("EBIT", "Sales", "Net debt", "Staff"))
    )
    texts = {
        "a.md": "Free cash flow before dividends (FCFD) is what is left.\n\n"
        "Free cash flow before dividends — 2022: 37\n\nCash — 2022: 38\n\n" + rows,
        "b.md": "A report on the year 2022 has many figures.\n\n" + rows,
    }
    documents = [document(text, name) for name, text in texts.items()]
    store = LocalStore(tmp_path, IDENTITY)
    build_index(store, documents, FakeEncoder())
    reports = HybridRetriever(source=Index.open(store), encoder=FakeEncoder())
    found = reports.search("What was the FCFD in 2022?")
    row = max((each for hit in found.hits for each in hit.sentences), key=lambda each: each.score)
    assert row.span.cut(reports.source.documents) == "Free cash flow before dividends — 2022: 37"
    assert found.question == "What was the FCFD in 2022?"
