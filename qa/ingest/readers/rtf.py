"""Rich Text Format (RTF 1.9)."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from qa.ingest.readers.base import FileContent, Piece, within_limits
from qa.ingest.readers.linear_math import superscript
from qa.ingest.readers.remarks import Remark
from qa.ingest.readers.rtf_fonts import Fonts
from qa.ingest.readers.rtf_groups import GROUP_WORDS, Group
from qa.ingest.readers.rtf_text import TABLE_WORDS, RtfText
from qa.ingest.readers.rtf_tokens import Kind, Token, tokens

_SIGNS: Final = {
    **{"tab": "\t", "emdash": "—", "endash": "–", "emspace": "\u2003", "enspace": "\u2002", "line": "\n"},
    **{"qmspace": "\u2005", "bullet": "•", "lquote": "‘", "rquote": "’", "ldblquote": "“", "rdblquote": "”"},
    **{"~": "\xa0", "_": "-", "{": "{", "}": "}", "\\": "\\", "zwj": "\u200d", "zwnj": "\u200c"},
}
_ENDS: Final = frozenset({"par", "sect", "page", "\n", "\r"})
"""Words that end a paragraph."""

_TEXTS: Final = {
    **dict.fromkeys(("header", "headerl", "headerr", "headerf"), "header"),
    **dict.fromkeys(("footer", "footerl", "footerr", "footerf"), "footer"),
    **dict.fromkeys(("shptxt", "dptxbxtext"), "box"),
    **dict.fromkeys(("listtext", "pntext"), "number"),
    **{"footnote": "note", "annotation": "comment"},
}
"""Parts of a file that are texts of their own, and what each is."""

_HOLDERS: Final = frozenset({"shpinst", "shp", "do", "field", "object", "upr", "info"})
"""Parts that have no text of their own, but may have such parts inside them."""

_NOTED: Final = frozenset({"fonttbl", "title", "author", "creatim", "atnauthor", "fldinst"})
"""Parts whose text is kept to know something else by it."""

_SKIPPED: Final = frozenset(
    """colortbl stylesheet pict objdata objclass objname objalias shprslt listtable listoverridetable revtbl
    rsidtbl filetbl bkmkstart bkmkend atnref atnid atrfstart atrfend atndate atntime atnicn xe tc rxe txe
    template themedata colorschememapping datastore latentstyles generator fldtype datafield
    formfield ffname ffdeftext ffformat ffhelptext ffstattext ffentrymcr ffexitmcr ffl nonesttables
    nesttableprops ftnsep ftnsepc ftncn aftnsep aftnsepc aftncn pnseclvl pn sp sn sv background mmath
    mmathPict moMath result subject operator keywords comment doccomm hlinkbase company manager category
    xmlnstbl xmlopen xmlclose wgrffmtfilter private passwordhash""".split()
)
_PAGE_NUMBER: Final = re.compile(r"\s*(PAGE|NUMPAGES|SECTIONPAGES)\b")
"""Fields whose stored result is right on one page at most."""


def read(data: bytes, name: str) -> FileContent:
    """Return the text as one piece, its places are lines. Footnotes and comments follow their paragraph,
    what stands at the top and the bottom of the pages comes last. Hidden and deleted text is not read.

    Raises:
        UserError: it is too long.
    """
    if not data.lstrip().startswith(b"{\\rtf"):
        raise ValueError("it does not begin like an RTF file")
    reader = _Reader()
    for token in tokens(data):
        reader.take(token)
        if reader.ended:
            break
    return FileContent(within_limits([Piece("", reader.text())]), reader.metadata())


class _Reader:
    """Reads the tokens of one file."""

    def __init__(self) -> None:
        self.ended = False
        self._fonts = Fonts()
        self._groups = [Group()]
        self._texts: list[tuple[int, str, RtfText]] = [(0, "", RtfText())]
        """Each with the depth of the group that it fills, and what it is."""
        self._skip = 0
        """The characters to pass over, which stand for a Unicode number before them."""
        self._noted: dict[str, str] = {}
        self._created: dict[str, int] = {}
        self._defined_font = 0
        self._marks = 0
        self._margins: dict[str, dict[str, None]] = {"header": {}, "footer": {}}
        self._outlined = False
        self._heading = ""

    def text(self) -> str:
        """Return what has been read."""
        while len(self._texts) > 1:
            self._finish(*self._texts.pop()[1:])
        margins = "\n".join(line for lines in self._margins.values() for line in lines)
        return _joined(f"{self._text.finish()}\n{margins}")

    def metadata(self) -> dict[str, object]:
        date = "{yr:04}-{mo:02}-{dy:02}".format(**self._created) if len(self._created) == 3 else None
        return {
            "title": _joined(self._noted.get("title", "")),
            "author": _joined(self._noted.get("author", "")),
            "date": date,
            "heading": _joined(self._heading),
        }

    @property
    def _text(self) -> RtfText:
        return self._texts[-1][2]

    @property
    def _group(self) -> Group:
        return self._groups[-1]

    @_group.setter
    def _group(self, group: Group) -> None:
        self._groups[-1] = group

    def take(self, token: Token) -> None:
        """Take the next token."""
        if token.kind is not Kind.BYTES:
            self._say(self._fonts.flush())
        if token.kind is Kind.OPEN:
            self._skip = 0
            group = self._group
            self._groups.append(replace(group, starred=False) if group.starred else group)
        elif token.kind is Kind.CLOSE:
            self._skip = 0
            self._close()
        elif token.kind is Kind.BYTES:
            self._take_bytes(token)
        elif token.kind is Kind.SIGN:
            self._take_sign(token.name)
        else:
            self._take_word(token.name, token.number)

    def _close(self) -> None:
        if self._texts[-1][0] == len(self._groups) and len(self._texts) > 1:
            self._finish(*self._texts.pop()[1:])
        if len(self._groups) > 1:
            self._groups.pop()
        self.ended = len(self._groups) == 1

    def _finish(self, kind: str, text: RtfText) -> None:
        """Put a text that has ended where it belongs."""
        said = text.finish().strip()
        if kind in self._margins:
            lines = (line for line in said.split("\n") if any(map(str.isalpha, line)))
            self._margins[kind] |= dict.fromkeys(lines)
        elif kind == "number":
            mark = said if any(map(str.isalnum, said)) else "-"
            self._text.number(mark)
        elif kind == "note" and said:
            self._text.after.append(f"[{self._marks}] {said}" if self._marks else said)
        elif kind == "comment" and said:
            author = self._noted.pop("atnauthor", "").strip()
            self._text.after.append(Remark(author).written(said))
        elif kind == "box" and said:
            self._text.after.append(said)

    def _take_bytes(self, token: Token) -> None:
        data = token.data
        if self._skip:
            skipped = min(self._skip, len(data))
            self._skip -= skipped
            data = data[skipped:]
        if data:
            group = self._group
            font = self._fonts.default if group.font is None else group.font
            self._say(self._fonts.decode(data, font, token.escaped))

    def _take_sign(self, sign: str) -> None:
        if sign == "*":
            self._group = replace(self._group, starred=True)
        elif sign in _ENDS:
            self._end_paragraph()
        elif sign in _SIGNS:
            self._say_sign(_SIGNS[sign])

    def _say_sign(self, sign: str) -> None:
        if self._skip:
            self._skip -= 1
        else:
            self._say(sign)

    def _say(self, text: str) -> None:
        if not text:
            return
        group = self._group
        if group.part == "fonttbl":
            names = self._fonts.names
            names[self._defined_font] = (names.get(self._defined_font, "") + text).partition(";")[0].strip()
        elif group.part in _NOTED:
            self._noted[group.part] = self._noted.get(group.part, "") + text
        elif group.shown and not group.hidden and not group.deleted:
            self._text.words.append(superscript(text) or text if group.raised else text)

    def _take_word(self, word: str, number: int | None) -> None:
        if word in _SIGNS:
            self._say_sign(_SIGNS[word])
            return
        self._skip = 0
        group = self._group
        starred = group.starred
        if starred:
            self._group = replace(self._group, starred=False)
        if group.part == "skipped":
            return
        if self._begin_part(word, starred) or (group.part in _NOTED and self._note(word, number)):
            return
        if word in _ENDS:
            self._end_paragraph()
        elif word in GROUP_WORDS:
            self._group = GROUP_WORDS[word](self._group, number)
        elif word in TABLE_WORDS:
            TABLE_WORDS[word](self._text, number)
        elif take := _WORDS.get(word):
            take(self, number or 0)

    def _begin_part(self, word: str, starred: bool) -> bool:
        """Take a word that names a part of the file, if it does."""
        if word in _TEXTS:
            self._group = replace(self._group, part="", shown=True, hidden=False, deleted=False, raised=False)
            self._texts.append((len(self._groups), _TEXTS[word], RtfText()))
        elif word == "fldrslt":
            page = _PAGE_NUMBER.match(self._noted.pop("fldinst", ""))
            self._group = replace(self._group, part="skipped" if page else "", shown=not page)
        elif word == "ud":
            self._group = replace(self._group, part="", shown=True)
        elif word in _NOTED:
            self._noted.pop(word, None)
            self._group = replace(self._group, part=word, shown=False)
        elif word in _HOLDERS:
            self._group = replace(self._group, part="holder", shown=False)
        elif word in _SKIPPED or (starred and word not in _WORDS):
            self._group = replace(self._group, part="skipped", shown=False)
        else:
            return False
        return True

    def _note(self, word: str, number: int | None) -> bool:
        """Take a word in a part that says something else: the fonts, the day of creation."""
        part = self._group.part
        if part == "fonttbl" and word == "f":
            self._defined_font = number or 0
        elif part == "fonttbl" and word == "fcharset":
            self._fonts.charsets[self._defined_font] = number or 0
        elif part == "fonttbl" and word == "cpg":
            self._fonts.pages[self._defined_font] = number or 0
        elif part == "creatim" and word in {"yr", "mo", "dy"}:
            self._created[word] = number or 0
        elif word in {"u", "uc"}:
            return False
        return True

    def _end_paragraph(self) -> None:
        if not self._group.shown:
            return
        text = self._text
        if self._outlined and not self._heading and len(self._texts) == 1:
            self._heading = " ".join("".join(text.words).split())
        text.end_paragraph()

    def _begin_paragraph(self, _: int) -> None:
        self._text.in_table = False
        self._outlined = False

    def _outline(self, level: int) -> None:
        self._outlined = level < 9

    def _unicode(self, number: int) -> None:
        self._say(chr(number % 0x10000))
        self._skip = self._group.skip

    def _mark(self, _: int) -> None:
        """Say the mark of the note that follows. In the note itself it stands before its text."""
        if len(self._texts) == 1:
            self._marks += 1
            self._say(f"[{self._marks}]")

    def _set_default_font(self, number: int) -> None:
        self._fonts.default = number

    def _set_page(self, number: int) -> None:
        self._fonts.set_page(number)


def _joined(text: str) -> str:
    """Return ``text`` with the halves of characters beyond U+FFFF joined; a half alone becomes U+FFFD."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


_WORDS: Final[Mapping[str, Callable[[_Reader, int], None]]] = {
    "pard": _Reader._begin_paragraph,
    "outlinelevel": _Reader._outline,
    "u": _Reader._unicode,
    "chftn": _Reader._mark,
    "deff": _Reader._set_default_font,
    "ansicpg": _Reader._set_page,
    "mac": lambda reader, _: reader._set_page(10000),
    "pc": lambda reader, _: reader._set_page(437),
    "pca": lambda reader, _: reader._set_page(850),
}
"""Other words."""
