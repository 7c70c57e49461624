"""Forms of questions for a computation in German, French, Spanish, Italian, Portuguese and Russian. Pure.

Grammar differs too much between languages for one form: each has the forms in which people ask. The groups of
a form: ``what`` is measured, ``first`` and ``second`` are compared, ``part`` is that of the ``whole``, and
``percent`` matches where a percentage is asked for. The times that are compared are cut out beforehand.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

_YEAR = r"(?:19|20)\d\d"


@dataclass(frozen=True, slots=True)
class Forms:
    """The forms of one language."""

    times: Sequence[re.Pattern[str]]
    """``first`` and ``last``: two times, or a ``last`` one alone."""
    growth: Sequence[re.Pattern[str]]
    difference: Sequence[re.Pattern[str]]
    total: Sequence[re.Pattern[str]]
    share: Sequence[re.Pattern[str]]
    joiner: re.Pattern[str]
    """A separator of the items of a list."""
    of: re.Pattern[str]
    """The word between the thing that is measured and what it is measured of."""
    empty: frozenset[str]
    """Words in a question that name no number by themselves."""
    saying: frozenset[str]
    """Verbs between the name of a number and the number."""
    unsure: frozenset[str]
    """Words by which a sentence says what may come, not what is."""


def _forms(
    times: Sequence[str],
    growth: Sequence[str],
    difference: Sequence[str],
    total: Sequence[str],
    share: Sequence[str],
    words: tuple[str, str],
    vocabulary: tuple[str, str, str],
) -> Forms:
    joiner, of = (re.compile(each, re.IGNORECASE) for each in words)
    empty, saying, unsure = (frozenset(each.split()) for each in vocabulary)
    return Forms(
        times=_compile(times),
        growth=_compile(growth),
        difference=_compile(difference),
        total=_compile(total),
        share=_compile(share),
        joiner=joiner,
        of=of,
        empty=empty,
        saying=saying,
        unsure=unsure,
    )


def _compile(forms: Sequence[str]) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(form.replace("YEAR", _YEAR), re.IGNORECASE) for form in forms)


_GERMAN = _forms(
    (
        r"\s(?:von|zwischen)\s(?:dem\sJahr\s)?(?P<first>YEAR)\s(?:bis|auf|und)\s(?:zum\sJahr\s)?(?P<last>YEAR)\b",
        r"\s(?:(?:im\s)?Jahre?\s)?(?P<last>YEAR)\b",
    ),
    (
        r"^(?:um\s)?wie\s?viel(?P<percent>\sProzent)?\s(?:ist|sind|hat|haben)\s(?:sich\s)?(?P<what>.+?)\s"
        r"(?:gestiegen|gewachsen|gesunken|gefallen|zugenommen|abgenommen|erhöht|verringert|zurückgegangen)$",
        r"^(?:um\s)?wie\s?viel(?P<percent>\sProzent)?\s(?:stieg|wuchs|sank|fiel)(?:en)?\s(?P<what>.+)$",
        r"^wie\s(?:groß|hoch|stark)\swar\s(?:das|der)\s(?P<percent>prozentuale\s)?(?:Wachstum|Anstieg|Rückgang|Zuwachs)\s"
        r"(?:von|der|des|bei|beim)\s(?P<what>.+)$",
    ),
    (
        r"\b(?:Unterschied|Differenz)\s(?:(?:bei|beim|der|des|im|in\sder)\s(?P<what>.+?)\s)?zwischen\s(?P<first>.+?)"
        r"\sund\s(?P<second>.+)$",
        r"^wie\s?viel\s(?:mehr|höher|größer|weniger|niedriger|teurer)\s(?:ist|sind|war|waren)\s(?P<first>.+?)\sals\s"
        r"(?P<second>.+)$",
        r"^(?:um\s)?wie\s?viel\s(?:ist|sind|war|waren)\s(?P<first>.+?)\s(?:höher|größer|niedriger|kleiner|teurer)"
        r"\sals\s(?P<second>.+)$",
    ),
    (
        r"^(?:wie\s(?:hoch|groß)|was)\s(?:ist|sind|war|waren)\s(?:die\s(?:Gesamt)?summe|(?:der|die|das)\s"
        r"(?:gesamte[nr]?|insgesamt))\s(?:von\s|aus\s|der\s|des\s)?(?P<what>.+)$",
        r"^(?:wie\s?viele?|wie\shoch\s(?:ist|sind|war|waren))\s(?P<what>.+?)\s(?:insgesamt|zusammen)$",
    ),
    (
        r"\b(?:Anteil|Prozentsatz)\s(?:von|der|des)\s(?P<part>.+?)\s(?:an|am)\s(?:der\s|den\s)?(?P<whole>.+)$",
        r"^(?:wie\s?viel\sProzent|welcher\sAnteil)\s(?:der|des|vom|von)\s(?P<whole>.+?)\s(?:ist|sind|war|waren|entfällt"
        r"|entfallen|entfiel|entfielen|kommt|kommen|kam)\s(?:auf\s|von\s|aus\s)?(?P<part>.+)$",
    ),
    (r",\s*(?:und\s)?|\sund\s", r"\s(?:von|vom|der|des|für|in|im|bei)\s"),
    (
        """summe gesamtsumme gesamt gesamte gesamten gesamter insgesamt zusammen betrag anzahl zahl wert
        höhe alle aller jede jeder jahr jahre jahren anteil prozent unterschied differenz
        wachstum""",
        """betrug betrugen beträgt betragen war waren lag lagen liegt erreichte erreichten stieg stiegen
        sank sanken wuchs belief beliefen hatte hatten""",
        """erwartet erwarteten erwartete geplant geplante plan prognose voraussichtlich könnte könnten
        dürfte dürften soll sollen ziel schätzung geschätzt""",
    ),
)
_FRENCH = _forms(
    (
        r"\s(?:de|entre)\s(?:l'année\s)?(?P<first>YEAR)\s(?:à|et|jusqu'en)\s(?P<last>YEAR)\b",
        r"\s(?:en|pour|pendant|durant|de)\s(?:l'année\s)?(?P<last>YEAR)\b",
    ),
    (
        r"^de\scombien(?P<percent>\sde\spour\s?cents?)?\s(?P<what>.+?)\s(?:a|ont|est|sont)(?:-t)?(?:-(?:il|elle)s?)?\s"
        r"(?:augmenté|progressé|crû|grandi|baissé|diminué|reculé|chuté)(?:e?s)?$",
        r"^de\squel\s(?P<percent>pourcentage)\s(?P<what>.+?)\s(?:a|ont)(?:-t)?(?:-(?:il|elle)s?)?\s"
        r"(?:augmenté|progressé|baissé|diminué|reculé|chuté)$",
        r"^quelle?\s(?:est|a\sété|était)\s(?:la|l')\s?(?:croissance|hausse|augmentation|baisse|progression|diminution)\s"
        r"(?P<percent>en\spourcentage\s)?(?:de\sla\s|du\s|des\s|de\sl'|de\s|d')(?P<what>.+)$",
    ),
    (
        r"\b(?:différence|écart)\s(?:(?:de|du|des|d')\s?(?P<what>.+?)\s)?entre\s(?P<first>.+?)\set\s(?P<second>.+)$",
    ),
    (
        r"^quel(?:le)?\s(?:est|était|a\sété)\s(?:le\s(?:montant\s)?total|la\ssomme|le\scumul)\s(?:de\sla\s|du\s|des\s|de\sl'"
        r"|de\s|d')(?P<what>.+)$",
        r"^combien\s(?:de\s|d')(?P<what>.+?)\s(?:au\stotal|en\stout)$",
    ),
    (
        r"^quel(?:le)?\s(?:est|était)\s(?:la\s(?:part|proportion)|le\spourcentage)\s(?:de\sla|du|des|de\sl'|de|d')\s?(?P<part>.+?)"
        r"\sdans\s(?P<whole>.+)$",
        r"^quel(?:le)?\s(?:part|pourcentage|proportion)\s(?:de\sla|du|des|de\sl'|de|d')\s?(?P<whole>.+?)\s(?:représent(?:e|ent|ait)"
        r"|provient\sde|vient\sde|revient\sà)\s(?P<part>.+)$",
    ),
    (r",\s*(?:et\s)?|\set\s", r"\s(?:de\sla|de\sl'|de|du|des|pour|dans|en)\s|\sd'"),
    (
        """total totale somme montant nombre valeur tous toutes chaque année années part pourcentage
        différence écart croissance""",
        """était étaient est sont a ont été atteint atteignait atteignaient élève élevait élevaient élevé
        représentait avait""",
        """prévu prévue prévus prévues prévoit attendu attendue estimé estimée prévision objectif pourrait
        pourraient devrait devraient""",
    ),
)
_SPANISH = _forms(
    (
        r"\s(?:de|desde|entre)\s(?:el\saño\s)?(?P<first>YEAR)\s(?:a|hasta|y)\s(?:el\saño\s)?(?P<last>YEAR)\b",
        r"\s(?:en|durante|de)\s(?:el\saño\s)?(?P<last>YEAR)\b",
    ),
    (
        r"^(?P<percent>en\squé\sporcentaje|qué\sporcentaje|cuánto\spor\sciento)?(?:(?:en\s)?cuánto)?\s?(?:han?\s)?"
        r"(?:aument(?:ó|aron|ado)|creci(?:ó|eron|do)|subi(?:ó|eron|do)|disminuy(?:ó|eron)|disminuido|baj(?:ó|aron|ado)"
        r"|ca(?:yó|yeron|ído))\s(?P<what>.+)$",
        r"^(?:cuál|cuánto)\s(?:es|fue|era)\s(?:el|la)\s(?:crecimiento|aumento|incremento|descenso|disminución)\s"
        r"(?P<percent>porcentual\s)?(?:de|del)\s(?P<what>.+)$",
    ),
    (r"\bdiferencia\s(?:(?:de|del|en)\s(?P<what>.+?)\s)?entre\s(?P<first>.+?)\sy\s(?P<second>.+)$",),
    (
        r"^(?:cuál|cuánto)\s(?:es|fue|era)\s(?:el\s(?:importe\s|monto\s|valor\s)?total|la\ssuma)\s(?:de|del)\s(?P<what>.+)$",
        r"^cuánt[oa]s?\s(?P<what>.+?)\s(?:en\stotal|en\sconjunto)$",
    ),
    (
        r"^(?:cuál\ses|cuál\sfue|qué)\s(?:la\s|el\s)?(?:proporción|porcentaje|parte|cuota)\s(?:es\s|representa\s)?(?:de|del)\s"
        r"(?P<whole>.+?)\s(?:corresponde\sa|procede\sde|representan?|correspondió\sa)\s(?P<part>.+)$",
        r"^cuál\s(?:es|fue|era)\s(?:la\s(?:proporción|parte|cuota)|el\sporcentaje)\s(?:de|del)\s(?P<part>.+?)\s(?:en|sobre)\s"
        r"(?P<whole>.+)$",
    ),
    (r",\s*(?:y\s)?|\s[ye]\s", r"\s(?:de|del|para|en)\s"),
    (
        """total suma importe monto número valor cifra todos todas cada años porcentaje proporción parte
        diferencia crecimiento""",
        """fue fueron era eran ascendió ascendieron alcanzó alcanzaron sumó totalizó creció subió bajó tuvo
        tenía""",
        """previsto prevista previstos esperado esperada estimado estimada previsión objetivo podría
        podrían plan planeado""",
    ),
)
_ITALIAN = _forms(
    (
        r"\s(?:dal|tra\sil|fra\sil|da|tra|fra)\s(?P<first>YEAR)\s(?:al|e\sil|a|e)\s(?P<last>YEAR)\b",
        r"\s(?:nel|del|in)(?:l'anno)?\s?(?P<last>YEAR)\b",
    ),
    (
        r"^(?:di\squant[oi]|(?P<percent>di\sche\spercentuale|di\squale\spercentuale))\s(?:è|sono|ha|hanno)\s"
        r"(?:aumentat|cresciut|salit|diminuit|calat|sces)[oaie]\s(?P<what>.+)$",
        r"^di\squanto\s(?P<what>.+?)\s(?:è|sono|ha|hanno)\s(?:aumentat|cresciut|salit|diminuit|calat|sces)[oaie]$",
        r"^qual(?:\sè|\sera|\sè\sstat[ao])\s(?:la\screscita|l'aumento|il\scalo|la\sdiminuzione)\s(?P<percent>percentuale\s)?"
        r"(?:di|del|della|dei|delle|dell')\s?(?P<what>.+)$",
    ),
    (
        r"\bdifferenza\s(?:(?:di|nel|nella|del|della|dei|delle)\s(?P<what>.+?)\s)?(?:tra|fra)\s(?P<first>.+?)\se\s(?P<second>.+)$",
    ),
    (
        r"^qual(?:\sè|\sera|\sè\sstat[ao])\s(?:il\stotale|la\ssomma|l'importo\stotale)\s(?:di|del|della|dei|delle|dell')\s?(?P<what>.+)$",
        r"^quant[oaie]\s(?P<what>.+?)\s(?:in\stotale|complessivamente)$",
    ),
    (
        r"^qual(?:\sè|\sera)\sla\s(?:quota|percentuale|parte)\s(?:di|del|della|dei|delle|dell')\s?(?P<part>.+?)\s"
        r"(?:su|sul|sulla|sui|sulle|nel|nella)\s(?P<whole>.+)$",
        r"^(?:quale|che)\s(?:quota|percentuale|parte)\s(?:di|del|della|dei|delle|dell')\s?(?P<whole>.+?)\s"
        r"(?:proviene\sda|è\sdovuta\sa|rappresentano?|spetta\sa)\s?(?P<part>.+)$",
    ),
    (r",\s*(?:e\s)?|\sed?\s", r"\s(?:di|del|della|dei|delle|per|in|nel|nella)\s|\sdell'"),
    (
        """totale somma importo numero valore cifra tutti tutte ogni anno anni quota percentuale parte
        differenza crescita""",
        """era erano è stato stata ammontava ammontavano ammonta raggiunse raggiunto aveva pari""",
        """previsto prevista previsti atteso attesa stimato stimata previsione obiettivo potrebbe
        potrebbero dovrebbe piano""",
    ),
)
_PORTUGUESE = _forms(
    (
        r"\s(?:de|entre|desde)\s(?P<first>YEAR)\s(?:a|até|para|e)\s(?P<last>YEAR)\b",
        r"\s(?:em|durante|de)\s(?P<last>YEAR)\b",
    ),
    (
        r"^(?:(?P<percent>em\sque\spercentagem|que\spercentagem|em\sque\sporcentagem)|(?:em\s)?quanto)\s(?:aument(?:ou|aram)"
        r"|cresc(?:eu|eram)|subi(?:u|ram)|diminu(?:iu|íram)|ca(?:iu|íram)|baix(?:ou|aram))\s(?P<what>.+)$",
        r"^(?:em\s)?quanto\s(?P<what>.+?)\s(?:aument(?:ou|aram)|cresc(?:eu|eram)|subi(?:u|ram)|diminu(?:iu|íram)"
        r"|ca(?:iu|íram)|baix(?:ou|aram))$",
        r"^qual\s(?:é|foi|era)\so\s(?:crescimento|aumento|declínio)\s(?P<percent>percentual\s)?(?:de|do|da|dos|das)\s(?P<what>.+)$",
    ),
    (r"\bdiferença\s(?:(?:de|do|da|na|no)\s(?P<what>.+?)\s)?entre\s(?P<first>.+?)\se\s(?P<second>.+)$",),
    (
        r"^qual\s(?:é|foi|era)\s(?:o\s(?:valor\s|montante\s)?total|a\ssoma)\s(?:de|do|da|dos|das)\s(?P<what>.+)$",
        r"^quant[oa]s?\s(?P<what>.+?)\s(?:no\stotal|ao\stodo)$",
    ),
    (
        r"^qual\s(?:é|foi|era)\s(?:a\s(?:parte|percentagem|porcentagem|proporção|quota)|o\speso)\s(?:de|do|da|dos|das)\s(?P<part>.+?)"
        r"\s(?:em|no|na|nos|nas)\s(?P<whole>.+)$",
        r"^que\s(?:parte|percentagem|porcentagem|proporção)\s(?:de|do|da|dos|das)\s(?P<whole>.+?)\s(?:vem\sde|provém\sde"
        r"|corresponde\sa|representam?)\s?(?P<part>.+)$",
    ),
    (r",\s*(?:e\s)?|\se\s", r"\s(?:de|do|da|dos|das|para|em|no|na)\s"),
    (
        """total soma montante número valor todos todas cada anos ano parte percentagem porcentagem
        proporção diferença crescimento""",
        """foi foram era eram atingiu atingiram ascendeu somou totalizou cresceu subiu caiu teve tinha""",
        """previsto prevista previstos esperado esperada estimado estimada previsão meta poderia poderá
        plano planejado""",
    ),
)
_RUSSIAN = _forms(
    (
        r"\s(?:с|между|от)\s(?P<first>YEAR)(?:\s(?:года?|годом))?\s(?:по|до|и|к)\s(?P<last>YEAR)(?:\s(?:годом|года?|году))?",
        r"\s(?:в|за)\s(?P<last>YEAR)(?:\s(?:году|год))?\b",
    ),
    (
        r"^на\s(?:сколько|(?P<percent>сколько\sпроцентов|какой\sпроцент))\s(?:вырос|увеличил|упал|снизил|сократил|уменьшил|возрос)"
        r"(?:ла|ло|ли|ся|ась|лась|лось|лись|ась|ось|ись)?\s(?P<what>.+)$",
        r"^на\s(?:сколько|(?P<percent>сколько\sпроцентов))\s(?P<what>.+?)\s(?:вырос|увеличил|упал|снизил|сократил|уменьшил|возрос)"
        r"(?:ла|ло|ли|ся|ась|лась|лось|лись|ось|ись)?$",
        r"^(?:каков|какой\sбыл)\s(?P<percent>процентный\s)?(?:прирост|рост)\s(?P<what>.+)$",
    ),
    (
        r"\bразница\s(?:(?:в|по)\s(?P<what>.+?)\s)?между\s(?P<first>.+?)\sи\s(?P<second>.+)$",
        r"^на\sсколько\s(?P<first>.+?)\s(?:больше|меньше|выше|ниже|дороже),?\s(?:чем\s)?(?P<second>.+)$",
    ),
    (
        r"^(?:какова|чему\sравна|какая)\s(?:общая\s)?сумма\s(?P<what>.+)$",
        r"^(?:каков[аоы]?|какой|какая|сколько)\s(?:всего\s|общ(?:ая|ий|ее|ие)\s)(?P<what>.+)$",
        r"^сколько\s(?P<what>.+?)\s(?:всего|в\sсумме|вместе)$",
    ),
    (
        r"^(?:какова|какая)\sдоля\s(?P<part>.+?)\s(?:в|во)\s(?P<whole>.+)$",
        r"^(?:какую\s(?:долю|часть)|какой\sпроцент|сколько\sпроцентов)\s(?P<whole>.+?)\s(?:составля[ею]т|составил[аио]?"
        r"|приходится\sна|занима[ею]т)\s(?P<part>.+)$",
    ),
    (r",\s*(?:и\s)?|\sи\s", r"\s(?:в|во|для|на|у|от)\s"),
    (
        """общая общий общее общие общей сумма сумме всего итого количество число значение всех каждый году
        года доля процент процентов разница рост прирост""",
        """составил составила составило составили был была было были равна равен достиг достигла достигло
        вырос выросла упал упала""",
        """ожидается ожидаемый ожидаемая планируется плановый прогноз оценка оценивается может могут цель
        составит""",
    ),
)

FORMS: Mapping[str, Forms] = {
    "de": _GERMAN,
    "fr": _FRENCH,
    "es": _SPANISH,
    "it": _ITALIAN,
    "pt": _PORTUGUESE,
    "ru": _RUSSIAN,
}
"""By the language of a question."""
