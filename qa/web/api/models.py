"""The requests and responses of the HTTP API, as Pydantic models."""

from pydantic import BaseModel, ConfigDict, Field

from qa.export.records import DocumentRecord
from qa.nlp.dates import Period
from qa.pipeline import Pipeline
from qa.query.document_filter import DocumentFilter
from qa.web.api.streams import LINES

MAX_HISTORY = 100
"""Most earlier exchanges that may come with a question. A follow-up refers to the last few."""

MAX_K = 100
"""Most passages that a request may ask for: more than the two indexes propose together."""

MAX_NAMES = 1_000
"""Most documents and folders that a request may name."""


class Strict(BaseModel):
    """A request, which has no other fields than those that are declared."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Exchange(Strict):
    """An earlier question of the conversation and its answer."""

    question: str
    answer: str


_DATE = Field(default="", examples=["2020-12-31"])


class Scope(Strict):
    """The documents to search: all, or those of a period, or some of them.

    Only documents dated in a period are of it, none without a date. Both of its ends are optional and
    included. Each is a day, a month (``2020-12``) or a year (``2020``).
    """

    since: str = _DATE
    until: str = _DATE
    documents: list[str] = Field(
        default=[],
        max_length=MAX_NAMES,
        description="Ids of documents, or names of folders, archives or collections of documents; empty for "
        "all.",
        examples=[["contracts/", "report.pdf"]],
    )

    def document_filter(self, pipeline: Pipeline) -> DocumentFilter:
        """Return which documents of ``pipeline`` to search.

        Raises:
            UserError: an end of the period is not a date, or the second is before the first, or there is no
                document of a name.
        """
        return pipeline.document_filter(self.documents, Period.of(self.since, self.until))


class Question(Scope):
    """A question and the conversation that it belongs to."""

    question: str = Field(examples=["How much is the contract in Uzbekistan worth?"])
    history: list[Exchange] = Field(default=[], max_length=MAX_HISTORY)
    stream: bool = Field(default=False, description=f"Answer with {LINES}, as Accept: {LINES} does.")


class Query(Scope):
    """A search: what to look for, and how many passages to return."""

    query: str = Field(examples=["gas turbines"])
    k: int = Field(default=10, ge=1, le=MAX_K)


class Documents(BaseModel):
    """All documents."""

    documents: list[DocumentRecord]


class Health(BaseModel):
    """A sign that the server answers, and its number of documents."""

    status: str = "ok"
    documents: int


def no_document(document_id: str) -> str:
    """Return what a program is told that asks for a document that is not there."""
    return f"There is no document called {document_id}; GET /documents lists all documents"


class RefusedFile(BaseModel):
    """A file that was not added, and why."""

    file: str
    reason: str


class UploadResult(BaseModel):
    """The outcome for each of the files that were sent."""

    documents: list[DocumentRecord] = Field(description="Those that were added.")
    refused: list[RefusedFile]
