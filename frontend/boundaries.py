"""
Turn the boundaries of Natural Earth into the small file of paths that the world map is drawn from.

Natural Earth is in the public domain. It comes from the npm package world-atlas 2.0.2 as TopoJSON:
boundaries that two states share are one arc, so that simplifying arcs leaves no gaps. Run:

    npm pack world-atlas@2.0.2 && tar xf world-atlas-2.0.2.tgz
    python frontend/boundaries.py package/countries-50m.json

Source:
    TopoJSON: https://github.com/topojson/topojson-specification
    Equal Earth projection: https://doi.org/10.1080/13658816.2018.1504949
    Visvalingam and Whyatt, line generalisation: https://doi.org/10.1179/000870493786962263
"""

from __future__ import annotations

import json
import math
import re
import sys
from heapq import heapify, heappop, heappush
from itertools import pairwise
from pathlib import Path

OUT = Path(__file__).parent.parent / "src/pkgraph/pages/atlas/boundaries.json"
WIDTH, HEIGHT = 1000.0, 434.0
#: The top of the picture, in the units of the projection; what lies far south is cut off.
TOP = 1.307
#: Triangles smaller than this are left out of a line, in square degrees at the equator.
DETAIL = 0.09
#: Islands smaller than this are left out, in square units of the picture, but for the largest.
ISLAND = 0.6
#: What has no area, but for the rounding of numbers, in square degrees.
SPECK = 1e-6
#: No operation was there, and it takes a fifth of the picture.
LEFT_OUT = {"Antarctica"}
A1, A2, A3, A4 = 1.340264, -0.081106, 0.000893, 0.003796

Points = list[tuple[float, float]]


def main(source: str) -> None:
    """Write the file of paths that *source* gives."""
    topology = json.loads(Path(source).read_text(encoding="utf-8"))
    arcs = [simplified(degrees(arc, topology["transform"])) for arc in topology["arcs"]]
    found = []
    for each in topology["objects"]["countries"]["geometries"]:
        name = each["properties"]["name"]
        if name in LEFT_OUT or "arcs" not in each:
            continue
        parts = [each["arcs"]] if each["type"] == "Polygon" else each["arcs"]
        rings = [part for rings in parts for ring in rings for part in on_paper(ring, arcs)]
        rings.sort(key=lambda ring: -abs(area(ring)))
        rings = [ring for place, ring in enumerate(rings) if not place or abs(area(ring)) > ISLAND]
        size = sum(abs(area(ring)) for ring in rings)
        middle = [round(part, 1) for part in inside(rings[0])]
        found.append([each.get("id", ""), name, path(rings), *middle, round(size, 1)])
    found = joined(found)
    rows = ",\n".join(json.dumps(row, ensure_ascii=False) for row in found)
    OUT.write_text(
        f'{{"width": {WIDTH:.0f}, "height": {HEIGHT:.0f}, "shapes": [\n{rows}\n]}}\n',
        encoding="utf-8",
    )
    sys.stdout.write(f"{OUT.stat().st_size} bytes, {len(found)} shapes\n")


def joined(rows: list[list[object]]) -> list[list[object]]:
    """Return *rows* in order; those of one code are one, which has the name of the largest."""
    found: dict[object, list[object]] = {}
    for row in sorted(rows, key=lambda row: (row[0], -float(str(row[5])), row[1])):
        key = row[0] or row[1]
        if key in found:
            found[key][2] = f"{found[key][2]}{row[2]}"
        else:
            found[key] = row
    return list(found.values())


def degrees(arc: list[list[int]], transform: dict[str, list[float]]) -> Points:
    """Return the points of a quantized *arc*."""
    (kx, ky), (dx, dy) = transform["scale"], transform["translate"]
    x = y = 0
    points = []
    for step_x, step_y in arc:
        x, y = x + step_x, y + step_y
        points.append((x * kx + dx, y * ky + dy))
    return points


def simplified(points: Points) -> Points:
    """
    Return *points* without those whose triangle with their neighbours is small.

    The ends stay, and as many between as leave the smallest state an area.
    """
    few = 3 if points[0] == points[-1] else 1
    before = {i: i - 1 for i in range(1, len(points) - 1)}
    after = {i: i + 1 for i in range(1, len(points) - 1)}

    def triangle(i: int) -> float:
        corners = [points[before[i]], points[i], points[after[i]]]
        return abs(area(corners)) * math.cos(math.radians(points[i][1]))

    heap = [(triangle(i), i) for i in before]
    heapify(heap)
    sizes = {i: size for size, i in heap}
    while heap:
        size, i = heappop(heap)
        if sizes.get(i) != size:
            continue  # it was measured again since
        if size > DETAIL or len(sizes) <= few:
            break
        left, right = before[i], after[i]
        del sizes[i]
        for other, sides, to in ((left, after, right), (right, before, left)):
            if other in sizes:
                sides[other] = to
                sizes[other] = max(size, triangle(other))
                heappush(heap, (sizes[other], other))
    return [each for i, each in enumerate(points) if i in sizes or i in {0, len(points) - 1}]


