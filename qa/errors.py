"""The errors that people see: each message names what went wrong and what to do about it."""


class AttestError(Exception):
    """A failure that the user did not cause. The command line exits with status 1."""

    exit_status = 1


class UserError(AttestError):
    """A mistake that the user can correct: a bad path, setting or question. Exit status 2."""

    exit_status = 2


class IndexMissingError(UserError):
    """No index exists at the given place."""


class IndexDamagedError(UserError):
    """The index on disk does not match its manifest, its format or its model."""


class IndexUnavailableError(AttestError):
    """The server or folder that holds the index does not respond."""


class WorkersUnavailableError(AttestError):
    """The worker processes that read and embed documents cannot be started or reached."""


class ModelSilentError(AttestError):
    """A language model did not answer."""


class ModelRefusedError(ModelSilentError):
    """A language model rejected a request, or does not support it."""


class ModelUnavailableError(AttestError):
    """Model files could not be downloaded or run, or their digest differs."""


class StoppedError(AttestError):
    """Work in progress was stopped on request. What it had finished is kept where it can be."""
