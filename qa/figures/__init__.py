"""Figures by code: sums, differences, shares and growth over numbers that stand in quotes.

In go a question, its quotes and their documents; out come formulas, each operand the words of a quote, or the
reason why nothing was computed. No language model takes part.
"""
