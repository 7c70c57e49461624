"""Attest in a program: open or build an index, ask it, search it, read its documents."""

from collections.abc import Generator, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Self

from qa import assemble, config, storage
from qa.changes.folder import FolderChange, compare_states
from qa.concurrency import StopToken
from qa.conflicts.corpus import MAX_SHOWN, CorpusConflicts
from qa.errors import UserError
from qa.grid.base import Source, Table
from qa.grid.file import GridFolder
from qa.grid.fill import Filler, Report, make_grid, table_of
from qa.grid.questions import read_questions
from qa.ingest.base import Failure
from qa.mentions.base import Mentions
from qa.nlp.dates import Period
from qa.pipeline import Ask, Event
from qa.query.document_filter import DocumentFilter
from qa.retrieval.evidence import number_quotes
from qa.runtime import StaticRuntime
from qa.schema import Answer, Document, Overview, Quote, Turn
from qa.tracking.tracker import Tracker
from qa.tracking.values import Change, KeptAnswer, Scope


class Attest:
    """Answers from one index, as it was when it was opened. Safe to use from many threads.

    In every method, ``documents`` names the documents to search by their ids, or by folders or archives of
    them, and ``since`` and ``until`` say when they are from (``2020-12-31``, ``2020-12`` or ``2020``, both
    included); all of them by default.
    """

    def __init__(
        self, runtime: StaticRuntime, tracker: Tracker | None = None, grids: GridFolder | None = None
    ) -> None:
        """Answer from what was opened already; :meth:`open` and :meth:`build` open it. Without a ``tracker``
        no questions are tracked, and without ``grids`` no grids are made.
        """
        self._runtime = runtime
        self._tracker = tracker
        self._grids = grids

    @classmethod
    def open(cls, index: str | Path | None = None, **settings: object) -> Self:
        """Open an index that was built before, and the models. A language model that runs on this machine is
        loaded at the first question.

        ``settings`` have the names of ``attest.toml``, such as ``model="none"``, and win over the file and
        the environment; so does ``index``, the folder of the index.

        Raises:
            UserError: there is no index, it is damaged, or a setting is not valid.
            AttestError: a model cannot be fetched.
        """
        return cls._open(_config(index, settings))

    @classmethod
    def build(
        cls, paths: str | Path | Iterable[str | Path], index: str | Path | None = None, **settings: object
    ) -> Self:
        """Bring an index up to date with the files at and under ``paths``, or make one of them, and open it.
        Only what is new is read. What cannot be read is in :attr:`left_out`.

        Raises:
            UserError: a path is missing, there is nothing to index, or a setting is not valid.
            AttestError: a model cannot be fetched.
        """
        several = [paths] if isinstance(paths, str | Path) else paths
        chosen = _config(index, settings)
        assemble.index_corpus(chosen, [Path(path) for path in several])
        return cls._open(chosen)

    @classmethod
    def _open(cls, chosen: config.Config) -> Self:
        runtime = assemble.open_runtime(chosen)
        grids = GridFolder(storage.grid_folder(chosen))
        return cls(runtime, assemble.open_tracker(chosen, runtime), grids)

    @property
    def documents(self) -> Mapping[str, Document]:
        """The documents, by id. Offsets of quotes count the characters of a document's ``text``."""
        return self._runtime.index.documents

    @property
    def left_out(self) -> tuple[Failure, ...]:
        """The files that are not in the index, and why."""
        return self._runtime.index.left_out

    def ask(
        self,
        question: str,
        history: Sequence[Turn] = (),
        *,
        documents: Sequence[str] = (),
        since: str = "",
        until: str = "",
    ) -> Answer:
        """Return the checked answer to ``question``, which may refer back to the ``history``.

        Raises:
            UserError: the question is empty or too long, or asks nothing, or names of documents or dates are
                not right.
        """
        asked = Ask(question, tuple(history), self._filter(documents, since, until))
        return self._runtime.pipeline.invoke(asked)

    def stream(
        self,
        question: str,
        history: Sequence[Turn] = (),
        *,
        documents: Sequence[str] = (),
        since: str = "",
        until: str = "",
    ) -> Generator[Event, None, None]:
        """Yield the evidence, then the checked short answer where an explanation follows, the draft of it as
        it is written, unchecked, and the checked answer last. Closing it stops the model.

        Raises:
            UserError: as :meth:`ask`.
        """
        asked = Ask(question, tuple(history), self._filter(documents, since, until))
        return self._runtime.pipeline.stream(asked)

    def search(
        self,
        query: str,
        k: int = 10,
        *,
        documents: Sequence[str] = (),
        since: str = "",
        until: str = "",
    ) -> tuple[Quote, ...]:
        """Return the ``k`` best passages for ``query`` as quotes, numbered from 1, best first.

        Raises:
            UserError: the query is empty or too long, or names of documents or dates are not right.
        """
        found = self._runtime.pipeline.search(query, k, self._filter(documents, since, until))
        return number_quotes([hit.passage.span for hit in found.hits], self.documents)

    def changes(self, *, since: str = "", until: str = "") -> FolderChange:
        """Return which documents came, went and changed, and which sentences of them, between the states of
        the index that ``since`` and ``until`` name: dates, or states as ``attest diff --list`` lists them. By
        default, in the last update.

        Raises:
            UserError: no former state is known, or the names are not right.
        """
        return compare_states(self._runtime.index, since, until)

    def find(
        self,
        query: str,
        *,
        documents: Sequence[str] = (),
        since: str = "",
        until: str = "",
        by_meaning: bool = True,
    ) -> Mentions:
        """Return every sentence that mentions what ``query`` names or describes, by words in any inflection,
        by other forms of a name and, unless told not to, by meaning, with what may be missing.

        Raises:
            UserError: the query is empty or too long, or names of documents or dates are not right.
        """
        chosen = self._filter(documents, since, until)
        return self._runtime.pipeline.find(query, chosen, by_meaning=by_meaning)

    def conflicts(
        self,
        limit: int = MAX_SHOWN,
        *,
        documents: Sequence[str] = (),
        since: str = "",
        until: str = "",
    ) -> CorpusConflicts:
        """Return where documents disagree on a number, a date or a name, or say the opposite of each other:
        the surest ``limit`` conflicts.

        Raises:
            UserError: names of documents or dates are not right.
        """
        return self._runtime.pipeline.conflicts(self._filter(documents, since, until), limit)

    def overview(self, *, documents: Sequence[str] = (), since: str = "", until: str = "") -> Overview:
        """Return what is in the documents: their main sentences, and what they name and state, in quotes.

        Raises:
            UserError: names of documents or dates are not right.
        """
        return self._runtime.pipeline.overview(self._filter(documents, since, until))

    def grid(
        self,
        questions: Sequence[str],
        *,
        documents: Sequence[str] = (),
        report: Report = lambda done, of: None,
    ) -> Table:
        """Ask every document every question, and return the table once it is filled. It is kept beside the
        index, cell by cell: the same questions of the same documents are not asked again. ``report`` is told
        how many of the cells that were missing are done, first by words, then by the model, if there is one.

        Raises:
            UserError: there is no question, names of documents are not right, or there are too many cells.
            AttestError: the language model does not answer; what is filled is kept.
        """
        if self._grids is None:
            raise UserError("Only an Attest that open or build returns can make grids")
        asked = read_questions("\n".join(" ".join(each.split()) for each in questions))
        pipeline = self._runtime.pipeline
        file = make_grid(self._grids, asked, documents, pipeline)
        filler = Filler(file, lambda: pipeline, StopToken())
        filler.fill(Source.WORDS, report)
        if pipeline.model is not None:
            filler.fill(Source.MODEL, report)
        return table_of(file.read(), pipeline)

    def track(
        self, question: str, *, documents: Sequence[str] = (), since: str = "", until: str = ""
    ) -> KeptAnswer | None:
        """Track ``question``, and return its answer; None if another process is asking it.

        Raises:
            UserError: the question is empty or too long, or asks nothing, or what is to be searched means
                nothing.
        """
        tracker = self._tracking()
        tracked = tracker.add(question, scope=Scope(tuple(documents), since, until))
        tracker.update()
        return tracker.store.latest(tracked)

    def tracked_changes(self) -> list[Change]:
        """Ask again what the documents can have changed, and return all that did change, the newest first."""
        tracker = self._tracking()
        tracker.update()
        return tracker.store.changes()

    def _tracking(self) -> Tracker:
        if self._tracker is None:
            raise UserError("Only an Attest that open or build returns can track questions")
        return self._tracker

    def _filter(self, documents: Sequence[str], since: str, until: str) -> DocumentFilter:
        return self._runtime.pipeline.document_filter(documents, Period.of(since, until))


def _config(index: str | Path | None, settings: Mapping[str, object]) -> config.Config:
    unknown = [name for name in settings if name not in config.Config.model_fields]
    if unknown:
        raise UserError(f"Attest has no setting called {unknown[0]}; qa/config.py lists all settings")
    return config.load(index=index, **settings)
