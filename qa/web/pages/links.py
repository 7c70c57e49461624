"""The pages beside the chat. Pure."""

from html import escape

LINKS = {
    "mentions": "Every mention",
    "overview": "Overview",
    "conflicts": "Conflicts",
    "grid": "Grid",
    "tracked": "Tracked",
    "changes": "Changes",
}
"""What each page is called, by its path."""

PURPOSES = {
    "mentions": "everything the documents say about something, counted",
    "overview": "what is in the documents",
    "conflicts": "where documents state different numbers, dates or names",
    "grid": "many questions to every document",
    "tracked": "questions that are asked again when documents change",
    "changes": "which documents and sentences changed",
}
"""What each page is for, in a few words."""


def links_html() -> str:
    """Return a list of links from the chat to the other pages, with what they are for."""
    items = (
        f'<li><a href="{path}">{escape(name)}</a>: {escape(PURPOSES[path])}</li>'
        for path, name in LINKS.items()
    )
    return f'<ul class="pages">{"".join(items)}</ul>'
