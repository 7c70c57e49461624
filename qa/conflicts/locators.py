"""Tell the numbers that name a place in a document, "clause 11.1", "Table 3", "2)", from those that state
something. Pure.

Two versions of a contract number their clauses differently without disagreeing on anything.
"""

import re
from collections.abc import Iterator
from functools import cache

from qa.nlp.stopwords import stop_words
from qa.nlp.terms import terms
from qa.nlp.tokens import SCALES

_PARTS = {
    "en": """annex appendix article attachment chapter chart clause endnote exhibit figure footnote item note
        page paragraph part point schedule section sheet slide subsection table volume
        app. art. arts. ch. cl. fig. figs. p. para. pp. sec. vol.""",
    "de": """Abbildung Absatz Abschnitt Anhang Anlage Artikel Beilage Blatt Folie Fußnote Kapitel Klausel
        Paragraph Punkt Seite Tabelle Teil Ziffer Abb. Abs. Absch. Art. Kap. S. Tab. Ziff.""",
    "fr": """alinéa annexe article chapitre clause diapositive feuille figure page paragraphe partie point
        section tableau titre al. art. chap. fig. p. par. tab.""",
    "es": """anexo apartado artículo capítulo cláusula cuadro diapositiva figura gráfico hoja página parte
        párrafo punto sección tabla título apdo. art. cap. fig. núm. pág. págs. párr.""",
    "ru": """абзац глава график диаграмма лист параграф подпункт приложение пункт раздел рисунок слайд статья
        страница таблица часть гл. п. пп. прил. рис. с. ст. стр. табл. ч.""",
}
"""The words for the parts of a document that are called by a number: the locators of citations (CSL), and
those of contracts. English ones stand in texts of every language."""

_BEFORE = re.compile(
    r"(?:(?P<word>[^\W\d_]+)(?P<point>\.)?|(?P<sign>§+))\s*(?:[Nn][or]\.|№|#)?\s*"
    r"(?:\d[\d.]*[a-z]?[)\]]?\s*(?:[,;/&(–-]|and|or|to|of|und|oder|bis|von|et|ou|à|sur|y|o|a|de|и|или|до|из)"
    r"\s*)*\(?$"
)
"""The text before a number: a word or sign, and perhaps other numbers: "pages 3 and", "Article 12("."""

_REACH = 60
"""Characters before a number in which such a word is looked for: room for a few other numbers."""

_UNSPACED_PART = re.compile(r"\s*[条條款项項章节節页頁编編部]")
_UNSPACED_NAMES = ("表", "图", "圖", "附件")
_LEADING = re.compile(
    r"\W*(?P<number>\d+(?:\.\d+)*)(?P<mark>[.):\]]*)\s+(?P<opening>[^\w\s]*)(?P<next>[^\W\d_]+)"
)
_FOOTNOTE = re.compile(r"(?<=[\w.,;:!?)\"'”’»])\[\d+(?:\s?[,–-]\s?\d+)*\]")
"""A reference that follows what it is for: "rose by half.[3]"."""
_LEADERS = re.compile(r"(?:\.\s?){3,}(?P<page>\d+)\s*$")
"""The page in a table of contents."""


def locators_in(text: str, language: str) -> Iterator[tuple[int, int]]:
    """Yield the start and end of each number of the sentence ``text`` that names a place in a document."""
    if (leading := _LEADING.match(text)) and _begins_item(leading, text, language):
        yield leading.span("number")
    yield from (reference.span() for reference in _FOOTNOTE.finditer(text))
    if page := _LEADERS.search(text):
        yield page.span("page")
    for number in re.finditer(r"\d+(?:\.\d+)*", text):
        before = _BEFORE.search(text, max(0, number.start() - _REACH), number.start())
        if before and _names_part(before, text[number.end() :], language):
            yield number.span()


def _begins_item(leading: re.Match[str], text: str, language: str) -> bool:
    """Return whether a sentence begins with the number of a clause or of an item of a list: "11.1 The
    supplier", "1.3 "Products" means", "(3) the supplier", but not "12 people" or "12.5 million".
    """
    following = leading["next"]
    if following.lower() in SCALES or following.upper() == following:
        return False  # a magnitude, or a unit such as MW
    numbered = leading["mark"] or "." in leading["number"]
    closed = ")" in leading["mark"] or "]" in leading["mark"]
    begins_sentence = following[0].isupper()
    return closed or (begins_sentence and bool(numbered or following.lower() in stop_words(language)))


def _names_part(before: re.Match[str], after: str, language: str) -> bool:
    if before["sign"]:
        return True
    word = before["word"].lower()
    if word.endswith("第"):
        return bool(_UNSPACED_PART.match(after))
    if word.endswith(_UNSPACED_NAMES):
        return True
    if before["point"]:
        return f"{word}." in _short_forms(language)
    return any(terms(word, each)[:1] and terms(word, each)[0] in _stems(each) for each in {language, "en"})


@cache
def _stems(language: str) -> frozenset[str]:
    names = _PARTS.get(language, "").split()
    return frozenset(terms(name, language)[0] for name in names if not name.endswith("."))


@cache
def _short_forms(language: str) -> frozenset[str]:
    names = f"{_PARTS['en']} {_PARTS.get(language, '')}".lower().split()
    return frozenset(name for name in names if name.endswith("."))
