"""Send an uploaded file as it was."""

from pathlib import Path

from fastapi.responses import FileResponse


def original_response(file: Path, name: str) -> FileResponse:
    """Return a response with ``file`` under ``name``, to be saved and not shown, and kept by no cache."""
    headers = {"Cache-Control": "no-store"}
    return FileResponse(file, media_type="application/octet-stream", filename=name, headers=headers)
