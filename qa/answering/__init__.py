"""Judge whether the quotes answer the question, and draft an answer.

Evidence goes in; P(answerable) and a draft come out. Nothing here is an answer yet: that is the task of
:mod:`qa.verification`.
"""
