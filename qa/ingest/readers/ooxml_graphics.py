"""Charts and diagrams (SmartArt) in a text or on a slide, which are parts of their own."""

from collections.abc import Iterator
from typing import Final

from lxml import etree

from qa.ingest.readers.ooxml import Package, tag
from qa.ingest.readers.ooxml_chart import chart_text
from qa.ingest.readers.ooxml_diagram import diagram_texts

_DIAGRAM: Final = tag("dgm:relIds")

GRAPHICS: Final = frozenset({tag("c:chart"), tag("cx:chart"), _DIAGRAM})
"""The elements that stand where a chart or a diagram is shown."""


def graphic_texts(package: Package, part: str, element: etree._Element) -> Iterator[str]:
    """Yield the texts of the chart or diagram that an element in ``part`` refers to, if it is there."""
    is_diagram = element.tag == _DIAGRAM
    root = package.referred_root(part, element.get(tag("r:dm" if is_diagram else "r:id"), ""))
    if root is not None:
        yield from diagram_texts(root) if is_diagram else [chart_text(root)]
