"""Measure speed and memory: ``python -m eval.bench``.

Files in SQuAD format go in; a Markdown report with its plot comes out.
"""
