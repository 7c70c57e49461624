"""Documents as offices have them, invented by a seed, and questions whose answers are known: to fit on.

Their words, places and layouts are not those of :mod:`eval.office`, which is measured on and stays unseen.
"""
