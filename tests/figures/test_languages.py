"""Computations that are asked for in other languages than English, over numbers in those notations."""

import pytest

from qa.figures.compute import Computation, compute_figures
from qa.ingest.readers.tables import read_table
from qa.nlp.headings import states_nothing
from qa.nlp.sentences import sentences
from qa.nlp.terms import content_terms
from qa.retrieval.evidence import MAX_QUOTES, number_quotes
from qa.schema import Document, Span


def table(name: str, title: str, caption: str, language: str, rows: list[list[str]]) -> Document:
    lines = [title, caption, *(line.text for line in read_table(rows, guess=True))]
    return Document(name, "\n".join(filter(None, lines)), title, language=language)


DOCUMENTS = {
    "de": (
        table(
            "haushalt.csv",
            "Haushalt der Gemeinde Brennholm",
            "in Tsd. EUR",
            "de",
            [
                ["Posten", "2022", "2023"],
                ["Personal", "1.234,5", "1.300,0"],
                ["Schulen", "2.010,0", "1.990,5"],
            ],
        ),
        table(
            "werke.csv",
            "Kraftwerke",
            "",
            "de",
            [["Werk", "Leistung, MW"], ["Aktau", "80"], ["Nawoi", "478"], ["Buchara", "42"]],
        ),
        Document(
            "umsatz.md",
            "Der Umsatz von Varso betrug im Jahr 2021 7,5 Millionen Euro.\n\n"
            "Der Umsatz von Varso betrug im Jahr 2022 9 Millionen Euro.",
            "Umsatz",
            language="de",
        ),
    ),
    "fr": (
        table(
            "comptes.csv",
            "Comptes de la société Norden",
            "en millions d'euros",
            "fr",
            [
                ["Poste", "2022", "2023"],
                ["Chiffre d'affaires", "7 685,5", "8 278"],
                ["Salaires", "1 200", "1 350"],
            ],
        ),
        table(
            "budget.csv",
            "Budget de la bibliothèque",
            "",
            "fr",
            [["Poste", "Montant"], ["Loyer", "24 000 €"], ["Livres", "8 500 €"], ["Chauffage", "3 200 $"]],
        ),
    ),
    "es": (
        table(
            "cuentas.csv",
            "Cuentas de Norden",
            "en millones de euros",
            "es",
            [["Partida", "2022", "2023"], ["Ingresos", "7.685", "8.278"], ["Salarios", "1.200,5", "1.350"]],
        ),
        table(
            "presupuesto.csv",
            "Presupuesto de la biblioteca",
            "",
            "es",
            [["Partida", "Importe"], ["Alquiler", "24.000 €"], ["Libros", "8.500 €"], ["Luz", "3.200 $"]],
        ),
    ),
    "it": (
        table(
            "conti.csv",
            "Conti di Norden",
            "in milioni di euro",
            "it",
            [["Voce", "2022", "2023"], ["Ricavi", "7.685", "8.278"], ["Stipendi", "1.200,5", "1.350"]],
        ),
    ),
    "pt": (
        table(
            "contas.csv",
            "Contas da Norden",
            "em milhões de euros",
            "pt",
            [["Rubrica", "2022", "2023"], ["Receitas", "7.685", "8.278"], ["Salários", "1.200,5", "1.350"]],
        ),
    ),
    "ru": (
        table(
            "отчёт.csv",
            "Отчёт компании Норден",
            "в млн рублей",
            "ru",
            [["Статья", "2022", "2023"], ["Выручка", "7 685,5", "8 278"], ["Зарплата", "1 200", "1 350"]],
        ),
        table(
            "станции.csv",
            "Электростанции",
            "",
            "ru",
            [["Станция", "Мощность, МВт"], ["Актау", "80"], ["Навои", "478"], ["Бухара", "42"]],
        ),
    ),
}


def compute(question: str, language: str) -> Computation:
    """Compute over the four lines that share most words with a question."""
    documents = {each.id: each for each in DOCUMENTS[language]}
    asked = content_terms(question, language)
    lines = [
        Span(each.id, start, end)
        for each in documents.values()
        for start, end in sentences(each.text, language)
        if not states_nothing(Span(each.id, start, end), each)
    ]

    def shared(span: Span) -> int:
        title = documents[span.doc_id].title
        return len(asked & content_terms(f"{span.cut(documents)} {title}", language))

    found = sorted(lines, key=shared, reverse=True)[:MAX_QUOTES]
    return compute_figures(question, number_quotes(found, documents), documents, language)


