from pathlib import Path

import pytest

from qa.config import Config
from qa.embedding.models import locate_model
from qa.embedding.vocabulary import read_vocabulary


def test_the_pieces_of_a_model_are_the_lines_of_its_file(tmp_path: Path):
    (tmp_path / "vocab.txt").write_text("[PAD]\nturbine\n##s\nweiß\n", encoding="utf-8")
    assert read_vocabulary(tmp_path) == {"[PAD]", "turbine", "##s", "weiß"}


def test_a_model_whose_vocabulary_has_another_form_has_no_common_words(tmp_path: Path):
    assert "turbine" not in read_vocabulary(tmp_path)


@pytest.mark.parametrize("model", ["default", "minilm"])
def test_a_shipped_model_knows_common_words_and_no_misspelt_ones(settings: Config, model: str):
    vocabulary = read_vocabulary(locate_model(model, settings.cache))
    assert all(word in vocabulary for word in ("government", "paris", "water"))
    assert all(word not in vocabulary for word in ("goverment", "uzbekstan"))


def test_the_default_model_knows_common_words_of_other_languages(settings: Config):
    vocabulary = read_vocabulary(locate_model("default", settings.cache))
    assert all(word in vocabulary for word in ("правительство", "gobierno", "regierung"))
