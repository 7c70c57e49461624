"""Questions to begin with, about names that the documents use. Pure."""

from collections import Counter
from collections.abc import Iterable
from itertools import chain, groupby, islice, zip_longest

from qa.nlp.tokens import tokens
from qa.schema import Document

SUGGESTIONS = 4

SAMPLE_CHARS = 20_000
"""Characters of each document that are looked at, of ``SAMPLE_DOCUMENTS`` documents. Enough for the names
that matter, and few enough to open a page over thousands of documents at once."""

SAMPLE_DOCUMENTS = 50

MENTIONS = 2
"""How often a document must use a name for it to be a subject and not an aside."""


def suggest_questions(documents: Iterable[Document]) -> list[str]:
    """Return up to ``SUGGESTIONS`` questions about names in ``documents``, taking turns between them."""
    sampled = list(islice(documents, SAMPLE_DOCUMENTS))
    by_turns = chain.from_iterable(zip_longest(*(_frequent_names(each) for each in sampled)))
    names = dict.fromkeys(name for name in by_turns if name)
    return [f"What is said about {name}?" for name in islice(names, SUGGESTIONS)]


def _frequent_names(document: Document) -> list[str]:
    """Return the names that ``document`` uses more than once, the most frequent first."""
    found = tokens(document.text[:SAMPLE_CHARS], document.language)
    together = groupby(found, key=lambda token: token.name and not token.number)
    runs = Counter(" ".join(token.surface for token in run) for is_name, run in together if is_name)
    title = document.title.lower()
    often = [name for name, count in runs.most_common() if count >= MENTIONS and len(name) > 1]
    return sorted(often, key=lambda name: (name.lower() in title, -runs[name]))
