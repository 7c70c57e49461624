"""The pages beside the chat. Pure."""

from html import escape

LINKS = {
    "mentions": "Every mention",
    "overview": "Overview",
    "conflicts": "Conflicts",
    "grid": "Grid",
    "tracked": "Tracked questions",
    "changes": "Changes",
}
"""The title of each page, by its path."""

PURPOSES = {
    "mentions": "everything the documents say about something, counted",
    "overview": "what the documents name and state",
    "conflicts": "where documents state different numbers, dates or names",
    "grid": "the same questions asked of every document",
    "tracked": "asked again whenever the documents change",
    "changes": "which documents and sentences have changed",
}
"""The use of each page, in a few words."""

_OWNER_LINKS = {"settings": "Settings"}
_OWNER_PURPOSES = {"settings": "models, limits, and what is indexed"}


def page_links(*, owner: bool) -> dict[str, str]:
    """Return what each page is called, by its path; the settings are for an ``owner`` only."""
    return {**LINKS, **(_OWNER_LINKS if owner else {})}


def links_html(*, owner: bool = False) -> str:
    """Return a list of links from the chat to the other pages, with what they are for; for an ``owner`` with
    the settings.
    """
    purposes = {**PURPOSES, **_OWNER_PURPOSES}
    items = (
        f'<li><a href="{path}">{escape(name)}</a>: {escape(purposes[path])}</li>'
        for path, name in page_links(owner=owner).items()
    )
    return f'<ul class="pages">{"".join(items)}</ul>'
