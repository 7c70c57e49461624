"""Show what the constants of rules that no fit sets do to public texts, under other values.

    python -m eval.constants SQUAD.json…
    python -m eval.constants FILE.pdf…

For each constant and value: how many questions or lines fall under the rule, or the cases themselves where
only a person can tell right from wrong; of PDFs, on how many pages other lines are taken for running heads
than with the value that Attest has.
"""

import argparse
import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from types import ModuleType

from babel import Locale

from qa.errors import UserError
from qa.evaluation.datasets.base import Dataset
from qa.evaluation.datasets.squad import read_squad
from qa.ingest.readers import pdf, pdf_furniture
from qa.ingest.readers.pdf_layout import Bit
from qa.nlp.sentences import sentences
from qa.nlp.terms import content_terms, count_spellings, words_by_stem
from qa.query import abbreviations, answer_type, rewriting
from qa.query.spelling import SpellingCorrector
from qa.retrieval import named_document, nearest
from qa.schema import Document, Evidence, Span, cut_quote
from qa.verification import citing, other_office, short_answer

TEXTS = 40
"""Paragraphs in which an abbreviation is looked for: those that share most words with its question, as many
as :data:`qa.retrieval.hybrid.POOL`."""


_UNIT_CHARS = 20
"""Characters after an accepted answer in which its unit may stand."""


def main(argv: Sequence[str] | None = None) -> int:
    """Print what each constant does."""
    parser = argparse.ArgumentParser(prog="python -m eval.constants", description=__doc__.splitlines()[0])
    parser.add_argument("files", type=Path, nargs="+")
    files: list[Path] = parser.parse_args(argv).files
    pdfs = [file for file in files if file.suffix == ".pdf"]
    datasets = [file for file in files if file.suffix != ".pdf"]
    if datasets:
        dataset = read_squad(datasets)
        for show in (_follow_ups, _abbreviations, _names, _lists, _offices, _measures, _absent_names):
            print("\n".join(show(dataset)))
    if pdfs:
        print("\n".join(_furniture(pdfs)))
    return 0


@contextmanager
def _value(module: ModuleType, name: str, value: float) -> Iterator[None]:
    """Give a constant of ``module`` another value for a while."""
    own = getattr(module, name)
    setattr(module, name, value)
    try:
        yield
    finally:
        setattr(module, name, own)


def _follow_ups(dataset: Dataset) -> Iterator[str]:
    """Yield how many questions, which all stand alone, are taken for follow-ups in small letters."""
    questions = [case.question.lower() for case in dataset.cases]
    for value in (1, 2, 3, 4, 99):
        with _value(rewriting, "_SAYS_ENOUGH", value):
            count = sum(map(rewriting.refers_back, questions))
        yield f"_SAYS_ENOUGH {value}: {count} of {len(questions)} questions are taken for follow-ups"


def _abbreviations(dataset: Dataset) -> Iterator[str]:
    """Yield the words that each short word is taken to abbreviate."""
    paragraphs = [(content_terms(document.text), document.text) for document in dataset.documents]
    asked: list[tuple[str, list[str]]] = []
    for case in dataset.cases:
        for short in abbreviations._undefined(case.question, "en"):
            words = content_terms(case.question)
            best = sorted(paragraphs, key=lambda each: -len(each[0] & words))[:TEXTS]
            asked.append((short, [text for _, text in best]))
    for repeated, long_word in ((2, 5), (1, 5), (3, 5), (2, 4), (2, 99)):
        with (
            _value(abbreviations, "_REPEATED", repeated),
            _value(abbreviations, "_LONG_WORD", long_word),
        ):
            found = {
                f"{short.lower()} = {long}"
                for short, texts in asked
                if (long := abbreviations._by_initials(short, texts, "en"))
            }
        yield f"_REPEATED {repeated}, _LONG_WORD {long_word}: {len(found)} of {len(asked)} short words"
        yield from (f"    {each}" for each in sorted(found))


def _names(dataset: Dataset) -> Iterator[str]:
    """Yield how many sentences have capitalised words alone, by their number of words, with examples."""
    found: dict[int, list[str]] = {}
    for text in _sentences(dataset):
        words = nearest._WORD.findall(text)
        if words and all(word[0].isupper() for word in words):
            found.setdefault(len(words), []).append(text)
    for number, examples in sorted(found.items()):
        yield f"_NAME_WORDS {number}: {len(examples)}, as {' | '.join(examples[:3])}"


def _lists(dataset: Dataset) -> Iterator[str]:
    """Yield the share of names that have so many words, and how many sentences look like lists of such."""
    names = [
        len(citing.WORD.findall(name))
        for language in ("en", "de", "es", "fr", "ru")
        for name in Locale.parse(language).territories.values()
    ]
    items = [
        short_answer._LISTED.split(text) for text in _sentences(dataset) if not any(map(str.isdigit, text))
    ]
    longest = [max(len(citing.WORD.findall(each)) for each in part) for part in items if len(part) > 1]
    for value in range(2, 9):
        share = sum(each <= value for each in names) / len(names)
        count = sum(each <= value for each in longest)
        yield f"_ITEM_WORDS {value}: {share:.3f} of names; {count} of {len(longest)} sentences with commas"


