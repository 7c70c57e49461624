"""Signs of the fonts Symbol and Wingdings, which old documents store as letters of those fonts."""

import re
from collections.abc import Mapping
from typing import Final

_PRIVATE: Final = 0xF000
"""Word stores such a sign at its place in the font, from here on."""

_GREEK: Final = dict(
    zip(
        "ABGDEZHQIKLMNXOPRSTUFCYWabgdezhqiklmnxoprstufcywVJjv",
        "ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩαβγδεζηθικλμνξοπρστυφχψωςϑϕϖ",
        strict=True,
    )
)
_SYMBOL: Final[Mapping[int, str]] = {
    **{ord(latin): greek for latin, greek in _GREEK.items()},
    **{ord(sign): sign for sign in " !#%&()+,./0123456789:;<=>?[]{|}"},
    **{0x22: "∀", 0x24: "∃", 0x2A: "∗", 0x2D: "−", 0x40: "≅", 0x5E: "⊥", 0x7E: "∼", 0xA0: "€"},
    **{0xA2: "′", 0xA3: "≤", 0xA4: "⁄", 0xA5: "∞", 0xAB: "↔", 0xAC: "←", 0xAD: "↑", 0xAE: "→", 0xAF: "↓"},
    **{0xB0: "°", 0xB1: "±", 0xB2: "″", 0xB3: "≥", 0xB4: "×", 0xB5: "∝", 0xB6: "∂", 0xB7: "•", 0xB8: "÷"},
    **{0xB9: "≠", 0xBA: "≡", 0xBB: "≈", 0xBC: "…", 0xC4: "⊗", 0xC5: "⊕", 0xC6: "∅", 0xC7: "∩", 0xC8: "∪"},
    **{0xC9: "⊃", 0xCA: "⊇", 0xCB: "⊄", 0xCC: "⊂", 0xCD: "⊆", 0xCE: "∈", 0xCF: "∉", 0xD0: "∠", 0xD1: "∇"},
    **{0xD2: "®", 0xD3: "©", 0xD4: "™", 0xD5: "∏", 0xD6: "√", 0xD7: "⋅", 0xD8: "¬", 0xD9: "∧", 0xDA: "∨"},
    **{0xDB: "⇔", 0xDC: "⇐", 0xDD: "⇑", 0xDE: "⇒", 0xDF: "⇓", 0xE5: "∑", 0xF2: "∫"},
}
"""Adobe's Symbol encoding, as Unicode maps it (VENDORS/ADOBE/symbol.txt)."""

_WINGDINGS: Final[Mapping[int, str]] = {
    **{0x6F: "☐", 0x71: "☐", 0x72: "☐", 0xA8: "☐", 0xFD: "☒", 0x78: "☒", 0xFE: "☑", 0xFC: "✓", 0xFB: "✗"},
    **{0xE0: "→", 0xDF: "←", 0xE8: "→", 0xF0: "→", 0x6C: "•", 0x6E: "•", 0x9F: "•", 0xA7: "•"},
}
"""The signs of Wingdings that carry a meaning in forms and lists."""

_STORED: Final = re.compile("[\uf020-\uf0ff]")
_PICTURES: Final = re.compile("wingdings|webdings", re.IGNORECASE)
"""Fonts whose letters are little pictures."""

_FONTS: Final[Mapping[str, Mapping[int, str]]] = {"symbol": _SYMBOL, "wingdings": _WINGDINGS}


def symbol(font: str, code: str) -> str:
    """Return the sign at a hexadecimal place of a font; nothing where it is not known."""
    try:
        place = int(code, 16)
    except ValueError:
        return ""
    known = _FONTS.get(font.lower())
    if known is None and not _PICTURES.match(font):
        return chr(place) if 0x20 <= place < 0xD800 else ""
    return (known or {}).get(place - _PRIVATE if place >= _PRIVATE else place, "")


def without_private(text: str, font: str) -> str:
    """Return ``text`` with the letters of such a font, if there are any, as the signs they show."""
    return _STORED.sub(lambda sign: symbol(font or "Symbol", f"{ord(sign[0]):x}"), text)
