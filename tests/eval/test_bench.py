"""The reports of speed say what was measured; no test depends on how fast it was."""

import json
from dataclasses import replace
from pathlib import Path

import httpx
import numpy as np
import pytest
from langchain_core.embeddings import Embeddings

from eval.bench.__main__ import measure, parser
from eval.bench.answer_worker import Meter
from eval.bench.corpus import Texts, read_texts
from eval.bench.environment import this_machine
from eval.bench.indexing import Indexing, UpdateTimes, index_folder
from eval.bench.report import Bench, draw, report
from eval.bench.startup import time_start
from eval.bench.synthetic import Shape, SyntheticEncoder, synthetic_documents
from eval.bench.workers import Timing, WorkerBench
from eval.bench.workers import draw as draw_workers
from eval.bench.workers import measure as measure_workers
from eval.bench.workers import report as spread_report
from qa.concurrency import usable_cores
from qa.config import Config
from qa.embedding.models import locate_model
from qa.errors import AttestError, UserError
from qa.index.index import Index
from qa.index.stats import IndexStats
from qa.index.stores.local import LocalStore
from qa.index.update import grow
from qa.ingest.chunking import split
from qa.llm.prompts import template
from tests.support import dask_indexer
from tests.support.fakes import IDENTITY, ROOT, FakeEncoder

TOWNS = ("Almaty", "Bukhara", "Chimkent", "Dushanbe", "Ferghana", "Gulistan", "Kokand", "Nukus")
PARAGRAPHS = tuple(f"The plant near {town} has turbines. Its steam heats {town} in winter." for town in TOWNS)


class BagOfWords(Embeddings):
    """The fake encoder behind LangChain's interface."""

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
    assert len(texts.sample_questions(5).questions) == 5


def test_both_ways_index_the_same_files_as_often(bench: Bench):
    ours, other = bench.compared
    assert (ours.passages, other.passages) == (6, 6)
    assert ours.characters == other.characters == sum(map(len, PARAGRAPHS[:6]))
    assert len(ours.seconds) == len(other.seconds) == 2
    assert ours.recall == other.recall == 1.0


def test_a_folder_is_timed_while_it_grows(squad: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(grow, "FIRST_SECONDS", 0.0)
    monkeypatch.setattr(grow, "FIRST_CHARACTERS", 1_000)
    args = parser().parse_args([str(squad), "--parts", "growing", "--growing", "1", "40"])
    bench = measure(args, FakeEncoder(), IDENTITY, BagOfWords(), start=False)
    assert [each.files for each in bench.growing] == [1, 40]
    assert all(0 < each.first <= each.words <= each.meaning for each in bench.growing)
    assert "everything by words" in report(bench)
    draw(bench, tmp_path / "with.svg")
    draw(replace(bench, growing=()), tmp_path / "without.svg")
    assert (tmp_path / "with.svg").stat().st_size > (tmp_path / "without.svg").stat().st_size


def test_fewer_files_than_were_requested_are_reported(bench: Bench):
    assert bench.update
    assert (bench.update.files, bench.update.changed) == (8, 2)
    assert "8 files (20 were requested; the data has no more)" in report(bench)


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


def test_a_sweep_is_timed_beside_a_search_and_goes_over_every_sentence(bench: Bench):
    small, large = bench.sweeps
    assert (small.passages, large.passages, large.real) == (4, 30, 5)
    assert large.sentences == 5 * 2 + 25 * 3
    assert small.common_mentions == 4  # each of the four has the word in one of its sentences
    assert len(large.questions.clock) == len(large.best.clock) == 3
    assert "5 real + 25 synthetic" in report(replace(bench, retrievals=()))
    assert "mean nothing" in report(replace(bench, retrievals=()))


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
    assert "Attest embeds every sentence, LangChain every paragraph" in text
    assert str(Path.home()) not in text


def test_ratios_are_of_what_was_measured(bench: Bench):
    measured = Bench(
        bench.command,
        bench.machine,
        compared=(
            Indexing("Attest", 30, 3_000, (9.0, 3.0, 2.0), 0.9, 0.8, 10),
            Indexing("LangChain", 20, 3_000, (4.0, 4.0, 5.0), 0.6, 0.6, 10),
        ),
        update=UpdateTimes(100, 100, 10, 40.0, 1.0, 0.5),
    )
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in report(measured).splitlines()]
    assert ["passages/s", "10.0", "5.0", "2.00"] in rows
    assert ["characters/s", "1,000", "750", "1.33"] in rows
    assert ["seconds", "3.00", "4.00", "0.75"] in rows
    assert ["right paragraph among the 10 nearest", "0.900", "0.600", "1.50"] in rows
    assert ["the same by one vector for each passage", "0.800", "0.600", "1.33"] in rows
    assert ["again, 10 changed", "1.00", "0.0250"] in rows


def test_embedding_is_compared_with_multiplications_of_the_same_size(squad: Path):
    args = parser().parse_args([str(squad), "--parts", "embedding", "--files", "3", "--rounds", "1"])
    folder = locate_model("minilm", Config().cache)
    measured = measure(args, FakeEncoder(), IDENTITY, BagOfWords(), folder=folder, start=False)
    assert [each.threads for each in measured.reach] == sorted({1, usable_cores()})
    text = report(measured)
    for each in measured.reach:
        assert 0 < each.reached < each.limit
        assert f"| {each.int8:,.0f} " in text
        assert f"| {each.limit:,.0f} ({each.kind}) " in text
    assert "## Indexing, from files" in text


