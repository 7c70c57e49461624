"""A visitor's conversations, as their browser stores them. Pure; the server stores none.

What a browser sends back may have been changed or be out of date. Every answer goes through
:func:`qa.verification.verify.restore`, which cuts its quotes again, and anything malformed is left out.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace

from qa.errors import AttestError
from qa.schema import Answer, Document, Turn, mark_changed
from qa.verification.verify import restore

MAX_CONVERSATIONS = 50
"""The newest are stored. Browsers allow a page five million characters; an exchange takes some 3,000."""

MAX_EXCHANGES = 30
"""The last of a conversation are stored; see ``MAX_CONVERSATIONS``."""

MAX_TITLE_CHARS = 80

UNTITLED = "New conversation"


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question with its answer, or with a sentence that says why there is none."""

    question: str
    answer: Answer | None = None
    note: str = ""

    @property
    def turn(self) -> Turn:
        """The exchange as a follow-up may refer to it."""
        said = " ".join(sentence.text for sentence in self.answer.sentences) if self.answer else ""
        return Turn(self.question, said)

    def mark_changed(self, changed: Callable[[str], bool]) -> "Exchange":
        """Return a copy whose quotes say whether the file of their document has ``changed`` since."""
        if self.answer is None:
            return self
        quotes, nearest = (mark_changed(each, changed) for each in (self.answer.quotes, self.answer.nearest))
        return replace(self, answer=replace(self.answer, quotes=quotes, nearest=nearest))

    def record(self) -> dict[str, object]:
        """Return the exchange as JSON has it."""
        return {"question": self.question, "note": self.note, "answer": self.answer and asdict(self.answer)}


@dataclass(frozen=True, slots=True)
class Conversation:
    """Exchanges under a title."""

    id: str
    title: str = UNTITLED
    records: tuple[Mapping[str, object], ...] = ()
    """The exchanges as the browser sent them, not yet checked."""

    def exchanges(self, documents: Mapping[str, Document]) -> list[Exchange]:
        """Return the exchanges, every answer checked against ``documents`` again."""
        return [found for record in self.records if (found := _parse_exchange(record, documents))]


@dataclass(frozen=True, slots=True)
class Conversations:
    """All conversations of a visitor, newest first, and the id of the open one."""

    open_id: str = ""
    all: tuple[Conversation, ...] = ()

    @property
    def current(self) -> Conversation | None:
        """The open conversation; None before its first question."""
        return next((each for each in self.all if each.id == self.open_id), None)

    def with_open(self, id_: str) -> "Conversations":
        """Return a copy with the conversation ``id_`` open. An unknown id stands for a new one."""
        return replace(self, open_id=id_)

    def with_exchange(self, id_: str, exchange: Exchange, after: int) -> "Conversations":
        """Return a copy with ``exchange`` after the first ``after`` exchanges of the conversation ``id_``, in
        place of the rest. An unknown conversation begins with it and takes its title from it.
        """
        old = next((each for each in self.all if each.id == id_), None)
        old = old or Conversation(id_, exchange.question[:MAX_TITLE_CHARS])
        records = (*old.records[:after], exchange.record())[-MAX_EXCHANGES:]
        rest = (each for each in self.all if each.id != id_)
        return replace(self, all=(replace(old, records=records), *rest)[:MAX_CONVERSATIONS])

    def with_latest(self, latest: Conversation) -> "Conversations":
        """Return a copy with ``latest`` open, in place of what was under its id. The stored title stays.

        Doing so twice is the same as doing it once.
        """
        old = next((each for each in self.all if each.id == latest.id), latest)
        rest = (each for each in self.all if each.id != latest.id)
        return Conversations(latest.id, (replace(latest, title=old.title), *rest)[:MAX_CONVERSATIONS])

    def renamed(self, id_: str, title: str) -> "Conversations":
        """Return a copy with another title for ``id_``. A blank title changes nothing."""
        title = " ".join(title.split())[:MAX_TITLE_CHARS]
        if not title:
            return self
        return replace(self, all=tuple(replace(c, title=title) if c.id == id_ else c for c in self.all))

    def without(self, id_: str) -> "Conversations":
        """Return a copy without the conversation ``id_``."""
        return replace(self, all=tuple(each for each in self.all if each.id != id_))

    def record(self) -> dict[str, object]:
        """Return all of them as JSON has them."""
        return {"open": self.open_id, "all": [asdict(each) for each in self.all]}


def parse(record: object) -> Conversations:
    """Read what a browser stored, and leave out anything malformed."""
    if not isinstance(record, Mapping) or not isinstance(record.get("all"), Sequence):
        return Conversations()
    found = (_parse_conversation(each) for each in record["all"])
    by_id = {each.id: each for each in found if each}
    return Conversations(str(record.get("open", "")), tuple(by_id.values())[:MAX_CONVERSATIONS])


def parse_with_latest(record: object, latest: Conversation | None) -> Conversations:
    """Read what a browser stored, and put in ``latest``, which it may not have stored yet."""
    conversations = parse(record)
    return conversations.with_latest(latest) if latest else conversations


def _parse_conversation(record: object) -> Conversation | None:
    if not isinstance(record, Mapping) or not isinstance(record.get("records"), Sequence):
        return None
    id_, title = record.get("id"), record.get("title")
    if not isinstance(id_, str) or not isinstance(title, str):
        return None
    records = [each for each in record["records"] if isinstance(each, Mapping)]
    return Conversation(id_, title[:MAX_TITLE_CHARS], tuple(records[-MAX_EXCHANGES:]))


def _parse_exchange(record: Mapping[str, object], documents: Mapping[str, Document]) -> Exchange | None:
    question, note = record.get("question"), record.get("note", "")
    if not isinstance(question, str) or not isinstance(note, str):
        return None
    if record.get("answer") is None:
        return Exchange(question, note=note)
    try:
        return Exchange(question, restore(record["answer"], documents))
    except AttestError as error:
        return Exchange(question, note=str(error))
