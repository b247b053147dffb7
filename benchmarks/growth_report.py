"""Write what ``scale.py`` measured as a table, and as a plot beside it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

import timing
from pkgraph.generation.pools import fitted_slope

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    Measured = dict[str, dict[str, Any]]

#: An answer that has more than so many times the rows grows with the graph.
GROWS: Final = 2.0
#: The limits for queries whose answers do not grow.
MOST_MS: Final = 250.0
MOST_TIMES: Final = 3.0
MOST_EXPONENT: Final = 0.2
#: Lines of the plot that end below so many milliseconds are not named.
NAMED_MS: Final = 25.0
VERDICTS: Final = ("no", "answer grows", "yes")
#: The size that p95 is compared with has about so many statements.
BASE: Final = 100_000

HEAD: Final = """# How everything grows

<!-- made by `make growth`; what is written here is lost -->

Made-up literatures ([how they are made](made-up-literature.md)) of {sizes} statements,
loaded into a folder, validated and asked. Each query is asked about one thing of middle degree: of
some things that it has rows about, the one with the middling number. Times are milliseconds, the
median and the 95th percentile of up to 20 runs, through the Python interface; pages through the
whole application, a page of another thing each time. What has no answer after 30 s is given up.
A raw load is that of the file by the bare engine; a load puts each statement into the union as
well, so it writes twice as many.

{machine}

The exponent is the slope of time against statements, both in logarithms: 0 is flat, 1 grows as the
graph does. Limits where the answer does not grow: p95 at the largest size at most {times:g} × that
at 100 thousand and at most {ms:g} ms, exponent at most {exponent:g}.

