"""The words that an embedding model's tokenizer knows whole."""

from pathlib import Path


def read_vocabulary(folder: Path) -> frozenset[str]:
    """Return the WordPiece vocabulary of the model in ``folder``: the lines of its ``vocab.txt``.

    A lower-cased word that is one of the pieces is a common word. The default model has 30,522 pieces.

    Raises:
        OSError: the file cannot be read.
    """
    return frozenset((folder / "vocab.txt").read_text(encoding="utf-8").splitlines())
