from pathlib import Path

import pytest

from qa import model_files
from qa.config import Config
from qa.embedding.vocabulary import read_vocabulary


def test_the_pieces_of_a_model_are_the_lines_of_its_file(tmp_path: Path):
    (tmp_path / "vocab.txt").write_text("[PAD]\nturbine\n##s\nweiß\n", encoding="utf-8")
    assert read_vocabulary(tmp_path) == {"[PAD]", "turbine", "##s", "weiß"}


def test_a_model_without_a_vocabulary_is_refused(tmp_path: Path):
    with pytest.raises(OSError, match=r"vocab\.txt"):
        read_vocabulary(tmp_path)


def test_the_default_model_knows_common_words_and_no_misspelt_ones(settings: Config):
    vocabulary = read_vocabulary(model_files.ensure(model_files.EMBEDDING, settings.cache))
    assert len(vocabulary) == 30_522
    assert {"harbour", "boat", "turbine", "uzbekistan"} <= vocabulary
    assert vocabulary.isdisjoint({"turbne", "uzbekstan", "locomotve"})
