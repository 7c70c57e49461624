"""Tests of the probability that quotes support a sentence."""

import logging
from pathlib import Path

import pytest
from transformers import BertConfig, BertForSequenceClassification, BertTokenizerFast

from qa.answering.checker import CalibratedChecker, support_logit
from qa.answering.cross_encoder import CrossEncoderVerdict, load_cross_encoder
from qa.errors import UserError
from qa.verification.support_features import FEATURES
from qa.weights import SUPPORT, Judge, Linear
from tests.support.fakes import FakeChat, by_id, document, whole

QUOTES = whole(by_id(document("Alstom builds trains.")))
CODE = dict.fromkeys(FEATURES, 0.0)
VERDICT_ALONE = Judge(Linear({"verdict": 1.0}), 0.5)


def save_cross_encoder(folder: Path, labels: tuple[str, ...]) -> Path:
    """Save a tiny BERT with random weights and these ``labels``, as sentence-transformers loads it."""
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "alstom", "builds", "trains", "ships", "."]
    folder.mkdir()
    (folder / "vocab.txt").write_text("\n".join(words))
    BertTokenizerFast(vocab_file=str(folder / "vocab.txt")).save_pretrained(folder)
    config = BertConfig(
        vocab_size=len(words),
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=16,
        num_labels=len(labels),
        id2label=dict(enumerate(labels)),
        label2id={label: i for i, label in enumerate(labels)},
    )
    BertForSequenceClassification(config).save_pretrained(folder)
    return folder


def test_a_surer_model_makes_a_more_probable_sentence():
    doubtful, sure = (
        CalibratedChecker(lambda claim, quotes, p=p: support_logit(FakeChat(p_yes=p), claim, quotes))
        for p in (0.1, 0.9)
    )
    low, high = (each.probability("Trains are built.", QUOTES, CODE) for each in (doubtful, sure))
    assert low is not None
    assert high is not None
    assert 0 < low < high < 1
    assert sure.threshold == SUPPORT.threshold


def test_a_provider_without_probabilities_leaves_it_to_the_form():
    checker = CalibratedChecker(lambda claim, quotes: support_logit(FakeChat(p_yes=None), claim, quotes))
    assert checker.probability("Trains are built.", QUOTES, CODE) is None


def test_the_model_sees_the_sentence_and_its_quotes():
    model = FakeChat()
    support_logit(model, "Trains are built.", QUOTES)
    (prompt,) = model.prompts
    assert "Claim: Trains are built." in prompt
    assert QUOTES[0].text in prompt


@pytest.mark.parametrize("labels", [("LABEL_0",), ("contradiction", "entailment", "neutral")])
def test_a_cross_encoder_gives_a_probability(labels: tuple[str, ...], tmp_path: Path):
    verdict = load_cross_encoder(str(save_cross_encoder(tmp_path / "model", labels)))
    p = CalibratedChecker(verdict, VERDICT_ALONE).probability("Alstom builds ships.", QUOTES, CODE)
    assert p is not None
    assert 0 < p < 1


def test_a_cross_encoder_whose_labels_do_not_tell_support_is_refused(tmp_path: Path):
    folder = save_cross_encoder(tmp_path / "model", ("good", "bad"))
    with pytest.raises(UserError, match=r"good, bad.*entailment.*ATTEST_CHECKER"):
        load_cross_encoder(str(folder))


def test_a_folder_that_holds_no_cross_encoder_is_named(tmp_path: Path):
    with pytest.raises(UserError, match="ATTEST_CHECKER") as error:
        load_cross_encoder(str(tmp_path))
    assert str(tmp_path) in str(error.value)


def test_a_checker_that_fails_leaves_it_to_the_form(caplog: pytest.LogCaptureFixture):
    class Failing:
        def predict(self, *args: object, **kwargs: object) -> None:
            raise RuntimeError("out of memory")

    with caplog.at_level(logging.WARNING):
        assert CrossEncoderVerdict(Failing(), None)("Alstom builds ships.", QUOTES) is None
    assert "checked by their form" in caplog.text
