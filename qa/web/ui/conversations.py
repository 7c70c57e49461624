"""A visitor's conversation, as their browser stores it (assets/store.js). Pure; the server stores none.

What a browser sends back may have been changed or be out of date. Every answer goes through
:func:`qa.verification.verify.restore`, which cuts its quotes again, and anything malformed is left out.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace

from pydantic import TypeAdapter, ValidationError

from qa.errors import AttestError
from qa.schema import Answer, Document, Turn, mark_changed
from qa.tracking.values import EVERYTHING, Scope
from qa.verification.verify import restore

LEFT = "There is no answer yet. If no other tab is waiting for it, the page was left too soon: ask again."
"""Shown under a question whose answer the browser did not get."""


_SCOPE = TypeAdapter(Scope | None)


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question with its answer, or with a sentence that says why there is none."""

    question: str
    answer: Answer | None = None
    note: str = ""
    scope: Scope | None = EVERYTHING
    """The documents that it searched; None where they were too many to be named."""
    state: str = ""
    """Of those documents when it was answered."""

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

    def record(self, id_: str) -> dict[str, object]:
        """Return the exchange as the browser stores it under ``id_``."""
        answer = self.answer and asdict(self.answer)
        scope = self.scope and asdict(self.scope)
        return {
            "id": id_,
            "question": self.question,
            "note": self.note,
            "answer": answer,
            "scope": scope,
            "state": self.state,
        }


@dataclass(frozen=True, slots=True)
class Conversation:
    """Exchanges under a title."""

    id: str
    title: str = ""
    records: tuple[Mapping[str, object], ...] = ()
    """The exchanges as the browser sent them, not yet checked."""
    asking: str = ""
    """The id under which the browser stores the question that is asked now."""
    problem: str = ""
    """The reason why the browser did not send it: it is ``full``, or ``missing``; empty if it did."""
    document: str = ""
    """The address of the document that is open beside it; empty without one."""

    def exchanges(self, documents: Mapping[str, Document]) -> list[Exchange]:
        """Return the exchanges, every answer checked against ``documents`` again."""
        return [found for record in self.records if (found := _parse_exchange(record, documents))]

    def exchange(self, number: object, documents: Mapping[str, Document]) -> Exchange | None:
        """Return the exchange of that ``number``, counted from 1; None if there is none."""
        exchanges = self.exchanges(documents)
        place = int(str(number)) if str(number).isdecimal() else 0
        return exchanges[place - 1] if 0 < place <= len(exchanges) else None


def parse(record: object) -> Conversation | None:
    """Read a conversation that a browser sent; None if it is none."""
    if not isinstance(record, Mapping) or not isinstance(record.get("records"), Sequence):
        return None
    texts = {name: record.get(name, "") for name in ("id", "title", "asking", "problem", "document")}
    if not all(isinstance(each, str) for each in texts.values()):
        return None
    records = tuple(each for each in record["records"] if isinstance(each, Mapping))
    return Conversation(**texts, records=records)


def _parse_exchange(record: Mapping[str, object], documents: Mapping[str, Document]) -> Exchange | None:
    question, note, state = record.get("question"), record.get("note", ""), record.get("state", "")
    if not isinstance(question, str) or not isinstance(note, str) or not isinstance(state, str):
        return None
    if record.get("answer") is None:
        return Exchange(question, note=note or LEFT)
    try:
        # Conversations of former versions have no scope, and are of no state: they were asked of everything.
        scope = _SCOPE.validate_python(record.get("scope", EVERYTHING))
        return Exchange(question, restore(record["answer"], documents), scope=scope, state=state)
    except ValidationError:
        return Exchange(question, note="This saved answer is damaged; ask again")
    except AttestError as error:
        return Exchange(question, note=str(error))
