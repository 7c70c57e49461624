"""The tools that the models of other programs get over MCP. Their docstrings are written for those models."""

from collections.abc import Callable
from contextlib import closing

from qa.changes.folder import compare_states
from qa.changes.record import ChangesRecord, changes_record
from qa.errors import UserError
from qa.export.json import (
    answer_record,
    conflicts_record,
    document_record,
    document_text_record,
    overview_record,
    search_record,
)
from qa.export.mentions import MentionsRecord, mentions_record
from qa.export.records import (
    AnswerRecord,
    ConflictsRecord,
    DocumentRecord,
    DocumentTextRecord,
    OverviewRecord,
    SearchRecord,
)
from qa.grid.grids import Grids
from qa.grid.state import GridRowsRecord, MadeGridRecord, rows_record, state_record
from qa.nlp.dates import Period
from qa.pipeline import Ask, Pipeline
from qa.query.document_filter import DocumentFilter
from qa.runtime import PipelineSource, Runtime
from qa.schema import Answer
from qa.tracking.records import TrackedListRecord, TrackedRecord, list_record, tracked_record
from qa.tracking.tracker import Tracker
from qa.tracking.values import Scope
from qa.web.api.mentions import MAX_MENTIONS
from qa.web.metrics import observe
from qa.web.sweeps import Sweeps

MOST_SENTENCES = 20
"""Changed sentences of a document that a model is given, the most telling ones: a page or two."""


