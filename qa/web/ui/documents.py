"""The Documents tab: handlers that add, list and remove documents and choose which ones are searched."""

import datetime
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from queue import SimpleQueue
from weakref import WeakKeyDictionary

import gradio as gr

from qa.concurrency import Turns
from qa.errors import AttestError
from qa.ingest.left_out import by_reason
from qa.overview.questions import suggest_questions
from qa.pipeline import Pipeline
from qa.runtime import Runtime
from qa.uploads.actor import Actor
from qa.uploads.libraries import Libraries
from qa.uploads.library import Library
from qa.uploads.limits import Limits
from qa.web.security.owner import OwnerCheck
from qa.web.security.visits import Visits
from qa.web.ui import panels
from qa.web.ui.document_list_html import documents_html
from qa.web.ui.document_view import ListView, SortOrder, find
from qa.web.ui.downloads import Downloads
from qa.web.ui.gradio_uploads import Uploads
from qa.web.ui.layout import Layout, Update
from qa.web.ui.login import account_html
from qa.web.ui.session import SearchScope, Session

INDEXING = 2
"""Visitors whose documents are indexed at a time. Each keeps a processor core busy."""

MAX_SEARCH_CHARS = 200
"""The characters of a search that count. No title that somebody looks for is longer."""

POLL_SECONDS = 1.0
"""The time between two looks of a page that was loaded during an upload whether the documents are there."""


NOT_KEPT = "This file cannot be downloaded: only its text is kept."


