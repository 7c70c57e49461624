"""Compare a sentence with a quote: what no probability can make good, and what the words alone prove. Pure.

There is no fuzzy matching and no matching of letters alone. By its form, a quote supports a sentence if it
has every word of substance (in any inflection), or the document's metadata has it; if numbers are equal and
keep their unit; if negation falls on the same words; if names keep their order. That is one-sided on purpose:
a fair paraphrase fails by its form, and then the model's probability of support decides. It cannot outweigh a
veto, which is everything here but a missing word that is no name.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from qa.nlp.deciding_words import DECISIVE
from qa.nlp.hedges import hedge_positions
from qa.nlp.periods import YEAR
from qa.nlp.polarity import count_opposites, negation_differs
from qa.nlp.scripts import OTHER_THAN_LATIN
from qa.nlp.sentences import sentences
from qa.nlp.terms import terms, without_accents
from qa.nlp.tokens import Token, initials, is_checked_by_words, is_content, may_be_name, tokens
from qa.verification.numbers import missing_unit, number_mismatch
from qa.verification.relations import relation_mismatch

SPEECH_VERBS = frozenset(
    terms(
        """say says said tell tells told state states stated note noted notes report reported reports mention
        mentions mentioned describe described explain explained emphasize emphasized emphasise emphasised
        stress stressed add added conclude concluded point pointed claim claimed announce announced write
        wrote written argue argued according"""
    )
)
"""Stems of verbs that introduce what somebody says: where the quote has one, a sentence may have another."""

SOURCE_WORDS = frozenset(
    terms("article articles document documents quote quotes text source sources interview report")
)
"""Stems of words for the source of a quote."""

NAMING_VERBS = frozenset(terms("call calls called name named know known"))
"""Stems of verbs that only introduce a name."""

PUBLICATION_WORDS = frozenset(terms("publish published publication dated date issued"))
"""Stems of words in a sentence about its source, which may then use its title, publisher, place and date."""

FEATURES = ("form", "missing", "assumed", "joined")
"""The features that code tells a checker: :func:`support_features`, and how many quotes were joined to the
first."""

NO_STATEMENT = "it makes no statement"

MIN_SHARED_LETTERS = 5
MAX_ENDING_LETTERS = 4
"""Two stems are forms of one word when they begin with the same 5 letters and end in at most 4 others."""

_SPEECH = re.compile(
    r"[\"“]([^\"“”]{3,})[\"”]|[«»]([^«»]{3,})[«»]|„([^„“”]{3,})[“”]|[「『]([^「」『』]{3,})[」』]"
)


_PRONOUN = re.compile(r"^\W*(he|she|it|they|his|her|its|their)\b", re.IGNORECASE | re.MULTILINE)
_PHRASE = re.compile(r"(?:^|[.,:;]\s)\W{0,3}(?i:the|this|these)\s+[^\W\d_A-Z]", re.MULTILINE)
"""The beginning of a phrase that may stand for a name, where a clause begins: "the film was released"."""

_INSIDE_NAMES = frozenset("of the or in on at for de du di van von".split())
"""Words with a small letter that may stand inside a name: "Make It or Break It"."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """A quote where it stands."""

    text: str
    over: str
    """The title and the date of its document, and the headings over it."""
    before: str
    """The text before it."""


@dataclass(frozen=True, slots=True)
class QuoteContext:
    """A quote and what else is known where it stands."""

    text: str
    document: str
    """The whole text of the quote's document, where a name may be given in full."""
    metadata: str
    """Title, publisher, place and date of the quote's document, for a sentence about its publication."""
    language: str = "en"
    """The language of the quote's document."""
    title: str = ""
    """The title of the quote's document, which stands above the quote and says what it is about."""
    quotes: tuple[Surroundings, ...] = ()
    """The quotes whose texts are joined in ``text``, if there are several, or more is known of where the one
    stands."""

    @property
    def parts(self) -> tuple[Surroundings, ...]:
        """The quotes, each where it stands."""
        return self.quotes or (Surroundings(self.text, self.title, ""),)


def unsupported_reason(sentence: str, quote: QuoteContext) -> str:
    """Return why ``quote`` does not support ``sentence`` by its form; the empty string when it does.

    In a language whose negators are not known, it must be a sentence of the quote, in any inflection.
    """
    claimed = tokens(sentence, quote.language)
    quoted = tokens(quote.text, quote.language)
    if states_nothing(claimed):
        return NO_STATEMENT
    if states_publication(sentence, quote):
        return ""
    if not is_checked_by_words(quote.language):
        return speech_mismatch(sentence, quote.text) or _not_a_sentence(claimed, quote)
    return (
        speech_mismatch(sentence, quote.text)
        or number_mismatch(claimed, quoted)
        or _missing_word(claimed, quoted, quote)
        or _negation_mismatch(claimed, quoted)
        or _relation_mismatch(claimed, quote)
    )


