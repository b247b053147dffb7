"""
Place the boxes of a map: what bears on a thing stands under it.

Each part of a map that hangs together is laid out in layers by graphlay, the only module that
knows it; the parts are then set in rows. Nothing is random, so the same map looks the same.

Source:
    Sugiyama, Tagawa, Toda, Methods for Visual Understanding of Hierarchical System Structures,
    IEEE Transactions on Systems, Man, and Cybernetics 11 (1981):
    https://doi.org/10.1109/TSMC.1981.4308636
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pkgraph.argumentation.boxes import GAP, GUTTER, WIDTH, WORD_GAP, WORD_HEIGHT, Box, boxes

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pkgraph.argumentation.boxes import Face, Word
    from pkgraph.argumentation.model import ArgumentMap, Link

Point = tuple[float, float]

#: Around the map, and between the parts that do not hang together.
MARGIN: Final = 24
_APART: Final = 48
#: How wide a row of parts is at least, if there is more than one part.
_ROW: Final = 6 * (WIDTH + _APART)
#: How graphlay is asked: lines bend at right angles, and leave below and arrive above.
OPTIONS: Final = {
    "direction": "topbottom",
    "routing": {"style": "orthogonal", "port_sides": "facing_only"},
    "spacing": {"layer_gap": 48.0, "node_gap": 32.0, "dummy_gap": 22.0},
}


@dataclass(frozen=True, slots=True)
class Placed:
    """A card at a place: its left upper corner."""

    face: Face
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Label:
    """The word of links at a place: its left upper corner."""

    word: Word
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Line:
    """The way of a link, from the thing that it bears on to the card that makes it."""

    link: Link
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Drawing:
    """A map with a place for all that is on it."""

    map: ArgumentMap
    width: float
    height: float
    cards: tuple[Placed, ...]
    labels: tuple[Label, ...]
    lines: tuple[Line, ...]


def place(found: ArgumentMap) -> Drawing:
    """Return the drawing of a map."""
    made = boxes(found)
    home = {face.card.iri: box.name for box in made for face in box.faces}
    parts = [_Part(part, home) for part in _parts(made, home)]
    cards: list[Placed] = []
    labels: list[Label] = []
    lines: list[Line] = []
    x = y = float(MARGIN)
    row_height = width = 0.0
    room = max([_ROW, *(part.width for part in parts)])
    for part in parts:
        if x > MARGIN and x + part.width > MARGIN + room:
            x, y, row_height = float(MARGIN), y + row_height + _APART, 0.0
        part.draw(x, y, cards, labels, lines)
        width = max(width, x + part.width)
        x += part.width + _APART
        row_height = max(row_height, part.height)
    return Drawing(
        map=found,
        width=round(width + MARGIN),
        height=round(y + row_height + MARGIN),
        cards=tuple(cards),
        labels=tuple(labels),
        lines=tuple(sorted(lines, key=lambda line: line.link.order)),
    )


class _Part:
    """Boxes that hang together, laid out from a corner of their own."""

    def __init__(self, made: Sequence[Box], home: dict[str, str]) -> None:
        self._boxes = made
        self._corners: dict[str, Point] = {}
        self._ways: dict[tuple[str, Word], list[Point]] = {}
        if len(made) == 1:
            self._corners[made[0].name] = (0.0, 0.0)
            self.width, self.height = made[0].width, float(made[0].height)
        else:
            self._lay_out(home)

    def _lay_out(self, home: dict[str, str]) -> None:
        import graphlay  # nobody but who asks for a map waits for it

        graph = graphlay.Graph()
        for box in self._boxes:
            graph.node(box.name, width=box.width, height=box.height)
        joined = [
            (box.name, word)
            for box in self._boxes
            for word in box.words
            if home[word.target] != box.name
        ]
        for name, word in joined:
            graph.edge(home[word.target], name)
        laid = graphlay.layout(graph, preset="layered", options=OPTIONS)
        corners = _raised(self._boxes, laid.positions())
        ways = [[(point["x"], point["y"]) for point in edge["points"]] for edge in laid.edges]
        bottoms = {box.name: corners[box.name][1] + box.height for box in self._boxes}
        for (name, word), way in zip(joined, ways, strict=True):
            way[0] = (way[0][0], bottoms[home[word.target]])
            way[-1] = (way[-1][0], corners[name][1])
        xs = [x for way in ways for x, _ in way] + [x for x, _ in corners.values()]
        ys = [y for way in ways for _, y in way] + [y for _, y in corners.values()]
        left, top = min(xs), min(ys)
        self._corners = {name: (x - left, y - top) for name, (x, y) in corners.items()}
        for key, way in zip(joined, ways, strict=True):
            self._ways[key] = [(x - left, y - top) for x, y in way]
        right = [corners[box.name][0] + box.width for box in self._boxes]
        bottom = [corners[box.name][1] + box.height for box in self._boxes]
        self.width = max([*right, *xs]) - left
        self.height = max([*bottom, *ys]) - top

    def draw(
        self, x: float, y: float, cards: list[Placed], labels: list[Label], lines: list[Line]
    ) -> None:
        """Add what this part has to the lists, from the corner *x*, *y* on."""
        for box in self._boxes:
            left, top = self._corners[box.name]
            left, top = left + x, top + y
            first = left + box.left + (box.width - box.left - box.faces[0].width) / 2
            here = [Placed(face, first, at) for face, at in _down(box, top)]
            cards += here
            for word, middle in self._middles(box, left, x):
                labels.append(Label(word, middle - word.width / 2, top + WORD_GAP))
                way = [(a + x, b + y) for a, b in self._ways.get((box.name, word), [])]
                lines += _lines(box, word, (middle, top), way, here)

    def _middles(self, box: Box, left: float, x: float) -> Iterator[tuple[Word, float]]:
        """Yield the words of *box*, each with where its middle is: under the end of its line."""
        ends = []
        for number, word in enumerate(box.words):
            way = self._ways.get((box.name, word))
            ends.append((way[-1][0] + x if way else left + box.width, number, word))
        ends.sort(key=lambda end: end[:2])
        room = [word.width + WORD_GAP for _, _, word in ends]
        at = left + WORD_GAP / 2
        for place_, (end, _, word) in enumerate(ends):
            latest = left + box.width - sum(room[place_:]) + WORD_GAP / 2
            at = min(max(at, end - word.width / 2), max(latest, at))
            yield word, at + word.width / 2
            at += room[place_]


def _raised(made: Sequence[Box], centres: dict[str, Point]) -> dict[str, Point]:
    """
    Return the corners of boxes of which the centres of each layer are level: their tops are level.

    The lines to a box come from above it, and those from it have room below it, so that both stay
    straight.
    """
    tops: dict[int, float] = {}
    for box in made:
        layer = round(centres[box.name][1])
        top = centres[box.name][1] - box.height / 2
        tops[layer] = min(tops.get(layer, top), top)
    return {
        box.name: (centres[box.name][0] - box.width / 2, tops[round(centres[box.name][1])])
        for box in made
    }


def _down(box: Box, top: float) -> Iterator[tuple[Face, float]]:
    """Yield the cards of *box* and where each begins."""
    at = top + box.top
    for face in box.faces:
        yield face, at
        at += face.height + GAP


def _lines(
    box: Box, word: Word, end: Point, way: list[Point], cards: Sequence[Placed]
) -> Iterator[Line]:
    """Yield the lines of the links of *word*, which go to *end* by their way and on to *cards*."""
    middle, top = end
    turn = top + WORD_GAP + WORD_HEIGHT + WORD_GAP / 2
    by_name = {card.face.card.iri: card for card in cards}
    for link in word.links:
        card = by_name[link.source]
        if link.target == link.source:
            yield Line(link, _loop(card, middle, top))
        elif len(box.faces) == 1:
            yield Line(link, _tidy([*way, (middle, top + WORD_GAP), (middle, card.y)]))
        else:
            bus, enter = card.x - GUTTER / 2, card.y + card.face.height / 2
            yield Line(
                link,
                _tidy(
                    [
                        *way,
                        (middle, top + WORD_GAP),
                        (middle, turn),
                        (bus, turn),
                        (bus, enter),
                        (card.x, enter),
                    ]
                ),
            )


def _loop(card: Placed, middle: float, top: float) -> tuple[Point, ...]:
    """Return the way of a link from a card to itself."""
    right = card.x + card.face.width
    side = card.y + card.face.height / 2
    return ((right, side), (right + 12, side), (right + 12, top), (middle, top), (middle, card.y))


def _tidy(points: list[Point]) -> tuple[Point, ...]:
    """Return *points* to a tenth, each once."""
    return tuple(dict.fromkeys((round(x, 1), round(y, 1)) for x, y in points))


def _parts(made: Sequence[Box], home: dict[str, str]) -> list[list[Box]]:
    """Return the boxes that hang together, the parts in the order of their first boxes."""
    part = {box.name: box.name for box in made}

    def of(name: str) -> str:
        while part[name] != name:
            part[name] = part[part[name]]
            name = part[name]
        return name

    for box in made:
        for word in box.words:
            part[of(box.name)] = of(home[word.target])
    found: dict[str, list[Box]] = {}
    for box in made:
        found.setdefault(of(box.name), []).append(box)
    return list(found.values())
