"""
Place argument maps of the shipped graph by several programs, and compare what comes out.

Run it as ``python benchmarks/argument_map.py [FOLDER]``. The programs that run in node are asked
where FOLDER has them (``npm install elkjs @viz-js/viz``), grandalf where it is installed. Each
places the same boxes: the cards of pkgraph, columns already made.
"""

from __future__ import annotations

import importlib.util
import json
import math
import subprocess
import sys
import time
from dataclasses import dataclass
from itertools import combinations, pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pkgraph import open_graph
from pkgraph.argumentation import Frame, place, read
from pkgraph.argumentation.boxes import boxes
from pkgraph.argumentation.placing import OPTIONS
from pkgraph.namespaces import BASE
from timing import machine

if TYPE_CHECKING:
    from collections.abc import Callable

    from pkgraph.argumentation import ArgumentMap

Point = tuple[float, float]
MAPS = (
    ("proposition/spreading-democracy-brings-peace", Frame(2)),
    ("work/bellamy-2004", Frame(1, most=100)),
    ("work/bellamy-2004", Frame(1)),
)
NODE = Path(__file__).with_suffix(".js")


@dataclass(frozen=True)
class Task:
    """Boxes by name, with width and height, and which are joined, the upper first."""

    sizes: dict[str, tuple[float, float]]
    joined: list[tuple[str, str]]


@dataclass(frozen=True)
class Layout:
    """The centres of the boxes, the ways of the lines, and how long it took."""

    centres: dict[str, Point]
    ways: list[list[Point]]
    seconds: float


def task(found: ArgumentMap) -> Task:
    """Return the boxes of a map that are joined to others."""
    made = boxes(found)
    home = {face.card.iri: box.name for box in made for face in box.faces}
    joined = [
        (home[word.target], box.name)
        for box in made
        for word in box.words
        if home[word.target] != box.name
    ]
    used = {name for pair in joined for name in pair}
    return Task({b.name: (b.width, float(b.height)) for b in made if b.name in used}, joined)


def by_graphlay(given: Task) -> Layout:
    """Place by graphlay, all parts at once."""
    import graphlay

    start = time.perf_counter()
    graph = graphlay.Graph()
    for name, (width, height) in given.sizes.items():
        graph.node(name, width=width, height=height)
    for upper, lower in given.joined:
        graph.edge(upper, lower)
    laid = graphlay.layout(graph, preset="layered", options=OPTIONS)
    ways = [[(point["x"], point["y"]) for point in edge["points"]] for edge in laid.edges]
    return Layout(laid.positions(), ways, time.perf_counter() - start)


def by_grandalf(given: Task) -> Layout:
    """Place by grandalf, part by part, one beside the other."""
    from grandalf.graphs import Edge, Graph, Vertex
    from grandalf.layouts import SugiyamaLayout
    from grandalf.routing import EdgeViewer, route_with_lines

    start = time.perf_counter()
    nodes = {name: Vertex(name) for name in given.sizes}
    for name, node in nodes.items():
        width, height = given.sizes[name]
        node.view = type("View", (), {"w": width, "h": height, "xy": (0.0, 0.0)})()
    edges = [Edge(nodes[upper], nodes[lower]) for upper, lower in given.joined]
    for edge in edges:
        edge.view = EdgeViewer()
    right = 0.0
    for part in Graph(list(nodes.values()), edges).C:
        layout = SugiyamaLayout(part)
        layout.xspace, layout.yspace, layout.route_edge = 32, 48, route_with_lines
        layout.init_all(roots=[node for node in part.sV if not node.e_in()])
        layout.draw()
        views = [node.view for node in part.sV]
        move = right - min(view.xy[0] - view.w / 2 for view in views)
        for view in views:
            view.xy = (view.xy[0] + move, view.xy[1])
        for edge in part.sE:
            edge.view._pts = [(x + move, y) for x, y in edge.view._pts]  # noqa: SLF001
        right = max(view.xy[0] + view.w / 2 for view in views) + 48
    centres = {name: node.view.xy for name, node in nodes.items()}
    ways = [list(edge.view._pts) for edge in edges]  # noqa: SLF001
    return Layout(centres, ways, time.perf_counter() - start)


