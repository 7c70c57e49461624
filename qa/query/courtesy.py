"""Thanks, greetings and assent: what people say in a conversation without asking anything. Pure."""

import re

from qa.nlp.question_words import WH
from qa.nlp.terms import words
from qa.nlp.tokens import AUXILIARY

_COURTESIES = frozenset(
    """thanks thank thx ok okay great perfect excellent wonderful awesome amazing cool nice good hi hello hey
    bye goodbye yes no sure fine understood wow cheers got see
    danke dank hallo tschüss ja nein gut super merci bonjour salut oui non gracias hola sí vale bueno grazie
    ciao sì obrigado obrigada olá sim bedankt dankjewel tack tak dziękuję cześć teşekkürler merhaba
    спасибо благодарю привет здравствуйте да нет хорошо понятно ок дякую
    谢谢 谢谢你 谢谢您 多谢 感谢 你好 您好 好 好的 再见 ありがとう ありがとうございます こんにちは はい
    شكرا مرحبا نعم لا حسنا תודה שלום धन्यवाद नमस्ते""".split()
)
"""Words that are polite by themselves. Set by hand, in the languages that people may write to Attest in."""

_BESIDE = frozenset(
    """you very so much a lot for the your that this is it s all i well done help answer again and please job
    everything morning afternoon evening day
    vielen sehr schön für die das ist alles klar beaucoup bien très muchas mucho muy de molto tante mille
    muito большое вам тебе очень за جزيلا""".split()
)
"""Words that may stand beside them."""

_QUESTION = re.compile(rf"[?？؟]|^\W*({WH}|{AUXILIARY})\b", re.IGNORECASE)


def asks_nothing(text: str) -> bool:
    """Return whether ``text`` is only thanks, a greeting or assent: "Thanks!", "ok great", "Vielen Dank"."""
    said = words(text)
    if _QUESTION.search(text) or not _COURTESIES.intersection(said):
        return False
    return all(word in _COURTESIES or word in _BESIDE for word in said)