def veto_reason(sentence: str, quote: QuoteContext) -> str:
    """Return why ``quote`` cannot support ``sentence``, however probable it is that it does; the empty string
    if nothing forbids it. What forbids it is a number, a name, quoted speech, a word such as "all" or "only"
    that the quote lacks, the opposite of a word, negation, names or numbers in other relations.
    """
    claimed = tokens(sentence, quote.language)
    quoted = tokens(quote.text, quote.language)
    if states_nothing(claimed):
        return NO_STATEMENT
    return (
        speech_mismatch(sentence, quote.text)
        or number_mismatch(_without_years_above(claimed, quoted, quote), quoted)
        or missing_unit(claimed, quoted)
        or _missing_name(claimed, quoted, quote)
        or _other_word(claimed, quoted, quote)
        or _negation_mismatch(claimed, quoted)
        or _relation_mismatch(claimed, quote)
    )


def support_features(sentence: str, quote: QuoteContext) -> dict[str, float]:
    """Return what code can tell of how well ``quote`` supports ``sentence``.

    ``form``: 1 if it does so by its form. ``missing``: the share (0 to 1) of the sentence's words of
    substance that the quote lacks. ``assumed``: 1 if the quote has a pronoun or a phrase such as "the film"
    where the sentence has a name, or the sentence has a year that stands over the quote alone.
    """
    claimed = tokens(sentence, quote.language)
    quoted = tokens(quote.text, quote.language)
    content = [token for token in claimed if is_content(token)]
    missing = list(_missing_words(claimed, quoted, quote))
    return {
        "form": float(not unsupported_reason(sentence, quote)),
        "missing": len(missing) / len(content) if content else 0.0,
        "assumed": float(
            bool(_assumed_names(claimed, quoted, quote))
            or len(_without_years_above(claimed, quoted, quote)) < len(claimed)
        ),
    }


def states_nothing(claimed: Sequence[Token]) -> bool:
    """Return whether a sentence has no word of substance but for those that speak of its source."""
    return not any(is_content(token) and token.key not in SPEECH_VERBS | SOURCE_WORDS for token in claimed)


def states_publication(sentence: str, quote: QuoteContext) -> bool:
    """Return whether a sentence says when, where or by whom its source was published, and nothing else."""
    claimed = tokens(sentence, quote.language)
    known = {token.key for token in tokens(quote.metadata, quote.language)}
    allowed = PUBLICATION_WORDS | SOURCE_WORDS | known | {key.lstrip("0") for key in known}
    content = [token for token in claimed if is_content(token)]
    return (
        any(token.key in PUBLICATION_WORDS or (token.number and token.key in known) for token in content)
        and any(token.key in known for token in content)
        and all(token.key in allowed and not token.negated for token in content)
    )


def speech_mismatch(sentence: str, quote: str) -> str:
    """Speech in quotation marks must be in the quote word for word."""
    plain = _plain(quote)
    for speech in map("".join, _SPEECH.findall(sentence)):
        if _plain(speech).rstrip(" .,!?") not in plain:
            return f"the quote does not say “{speech}” word for word"
    return ""


def _plain(text: str) -> str:
    """Return ``text`` in lower case, with straight quotation marks and single spaces."""
    straight = re.sub(r"[“”]", '"', re.sub(r"[‘’]", "'", text))
    return " ".join(straight.split()).lower()


def _not_a_sentence(claimed: Sequence[Token], quote: QuoteContext) -> str:
    """The words and numbers must be those of one sentence of the quote, in the same order."""
    keys = [token.key for token in claimed]
    for start, end in sentences(quote.text, quote.language):
        if [token.key for token in tokens(quote.text[start:end], quote.language)] == keys:
            return ""
    return "it is not a sentence of the quote, word for word"


def _missing_word(claimed: Sequence[Token], quoted: Sequence[Token], quote: QuoteContext) -> str:
    """Every word of substance must be in the quote or follow from it; numbers are checked apart."""
    return _not_in_quote(next(_missing_words(claimed, quoted, quote), None))


def _relation_mismatch(claimed: Sequence[Token], quote: QuoteContext) -> str:
    texts = [tokens(part.text, quote.language) for part in quote.parts]
    return relation_mismatch(claimed, texts, tokens(quote.title, quote.language))


