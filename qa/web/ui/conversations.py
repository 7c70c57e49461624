"""A reader's conversations, as their browser keeps them. Pure; the server keeps none.

What comes back from a browser may have been changed or be out of date: every answer goes through
:func:`qa.verification.verify.restore`, which cuts its quotes again, and what is no record is left out.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace

from qa.errors import AttestError
from qa.schema import Answer, Document, Turn, mark_changed
from qa.verification.verify import restore

MAX_CONVERSATIONS = 50
"""The newest are kept. Browsers allow a page five million characters; an exchange takes some 3,000."""

MAX_EXCHANGES = 30
"""Of one conversation, the last; see ``MAX_CONVERSATIONS``."""

MAX_TITLE_CHARS = 80

UNTITLED = "New conversation"


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question and what came of it: an answer, or a sentence that says why there is none."""

    question: str
    answer: Answer | None = None
    note: str = ""

    @property
    def turn(self) -> Turn:
        """What a follow-up may refer to."""
        said = " ".join(sentence.text for sentence in self.answer.sentences) if self.answer else ""
        return Turn(self.question, said)

    def marked(self, changed: Callable[[str], bool]) -> "Exchange":
        """The same, its quotes saying whether the file of their document has ``changed`` by now."""
        if self.answer is None:
            return self
        quotes, nearest = (mark_changed(each, changed) for each in (self.answer.quotes, self.answer.nearest))
        return replace(self, answer=replace(self.answer, quotes=quotes, nearest=nearest))

    def record(self) -> dict[str, object]:
        """The exchange as JSON has it."""
        return {"question": self.question, "note": self.note, "answer": self.answer and asdict(self.answer)}


@dataclass(frozen=True, slots=True)
class Conversation:
    """Exchanges under a title. ``id`` is the browser's."""

    id: str
    title: str = UNTITLED
    records: tuple[Mapping[str, object], ...] = ()
    """Its exchanges as the browser sent them, not yet looked at."""

    def exchanges(self, documents: Mapping[str, Document]) -> list[Exchange]:
        """Its exchanges, every answer held against ``documents`` again."""
        return [found for record in self.records if (found := _exchange(record, documents))]


@dataclass(frozen=True, slots=True)
class Conversations:
    """All conversations of a reader, the newest first, and which of them is open."""

    open_id: str = ""
    all: tuple[Conversation, ...] = ()

    @property
    def opened(self) -> Conversation | None:
        """The one that is open; None before its first question."""
        return next((each for each in self.all if each.id == self.open_id), None)

    def opening(self, id_: str) -> "Conversations":
        """The same with another one open; with one that is not there, a new one."""
        return replace(self, open_id=id_)

    def with_exchange(self, id_: str, exchange: Exchange, after: int) -> "Conversations":
        """The same with ``exchange`` at the end of the conversation ``id_``, of which the first ``after``
        exchanges are kept. A conversation that is not there begins with it and takes its title from it.
        """
        old = next((each for each in self.all if each.id == id_), None)
        old = old or Conversation(id_, exchange.question[:MAX_TITLE_CHARS])
        records = (*old.records[:after], exchange.record())[-MAX_EXCHANGES:]
        rest = (each for each in self.all if each.id != id_)
        return replace(self, all=(replace(old, records=records), *rest)[:MAX_CONVERSATIONS])

    def with_latest(self, latest: Conversation) -> "Conversations":
        """The same with ``latest`` open, in place of what was under its id; it keeps the title it has here.

        To do so twice is to do it once.
        """
        old = next((each for each in self.all if each.id == latest.id), latest)
        rest = (each for each in self.all if each.id != latest.id)
        return Conversations(latest.id, (replace(latest, title=old.title), *rest)[:MAX_CONVERSATIONS])

    def renamed(self, id_: str, title: str) -> "Conversations":
        """The same with another title for ``id_``; a blank one changes nothing."""
        title = " ".join(title.split())[:MAX_TITLE_CHARS]
        if not title:
            return self
        return replace(self, all=tuple(replace(c, title=title) if c.id == id_ else c for c in self.all))

    def without(self, id_: str) -> "Conversations":
        """The same without the conversation ``id_``."""
        return replace(self, all=tuple(each for each in self.all if each.id != id_))

    def record(self) -> dict[str, object]:
        """All of them as JSON has them."""
        return {"open": self.open_id, "all": [asdict(each) for each in self.all]}


def read(record: object) -> Conversations:
    """The conversations in what a browser kept; what is not one is left out."""
    if not isinstance(record, Mapping) or not isinstance(record.get("all"), Sequence):
        return Conversations()
    found = (_conversation(each) for each in record["all"])
    kept = {each.id: each for each in found if each}
    return Conversations(str(record.get("open", "")), tuple(kept.values())[:MAX_CONVERSATIONS])


def known(record: object, done: "Conversation | None") -> "Conversations":
    """The conversations of ``record``, in which the one that was ``done`` with last may not be yet."""
    store = read(record)
    return store.with_latest(done) if done else store


def _conversation(record: object) -> Conversation | None:
    if not isinstance(record, Mapping) or not isinstance(record.get("records"), Sequence):
        return None
    id_, title = record.get("id"), record.get("title")
    if not isinstance(id_, str) or not isinstance(title, str):
        return None
    records = [each for each in record["records"] if isinstance(each, Mapping)]
    return Conversation(id_, title[:MAX_TITLE_CHARS], tuple(records[-MAX_EXCHANGES:]))


def _exchange(record: Mapping[str, object], documents: Mapping[str, Document]) -> Exchange | None:
    question, note = record.get("question"), record.get("note", "")
    if not isinstance(question, str) or not isinstance(note, str):
        return None
    if record.get("answer") is None:
        return Exchange(question, note=note)
    try:
        return Exchange(question, restore(record["answer"], documents))
    except AttestError as error:
        return Exchange(question, note=str(error))
