"""From a question to its verified answer. In: a retriever, documents and a language model. Out: a stream of
events, of which the answer is the last; and what documents say without a question being answered.
"""

from qa.pipeline.pipeline import Ask, Event, Pipeline
from qa.pipeline.refusals import NOT_ANSWERABLE

__all__ = ["NOT_ANSWERABLE", "Ask", "Event", "Pipeline"]
