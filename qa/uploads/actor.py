"""The person or program that adds, downloads or removes a document."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Actor:
    """A reader, a program, or anybody on a server without accounts."""

    name: str = ""
    """Of the account, or of the program (:func:`program_name`); empty on a server without accounts."""
    is_owner: bool = False
    """Whether it is an owner of the server, who may do everything."""

    def may_change(self, uploader: str) -> bool:
        """Whether it may remove and download what ``uploader``, the name of an actor, has shared."""
        return self.is_owner or self.name == uploader


ANYBODY = Actor()


def program_name(name: str) -> str:
    """Return the name, as an actor, of the program that has the token ``name``: no account's has a space."""
    return f"program {name}"
