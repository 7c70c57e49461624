"""The numbers of a chart as lines that can be read and quoted by themselves."""

from collections.abc import Iterable, Iterator, Sequence


def chart_lines(names: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Yield a line for each point, ``2019 — Freshwater: 120; Saltwater: 80``.

    ``names`` are those of the axis, which may be empty (``Year: 2019; Freshwater: 120``), and of the series;
    each row has a point of the axis and the value of each series there.
    """
    axis, *series = names or [""]
    for point, *values in rows:
        pairs = zip([*series, *[""] * (len(values) - len(series))], values, strict=False)
        said = "; ".join(f"{name}: {value}" if name else value for name, value in pairs if value)
        first = f"{axis}: {point}" if axis and point else point
        if said:
            yield ("; " if axis and point else " — ").join(filter(None, (first, said)))
