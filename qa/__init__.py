"""Attest: answers over your own documents, every sentence tied to a verbatim quote."""

__version__ = "0.2.0"
