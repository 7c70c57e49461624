"""The MCP server over standard input and output, for assistants that start their servers themselves."""

from qa import assemble, storage
from qa.config import Config
from qa.grid.grids import Grids
from qa.runtime import LiveRuntime
from qa.web.mcp import create_mcp_server
from qa.web.tools import Tools


def run(config: Config) -> None:
    """Answer on standard input and output until the input ends, from the index as it is at the time.

    Raises:
        AttestError: the index or a model cannot be opened.
    """
    runtime = LiveRuntime(assemble.open_runtime(config), storage.open_store(config))
    tracker = assemble.open_tracker(config, runtime)
    grids = Grids(lambda reader: storage.grid_folder(config, reader))
    with runtime.follow(), tracker.follow():
        create_mcp_server(Tools(runtime, tracker, grids)).run("stdio")
