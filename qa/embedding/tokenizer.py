"""The tokenizer of an embedding model: a text to the numbers of its pieces."""

import re
import unicodedata
from collections.abc import Callable
from functools import cache
from pathlib import Path

from sentencepiece import SentencePieceProcessor
from tokenizers import Tokenizer

SENTENCEPIECE = "sentencepiece.model"
"""The file of a vocabulary for ``sentencepiece``, which needs a quarter of the memory of ``tokenizers`` for
250,000 pieces."""

DELETED = "[\u0001-\u0008\u000b\u000e-\u001f\u007f\u008f\u009f]"
SPACES = "[\u0009\u000a\u000c\u000d\u1680\u200b-\u200f\u2028\u2029\u2581\ufeff\ufffd]"
"""Characters that SentencePiece's rule "nmt_nfkc" deletes, and those that it takes for a space. The rule
goes on with Unicode's normal form KC."""

_DELETED, _SPACES = re.compile(DELETED), re.compile(SPACES)


def load_tokenizer(folder: Path, max_length: int) -> Callable[[str], list[int]]:
    """Return the tokenizer of the model in ``folder``, which cuts a text at ``max_length`` pieces.

    Raises:
        OSError: a file is missing.
    """
    if (folder / SENTENCEPIECE).exists():
        return _load_sentencepiece(folder / SENTENCEPIECE, max_length)
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(max_length)
    return lambda text: list(tokenizer.encode(text).ids)


@cache
def open_sentencepiece(file: Path) -> SentencePieceProcessor:
    """Open the vocabulary in ``file``, once: it takes 47 MB."""
    return SentencePieceProcessor(model_file=str(file))


def _load_sentencepiece(file: Path, max_length: int) -> Callable[[str], list[int]]:
    processor = open_sentencepiece(file)
    first, last = processor.piece_to_id("<s>"), processor.piece_to_id("</s>")

    def encode(text: str) -> list[int]:
        pieces: list[int] = processor.encode(_normalise(text))
        return [first, *pieces[: max_length - 2], last]

    return encode


def _normalise(text: str) -> str:
    return unicodedata.normalize("NFKC", _SPACES.sub(" ", _DELETED.sub("", text)))
