"""The measurements of speed say what they measured; how fast it was is no test's business."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from langchain_core.embeddings import Embeddings

from eval.bench.__main__ import measure, parser
from eval.bench.corpus import Texts, read_texts
from eval.bench.environment import this_machine
from eval.bench.indexing import Again, Indexing, index_folder
from eval.bench.report import Bench, draw, report
from eval.bench.startup import time_start
from eval.bench.synthetic import Shape, SyntheticEncoder, synthetic_documents
from eval.bench.workers import Spread, Timed
from eval.bench.workers import draw as draw_workers
from eval.bench.workers import measure as measure_workers
from eval.bench.workers import report as spread_report
from qa.config import Config
from qa.errors import AttestError, UserError
from qa.index.index import Index
from qa.index.stats import IndexStats
from qa.index.stores.local import LocalStore
from qa.ingest.chunking import split
from tests.support import dask_indexer
from tests.support.fakes import IDENTITY, FakeEncoder

TOWNS = ("Almaty", "Bukhara", "Chimkent", "Dushanbe", "Ferghana", "Gulistan", "Kokand", "Nukus")
PARAGRAPHS = tuple(f"The plant near {town} has turbines. Its steam heats {town} in winter." for town in TOWNS)


class BagOfWords(Embeddings):
    """The fake encoder as the plain chain takes it."""

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return FakeEncoder().encode(texts).tolist()

    def embed_query(self, text: str) -> list[float]:
        return self.embed_documents([text])[0]


@pytest.fixture(scope="module")
def squad(tmp_path_factory: pytest.TempPathFactory) -> Path:
    asked = [
        {
            "context": text,
            "qas": [{"id": town, "question": f"What heats {town}?", "answers": [{"text": "steam"}]}],
        }
        for town, text in zip(TOWNS, PARAGRAPHS, strict=True)
    ]
    path = tmp_path_factory.mktemp("data") / "towns.json"
    path.write_text(json.dumps({"data": [{"title": "Towns", "paragraphs": [*asked, *asked]}]}))
    return path


@pytest.fixture(scope="module")
def bench(squad: Path) -> Bench:
    numbers = "--files 6 --rounds 2 --again 20 --changed 2 --sizes 4 30 --real 5 --questions 4".split()
    args = parser().parse_args([str(squad), *numbers])
    return measure(args, FakeEncoder(), IDENTITY, BagOfWords(), start=False)


def test_every_paragraph_is_taken_once(squad: Path):
    texts = read_texts([squad])
    assert texts.paragraphs == PARAGRAPHS
    assert {each.paragraph for each in texts.first(3).questions} == {0, 1, 2}
    assert len(texts.asking(5).questions) == 5


def test_both_ways_index_the_same_files_as_often(bench: Bench):
    ours, chain = bench.compared
    assert (ours.passages, chain.passages) == (6, 6)
    assert ours.characters == chain.characters == sum(map(len, PARAGRAPHS[:6]))
    assert len(ours.seconds) == len(chain.seconds) == 2
    assert ours.recall == chain.recall == 1.0


def test_fewer_files_than_were_asked_for_are_owned_up_to(bench: Bench):
    assert bench.again
    assert (bench.again.files, bench.again.changed) == (8, 2)
    assert "8 files (20 were asked for; the data has no more)" in report(bench)


def test_retrieval_is_measured_at_every_size_and_synthetic_text_is_called_so(bench: Bench):
    small, large = bench.retrievals
    assert (small.passages, small.real, small.label) == (4, 4, "real")
    assert (large.passages, large.real, large.label) == (30, 5, "5 real + 25 synthetic")
    assert small.recall == 1.0
    assert len(large.milliseconds) == 4
    assert large.start is None
    text = report(bench)
    assert "5 real + 25 synthetic" in text
    assert "Synthetic passages have 3 sentences of 40 words" in text


def test_the_report_states_command_machine_and_every_part(bench: Bench):
    text = report(bench, "bench.svg")
    assert "python -m eval.bench towns.json --files 6 --again 20 --changed 2" in text
    for stated in (bench.machine.date, bench.machine.processor, "faiss-cpu ", "numpy ", "](bench.svg)"):
        assert stated in text
    for row in (
        "| passages/s ",
        "| characters/s ",
        "| again, 2 changed ",
        "| 30 ",
        "`qa/index/update/update.py: ",
    ):
        assert row in text
    assert "Attest embeds every sentence, the chain every paragraph" in text
    assert str(Path.home()) not in text


def test_ratios_are_of_what_was_measured(bench: Bench):
    measured = Bench(
        bench.command,
        bench.machine,
        compared=(
            Indexing("Attest", 30, 3_000, (9.0, 3.0, 2.0), 0.9, 10),
            Indexing("plain chain", 20, 3_000, (4.0, 4.0, 5.0), 0.6, 10),
        ),
        again=Again(100, 100, 10, 40.0, 1.0, 0.5),
    )
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in report(measured).splitlines()]
    assert ["passages/s", "10.0", "5.0", "2.00"] in rows
    assert ["characters/s", "1,000", "750", "1.33"] in rows
    assert ["seconds", "3.00", "4.00", "0.75"] in rows
    assert ["right paragraph among the 10 nearest", "0.900", "0.600", "1.50"] in rows
    assert ["again, 10 changed", "1.00", "0.0250"] in rows


def test_what_was_not_asked_for_is_not_reported(squad: Path):
    args = parser().parse_args([str(squad), "--parts", "again", "--again", "3"])
    text = report(measure(args, FakeEncoder(), IDENTITY, BagOfWords(), start=False))
    assert "## Indexing again" in text
    assert "## Retrieval" not in text
    assert "cProfile" not in text


@pytest.mark.parametrize("suffix", [".svg", ".png"])
def test_a_plot_is_drawn(bench: Bench, tmp_path: Path, suffix: str):
    draw(bench, tmp_path / f"bench{suffix}")
    assert (tmp_path / f"bench{suffix}").stat().st_size > 1_000


def test_numbers_that_measure_nothing_are_refused(squad: Path):
    args = parser().parse_args([str(squad), "--sizes", "0"])
    with pytest.raises(UserError, match="at least 1"):
        measure(args, FakeEncoder(), IDENTITY, BagOfWords(), start=False)


def test_a_synthetic_document_is_one_passage_of_the_shape_asked_for():
    documents = synthetic_documents(PARAGRAPHS, 20, Shape(3, 5))
    assert len({each.id for each in documents}) == 20
    for each in documents:
        (passage,) = split(each)
        assert len(passage.sentences) == 3
        assert len(each.text.split()) == 15


def test_synthetic_vectors_are_unit_vectors_around_real_ones():
    real = np.eye(64, dtype=np.float32)[:2]
    encoder = SyntheticEncoder({"a": real[0], "b": real[1]}, sentences=2)
    vectors = encoder.encode(["a", *(f"synthetic {n}" for n in range(100)), "b"])
    assert (vectors[0] == real[0]).all()
    assert (vectors[-1] == real[1]).all()
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert ((vectors @ real.T).max(axis=1) > 0.7).all()


def test_indexing_for_a_measurement_makes_an_index_like_any_other(tmp_path: Path):
    Texts(PARAGRAPHS, ()).write(tmp_path / "files")
    index_folder(tmp_path / "files", tmp_path / "index", FakeEncoder(), IDENTITY)
    index = Index.open(LocalStore(tmp_path / "index", IDENTITY))
    assert [each.text for each in index.documents.values()] == list(PARAGRAPHS)


def spread(*timed: Timed, weightless: float, cores: int = 2) -> Spread:
    machine = replace(this_machine(), cores=cores)
    contents = IndexStats("model", "0" * 64, documents=90, passages=100, sentences=400)
    return Spread(machine, contents, timed, Timed(cores, (weightless,)), 5.0)


def test_what_is_predicted_for_more_workers_follows_from_what_was_measured():
    # 4 s that are not shared out and 96 s that are: Amdahl's law gives 5.5 s for 64 workers.
    found = spread(
        Timed(0, (50.0,)),
        Timed(1, (100.0, 101.0, 90.0)),
        Timed(2, (52.0,)),
        Timed(4, (60.0,)),
        weightless=2.0,
    )
    assert found.fitted.share == pytest.approx(0.04)
    assert found.fitted.time(64) == pytest.approx(5.5)
    assert found.clocked.time(64) == pytest.approx(2 + 98 / 64)
    rows = [
        [cell.strip() for cell in line.split("|")[1:-1]] for line in spread_report(found, "", "").splitlines()
    ]
    assert ["fitted to the measured points", "0.040", "5.5", "18.2", "9.09"] in rows
    assert ["2", "52.0", "1.9", "0.96", "52.0"] in rows
    assert "a core for each worker: 1, 2." in spread_report(found, "", "")


def test_workers_are_measured_side_by_side(tmp_path: Path):
    texts = Texts(tuple(f"Harbour {n} has {n} berths. Its pilot is {n * 3}." for n in range(40)), ())
    found = measure_workers(texts, [1], 1, dask_indexer.SlowEncoder(), dask_indexer.load)
    assert [(each.workers, len(each.seconds)) for each in found.timed] == [(0, 1), (1, 1)]
    assert (found.contents.documents, found.contents.sentences) == (40, 80)
    assert found.weightless.time < found.timed[0].time  # the encoder takes most of it
    draw_workers(found, tmp_path / "workers.svg")
    assert (tmp_path / "workers.svg").stat().st_size > 1_000


def test_workers_without_a_core_of_their_own_predict_nothing():
    texts = Texts(tuple(f"Harbour {n}." for n in range(40)), ())
    with pytest.raises(UserError, match="number of workers from 1 to"):
        measure_workers(texts, [1_000], 1, dask_indexer.SlowEncoder(), dask_indexer.load)
    with pytest.raises(UserError, match="too little text"):
        measure_workers(texts.first(2), [1], 1, dask_indexer.SlowEncoder(), dask_indexer.load)


def test_a_server_is_timed_from_its_start_to_its_first_evidence_and_its_page(
    index: Index, settings: Config, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("ATTEST_MODEL", "none")
    start = time_start(settings.index, "What did Boyet say about Uzbekistan?")
    assert start.evidence > 0
    assert start.page > 0


def test_a_server_that_does_not_start_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("ATTEST_CORPUS", str(tmp_path / "nothing"))
    with pytest.raises(AttestError, match="does not start"):
        time_start(tmp_path / "index", "Who?")