@pytest.mark.parametrize(
    ("language", "question", "formula"),
    [
        ("de", "Um wie viel ist der Posten Personal von 2022 bis 2023 gestiegen?", "1,300 − 1,234.5 = 65.5"),
        (
            "de",
            "Um wie viel Prozent sank der Posten Schulen zwischen 2022 und 2023?",
            "(1,990.5 − 2,010) ÷ 2,010 ≈ −0.97",
        ),
        (
            "de",
            "Was ist der Unterschied zwischen Schulen und Personal im Jahr 2023?",
            "1,990.5 − 1,300 = 690.5",
        ),
        ("de", "Wie hoch ist die Summe der Leistung aller Kraftwerke?", "80 + 478 + 42 = 600"),
        ("de", "Wie hoch ist die gesamte Leistung aller Werke?", "80 + 478 + 42 = 600"),
        ("de", "Wie hoch ist die Leistung von Aktau und Nawoi zusammen?", "80 + 478 = 558"),
        ("de", "Wie groß ist der Anteil von Nawoi an der Leistung?", "478 ÷ (80 + 478 + 42) ≈ 79.7"),
        ("de", "Um wie viel stieg der Umsatz von Varso von 2021 bis 2022?", "9 − 7.5 = 1.5"),
        (
            "fr",
            "De combien le chiffre d'affaires a-t-il augmenté de 2022 à 2023 ?",
            "8,278 − 7,685.5 = 592.5",
        ),
        (
            "fr",
            "De combien de pour cent les salaires ont-ils augmenté entre 2022 et 2023 ?",
            "(1,350 − 1,200) ÷ 1,200 = 12.5",
        ),
        (
            "fr",
            "Quelle est la différence entre le chiffre d'affaires et les salaires en 2023 ?",
            "8,278 − 1,350 = 6,928",
        ),
        ("fr", "Quelle est la somme du loyer et des livres ?", "24,000 + 8,500 = 32,500"),
        ("es", "¿Cuánto aumentaron los ingresos de 2022 a 2023?", "8,278 − 7,685 = 593"),
        (
            "es",
            "¿En qué porcentaje crecieron los salarios entre 2022 y 2023?",
            "(1,350 − 1,200.5) ÷ 1,200.5 ≈ 12.5",
        ),
        ("es", "¿Cuál es la diferencia entre los ingresos y los salarios en 2023?", "8,278 − 1,350 = 6,928"),
        ("es", "¿Cuál es el total de alquiler y libros?", "24,000 + 8,500 = 32,500"),
        ("it", "Di quanto sono aumentati i ricavi dal 2022 al 2023?", "8,278 − 7,685 = 593"),
        ("it", "Di quanto i ricavi sono aumentati dal 2022 al 2023?", "8,278 − 7,685 = 593"),
        ("pt", "Quanto as receitas aumentaram entre 2022 e 2023?", "8,278 − 7,685 = 593"),
        ("it", "Qual è la differenza tra i ricavi e gli stipendi nel 2023?", "8,278 − 1,350 = 6,928"),
        ("pt", "Quanto aumentaram as receitas de 2022 para 2023?", "8,278 − 7,685 = 593"),
        ("pt", "Qual é a diferença entre as receitas e os salários em 2023?", "8,278 − 1,350 = 6,928"),
        ("ru", "На сколько выросла выручка с 2022 по 2023 год?", "8,278 − 7,685.5 = 592.5"),
        (
            "ru",
            "На сколько процентов увеличилась зарплата с 2022 по 2023 год?",
            "(1,350 − 1,200) ÷ 1,200 = 12.5",
        ),
        ("ru", "Какова разница между выручкой и зарплатой в 2023 году?", "8,278 − 1,350 = 6,928"),
        ("ru", "Какова общая мощность всех станций?", "80 + 478 + 42 = 600"),
        ("ru", "Какова доля Навои в мощности?", "478 ÷ (80 + 478 + 42) ≈ 79.7"),
    ],
)
def test_what_is_asked_for_is_computed(language: str, question: str, formula: str):
    computed = compute(question, language)
    assert (computed.figures[0].formula if computed.figures else "") == formula


@pytest.mark.parametrize(
    ("language", "question"),
    [
        ("de", "Um wie viel stieg der Gewinn von 2022 bis 2023?"),
        ("de", "Um wie viel stieg der Posten Personal von 2019 bis 2023?"),
        ("de", "Was ist der Unterschied zwischen Hunden und Katzen?"),
        ("fr", "Quelle est la somme du loyer et du chauffage ?"),
        ("fr", "Quelle est la différence entre le chiffre d'affaires et les loyers en 2023 ?"),
        ("es", "¿Cuál es el total de alquiler y luz?"),
        ("es", "¿Cuánto aumentaron los beneficios de 2022 a 2023?"),
        ("it", "Di quanto sono aumentati gli utili dal 2022 al 2023?"),
        ("pt", "Quanto aumentaram os lucros de 2022 para 2023?"),
        ("ru", "На сколько выросла прибыль с 2022 по 2023 год?"),
        ("ru", "Какова разница между собакой и кошкой?"),
    ],
)
def test_what_does_not_fit_is_not_computed(language: str, question: str):
    assert compute(question, language).figures == ()


def test_currencies_that_do_not_fit_are_refused_in_other_languages_too():
    assert "which do not fit together" in compute("¿Cuál es el total de alquiler y luz?", "es").refusal
