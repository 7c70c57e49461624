"""Read known answers as cases.

Files of questions with their answers go in; ``Case`` values and the documents that they are about come out.
There is one module for each format.
"""
