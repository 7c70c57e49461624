"""The files of the project's known answers about the documents in ``corpus/``."""

from pathlib import Path

FOLDER = Path(__file__).parent
QUESTIONS = FOLDER / "questions.jsonl"
CONVERSATIONS = FOLDER / "conversations.jsonl"