def _offices(dataset: Dataset) -> Iterator[str]:
    """Yield of how many right answers to who-questions the text is said to give another office."""
    asked = list(_answers_to(other_office._ASKS, dataset))
    wrong = []
    for question, text, answer in asked:
        start, end = next(
            ((start, end) for start, end in sentences(text) if answer in text[start:end]), (0, len(text))
        )
        sentence = text[start:end]
        behind = sentence.find(answer) + len(answer)
        if other_office.has_other_office(question, sentence, behind):
            wrong.append(f"{question} {answer}")
    yield f"has_other_office: {len(wrong)} of {len(asked)} right answers, as {' | '.join(wrong[:3])}"


def _measures(dataset: Dataset) -> Iterator[str]:
    """Yield of how many right answers to "how tall" and the like the unit is taken for another measure."""
    missing = answer_type.missing_answer_type
    asked = list(_answers_to(answer_type.MEASURED, dataset))
    wrong = []
    for question, text, answer in asked:
        start = text.find(answer)
        said = text[start : start + len(answer) + _UNIT_CHARS]
        without = "".join(answer_type.MEASURED.split(question)[::2])
        if missing(said, question) and not missing(said, f"How large? {without}"):
            wrong.append(f"{question} {said}")
    yield f"MEASURED: {len(wrong)} of {len(asked)} right answers, as {' | '.join(wrong[:3])}"


def _answers_to(form: re.Pattern[str], dataset: Dataset) -> Iterator[tuple[str, str, str]]:
    """Yield the answered questions of a ``form``, each with the text that has its answer, and the answer."""
    texts = {document.id: document.text for document in dataset.documents}
    for case in dataset.cases:
        if case.answerable and form.search(case.question):
            yield case.question, texts[case.gold[0].doc_id], case.answers[0][0]


def _absent_names(dataset: Dataset) -> Iterator[str]:
    """Yield of how many questions no name is said to be in their own article, and in the one after it, as
    they are written and in small letters.
    """
    parts: dict[str, list[Document]] = {}
    for document in dataset.documents:
        parts.setdefault(document.title, []).append(document)
    articles = [_joined(each) for each in parts.values()]
    place = {part.id: i for i, each in enumerate(parts.values()) for part in each}
    asked = [(case.question, place[case.gold[0].doc_id]) for case in dataset.cases if case.answerable]
    for called, change in (("as written", str), ("in small letters", str.lower)):
        for whose, step in (("their own article", 0), ("the next article", 1)):
            absent = [
                question
                for question, i in asked
                if _has_no_name(change(question), articles[(i + step) % len(articles)])
            ]
            count = f"{len(absent)} of {len(asked)} questions, as {' | '.join(absent[:5])}"
            yield f"find_absent_names, {called}, {whose}: {count}"


def _joined(parts: Sequence[Document]) -> Document:
    text = "\n\n".join(each.text for each in parts)
    return Document(parts[0].title, text, parts[0].title.replace("_", " "), language="en")


def _has_no_name(question: str, article: Document) -> bool:
    """Return whether no name of ``question``, its spelling corrected, is found in ``article``."""
    corrected = SpellingCorrector({"en": _spellings(article)}, frozenset()).correct(question)
    quote = cut_quote(1, Span(article.id, 0, 1), {article.id: article})
    evidence = Evidence(corrected, (quote,), asked_in="en")
    return bool(named_document.find_absent_names(evidence, {article.id: article}))


@cache
def _spellings(article: Document) -> dict[str, str]:
    """Return the words of ``article`` by their stems, as an index has them."""
    return words_by_stem(count_spellings(f"{article.title}\n{article.text}"), article.language)


def _sentences(dataset: Dataset) -> Iterator[str]:
    for document in dataset.documents:
        yield from (document.text[start:end] for start, end in sentences(document.text))


def _furniture(files: Sequence[Path]) -> Iterator[str]:
    """Yield on how many pages other lines are furniture with another value."""
    pages = {path: _fragments(path) for path in files}
    yield f"{sum(map(len, pages.values()))} pages of {len(pages)} files"
    own = [part for each in pages.values() for part in pdf_furniture.remove_furniture(each)]
    for name, values in (("_TALLER", (1.0, 1.5, 99)), ("_MOST_PIECES", (4, 8, 9_999))):
        for value in values:
            with _value(pdf_furniture, name, value):
                new = [part for each in pages.values() for part in pdf_furniture.remove_furniture(each)]
            changed = sum(a != b for a, b in zip(own, new, strict=True))
            yield f"{name} {value}: {changed} pages differ"


def _fragments(path: Path) -> list[list[Bit]]:
    """Return the fragments of each page; none of a file that cannot be read."""
    try:
        document = pdf.open_pdf(path.read_bytes())
    except UserError:
        return []
    return [pdf._page(document, number, None).bits for number in range(len(document))]


if __name__ == "__main__":
    sys.exit(main())
