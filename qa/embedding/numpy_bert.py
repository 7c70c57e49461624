"""A sentence-transformers model of the BERT architecture in NumPy, for one question at a time. It loads at
once, where importing PyTorch takes seconds.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open
from scipy.special import erf

from qa.embedding.settings import WEIGHTS, read_settings
from qa.embedding.tokenizer import load_tokenizer
from qa.errors import UserError

Floats = NDArray[np.float32]

WORDS = "embeddings.word_embeddings.weight"
"""The vectors of the vocabulary, shape ``(pieces, dimensions)``."""

INNER = 0.75
"""The depth of the layer whose vectors of tokens stand beside the last's, which were trained for their mean
and have much of the whole text: the ninth of twelve, as in Zhang et al. 2020, "BERTScore: Evaluating Text
Generation with BERT". With it late interaction finds most (``python -m eval.token_layers``,
docs/measurements.md)."""


class BertEncoder:
    """The model in a folder: token vectors of BERT (Devlin et al. 2019, "BERT: Pre-training of Deep
    Bidirectional Transformers"), their mean, to unit length (Reimers and Gurevych 2019, "Sentence-BERT").

    In float32 throughout. Threads may share it. The vectors of the vocabulary, most of a multilingual model,
    stay on the disk: a question needs a dozen of them.
    """

    def __init__(self, folder: Path, inner: float = INNER) -> None:
        """Load the model in ``folder``, whose tokens have the vectors of the layer at the depth ``inner``
        (0 to 1) and of the last.

        Raises:
            UserError: the weights cannot be read, or are not those of a BERT alone.
        """
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        self._heads = int(config["num_attention_heads"])
        self._layers = int(config["num_hidden_layers"])
        self._inner = max(1, round(inner * self._layers))
        self._epsilon = np.float32(config["layer_norm_eps"])
        try:
            file = safe_open(folder / WEIGHTS, framework="numpy")
            self._words = file.get_slice(WORDS)
        except (SafetensorError, OSError) as error:
            raise UserError(
                f"{folder / WEIGHTS} cannot be read as the weights of a model ({error}); download the "
                "model again, or set ATTEST_EMBEDDING to another"
            ) from error
        names = [*file.keys()]  # the file itself cannot be iterated over
        self._weights: Mapping[str, Floats] = {
            name: file.get_tensor(name).astype(np.float32) for name in names if name != WORDS
        }
        self._tokenize = load_tokenizer(folder, read_settings(folder).max_length)
        self.dimensions = int(config["hidden_size"])

    def encode(self, texts: Sequence[str]) -> Floats:
        """Return unit vectors, shape ``(len(texts), dimensions)``, one text after the other."""
        vectors = np.empty((len(texts), self.dimensions), dtype=np.float32)
        for row, text in enumerate(texts):
            *_, last = self._layer_outputs(self._tokenize(text))
            mean = last.mean(axis=0)
            vectors[row] = mean / np.linalg.norm(mean)
        return vectors

    def encode_tokens(self, text: str) -> Floats:
        """Return the unit vectors of the tokens of a text, the first and the last of which stand for its
        beginning and its end, shape ``(tokens, 2 * dimensions)``: those of an inner layer and of the last
        side by side, so that the cosine of two tokens is the mean of their cosines in both.
        """
        outputs = list(self._layer_outputs(self._tokenize(text)))
        pair = outputs[self._inner - 1], outputs[-1]
        units = [x / np.linalg.norm(x, axis=1, keepdims=True) for x in pair]
        return np.asarray(np.hstack(units) / np.sqrt(np.float32(2)))

    def count_tokens(self, text: str) -> int:
        """Return the number of tokens of a text, beginning and end included."""
        return len(self._tokenize(text))

    def _layer_outputs(self, ids: Sequence[int]) -> Iterator[Floats]:
        """Yield the vectors of tokens after each layer, shape ``(tokens, dimensions)``."""
        of = "embeddings"
        x = np.concatenate([self._words[number : number + 1] for number in ids]).astype(np.float32)
        x = x + self._weights[f"{of}.position_embeddings.weight"][: len(ids)]
        x = self._normal(x + self._weights[f"{of}.token_type_embeddings.weight"][0], of)
        for layer in range(self._layers):
            of = f"encoder.layer.{layer}"
            attended = self._linear(
                self._attention(x, f"{of}.attention.self"), f"{of}.attention.output.dense"
            )
            x = self._normal(x + attended, f"{of}.attention.output")
            wide = _gelu(self._linear(x, f"{of}.intermediate.dense"))
            x = self._normal(x + self._linear(wide, f"{of}.output.dense"), f"{of}.output")
            yield x

    def _attention(self, x: Floats, of: str) -> Floats:
        """Return, for every head, each token's mean of all values, weighted by how well its query fits their
        keys.
        """
        query, key, value = (
            self._linear(x, f"{of}.{name}").reshape(len(x), self._heads, -1).swapaxes(0, 1)
            for name in ("query", "key", "value")
        )
        fit = query @ key.swapaxes(1, 2) / np.sqrt(np.float32(query.shape[-1]))
        weights = np.exp(fit - fit.max(axis=-1, keepdims=True))
        weights /= weights.sum(axis=-1, keepdims=True)
        return np.asarray((weights @ value).swapaxes(0, 1).reshape(len(x), -1))

    def _linear(self, x: Floats, of: str) -> Floats:
        return np.asarray(x @ self._weights[f"{of}.weight"].T + self._weights[f"{of}.bias"])

    def _normal(self, x: Floats, of: str) -> Floats:
        """Normalise each token to mean 0 and variance 1, with the learnt scale and shift (layer norm)."""
        centred = x - x.mean(axis=-1, keepdims=True)
        deviation = np.sqrt((centred**2).mean(axis=-1, keepdims=True) + self._epsilon)
        scale, shift = (self._weights[f"{of}.LayerNorm.{name}"] for name in ("weight", "bias"))
        return np.asarray(centred / deviation * scale + shift)


def _gelu(x: Floats) -> Floats:
    """Hendrycks and Gimpel 2016, "Gaussian Error Linear Units"."""
    return np.asarray(x * (1 + erf(x / np.sqrt(np.float32(2)))) / 2)