def _without_years_above(
    claimed: Sequence[Token], quoted: Sequence[Token], quote: QuoteContext
) -> list[Token]:
    """Return ``claimed`` without the years that stand over a quote which names no year itself, in its title,
    its headings or its date: a report of 2022 says so once.
    """
    above = {year for part in quote.parts if not YEAR.search(part.text) for year in YEAR.findall(part.over)}
    there = {token.key for token in quoted}
    return [token for token in claimed if token.key in there or token.surface not in above]


def _missing_name(claimed: Sequence[Token], quoted: Sequence[Token], quote: QuoteContext) -> str:
    """Every name must be in the quote, or in what stands over it, or a part of it: "Olivier Megaton" may be
    "Megaton" there, unless the document has him by another first name. The name that the sentence is about
    may be what a pronoun or a phrase of the quote stands for. The first word of a sentence has a capital
    letter whether it is a name or not, so it counts as one; so does a word in another script.
    """
    assumed = {id(token) for token in _assumed_names(claimed, quoted, quote)}
    absent = (token for token in _absent_names(claimed, quoted, quote) if id(token) not in assumed)
    missing = {id(token) for token in _missing_words(claimed, quoted, quote)}
    foreign = (token for token in claimed if id(token) in missing and _is_in_another_script(token))
    return _not_in_quote(next(absent, None) or next(foreign, None))


def _absent_names(claimed: Sequence[Token], quoted: Sequence[Token], quote: QuoteContext) -> Iterator[Token]:
    """Yield a word of each name of which nothing is in the quote or over it, or that is another's there."""
    over = " ".join((quote.title, *(part.over for part in quote.parts)))
    there = {token.key for token in (*quoted, *tokens(over, quote.language))}
    missing = {id(token) for token in _missing_words(claimed, quoted, quote)}
    for is_name, run in groupby(claimed, key=lambda token: token.surface[0].isupper() and not token.number):
        name = [token for token in run if is_content(token)]
        absent = next((token for token in name if is_name and id(token) in missing), None)
        if absent and (
            not any(token.key in there for token in name) or _has_other_name(absent, name, quote.document)
        ):
            yield absent


def _assumed_names(claimed: Sequence[Token], quoted: Sequence[Token], quote: QuoteContext) -> list[Token]:
    """Return the words of absent names in the name that a sentence is about, if the quote has a pronoun or
    another phrase that may stand for it.
    """
    absent = {id(token) for token in _absent_names(claimed, quoted, quote)}
    subject = _subject(claimed, quoted)
    found = [token for token in subject if id(token) in absent]
    if not found:
        return []
    means = _may_mean(found[0], quote) or any(_may_stand_for(subject, part, quote) for part in quote.parts)
    return found if means else []


def _subject(claimed: Sequence[Token], quoted: Sequence[Token]) -> list[Token]:
    """Return the words of the name that a sentence opens with, or that stands after its first noun and "of":
    "The filming of Make It or Break It".
    """
    keys = {token.key for token in quoted}
    first = next((i for i, token in enumerate(claimed) if may_be_name(token)), None)
    if first is None:
        return []
    before = [token for token in claimed[:first] if is_content(token)]
    follows = any(token.surface.lower() == "of" for token in claimed[max(0, first - 2) : first])
    if before and not (follows and all(token.key in keys for token in before)):
        return []
    end = first
    for i in range(first, len(claimed)):
        if claimed[i].surface[0].isupper() and not claimed[i].number:
            end = i + 1
        elif claimed[i].surface.lower() not in _INSIDE_NAMES:
            break
    return [token for token in claimed[first:end] if is_content(token)]


def _may_mean(name: Token, quote: QuoteContext) -> bool:
    """Return whether a pronoun that opens a quote may stand for ``name``: not if the document goes on without
    it.
    """
    known = name.surface in quote.document or quote.document == quote.text
    return known and bool(_PRONOUN.search(quote.text))


def _may_stand_for(subject: Sequence[Token], part: Surroundings, quote: QuoteContext) -> bool:
    """Return whether a phrase such as "the film", or a pronoun, at the head of a clause of a quote may stand
    for ``subject``: the sentence before that opens with a name opens with that one, or it stands over the
    quote. Where nothing but the quote is known, nothing speaks against it.
    """
    if not (_PHRASE.search(part.text) or _PRONOUN.search(part.text)):
        return False
    if quote.document == quote.text and not part.over.strip():
        return True
    wanted = {token.key for token in subject}
    for start, end in reversed(sentences(part.before, quote.language)):
        opening = _subject(tokens(part.before[start:end], quote.language), ())
        if opening:
            return bool(wanted & {token.key for token in opening})
    return wanted <= {token.key for token in tokens(part.over, quote.language)}


