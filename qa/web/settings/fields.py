"""The settings that the page offers, in the words of the page."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Field:
    """A setting: its name in :class:`qa.config.Config`, and what people read."""

    name: str
    label: str
    hint: str
    wrong: str
    """The advice when the value is not accepted."""
    when: Literal["at once", "after a restart", "at the next indexing"] = "at once"
    choices: tuple[tuple[str, str], ...] = ()
    """The values there are with their labels; empty for any text."""


ANSWERS = (
    Field(
        "model",
        "Language model",
        "default, none, a path to a GGUF file, hf:owner/repo/file.gguf, or provider:name such as "
        "openai:gpt-4.1-mini. Keys come from the environment, such as OPENAI_API_KEY; they are never shown "
        "or saved here.",
        "Write default, none, a path to a .gguf file, hf:owner/repo/file.gguf or provider:name",
    ),
    Field(
        "model_url",
        "Address of the model's server",
        "Such as http://127.0.0.1:8080/v1. Empty: the provider's own.",
        "Write an address that begins with http:// or https://, or leave it empty",
    ),
    Field(
        "check",
        "Sentences that are shown",
        "",
        "Choose one of the two",
        choices=(
            ("supported", "those that their quotes support"),
            ("verbatim", "only those that stand word for word in a quote"),
        ),
    ),
    Field(
        "checker",
        "Model that checks sentences",
        "A folder with a cross-encoder, or its id on the Hugging Face Hub. Empty: the language model.",
        "Write a folder or an id, or leave it empty",
    ),
)

THRESHOLD = Field(
    "threshold",
    "Threshold",
    "From 0 to 1: below this probability that the documents answer, Attest refuses. Empty: as calibrated.",
    "Write a number from 0 to 1, such as 0.4, or leave it empty",
)

READING = (
    Field(
        "ocr",
        "Languages of scanned pages and pictures",
        "Tesseract's names, such as eng+deu, or auto. Empty: scanned pages and pictures are left out.",
        "Write Tesseract's names joined by +, such as eng+deu, or auto",
        when="at the next indexing",
    ),
    Field(
        "max_upload",
        "Largest uploaded file, in MB",
        "",
        "Write a whole number of megabytes, 1 or more",
        when="after a restart",
    ),
    Field(
        "max_upload_files",
        "Most files uploaded at once",
        "A .zip counts as one.",
        "Write a whole number, 1 or more",
        when="after a restart",
    ),
    Field(
        "max_reader_text",
        "Text of one visitor's uploads together, in MB",
        "",
        "Write a whole number of megabytes, 1 or more",
        when="after a restart",
    ),
    Field(
        "max_all_uploads",
        "Text of all visitors' uploads together, in MB",
        "Without those of readers with an account.",
        "Write a whole number of megabytes, 1 or more",
        when="after a restart",
    ),
)

NEW_MODEL = (
    ("new_name", "Name of a further model", "Programs choose it as attest/NAME."),
    ("new_model", "Its model", "As the language model below: provider:name, hf:owner/repo/file.gguf, …"),
    ("new_url", "Address of its server", "Empty: the provider's own."),
)
"""The fields in which a model gets a name: the name of each, its label and its hint."""

FIELDS = (*ANSWERS, THRESHOLD, *READING)
