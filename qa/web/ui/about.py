"""The text about Attest for a visitor: what it searches, what it promises and what it cannot do."""

from collections import Counter
from datetime import datetime
from html import escape

from qa.index.index import Index
from qa.ingest.readers import suffix
from qa.web.pages.links import links_html

KINDS = 5
"""The kinds of documents that are named, the most frequent first."""


def about_html(index: Index, *, owner: bool) -> str:
    """Return the button and what it opens, over the documents of ``index``; for an ``owner`` with the way to
    the settings.
    """
    return (
        '<button type="button" class="act" popovertarget="about-attest">About Attest</button>'
        '<div id="about-attest" popover aria-labelledby="about-title"><h2 id="about-title">About Attest</h2>'
        f"<p><b>It searches</b> {_searched(index)}.</p>"
        "<p><b>It promises</b> that every sentence of an answer has a quote, cut word for word from a "
        "document that you can open at that place, and that it says so where the documents do not answer.</p>"
        "<p><b>It cannot</b> know anything but these documents, or judge which of two documents is right. It "
        "can overlook a passage or misjudge one, so read the quotes.</p>"
        "<p><b>It keeps</b> the documents that you add on this server only. The list of documents says for "
        "how long, and who can see them.</p>"
        f"{links_html(owner=owner)}"
        '<button type="button" popovertarget="about-attest" popovertargetaction="hide">Close</button></div>'
    )


def _searched(index: Index) -> str:
    count = len(index.documents)
    endings = Counter(suffix(source.path).removeprefix(".") for source in index.sources.values())
    named = [f"{n:,} .{escape(ending)}" for ending, n in endings.most_common(KINDS) if ending]
    more = sum(endings.values()) - sum(n for _, n in endings.most_common(KINDS))
    kinds = ", ".join([*named, *([f"{more:,} others"] if more else [])])
    written = datetime.fromisoformat(index.snapshot.written)
    documents = "one document" if count == 1 else f"{count:,} documents"
    return f"{documents}{f' ({kinds})' if kinds else ''}, last indexed on {written:%Y-%m-%d}"
