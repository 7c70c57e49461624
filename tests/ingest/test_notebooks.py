"""Notebooks: cells, and what they printed."""

import json

import pytest

from qa.errors import UserError
from qa.ingest.documents import SUFFIXES, parse

NOTEBOOK = {
    "nbformat": 4,
    "metadata": {"kernelspec": {"language": "python"}},
    "cells": [
        {"cell_type": "markdown", "source": ["# The plant\n", "It has four turbines."]},
        {
            "cell_type": "code",
            "source": "print(4 * 54)",
            "outputs": [
                {"output_type": "stream", "name": "stdout", "text": ["216\n"]},
                {"output_type": "execute_result", "data": {"text/plain": ["'MW'"], "image/png": "iVBOR"}},
                {
                    "output_type": "error",
                    "ename": "ValueError",
                    "evalue": "no gas",
                    "traceback": ["\x1b[31m"],
                },
            ],
        },
        {"cell_type": "raw", "source": []},
        {"cell_type": "code", "source": ["power = 54"], "outputs": []},
    ],
}


def test_each_cell_is_a_place():
    document = parse(json.dumps(NOTEBOOK).encode(), "a.ipynb")
    assert document.title == "The plant"
    assert [place.label for place in document.places] == ["cell 1", "cell 2", "cell 2, result", "cell 4"]
    assert "print(4 * 54)\n\n216\n'MW'\nValueError: no gas\n\npower = 54" in document.text
    assert "iVBOR" not in document.text


def test_the_older_format_is_read():
    cells = [{"cell_type": "code", "input": ["a = 1"], "outputs": [{"text": ["one"]}]}]
    old = {"nbformat": 3, "worksheets": [{"cells": cells}], "metadata": {}}
    assert parse(json.dumps(old).encode(), "a.ipynb").text == "a = 1\n\none"


@pytest.mark.parametrize(
    "data", ["[]", "{}", '{"cells": 5}', '{"cells": [5]}', '{"cells": [{"source": ', "[" * 100_000, "nothing"]
)
def test_a_file_that_is_no_notebook_is_refused(data: str):
    assert ".ipynb" in SUFFIXES
    with pytest.raises(UserError, match=r"not in IPYNB format|nested too deep"):
        parse(data.encode(), "a.ipynb")


@pytest.mark.parametrize(
    "cell",
    [{}, {"source": None}, {"source": {"a": 1}}, {"source": [1, None]}, {"source": "x", "outputs": "no"}],
)
def test_an_odd_cell_leaves_the_others(cell: dict):
    odd = NOTEBOOK | {"cells": [cell, *NOTEBOOK["cells"]]}
    assert "It has four turbines." in parse(json.dumps(odd).encode(), "a.ipynb").text
