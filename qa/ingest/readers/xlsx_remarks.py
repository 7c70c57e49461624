"""The remarks of a sheet beside its cells: comments, charts and texts in shapes."""

from collections.abc import Iterator

from lxml import etree

from qa.ingest.readers.ooxml import Package
from qa.ingest.readers.ooxml_chart import chart_text
from qa.ingest.readers.ooxml_drawing import paragraphs

_THREAD = "tc="
"""The beginning of the author of a comment that only repeats a thread, for older programs."""


def comments_of(package: Package, sheet: str) -> Iterator[tuple[str, str]]:
    """Yield the cell of each comment on a sheet, such as ``B3``, and its text with its author."""
    people = _people(package)
    for root in package.related_roots(sheet, "comments", "threadedComment"):
        authors = ["".join(map(str, each.itertext())) for each in root.iter("{*}author")]
        for comment in root.iter("{*}comment"):
            index = comment.get("authorId", "")
            author = authors[int(index)] if index.isdecimal() and int(index) < len(authors) else ""
            if not author.startswith(_THREAD):
                yield comment.get("ref", ""), _said(author, comment)
        for comment in root.iter("{*}threadedComment"):
            yield comment.get("ref", ""), _said(people.get(comment.get("personId", ""), ""), comment)


def _said(author: str, comment: etree._Element) -> str:
    text = comment.find("{*}text")
    words = "" if text is None else "".join(each.text or "" for each in text.iter("{*}t", "{*}text")).strip()
    if not words or not author or words.startswith(f"{author}:"):
        return words
    return f"{author}: {words}"


def _people(package: Package) -> dict[str, str]:
    return {
        person.get("id", ""): person.get("displayName", "")
        for root in package.related_roots(package.main, "person")
        for person in root.iter("{*}person")
    }


def charts_of(package: Package, sheet: str) -> Iterator[str]:
    """Yield the text of each chart on a sheet, and of the shapes that have text."""
    for drawing in package.relations_of(sheet, "drawing"):
        root = package.root(drawing.part)
        if root is None:
            continue
        yield from map(chart_text, package.related_roots(drawing.part, "chart", "chartEx"))
        for body in root.iter("{*}txBody"):
            yield "\n".join(paragraphs(body))
