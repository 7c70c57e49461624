"""The frame of the pages beside the chat: its templates and styles, and the links from one to the other."""

from importlib.resources import files

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined

from qa.schema import Span
from qa.web.addresses import quote_address
from qa.web.pages.links import page_links


class Frame:
    """Renders the templates of ``package``, which extend ``page.html`` and fill its blocks.

    The package has a folder ``templates`` and may have a style sheet, ``styles``, and a ``script`` for all of
    them.
    """

    def __init__(self, package: str, styles: str = "", script: str = "") -> None:
        """Find the templates; read the styles and the script."""
        loader = ChoiceLoader([PackageLoader(package), PackageLoader("qa.web.pages")])
        self._templates = Environment(
            loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True
        )
        sheets = [("qa.web.ui", "assets/page.css"), ("qa.web.pages", "frame.css")]
        if styles:
            sheets.append((package, styles))
        self._styles = "".join(
            files(home).joinpath(name).read_text(encoding="utf-8") for home, name in sheets
        )
        self._script = files(package).joinpath(script).read_text(encoding="utf-8") if script else ""

    def render(self, request: Request, template: str, status: int = 200, **values: object) -> HTMLResponse:
        """Return the page that ``template`` makes of ``values``, at the address of ``request``.

        Its links lead to the settings if the state of ``request`` says that it is from an ``owner``.
        """
        root = str(request.scope.get("root_path", ""))
        html = self._templates.get_template(template).render(
            styles=self._styles,
            script=self._script,
            root=root,
            links=page_links(owner=getattr(request.state, "owner", False)),
            address=_address,
            here=request.scope["path"].removeprefix(root).removeprefix("/"),
            **values,
        )
        return HTMLResponse(html, status)


def _address(doc_id: str, start: int, end: int, words: str) -> str:
    """Return the address of ``words`` in a document, for a template."""
    return quote_address(Span(doc_id, start, end), words)
