"""A conversation in Word has its quotes as footnotes, as another reader of Word files finds them."""

import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from qa.export.word import conversation_docx
from qa.ingest.documents import parse
from qa.schema import Answer, Choice, RejectedSentence, Sentence, ShortAnswer, Span
from qa.verification.verify import UNCLEAR
from tests.export.test_export import AWKWARD, PLANT, QUOTED, answered, every, refusal
from tests.support.fakes import by_id

DOCUMENTS = by_id(PLANT)
OPENED = Span(PLANT.id, 62, 79)
NOTE = "“The plant has four turbines.”"


def phrased() -> Answer:
    """An answer in two sentences that share a quote, with a short one and a sentence that was left out."""
    answer = answered(DOCUMENTS, QUOTED, OPENED)
    return replace(
        answer,
        sentences=(
            Sentence("It has four big turbines.", (1,), 0.9, ((12, 15),)),
            Sentence("The plant with four turbines opened in May.", (1, 2)),
        ),
        short=ShortAnswer("four", 1, Span(PLANT.id, 47, 51)),
        cut=(RejectedSentence("It is green.", "no quote says so"),),
    )


def read(title: str, *answers: Answer) -> str:
    return parse(conversation_docx(title, answers), "a.docx").text


def test_a_quote_is_a_footnote_once_and_is_referred_to_afterwards():
    text = read("Turbines", phrased())
    assert "Short answer: four[1]" in text
    assert "It has four big turbines.1 The plant with four turbines opened in May.1[2]" in text
    assert text.count(NOTE) == 1
    assert "A plant, 2023-10-23, plants/a.md:33–61" in text
    assert "Not in the quotes: “big” (the check gives this sentence 90%)" in text
    assert "It is green. (no quote says so)" in text


def test_footnotes_are_numbered_through_the_conversation():
    text = read("Turbines", answered(DOCUMENTS, QUOTED), answered(DOCUMENTS, OPENED, question="When?"))
    assert "The plant has four turbines.[1]" in text
    assert "It opened in May.[2]" in text
    assert text.index("How many turbines?") < text.index("When?")


def test_a_refusal_says_so_and_its_passages_are_no_footnotes():
    text = read("Turbines", refusal(DOCUMENTS, QUOTED))
    assert "No answer: no passage seems to contain the answer." in text
    assert "Nearest passages, which are not an answer:" in text
    assert NOTE in text
    assert "[1]" not in text


def test_what_a_question_could_mean_is_listed_with_its_quote():
    unclear = replace(refusal(DOCUMENTS, QUOTED), reason=UNCLEAR, choices=(Choice("The plant", 1),))
    assert "The plant[1]" in read("Turbines", unclear)


def test_any_text_can_be_written():
    text = read("\x00\x0bA\ud800", *every(AWKWARD))
    assert "\ufffd" in text
    assert all(line in text for line in AWKWARD["عربي.txt"].text.splitlines())


@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed")
def test_libreoffice_shows_the_footnotes(tmp_path: Path):
    (tmp_path / "a.docx").write_bytes(conversation_docx("Turbines", [phrased()]))
    home = f"-env:UserInstallation={(tmp_path / 'home').as_uri()}"
    command = [
        "soffice",
        home,
        "--headless",
        "--convert-to",
        "odt",
        "--outdir",
        tmp_path,
        tmp_path / "a.docx",
    ]
    subprocess.run(command, check=True, timeout=300, capture_output=True)
    text = parse((tmp_path / "a.odt").read_bytes(), "a.odt").text
    assert "opened in May.¹[2]" in text
    assert text.count(NOTE) == 1
