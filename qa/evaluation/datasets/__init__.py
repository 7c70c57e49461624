"""Read known answers as cases.

Files of questions with their answers go in; ``Case`` values and the documents that they are asked over come
out. One module a format.
"""
