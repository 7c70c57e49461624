"""Find the language, sentences, terms, tokens, dates, names and polarity of text.

Text goes in; offsets, words and plain values come out. Everything here is pure: no model, no network, and no
disk beyond the word lists and the model of languages that come with packages.
"""