def test_what_was_not_asked_for_is_not_reported(squad: Path):
    args = parser().parse_args([str(squad), "--parts", "again", "--again", "3"])
    text = report(measure(args, FakeEncoder(), IDENTITY, BagOfWords(), start=False))
    assert "## Indexing again" in text
    assert "## Retrieval" not in text
    assert "cProfile" not in text


def test_the_check_of_tracked_questions_finds_all_that_new_files_matter_to(squad: Path):
    args = parser().parse_args([str(squad), "--parts", "tracking", "--tracked", "50"])
    measured = measure(args, FakeEncoder(), IDENTITY, BagOfWords(), start=False)
    assert measured.tracking
    assert measured.tracking.expected > 0
    assert measured.tracking.sample == measured.tracking.questions
    assert measured.tracking.missed == 0
    assert "## Tracked questions after a change" in report(measured)


@pytest.mark.parametrize("suffix", [".svg", ".png"])
def test_a_plot_is_drawn(bench: Bench, tmp_path: Path, suffix: str):
    draw(bench, tmp_path / f"bench{suffix}")
    assert (tmp_path / f"bench{suffix}").stat().st_size > 1_000


def test_answers_are_compared_with_those_of_another_checkout(squad: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("ATTEST_MODEL", "none")
    words = ["--parts", "answering", "--questions", "4", "--readers", "3", "--against", str(ROOT)]
    args = parser().parse_args([str(squad), *words])
    measured = measure(args, FakeEncoder(), IDENTITY, BagOfWords(), start=False)
    other, ours = measured.answering
    assert other.answered == ours.answered
    assert len(ours.answered) == 4
    said = report(measured)
    assert "last of 3 readers at once" in said
    assert "Verdicts that differ: 0." in said


def test_what_llama_cpp_reads_and_writes_is_counted_by_stage():
    reply = json.dumps({"timings": {"prompt_n": 30, "prompt_ms": 600.0, "predicted_n": 4}}).encode()
    answers = httpx.MockTransport(lambda _: httpx.Response(200, stream=httpx.ByteStream(reply)))
    client = httpx.Client(transport=answers)
    meter = Meter(client)
    for name in ("judge", "short", "answer_list_translated"):
        task = template(name).format(language="Irish") if "{" in template(name) else template(name)
        asked = template("question").format(quotes="[1] A.", question="Who?", task=task)
        client.post("http://model", json={"messages": [{"role": "user", "content": asked}]})
    assert [each["stage"] for each in meter.requests] == ["judged", "short answer", "writing"]
    assert [each["prompt_n"] for each in meter.requests] == [30, 30, 30]


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


def worker_bench(*timings: Timing, without_model: float, cores: int = 2) -> WorkerBench:
    machine = replace(this_machine(), cores=cores)
    stats = IndexStats("model", "0" * 64, documents=90, passages=100, sentences=400)
    return WorkerBench(machine, stats, timings, Timing(cores, (without_model,)), 5.0)


def test_what_is_predicted_for_more_workers_follows_from_what_was_measured():
    # 4 s that are not divided and 96 s that are: Amdahl's law gives 5.5 s for 64 workers.
    found = worker_bench(
        Timing(0, (50.0,)),
        Timing(1, (100.0, 101.0, 90.0)),
        Timing(2, (52.0,)),
        Timing(4, (60.0,)),
        without_model=2.0,
    )
    assert found.fit.serial_share == pytest.approx(0.04)
    assert found.fit.time(64) == pytest.approx(5.5)
    assert found.bound.time(64) == pytest.approx(2 + 98 / 64)
    rows = [
        [cell.strip() for cell in line.split("|")[1:-1]] for line in spread_report(found, "", "").splitlines()
    ]
    assert ["fit to the measurements", "0.040", "5.5", "18.2", "9.09"] in rows
    assert ["2", "52.0", "1.9", "0.96", "52.0"] in rows
    assert "a core for each worker: 1, 2." in spread_report(found, "", "")


def test_workers_are_measured_side_by_side(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv(dask_indexer.LOG, str(tmp_path))
    texts = Texts(tuple(f"Harbour {n} has {n} berths. Its pilot is {n * 3}." for n in range(40)), ())
    found = measure_workers(texts, [1], 1, dask_indexer.SlowEncoder(), dask_indexer.load)
    assert [(each.workers, len(each.seconds)) for each in found.timings] == [(0, 1), (1, 1)]
    assert (found.stats.documents, found.stats.sentences) == (40, 80)
    # The encoder has embedded every sentence without workers and with one, and not when there was no model.
    embedded = [line for log in tmp_path.iterdir() for line in log.read_text().splitlines()]
    assert [embedded.count(f"Harbour {n} has {n} berths.") for n in range(40)] == [2] * 40
    assert found.without_model.time > 0
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


def test_a_server_that_does_not_start_is_told(tmp_path: Path):
    (tmp_path / "index").mkdir()
    (tmp_path / "index" / "CURRENT").write_text("damaged")
    with pytest.raises(AttestError, match="did not start"):
        time_start(tmp_path / "index", "Who?")
