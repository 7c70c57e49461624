"""Questions that want every mention of something, in the languages people ask in."""

import pytest

from qa.query.every import asks_for_every


@pytest.mark.parametrize(
    ("question", "topic"),
    [
        ("Liste alle Erwähnungen von Uran auf.", "Uran"),
        ("Nenne alle Verträge, die eine Vertragsstrafe enthalten", "Vertragsstrafe"),
        ("Finde jeden Satz über Gasturbinen", "Gasturbinen"),
        ("Liste alle Vertragsstrafen auf", "Vertragsstrafen"),
        ("Wie viele Dokumente erwähnen die Europäische Union?", "Europäische Union"),
        ("Welche Verträge enthalten eine Haftungsklausel?", "Haftungsklausel"),
        ("In wie vielen Dokumenten wird Uran erwähnt?", "Uran"),
        ("In welchen Berichten kommt Uran vor?", "Uran"),
        ("Wie oft wird Siemens genannt?", "Siemens"),
        ("Listez toutes les mentions de l'uranium", "uranium"),
        ("Donnez-moi tous les passages sur les pénalités", "pénalités"),
        ("Combien de documents mentionnent l'uranium ?", "uranium"),
        ("Quels contrats contiennent une clause pénale ?", "clause pénale"),
        ("Liste todas las menciones de uranio", "uranio"),
        ("Enumere todas las penalizaciones", "penalizaciones"),
        ("¿Cuántos documentos mencionan el uranio?", "uranio"),
        ("¿En qué contratos se menciona la garantía?", "garantía"),
        ("¿Cuántas veces se menciona Siemens?", "Siemens"),
        ("Перечислите все упоминания урана", "урана"),
        ("Перечислите все штрафы", "штрафы"),
        ("Найди все документы, в которых упоминается уран", "уран"),
        ("Сколько документов упоминают уран?", "уран"),
        ("В каких договорах говорится о неустойке?", "неустойке"),
        ("Сколько раз упоминается Сименс?", "Сименс"),
        ("列出所有提到铀的句子", "铀"),
        ("请列出所有违约金", "违约金"),
        ("有多少份文件提到铀？", "铀"),
        ("哪些合同涉及违约金？", "违约金"),
        ("铀被提到了多少次？", "铀"),
    ],
)
def test_a_question_in_another_language_says_what_it_wants_every_mention_of(question: str, topic: str):
    assert asks_for_every(question) == topic


@pytest.mark.parametrize(
    "question",
    [
        "Wie viele Lokomotiven hat Alstom geliefert?",
        "Nenne alle Länder, in denen Alstom arbeitet",
        "Wie oft findet das Rennen statt?",
        "Combien de locomotives Alstom a-t-il livrées ?",
        "Citez tous les pays dans lesquels Alstom travaille",
        "¿Cuántas locomotoras entregó Alstom?",
        "Liste todos los países en los que trabaja Alstom",
        "Сколько локомотивов поставил Альстом?",
        "Перечислите все страны, в которых работает Альстом",
        "阿尔斯通交付了多少台机车？",
    ],
)
def test_other_questions_do_not(question: str):
    assert asks_for_every(question) == ""
