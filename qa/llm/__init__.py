"""Reach a chat model of any provider.

A model's name and messages go in; replies, filled-in forms and streamed text come out, or an error that says
whether it may help to ask again.
"""
