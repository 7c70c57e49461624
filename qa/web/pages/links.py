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
"""What each page is called, by its path."""

PURPOSES = {
    "mentions": "everything the documents say about something, counted",
    "overview": "what the documents name and state",
    "conflicts": "where documents state different numbers, dates or names",
    "grid": "the same questions asked of every document",
    "tracked": "asked again whenever the documents change",
    "changes": "which documents and sentences have changed",
}
"""What each page is for, in a few words."""

_SETTINGS = ("settings", "Settings", "models, limits, and what is indexed")


def links_html(*, owner: bool = False) -> str:
    """Return a list of links from the chat to the other pages, with what they are for; for an ``owner`` with
    the settings.
    """
    items = (
        f'<li><a href="{path}">{escape(name)}</a>: {escape(purpose)}</li>'
        for path, name, purpose in (
            *((path, name, PURPOSES[path]) for path, name in LINKS.items()),
            *([_SETTINGS] if owner else []),
        )
    )
    return f'<ul class="pages">{"".join(items)}</ul>'
