"""The metadata in the head of a page: title, author, publisher, date."""

import json
from collections import deque
from collections.abc import Mapping

from lxml import etree

from qa.ingest.readers.html_text import Styles, line_of

_KNOWN: Mapping[str, tuple[str, ...]] = {
    "title": ("og:title", "dc.title"),
    "author": ("author", "dc.creator", "article:author"),
    "publisher": ("og:site_name", "dc.publisher"),
    "date": (
        *("article:published_time", "datepublished", "dc.date.issued", "dcterms.issued"),
        *("citation_publication_date", "date", "dc.date", "dcterms.date"),
    ),
}
"""The names under which pages give their metadata, the most reliable first."""

_MAX_NODES = 10_000
"""The values of a page's linked data (JSON-LD) that are looked at. Set by hand."""


def metadata_of(root: etree._Element) -> dict[str, object]:
    """Return the metadata of a page, and its first top-level heading."""
    said = {
        (each.get("name") or each.get("property") or each.get("itemprop") or "").lower(): each.get("content")
        for each in root.iter("meta")
    }
    for time in root.iter("time"):
        if time.get("itemprop") == "datePublished" or "pubdate" in time.attrib:
            said.setdefault("datepublished", time.get("datetime"))
    known: dict[str, object] = {}
    for what, names in _KNOWN.items():
        if value := next((said[name] for name in names if said.get(name)), None):
            known[what] = value
    if "date" not in known and (date := _linked_date(root)):
        known["date"] = date
    for what, tag in (("title", "title"), ("heading", "h1")):
        text = next((line_of(each, Styles()) for each in root.iter(tag)), "")
        if text and what not in known:
            known[what] = text
    return known


def _linked_date(root: etree._Element) -> str | None:
    """Return the uppermost ``datePublished`` of the page's linked data."""
    waiting: deque[object] = deque()
    for script in root.iter("script"):
        if script.get("type") == "application/ld+json":
            try:
                waiting.append(json.loads(script.text or ""))
            except ValueError:
                continue
    for _ in range(_MAX_NODES):
        if not waiting:
            break
        node = waiting.popleft()
        if isinstance(node, dict):
            if isinstance(date := node.get("datePublished"), str):
                return date
            waiting.extend(node.values())
        elif isinstance(node, list):
            waiting.extend(node)
    return None