class Tools:
    """The tools over the documents of ``parts``. Each raises AttestError with a sentence for the model."""

    def __init__(
        self,
        parts: Runtime,
        tracker: Tracker | None = None,
        grids: Grids | None = None,
        source: PipelineSource | None = None,
        reader: Callable[[], str] = lambda: "",
        sweeps: Sweeps | None = None,
    ) -> None:
        """Answer from what ``parts`` or, if it is given, ``source`` has at the time; track questions with
        ``tracker``, and keep grids among ``grids``, for the ``reader`` who asks; keep lists of mentions in
        ``sweeps``.
        """
        self._index = parts
        self._parts = source or parts
        self._reader = reader
        self._tracker = tracker
        self._grids = grids
        self._sweeps = sweeps or Sweeps()

    def ask(self, question: str, since: str = "", until: str = "", within: str = "") -> AnswerRecord:
        """Answer a question from the documents. Every sentence of the answer cites verbatim quotes.

        "short" has the few words of a quote that answer it, if there are any. The words of a sentence that
        are in none of its quotes are at its "unquoted" places, and "support" is the probability that the
        quotes support it. With "passages_only", the sentences are passages that may answer the question, not
        an answer. "cut" has what the model wrote that did not pass the check. "conflicts" has where
        documents disagree, and "figures" what code computed from numbers in the quotes.

        When the documents do not say, or nothing that the model wrote passed the check, "answered" is false,
        "reason" says which, and the nearest passages are given, which are not an answer.

        Args:
            question: The question, in words.
            since: Search only documents dated from this day (2020-12-31), month (2020-12) or year (2020) on.
            until: Search only documents dated until then, included. Those without a date are left out.
            within: Search only this document, the documents of this folder or archive, or a collection.
        """
        pipeline = self._parts.pipeline
        asked = Ask(question, document_filter=_document_filter(pipeline, since, until, within))
        with closing(observe(pipeline.stream(asked))) as events:
            *_, answer = events
        assert isinstance(answer, Answer)
        return answer_record(answer)

    def search(
        self, query: str, k: int = 10, since: str = "", until: str = "", within: str = ""
    ) -> SearchRecord:
        """Find the passages of the documents that are nearest to a query, best first.

        When nothing is found, "reason" says why.

        Args:
            query: What to look for.
            k: How many passages to return.
            since: Search only documents dated from this day (2020-12-31), month (2020-12) or year (2020) on.
            until: Search only documents dated until then, included. Those without a date are left out.
            within: Search only this document, the documents of this folder or archive, or a collection.
        """
        pipeline = self._parts.pipeline
        result = pipeline.search(query, k, _document_filter(pipeline, since, until, within))
        return search_record(result, pipeline.documents)

    def what_changed(self, since: str = "", until: str = "") -> ChangesRecord:
        """Tell which documents came, went and changed, and which of their sentences, between two dates or in
        the last update of the index.

        Of each changed document the most telling sentences come first: "kinds" says whether another number,
        date, name or negation makes the difference. A sentence without "before" was added, one without
        "after" removed. "left_out" counts the sentences of a document that are not given.

        Args:
            since: Compare with the documents as they were before this day (2020-12-31), month or year.
            until: Compare them as they were at the end of this day, month or year; now if it is empty.
        """
        return changes_record(compare_states(self._index.index, since, until), MOST_SENTENCES)

    def find(
        self,
        query: str,
        first: int = 0,
        limit: int = 50,
        since: str = "",
        until: str = "",
        within: str = "",
    ) -> MentionsRecord:
        """Find every sentence of the documents that mentions something, and count them.

        Use it for "how many", "which documents" and "list all", where search would give the best passages
        alone. "mentions" and "documents" count all of them, "results" has one page, and "next" is the "first"
        of the page that follows. "limits" says what may be missing: repeat it with what you count.

        Args:
            query: A name, a term or a description. A name, and what is in quotation marks, is found by words.
            first: The place of the first mention to return, from 0.
            limit: How many mentions to return; 1,000 at most.
            since: Search only documents dated from this day (2020-12-31), month (2020-12) or year (2020) on.
            until: Search only documents dated until then, included. Those without a date are left out.
            within: Search only this document, the documents of this folder or archive, or a collection.
        """
        pipeline = self._parts.pipeline
        found = self._sweeps.find(pipeline, query, _document_filter(pipeline, since, until, within))
        return mentions_record(found, pipeline.documents, max(first, 0), min(max(limit, 1), MAX_MENTIONS))

    def find_conflicts(self, since: str = "", until: str = "", within: str = "") -> ConflictsRecord:
        """Find where documents disagree: sentences that say the same but for one number, date or name, or the
        opposite of each other.

        Each conflict has its "sides", words of the quotes of those numbers, the newest document first. Which
        side is right is not judged. When "complete" is false, not all could be compared.

        Args:
            since: Compare only documents dated from this day (2020-12-31), month (2020-12) or year (2020) on.
            until: Compare only documents dated until then, included. Those without a date are left out.
            within: Compare only the documents of this folder or archive, or of a collection.
        """
        pipeline = self._parts.pipeline
        return conflicts_record(pipeline.conflicts(_document_filter(pipeline, since, until, within)))

    def overview(self, since: str = "", until: str = "", within: str = "") -> OverviewRecord:
        """Show what is in the documents, in verbatim quotes: use it before asking about unknown documents.

        The first "main" quotes are the sentences that say most of what the documents are about. "highlights"
        has what they name most, their dates in the order of time and their figures with units, each with the
        number of the quote that has it. With "whole" false, only a part of them was read.

        Args:
            since: Only documents dated from this day (2020-12-31), month (2020-12) or year (2020) on.
            until: Only documents dated until then, included. Those without a date are left out.
            within: Only this document, the documents of this folder or archive, or a collection.
        """
        pipeline = self._parts.pipeline
        return overview_record(pipeline.overview(_document_filter(pipeline, since, until, within)))

    def start_grid(self, questions: str, within: str = "") -> MadeGridRecord:
        """Ask every document every question, for comparing documents: documents down, questions across.

        The cells are filled in the background: read_grid shows them. "left_out" says which lines are not
        asked, and why. The same questions of the same documents are the same grid.

        Args:
            questions: The questions, one a line, each clear without the others.
            within: Ask only this document, the documents of this folder or archive, or a collection.
        """
        grids = self._with_grids()
        file, left_out = grids.make(
            grids.of(self._reader()), questions, [within] if within else [], lambda: self._parts.pipeline
        )
        table = grids.table(file, self._parts.pipeline)
        filling = grids.resume(file, table, lambda: self._parts.pipeline)
        return {**state_record(table, filling), "left_out": list(left_out)}

    def read_grid(self, grid: str, first: int = 0, limit: int = 10) -> GridRowsRecord:
        """Read some documents of a grid, as far as it is filled: "progress" and "filling" say how far.

        A cell that is "found" has an answer with its quotes. In another, "nearest" is the nearest passage,
        which is not an answer. "filled_by" says whether words alone, a language model or a reader did.

        Args:
            grid: The id of the grid, as start_grid gives it.
            first: The place of the first document to return, from 0; "next" is that of the page that follows.
            limit: How many documents to return.
        """
        grids = self._with_grids()
        file = grids.of(self._reader()).find(grid)
        table = grids.table(file, self._parts.pipeline)
        filling = grids.resume(file, table, lambda: self._parts.pipeline)
        return rows_record(table, filling, max(first, 0), max(limit, 1))

    def list_documents(self) -> list[DocumentRecord]:
        """List all documents: id, title, date and length, without their text."""
        documents = self._parts.pipeline.documents
        return [document_record(documents[doc_id]) for doc_id in sorted(documents)]

    def read_document(self, document: str) -> DocumentTextRecord:
        """Return a document with the text that the start and end of quotes refer to.

        Args:
            document: The id of the document, as the other tools give it.
        """
        found = self._parts.pipeline.documents.get(document)
        if found is None:
            raise UserError(f"There is no document called {document}; list_documents names all documents")
        return document_text_record(found)

    def track(self, question: str, since: str = "", until: str = "", within: str = "") -> TrackedRecord:
        """Track a question: it is asked soon, and again whenever a change of the documents can matter to it.

        list_tracked shows its answer then, and what changed.

        Args:
            question: The question, in words that are clear without the conversation.
            since: Search only documents dated from this day (2020-12-31), month (2020-12) or year (2020) on.
            until: Search only documents dated until then, included. Those without a date are left out.
            within: Search only this document, or the documents of this folder, archive or collection.
        """
        tracker = self._tracking()
        tracked = tracker.add(question, self._reader(), Scope((within,) if within else (), since, until))
        return tracked_record(tracked, tracker.store.latest(tracked))

    def list_tracked(self) -> TrackedListRecord:
        """List the tracked questions with their newest answers, and what changed, the newest first.

        Each change has the answer before and after, with the quotes of both. "new" is true for a change that
        the person has not seen yet.
        """
        return list_record(self._tracking().store, self._reader())

    def _tracking(self) -> Tracker:
        if self._tracker is None:
            raise UserError("Questions cannot be tracked here; attest mcp and attest serve can")
        return self._tracker

    def _with_grids(self) -> Grids:
        if self._grids is None:
            raise UserError("Grids cannot be made here; attest mcp and attest serve can")
        return self._grids


def _document_filter(pipeline: Pipeline, since: str, until: str, within: str) -> DocumentFilter:
    """Return which documents of ``pipeline`` to search.

    Raises:
        UserError: a date is not valid, or there is no document, folder or collection called ``within``.
    """
    return pipeline.document_filter([within] if within else [], Period.of(since, until))
