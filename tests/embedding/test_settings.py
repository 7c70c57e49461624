"""What the files of a sentence-transformers model state, and what is said of a folder that is not one."""

import json
from pathlib import Path

import pytest

from qa.embedding.settings import read_settings
from qa.errors import UserError


@pytest.fixture
def model(tmp_path: Path) -> Path:
    (tmp_path / "1_Pooling").mkdir()
    for name, content in (
        ("config.json", {"model_type": "bert", "hidden_act": "gelu"}),
        ("tokenizer.json", {}),
        ("1_Pooling/config.json", {"pooling_mode_mean_tokens": True}),
        ("config_sentence_transformers.json", {"prompts": {"query": "ask: ", "passage": "text: "}}),
    ):
        (tmp_path / name).write_text(json.dumps(content))
    (tmp_path / "model.safetensors").write_bytes(b"")
    return tmp_path


def test_prompts_are_those_that_the_files_state(model: Path):
    settings = read_settings(model)
    assert (settings.query_prompt, settings.document_prompt) == ("ask: ", "text: ")


def test_a_model_that_states_no_prompts_gets_none(model: Path):
    (model / "config_sentence_transformers.json").unlink()
    settings = read_settings(model)
    assert (settings.query_prompt, settings.document_prompt) == ("", "")


@pytest.mark.parametrize(
    ("file", "content", "plain"),
    [
        ("config.json", {"model_type": "bert"}, True),
        ("config.json", {"model_type": "xlm-roberta"}, False),
        ("config.json", {"model_type": "bert", "hidden_act": "relu"}, False),
        ("1_Pooling/config.json", {"pooling_mode": "mean"}, True),
        ("1_Pooling/config.json", {"pooling_mode_cls_token": True}, False),
        ("modules.json", [{"type": "sentence_transformers.models.Dense"}], False),
    ],
)
def test_numpy_computes_nothing_but_a_bert_whose_tokens_are_averaged(
    model: Path, file: str, content: object, plain: bool
):
    (model / file).write_text(json.dumps(content))
    assert read_settings(model).is_plain_bert is plain


@pytest.mark.parametrize("missing", ["config.json", "model.safetensors", "tokenizer.json"])
def test_a_folder_that_is_not_a_model_is_refused_with_what_it_lacks(model: Path, missing: str):
    (model / missing).unlink()
    with pytest.raises(UserError, match=f"has no {missing}.*ATTEST_EMBEDDING"):
        read_settings(model)


def test_a_damaged_file_is_named(model: Path):
    (model / "config.json").write_text("{")
    with pytest.raises(UserError, match=r"config\.json is not JSON"):
        read_settings(model)
