"""Documents in many languages are indexed, and found by questions in theirs, alone and among others."""

from dataclasses import replace
from pathlib import Path

import pytest

from qa.errors import IndexDamagedError
from qa.index import document_store
from qa.index.index import Index
from qa.index.manifest import FORMAT
from qa.index.multi_index import MultiIndex
from qa.index.stores.local import LocalStore
from qa.index.update.update import build_index
from qa.ingest.documents import parse
from qa.nlp.sentences import sentences
from qa.pipeline import Ask, Pipeline
from qa.query.base import Query
from qa.query.document_filter import ALL_DOCUMENTS, DocumentFilter
from qa.retrieval.hybrid import HybridRetriever
from qa.schema import Document
from qa.weights import WEIGHTS
from tests.index.conftest import Opened
from tests.support.fakes import IDENTITY, FakeChat, FakeEncoder, by_id

TEXTS = {
    "en": "The lighthouse of the harbour was lit in 1887. Its keepers lived in a small house. "
    "Ships from many countries saw its light.",
    "ru": "Маяк в гавани зажгли в 1887 году. Его смотрители жили в маленьком доме. "
    "Корабли многих стран видели его свет.",
    "es": "El faro del puerto se encendió en 1887. Sus guardianes vivían en una casa pequeña. "
    "Los barcos de muchos países veían su luz.",
    "zh": "港口的灯塔于1887年点亮。灯塔看守人住在一座小房子里。许多国家的船只都看到了它的光。",
    "ar": "أُضيئت منارة الميناء عام 1887. عاش حراسها في بيت صغير. رأت السفن من بلدان كثيرة نورها.",
    "hi": "बंदरगाह का प्रकाशस्तंभ 1887 में जलाया गया। उसके रखवाले छोटे घर में रहते थे। कई देशों के जहाज़ उसकी रोशनी देखते थे।",
    "th": "ประภาคารของท่าเรือถูกจุดขึ้นในปี 1887 ผู้ดูแลอาศัยอยู่ในบ้านหลังเล็ก เรือจากหลายประเทศเห็นแสงของมัน",
    "ka": "ნავსადგურის შუქურა 1887 წელს აინთო. მისი მცველები პატარა სახლში ცხოვრობდნენ.",
    "hy": "Նավահանգստի փարոսը վառվեց 1887 թվականին։ Նրա պահապանները փոքր տանն էին ապրում։",
}
QUESTIONS = {
    "en": "Where did the keeper live?",
    "ru": "Где жил смотритель маяка?",
    "es": "¿Dónde vivía el guardián de los faros?",
    "zh": "灯塔看守人住在哪里？",
    "ar": "أين عاش حارس المنارة؟",
    "hi": "रखवाला किस घर में रहता था?",
    "th": "ผู้ดูแลประภาคารอาศัยอยู่ที่ไหน",
    "ka": "სად ცხოვრობდნენ შუქურის მცველები?",
    "hy": "Որտե՞ղ էին ապրում պահապանները։",
}
"""Each with words of its text in other inflections, where the language has any."""

OTHERS = {
    "en": "The museum of the town shows paintings. The bridge over the river was built of stone.",
    "ru": "Музей города показывает картины. Мост через реку построен из камня.",
    "es": "El museo de la ciudad muestra cuadros. El puente sobre el río es de piedra.",
    "zh": "城市博物馆展出绘画。河上的桥是用石头建造的。",
    "ar": "يعرض متحف المدينة لوحات. بُني الجسر فوق النهر من الحجر.",
    "hi": "शहर का संग्रहालय चित्र दिखाता है। नदी पर पुल पत्थर का बना है।",
    "th": "พิพิธภัณฑ์ของเมืองจัดแสดงภาพวาด สะพานข้ามแม่น้ำสร้างด้วยหิน",
    "ka": "ქალაქის მუზეუმი ნახატებს აჩვენებს. ხიდი მდინარეზე ქვით არის აშენებული.",
    "hy": "Քաղաքի թանգարանը նկարներ է ցուցադրում։ Գետի վրայի կամուրջը քարից է։",
}


def read(text: str, name: str) -> Document:
    return parse(text.encode(), name)


