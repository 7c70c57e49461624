"""LaTeX: its text by sections, with formulas as they are written."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.errors import UserError
from qa.ingest import readers
from qa.ingest.documents import parse

PAPER = r"""\documentclass{article}
\newcommand{\plant}{Syrdarya}
\title{The \emph{plant}} \author{Ada Writer} \date{2025-01-22}
\begin{document}
\maketitle
\begin{abstract}
We visit \plant{} and its
turbines. % nobody reads this
\end{abstract}
\section{Results \& costs}
\label{sec:results}
It yields $10^{3}$\,MW \cite[p.~3]{ada2020}, as table~\ref{costs} says for M\"uller at 5\,\%.
\begin{equation} E = \frac{a+b}{c} \end{equation}
\begin{itemize} \item One \item Two \end{itemize}
\subsection*{Prices}
\begin{table}[h]
\begin{tabular}{l|r} \hline
Item & Price \\ \hline
Fuel & 5 EUR \\
Oil \& gas & 7 EUR \\
\end{tabular}
\caption{What it costs.}
\end{table}
\begin{tabular}{lrr}
 & \multicolumn{2}{c}{Price} \\
Item & 2018 & 2019 \\
Fuel & 4 & 5 \\
\end{tabular}
\end{document}
Not read.
"""


def test_a_paper_is_read_by_section():
    document = parse(PAPER.encode(), "a.tex")
    assert (document.title, document.author, document.date) == ("The plant", "Ada Writer", "2025-01-22")
    labels = [place.label for place in document.places if place.label]
    assert labels == ["section Results & costs", "section Prices"]
    assert "We visit Syrdarya and its turbines." in document.text
    assert "It yields $10^{3}$ MW [ada2020], as table costs says for Müller at 5 %." in document.text
    assert r"\begin{equation} E = \frac{a+b}{c} \end{equation}" in document.text
    assert "* One" in document.text
    assert "nobody reads this" not in document.text
    assert document.text.startswith("We visit")  # and not with a title page of today
    assert "Not read." not in document.text


def test_a_row_of_a_table_is_a_line():
    text = parse(PAPER.encode(), "a.tex").text
    assert "Item | Price\nFuel | 5 EUR\nOil & gas | 7 EUR" in text
    assert "What it costs." in text


def test_no_cell_has_a_name_where_one_goes_over_several_columns():
    assert "Price\nItem | 2018 | 2019\nFuel | 4 | 5" in parse(PAPER.encode(), "a.tex").text


@pytest.mark.parametrize(
    "part",
    [
        "{" * 5_000,
        r"\begin{a}" * 5_000,
        r"\begin{equation}" * 3_000,
        "$" * 5_001,
        "$" + r"\frac{1}{" * 20 + "2" + "}" * 20 + "$",
        r"\newcommand{\a}{\a\a}" * 1_000 + r"\a",
        r"\begin{tabular}{l}" * 2_000,
        r"\section{" * 3_000,
        "%" * 10_000,
    ],
)
def test_a_part_that_is_not_understood_takes_no_long(part: str):
    started = time.monotonic()
    try:
        document = parse(f"Before.\n\n{part}\n\nAfter.".encode(), "a.tex")
    except UserError:
        pytest.fail("the other parts are read")
    assert document.text.startswith("Before.")
    assert document.text.endswith("After.")
    assert time.monotonic() - started < 60


@given(st.text(alphabet="abc \n{}$&%\\", max_size=200))
def test_words_between_commands_stay(text: str):
    pieces = readers.read(f"Before.\n\n{text}\n\n}}\n\nAfter.".encode(), "a.tex").pieces
    assert pieces[0].text.startswith("Before.")
    assert pieces[-1].text.endswith("After.")
