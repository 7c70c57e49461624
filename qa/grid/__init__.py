"""Ask every document every question.

Questions and the names of documents come in. A grid goes out: documents down, questions across, each cell an
answer with its quotes or the nearest passage. Its file is only ever added to, so it goes on after a stop.
"""