ALL = [read(text, f"{language}/lighthouse.txt") for language, text in TEXTS.items()] + [
    read(text, f"{language}/town.txt") for language, text in OTHERS.items()
]


BY_WORDS = replace(WEIGHTS, foreign_passage=None, foreign_sentence=None)
"""Words decide: how near the fake model puts texts in two languages is chance."""


def best(index: Index | MultiIndex, question: str) -> str:
    retriever = HybridRetriever(source=index, encoder=FakeEncoder(), weights=BY_WORDS)
    return retriever.retrieve(question).hits[0].passage.span.doc_id


@pytest.mark.parametrize("language", TEXTS)
def test_the_language_of_a_document_is_told_when_it_is_read(language: str):
    assert {each.language for each in ALL if each.id.startswith(language)} == {language}


@pytest.mark.parametrize("language", TEXTS)
def test_a_document_is_found_by_a_question_in_its_language(opened: Opened, language: str):
    index = opened(*(each for each in ALL if each.id.startswith(language)))
    assert best(index, QUESTIONS[language]) == f"{language}/lighthouse.txt"


@pytest.mark.parametrize("language", TEXTS)
def test_it_is_found_among_documents_in_many_languages(opened: Opened, language: str):
    assert best(opened(*ALL), QUESTIONS[language]) == f"{language}/lighthouse.txt"


@pytest.mark.parametrize("language", TEXTS)
def test_it_is_found_in_indexes_joined(opened: Opened, language: str):
    joined = MultiIndex([opened(*ALL[::2]), opened(*ALL[1::2])])
    assert best(joined, QUESTIONS[language]) == f"{language}/lighthouse.txt"


@pytest.mark.parametrize(
    ("language", "asked", "held"),
    [
        ("ru", "смотрителями", "смотрители"),
        ("es", "guardianas", "guardianes"),
        ("ar", "والسفينة", "السفن"),
        ("hi", "देश", "देशों"),
        ("th", "ประเทศ", "ประเทศ"),
        ("zh", "国家", "国家"),
    ],
)
def test_words_count_in_another_inflection(opened: Opened, language: str, asked: str, held: str):
    assert held in TEXTS[language]
    index = opened(*(each for each in ALL if each.id.startswith(language)))
    retriever = HybridRetriever(source=index, encoder=FakeEncoder())
    candidates = {each.passage.span.doc_id: each for each in retriever.candidates(asked)}
    if language != "ar":  # the stemmer does not know the broken plural
        assert candidates[f"{language}/lighthouse.txt"].bm25 > 0
    assert f"{language}/lighthouse.txt" in candidates


def test_a_name_is_found_in_documents_of_every_language(opened: Opened):
    texts = {
        "es": "La empresa Siemens instaló cuatro turbinas en la central de Talimarjan.",
        "de": "Das Unternehmen Siemens baute vier Turbinen in das Kraftwerk von Talimarjan ein.",
        "ru": "Компания Siemens установила четыре турбины на станции Talimarjan.",
        "zh": "西门子（Siemens）在Talimarjan电站安装了四台涡轮机。",
    }
    documents = [read(text, f"{language}.txt") for language, text in texts.items()]
    assert [each.language for each in documents] == list(texts)
    index = opened(*documents, *ALL)
    retriever = HybridRetriever(source=index, encoder=FakeEncoder())
    found = [hit.passage.span.doc_id for hit in retriever.search("What did Siemens do at Talimarjan?").hits]
    assert set(found[:4]) == set(by_id(*documents))


@pytest.mark.parametrize("others", [[], ALL])
def test_no_word_is_bent_into_one_of_another_language(opened: Opened, others: list[Document]):
    english = read(
        "The plants of the company stand in the harbour, and the turbines in its plant hall.", "a.txt"
    )
    retriever = HybridRetriever(source=opened(english, *others), encoder=FakeEncoder())
    for question in ("¿Dónde están las plantas de la empresa?", "Где стоят турбины?", "工厂在哪里？"):
        assert retriever.retrieve(question).question == question
    assert retriever.retrieve("Where are the turbnes of the compny?").question == (
        "Where are the turbines of the company?"
    )


