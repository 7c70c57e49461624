"""Every mention of something in the documents, and what a search that found nothing went through.

A name, a term or a description comes in. Out comes every sentence that mentions it, by its words, by another
form of its name or by its meaning, with how many are expected to be missing.
"""
