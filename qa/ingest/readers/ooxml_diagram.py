"""SmartArt: the texts of a diagram, in the order of its outline."""

from collections.abc import Iterator

from lxml import etree

from qa.ingest.readers.ooxml import tag
from qa.ingest.readers.ooxml_drawing import paragraphs
from qa.ingest.readers.safe_xml import whole


def diagram_texts(data: etree._Element) -> Iterator[str]:
    """Yield the text of each point of a diagram's data, parents before their children."""
    points = {each.get("modelId", ""): each for each in data.iter(tag("dgm:pt"))}
    children: dict[str, list[tuple[int, str]]] = {}
    for link in data.iter(tag("dgm:cxn")):
        if link.get("type", "parOf") == "parOf":
            place = whole(link.get("srcOrd"), 0)
            children.setdefault(link.get("srcId", ""), []).append((place, link.get("destId", "")))
    below = {child for links in children.values() for _, child in links}
    waiting = [each for each in reversed(points) if each not in below]
    seen: set[str] = set()
    while waiting:
        point = waiting.pop()
        if point in seen or point not in points:
            continue
        seen.add(point)
        waiting += [child for _, child in sorted(children.get(point, ()), reverse=True)]
        body = points[point].find(tag("dgm:t"))
        if body is not None:
            yield from paragraphs(body)
