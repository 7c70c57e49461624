"""The chat in the browser, ``python app.py``."""

import os
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.request import getproxies

os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"  # gradio reads it while it is imported

import gradio as gr

from qa import assemble, config
from qa.config import Config
from qa.errors import AttestError, IndexMissingError, UserError
from qa.pipeline import Pipeline
from web.layout import head
from web.page import build

_FONTS = ("system-ui", "-apple-system", "Segoe UI", "sans-serif")


def launch(page: gr.Blocks, host: str, port: int) -> str:
    """Serve ``page`` in the background and return its address."""
    # Gradio asks its own server whether it is up, and must not do so through a proxy.
    os.environ["no_proxy"] = ",".join([*filter(None, [getproxies().get("no")]), host, "localhost"])
    _, address, _ = page.launch(
        server_name=host,
        server_port=port,
        theme=gr.themes.Base(font=_FONTS, font_mono=("ui-monospace", "monospace")),
        head=head(),  # Gradio's own css parameter rewrites selectors
        footer_links=[],
        share=False,
        show_error=False,
        run_history=False,
        enable_monitoring=False,
        quiet=True,
        prevent_thread_lock=True,
    )
    return address


@contextmanager
def reserved(host: str, port: int) -> Iterator[int]:
    """Hold ``port`` of ``host``, or any free one for 0, so that nobody takes it while models load.

    Raises:
        UserError: it cannot be had.
    """
    try:
        held = socket.create_server((host, port))
    except OSError as error:
        reason = str(error.strerror).partition(" (")[0].lower()
        raise UserError(
            f"Port {port} of {host} cannot be used: {reason}; set ATTEST_PORT to another one, or to 0 "
            "for any that is free, and ATTEST_HOST to an address of this machine"
        ) from error
    with held:
        yield held.getsockname()[1]


def open_pipeline(settings: Config) -> Pipeline:
    """The pipeline over the index, which is made first when there is none.

    Raises:
        AttestError: the documents cannot be indexed, the index not opened, or a model not had.
    """
    try:
        return assemble.open_pipeline(settings)
    except IndexMissingError:
        print(f"There is no index in {settings.index} yet; indexing {settings.corpus} …", file=sys.stderr)
        for failure in assemble.index_corpus(settings, [settings.corpus]).failures:
            print(f"{failure.path} was left out: {failure.reason}", file=sys.stderr)
        return assemble.open_pipeline(settings)


def main() -> None:
    """Serve the chat until interrupted. A failure is one sentence and an exit status."""
    try:
        settings = config.load()
        with reserved(settings.host, settings.port) as port:
            page = build(open_pipeline(settings))
    except AttestError as error:
        print(error, file=sys.stderr)
        sys.exit(error.exit_status)
    print(f"Attest is at {launch(page, settings.host, port)}", flush=True)
    page.block_thread()


if __name__ == "__main__":
    main()
