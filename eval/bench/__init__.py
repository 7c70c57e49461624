"""Measure speed and memory: ``python -m eval.bench``, and ``load_test``, ``stores`` and ``workers`` in it.

Files in SQuAD format go in; Markdown reports with their plots come out.
"""
