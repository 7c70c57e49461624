"""Rank passages and quote them.

A question and the candidates of an index go in; ranked passages, numbered quotes and the signals that the
judge reads come out. The index is known here as a Protocol only.
"""
