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


@cache
def load_cut_off() -> CutOff:
    """Return the cut-off, which holds on the scale of similarity that embedding models share."""
    record = json.loads(files("qa.mentions").joinpath("cut_off.json").read_text(encoding="utf-8"))
    return CutOff(record["similarity"], record["below_best"], record["missed"], record["precision"])
