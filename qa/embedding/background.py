"""The cosine that an embedding model gives texts that have nothing to do with each other."""

import numpy as np

from qa.embedding.base import Encoder

QUESTIONS = (
    "When was the bridge over the river opened?",
    "How much salt goes into the dough?",
    "Who won the chess tournament?",
    "Why did the company close its factory?",
)
SENTENCES = (
    "Most bats find their prey by listening to the echo of their calls.",
    "The committee will meet again on the first Monday in March.",
    "A violin has four strings, which are tuned in fifths.",
    "Heavy snow kept the mountain pass closed until the evening.",
)
"""None of the sentences answers any of the questions or is about the same thing."""


def measure_background(encoder: Encoder) -> float:
    """Return the mean cosine of unrelated questions and sentences: near 0 or 0.75, by the model."""
    questions = np.stack([encoder.encode_question(each) for each in QUESTIONS])
    return float((questions @ encoder.encode(SENTENCES).T).mean())
