"""Measure Attest against known answers.

Cases and a pipeline go in; outcomes, metrics, reports and the calibration of a model come out.
"""
