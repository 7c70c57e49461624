"""Reach a chat model, whoever provides it.

The name of a model and messages go in; replies, filled forms and streamed text come out, or an error that
says whether asking again may help.
"""