![Medians of queries against statements; lines that end below {named:g} ms are grey](growth.svg)
"""


def write(measured: list[Measured], out: Path) -> None:
    """Write the table to *out*, and the plot to ``growth.svg`` beside it."""
    sizes = [each["generate"]["statements"] for each in measured]
    text = HEAD.format(
        sizes=", ".join(f"{size:,}" for size in sizes),
        machine=timing.machine(),
        times=MOST_TIMES,
        ms=MOST_MS,
        exponent=MOST_EXPONENT,
        named=NAMED_MS,
    )
    text += "\n## Loading and checking\n\n" + whole(measured, sizes)
    cases = [name for name in measured[-1] if "(" in name or name in queries(measured)]
    pages = [name for name in measured[-1] if name.startswith(("page ", "search:", "delta"))]
    text += "\n## Queries\n\n" + kept(measured, sizes, cases) + table(measured, sizes, cases)
    text += "\n## Search, pages and contributions\n\n" + table(measured, sizes, pages)
    out.write_text(text, encoding="utf-8")
    out.with_name("growth.svg").write_text(plot(measured, sizes, cases), encoding="utf-8")


def queries(measured: list[Measured]) -> set[str]:
    """Return the names of what has rows."""
    return {
        name
        for each in measured
        for name, values in each.items()
        if ("rows" in values or "slower_than_s" in values) and not name.startswith("search")
    }


def whole(measured: list[Measured], sizes: list[int]) -> str:
    """Return the table of what is done with a whole graph."""
    names = ("generate", "raw load", "load", "derived rules", "index of words", "full validation")
    lines = [f"| seconds | {' | '.join(f'{size:,}' for size in sizes)} | exponent |"]
    lines.append("|---|" + "---:|" * (len(sizes) + 1))
    for name in names:
        times = [each.get(name, {}).get("seconds") for each in measured]
        cells = ["–" if time is None else f"{time:.1f}" for time in times]
        lines.append(f"| {name} | {' | '.join(cells)} | {slope(sizes, times)} |")
    ratios = {
        "load ÷ raw load": ("load", "raw load"),
        "derived rules ÷ load": ("derived rules", "load"),
    }
    for label, (one, other) in ratios.items():
        cells = [f"{each[one]['seconds'] / each[other]['seconds']:.2f}" for each in measured]
        lines.append(f"| {label} | {' | '.join(cells)} | |")
    for step in ("raw", "load", "validate", "ask"):
        cells = [f"{each[f'memory: {step}']['mib']:,.0f}" for each in measured]
        lines.append(f"| most memory: {step}, MiB | {' | '.join(cells)} | |")
    cells = [f"{each['size']['mib']:,.0f}" for each in measured]
    lines.append(f"| store and index on disk, MiB | {' | '.join(cells)} | |")
    return "\n".join(lines) + "\n"


def kept(measured: list[Measured], sizes: list[int], names: Iterable[str]) -> str:
    """Return in a sentence how many keep within the limits."""
    verdicts = [line(measured, sizes, name)[0][0] for name in names]
    missed, grown, well = (verdicts.count(number) for number in range(len(VERDICTS)))
    return (
        f"Of {missed + well} whose answer does not grow, {well} keep within the limits. "
        f"{grown} more list what the graph has.\n\n"
    )


def table(measured: list[Measured], sizes: list[int], names: Iterable[str]) -> str:
    """Return the table of what is asked, what misses its limits first."""
    heads = " | ".join(f"{size:,}" for size in sizes)
    lines = [f"| median (p95), ms | {heads} | exponent | rows | within |"]
    lines.append("|---|" + "---:|" * (len(sizes) + 2) + "---|")
    rows = sorted((line(measured, sizes, name) for name in names), key=lambda row: row[0])
    return "\n".join([*lines, *(text for _, text in rows)]) + "\n"


def line(measured: list[Measured], sizes: list[int], name: str) -> tuple[tuple[int, str], str]:
    """Return a row of the table, with what it is sorted by."""
    values = [each.get(name, {}) for each in measured]
    medians = [each.get("p50") for each in values]
    cells = [cell(each) for each in values]
    counts = [each["rows"] for each in values if "rows" in each]
    grows = len(counts) > 1 and counts[-1] > GROWS * max(1, counts[min(1, len(counts) - 1)])
    slow = "slower_than_s" in values[-1]
    verdict = "answer grows" if grows else judged(values, sizes, medians)
    if slow and not grows:
        verdict = "no"
    shown = "–".join(dict.fromkeys(f"{n:,}" for n in (counts[0], counts[-1]))) if counts else ""
    text = f"| {name} | {' | '.join(cells)} | {slope(sizes, medians)} | {shown} | {verdict} |"
    return (VERDICTS.index(verdict), name), text


def judged(values: list[dict[str, Any]], sizes: list[int], medians: list[float | None]) -> str:
    """Tell whether what does not grow keeps within its limits."""
    base = min(range(len(sizes)), key=lambda place: abs(math.log(sizes[place] / BASE)))
    if "p95" not in values[-1] or "p95" not in values[base]:
        return "no"
    last, first = values[-1]["p95"], values[base]["p95"]
    exponent = slope(sizes, medians)
    well = last <= MOST_MS and last <= MOST_TIMES * first and float(exponent) <= MOST_EXPONENT
    return "yes" if well else "no"


def cell(value: dict[str, Any]) -> str:
    """Return the times of one size."""
    if "p50" in value:
        return f"{value['p50']:,.1f} ({value['p95']:,.1f})"
    return f"over {value['slower_than_s']:,.0f} s" if "slower_than_s" in value else "–"


def slope(sizes: list[int], times: Iterable[float | None]) -> str:
    """Return the exponent of the curve of *times*, as text."""
    points = [
        (math.log(size), math.log(time)) for size, time in zip(sizes, times, strict=True) if time
    ]
    return f"{fitted_slope(points):.2f}" if len(points) > 1 else "–"


def plot(measured: list[Measured], sizes: list[int], names: Iterable[str]) -> str:
    """Return an SVG: medians against statements, both in logarithms, a line for each query."""
    width, height, left, top, right, bottom = 900, 560, 70, 20, 230, 50
    low, high = -1, 5  # powers of ten of milliseconds
    first, last = math.log10(sizes[0]), math.log10(sizes[-1])

    def x(size: float) -> float:
        return left + (math.log10(size) - first) / (last - first) * (width - left - right)

    def y(ms: float) -> float:
        share = (math.log10(max(ms, 10**low)) - low) / (high - low)
        return height - bottom - share * (height - top - bottom)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img">',
        "<style>text { font: 11px sans-serif }</style>",
        "<title>Medians of canned queries against the number of statements</title>",
        f'<rect width="{width}" height="{height}" fill="#fff"/>',
    ]
    for power in range(low, high + 1):
        ms = 10.0**power
        text = f"{ms:g} ms" if power < 3 else f"{ms / 1000:g} s"  # noqa: PLR2004
        parts.append(
            f'<path d="M{left} {y(ms):.1f}H{width - right}" stroke="#ddd"/>'
            f'<text x="{left - 6}" y="{y(ms) + 4:.1f}" text-anchor="end">{text}</text>'
        )
    parts.extend(
        f'<text x="{x(size):.1f}" y="{height - bottom + 18}" text-anchor="middle">{size:,}</text>'
        for size in sizes
    )
    labels: list[tuple[float, str, str]] = []
    for number, name in enumerate(names):
        points = [
            (x(size), y(each[name]["p50"]))
            for size, each in zip(sizes, measured, strict=True)
            if "p50" in each.get(name, {})
        ]
        is_named = measured[-1].get(name, {}).get("p50", math.inf) >= NAMED_MS
        colour = f"hsl({number * 137 % 360} 60% 40%)" if is_named else "#bbb"
        path = " ".join(f"{px:.1f},{py:.1f}" for px, py in points)
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}"/>')
        if points and is_named:
            labels.append((points[-1][1], name, colour))
    floor = 0.0
    for place, name, colour in sorted(labels):
        floor = max(place + 3, floor + 12)
        parts.append(
            f'<text x="{width - right + 8}" y="{floor:.1f}" style="font-size:10px" '
            f'fill="{colour}">{name}</text>'
        )
    return "\n".join([*parts, "</svg>"]) + "\n"
