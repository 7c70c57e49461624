"""Questions that want every mention of something, in six languages. Pure.

Grammar differs too much between languages for one form: each has the forms in which people ask for all.
"""

import re

from qa.nlp.stopwords import stop_words
from qa.query.types import wants_order

_DOCUMENTS = (
    r"(?:documents|files|texts|pages|articles|reports|papers|letters|mails|e-mails|emails|contracts|agreements"
    r"|invoices|policies|minutes|notes|records|sources)"
)
_SAYS = (
    r"(?:mentions?|mentioning|contains?|containing|includes?|says?|has|have|names?|refers?\s+to|referring\s+to"
    r"|talks?\s+about|speaks?\s+of|deals?\s+with|discuss(?:es)?|states?|provides?\s+for|is\s+about|are\s+about)"
)
_SENTENCES = r"(?:mentions?|occurrences?|references?|sentences?|passages?|places?|instances?|quotes?)"
_OF_THEM = (
    rf"(?:{_SENTENCES}|{_DOCUMENTS}|document|file|text|page|article|report|contract|agreement|letter|mail)\s+"
    rf"(?:of|to|on|about|with|where|(?:that|which)\s+{_SAYS}|{_SAYS})\s+"
)
_ENGLISH = (
    re.compile(
        rf"^\W*(?:please\s+)?(?:list|find|show(?:\s+me)?|give\s+me|quote|count)\s+"
        rf"(?:(?:every|each)\s+(?:{_OF_THEM})?|(?:all\s+)?(?:of\s+)?(?:the\s+)?{_OF_THEM})(?P<topic>.+)$",
        re.IGNORECASE,
    ),
    re.compile(
        rf"^\W*(?:in\s+)?(?:how\s+many|which|what)\s+(?:of\s+(?:the|these|my)\s+)?{_DOCUMENTS}\s+"
        rf"(?:(?:that|do|does)\s+)?{_SAYS}\s+(?P<topic>.+)$",
        re.IGNORECASE,
    ),
    re.compile(
        r"^\W*how\s+(?:often|many\s+times)\s+(?:is|are)\s+(?P<topic>.+?)\s+mentioned\b[^,;]*$", re.IGNORECASE
    ),
)

