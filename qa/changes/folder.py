"""Compare two states of an index: which documents came, went, changed, or have another name."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from qa.changes.sentences import SentenceChange, TextChange, compare_texts, split_sentences
from qa.changes.states import since_place, until_place
from qa.errors import UserError
from qa.index.change import Change, ChangeRef
from qa.index.index import Index
from qa.schema import Document

SAME_DOCUMENT = 0.5
"""The least share of the sentences of the longer one that two documents of different names have in common for
one to count as the other renamed, as git counts lines (git-diff, ``--find-renames``)."""

NO_HISTORY = (
    "No earlier state of this index is on record. Changes are recorded from the second attest index on, "
    "if keep_days is not 0"
)


class DocumentFate(StrEnum):
    """The fate of a document: new, changed, renamed or gone."""

    CHANGED = "changed"
    RENAMED = "renamed"
    CAME = "added"
    GONE = "removed"


@dataclass(frozen=True, slots=True)
class DocumentChange:
    """A document that differs between two states."""

    fate: DocumentFate
    before: Document | None
    """None if it came."""
    after: Document | None
    """None if it went."""
    sentences: tuple[SentenceChange, ...] = ()
    """The changed sentences; none of a document that came or went whole."""
    moved: int = 0
    """The number of other sentences that only stand elsewhere in it."""

    @property
    def id(self) -> str:
        """Its id, the later one if it has two."""
        found = self.after or self.before
        return found.id if found else ""

    @property
    def telling(self) -> int:
        """The number of its sentences that have another number, date, name or negation."""
        return sum(bool(each.kinds) for each in self.sentences)


@dataclass(frozen=True, slots=True)
class FolderChange:
    """The difference between two states of an index."""

    since: str
    """The name of the earlier state; empty for the earliest that is known."""
    until: str
    """The name of the later state."""
    began: str
    """The time of the first change between them, in UTC (ISO 8601); empty if there was none."""
    ended: str
    """The time of the last one."""
    documents: tuple[DocumentChange, ...]
    """First the changed ones, the most telling at the top; then renamed, added and removed ones."""
    changed_back: tuple[str, ...]
    """Ids of documents that changed meanwhile and are as they were."""
    earliest: str
    """The time of the first change that is kept: nothing is known of what was before."""


def compare_states(index: Index, since: str = "", until: str = "") -> FolderChange:
    """Compare the states that ``since`` and ``until`` name (:mod:`qa.changes.states`); without them, the last
    update's.

    Raises:
        UserError: no former state is known, or the names are not right.
        IndexDamagedError: the text of former documents cannot be read.
    """
    refs = index.snapshot.changes
    if not refs:
        raise UserError(NO_HISTORY)
    first, last = since_place(refs, since), until_place(refs, until)
    if first > last:
        raise UserError(
            f"{until} is before {since}; give the earlier one as since and the later one as until"
        )
    later = _undo({}, [index.change(each) for each in refs[last:]])
    between = [index.change(each) for each in refs[first:last]]
    earlier = _undo(later, between)
    touched = {doc_id for each in between for doc_id in (*each.came, *(gone.id for gone in each.gone))}
    before = {doc_id: found for doc_id in touched if (found := _at(earlier, index.documents, doc_id))}
    after = {doc_id: found for doc_id in touched if (found := _at(later, index.documents, doc_id))}
    span = refs[first:last]
    return FolderChange(
        _name(refs, first),
        _name(refs, last),
        span[0].written if span else "",
        span[-1].written if span else "",
        _compare_documents(before, after),
        tuple(sorted(each for each in before.keys() & after.keys() if before[each].text == after[each].text)),
        refs[0].written,
    )


def _name(refs: Sequence[ChangeRef], place: int) -> str:
    return refs[place - 1].state if place else ""


def _undo(state: Mapping[str, Document | None], changes: Sequence[Change]) -> dict[str, Document | None]:
    """Return the documents of ``state`` with ``changes`` undone, in so far as they differ from the current
    ones; None for one that is not there.
    """
    undone = dict(state)
    for each in reversed(changes):
        undone |= dict.fromkeys(each.came)
        undone |= {gone.id: gone for gone in each.gone}
    return undone


def _at(
    state: Mapping[str, Document | None], current: Mapping[str, Document], doc_id: str
) -> Document | None:
    return state[doc_id] if doc_id in state else current.get(doc_id)


def _compare_documents(
    before: Mapping[str, Document], after: Mapping[str, Document]
) -> tuple[DocumentChange, ...]:
    gone = {doc_id: each for doc_id, each in before.items() if doc_id not in after}
    came = {doc_id: each for doc_id, each in after.items() if doc_id not in before}
    found: list[DocumentChange] = []
    for old_id, new_id in _renamed(gone, came):
        found.append(_changed(DocumentFate.RENAMED, gone.pop(old_id), came.pop(new_id)))
    for doc_id in before.keys() & after.keys():
        if before[doc_id].text != after[doc_id].text:
            found.append(_changed(DocumentFate.CHANGED, before[doc_id], after[doc_id]))
    found += [DocumentChange(DocumentFate.CAME, None, each) for each in came.values()]
    found += [DocumentChange(DocumentFate.GONE, each, None) for each in gone.values()]
    fates = list(DocumentFate)
    return tuple(sorted(found, key=lambda each: (fates.index(each.fate), -each.telling, each.id)))


def _changed(fate: DocumentFate, before: Document, after: Document) -> DocumentChange:
    difference = TextChange((), 0) if before.text == after.text else compare_texts(before, after)
    return DocumentChange(fate, before, after, difference.sentences, difference.moved)


def _renamed(gone: Mapping[str, Document], came: Mapping[str, Document]) -> list[tuple[str, str]]:
    """Pair documents that went with those that came and are the same text, or most of it: each once."""
    old = {doc_id: Counter(each.text for each in split_sentences(doc)) for doc_id, doc in gone.items()}
    holders: dict[str, list[str]] = {}
    for doc_id, texts in old.items():
        for text in texts:
            holders.setdefault(text, []).append(doc_id)
    scored = []
    for new_id, document in came.items():
        texts = Counter(each.text for each in split_sentences(document))
        for old_id in {each for text in texts for each in holders.get(text, ())}:
            common = (texts & old[old_id]).total() / max(texts.total(), old[old_id].total())
            scored.append((common, old_id, new_id))
    pairs: dict[str, str] = {}
    for common, old_id, new_id in sorted(scored, key=lambda each: (-each[0], each[1:])):
        if common >= SAME_DOCUMENT and old_id not in pairs and new_id not in pairs.values():
            pairs[old_id] = new_id
    return list(pairs.items())
