"""The plots of a report. They need matplotlib, which only the extra ``bench`` installs."""

import io

import matplotlib as mpl
from matplotlib.figure import Figure

from qa.evaluation.summary import Summary

mpl.rcParams["svg.hashsalt"] = "attest"  # the same figures give the same bytes


def plots(summary: Summary) -> list[str]:
    """Return the plots as SVG text: the risk–coverage curve, and P(answerable) by kind of question."""
    drawn = []
    if summary.curve:
        figure = Figure(figsize=(5, 3.2), layout="constrained")
        axes = figure.subplots()
        axes.plot(summary.curve.coverage, summary.curve.risk)
        axes.set(xlabel="coverage (share answered)", ylabel="risk (share wrong)", xlim=(0, 1), ylim=(0, 1))
        axes.set_title(f"Risk–coverage, area {summary.curve.area:.3f}")
        drawn.append(_svg(figure))
    if summary.answerable:
        figure = Figure(figsize=(5, 3.2), layout="constrained")
        axes = figure.subplots()
        bins = [i / 20 for i in range(21)]
        axes.hist(summary.answerable, bins=bins, alpha=0.6, label="answerable")
        for condition, values in summary.unanswerable.items():
            axes.hist(values, bins=bins, alpha=0.6, label=condition)
        axes.set(xlabel="P(answerable)", ylabel="questions", title="How sure Attest was")
        axes.legend()
        drawn.append(_svg(figure))
    return drawn


def _svg(figure: Figure) -> str:
    buffer = io.StringIO()
    figure.savefig(buffer, format="svg", metadata={"Date": None})
    text = buffer.getvalue()
    return text[text.index("<svg") :]
