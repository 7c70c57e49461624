"""What can go wrong, said to a person: each message names the thing and what to do about it."""


class AttestError(Exception):
    """A failure that is not the user's doing. The command line exits with status 1."""

    exit_status = 1


class UserError(AttestError):
    """A mistake the user can put right: a bad path, setting or question. Exit status 2."""

    exit_status = 2


class IndexMissingError(UserError):
    """There is no index where one was asked for."""


class IndexDamagedError(UserError):
    """The index on disk does not match its manifest, its format or its model."""


class IndexUnavailableError(AttestError):
    """The place where the index is kept does not answer."""


class WorkersUnavailableError(AttestError):
    """The processes that are to read and embed cannot be had, or are gone."""


class ModelSilentError(AttestError):
    """A language model that was asked did not answer."""


class ModelRefusedError(ModelSilentError):
    """A language model does not take what it was asked, or not in that way."""


class ModelUnavailableError(AttestError):
    """Model files could not be had from any source, or their digest differs."""


class StoppedError(AttestError):
    """Work in progress was stopped on request. What it had finished is kept where it can be."""
