"""Keep the documents that visitors upload.

Files come in through limits. Out comes an index of their text, with copies of the files beside it, searched
together with the shared one; it goes with its visitor, or stays for everybody.
"""
