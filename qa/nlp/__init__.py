"""Tell sentences, terms, tokens, dates, names and polarity from text.

Text goes in; offsets, words and plain values come out. Everything here is pure: no model, disk or network.
"""