def _has_other_name(absent: Token, name: Sequence[Token], document: str) -> bool:
    """Return whether ``document`` has another word before the part of a name that follows the one that is
    ``absent``: "Jerome Boyet" for "Jane Boyet".
    """
    after = next((b for a, b in pairwise(name) if a is absent), None)
    if after is None:
        return False
    firsts = set(re.findall(rf"\b([^\W\d_]\w+) {re.escape(after.surface)}\b", document))
    return any(first[0].isupper() for first in firsts - {absent.surface})


def _is_in_another_script(token: Token) -> bool:
    """Return whether a word of a text in the Latin script has letters without upper and lower case."""
    return token.language not in OTHER_THAN_LATIN and token.surface.upper() == token.surface.lower()


def _other_word(claimed: Sequence[Token], quoted: Sequence[Token], quote: QuoteContext) -> str:
    """No word may stand in the place of its opposite, or of another word that decides what is stated, such as
    "before" in the place of "after".
    """
    missing = list(_missing_words(claimed, quoted, quote))
    opposite = next((token for token in missing if count_opposites([token], quoted)), None)
    if opposite:
        return f"the quote has the opposite of “{opposite.surface}”"
    decisive = DECISIVE.get(quote.language or "en", frozenset())
    said = {token.surface.lower() for token in claimed}
    replaced = any(token.surface.lower() in decisive - said for token in quoted)
    word = next((token for token in missing if replaced and token.surface.lower() in decisive), None)
    return _not_in_quote(word)


def _not_in_quote(token: Token | None) -> str:
    return f"“{token.surface}” is not in the quote" if token else ""


def _missing_words(claimed: Sequence[Token], quoted: Sequence[Token], quote: QuoteContext) -> Iterator[Token]:
    """Yield the words of substance that are not in the quote and do not follow from it."""
    keys = {token.key for token in quoted}
    if keys & SPEECH_VERBS or _SPEECH.search(quote.text):
        keys |= SPEECH_VERBS
    keys |= NAMING_VERBS | SOURCE_WORDS
    names = {token.key for token in quoted if token.surface[0].isupper()}
    plain = {without_accents(key) for key in names}
    short_names = initials(quote.text)
    hedges = hedge_positions(claimed)
    for i, token in enumerate(claimed):
        if i in hedges or token.number or not is_content(token) or token.key in keys:
            continue
        if _completes_name(i, claimed, names, quote.document) or _is_source_verb(i, claimed):
            continue
        if token.surface in short_names or (may_be_name(token) and without_accents(token.key) in plain):
            continue
        if not token.name and any(_are_same_word(token.key, key) for key in keys):
            continue
        yield token


def _completes_name(i: int, claimed: Sequence[Token], names: set[str], document: str) -> bool:
    """Return whether token ``i`` is the rest of a name whose neighbour is in the quote: the "Albert" of
    "Albert Einstein", when the document has the two side by side.
    """
    if not claimed[i].surface[0].isupper():
        return False
    pairs = [(i, i + 1)] * (i + 1 < len(claimed)) + [(i - 1, i)] * (i > 0)
    return any(
        {claimed[a].key, claimed[b].key} & names and f"{claimed[a].surface} {claimed[b].surface}" in document
        for a, b in pairs
        if claimed[a].surface[0].isupper() and claimed[b].surface[0].isupper()
    )


def _is_source_verb(i: int, claimed: Sequence[Token]) -> bool:
    """Return whether token ``i`` is the verb of "the article states"."""
    return i > 0 and claimed[i].key in SPEECH_VERBS and claimed[i - 1].key in SOURCE_WORDS


def _are_same_word(a: str, b: str) -> bool:
    """Return whether two stems are forms of one word: "expans" and "expand", not "harm" and "harmless"."""
    if a.endswith("less") != b.endswith("less"):
        return False
    shared = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    return shared >= max(MIN_SHARED_LETTERS, max(len(a), len(b)) - MAX_ENDING_LETTERS)


def _negation_mismatch(claimed: Sequence[Token], quoted: Sequence[Token]) -> str:
    """A word must be negated in both or in neither."""
    for token in claimed:
        if is_content(token) and negation_differs(token, quoted):
            one, other = ("sentence", "quote") if token.negated else ("quote", "sentence")
            return f"the {one} negates “{token.surface}” and the {other} does not"
    return ""
