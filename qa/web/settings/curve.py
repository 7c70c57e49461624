"""The measured curve of right answers against coverage, by the threshold: as a picture and as a table."""

from dataclasses import dataclass
from itertools import pairwise


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """The measurements at one threshold. All are shares, from 0 to 1."""

    threshold: float
    coverage: float
    """Of the questions that the documents answer, those that were answered."""
    right: float
    """Of the answers shown, with as many unanswerable questions as answerable ones, those that were right."""


CURVE = (
    CurvePoint(0.25, 0.95, 0.62),
    CurvePoint(0.32, 0.90, 0.66),
    CurvePoint(0.40, 0.80, 0.68),
    CurvePoint(0.55, 0.65, 0.77),
    CurvePoint(0.70, 0.47, 0.83),
)
"""With the default model, ``attest eval --dataset squad2-public.json --limit 120 --seed 1``
(docs/measurements.md, "Public questions")."""

WIDTH, HEIGHT, MARGIN = 360, 220, 40
"""Of the picture, in pixels at its natural size."""

X_RANGE, Y_RANGE = (0.4, 1.0), (0.5, 0.9)
"""The range of the axes: the measured points and some room."""


@dataclass(frozen=True, slots=True)
class Dot:
    """A point of the picture, in its pixels."""

    x: float
    y: float
    label: str


@dataclass(frozen=True, slots=True)
class Plot:
    """The picture of the curve."""

    dots: tuple[Dot, ...]
    current: Dot | None
    """The place of the threshold in use; None outside of what was measured."""

    @property
    def line(self) -> str:
        """The points of an SVG polyline."""
        return " ".join(f"{dot.x:.1f},{dot.y:.1f}" for dot in self.dots)


def plot(threshold: float) -> Plot:
    """Return the picture with ``threshold`` marked on it."""
    return Plot(
        tuple(_dot(each, f"{each.threshold:.2f}") for each in CURVE),
        next((_dot(at, "in use") for at in _interpolated(threshold)), None),
    )


def _interpolated(threshold: float) -> list[CurvePoint]:
    for a, b in pairwise(CURVE):
        if a.threshold <= threshold <= b.threshold:
            share = (threshold - a.threshold) / (b.threshold - a.threshold)
            coverage = a.coverage + share * (b.coverage - a.coverage)
            return [CurvePoint(threshold, coverage, a.right + share * (b.right - a.right))]
    return []


def _dot(point: CurvePoint, label: str) -> Dot:
    x = (point.coverage - X_RANGE[0]) / (X_RANGE[1] - X_RANGE[0])
    y = (point.right - Y_RANGE[0]) / (Y_RANGE[1] - Y_RANGE[0])
    return Dot(MARGIN + x * (WIDTH - 2 * MARGIN), HEIGHT - MARGIN - y * (HEIGHT - 2 * MARGIN), label)
