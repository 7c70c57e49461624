"""Accept or refuse what a person types as a question or as a query. Pure."""

from qa.errors import UserError
from qa.query.courtesy import asks_nothing

MAX_QUESTION_CHARS = 2_000


def validate_question(text: str) -> str:
    """Return a question without surrounding white space.

    Raises:
        UserError: it is no query, or nothing but thanks, a greeting or assent.
    """
    question = validate_query(text)
    if asks_nothing(question):
        raise UserError("This asks nothing, so nothing was searched; ask a question about the documents")
    return question


def validate_query(text: str) -> str:
    """Return a query without surrounding white space.

    Raises:
        UserError: it is not Unicode, has no words, or is longer than ``MAX_QUESTION_CHARS``.
    """
    query = text.strip()
    if query != query.encode("utf-8", "replace").decode():
        raise UserError("The question is not valid Unicode text; type it again")
    if not any(char.isalnum() for char in query):
        raise UserError("The question is empty; type a question")
    if len(query) > MAX_QUESTION_CHARS:
        raise UserError(
            f"The question has {len(query):,} characters, more than the {MAX_QUESTION_CHARS:,} allowed; "
            "shorten it"
        )
    return query
