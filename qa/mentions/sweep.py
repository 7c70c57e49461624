"""Go over every sentence of the documents for what mentions something: by words, other names and meaning."""

import heapq
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from qa.mentions.base import CutOff, Form, Found, Mention, Mentions, order_key
from qa.mentions.cut_off import BELOW, load_cut_off
from qa.mentions.numbers import other_notations
from qa.mentions.refusal import unread_files
from qa.mentions.variants import last_word, long_forms, short_forms, stands_alone
from qa.mentions.wording import Wording, read_wording
from qa.nlp.language import ENGLISH, detect_language
from qa.nlp.terms import terms, without_accents, words
from qa.query.document_filter import ALL_DOCUMENTS, DocumentFilter
from qa.retrieval.hybrid import CandidateSource, HybridRetriever
from qa.schema import Document, SearchedDocuments, Span

SAMPLE = 20
"""Sentences just below the cut-off that can be looked through."""

SPELLINGS = 50
"""Inflections of a form that are named, at most, so that they can be read."""


def find_mentions(
    query: str,
    retriever: HybridRetriever,
    searched: SearchedDocuments,
    document_filter: DocumentFilter = ALL_DOCUMENTS,
    *,
    by_meaning: bool = True,
) -> Mentions:
    """Return every sentence of the documents that match the filter and mention what ``query`` names or
    describes: those with all of its words in any inflection, those with another form of its name that the
    documents use or another notation of its number, and those whose meaning is near. ``searched`` says how
    many documents that are.

    A name, and what stands between quotation marks, is not looked for by meaning: what is near it in meaning
    is about something like it.
    """
    source = retriever.source
    wording = read_wording(query, retriever.language(query))
    sweep = _Sweep(source, document_filter)
    texts = sweep.add(wording, Found.WORDS)
    if wording.is_name:
        _add_other_names(sweep, wording, texts)
    elif not wording.is_exact:
        for form in other_notations(query, retriever.language(query), source.words):
            sweep.add(read_wording(form, retriever.language(query)), Found.NUMBER)
    cut_off = load_cut_off(wording.size) if by_meaning and not wording.is_exact else None
    below = _add_near(sweep, query, retriever, cut_off) if cut_off else []
    dates, coverage = source.dates(), source.coverage
    mentions = tuple(sorted(sweep.found.values(), key=lambda each: order_key(each.span, dates)))
    return Mentions(
        query=query,
        forms=tuple(sweep.forms),
        mentions=mentions,
        below=tuple(below),
        cut_off=cut_off,
        searched=searched,
        passages=count_words(query, source),
        left_out=unread_files(source),
        coverage=None if coverage.complete else coverage,
        copies=_find_copies(dict.fromkeys(each.span.doc_id for each in mentions), source.documents),
    )


def count_words(query: str, source: CandidateSource) -> dict[str, int]:
    """Return, for each word that ``query`` looks for, how many passages of ``source`` have it."""
    language = detect_language(query, frozenset({ENGLISH, *source.words}))
    groups = read_wording(query, language).groups(source.words, _accented(source.words))
    return {word: sum(map(source.frequency, group)) for word, group in groups.items()}


@dataclass
class _Sweep:
    """The mentions found so far, by sentence, and the forms that were looked for."""

    source: CandidateSource
    document_filter: DocumentFilter
    found: dict[Span, Mention] = field(default_factory=dict)
    forms: list[Form] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._accented = _accented(self.source.words)

    def add(self, wording: Wording, how: Found, within: Container[str] | None = None) -> list[str]:
        """Find the sentences that have ``wording``, and return the texts of those that are new. In the
        documents ``within`` alone, it must stand outside other names.
        """
        groups = list(wording.groups(self.source.words, self._accented).values())
        new: list[str] = []
        spellings: set[str] = set()
        for span, text, language in self._sentences(groups, within):
            if not wording.matches(text, language) or (
                within is not None and not stands_alone(wording.text, text)
            ):
                continue
            if len(spellings) < SPELLINGS:
                spellings |= _spellings(text, language, frozenset().union(*groups))
            if span not in self.found:
                self.found[span] = Mention(span, how)
                new.append(text)
        self.forms.append(Form(wording.text, how, tuple(sorted(spellings))))
        return new

    def _sentences(
        self, groups: list[frozenset[str]], within: Container[str] | None
    ) -> Iterator[tuple[Span, str, str]]:
        """Yield the sentences of the passages that have ``groups``, with their texts and languages."""
        documents = self.source.documents
        for passage in self.source.passages_having(groups, self.document_filter):
            if within is None or passage.span.doc_id in within:
                document = documents[passage.span.doc_id]
                for span in passage.sentences:
                    yield span, document.text[span.start : span.end], document.language


def _add_other_names(sweep: _Sweep, wording: Wording, texts: list[str]) -> None:
    """Find the other forms of the name ``wording`` that the documents use. ``texts`` have it."""
    is_long = wording.runs[0].name
    others = short_forms(wording, texts) if is_long else long_forms(wording, texts)
    for other in others:
        sweep.add(other, Found.NAME)
    named = {span.doc_id for span in sweep.found}
    for last in filter(None, map(last_word, [wording] if is_long else others)):
        sweep.add(last, Found.NAME, within=named)


def _add_near(sweep: _Sweep, query: str, retriever: HybridRetriever, cut_off: CutOff) -> list[Mention]:
    """Find the sentences whose meaning is near ``query``. Return a sample of those just below the cut-off,
    nearest first.
    """
    weights = retriever.weights
    vector = retriever.encoder.encode_question(query)
    least = weights.cosine(cut_off.similarity - BELOW)
    near = [
        (weights.similarity(cosine), span)
        for span, cosine in sweep.source.sentences_near(vector, least, sweep.document_filter)
    ]
    least = cut_off.least(max((similarity for similarity, _ in near), default=0.0))
    below: list[tuple[float, Span]] = []
    for similarity, span in near:
        if span in sweep.found or similarity >= least:
            how = sweep.found[span].found if span in sweep.found else Found.MEANING
            sweep.found[span] = Mention(span, how, similarity)
        else:
            below.append((similarity, span))
    nearest = heapq.nlargest(SAMPLE, below, key=lambda each: each[0])
    return [Mention(span, Found.MEANING, similarity) for similarity, span in nearest]


def _find_copies(ids: Iterable[str], documents: Mapping[str, Document]) -> dict[str, str]:
    """Return, for each of the documents ``ids`` that has the same text as one before it, the id of that
    one.
    """
    by_length: dict[int, list[str]] = {}
    for each in ids:
        by_length.setdefault(len(documents[each].text), []).append(each)
    copies: dict[str, str] = {}
    for alike in by_length.values():
        first: dict[str, str] = {}
        for each in alike if len(alike) > 1 else ():
            original = first.setdefault(documents[each].text, each)
            if original != each:
                copies[each] = original
    return copies


def _spellings(text: str, language: str, wanted: Container[str]) -> set[str]:
    """Return the words of ``text`` whose terms are ``wanted``, as they are written but in small letters."""
    return {
        word
        for word, term in zip(words(text, language), terms(text, language), strict=True)
        if term in wanted
    }


def _accented(known: Mapping[str, Mapping[str, str]]) -> dict[str, set[str]]:
    """Return, for the term of each word without its accents, the terms of the documents' words that have
    them.
    """
    found: dict[str, set[str]] = {}
    for language, stems in known.items():
        for stem, spelling in stems.items():
            if not stem.isascii() and (plain := without_accents(spelling)) != spelling:
                for term in terms(plain, language):
                    found.setdefault(term, set()).add(stem)
    return found
