"""The choice beside the question box: which documents questions search, and a reader's own collections."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from html import escape

import gradio as gr

from qa.errors import UserError
from qa.pipeline import Pipeline
from qa.uploads.collections import NAME_CHARS, CollectionFile, Names
from qa.web.ui.layout import Layout, Update
from qa.web.ui.session import SearchScope, Session

MAX_FOLDERS = 200
"""Folders that can be chosen, those with the most documents; in a longer list nobody finds one."""

SELECTION = "*"
"""The value of the choice while documents are ticked one by one; no file has this name in every system."""

OWN = "own:"
"""The prefix of the name of a reader's own collection in the values of the choice."""

ReaderCollections = Callable[[str], CollectionFile]
"""Returns the collections of the reader with an account of this name."""


class ScopeChoice:
    """Handlers of the choice."""

    def __init__(self, layout: Layout, collections: ReaderCollections | None = None) -> None:
        """Use the components of ``layout``. With ``collections``, readers with accounts make their own."""
        self._ui = layout
        self._collections = collections

    def choose(self, session: Session, event: gr.EventData, request: gr.Request) -> Update:
        """Search a collection, a folder, or all documents. Its documents are ticked in the list."""
        name = str(event.name)
        if name != SELECTION:
            session = replace(session, scope=_scope(name, session, self._own(request.username)))
        return self._show(session, request)

    def save(self, session: Session, event: gr.EventData, request: gr.Request) -> Update:
        """Save what is selected as a collection of the reader's own, and search it."""
        scope, name = session.scope, str(event.name)
        folder = (scope.chosen,) if scope.chosen.endswith("/") else ()
        try:
            _check_free(name, session)
            saved = self._file(request).save(name, folder or tuple(sorted(scope.selected)))
        except UserError as error:
            return self._refuse(session, error, request)
        scope = _scope(OWN + saved, session, self._own(request.username))
        return self._tell(session, replace(scope, outcome=f"Saved as {saved}."), request)

    def rename(self, session: Session, event: gr.EventData, request: gr.Request) -> Update:
        """Rename the collection that is searched."""
        name = str(event.name)
        try:
            _check_free(name, session)
            name = self._file(request).rename(session.scope.chosen, name)
        except UserError as error:
            return self._refuse(session, error, request)
        scope = replace(session.scope, chosen=name, outcome=f"Renamed to {name}.")
        return self._tell(session, scope, request)

    def remove(self, session: Session, request: gr.Request) -> Update:
        """Remove the collection that is searched, and search all documents."""
        name = session.scope.chosen
        try:
            self._file(request).remove(name)
        except UserError as error:
            return self._refuse(session, error, request)
        outcome = f"The collection {name} was removed; its documents are still here."
        return self._tell(session, SearchScope(outcome=outcome), request)

    def refresh(self, session: Session, request: gr.Request) -> Update:
        """Show what is searched now."""
        html = choice_html(session.library.pipeline, session, self._own(request.username))
        return {self._ui.scope_choice: html}

    def _tell(self, session: Session, scope: SearchScope, request: gr.Request) -> Update:
        """Search ``scope``, and show what was done to a collection."""
        return self._show(replace(session, scope=scope), request, is_done=True)

    def _refuse(self, session: Session, error: UserError, request: gr.Request) -> Update:
        """Show why a collection was not changed."""
        return self._show(replace(session, scope=replace(session.scope, outcome=f"{error}.")), request)

    def _show(self, session: Session, request: gr.Request, *, is_done: bool = False) -> Update:
        html = choice_html(session.library.pipeline, session, self._own(request.username), is_done=is_done)
        return {self._ui.session: session, self._ui.scope_choice: html}

    def _file(self, request: gr.Request) -> CollectionFile:
        """Return the collections of who sent ``request``, by their account alone.

        Raises:
            UserError: they have no account.
        """
        if self._collections is None or not request.username:
            raise UserError("Collections of your own need an account on this server")
        return self._collections(request.username)

    def _own(self, reader: str | None) -> Names | None:
        """Return the collections of a reader; None for a visitor without an account, who can have none."""
        return self._collections(reader).read() if self._collections and reader else None


def _check_free(name: str, session: Session) -> None:
    """Check that no collection of the server's owner is called ``name``.

    Raises:
        UserError: there is one.
    """
    plain = " ".join(name.split())
    if plain.casefold() in map(str.casefold, session.library.pipeline.collections):
        raise UserError(f"There is a collection called {plain} already; choose another name")


