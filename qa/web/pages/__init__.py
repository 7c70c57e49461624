"""The pages beside the chat.

A request comes in. A page goes out, in the frame that all share, to who may see it.
"""
