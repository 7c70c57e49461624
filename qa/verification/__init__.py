"""Turn a draft into an answer and keep only what its quotes support.

A draft and its numbered quotes go in; an ``Answer`` comes out, and no other package makes one. Pure: it
never sees a model, a clock, a network or a disk.
"""
