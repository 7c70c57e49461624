"""Documents that disagree: sentences that say the same but for one number, date, name, or its opposite.

In go a question and its quotes, or every sentence of an index; out come the sides of each disagreement, the
newest first. Nothing is judged, and no language model takes part.
"""
