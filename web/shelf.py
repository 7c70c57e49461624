"""What a visitor does with documents: bring them, take them away, choose which ones are asked."""

import datetime
import secrets
import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from queue import SimpleQueue
from weakref import WeakValueDictionary

import gradio as gr
from gradio.blocks import Block

from qa.assemble import Parts
from qa.errors import AttestError
from web import panels
from web.layout import Layout
from web.library import Library
from web.uploads import Limits
from web.visit import Scope, Visit

Shown = dict[Block, object]
"""New values of components; those it leaves out stay as they are."""


class Shelf:
    """The documents of every visitor, over what ``parts`` shares."""

    def __init__(self, parts: Parts, limits: Limits, layout: Layout, *, shared: bool) -> None:
        """Libraries over ``parts``: one a visitor, or, where it is ``shared``, one for all."""
        self._parts = parts
        self._limits = limits
        self._at = layout
        self._everybodys = Library(parts, limits) if shared else None
        # A library is there as long as a visit holds it; Gradio drops a visit an hour after its page closed.
        self._libraries: WeakValueDictionary[str, Library] = WeakValueDictionary()

    def arrive(self, visitor: object) -> Shown:
        """A visitor, with the documents they have if the page was loaded before."""
        library = self._everybodys or self._libraries.get(visitor if isinstance(visitor, str) else "")
        secret = visitor
        if library is None:
            secret, library = secrets.token_urlsafe(), Library(self._parts, self._limits)
            self._libraries[secret] = library
        visit = Visit(library, shared=self._everybodys is not None)
        return {self._at.visitor: secret, self._at.visit: visit, self._at.documents: self._html(visit)}

    def add(self, files: Sequence[str], visit: Visit) -> Iterator[Shown]:
        """Index the files that were uploaded, telling how far it has come. The uploads are not kept."""
        at = self._at
        paths = [Path(file) for file in files]
        progress: SimpleQueue[str] = SimpleQueue()
        trouble: list[str] = []

        def work() -> None:
            try:
                visit.library.add(paths, lambda done, of: progress.put(f"{done:,} of {of:,} sentences read"))
            except AttestError as error:
                trouble.append(str(error))
            finally:
                for path in paths:
                    path.unlink(missing_ok=True)
                progress.put("")

        threading.Thread(target=work, daemon=True).start()
        yield {at.drop: None, at.documents: self._html(visit, busy="Reading …")}
        while said := progress.get():
            while not progress.empty() and said:
                said = progress.get()
            if not said:
                break
            yield {at.documents: self._html(visit, busy=said)}
        yield {at.documents: self._html(visit, busy=" ".join(trouble))}

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
        """Ask only the documents that are ticked, or of a span of time."""
        chosen = frozenset(str(each) for each in event.documents if str(each) in visit.documents)
        visit = replace(visit, scope=Scope(chosen, _date(event.since), _date(event.until)))
        return {self._at.visit: visit, self._at.documents: self._html(visit)}

    def _html(self, visit: Visit, busy: str = "") -> str:
        rows = visit.library.listing()
        return panels.documents_html(rows, visit.scope, self._limits, shared=visit.shared, busy=busy)


def _date(text: object) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(str(text))
    except ValueError:
        return None
