"""The requests and responses of the HTTP API, as Pydantic models."""

from pydantic import BaseModel, ConfigDict, Field

from qa.export.json import DocumentRecord
from qa.nlp.dates import Period
from qa.search import DocumentFilter

LINES = "application/x-ndjson"
"""The media type of a stream: one JSON object a line."""

MAX_HISTORY = 100
"""Most earlier exchanges that may come with a question. A follow-up refers to the last few."""

MAX_K = 100
"""Most passages that a request may ask for: more than the two indexes propose together."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Exchange(_Strict):
    """An earlier question of the conversation and its answer."""

    question: str
    answer: str


_DATE = Field(default="", examples=["2020-12-31"])


class Dated(_Strict):
    """A period: only documents dated in it are searched, none without a date. Both ends are optional and
    included. Each is a day, a month (``2020-12``) or a year (``2020``).
    """

    since: str = _DATE
    until: str = _DATE

    @property
    def document_filter(self) -> DocumentFilter:
        """The documents to search.

        Raises:
            UserError: an end is not a date, or the second is before the first.
        """
        return DocumentFilter(period=Period.of(self.since, self.until))


class Question(Dated):
    """A question and the conversation that it belongs to."""

    question: str = Field(examples=["How much is the contract in Uzbekistan worth?"])
    history: list[Exchange] = Field(default=[], max_length=MAX_HISTORY)
    stream: bool = Field(default=False, description=f"Answer with {LINES}, as Accept: {LINES} does.")


class Query(Dated):
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


class Problem(BaseModel):
    """An error, in one sentence for a person."""

    error: str
