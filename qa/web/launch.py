"""Start the server: listen, open the index and the models, and answer until interrupted."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from functools import partial
from threading import Event, Thread

from qa import assemble, storage
from qa.concurrency import StopToken
from qa.config import Config
from qa.embedding.base import Encoder
from qa.errors import AttestError, IndexDamagedError, IndexMissingError, StoppedError
from qa.index.index import Index
from qa.ingest.left_out import summary_lines
from qa.ingest.watch import changes
from qa.llm import load
from qa.loopback import is_loopback
from qa.runtime import LiveRuntime
from qa.web import server

Tell = Callable[[str], object]
"""Gets warnings for the person who starts the server."""


def run(config: Config, on_ready: Callable[[str], object], tell: Tell, *, follow: bool = False) -> None:
    """Serve the page, the API and the tools until interrupted.

    The folder of documents is indexed meanwhile and followed, if ``follow`` says so or there is no index yet:
    its documents can be asked about as they are read, and there need not be any. ``on_ready`` gets the
    address once requests are answered there. ``tell`` is told that anyone can read the documents, that there
    is no index yet, or that a file was skipped.

    Raises:
        AttestError: the address cannot be used, the index cannot be opened, or a model cannot be loaded.
    """
    with server.listen(config.host, config.port) as listener:
        if config.auth is None and not is_loopback(config.host):
            tell(
                f"anyone who can reach {config.host} can read your documents; to require a login, start "
                "with: attest serve --auth FILE"
            )
        store = storage.open_store(config)
        index, follow = _open_index(config, tell, follow=follow)
        runtime = LiveRuntime(assemble.open_runtime(config, index), store)
        app = server.create(runtime, config)
        warm_up = partial(load.wait_for, runtime.pipeline.model)
        indexing = _follow_folder(config, runtime.encoder, tell) if follow else nullcontext()
        with suppress(KeyboardInterrupt), runtime.follow(), indexing:
            server.serve(app, listener, on_ready, warm_up)


def _open_index(config: Config, tell: Tell, *, follow: bool) -> tuple[Index, bool]:
    """Return the index, empty if there is none, and whether the folder is to be followed, which it is then.
    One that is damaged is empty, too, if it is to be made anew.
    """
    try:
        return assemble.open_index(config), follow
    except IndexDamagedError as error:
        if not follow:
            raise
        tell(str(error))
    except IndexMissingError:
        later = " It can be searched when it is complete." if config.index == storage.MILVUS else ""
        tell(f"there is no index in {storage.index_place(config)} yet; indexing {config.corpus} …{later}")
    return Index.empty(storage.embedding_identity(config)), True


@contextmanager
def _follow_folder(config: Config, encoder: Encoder, tell: Tell) -> Iterator[None]:
    """Index the folder of documents in the background, and again whenever it changes."""
    stopped = Event()

    def follow() -> None:
        trouble = ""
        for _ in changes([config.corpus], config.index, stopped):
            try:
                update = assemble.index_corpus(
                    config, [config.corpus], stop=StopToken(stopped), encoder=encoder
                )
            except StoppedError:
                return
            except (AttestError, OSError) as error:  # the next change may repair it
                if str(error) != trouble:
                    tell(str(error))
                trouble = str(error)
            else:
                trouble = ""
                for line in summary_lines(update.new_failures):
                    tell(f"left out: {line}")

    thread = Thread(target=follow, name="indexing", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stopped.set()
        thread.join()