def _scope(name: str, session: Session, own: Names | None) -> SearchScope:
    """Return the scope of the documents called ``name``, in any period; an empty name stands for all."""
    try:
        if name.startswith(OWN):
            chosen = name.removeprefix(OWN)
            names = (own or {}).get(chosen, ())
            if not names:
                return SearchScope()
            scope = SearchScope(chosen=chosen, own=names)
            return replace(scope, selected=session.members(chosen, names))
        only = session.library.pipeline.document_filter([name] if name else []).only
    except UserError:  # it is empty: the question says so
        return scope if name.startswith(OWN) else SearchScope(chosen=name)
    return SearchScope(only or frozenset(), chosen=name)


def choice_html(
    pipeline: Pipeline, session: Session, own: Names | None = None, *, is_done: bool = False
) -> str:
    """Return the choice, which says what questions search; for a reader who can have ``own`` collections,
    with the forms that save, rename and remove them, and the outcome of the last one. If ``is_done``, it has
    just been carried out, and its form is no longer needed.
    """
    total, scope = len(pipeline.documents), session.scope
    chosen = scope.chosen or ("" if scope.is_everything else SELECTION)
    if scope.own:
        chosen = OWN + scope.chosen
    options = _option("", f"{total:,} document{'' if total == 1 else 's'}", chosen)
    if chosen == SELECTION:
        options += _option(SELECTION, _searched(session), chosen)
    # What is searched stays in the list after another page has removed or renamed it.
    named = {**(own or {}), **({scope.chosen: scope.own} if scope.own else {})}
    counts = {name: (_count_own(session, name, names), OWN + name) for name, names in named.items()}
    options += _group("My collections", counts, total, chosen)
    collections = {name: (_count(pipeline, name), name) for name in pipeline.collections}
    options += _group("Collections", collections, total, chosen)
    folders = {name: (count, name) for name, count in _folders(pipeline.documents).items()}
    options += _group("Folders", folders, total, chosen)
    forms = "" if own is None else _forms_html(scope, is_done)
    return (
        '<div class="scope"><label for="searched">Search</label> '
        f'<select id="searched">{options}</select>{forms}</div>'
    )


def _forms_html(scope: SearchScope, is_done: bool) -> str:
    """Return the form that fits what is searched, and the outcome of the last one."""
    form = ""
    if scope.own:
        form = _form_html(
            "rename",
            "Change this collection",
            scope.chosen,
            '<button>Rename</button><button type="button" data-act="remove">Remove</button>',
        )
    elif scope.selected and (not scope.chosen or scope.chosen.endswith("/")):
        form = _form_html("save", "Save as a collection", "", "<button>Save</button>")
    done = " data-done" if is_done else ""
    return f'{form}<p class="note" role="status"{done}>{escape(scope.outcome)}</p>'


def _form_html(act: str, label: str, name: str, buttons: str) -> str:
    return (
        f'<details><summary>{label}</summary><form data-act="{act}"><label>Name <input name="name"'
        f' value="{escape(name)}" maxlength="{NAME_CHARS}" required></label>{buttons}</form></details>'
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


def _count_own(session: Session, name: str, names: Iterable[str]) -> int:
    try:
        return len(session.members(name, tuple(names)))
    except UserError:
        return 0


def _folders(ids: Iterable[str]) -> Mapping[str, int]:
    """Return the folders that hold most of the documents, by name, with how many are in each."""
    parents = (doc_id[: i + 1] for doc_id in ids for i, char in enumerate(doc_id) if char == "/")
    return dict(sorted(Counter(parents).most_common(MAX_FOLDERS)))


def _group(label: str, counts: Mapping[str, tuple[int, str]], total: int, chosen: str) -> str:
    """Return the options of a group: of each name, the number of its documents and its value."""
    options = "".join(
        _option(value, f"{count:,} of {total:,}: {name}", chosen) for name, (count, value) in counts.items()
    )
    return f'<optgroup label="{label}">{options}</optgroup>' if options else ""


def _option(value: str, text: str, chosen: str) -> str:
    return f'<option value="{escape(value)}"{" selected" if value == chosen else ""}>{escape(text)}</option>'
