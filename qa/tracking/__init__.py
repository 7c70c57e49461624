"""Questions that are kept, with the history of their answers.

A question and an index that changes come in. The answers go out as they were at each time, with what changed
between them, whose evidence is kept even when its file is gone.
"""
