"""The choice beside the question box: which documents questions search."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from html import escape

import gradio as gr

from qa.errors import UserError
from qa.pipeline import Pipeline
from qa.web.ui.layout import Layout, Update
from qa.web.ui.session import SearchScope, Session

MAX_FOLDERS = 200
"""Folders that can be chosen, those with the most documents; in a longer list nobody finds one."""

SELECTION = "*"
"""The value of the choice while documents are ticked one by one; no file has this name in every system."""


class ScopeChoice:
    """Handlers of the choice."""

    def __init__(self, layout: Layout) -> None:
        """Use the components of ``layout``."""
        self._ui = layout

    def choose(self, session: Session, event: gr.EventData) -> Update:
        """Search a collection, a folder, or all documents. Its documents are ticked in the list."""
        name = str(event.name)
        if name != SELECTION:
            session = replace(session, scope=_scope(name, session))
        return {self._ui.session: session, **self.refresh(session)}

    def refresh(self, session: Session) -> Update:
        """Show what is searched now."""
        return {self._ui.scope_choice: choice_html(session.library.pipeline, session)}


def _scope(name: str, session: Session) -> SearchScope:
    """Return the scope of the documents called ``name``, in any period; an empty name stands for all."""
    try:
        only = session.library.pipeline.document_filter([name] if name else []).only
    except UserError:  # it is empty: the question says so
        only = None
    return SearchScope(only or frozenset(), chosen=name)


def choice_html(pipeline: Pipeline, session: Session) -> str:
    """Return the choice, which says what questions search."""
    total = len(pipeline.documents)
    chosen = session.scope.chosen or ("" if session.scope.is_everything else SELECTION)
    options = _option("", f"{total:,} document{'' if total == 1 else 's'}", chosen)
    if chosen == SELECTION:
        options += _option(SELECTION, _searched(session), chosen)
    collections = {name: _count(pipeline, name) for name in pipeline.collections}
    options += _group("Collections", collections, total, chosen)
    options += _group("Folders", _folders(pipeline.documents), total, chosen)
    return (
        '<div class="scope"><label for="searched">Search</label> '
        f'<select id="searched">{options}</select></div>'
    )


def _searched(session: Session) -> str:
    if session.scope.error:
        return session.scope.error
    return str(session.library.pipeline.describe(session.document_filter))


def _count(pipeline: Pipeline, name: str) -> int:
    try:
        return pipeline.describe(pipeline.document_filter([name])).documents
    except UserError:
        return 0


def _folders(ids: Iterable[str]) -> Mapping[str, int]:
    """Return the folders that hold most of the documents, by name, with how many are in each."""
    parents = (doc_id[: i + 1] for doc_id in ids for i, char in enumerate(doc_id) if char == "/")
    return dict(sorted(Counter(parents).most_common(MAX_FOLDERS)))


def _group(label: str, counts: Mapping[str, int], total: int, chosen: str) -> str:
    options = "".join(
        _option(name, f"{count:,} of {total:,}: {name}", chosen) for name, count in counts.items()
    )
    return f'<optgroup label="{label}">{options}</optgroup>' if options else ""


def _option(value: str, text: str, chosen: str) -> str:
    return f'<option value="{escape(value)}"{" selected" if value == chosen else ""}>{escape(text)}</option>'
