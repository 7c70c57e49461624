"""What stands on a sheet beside its cells: comments, charts and texts in shapes."""

from collections.abc import Iterator

from lxml import etree

from qa.ingest.readers.ooxml import Package, tag
from qa.ingest.readers.ooxml_chart import chart_text

_THREAD = "tc="
"""How the author of a comment begins that only repeats a thread, for older programs."""


def comments_of(package: Package, sheet: str) -> Iterator[tuple[str, str]]:
    """Yield the cell of each comment on a sheet, such as ``B3``, and its text with its author."""
    people = _people(package)
    for relation in package.relations(sheet).values():
        root = package.root(relation.part) if relation.kind in {"comments", "threadedComment"} else None
        if root is None:
            continue
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
    roots = [package.root(each.part) for each in package.related(package.main, "person")]
    return {
        person.get("id", ""): person.get("displayName", "")
        for root in roots
        if root is not None
        for person in root.iter("{*}person")
    }


def charts_of(package: Package, sheet: str) -> Iterator[str]:
    """Yield the text of each chart on a sheet, and of the shapes that have text."""
    for drawing in package.related(sheet, "drawing"):
        root = package.root(drawing.part)
        if root is None:
            continue
        for relation in package.relations(drawing.part).values():
            chart = package.root(relation.part) if relation.kind in {"chart", "chartEx"} else None
            if chart is not None:
                yield chart_text(chart)
        for body in root.iter("{*}txBody"):
            lines = (
                "".join(each.text or "" for each in line.iter(tag("a:t"))) for line in body.iter(tag("a:p"))
            )
            yield "\n".join(line for line in lines if line.strip())
