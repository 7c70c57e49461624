"""The cut-off of a sweep by meaning, read from ``cut_off.json``, which says where it comes from.

``python -m eval.mentions fit`` writes that file; nobody edits it by hand.
"""

import json
from functools import cache
from importlib.resources import files

from qa.mentions.base import CutOff

BELOW = 0.05
"""How far below the cut-off, in similarity, a sentence can be for the sample of the rest: on the public SQuAD
questions some tens of sentences are."""


MOST_WORDS = 3
"""A description has at least so many words; what has fewer is a term."""


@cache
def load_cut_off(words: int) -> CutOff:
    """Return the cut-off for what has so many words that carry meaning, on the scale of similarity that
    embedding models share. The shorter it is, the nearer a sentence has to be to mean the same.
    """
    record = json.loads(files("qa.mentions").joinpath("cut_off.json").read_text(encoding="utf-8"))
    fitted = record[str(min(words, MOST_WORDS))]
    return CutOff(fitted["similarity"], fitted["below_best"], fitted["missed"], fitted["precision"])
