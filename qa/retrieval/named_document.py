"""Tell the documents that a question names, or that name whom it asks about, from the others, and the names
that none has. Pure.

Contracts have much the same clauses: asked which law governs the services agreement, that of the lease
answers as well by its words, and wrongly. A text that is such a work calls itself one, "this Agreement": so
it is told from one whose title is only what it is about.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest

from qa.nlp.calendar_names import is_calendar_name
from qa.nlp.dictionary import is_common_word, is_compound, is_unknown_word
from qa.nlp.language import ENGLISH
from qa.nlp.name_matching import is_place
from qa.nlp.periods import YEAR
from qa.nlp.terms import content_terms, is_stop, terms, without_accents, words
from qa.nlp.tokens import Token, is_content, tokens
from qa.query.answer_type import TIMES
from qa.query.place import find_asked_place
from qa.query.spelling import MIN_LETTERS
from qa.query.types import wants_list
from qa.schema import Candidate, Document, Evidence

_FEWEST = 2
"""Words of the shortest name: a single one, such as "memo", may be said of anything."""

_THIS = {
    "de": r"diese[mnrs]?",
    "en": r"these|this",
    "es": r"est[ae]s?|presentes?",
    "fr": r"cet?|cette|ces|présente?s?",
    "it": r"quest[aeio]|present[ei]",
    "pt": r"est[ae]s?|presentes?",
}
"""Words by which a text means itself, by language."""

_ARTICLES = frozenset("a an the this these our your".split())
_INSIDE_NAMES = re.compile(r"(?<=[^\W\d_])[-‐‑'’.](?=[^\W\d_])")

_KIND_COMES_LAST = {"de", ENGLISH}
"""Languages in which the name of a work ends with its kind, unlike "contrat de services"."""


def find_background(
    question: str, candidates: Sequence[Candidate], documents: Mapping[str, Document], asked_in: str
) -> set[str]:
    """Return the ids of documents among ``candidates`` that are not about what ``question`` names; none if it
    asks for a list or a comparison, which may be of several.
    """
    if wants_list(question):
        return set()
    others = _find_others(question, candidates, documents)
    return others | _find_strangers(question, candidates, documents) if asked_in == ENGLISH else others


def _find_others(
    question: str, candidates: Sequence[Candidate], documents: Mapping[str, Document]
) -> set[str]:
    """Return the ids of documents that nowhere have the name by which ``question`` calls another of them."""
    may_be_named = dict.fromkeys(
        each.passage.span.doc_id for each in candidates if _shares_name(question, each)
    )
    names = [name for doc_id in may_be_named if (name := _name_in(question, documents[doc_id]))]
    if not names:
        return set()
    found = {each.passage.span.doc_id for each in candidates}
    return {doc_id for doc_id in found if not any(_has_name(documents[doc_id], name) for name in names)}


def _find_strangers(
    question: str, candidates: Sequence[Candidate], documents: Mapping[str, Document]
) -> set[str]:
    """Return the ids of documents among ``candidates`` that nowhere have a name of the English ``question``,
    if another candidate's document has one: a report that never says "Alstom" does not say who leads Alstom.

    Documents of one title count as one, such as the parts of an article. One in another language is none,
    where a name may be inflected or written in other letters.
    """
    names = _names(question, candidates)
    if not names:
        return set()
    pattern = re.compile(rf"\b(?:{'|'.join(names)})", re.IGNORECASE)
    of = {each.passage.span.doc_id: documents[each.passage.span.doc_id] for each in candidates}
    having = {each.title for each in of.values() if pattern.search(_whole(each))}
    if not having:
        return set()
    return {
        each.passage.span.doc_id
        for each in candidates
        if each.language == ENGLISH and of[each.passage.span.doc_id].title not in having
    }


def find_absent_names(evidence: Evidence, documents: Mapping[str, Document]) -> tuple[str, ...]:
    """Return the names of a question that no document of its quotes has anywhere; none if one of the names is
    there, for the others may be written otherwise, or if a quote is in another language than the question. Of
    names that follow each other the last counts.

    Where nobody names Alstom, whoever leads another company is a near quote and a wrong answer. Of 9,784
    answerable questions of SQuAD 2.0 and SQuADShifts, 28 have none of their names in their own article, most
    of them misspelt, and 3,085 have none in the next one (``python -m eval.constants``); in small letters it
    is 18 and 1,249.
    """
    language = evidence.asked_in
    ids = dict.fromkeys(quote.span.doc_id for quote in evidence.quotes)
    if not ids or not language or any(documents[doc_id].language not in ("", language) for doc_id in ids):
        return ()
    whole = _whole_names(_asked_names(evidence.question, language), evidence.question)
    pattern = re.compile(rf"\b(?:{'|'.join(whole.values())})", re.IGNORECASE)
    if not whole or any(pattern.search(_plain(_whole(documents[doc_id]))) for doc_id in ids):
        return ()
    return tuple(whole)


def _whole_names(names: Mapping[str, str], question: str) -> dict[str, str]:
    """Return ``names`` with those that follow each other as one, with the pattern of the last: of a person it
    is the surname, and Bruce Nelson is not Nelson Mandela.
    """
    whole: dict[str, str] = {}
    last = ""
    for name, pattern in names.items():
        if last and f"{last} {name}" in question:
            del whole[last]
            last = f"{last} {name}"
        else:
            last = name
        whole[last] = pattern
    return whole


def _asked_names(question: str, language: str) -> dict[str, str]:
    """Return the names of ``question``, each with its pattern in plain letters: words with a capital, and in
    haste, without any capital, those that no dictionary has, whole or in parts. None is in capitals alone, as
    "CEO" may be written out, or a common word behind an article, as contracts call "the Landlord".
    """
    asked = tokens(question, language)
    if find_asked_place(question):
        return {}
    names: dict[str, str] = {}
    has_article = False
    for token, after in zip_longest(asked, asked[1:]):
        if token.surface[0].islower():
            has_article = token.surface in _ARTICLES
        if _ends_code(token, question):
            continue
        number = _number(after, question) if after else ""
        is_term = has_article and not number and is_common_word(token.surface, language)
        may_be_other = token.surface.isupper() or is_calendar_name(token.surface, language)
        if token.name and not is_term and not may_be_other:
            called = f"{token.surface} {after.surface}" if after and number else token.surface
            names[called] = re.escape(_stem(token)) + (rf"\w*{number}" if number else "")
    if any(token.name for token in asked):
        return names
    words_of = (token for token in asked if len(token.surface) >= MIN_LETTERS and not token.number)
    return {
        token.surface: re.escape(_stem(token))
        for token in words_of
        if is_place(token.surface, language)
        or (is_unknown_word(token.surface, language) and not is_compound(token.surface, language))
    }


def _stem(token: Token) -> str:
    """Return what the inflections of a word begin with, in plain letters."""
    word, stem = _plain(token.surface), _plain(token.key)
    return stem if word.lower().startswith(stem) else word


def _plain(text: str) -> str:
    """Return ``text`` without accents, and without the signs that stand inside names: "Wi-Fi" is "WiFi"."""
    return _INSIDE_NAMES.sub("", without_accents(text))


def _names(question: str, candidates: Sequence[Candidate]) -> list[str]:
    """Return patterns of the names of ``question``: words with a capital, and in haste also uncommon ones
    which the candidates write with a capital alone, inside a sentence. What has a number is one name with it,
    such as "Unit 7", but not "May 7", and not a place in a document, such as "clause 7".
    """
    texts = "\n".join(text for each in candidates for text in each.sentence_texts)
    asked = tokens(question)
    has_place = find_asked_place(question) is not None
    names: list[str] = []
    for token, after in zip_longest(asked, asked[1:]):
        if token.number or not is_content(token) or _ends_code(token, question):
            continue
        word = re.escape(token.surface)
        number = "" if has_place or not after or token.key in TIMES else _number(after, question)
        if number and (token.name or re.search(rf"\b{re.escape(token.surface.capitalize())}{number}", texts)):
            names.append(word + number)
        elif token.name or (_may_be_name(token.surface) and _is_name(token.surface, texts)):
            names.append(word)
    return names


def _may_be_name(word: str) -> bool:
    """Return whether an English ``word`` in small letters may be a name: "energy" is none, though the only
    text that has it speaks of the Department of Energy.
    """
    return is_place(word, ENGLISH) or not is_common_word(word, ENGLISH)


def _number(token: Token, question: str) -> str:
    """Return a pattern of a number that ends a name, or of a code up to its number, as of "C-3PO"; empty for
    another word, and for a year.
    """
    number = token.surface
    if not number.isdecimal() or YEAR.fullmatch(number):
        return ""
    goes_on = re.search(rf"(?<!\d){number}[^\W\d_]", question)
    return rf"\W{{0,3}}{number}" + (r"(?!\d)" if goes_on else r"\b")


def _ends_code(token: Token, question: str) -> bool:
    """Return whether a word is the letters behind a number, as in "C-3PO" and "5M"."""
    return not token.number and re.search(rf"\d{re.escape(token.surface)}\b", question) is not None


def _is_name(word: str, texts: str) -> bool:
    """Return whether ``texts`` have ``word`` with a capital alone, also inside a sentence: not as in "see
    Figure 1.5", which names no document for who asks "what figure".
    """
    capital = re.escape(word.capitalize())
    return bool(
        re.search(rf"\b[a-z]+,? {capital}\b(?!\W{{0,3}}\d)", texts)
        and not re.search(rf"\b{re.escape(word.lower())}\b", texts)
    )


def _whole(document: Document) -> str:
    """Return all that may name whom a document is about: its text, what is known of it, and its folders."""
    path = re.sub(r"[\W_]+", " ", document.id)
    known = (document.title, path, document.author, document.publisher)
    return "\n".join((*filter(None, known), document.text))


@dataclass(frozen=True, slots=True)
class _Name:
    """The name of a document, as a question and the document write it."""

    stems: tuple[str, ...]
    asked: tuple[str, ...]
    own: tuple[str, ...]


def _has_name(document: Document, name: _Name) -> bool:
    """Return whether ``document`` is called so, or says the name anywhere."""
    for called in (document.title, document.file_words):
        stems = tuple(stem for stem, _ in _content(called, document.language or ENGLISH))
        if any(stems[i : i + len(name.stems)] == name.stems for i in range(len(stems))):
            return True
    words_either_way = (
        f"(?:{re.escape(a)}|{re.escape(b)})" for a, b in zip(name.asked, name.own, strict=True)
    )
    return bool(re.search(r"\b" + r"\W+".join(words_either_way), document.text, re.IGNORECASE))


def _shares_name(question: str, candidate: Candidate) -> bool:
    """Return whether the head of a candidate's document has so many words of ``question`` as a name has."""
    return len(content_terms(question, candidate.language) & set(candidate.head_terms)) >= _FEWEST


