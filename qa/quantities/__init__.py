"""Numbers in texts: their values in any notation, with magnitudes, units and currencies.

In go a text and its language; out come quantities that can be compared and computed with.
"""
