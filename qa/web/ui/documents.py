"""What a visitor does with documents: bring them, take them away, choose which ones are asked."""

import datetime
import secrets
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from html import escape
from pathlib import Path
from queue import SimpleQueue
from weakref import WeakValueDictionary

import gradio as gr

from qa.concurrency import Turns
from qa.errors import AttestError
from qa.runtime import Runtime
from qa.uploads.index import UploadIndex
from qa.uploads.library import Library
from qa.uploads.limits import Limits, Quota
from qa.web.ui import answer_html, panels
from qa.web.ui.gradio_uploads import Uploads
from qa.web.ui.layout import Layout, Shown
from qa.web.ui.session import Scope, Visit

INDEXING = 2
"""Visitors whose documents are indexed at a time; each keeps a processor core busy."""

LOOK_UP_SECONDS = 1.0
"""How often a page that was loaded while documents were added looks whether they are there."""


class Shelf:
    """The documents of every visitor, over what ``parts`` shares."""

    def __init__(
        self,
        parts: Runtime,
        limits: Limits,
        layout: Layout,
        uploads: Uploads,
        shared_uploads: UploadIndex | None = None,
    ) -> None:
        """Libraries over ``parts``: one a visitor, or one for all, of what is ``shared_uploads``."""
        self._parts = parts
        self._limits = limits
        self._at = layout
        self._uploads = uploads
        self._indexing = Turns(INDEXING)
        self._quota = Quota(limits.all_visitors_bytes)
        self._everybodys = Library(parts, limits, shared_uploads=shared_uploads) if shared_uploads else None
        # Whoever asks before the page has told who they are asks the shared documents, and can add none.
        layout.visit.value = Visit(Library(parts, limits), shared=True)
        layout.visit.value.library.close()
        # A library is there as long as a visit holds it; Gradio drops a visit an hour after its page closed.
        self._libraries: WeakValueDictionary[str, Library] = WeakValueDictionary()

    def arrive(self, visitor: object) -> Shown:
        """A visitor, with the documents they have if the page was loaded before."""
        library = self._everybodys or self._libraries.get(visitor if isinstance(visitor, str) else "")
        secret = visitor
        if library is None:
            secret, library = secrets.token_urlsafe(), Library(self._parts, self._limits, self._quota)
            self._libraries[secret] = library
        visit = Visit(library, shared=self._everybodys is not None)
        return {
            self._at.visitor: secret,
            self._at.visit: visit,
            self._at.documents: self._html(visit),
            self._at.header: answer_html.header_html(len(self._parts.index.documents)),
        }

    def add(self, sent: Sequence[Mapping[str, object]], visit: Visit) -> Iterator[Shown]:
        """Index the files that were sent, telling how far it has come. They themselves are not kept."""
        at = self._at
        paths = [path for each in sent or () if self._uploads.holds(path := Path(str(each["path"])))]
        progress: SimpleQueue[str] = SimpleQueue()
        trouble: list[str] = []

        def work() -> None:
            try:
                with self._indexing.place() as place:
                    for ahead in place.wait():
                        progress.put(f"Waiting: {_uploads(ahead)} before yours")
                    visit.library.add(
                        paths, lambda done, of: progress.put(f"{done:,} of {of:,} sentences read")
                    )
            except AttestError as error:
                trouble.append(str(error))
            finally:
                self._uploads.discard(paths)
                progress.put("")

        threading.Thread(target=work, daemon=True).start()
        yield {at.drop: None, at.bringing: _busy("Reading …")}
        listed = False
        while said := progress.get():
            while not progress.empty() and said:
                said = progress.get()
            if not said:
                break
            # Once the files have been read, the list has a line for each; until they are indexed it stays.
            yield {at.bringing: _busy(said), **({} if listed else self.show(visit))}
            listed = visit.library.busy
        yield {at.bringing: _busy(" ".join(trouble))}

    def follow(self, visit: Visit) -> Iterator[Shown]:
        """What becomes of documents that are being added while the page is loaded."""
        at = self._at
        while visit.library.busy:
            yield {at.bringing: _busy("Reading …")}
            time.sleep(LOOK_UP_SECONDS)
        yield {at.bringing: ""}

    def show(self, visit: Visit) -> Shown:
        """The list of documents as it is now."""
        return {self._at.documents: self._html(visit)}

    def remove(self, visit: Visit, event: gr.EventData) -> Shown:
        """Take away one of the visitor's documents."""
        doc_id, said = str(event.document), ""
        try:
            visit.library.remove(doc_id)
        except AttestError as error:
            said = str(error)
        visit = replace(visit, scope=replace(visit.scope, chosen=visit.scope.chosen - {doc_id}))
        return {self._at.visit: visit, self._at.documents: self._html(visit, busy=said)}

    def choose(self, visit: Visit, event: gr.EventData) -> Shown:
        """Ask only the documents that are ticked, and of them those of a span of time."""
        chosen = frozenset(str(each) for each in event.documents if str(each) in visit.documents)
        visit = replace(visit, scope=Scope(chosen, _date(event.since), _date(event.until)))
        return {self._at.visit: visit, self._at.documents: self._html(visit)}

    def _html(self, visit: Visit, busy: str = "") -> str:
        rows = visit.library.listing()
        said = busy or visit.library.trouble
        return panels.documents_html(rows, visit.scope, self._limits, shared=visit.shared, busy=said)


def _busy(said: str) -> str:
    return f'<p class="note" role="status">{escape(said)}</p>'


def _uploads(number: int) -> str:
    return "1 upload comes" if number == 1 else f"{number:,} uploads come"


def _date(text: object) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(str(text))
    except ValueError:
        return None
