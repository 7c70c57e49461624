import weakref
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from qa.index.dense import FILE, FLAT_UP_TO, ROWS, DenseIndex, write_dense

SEED = np.random.default_rng(1)


def unit(vectors: NDArray[np.float64]) -> NDArray[np.float32]:
    return (vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)).astype(np.float32)


VECTORS = unit(SEED.normal(size=(50, 16)))
QUERY = unit(SEED.normal(size=16))


@dataclass(frozen=True)
class Kind:
    """A way to keep vectors, the number of passages up to which they are kept flat, how right cosines are."""

    flat_up_to: int
    right_to: float


FLAT, COARSE = Kind(50, 1e-6), Kind(49, 1e-3)


@pytest.fixture(params=[FLAT, COARSE], ids=["float32", "8 bits"])
def kind(request: pytest.FixtureRequest) -> Kind:
    return request.param


@pytest.fixture(params=[1, 7, 50], ids=["one", "seven", "all"])
def dense(request: pytest.FixtureRequest, kind: Kind, tmp_path: Path) -> DenseIndex:
    """An index whose vectors were handed over so many at a time."""
    at_a_time = request.param
    blocks = [VECTORS[first : first + at_a_time] for first in range(0, len(VECTORS), at_a_time)]
    write_dense(tmp_path, len(VECTORS), lambda: blocks, kind.flat_up_to)
    return DenseIndex.load(tmp_path)


def make(folder: Path, vectors: NDArray[np.float32], flat_up_to: int = FLAT_UP_TO) -> DenseIndex:
    write_dense(folder, len(vectors), lambda: [vectors], flat_up_to)
    return DenseIndex.load(folder)


def test_the_nearest_come_first_and_none_is_missed(dense: DenseIndex):
    assert dense.search(QUERY, 10) == np.argsort(-(VECTORS @ QUERY))[:10].tolist()


def test_no_more_are_found_than_there_are(dense: DenseIndex):
    assert sorted(dense.search(QUERY, 1_000)) == list(range(50))
    assert dense.size == 50


def test_only_what_is_admitted_is_found(dense: DenseIndex):
    admitted = np.arange(50) % 3 == 1
    nearest = [n for n in np.argsort(-(VECTORS @ QUERY)).tolist() if admitted[n]]
    assert dense.search(QUERY, 5, admitted) == nearest[:5]
    assert sorted(dense.search(QUERY, 50, admitted)) == sorted(nearest)
    assert dense.search(QUERY, 5, np.zeros(50, dtype=np.bool_)) == []


def test_cosines_are_those_of_the_passages_asked_for(dense: DenseIndex, kind: Kind):
    assert np.allclose(dense.cosines(QUERY, [7, 3]), VECTORS[[7, 3]] @ QUERY, atol=kind.right_to)
    assert dense.cosines(QUERY, []) == []


def test_only_a_large_index_is_kept_in_8_bits(tmp_path: Path):
    assert make(tmp_path, VECTORS).kind == make(tmp_path, VECTORS, FLAT.flat_up_to).kind == "float32"
    assert make(tmp_path, VECTORS, COARSE.flat_up_to).kind == "8 bits, then float16"


def test_8_bits_find_what_an_exact_search_finds(tmp_path: Path):
    base = SEED.normal(size=(100, 64))
    vectors = unit(np.repeat(base, 100, axis=0) + 0.6 * SEED.normal(size=(10_000, 64)))
    queries = unit(base[:50] + 0.5 * SEED.normal(size=(50, 64)))
    (tmp_path / "exact").mkdir()
    exact, coarse = make(tmp_path / "exact", vectors), make(tmp_path, vectors, flat_up_to=0)
    shared = [len({*exact.search(query, 10)} & {*coarse.search(query, 10)}) for query in queries]
    assert sum(shared) / 500 >= 0.98


def test_a_large_index_takes_a_quarter_of_the_room_to_search(tmp_path: Path):
    vectors = unit(SEED.normal(size=(2_000, 64)))
    sizes = []
    for flat_up_to in (2_000, 0):
        make(tmp_path, vectors, flat_up_to)
        sizes.append((tmp_path / FILE).stat().st_size)
    assert sizes[1] < 0.27 * sizes[0]


def test_vectors_of_a_large_index_are_in_memory_a_block_at_a_time(tmp_path: Path):
    made: list[weakref.ref[NDArray[np.float32]]] = []
    alive: list[int] = []

    def blocks() -> Iterator[NDArray[np.float32]]:
        for first in range(0, len(VECTORS), 5):
            block = VECTORS[first : first + 5].copy()
            made.append(weakref.ref(block))
            alive.append(sum(each() is not None for each in made))
            yield block
            del block

    write_dense(tmp_path, len(VECTORS), blocks, COARSE.flat_up_to)
    assert len(alive) > 10
    assert max(alive) <= 2


def test_an_index_that_is_read_outlasts_its_files(kind: Kind, tmp_path: Path):
    dense = make(tmp_path, VECTORS, kind.flat_up_to)
    for file in tmp_path.iterdir():
        file.unlink()
    assert dense.search(QUERY, 1) == [int(np.argmax(VECTORS @ QUERY))]


@pytest.mark.parametrize("kept", [0, 100])
def test_rows_that_are_cut_off_are_refused(kept: int, tmp_path: Path):
    make(tmp_path, VECTORS, COARSE.flat_up_to)
    (tmp_path / ROWS).write_bytes((tmp_path / ROWS).read_bytes()[:kept])
    with pytest.raises(ValueError, match="another size"):
        DenseIndex.load(tmp_path)


def test_an_index_that_is_cut_off_is_refused(kind: Kind, tmp_path: Path):
    make(tmp_path, VECTORS, kind.flat_up_to)
    (tmp_path / FILE).write_bytes((tmp_path / FILE).read_bytes()[:-100])
    with pytest.raises(RuntimeError):
        DenseIndex.load(tmp_path)
