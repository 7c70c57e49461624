"""An overview: main sentences, names, dates and figures of documents, each with the quote that has it.

Documents come in, with how rare words are. Quotes go out, and nothing is composed.
"""
