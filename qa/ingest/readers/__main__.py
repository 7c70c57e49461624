"""Read or draw files from standard input, in a process of its own (:mod:`qa.ingest.readers.sandbox`)."""

import base64
import json
import os
import signal
import sys
from collections.abc import Callable, Mapping

from qa.errors import UserError
from qa.ingest.readers import FileContent, read, unpack
from qa.ingest.readers.base import TOO_MUCH_MEMORY
from qa.ingest.readers.pdf_image import draw_page


def main(memory: str) -> None:
    """Answer requests until standard input ends, within ``memory`` bytes.

    A request is a line of JSON, with the number of bytes of a file, a command and its arguments, and then
    those bytes. An answer is a line of JSON.
    """
    _limit_memory(int(memory))
    answer = os.dup(1)
    os.dup2(2, 1)  # a library that prints does not print into the answer
    with os.fdopen(answer, "w", encoding="ascii") as file:
        while line := sys.stdin.buffer.readline():
            size, command, *arguments = json.loads(line)
            try:
                data = sys.stdin.buffer.read(size)
                result = json.dumps(_COMMANDS[command](data, *arguments))
            except UserError as error:
                result = json.dumps({"reason": str(error)})
            except MemoryError:
                file.write(json.dumps({"reason": TOO_MUCH_MEMORY}))
                return  # a part of the file may be waiting where the next request is expected
            file.write(result + "\n")
            file.flush()
            del data, result


def read_file(data: bytes, name: str, ocr: str) -> dict[str, object]:
    """Return the text of a file called ``name``. ``ocr`` names the languages of scanned pages.

    Raises:
        UserError: it cannot be read.
    """
    return _fields(read(data, name, ocr))


def unpack_file(data: bytes, name: str) -> dict[str, object]:
    """Return the mails of a file called ``name``, and what is attached to them.

    Raises:
        UserError: it cannot be read.
    """
    return {
        "members": [
            {
                "name": member.name,
                "data": base64.b64encode(member.data).decode(),
                "reason": member.reason,
                "content": _fields(member.content) if member.content else None,
                "attached_to": member.attached_to,
                "date": member.date,
            }
            for member in unpack(data, name)
        ]
    }


def draw_file(data: bytes, page: str, quote: str) -> dict[str, object]:
    """Return a page of a PDF as an image with a quote in a box.

    Raises:
        UserError: it cannot be drawn.
    """
    image = draw_page(data, int(page), quote)
    return {"png": base64.b64encode(image.png).decode(), "boxed": image.boxed}


def _fields(content: FileContent) -> dict[str, object]:
    metadata = {key: value for key, value in content.metadata.items() if isinstance(value, str)}
    return {"pieces": [[piece.label, piece.text] for piece in content.pieces], "metadata": metadata}


_COMMANDS: Mapping[str, Callable[..., dict[str, object]]] = {
    "read": read_file,
    "unpack": unpack_file,
    "draw": draw_file,
}


def _limit_memory(size: int) -> None:
    """Let Linux refuse more address space than ``size`` bytes. Windows has no such limit, and macOS fails to
    set it.
    """
    if sys.platform != "linux":
        return
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (size, size))


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C ends it, even where its parent ignores Ctrl-C
    main(*sys.argv[1:])
