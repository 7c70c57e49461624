"""Write the documents that answers cite for reference managers: BibTeX, RIS and CSL-JSON. Pure.

The files have what is known about a document: title, authors, date, publisher, place, language, and the path
of its file among the indexed ones. Names are taken as they stand: nothing says which of their words is the
family name.
"""

import json
import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import count

import rispy
from bibtexparser.entrypoint import write_string
from bibtexparser.library import Library
from bibtexparser.model import Entry, Field

from qa.errors import UserError
from qa.schema import Answer, Document
from qa.verification.integrity import check_quotes

_TEX = str.maketrans(
    {
        **{char: f"\\{char}" for char in "&%$#_"},
        # BibTeX counts the braces of a value even where a backslash stands before them.
        "{": r"\textbraceleft ",
        "}": r"\textbraceright ",
        "\\": r"\textbackslash ",
        "~": r"\textasciitilde ",
        "^": r"\textasciicircum ",
    }
)
"""Characters that TeX takes for commands, as they have to be written. All other letters stand as they are, in
UTF-8."""


def cited_documents(answers: Iterable[Answer], documents: Mapping[str, Document]) -> list[Document]:
    """Return the documents that ``answers`` quote, each once, in the order in which they are quoted first.

    Raises:
        AttestError: a quote differs from its document at its offsets, or the document does not exist.
        UserError: no answer quotes a document.
    """
    quotes = [quote for answer in answers for quote in answer.quotes]
    check_quotes(quotes, documents)
    cited = dict.fromkeys(quote.span.doc_id for quote in quotes)
    if not cited:
        raise UserError("No answer cites a document, so there are no references to export")
    return [documents[doc_id] for doc_id in cited]


def bibtex(documents: Sequence[Document]) -> str:
    """Return ``documents`` as BibTeX, each under a key made from the name of its file."""
    library = Library()
    keys: set[str] = set()
    for document in documents:
        keys.add(key := _key(document.id, keys))
        fields = {
            # Braces inside those of the field keep capitals, and a name in one piece.
            "title": f"{{{_tex(document.title)}}}",
            "author": " and ".join(f"{{{_tex(name)}}}" for name in _authors(document)),
            "year": document.date[:4] if document.date else "",
            "date": document.date or "",
            "publisher": _tex(document.publisher),
            "address": _tex(document.place),
            "language": document.language,
            "file": _tex(document.id),
        }
        library.add(Entry("misc", key, [Field(name, value) for name, value in fields.items() if value]))
    return write_string(library)


def ris(documents: Sequence[Document]) -> str:
    """Return ``documents`` as RIS."""
    return str(rispy.dumps([_ris_record(document) for document in documents], implementation=_RisWriter))


def csl_json(documents: Sequence[Document]) -> str:
    """Return ``documents`` as the JSON of the Citation Style Language (CSL)."""
    records = [_csl_record(document) for document in documents]
    return json.dumps(records, ensure_ascii=False, indent=2) + "\n"


class _RisWriter(rispy.RisWriter):  # type: ignore[misc]  # rispy has no types
    """A writer without the numbers over records, which are no part of RIS."""

    def set_header(self, count: int) -> str:
        """Return nothing to stand over a record."""
        return ""


def _ris_record(document: Document) -> dict[str, object]:
    record: dict[str, object] = {
        "type_of_reference": "GEN",
        "title": _line(document.title),
        "authors": _authors(document),
        "year": document.date[:4] if document.date else "",
        # RIS dates have three slashes: year, month, day and a remark, which may all be empty but the first.
        "date": "/".join([*_date_parts(document), "", "", ""][:3]) + "/" if document.date else "",
        "publisher": _line(document.publisher),
        "place_published": _line(document.place),
        "language": document.language,
        "file_attachments1": _line(document.id),
    }
    return {name: value for name, value in record.items() if value}


def _csl_record(document: Document) -> dict[str, object]:
    record: dict[str, object] = {
        "id": document.id,
        "type": "document",
        "title": _line(document.title),
        "author": [{"literal": name} for name in _authors(document)],
        "issued": {"date-parts": [[int(part) for part in _date_parts(document)]]} if document.date else None,
        "publisher": _line(document.publisher),
        "publisher-place": _line(document.place),
        "language": document.language,
        "archive_location": document.id,
    }
    return {name: value for name, value in record.items() if value}


def _authors(document: Document) -> list[str]:
    """Return the names of the authors, between which documents put semicolons."""
    return [name for part in (document.author or "").split(";") if (name := _line(part))]


def _date_parts(document: Document) -> list[str]:
    """Return year, month and day as far as they are known, with their leading zeros."""
    return document.date.split("-") if document.date else []


def _key(doc_id: str, used: Collection[str]) -> str:
    """Return a BibTeX key for a document that is not ``used``: letters and digits of its file's name."""
    plain = (
        unicodedata.normalize("NFKD", doc_id.rpartition("/")[2].partition(".")[0])
        .encode("ascii", "ignore")
        .decode()
    )
    stem = re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-") or "document"
    return next(key for i in count(1) if (key := stem if i == 1 else f"{stem}-{i}") not in used)


def _line(text: str | None) -> str:
    """Return ``text`` on one line; empty for None."""
    return " ".join((text or "").split())


def _tex(text: str | None) -> str:
    return _line(text).translate(_TEX)
