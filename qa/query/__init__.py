"""Understand a question.

A question and the conversation before it go in; its kind, its parts, the type of answer it asks for, its
corrected spelling, a follow-up that stands alone and the documents to search come out.
"""
