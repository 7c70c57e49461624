"""Pictures of pages (PNG, JPEG, TIFF, WebP), whose text is only there once it is recognised."""

from qa.ingest.readers.base import OCR_OFF, FileContent, ImagesError


def read(data: bytes, name: str) -> FileContent:
    """Say that it is a picture, which is not even decoded.

    Raises:
        ImagesError: always.
    """
    raise ImagesError(OCR_OFF)