_GERMAN_DOCUMENTS = (
    r"(?:Dokumente|Dateien|Texte|Seiten|Artikel|Berichte|Briefe|Mails|E-Mails|Verträge|Rechnungen|Protokolle"
    r"|Unterlagen|Quellen)"
)
_GERMAN = (
    r"^\W*(?:bitte\s+)?(?:liste|nenne|nennen\s+Sie|zeige?|zeigen\s+Sie|finde|suche|gib|zitiere|zähle)\s+(?:mir\s+)?"
    r"(?:bitte\s+)?(?:alle|sämtliche|jeden?|jedes)\s+"
    rf"(?:(?:Stellen|Sätze|Erwähnungen|Nennungen|Vorkommen|Erwähnung|Stelle|Satz|{_GERMAN_DOCUMENTS})(?:\s+auf)?"
    r"(?:\s+(?:von|vom|über|zu|zum|zur|mit)\s+|,?\s+(?:(?:in|an)\s+denen|die|wo)\s+))?"
    r"(?P<topic>.+?)(?:\s+(?:erwähnen|nennen|enthalten|behandeln|vorkomm(?:en|t)"
    r"|(?:erwähnt|genannt)\s+(?:wird|werden)))?(?:\s+auf)?$",
    rf"^\W*(?:wie\s+viele|welche)\s+(?:der\s+)?{_GERMAN_DOCUMENTS}\s+(?:erwähnen|nennen|enthalten|behandeln"
    r"|handeln\s+von|sprechen\s+von|berichten\s+über)\s+(?P<topic>.+)$",
    rf"^\W*in\s+(?:wie\s+vielen|welchen)\s+{_GERMAN_DOCUMENTS}n?\s+(?:wird|werden|kommt|kommen|steht|geht\s+es\s+um)"
    r"\s+(?P<topic>.+?)(?:\s+(?:erwähnt|genannt|vor))?$",
    r"^\W*wie\s+oft\s+(?:wird|werden|kommt|kommen)\s+(?P<topic>.+?)\s+(?:erwähnt|genannt|vor)$",
)
_FRENCH_DOCUMENTS = (
    r"(?:documents|fichiers|textes|pages|articles|rapports|lettres|mails|courriels|contrats|factures|sources)"
)
_FRENCH_SAY = r"(?:mentionnent|contiennent|citent|évoquent|nomment|(?:parlent|traitent)\s+(?:de|du|des))\s+"
_FRENCH = (
    r"^\W*(?:liste[rz]?|énumère[rz]?|énumérez|trouve[rz]?|cherche[rz]?|cite[rz]?|donne[rz]?(?:-moi)?|montre[rz]?(?:-moi)?)"
    r"\s+(?:(?:tous|toutes)\s+les|chaque)\s+"
    rf"(?:(?:mentions?|passages?|phrases?|occurrences?|endroits?|{_FRENCH_DOCUMENTS})\s+"
    rf"(?:(?:de|du|des|sur|avec|où)\s+|d['’]|qui\s+{_FRENCH_SAY}))?(?P<topic>.+)$",
    rf"^\W*(?:combien\s+de|quels|quelles|lesquels\s+des)\s+{_FRENCH_DOCUMENTS}\s+{_FRENCH_SAY}(?P<topic>.+)$",
    r"^\W*combien\s+de\s+fois\s+(?P<topic>.+?)\s+(?:est|sont)(?:-(?:il|elle)s?)?\s+(?:mentionn|cit|nomm)\w+$",
)
_SPANISH_DOCUMENTS = (
    r"(?:documentos|archivos|ficheros|textos|páginas|artículos|informes|cartas|correos|contratos|facturas"
    r"|fuentes)"
)
_SPANISH_SAY = r"(?:mencionan|contienen|citan|nombran|(?:hablan|tratan)\s+(?:de|del|sobre))\s+"
_SPANISH = (
    r"^\W*(?:liste|lista|listar|enumere|enumera|enumerar|muestre|muestra|muéstrame|busque|busca|encuentre|encuentra"
    r"|cite|cita|dame|deme)\s+(?:tod[oa]s\s+l[oa]s|cada)\s+"
    rf"(?:(?:mención|menciones|pasajes?|frases?|oraciones|referencias?|lugares|{_SPANISH_DOCUMENTS})\s+"
    rf"(?:(?:de|del|a|al|sobre|con|donde)\s+|que\s+{_SPANISH_SAY}))?(?P<topic>.+)$",
    rf"^\W*(?:(?:en\s+)?(?:cuántos|cuántas|qué))\s+{_SPANISH_DOCUMENTS}\s+(?:{_SPANISH_SAY}|se\s+mencionan?\s+)"
    r"(?P<topic>.+)$",
    r"^\W*cuántas\s+veces\s+se\s+(?:menciona|cita|nombra)n?\s+(?P<topic>.+)$",
)
_RUSSIAN_DOCUMENTS = (
    r"(?:документ|файл|текст|страниц|стат(?:ья|ьи|ей|ьях)|отч[её]т|пис(?:ьма|ем|ьмах)|договор|контракт"
    r"|сч[её]т|источник)\w*"
)
_RUSSIAN_SAY = (
    r"(?:упомина[ею]тся|упоминают|содерж[аи]т|называют|(?:говорят|говорится|рассказывают)\s+об?"
    r"|ид[её]т\s+речь\s+об?)\s+"
)
_RUSSIAN = (
    r"^\W*(?:перечисли|найди|покажи|назови|приведи|выпиши|укажи)(?:те)?\s+(?:мне\s+)?(?:все|всех|кажд\w+)\s+"
    rf"(?:(?:упоминани\w+|предложени\w+|мест\w*|отрыв\w+|цитат\w*|{_RUSSIAN_DOCUMENTS})"
    rf"(?:\s+(?:об?|обо|про|с|со)\s+|,?\s+(?:в\s+которых|где|которые)\s+{_RUSSIAN_SAY}|\s+))?(?P<topic>.+)$",
    rf"^\W*(?:в\s+)?(?:сколько|скольких|какие|каких)\s+{_RUSSIAN_DOCUMENTS}\s+{_RUSSIAN_SAY}(?P<topic>.+)$",
    r"^\W*(?:сколько\s+раз|как\s+часто)\s+упомина[ею]тся\s+(?P<topic>.+)$",
)
_CHINESE_DOCUMENTS = r"(?:文件|文档|文檔|合同|合約|文章|报告|報告|信件|资料|資料|来源)"
_CHINESE_SAY = r"(?:提到|提及|包含|涉及|关于|關於|有关|谈到|談到)了?"
_CHINESE = (
    rf"^\W*(?:请|請)?(?:列出|找出|查找|显示|顯示|给出|列举|列舉)(?:所有|全部|每个|每個|每一个|每一個)(?:{_CHINESE_SAY})?"
    rf"(?P<topic>.+?)(?:的(?:句子|段落|地方|内容|內容|引文|{_CHINESE_DOCUMENTS}))?$",
    rf"^\W*(?:有)?(?:多少|几|幾|哪些|哪几|哪幾)(?:份|个|個|篇)?{_CHINESE_DOCUMENTS}{_CHINESE_SAY}(?P<topic>.+)$",
    r"^\W*(?P<topic>.+?)(?:被)?(?:提到|提及)了?(?:多少|几|幾)次$",
)
_OTHERS = [
    (language, re.compile(form, re.IGNORECASE))
    for language, forms in (
        ("de", _GERMAN),
        ("fr", _FRENCH),
        ("es", _SPANISH),
        ("ru", _RUSSIAN),
        ("zh", _CHINESE),
    )
    for form in forms
]
_CLAUSE = re.compile(
    r"[,;，；]|\b(?:que|qui|quoi|donde|où|dont|lesquel(?:le)?s|котор\w+|где)\b", re.IGNORECASE
)
"""The words that tell "all countries in which …", a question for a list, from all mentions of a thing."""

_ELIDED = re.compile(r"^[dl]['’]", re.IGNORECASE)
_ARTICLE = re.compile(r"^(?:that\s+)?(?:(?:an?|the|any|some)\s+)?", re.IGNORECASE)


def asks_for_every(question: str) -> str:
    """Return what a question wants every mention of: "list every …", "how many documents mention …", "which
    contracts have …"; empty for other questions, also for those about the order of documents.
    """
    if wants_order(question):
        return ""
    asked = question.strip().strip("?.!？。！¿¡ ")
    if found := next(filter(None, (form.match(asked) for form in _ENGLISH)), None):
        return _ARTICLE.sub("", found["topic"].strip())
    for language, form in _OTHERS:
        if found := form.match(asked):
            topic = _without_article(found["topic"].strip(), language)
            return "" if _CLAUSE.search(topic) else topic
    return ""


def _without_article(topic: str, language: str) -> str:
    """Return a topic without the stop words before it: alone, "die EU" is not known to be German."""
    topic = _ELIDED.sub("", topic)
    first, _, rest = topic.partition(" ")
    return _without_article(rest, language) if rest and first.lower() in stop_words(language) else topic
