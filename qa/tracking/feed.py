"""Changes as an Atom feed (RFC 4287). Pure."""

import re
from collections.abc import Sequence
from xml.etree import ElementTree

from qa.tracking.values import Change
from qa.tracking.wording import change_text

MEDIA_TYPE = "application/atom+xml"

_ATOM = "http://www.w3.org/2005/Atom"

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that no XML document may have (XML 1.0, "Characters")."""


def atom_feed(changes: Sequence[Change], address: str, pages: str) -> bytes:
    """Return the feed of ``changes``, the newest first, that is at ``address``. The page of a question is at
    ``pages`` followed by a slash and its id.
    """
    ElementTree.register_namespace("", _ATOM)
    feed = ElementTree.Element(f"{{{_ATOM}}}feed")
    _add(feed, "id", address)
    _add(feed, "title", "Attest: tracked questions")
    _add(feed, "updated", changes[0].found if changes else "1970-01-01T00:00:00+00:00")
    _add(_add(feed, "author"), "name", "Attest")
    _add(feed, "link", rel="self", href=address)
    for change in changes:
        entry = _add(feed, "entry")
        _add(entry, "id", f"urn:uuid:{change.id}")
        _add(entry, "title", change.question.text)
        _add(entry, "updated", change.found)
        _add(entry, "link", href=f"{pages}/{change.question.id}")
        _add(entry, "content", change_text(change), type="text")
    written: bytes = ElementTree.tostring(feed, encoding="utf-8", xml_declaration=True)
    return written


def _add(parent: ElementTree.Element, name: str, text: str = "", **attributes: str) -> ElementTree.Element:
    added = ElementTree.SubElement(parent, f"{{{_ATOM}}}{name}", attributes)
    added.text = _NOT_XML.sub("", text) or None
    return added
