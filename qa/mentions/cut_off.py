"""The cut-off of a sweep by meaning, read from ``cut_off.json``, which says where it comes from.

``python -m eval.mentions fit`` writes that file; nobody edits it by hand.
"""

import json
from functools import cache
from importlib.resources import files

from qa.mentions.base import CutOff

BELOW = 0.05
"""The distance below the cut-off, in similarity, at which a sentence can be for the sample of the rest: on
the public SQuAD questions some tens of sentences are."""


LEAST_WORDS, MOST_WORDS = 2, 3
"""The fewest words that are looked for by meaning, and the most that are told apart. Of a hundred terms of
one word, no cut-off that keeps a precision of 0.85 finds more than 2 % of the sentences. Three words or more
are a description."""


@cache
def load_cut_off(words: int) -> CutOff | None:
    """Return the cut-off for what has so many words that carry meaning, on the scale of similarity that
    embedding models share; None for a single one. The shorter it is, the nearer a sentence has to be to mean
    the same.
    """
    if words < LEAST_WORDS:
        return None
    record = json.loads(files("qa.mentions").joinpath("cut_off.json").read_text(encoding="utf-8"))
    row = record[str(min(words, MOST_WORDS))]
    return CutOff(row["similarity"], row["below_best"], row["missed"], row["precision"])
