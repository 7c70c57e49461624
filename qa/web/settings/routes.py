"""The routes of the settings page. Every request is checked: the page and what it does are for owners."""

from collections.abc import Mapping
from datetime import datetime

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from starlette.concurrency import run_in_threadpool

from qa import calibrations, config, storage
from qa.errors import AttestError, UserError
from qa.ingest.left_out import by_reason
from qa.llm.local_servers import find_servers
from qa.web.pages.frame import Frame
from qa.web.security.owner import OwnerCheck
from qa.web.settings import curve
from qa.web.settings.fields import ANSWERS, FIELDS, NEW_MODEL, READING, THRESHOLD
from qa.web.settings.settings import Settings, WrongValuesError

NAMED = 100
"""Files of each group of those left out that are named; ``attest status --files`` names all."""

_FRAME = Frame("qa.web.settings", "settings.css")


def settings_routes(settings: Settings, owner: OwnerCheck) -> APIRouter:
    """Return the routes of the page over ``settings``."""
    routes = APIRouter(include_in_schema=False)

    @routes.get("/settings")
    def show(request: Request) -> Response:
        """Show the page, and what the last visit saved."""
        if refusal := owner.refusal(request):
            return _message(request, refusal, 403)
        request.state.owner = True
        return _page(request, settings, settings.take_message())

    @routes.post("/settings")
    async def act(request: Request) -> Response:
        """Save the form, or use, try, add or remove the model of the button that was pressed."""
        if refusal := owner.refusal(request):
            return _message(request, refusal, 403)
        request.state.owner = True
        form = {name: value for name, value in (await request.form()).items() if isinstance(value, str)}
        return await run_in_threadpool(_act, request, settings, form)

    return routes


def _act(request: Request, settings: Settings, form: Mapping[str, str]) -> Response:
    try:
        if name := form.get("try"):
            return _page(request, settings, settings.try_model(name))
        if name := form.get("forget"):
            settings.forget_model(name)
        elif "new_name" in form:
            name, model, url = (form.get(each, "").strip() for each in ("new_name", "new_model", "new_url"))
            settings.name_model(name, model, url)
        else:
            _save(settings, form)
    except WrongValuesError as error:
        return _page(request, settings, "Nothing was saved; see below", form, error.reasons, 422)
    except AttestError as error:
        return _page(request, settings, str(error), form, status=422)
    return RedirectResponse("settings", 303)


def _save(settings: Settings, form: Mapping[str, str]) -> None:
    if use := form.get("use"):
        name, _, url = use.partition(" ")
        form = {"model": name, "model_url": url}
    settings.save(form)


def _page(
    request: Request,
    settings: Settings,
    said: str,
    form: Mapping[str, str] | None = None,
    wrong: Mapping[str, str] | None = None,
    status: int = 200,
) -> Response:
    try:
        saved = settings.read()
    except UserError as error:
        return _message(request, f"{error}. Then reload this page", 409)
    values = {each.name: _text(getattr(saved, each.name)) for each in FIELDS} | dict(form or {})
    index, pipeline = settings.runtime.index, settings.runtime.pipeline
    return _FRAME.render(
        request,
        "settings.html",
        status,
        said=said,
        refused="",
        values=values,
        wrong=wrong or {},
        locked={each for each in ("models", *values) if config.in_environment(each)},
        new_model=NEW_MODEL,
        running={each.name: _text(getattr(settings.running, each.name)) for each in FIELDS},
        saved={each.name: _text(getattr(saved, each.name)) for each in FIELDS},
        prefix=config.PREFIX,
        file=config.FILE.absolute(),
        answers=ANSWERS,
        threshold=THRESHOLD,
        reading=READING,
        choices=settings.running.models,
        servers=find_servers(),
        in_use=pipeline.threshold,
        curve=curve,
        plot=curve.plot(pipeline.threshold),
        documents=len(index.documents),
        written=f"{datetime.fromisoformat(index.snapshot.written):%Y-%m-%d %H:%M} UTC",
        place=storage.index_place(settings.running),
        embedding=settings.running.embedding,
        calibrated=calibrations.is_calibrated(settings.running),
        left_out=by_reason(index.left_out),
        named=NAMED,
    )


def _message(request: Request, sentence: str, status: int) -> Response:
    return _FRAME.render(request, "settings.html", status, refused=sentence)


def _text(value: object) -> str:
    return "" if value is None else str(value)
