"""Find sentences, terms, tokens, dates, names and polarity in text.

Text goes in; offsets, words and plain values come out. Everything here is pure: no model, no network, and no
disk beyond the word list that comes with the package.
"""