def in_node(kind: str, folder: Path) -> Callable[[Task], Layout]:
    """Return what places by a program that runs in node."""

    def run(given: Task) -> Layout:
        done = subprocess.run(
            ["node", str(NODE), kind, str(folder)],  # noqa: S607
            input=json.dumps({"sizes": given.sizes, "joined": given.joined}),
            capture_output=True,
            check=True,
            text=True,
        )
        told: dict[str, Any] = json.loads(done.stdout)
        return Layout(told["centres"], told["ways"], told["seconds"])

    return run


def figures(given: Task, laid: Layout) -> str:
    """Return the crossings, lines through boxes, mean length, size and time of a layout."""
    corners = {
        name: (laid.centres[name][0] - width / 2, laid.centres[name][1] - height / 2)
        for name, (width, height) in given.sizes.items()
    }
    steps = [list(pairwise(way)) for way in laid.ways]
    crossings = sum(_cross(*a, *b) for one, two in combinations(steps, 2) for a in one for b in two)
    through = sum(
        any(_enters(step, corners[name], given.sizes[name]) for step in way)
        for pair, way in zip(given.joined, steps, strict=True)
        for name in given.sizes
        if name not in pair
    )
    length = sum(math.dist(*step) for way in steps for step in way) / len(steps)
    right = max(corners[name][0] + size[0] for name, size in given.sizes.items())
    bottom = max(corners[name][1] + size[1] for name, size in given.sizes.items())
    width, height = right - min(x for x, _ in corners.values()), bottom
    height -= min(y for _, y in corners.values())
    return (
        f"{crossings} | {through} | {length:.0f} | {width:.0f} × {height:.0f} | {laid.seconds:.3f}"
    )


def _cross(a: Point, b: Point, c: Point, d: Point) -> bool:
    def side(p: Point, q: Point, r: Point) -> float:
        return (q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0])

    return side(a, b, c) * side(a, b, d) < 0 and side(c, d, a) * side(c, d, b) < 0


def _enters(step: tuple[Point, Point], corner: Point, size: tuple[float, float]) -> bool:
    (x, y), (width, height) = corner, size
    for part in range(41):
        across = step[0][0] + (step[1][0] - step[0][0]) * part / 40
        down = step[0][1] + (step[1][1] - step[0][1]) * part / 40
        if x + 2 < across < x + width - 2 and y + 2 < down < y + height - 2:
            return True
    return False


def main() -> None:
    """Print a table for each map."""
    print(f"### Argument maps\n\n{machine()} Seconds, once each.")
    folder = Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else None
    ways: dict[str, Callable[[Task], Layout]] = {"graphlay": by_graphlay}
    if importlib.util.find_spec("grandalf"):
        ways["grandalf"] = by_grandalf
    if folder:
        ways |= {"elkjs": in_node("elk", folder), "Graphviz (viz-js)": in_node("dot", folder)}
    store = open_graph().store
    for name, frame in MAPS:
        found = read(store, BASE + name, frame)
        given = task(found)
        print(f"\n{len(found.cards)} cards, {len(given.sizes)} boxes, {len(given.joined)} lines\n")
        print(
            "| | crossings | through boxes | length | size | seconds |\n|---|---|---|---|---|---|"
        )
        for label, run in ways.items():
            print(f"| {label} | {figures(given, run(given))} |")
        start = time.perf_counter()
        drawing = place(found)
        taken = time.perf_counter() - start
        print(f"\npkgraph, parts in rows: {drawing.width} × {drawing.height}, {taken:.3f} s")


if __name__ == "__main__":
    main()