def on_paper(ring: list[int], arcs: list[Points]) -> list[Points]:
    """Return the parts of *ring* in units of the picture; one over the date line is cut there."""
    points: Points = []
    for number in ring:
        arc = arcs[number] if number >= 0 else arcs[~number][::-1]
        points += arc[1:] if points else arc
    whole = [points[0]]
    for x, y in points[1:]:
        turns = round((whole[-1][0] - x) / 360)
        whole.append((x + 360 * turns, y))
    parts = []
    for turns in (-1, 0, 1):
        moved = [(x + 360 * turns, y) for x, y in whole]
        part = half(half(moved, 180, 1), -180, -1)
        if abs(area(part)) > SPECK:
            parts.append([projected(*each) for each in part])
    return parts


def half(points: Points, edge: float, sign: int) -> Points:
    """Return the part of the polygon *points* on one side of the meridian *edge*."""
    kept: Points = []
    for (x1, y1), (x2, y2) in zip(points, points[1:] + points[:1], strict=True):
        if sign * x1 <= sign * edge:
            kept.append((x1, y1))
        if (sign * x1 < sign * edge) != (sign * x2 < sign * edge) and x1 != x2:
            kept.append((edge, y1 + (y2 - y1) * (edge - x1) / (x2 - x1)))
    return kept


def projected(longitude: float, latitude: float) -> tuple[float, float]:
    """Return a point of the earth in units of the picture."""
    slope = math.asin(math.sqrt(3) / 2 * math.sin(math.radians(latitude)))
    scale = 9 * A4 * slope**8 + 7 * A3 * slope**6 + 3 * A2 * slope**2 + A1
    x = 2 * math.sqrt(3) * math.radians(longitude) * math.cos(slope) / (3 * scale)
    y = A4 * slope**9 + A3 * slope**7 + A2 * slope**3 + A1 * slope
    unit = WIDTH / (2 * 2 * math.sqrt(3) * math.pi / (3 * A1))
    return WIDTH / 2 + x * unit, (TOP - y) * unit


def area(ring: Points) -> float:
    """Return the area of *ring*; its sign tells which way it runs."""
    pairs = zip(ring, ring[1:] + ring[:1], strict=True)
    return sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairs) / 2


def inside(ring: Points) -> tuple[float, float]:
    """Return a point in *ring*: half way across it, at the height of its centre or near."""
    low, high = min(y for _, y in ring), max(y for _, y in ring)
    best = (0.0, ring[0][0], ring[0][1])
    for step in range(3, 10):
        y = low + (high - low) * step / 12 + 1e-7
        crossings = sorted(
            x1 + (x2 - x1) * (y - y1) / (y2 - y1)
            for (x1, y1), (x2, y2) in zip(ring, ring[1:] + ring[:1], strict=True)
            if (y1 < y) != (y2 < y)
        )
        for left, right in zip(crossings[::2], crossings[1::2], strict=True):
            best = max(best, (right - left, (left + right) / 2, y))
    return best[1], best[2]


def path(rings: list[Points]) -> str:
    """Return *rings* as a path of relative steps, in tenths of a unit that are rounded once."""
    parts = []
    for ring in rings:
        at = [(round(x * 10), round(y * 10)) for x, y in ring]
        steps = [(x2 - x1, y2 - y1) for (x1, y1), (x2, y2) in pairwise(at) if (x1, y1) != (x2, y2)]
        text = "".join(f"{number(x, first=not i)}{number(y)}" for i, (x, y) in enumerate(steps))
        parts.append(f"M{number(at[0][0], first=True)}{number(at[0][1])}l{text}z")
    return "".join(parts)


def number(tenths: int, *, first: bool = False) -> str:
    """Return a number of *tenths*, with a comma before it where it needs one."""
    text = re.sub(r"^(-?)0\.", r"\1.", f"{tenths / 10:g}")
    return text if first or text.startswith("-") else f",{text}"


if __name__ == "__main__":
    main(sys.argv[1])
