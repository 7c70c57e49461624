"""The small words that decide what a sentence states, by language: negators, and stop words of weight.

In a language without an entry they are not known, so that a sentence cannot be checked word by word.
"""

from collections.abc import Mapping


def _table(words: Mapping[str, str]) -> Mapping[str, frozenset[str]]:
    return {language: frozenset(each.split()) for language, each in words.items()}


NEGATORS = _table(
    {
        "en": """not no never neither nor none nothing nobody without cannot t hardly barely unable
        fail fails failed refuse refused refuses deny denied denies lack lacks lacked""",
        "ar": "لا لم لن ليس ليست ليسوا غير بدون دون عدم",
        "de": """nicht nichts nie niemals niemand kein keine keinem keinen keiner keines ohne weder
        noch kaum nirgends""",
        "es": "no nunca jamás ni sin nadie nada ningún ninguno ninguna tampoco apenas",
        "fr": "ne n pas jamais ni sans non personne rien aucun aucune nul nulle guère",
        "hi": "नहीं न मत ना बिना नही",
        "it": "non no mai né senza nessuno nessuna nessun niente nulla neppure nemmeno",
        "nl": "niet niets nooit niemand geen zonder noch nergens nauwelijks",
        "pl": "nie nigdy ani bez nikt nic żaden żadna żadne nigdzie",
        "pt": "não nunca jamais nem sem ninguém nada nenhum nenhuma tampouco",
        "ru": "не нет ни без никогда никто ничто нельзя никакой никакая нигде никуда ничего никого",
        "uk": "не ні без ніколи ніхто ніщо нема немає жоден жодна ніде нічого",
        "zh": "不 没 沒 無 无 未 非 别 勿 莫 否",
    }
)
"""Words that negate what follows them. The English ones are after NegEx (Chapman et al. 2001); ``t`` is the
end of "isn't" once the apostrophe has split it. The others were set by hand."""

DECISIVE = _table(
    {
        "en": """after before until above below over under more most less fewer few all some any every
        each both only again against between up down off same""",
        "ar": """بعد قبل حتى فوق تحت اكثر أكثر اقل أقل كل جميع بعض ضد بين فقط واحد عشر عشرة مليون مليار
        الف صفر""",
        "de": """nach vor bis über unter mehr alle allen aller alles nur auch gegen von zu ab seit ein
        eins zwei drei vier fünf acht neun zehn elf""",
        "es": """antes tras hasta sobre bajo más menos todo toda todos poco sólo solo contra entre
        desde uno dos tres seis ocho diez once doce mil cien hoy ayer""",
        "fr": """après avant sur sous plus tout tous peu vers dès deux trois cinq six sept huit neuf
        dix onze cent mille seul hors""",
        "hi": "बाद तक पर नीचे ऊपर सभी सब कुल कुछ एक दो तीन चार पांच पाँच छह सात आठ नौ दस पहले",
        "it": """dopo su più meno tutto tutti poco solo tra fra fino da due tre sei otto nove dieci
        cento mille ogni""",
        "nl": "na voor tot over op meer alle al alleen af uit een twee drie vier vijf zes acht tien elf",
        "pl": "po do nad pod mało dużo cały cała od raz dwa dwaj dwie trzy pięć sto przed",
        "pt": "após até sob mais tudo todo só dois duas três seis sete oito nove dez mil cem ante desde",
        "ru": """до от по над под все всё весь вся всю мало уже ещё еще лишь один одна два две двух три
        пять семь сто тыс год года лет мира люди день имя""",
        "uk": "до від по над під усі всі весь мало вже ще лише один одна два дві три сім сто рік",
        "zh": """前 后 後 上 下 多 少 全 都 只 各 每 一 二 两 三 四 五 六 七
        八 九 十 零 最 更""",
    }
)
"""Stop words that change a fact, so that the quote must have them like any other word. Those of other
languages than English were set by hand from the lists of :mod:`qa.nlp.stopwords`."""
