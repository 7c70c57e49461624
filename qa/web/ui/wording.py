"""Numbers in sentences, singular or plural. Pure."""


def count_text(number: int, noun: str) -> str:
    """Return how many of a thing there are: "1 document", "1,200 documents"."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def is_or_are(number: int) -> str:
    """Return the verb of so many things."""
    return "is" if number == 1 else "are"


def was_or_were(number: int) -> str:
    """Return the verb of so many things in the past."""
    return "was" if number == 1 else "were"