class DocumentsTab:
    """Handlers for the documents of every visitor, beside those that ``parts`` shares."""

    def __init__(
        self,
        parts: Runtime,
        limits: Limits,
        layout: Layout,
        uploads: Uploads,
        downloads: Downloads,
        libraries: Libraries,
        visits: Visits,
        owner: OwnerCheck | None = None,
    ) -> None:
        """Give each reader, or each of the ``visits``, their library of the ``libraries``. From one that
        everybody has, ``owner`` lets owners remove everything.
        """
        self._parts = parts
        self._limits = limits
        self._ui = layout
        self._uploads = uploads
        self._downloads = downloads
        self._indexing = Turns(INDEXING)
        self._owner = owner
        self._libraries = libraries
        self._visits = visits
        # Until a session is opened, questions search the shared documents, and none can be added.
        layout.session.value = Session(Library(parts, limits, shared=True))
        layout.session.value.library.close()
        self._questions: WeakKeyDictionary[Pipeline, Sequence[str]] = WeakKeyDictionary()

    def open_session(self, request: gr.Request) -> Update:
        """Open a session, with the documents that the reader has, or that the visitor added before the page
        was reloaded.
        """
        visit = self._visits.token(request.request) if request.request else ""
        library = self._libraries.open(request.username or "", visit)
        session = Session(library, self._actor(request))
        return {
            self._ui.session: session,
            self._ui.account: account_html(request.username),
            self._ui.following: panels.version_html(library.version),
            **self.refresh(session),
        }

    def _actor(self, request: gr.Request) -> Actor:
        """Return who sent ``request``, by their account alone."""
        sent = request.request
        is_owner = self._owner is not None and sent is not None and not self._owner.refusal(sent)
        return Actor(request.username or "", is_owner)

    def add(
        self, files: Sequence[Mapping[str, object]], session: Session, request: gr.Request
    ) -> Iterator[Update]:
        """Index uploaded files and show the progress. The library has copies of those that it keeps."""
        ui, actor = self._ui, self._actor(request)
        paths = [path for each in files or () if self._uploads.holds(path := Path(str(each["path"])))]
        progress: SimpleQueue[str] = SimpleQueue()
        errors: list[str] = []
        report: list[str] = []

        def work() -> None:
            try:
                with self._indexing.place() as place:
                    for ahead in place.wait():
                        progress.put(panels.upload_queue_text(ahead))
                    result = session.library.add(
                        paths,
                        lambda done, of: progress.put(f"{done:,} of {of:,} sentences indexed"),
                        actor,
                    )
                report.append(panels.report_html([each.title for each in result.documents], result.failures))
            except AttestError as error:
                errors.append(str(error))
            finally:
                self._uploads.discard(paths)
                progress.put("")

        threading.Thread(target=work, daemon=True).start()
        reading = panels.status_html("Reading …")
        yield {ui.drop_zone: None, ui.upload_progress: reading, ui.upload_report: ""}
        listed = False
        while text := progress.get():
            while not progress.empty() and text:
                text = progress.get()
            if not text:
                break
            # Once the files are read, the list has a line for each; it stays until they are indexed.
            update = {} if listed else self.refresh(session)
            yield {ui.upload_progress: panels.status_html(text), **update}
            listed = session.library.busy
        yield {
            ui.upload_progress: panels.status_html(" ".join(errors)),
            ui.upload_report: "".join(report),
            **self.refresh(session),
        }

    def follow_uploads(self, session: Session) -> Iterator[Update]:
        """Show that documents are being added, for a page that was loaded meanwhile."""
        ui = self._ui
        report = ""
        while session.library.busy:
            yield {ui.upload_progress: panels.status_html("Reading …")}
            time.sleep(POLL_SECONDS)
            report = panels.report_html((), session.library.failures)
        yield {ui.upload_progress: "", ui.upload_report: report}

    def look(self, session: Session, header: str) -> Update:
        """Return the version of the documents, as they are now on all servers; nothing before the session is
        open, so that the page knows. If the ``header`` that the page has does not say what is there now, a
        new one comes with it.
        """
        if not session.library.is_open:
            return {self._ui.following: ""}
        session.library.refresh()
        counted = self.count(session)
        update = counted if counted[self._ui.header] != header else {}
        return {**update, self._ui.following: panels.version_html(session.library.version)}

    def refresh(self, session: Session, message: str = "") -> Update:
        """Show the documents as they are now: the list, their number, and questions to begin with."""
        return {self._ui.document_list: self._list_html(session, message), **self.count(session)}

    def count(self, session: Session) -> Update:
        """Show the number of documents, and questions to begin with."""
        documents = session.documents
        return {
            self._ui.header: panels.header_html(len(documents), self._parts.index.coverage),
            self._ui.welcome: panels.welcome_html(
                len(documents), self._questions.get(session.library.pipeline, ())
            ),
        }

    def suggest(self, session: Session) -> str:
        """Return what a visitor can do, with questions to begin with. They are looked for, which takes a
        second, once until the documents change.
        """
        pipeline = session.library.pipeline
        documents = pipeline.documents
        if pipeline not in self._questions:
            rows = session.library.listing()
            # Those of the visitor first: that is what they came to ask about.
            known = sorted((row for row in rows if row.id in documents), key=lambda row: not row.own)
            self._questions[pipeline] = suggest_questions(
                (documents[row.id] for row in known), pipeline.answers_from
            )
        return panels.welcome_html(len(documents), self._questions[pipeline])

    def remove(self, session: Session, event: gr.EventData, request: gr.Request) -> Update:
        """Remove one of the visitor's documents."""
        doc_id, message = str(event.document), ""
        try:
            session.library.remove(doc_id, self._actor(request))
        except AttestError as error:
            message = str(error)
        selected = session.scope.selected - {doc_id}
        scope = replace(session.scope, selected=selected)
        if not selected:
            scope = replace(scope, chosen="", own=())
        session = replace(session, scope=scope)
        return {self._ui.session: session, **self.refresh(session, message)}

    def download(self, session: Session, event: gr.EventData, request: gr.Request) -> Update:
        """Give the browser a link, for this reader alone, to the file of a document that is theirs."""
        doc_id = str(event.document)
        file = session.library.original(doc_id, self._actor(request))
        if file is None:
            return {self._ui.upload_progress: panels.status_html(NOT_KEPT)}
        link = self._downloads.offer(file, doc_id.rpartition("/")[2], request.username)
        return {self._ui.download: link, self._ui.upload_progress: ""}

    def browse(self, session: Session, event: gr.EventData) -> Update:
        """Show what the visitor looks for in the list, and search only the documents that are selected, and
        of them those dated in a period.
        """
        view = _parse_view(event)
        selected = set(session.scope.selected)
        for change in event.changes:
            match change["kind"]:
                case "add":
                    selected.add(str(change["document"]))
                case "drop":
                    selected.discard(str(change["document"]))
                case "found":
                    selected |= find(session.library.listing(), view).ids
                case "all":
                    selected.clear()
        known = frozenset(each for each in selected if each in session.documents)
        # Ticking or unticking a document of a collection leaves a selection of one's own.
        kept = session.scope if known == session.scope.selected else SearchScope()
        since, until = _parse_date(event.since), _parse_date(event.until)
        scope = replace(kept, selected=known, since=since, until=until)
        session = replace(session, scope=scope, view=view)
        return {self._ui.session: session, self._ui.document_list: self._list_html(session)}

    def _list_html(self, session: Session, message: str = "") -> str:
        return documents_html(
            session.library.listing(session.actor),
            session.scope,
            self._limits,
            shared=session.library.shared,
            accounts=bool(session.actor.name),
            lasts=session.library.lasts,
            keeps_originals=session.library.keeps_originals,
            view=session.view,
            left_out=by_reason(session.library.left_out),
            message=message or session.library.trouble,
            version=session.library.version,
        )


def _parse_view(event: gr.EventData) -> ListView:
    """Return what a browser asks the list to show; an order that is none is the usual one."""
    return ListView(
        search=str(event.search)[:MAX_SEARCH_CHARS],
        folder=str(event.folder),
        sort=next((each for each in SortOrder if each == event.sort), SortOrder.FOLDER),
        page=int(event.page),
        revision=int(event.revision),
    )


def _parse_date(text: object) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(str(text))
    except ValueError:
        return None
