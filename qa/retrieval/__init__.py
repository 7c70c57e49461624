"""Rank passages and quote them.

A question and a document filter go in; ranked passages or the reason why there are none, numbered quotes and
the signals that the judge reads come out. The index is known here as a Protocol only.
"""
