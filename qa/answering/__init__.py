"""Judge whether the quotes answer the question, and draft an answer.

Evidence goes in; P(answerable) and the model's draft come out. Nothing here is an answer yet: that is for
:mod:`qa.verification`.
"""
