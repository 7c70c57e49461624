"""The processes that read files and embed sentences during an update.

Files and batches of sentences go in; documents and vectors come out, from this process
(:mod:`~qa.index.update.workers.local`) or from several under Dask (:mod:`~qa.index.update.workers.dask`).
"""
