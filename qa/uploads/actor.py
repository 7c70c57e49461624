"""The person or program that adds, downloads or removes a document."""

from dataclasses import dataclass

from qa.errors import UserError
from qa.index.sources import SourceFile


@dataclass(frozen=True, slots=True)
class Actor:
    """A reader, a program, or anybody on a server without accounts."""

    name: str = ""
    """Of the account, or of the program (:func:`program_name`); empty on a server without accounts."""
    is_owner: bool = False
    """True if it is an owner of the server, who may do everything."""

    def may_change(self, uploader: str) -> bool:
        """Return whether it may remove and download what ``uploader``, the name of an actor, has shared."""
        return self.is_owner or self.name == uploader


ANYBODY = Actor()


class NotAllowedError(UserError):
    """A document was to be removed by somebody who may not."""

    def __init__(self, source: SourceFile) -> None:
        """Say who may remove ``source``."""
        uploader = source.upload.uploader if source.upload else ""
        if uploader:
            message = (
                f"{source.path} was added by {uploader}; only {uploader} or an owner of this server can "
                "remove it"
            )
        else:
            message = f"It is not known who added {source.path}; only an owner of this server can remove it"
        super().__init__(message)


def program_name(name: str) -> str:
    """Return the name, as an actor, of the program that has the token ``name``: no account's has a space."""
    return f"program {name}"