def _name_in(question: str, document: Document) -> _Name | None:
    """Return the name by which ``question`` calls ``document``: the better part of its title or of its file's
    name, by which it means itself; None if the question does not.
    """
    language = document.language or ENGLISH
    asked = _content(question, language)
    for name in (document.title, document.file_words):
        own = _content(name, language)
        start, length, place = _longest_run([stem for stem, _ in asked], [stem for stem, _ in own])
        run, called = asked[start : start + length], own[place : place + length]
        has_kind = place + length == len(own) if language in _KIND_COMES_LAST else place == 0
        is_named = has_kind and length >= _FEWEST and 2 * length > len(own)
        if is_named and _calls_itself([word for _, word in called], document.text, language):
            stems = tuple(stem for stem, _ in run)
            return _Name(stems, tuple(word for _, word in run), tuple(word for _, word in called))
    return None


def _content(text: str, language: str) -> list[tuple[str, str]]:
    """Return the stem of each word of substance in ``text`` but numbers, with the word."""
    pairs = ((term, word) for word in words(text, language) for term in terms(word, language)[:1])
    return [(term, word) for term, word in pairs if not is_stop(term, language) and not word.isdigit()]


def _longest_run(asked: Sequence[str], name: Sequence[str]) -> tuple[int, int, int]:
    """Return where the longest run of words that both have begins in ``asked``, its length, and where it
    begins in ``name``; of equal ones, the last.
    """
    run = SequenceMatcher(None, asked[::-1], name[::-1], autojunk=False).find_longest_match()
    return len(asked) - run.a - run.size, run.size, len(name) - run.b - run.size


def _calls_itself(name: Sequence[str], text: str, language: str) -> bool:
    """Return whether ``text`` means itself by the kind of work that ``name`` says: "this Agreement", "these
    Event Terms".
    """
    this = _THIS.get(language)
    if not this:
        return False
    kind, rest = (name[-1], name[:-1]) if language in _KIND_COMES_LAST else (name[0], ())
    others = "".join(rf"(?:{re.escape(word)}\W{{1,3}})?" for word in rest)
    return bool(re.search(rf"\b(?:{this})\W{{1,3}}{others}{re.escape(kind)}\b", text, re.IGNORECASE))
