"""Fill a grid: ask each document each question, by words and meaning at once, then with the model."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from qa.concurrency import StopToken
from qa.errors import AttestError, UserError
from qa.export.text import unit_text
from qa.grid.base import Cell, Excerpt, Grid, Key, Source, Table, check_size, lay_out, text_digest
from qa.grid.file import GridFile, GridFolder
from qa.grid.questions import QuestionList
from qa.pipeline import Ask, Pipeline
from qa.query.document_filter import DocumentFilter, find_present
from qa.query.every import asks_for_every
from qa.schema import Answer, Quote
from qa.verification.passages import MIN_PROBABILITY, answers_alone

SILENT_MODEL = "The language model does not answer, so the rest of the grid is filled without it"
"""The reason why filling with the model ends early."""

ONLY_NEAR = "no passage answers it by itself"
"""The reason why a passage that may answer a question does not fill a cell."""

Report = Callable[[int, int], object]
"""Told how many cells are done, and of how many."""


@dataclass(frozen=True, slots=True)
class Filler:
    """Fills the grid in ``file`` over the documents of what ``pipeline`` returns, which may change."""

    file: GridFile
    pipeline: Callable[[], Pipeline]
    stop: StopToken

    def fill(self, source: Source, report: Report = lambda done, of: None) -> None:
        """Fill what ``source`` has not filled yet. When documents change meanwhile, they are asked again.
        Every cell is kept as soon as it is filled.

        Raises:
            UserError: there is no document, or the grid has grown too large.
            AttestError: the language model does not answer.
            StoppedError: a stop was asked for; what is filled stays.
        """
        while True:
            pipeline = self.pipeline()
            table = table_of(self.file.read(), pipeline)
            self.file.note_index(table)
            if not table.pending(source) or not self._pass(table, pipeline, source, report):
                return

    def _pass(self, table: Table, pipeline: Pipeline, source: Source, report: Report) -> bool:
        """Fill the cells of ``table``, and return whether one was. Ends early once the documents change."""
        pending = table.pending(source)
        flow = pipeline.without_model() if source is Source.WORDS else pipeline
        for done, (row, question) in enumerate(pending, start=1):
            self.stop.check()
            now = self.pipeline()
            if now is not pipeline and _digest_in(now, row.id) != row.digest:
                return True
            cell = ask_cell(flow, row.id, question, source)
            self.file.add_cell(Key(row.digest, question), cell)
            report(done, len(pending))
        return bool(pending)


def make_grid(
    folder: GridFolder, asked: QuestionList, within: Sequence[str], pipeline: Pipeline, collection: str = ""
) -> GridFile:
    """Return the grid in ``folder`` of what is ``asked`` of the documents of these names, which are those of
    a reader's own ``collection`` if it has a name. It is made unless there is one; names of one that is
    there, or of a collection, may mean no document any more.

    Raises:
        UserError: a name of a new grid means nothing, or the grid is too large or one too many.
    """
    if not folder.has(asked.questions, within, collection):
        if collection:
            chosen: Collection[str] | None = _chosen(within, pipeline, own=True)[0]
        else:
            chosen = pipeline.document_filter(within).only
        check_size(len(pipeline.documents if chosen is None else chosen), len(asked.questions))
    return folder.make(asked.questions, within, tuple(map(str, asked.skipped)), collection)


def table_of(grid: Grid, pipeline: Pipeline) -> Table:
    """Return ``grid`` over the documents that ``pipeline`` has.

    Raises:
        UserError: there is none, or there are too many cells.
    """
    ids, missing = _chosen(grid.within, pipeline, own=bool(grid.collection))
    if missing and not ids:
        if grid.collection:
            raise UserError(f"The documents of {grid.collection} are no longer there, so none can be asked")
        raise UserError(f"{', '.join(missing)}: no longer there, so there is no document to ask")
    check_size(len(ids), len(grid.questions))
    return Table(grid, lay_out(pipeline.documents[each] for each in ids), missing)


def _chosen(within: Sequence[str], pipeline: Pipeline, *, own: bool) -> tuple[list[str], tuple[str, ...]]:
    """Return the ids of the documents that the names mean, in their order, and the names that mean none by
    now. Names of a reader's ``own`` collection mean no collection.
    """
    if not within:
        return sorted(pipeline.documents), ()
    dates = pipeline.retriever.source.dates()
    found, missing = find_present(within, dates, {} if own else pipeline.collections)
    return sorted(found), missing


def _digest_in(pipeline: Pipeline, doc_id: str) -> str:
    found = pipeline.documents.get(doc_id)
    return text_digest(found) if found else ""


def ask_cell(pipeline: Pipeline, doc_id: str, question: str, source: Source) -> Cell:
    """Return what the document says to the question. With a model, it waits behind readers' questions.

    Raises:
        AttestError: the model does not answer.
    """
    only = DocumentFilter(frozenset({doc_id}))
    answer = pipeline.invoke(Ask(question, document_filter=only, background=True))
    if source is Source.MODEL and answer.model_failed:
        raise AttestError(SILENT_MODEL)
    return cell_of(answer, source)


def cell_of(answer: Answer, source: Source) -> Cell:
    """Return the cell that ``answer`` makes: its few words where it has them, with the unit that a table
    states, or, where nobody phrased an answer, the first passage that is one by itself. Where none is, the
    best one is shown as the nearest.
    """
    if not answer.answered:
        return Cell(False, "", tuple(map(_excerpt, answer.nearest[:1])), source, answer.reason)
    if source is Source.WORDS and answer.passages_only and not _wants_all(answer):
        return _cell_of_passages(answer)
    by_number = {quote.number: quote for quote in answer.quotes}
    if answer.short:
        text = f"{answer.short.text}{unit_text(answer.short)}"
        return Cell(True, text, (_excerpt(by_number[answer.short.quote]),), source)
    sentences = answer.sentences[:1] if answer.passages_only else answer.sentences
    cited = dict.fromkeys(number for sentence in sentences for number in sentence.cites)
    text = " ".join(sentence.text for sentence in sentences)
    return Cell(True, text, tuple(_excerpt(by_number[number]) for number in cited), source)


def _wants_all(answer: Answer) -> bool:
    """Return whether the passages are a summary or mentions, of which none is to be an answer by itself."""
    return answer.highlights is not None or bool(asks_for_every(answer.question))


def _cell_of_passages(answer: Answer) -> Cell:
    quotes, question = answer.quotes, answer.resolved
    quote = next((each for each in quotes if answers_alone(each, quotes, question)), None)
    if quote is None or answer.p_answerable < MIN_PROBABILITY:
        return Cell(False, "", tuple(map(_excerpt, quotes[:1])), Source.WORDS, ONLY_NEAR)
    return Cell(True, quote.text, (_excerpt(quote),), Source.WORDS)


def _excerpt(quote: Quote) -> Excerpt:
    return Excerpt(quote.text, quote.span.start, quote.span.end, quote.place)
