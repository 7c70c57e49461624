"""Answer questions one by one and tell what each cost the language model: a program for eval.bench.answering.

It imports nothing but ``qa``, which is that of any checkout. A line of JSON on its input is the numbers of
questions to ask at once; a line on its output says, for each, how long it took and how many
tokens llama.cpp read and wrote, by stage.
"""

import json
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx

from qa import assemble, calibrations, config
from qa.evaluation.datasets.base import Case, sample
from qa.evaluation.datasets.index import indexed
from qa.evaluation.datasets.squad import read_squad
from qa.evaluation.runner import is_right
from qa.llm.prompts import template
from qa.pipeline import Ask, Pipeline
from qa.schema import Answer, Evidence

STAGES = {
    "judge": "judged",
    "judge_form": "judged",
    "judge_short": "judged",
    "short": "short answer",
    "answer": "writing",
    "answer_list": "writing",
    "answer_yes_or_no": "writing",
    "answer_translated": "writing",
    "answer_list_translated": "writing",
    "answer_yes_or_no_translated": "writing",
    "claim": "check",
    "rewrite": "rewriting",
}
"""The stage that a reader waits for, by the prompt that is asked."""


class Meter:
    """The figures of llama.cpp for each request that one client sends."""

    def __init__(self, client: httpx.Client) -> None:
        """Listen to ``client``."""
        self.requests: list[dict[str, Any]] = []
        client.event_hooks = {"request": [], "response": [self._listen]}

    def _listen(self, response: httpx.Response) -> None:
        prompt = json.loads(response.request.content)["messages"][-1]["content"]
        stream = response.stream
        assert isinstance(stream, httpx.SyncByteStream)
        response.stream = _Overheard(stream, prompt, self.requests)


class _Overheard(httpx.SyncByteStream):
    """A response that is passed on, and read for llama.cpp's figures once it has ended."""

    def __init__(self, stream: httpx.SyncByteStream, prompt: str, requests: list[dict[str, Any]]) -> None:
        self._stream, self._prompt, self._requests = stream, prompt, requests
        self._read = b""

    def __iter__(self) -> Iterator[bytes]:
        for piece in self._stream:
            self._read += piece
            yield piece

    def close(self) -> None:
        self._stream.close()
        lines = [line.removeprefix("data: ") for line in self._read.decode().splitlines()]
        replies = [json.loads(line) for line in lines if line.startswith("{")]
        timings: dict[str, Any] = next(
            (each["timings"] for each in reversed(replies) if "timings" in each), {}
        )
        self._requests.append({"stage": _stage(self._prompt), **timings})


def _stage(prompt: str) -> str:
    asked = prompt.rsplit("\n\n", 1)[-1]
    return next((stage for name, stage in STAGES.items() if _asks(name, asked)), "other")


def _asks(name: str, asked: str) -> bool:
    """Return whether ``asked`` is the last paragraph of a template, in which the name of a language may
    stand.
    """
    before, _, after = template(name).rsplit("\n\n", 1)[-1].partition("{language}")
    return asked.startswith(before) and asked.endswith(after)


def main() -> None:
    """Build the index of a file in SQuAD format, and answer what is asked of it."""
    file, limit, seed = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    settings = config.load()
    dataset = read_squad([file])
    cases = sample(dataset, limit, seed).cases
    encoder = assemble.load_encoder(settings)
    with indexed(dataset, encoder, settings) as index:
        retriever = assemble.create_retriever(settings, index, encoder)
        model: Any = assemble.load_model(settings)
        pipeline = Pipeline(
            retriever,
            index.documents,
            model,
            judge=calibrations.load_judge(settings, retriever.weights),
            support=calibrations.load_support(settings),
        )
        client = getattr(model, "http_client", None)
        meter = Meter(client) if client else None
        pipeline.invoke(Ask(cases[0].question))  # the first pass loads what is needed
        print(json.dumps({"questions": len(cases)}), flush=True)
        for line in sys.stdin:
            chosen = [cases[i] for i in json.loads(line)]
            if meter:
                meter.requests.clear()
            with ThreadPoolExecutor(len(chosen)) as readers:
                answers = list(readers.map(lambda case: _ask(pipeline, case), chosen))
            requests = meter.requests if meter else []
            print(json.dumps({"answers": answers, "requests": requests}), flush=True)


def _ask(pipeline: Pipeline, case: Case) -> dict[str, Any]:
    """Return how one question went. ``checked`` is when the first words of a checked answer were there."""
    begun = time.perf_counter()
    evidence = checked = None
    answer: Answer | None = None
    for event in pipeline.stream(Ask(case.question)):
        now = time.perf_counter() - begun
        if isinstance(event, Evidence):
            evidence = evidence or now
        elif isinstance(event, Answer):
            answer = event
        if isinstance(event, Answer) or type(event).__name__ == "FirstAnswer":
            checked = checked or now
    assert answer is not None
    return {
        "id": case.id,
        "answerable": case.answerable,
        "searched": evidence or 0.0,
        "checked": checked,
        "whole": time.perf_counter() - begun,
        "answered": answer.answered,
        "right": case.answerable and is_right(answer, case.answers),
        "short": answer.short.text if answer.short else "",
        "p": round(answer.p_answerable, 4),
    }


if __name__ == "__main__":
    main()
