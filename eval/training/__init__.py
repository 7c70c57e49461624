"""Fit the numbers in ``qa/weights.json``: ``python -m eval.training``.

Files in SQuAD format go in; ranking weights, calibrations and thresholds come out, with the command and the
data they come from.
"""
