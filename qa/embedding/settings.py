"""The settings that the files of a sentence-transformers model state."""

import json
from dataclasses import dataclass
from pathlib import Path

from qa.errors import UserError

WEIGHTS = "model.safetensors"

_BERT = {"model_type": "bert", "hidden_act": "gelu", "position_embedding_type": "absolute"}
"""The settings that :mod:`qa.embedding.numpy_bert` computes; a configuration that leaves one of them out
means the same."""

_MAX_LENGTH = 512
"""The length that BERT was trained with, for a model that states none."""

_QUERY, _DOCUMENT = ("query",), ("document", "passage")
"""The names that models give to their prompts (sentence-transformers' ``encode_query``,
``encode_document``)."""


@dataclass(frozen=True, slots=True)
class ModelSettings:
    """A model's prompts, and the pooling that makes one vector of those of its tokens."""

    query_prompt: str
    """Goes in front of a question."""
    document_prompt: str
    """Goes in front of a sentence of a document."""
    max_length: int
    """The most pieces of a text; what is beyond is cut off."""
    is_plain_bert: bool
    """True if it is a BERT whose token vectors are averaged, so that NumPy can compute it."""


def read_settings(folder: Path) -> ModelSettings:
    """Read the settings of the model in ``folder``.

    Raises:
        UserError: the folder is not a sentence-transformers model, or a file of it is missing or unreadable.
    """
    for name, what in (
        ("config.json", "a model"),
        (WEIGHTS, "weights in the safetensors format"),
        ("tokenizer.json", "a tokenizer"),
    ):
        if not (folder / name).is_file():
            raise UserError(
                f"{folder} has no {name}, so it is not {what} that Attest can read; set ATTEST_EMBEDDING "
                "to the folder or the Hub id of a sentence-transformers model, or to default or minilm"
            )
    stated = _read(folder / "config_sentence_transformers.json").get("prompts") or {}
    prompts = stated if isinstance(stated, dict) else {}
    pooling = _read(folder / "1_Pooling" / "config.json")
    means = pooling.get("pooling_mode_mean_tokens") is True or pooling.get("pooling_mode") == "mean"
    config = _read(folder / "config.json")
    modules = [str(each.get("type")).rpartition(".")[2] for each in _read_modules(folder)]
    longest = _read(folder / "sentence_bert_config.json").get("max_seq_length")
    return ModelSettings(
        _first(prompts, _QUERY),
        _first(prompts, _DOCUMENT),
        int(str(longest or config.get("max_position_embeddings") or _MAX_LENGTH)),
        means
        and set(modules) <= {"Transformer", "Pooling", "Normalize"}
        and all(config.get(key, value) == value for key, value in _BERT.items()),
    )


def _first(prompts: dict[str, object], names: tuple[str, ...]) -> str:
    return next((str(prompts[name]) for name in names if prompts.get(name)), "")


def _read_modules(folder: Path) -> list[dict[str, object]]:
    path = folder / "modules.json"
    modules = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else []
    return modules if isinstance(modules, list) else []


def _read(path: Path) -> dict[str, object]:
    """Return the object in a JSON file; an empty one without the file."""
    try:
        content = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    except ValueError as error:
        raise UserError(f"{path} is not JSON ({error}); download the model again") from error
    return content if isinstance(content, dict) else {}
