"""The embedding model, loaded: one text alone in NumPy, several in sentence-transformers."""

import numpy as np
import pytest

from qa.embedding.encoder import TextEncoder


def test_the_model_gives_unit_vectors_in_the_order_of_the_texts(encoder: TextEncoder):
    texts = [
        "Gas turbines.",
        "A much longer sentence about railways in Central Asia. " * 5,
        "",
        "👩‍👩‍👧 中文",
    ]
    vectors = encoder.encode(texts)
    assert vectors.shape == (4, encoder.dimensions)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-3)
    for text, vector in zip(texts, vectors, strict=True):
        assert float(encoder.encode([text])[0] @ vector) > 0.995


def test_the_model_puts_what_means_the_same_near(encoder: TextEncoder):
    train, same, other = encoder.encode(
        ["Electric locomotives pollute little.", "Trains with low emissions.", "The cat sat on the mat."]
    )
    assert train @ same > train @ other + 0.05


@pytest.mark.parametrize(
    "text",
    [
        "Who?",
        "What did Boyet say about Uzbekistan?",
        "rail " * 600,
        "",
        "水不足。 Water\x00 is scarce. ﬁ 👩‍👩‍👧",
    ],
)
def test_a_text_alone_has_the_vector_that_it_has_among_others(encoder: TextEncoder, text: str):
    # The model in bfloat16, as several texts are encoded, is that far from itself in float32.
    assert float(encoder.encode([text])[0] @ encoder.encode([text, "Another."])[0]) > 0.9995


def test_langchain_has_questions_and_documents_embedded_each_with_its_prompt(encoder: TextEncoder):
    question, document = encoder.embed_query("rail"), encoder.embed_documents(["rail"])[0]
    assert np.allclose(question, encoder.encode_question("rail"))
    assert np.allclose(document, encoder.encode(["rail"])[0])
    assert not np.allclose(question, document, atol=1e-2)
