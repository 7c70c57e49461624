"""The steps of answering as HTML, one frame after the other. Pure; everything that
documents and models say is escaped.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from html import escape

from qa.schema import Answer, Document, Draft, Evidence, FirstAnswer, QueuePosition, Quote
from qa.web.ui.answer_html import answer_html
from qa.web.ui.quotes_html import HINT, NO_DOCUMENTS, quotes_html, sources_html
from qa.web.ui.wording import count_text


@dataclass(frozen=True, slots=True)
class Frame:
    """One step of answering, as HTML."""

    reply: str
    sources: str = HINT
    answer: Answer | None = None
    """The answer in the last frame; None before."""


def render_frames(
    events: Iterable[QueuePosition | Evidence | FirstAnswer | Draft | Answer],
    clock: Callable[[], float] = lambda: 0.0,
    documents: Mapping[str, Document] = NO_DOCUMENTS,
) -> Iterator[Frame]:
    """Yield a frame before the first of a pipeline's ``events``, and one after each. ``clock`` tells the time
    in seconds.
    """
    steps = _Steps(clock)
    yield Frame(steps.html())
    sources, first, draft = HINT, "", ""
    found: list[Quote] = []
    writing = _WRITE
    for event in events:
        if isinstance(event, Evidence):
            writing = _WRITE
            found += event.quotes
            steps.begin(_JUDGE, f"Found {count_text(len(event.quotes), 'passage')}, listed under Sources")
            sources = quotes_html(event.quotes, "Passages found", documents=documents)
            draft += "\n" if draft else ""  # the next part of a question in parts
            yield Frame(steps.html() + first + (draft_html(draft) if draft else ""), sources)
        elif isinstance(event, QueuePosition):
            turn_came = _JUDGE if found else _SEARCH
            steps.begin(turn_came if not event.ahead else _Step(waiting_text(event), _WAITED))
            yield Frame(steps.html() + first, sources)
        elif isinstance(event, FirstAnswer):
            writing = _EXPLAIN
            steps.begin(writing)
            first += answer_html(event.answer)
            yield Frame(steps.html() + first, sources)
        elif isinstance(event, Draft):
            steps.begin(writing)
            draft += event.text
            yield Frame(steps.html() + first + draft_html(draft), sources)
        else:
            yield Frame(answer_html(event), sources_html(event, found, documents), event)


@dataclass(frozen=True, slots=True)
class _Step:
    """A step of answering, in words while it lasts and once it is done."""

    doing: str
    done: str


_SEARCH = _Step("Searching the documents …", "Searched the documents")
_JUDGE = _Step("Judging whether they answer the question …", "Judged whether they answer the question")
_WAITED = "Waited for other questions"
_EXPLAIN = _Step("Writing an explanation and checking it …", "Wrote and checked an explanation")
_WRITE = _Step("Writing the answer and checking it …", "Wrote and checked a part of the answer")


class _Steps:
    """The steps of answering so far, each with the seconds that it took."""

    def __init__(self, clock: Callable[[], float]) -> None:
        """Begin with the search."""
        self._clock = clock
        self._begun = clock()
        self._step = _SEARCH
        self._done: list[str] = []

    def begin(self, step: _Step, result: str = "") -> None:
        """End the present step, with its ``result`` in words, and begin another; the same one goes on."""
        if result or step.done != self._step.done:
            now = self._clock()
            seconds = f'<span class="seconds">{now - self._begun:.1f} s</span>'
            self._done.append(f"<li>{escape(result or self._step.done)} {seconds}</li>")
            self._begun = now
        self._step = step

    def html(self) -> str:
        """Return the list of steps. The page counts the seconds of the last one."""
        elapsed = f"{self._clock() - self._begun:.1f}"
        return (
            f'<ol class="steps">{"".join(self._done)}<li aria-current="step">{escape(self._step.doing)} '
            f'<span class="seconds" data-elapsed="{elapsed}"></span></li></ol>'
        )


def waiting_text(waiting: QueuePosition) -> str:
    """Return the question's place in the queue."""
    others = "1 question is" if waiting.ahead == 1 else f"{waiting.ahead:,} questions are"
    return f"{others} ahead of yours …"


def draft_html(text: str) -> str:
    """Return the text that the model has written so far, marked as unchecked."""
    return (
        '<div class="draft"><p class="label">Draft, not yet checked</p>'
        f'<p class="words" dir="auto">{escape(text)}</p></div>'
    )
