"""Understand what is asked.

A question and the conversation before it go in; its kind, its parts, the type of its answer, its spelling
put right and a follow-up made standalone come out.
"""
