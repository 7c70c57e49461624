"""The signs, codes and words for currencies, and what they are compared as. Pure."""

from qa.nlp.tokens import SYMBOLS

MONEY = {
    **{sign: name for sign, name in SYMBOLS.items() if name != "percent"},
    "us$": "dollar",
    "a$": "aud",
    "c$": "cad",
    "₽": "ruble",
    "₹": "rupee",
    "usd": "dollar",
    "eur": "euro",
    "gbp": "pound",
    "jpy": "yen",
    "rub": "ruble",
    "inr": "rupee",
    "chf": "franc",
    "cny": "yuan",
}
"""Signs and codes of currencies, and the words they are compared as."""

MONEY_STEMS = {
    "евр": "euro",
    "рубл": "ruble",
    "руб": "ruble",
    "доллар": "dollar",
    "юан": "yuan",
    "dólar": "dollar",
}
"""Stems of the words for currencies that are not spelt as in English."""

CODES = frozenset(
    """aud brl cad czk dkk hkd huf idr ils kes krw kzt mxn myr ngn nok nzd php pln ron sar sek sgd thb try
    twd uah uzs vnd zar""".split()
)
"""Further codes of currencies (ISO 4217), compared as they are."""

CURRENCY_KEYS = frozenset(MONEY.values()) | CODES
"""The keys by which money is compared."""
