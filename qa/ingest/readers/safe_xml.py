"""Read XML that comes from strangers: nothing is fetched, entities are refused, all sizes are bounded."""

from lxml import etree

from qa.errors import UserError

_BEGINNING = 100_000
"""The bytes in which entities are looked for before anything is parsed."""

_MOST_DIGITS = 9
"""The digits of a number that counts anything in a document. Set by hand; Python reads a long one slowly."""


def parse_xml(data: bytes, name: str) -> etree._Element:
    """Return the root of an XML document; ``name`` is for the message.

    Raises:
        UserError: it is not well-formed, nested too deeply, or defines entities.
    """
    entities = UserError(f"it defines XML entities in {name}, which no document needs")
    if b"<!ENTITY" in data[:_BEGINNING]:
        raise entities
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise UserError(f"it is damaged ({name} cannot be read)") from error
    declared = root.getroottree().docinfo.internalDTD
    if declared is not None and any(True for _ in declared.iterentities()):  # type: ignore[union-attr]  # stubs lack it
        raise entities
    return root


def whole(value: str | None, otherwise: int) -> int:
    """Return a number that a file states, if it is one of a sensible size; else ``otherwise``."""
    return int(value) if value and value.isdecimal() and len(value) <= _MOST_DIGITS else otherwise
