"""The page of tracked questions: what is new, the history of each answer, and the texts it was cut from."""

from collections.abc import Callable, Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.concurrency import run_in_threadpool

from qa.errors import AttestError, UserError
from qa.schema import Document, Quote
from qa.tracking.compare import few_words, main_quote
from qa.tracking.sheet import history_sheet
from qa.tracking.store import NO_LONGER_KEPT, TrackingStore
from qa.tracking.timeline import plots
from qa.tracking.tracker import Tracker
from qa.tracking.values import EVERYTHING, KeptAnswer, Question, Scope
from qa.tracking.wording import TITLES, shorten, source_text
from qa.web.pages.access import ReaderCheck
from qa.web.pages.frame import Frame

PATH = "tracked"


CONTEXT_CHARS = 2_000
"""Characters of a kept text on either side of a quote: about a screen."""

_FRAME = Frame("qa.web.pages")


def tracked_page(
    tracker: Tracker, days: int, reader_check: ReaderCheck, *, one_machine: bool = False
) -> APIRouter:
    """Return the routes of the page over the questions of ``tracker``, whose history is kept for ``days``.
    ``one_machine`` says that servers of the same index on other machines have other questions.
    """
    kept_where = {"days": days, "one_machine": one_machine}
    routes = APIRouter(include_in_schema=False)
    store = tracker.store
    reader_of = Depends(reader_check)

    def found(id_: str, reader: str) -> Question:
        try:
            return store.find(id_, reader)
        except UserError as error:
            raise HTTPException(404, str(error)) from error

    @routes.get("/tracked")
    def show(request: Request, reader: Annotated[str, reader_of]) -> HTMLResponse:
        """Show what is new since the last visit, and all questions."""
        return _show(request, tracker, kept_where, reader)

    @routes.get("/tracked/{id_}")
    def history(id_: str, request: Request, reader: Annotated[str, reader_of]) -> HTMLResponse:
        """Show the answers to a question over time."""
        question = found(id_, reader)
        kept = store.history(question)
        return _FRAME.render(
            request,
            "tracked_history.html",
            question=question,
            answers=kept[::-1],
            plots=plots(kept),
            is_there=_finder(tracker),
            **_WORDS,
        )

    @routes.get("/tracked/{id_}/sheet")
    def sheet(id_: str, reader: Annotated[str, reader_of]) -> Response:
        """Return the history as an evidence sheet."""
        question = found(id_, reader)
        html = history_sheet(question.text, store.history(question), store)
        name = f'attachment; filename="tracked-{question.id}.html"'
        return Response(html, media_type="text/html", headers={"Content-Disposition": name})

    @routes.get("/tracked/{id_}/{number}/{quote_number}")
    def text(
        id_: str, number: int, quote_number: int, request: Request, reader: Annotated[str, reader_of]
    ) -> HTMLResponse:
        """Show a quote in the text that is kept for it."""
        question = found(id_, reader)
        try:
            kept, quote, document = _kept_text(store, question, number, quote_number)
        except UserError as error:
            raise HTTPException(404, str(error)) from error
        span = quote.span
        first, last = max(span.start - CONTEXT_CHARS, 0), span.end + CONTEXT_CHARS
        return _FRAME.render(
            request,
            "tracked_text.html",
            question=question,
            kept=kept,
            quote=quote,
            document=document,
            before=("… " if first else "") + document.text[first : span.start],
            after=document.text[span.end : last] + (" …" if last < len(document.text) else ""),
            source=source_text(quote),
        )

    @routes.post("/pages/tracked/{act}")
    async def change(act: str, request: Request, reader: Annotated[str, reader_of]) -> Response:
        """Track a question, remove one, or note that all changes were seen."""
        form = {name: value for name, value in (await request.form()).items() if isinstance(value, str)}
        try:
            await run_in_threadpool(_change, tracker, act, form, reader)
        except UserError as error:
            return await run_in_threadpool(_show, request, tracker, kept_where, reader, str(error), 422)
        root = str(request.scope.get("root_path", ""))
        return RedirectResponse(f"{root}/{PATH}", 303)

    return routes


def _change(tracker: Tracker, act: str, form: Mapping[str, str], reader: str) -> None:
    """Do what the button ``act`` asks for.

    Raises:
        UserError: it cannot be done.
        HTTPException: there is no such button.
    """
    if act == "add":
        name, since, until = (form.get(each, "").strip() for each in ("within", "since", "until"))
        tracker.add(form.get("question", ""), reader, Scope((name,) if name else (), since, until))
    elif act == "remove":
        tracker.store.remove(form.get("id", ""), reader)
    elif act == "seen" and form.get("number", "").isdecimal():
        tracker.store.put_seen(int(form["number"]), reader)
    else:
        raise HTTPException(404, f"There is nothing at {act}")


def _show(
    request: Request,
    tracker: Tracker,
    kept_where: Mapping[str, int],
    reader: str,
    said: str = "",
    status: int = 200,
) -> HTMLResponse:
    store = tracker.store
    seen, changes = store.seen(reader), store.changes(reader)
    return _FRAME.render(
        request,
        "tracked.html",
        status,
        said=said,
        new=[each for each in changes if each.number > seen],
        former=[each for each in changes if each.number <= seen],
        questions=[(each, store.latest(each)) for each in store.questions(reader)],
        **kept_where,
        is_there=_finder(tracker),
        **_WORDS,
    )


def _finder(tracker: Tracker) -> Callable[[Question, Quote], bool]:
    """Return whether the document of a quote, which was found for a question, is there now."""
    view = tracker.view()

    def find(question: Question, quote: Quote) -> bool:
        try:
            return quote.span.doc_id in view.pipeline(question).documents
        except AttestError:  # the reader's uploads cannot be read now
            return False

    return find


def _kept_text(
    store: TrackingStore, question: Question, number: int, quote_number: int
) -> tuple[KeptAnswer, Quote, Document]:
    """Return the answer of that ``number``, its quote of ``quote_number``, and the text kept for it.

    Raises:
        UserError: they are no longer kept.
    """
    for kept in store.history(question):
        quotes = kept.answer.quotes if kept.answer.answered else kept.answer.nearest
        for quote in quotes:
            if (kept.number, quote.number) == (number, quote_number):
                return kept, quote, store.documents(kept)[quote.span.doc_id]
    raise UserError(NO_LONGER_KEPT)


_WORDS: dict[str, Any] = {
    "titles": TITLES,
    "few_words": lambda answer: shorten(few_words(answer)),
    "main_quote": main_quote,
    "source": source_text,
    "everything": EVERYTHING,
}
"""The functions that the templates call."""
