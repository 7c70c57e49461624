"""The forms in which answers are taken away as a file. Pure."""

import datetime
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from qa.errors import UserError
from qa.export.bibliography import bibtex, cited_documents, csl_json, ris
from qa.export.evidence_sheet import evidence_sheet
from qa.export.markdown import conversation_markdown
from qa.export.word import conversation_docx
from qa.schema import Answer, Document


@dataclass(frozen=True, slots=True)
class ExportFile:
    """A file to save."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class _Export:
    """The answers to export, with their documents."""

    title: str
    answers: Sequence[Answer]
    documents: Mapping[str, Document]
    made: datetime.date

    @property
    def cited(self) -> Sequence[Document]:
        return cited_documents(self.answers, self.documents)


@dataclass(frozen=True, slots=True)
class _Form:
    name: str
    """The name of the file, with the ending that stands for the form."""
    media_type: str
    write: Callable[[_Export], str | bytes]

    @property
    def ending(self) -> str:
        return self.name[self.name.index(".") :]


FORMS: Mapping[str, _Form] = {
    "markdown": _Form(
        "conversation.md", "text/markdown", lambda each: conversation_markdown(each.title, each.answers)
    ),
    "word": _Form(
        "conversation.docx",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        lambda each: conversation_docx(each.title, each.answers),
    ),
    "sheet": _Form(
        "evidence.html",
        "text/html",
        lambda each: evidence_sheet(each.title, each.answers, each.documents, each.made),
    ),
    "bibtex": _Form("references.bib", "application/x-bibtex", lambda each: bibtex(each.cited)),
    "ris": _Form("references.ris", "application/x-research-info-systems", lambda each: ris(each.cited)),
    "csl": _Form(
        "references.csl.json", "application/vnd.citationstyles.csl+json", lambda each: csl_json(each.cited)
    ),
}
"""The forms by name: conversations, and lists of the documents that they cite."""

ENDINGS = ", ".join(form.ending for form in FORMS.values())


def form_of(file_name: str) -> str:
    """Return the name of the form that the ending of ``file_name`` stands for.

    Raises:
        UserError: it stands for none.
    """
    for name, form in FORMS.items():
        if file_name.lower().endswith(form.ending):
            return name
    raise UserError(f"{file_name} does not end in one of {ENDINGS}, which say what to write")


def export(
    form: str,
    title: str,
    answers: Sequence[Answer],
    documents: Mapping[str, Document],
    made: datetime.date,
) -> ExportFile:
    """Return ``answers`` to ``documents`` as a file of the ``form`` of that name, made on that day.

    Raises:
        AttestError: a quote is not what its document says any more.
        UserError: there is nothing to export, or no such form.
    """
    chosen = FORMS.get(form)
    if chosen is None:
        raise UserError("This form of export does not exist; reload the page")
    content = chosen.write(_Export(title, answers, documents, made))
    return ExportFile(
        chosen.name, chosen.media_type, content if isinstance(content, bytes) else content.encode()
    )
