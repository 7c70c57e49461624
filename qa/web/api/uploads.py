"""The routes by which programs add documents to a server that shares uploads, get and remove them."""

import shutil
from collections.abc import Sequence
from pathlib import Path

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import FileResponse
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException as FormError

from qa.export.json import document_record
from qa.uploads.actor import ANYBODY, Actor, NotAllowedError, program_name
from qa.uploads.ids import safe_name
from qa.uploads.library import Library
from qa.uploads.limits import Limits, megabytes
from qa.uploads.listing import DocumentState
from qa.uploads.temporary import TemporaryFolder
from qa.web.api.models import RefusedFile, UploadResult, no_document
from qa.web.api.openapi import problem_responses
from qa.web.originals import original_response
from qa.web.security.auth import Access
from qa.web.security.middleware import find_program, may_write

FIELD = "files"
"""The name of the form's field that holds the files."""

NOT_SHARED = (
    "This server keeps no documents that are sent to it; start it with attest serve --shared, or put them "
    "into the folder that is indexed"
)

READ_ONLY = "This token may only read; make one that may write with: attest token --write FILE NAME"

_FORM = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": [FIELD],
                    "additionalProperties": False,
                    "properties": {
                        FIELD: {
                            "type": "array",
                            "items": {"type": "string", "format": "binary"},
                            "description": "One file or several, each with its name.",
                        }
                    },
                }
            }
        },
    }
}
"""The body, which FastAPI would read before it checks the token."""


def upload_routes(shared: Library | None, access: Access | None) -> APIRouter:
    """Return the routes that change ``shared``, the uploads of all visitors. With ``access``, the token must
    be one that may write.
    """
    api = APIRouter(responses=problem_responses(403))

    def find(request: Request) -> tuple[Library, Actor]:
        """Return the library of shared uploads, and who sent ``request``, by the token alone.

        Raises:
            HTTPException: there is none.
        """
        if shared is None:
            raise HTTPException(403, NOT_SHARED)
        program = find_program(access, request.headers) if access else None
        return shared, Actor(program_name(program.name)) if program else ANYBODY

    def check(request: Request) -> tuple[Library, Actor]:
        """Return the same for a sender who may change the library.

        Raises:
            HTTPException: there is none, or the token may only read.
        """
        library, actor = find(request)
        if not may_write(access, request.headers):
            raise HTTPException(403, READ_ONLY)
        return library, actor

    @api.post(
        "/documents",
        status_code=201,
        openapi_extra=_FORM,
        responses=problem_responses(411, 413, 415, 422),
    )
    async def add(request: Request) -> UploadResult:
        """Add the documents in files, for every visitor. It answers when they can be searched. A document
        that is there already is not added again.
        """
        return await _receive(request, *check(request))

    @api.get(
        "/documents/{document_id:path}/file",
        response_class=FileResponse,
        responses={200: {"content": {"application/octet-stream": {}}}, **problem_responses(404, 422)},
    )
    def download(document_id: str, request: Request) -> FileResponse:
        """Return the file of a document that was uploaded, as it was sent; with accounts, of one that was
        uploaded with the same program's token.
        """
        file = _original(*find(request), document_id)
        return original_response(file, document_id.rpartition("/")[2])

    @api.delete("/documents/{document_id:path}", status_code=204, responses=problem_responses(404, 422))
    def remove(document_id: str, request: Request) -> None:
        """Remove a document that was uploaded, for every visitor; with accounts, one that was uploaded with
        the same program's token.
        """
        _remove(*check(request), document_id)

    return api


def _original(library: Library, actor: Actor, document_id: str) -> Path:
    """Return the file of a document that was uploaded, for ``actor``.

    Raises:
        HTTPException: it is not there, not kept, or not theirs.
    """
    row = next((each for each in library.listing(actor) if each.id == document_id), None)
    if row is None:
        raise HTTPException(404, no_document(document_id))
    if not row.own:
        raise HTTPException(403, f"{document_id} was not uploaded, so its file stays in its folder")
    if not row.may_change:
        raise HTTPException(403, f"{document_id} was added by somebody else, who alone can download its file")
    file = library.original(document_id, actor)
    if file is None:
        raise HTTPException(404, f"Only the text of {document_id} is kept, not its file")
    return file


def _remove(library: Library, actor: Actor, document_id: str) -> None:
    """Remove a document that was uploaded, for ``actor``.

    Raises:
        HTTPException: it is not there, or not theirs.
    """
    if document_id in _uploaded(library):
        try:
            library.remove(document_id, actor)
        except NotAllowedError as error:
            raise HTTPException(403, str(error)) from error
    elif document_id in library.pipeline.documents:
        raise HTTPException(
            403, f"{document_id} was not uploaded; remove its file, and index the folder again"
        )
    else:
        raise HTTPException(404, no_document(document_id))


async def _receive(request: Request, library: Library, actor: Actor) -> UploadResult:
    """Add the files that ``request`` sends to ``library`` for ``actor``, and return what became of them.

    Raises:
        HTTPException: it sends none, or none can be added.
    """
    try:
        form = await request.form(max_files=library.limits.files, max_fields=0)
    except FormError as error:
        raise HTTPException(422, _explain_form(str(error.detail), library.limits)) from error
    try:
        files = [each for each in form.getlist(FIELD) if isinstance(each, UploadFile)]
        if not files or len(files) < len(form.multi_items()):
            raise HTTPException(422, f"Send files as multipart/form-data, in fields called {FIELD}")
        _check_files(files, library.limits)
        uploaded = await run_in_threadpool(_add, library, files, actor)
    finally:
        await form.close()
    if not uploaded.documents:
        reasons = "; ".join(f"{each.file}: {each.reason}" for each in uploaded.refused)
        raise HTTPException(422, f"No file was added. {reasons}")
    return uploaded


def _explain_form(message: str, limits: Limits) -> str:
    if message.startswith("Too many files"):
        return f"At most {limits.files} files can be sent at a time"
    return f"The form cannot be read; send files as multipart/form-data, in fields called {FIELD}"


def _check_files(files: Sequence[UploadFile], limits: Limits) -> None:
    """Check that one of ``files``, at least, is of a kind and a size that can be added.

    Raises:
        HTTPException: there is none.
    """
    readable = [each for each in files if Path(each.filename or "").suffix.lower() in limits.suffixes]
    if not readable:
        raise HTTPException(415, "Attest reads no files of this kind; docs/formats.md lists those it reads")
    if all((each.size or 0) > limits.file_bytes for each in readable):
        raise HTTPException(413, f"A file can have at most {megabytes(limits.file_bytes)}")


def _add(library: Library, files: Sequence[UploadFile], actor: Actor) -> UploadResult:
    """Add ``files`` to ``library`` for ``actor``, and return which were added and which not."""
    folder = TemporaryFolder()
    try:
        paths = [_copy(each, folder.path / str(number)) for number, each in enumerate(files)]
        result = library.add(paths, by=actor)
    finally:
        folder.remove()
    return UploadResult(
        documents=[document_record(each) for each in result.documents],
        refused=[RefusedFile(file=each.path, reason=each.reason) for each in result.failures],
    )


def _copy(file: UploadFile, folder: Path) -> Path:
    """Copy ``file`` into ``folder``, under a name that is safe, and return its path."""
    folder.mkdir()
    path = folder / safe_name(file.filename or "")
    with path.open("wb") as copy:
        shutil.copyfileobj(file.file, copy)
    return path


def _uploaded(library: Library) -> set[str]:
    """Return the ids of the documents that were uploaded and can be searched."""
    return {row.id for row in library.listing() if row.own and row.state is DocumentState.INDEXED}
