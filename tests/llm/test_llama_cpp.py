"""Several local models in one process: which of them are in memory."""

from dataclasses import dataclass, field
from pathlib import Path

import psutil
import pytest
from langchain_core.messages import AIMessage
from langchain_core.outputs import ChatGeneration, ChatResult
from langchain_openai import ChatOpenAI

from qa.llm import llama_cpp
from qa.llm.llama_cpp import CONTEXT_BYTES, LocalChatModel, load

FILE_BYTES = 1_000
"""The size of a model's file."""


@dataclass
class Memory:
    """The memory that the system calls available, and the files whose models are in it."""

    available: int = 0
    loaded: list[str] = field(default_factory=list)


@dataclass
class FakeServer:
    """What llama.cpp starts for a file; its end takes it out of memory."""

    name: str
    memory: Memory
    listening_address: str = "http://127.0.0.1:9"

    def __post_init__(self) -> None:
        self.memory.loaded.append(self.name)

    def __del__(self) -> None:
        self.memory.loaded.remove(self.name)


@pytest.fixture
def memory(monkeypatch: pytest.MonkeyPatch) -> Memory:
    """No room for a second model, unless a test makes some."""
    memory = Memory(CONTEXT_BYTES + FILE_BYTES)
    monkeypatch.setattr(
        llama_cpp, "_start_server", lambda params: FakeServer(Path(params.model.path).stem, memory)
    )
    monkeypatch.setattr(psutil, "virtual_memory", lambda: memory)
    return memory


@pytest.fixture
def models(tmp_path: Path, memory: Memory) -> list[LocalChatModel]:
    paths = [tmp_path / f"{name}.gguf" for name in "abc"]
    for path in paths:
        path.write_bytes(b"x" * FILE_BYTES)
    return [load(path, 1) for path in paths]


def test_a_model_is_loaded_when_it_is_first_asked_and_makes_room_for_the_next(
    models: list[LocalChatModel], memory: Memory
):
    assert memory.loaded == []
    for model, name in ((models[0], "a"), (models[1], "b"), (models[0], "a")):
        model.wait()
        assert memory.loaded == [name]


def test_models_stay_beside_each_other_where_they_fit(models: list[LocalChatModel], memory: Memory):
    memory.available = CONTEXT_BYTES + 2 * FILE_BYTES
    for model in (*models[:2], models[0]):
        model.wait()
    assert memory.loaded == ["a", "b"]
    models[2].wait()  # there is room for one beside it: the one that was used last
    assert memory.loaded == ["a", "c"]


def test_a_model_that_is_answering_stays(
    models: list[LocalChatModel], memory: Memory, monkeypatch: pytest.MonkeyPatch
):
    def answer(*_: object, **__: object) -> ChatResult:
        models[1].wait()
        assert memory.loaded == ["a", "b"]
        return ChatResult(generations=[ChatGeneration(message=AIMessage("Yes."))])

    monkeypatch.setattr(ChatOpenAI, "_generate", answer)
    assert models[0].invoke("Is it?").text == "Yes."
    models[2].wait()
    assert memory.loaded == ["c"]


def test_a_model_that_nobody_has_any_more_is_not_in_memory(models: list[LocalChatModel], memory: Memory):
    models[0].wait()
    del models[0]
    assert memory.loaded == []