def test_a_foreign_word_is_put_right_with_words_of_its_language(opened: Opened):
    retriever = HybridRetriever(source=opened(*ALL), encoder=FakeEncoder())
    assert retriever.retrieve("Где жили смотритили маяка?").question == "Где жили смотрители маяка?"
    assert retriever.retrieve("灯塔守看人").question == "灯塔守看人"


@pytest.mark.parametrize("in_memory_bytes", [0, document_store.IN_MEMORY_BYTES])
def test_the_language_is_kept_with_the_document(
    opened: Opened, in_memory_bytes: int, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(document_store.open_documents, "__defaults__", (in_memory_bytes,))
    index = opened(*ALL)
    assert {doc_id: each.language for doc_id, each in index.documents.items()} == {
        each.id: each.language for each in ALL
    }
    assert set(index.words) == set(TEXTS)


def test_an_index_from_before_languages_asks_to_be_rebuilt(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    for module in ("qa.index.manifest", "qa.index.prepare", "qa.index.snapshot"):
        monkeypatch.setattr(f"{module}.FORMAT", 3)
    build_index(LocalStore(tmp_path, IDENTITY), ALL, FakeEncoder())
    monkeypatch.undo()
    with pytest.raises(IndexDamagedError, match=f"format 3, not {FORMAT}; rebuild it"):
        Index.open(LocalStore(tmp_path, IDENTITY))


def test_a_document_of_unknown_language_is_searched_as_an_english_one(opened: Opened):
    table = read("Bolt M8; 3.5\nNuts M10; 4", "table.txt")
    assert table.language == ""
    assert best(opened(table, *ALL), "nut M10") == "table.txt"


def test_scripts_may_be_mixed_in_one_sentence(opened: Opened):
    mixed = read("Станция Hauptbahnhof (北京西站) открыта в 1996 году, ქართული წარწერით.", "mixed.txt")
    index = opened(mixed, *ALL)
    for question in ("Когда открыли станции?", "Hauptbahnhof", "北京西站", "ქართული"):
        assert best(index, question) == "mixed.txt"


def test_another_language_makes_another_index(tmp_path: Path):
    store = LocalStore(tmp_path, IDENTITY)
    build_index(store, ALL[:1], FakeEncoder())
    build_index(store, [replace(ALL[0], language="de")], FakeEncoder())
    assert Index.open(store).documents[ALL[0].id].language == "de"


@pytest.mark.parametrize("language", sorted(TEXTS.keys() - {"en"}))
def test_a_question_is_answered_in_its_language_with_quotes(opened: Opened, language: str):
    index = opened(*ALL)
    retriever = HybridRetriever(source=index, encoder=FakeEncoder())
    source = index.documents[f"{language}/lighthouse.txt"]
    cut = [source.text[start:end] for start, end in sentences(source.text, language)]
    said = cut[1] if len(cut) > 1 else cut[0]
    answer = Pipeline(retriever, index.documents, FakeChat(says=said), 0.0).invoke(Ask(QUESTIONS[language]))
    assert answer.answered
    assert [each.text for each in answer.sentences] == [said]
    assert {quote.language for quote in answer.quotes} == {language}


def test_a_document_in_another_language_is_a_candidate_among_many_in_the_questions(tmp_path: Path):
    crowd = [parse(TEXTS["en"].encode(), f"en/{i}.txt") for i in range(3)]
    others = [parse(TEXTS[each].encode(), f"{each}.txt") for each in ("ru", "zh")]
    build_index(LocalStore(tmp_path, IDENTITY), [*crowd, *others], FakeEncoder())
    index, question = Index.open(LocalStore(tmp_path, IDENTITY)), QUESTIONS["en"]

    def found(asked_in: str, document_filter: DocumentFilter = ALL_DOCUMENTS) -> set[str]:
        query = Query(
            question, FakeEncoder().encode_question(question), 1, document_filter, language=asked_in
        )
        return {candidate.language for candidate in index.search(query)}

    assert found("en") == {"en", "ru", "zh"}
    assert found("") == {"en"}  # it is not known which languages are other ones
    assert found("en", DocumentFilter(without=frozenset({"ru.txt"}))) == {"en", "zh"}
