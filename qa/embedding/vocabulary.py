"""The words that an embedding model's tokenizer knows whole."""

from collections.abc import Container
from pathlib import Path

from qa.embedding.tokenizer import SENTENCEPIECE, open_sentencepiece

_WORD_START = "▁"
"""The mark that SentencePiece puts in front of a piece that begins a word."""


class SentencePieceVocabulary:
    """The words of a SentencePiece vocabulary, in any case."""

    def __init__(self, file: Path) -> None:
        """Open the vocabulary in ``file``."""
        self._processor = open_sentencepiece(file)
        self._unknown = self._processor.unk_id()

    def __contains__(self, word: object) -> bool:
        """Return whether a word is one piece, as it is written or with a capital letter."""
        spellings = (str(word), str(word).capitalize())
        return any(self._processor.piece_to_id(_WORD_START + each) != self._unknown for each in spellings)


def read_vocabulary(folder: Path) -> Container[str]:
    """Return the common words of the model in ``folder``, in lower case: those that its tokenizer has whole.

    all-MiniLM-L6-v2 has 30,522 WordPieces in its ``vocab.txt``, multilingual-e5-small 250,002
    SentencePieces. A model with neither file has none that are known here.

    Raises:
        OSError: the file cannot be read.
    """
    if (folder / SENTENCEPIECE).exists():
        return SentencePieceVocabulary(folder / SENTENCEPIECE)
    words = folder / "vocab.txt"
    if not words.exists():
        return frozenset()
    return frozenset(words.read_text(encoding="utf-8").splitlines())
