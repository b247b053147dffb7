"""
Write a drawing as SVG: every card is a link, every link of the graph a line with a word.

Relations differ by the pattern of their lines, by their heads and by their words; colour only adds
to it. Colours and patterns are classes, which a style sheet gives their looks. Nothing in the file
runs. In a page the picture stands beside :mod:`pkgraph.argumentation.outline`, which says the same
as a list; so what is not a link is hidden from those who hear the page.

Source:
    SVG 2, accessibility and links: https://www.w3.org/TR/SVG2/access.html
    Characters of XML 1.0: https://www.w3.org/TR/xml/#charsets
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, Protocol
from xml.sax.saxutils import escape, quoteattr

from pkgraph import search
from pkgraph.argumentation import boxes
from pkgraph.argumentation.boxes import BODY, PADDING, SMALL, WORD_HEIGHT
from pkgraph.argumentation.model import RELATIONS
from pkgraph.argumentation.outline import drawn

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pkgraph.argumentation.model import Card
    from pkgraph.argumentation.placing import Drawing, Label, Line, Placed, Point

#: The heads of lines, in a square of ten by ten that the line enters from the right.
_HEADS: Final = {
    "attacks": ("line", "M1,1 9,9 M9,1 1,9"),
    "denies": ("line", "M1,0 1,10 M5,0 5,10"),
    "finds no effect for": ("line", "M1,0 1,10"),
    "supports": ("full", "M0,5 10,0 10,10Z"),
    "affirms": ("hollow", "M0,5 10,0 10,10Z"),
    "qualifies": ("full", "M0,5 5,1 10,5 5,9Z"),
    "narrows": ("hollow", "M0,5 5,1 10,5 5,9Z"),
    "exemplifies": ("hollow", "M0,5 A4.5,4.5 0 0 1 9,5 A4.5,4.5 0 0 1 0,5Z"),
    "elaborates": ("line", "M8,0 0,5 8,10"),
    "expresses": ("hollow", "M0,1 8,1 8,9 0,9Z"),
    "answers": ("full", "M0,5 A4,4 0 0 1 8,5 A4,4 0 0 1 0,5Z"),
}
#: How round the corners of lines are.
_RADIUS: Final = 7.0
#: What takes a finger to hit: https://www.w3.org/TR/WCAG22/#target-size-minimum
_TARGET: Final = 24
#: How high the line under a picture is that says how to cite it.
FOOT: Final = 30
_NO_XML: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Addresses(Protocol):
    """Where the links of a picture lead."""

    def thing(self, iri: str) -> str | None:
        """Return the address of what the graph says of a thing, if there is one."""
        ...

    def opened(self, iri: str, *, both: bool = False) -> str | None:
        """Return the address of the map that opens at a card, and goes *both* ways from it."""
        ...

    def folded(self, iri: str) -> str | None:
        """Return the address of this map in which a card is folded, or no more if it is."""
        ...


def write(drawing: Drawing, addresses: Addresses, style: str = "", citation: str = "") -> str:
    """
    Return *drawing* as an SVG element.

    Args:
        drawing: What is drawn.
        addresses: Where its links lead.
        style: The style sheet to put inside; left out, the page that it stands in has one.
        citation: How to cite it, which is written under the picture.
    """
    return "".join(_pieces(drawing, addresses, style, citation))


def legend(relation: str) -> str:
    """Return a small picture of how links of *relation* are drawn."""
    name = _class(relation)
    return (
        '<svg class="argument-map key" width="64" height="16" viewBox="0 0 64 16" '
        'aria-hidden="true" xmlns="http://www.w3.org/2000/svg">'
        f"<defs>{_marker(relation, 'key-')}</defs>"
        f'<g class="link {name}"><path d="M4,8 62,8" marker-start="url(#key-{name})"/></g></svg>'
    )


def summary(drawing: Drawing) -> str:
    """Return what is on the map, in a sentence."""
    found = drawing.map
    claims = sum(card.is_claim for card in found.cards)
    text = f"{_number(claims, 'claim')} and {_number(len(found.links), 'link')}"
    if found.cut:
        text += f"; {found.cut:,} links to what is not on the map are told on its cards"
    return text + "."


def _pieces(drawing: Drawing, addresses: Addresses, style: str, citation: str) -> Iterator[str]:
    height = drawing.height + (FOOT if citation else 0)
    yield (
        f'<svg class="argument-map" xmlns="http://www.w3.org/2000/svg" width="{drawing.width:g}" '
        f'height="{height:g}" viewBox="0 0 {drawing.width:g} {height:g}" role="group" '
        'aria-labelledby="map-title" aria-describedby="map-desc">\n'
        f'<title id="map-title">Argument map of {_text(drawing.map.about.label)}</title>\n'
        f'<desc id="map-desc">{_text(summary(drawing))}</desc>\n'
    )
    if style:
        yield f"<style>{_text(style)}</style>\n"
    if citation:
        yield f"<metadata>{_text(citation)}</metadata>\n"
        yield f'<rect class="ground" width="{drawing.width:g}" height="{height:g}"/>\n'
    used = {line.link.relation for line in drawing.lines}
    yield f"<defs>{''.join(_marker(each, 'head-') for each in RELATIONS if each in used)}</defs>\n"
    yield '<g class="lines" aria-hidden="true">\n'
    numbers = {card.iri: number for number, card in enumerate(drawing.map.cards, 1)}
    for line in drawing.lines:
        yield _line(line, numbers)
    yield from map(_word, drawing.labels)
    yield "</g>\n"
    bearing = {link.target for link in drawing.map.links}
    for card in drawing.cards:
        iri = card.face.card.iri
        yield from _card(card, addresses, numbers[iri], foldable=iri in bearing)
    if citation:
        yield (f'<text class="small quiet" x="24" y="{height - 12:g}">{_text(citation)}</text>\n')
    yield "</svg>\n"


def _marker(relation: str, prefix: str) -> str:
    kind, path = _HEADS[relation]
    name = _class(relation)
    return (
        f'<marker id="{prefix}{name}" class="head {name} {kind}" viewBox="-1 -1 12 12" refX="0" '
        'refY="5" markerWidth="12" markerHeight="12" markerUnits="userSpaceOnUse" orient="auto">'
        f'<path d="{path}"/></marker>'
    )


def _line(line: Line, numbers: dict[str, int]) -> str:
    link, name = line.link, _class(line.link.relation)
    inferred = " inferred" if link.inferred else ""
    return (
        f'<g class="link {name}{inferred}" data-from="{numbers[link.source]}" '
        f'data-to="{numbers[link.target]}">'
        f'<path d="{_path(line.points)}" marker-start="url(#head-{name})"/></g>\n'
    )


def _word(label: Label) -> str:
    word = label.word
    middle, base = label.x + word.width / 2, label.y + WORD_HEIGHT - 6
    told = "; ".join(dict.fromkeys(map(drawn, word.links)))
    return (
        f'<g class="word {_class(word.links[0].relation)}"><title>{_text(told)}</title>'
        f'<rect x="{label.x:.1f}" y="{label.y:.1f}" width="{word.width:.1f}" '
        f'height="{WORD_HEIGHT}" rx="4"/>'
        f'<text x="{middle:.1f}" y="{base:.1f}" text-anchor="middle">{_text(word.text)}</text>'
        "</g>\n"
    )


def _card(placed: Placed, addresses: Addresses, number: int, *, foldable: bool) -> Iterator[str]:
    """Yield the elements of a card: its face, which is a link, and what else can be done there."""
    face, card = placed.face, placed.face.card
    classes = " ".join(
        (
            "card",
            card.voice or "thing",
            *(["root"] if card.root else []),
            *(["folded"] if card.folded else []),
        )
    )
    x, y = placed.x, placed.y
    start = ' id="start"' if card.root else ""
    yield f'<g class="{classes}"{start} data-card="{number}">'
    yield (
        f'<rect class="face" x="{x:.1f}" y="{y:.1f}" width="{face.width}" height="{face.height}" '
        f'rx="{4 if card.is_claim else 14}"/>'
    )
    at = y + PADDING
    yield _text_of(face.head, x, at, "small kind", SMALL)
    at += len(face.head) * SMALL[1] + 4
    body = _text_of(face.body, x, at, "body", BODY, language=search.language_of(card.label))
    yield from _linked(addresses.thing(card.iri), None, body)
    at += len(face.body) * BODY[1] + 4
    for part, name in ((face.holders, "small holders"), (face.place, "small quiet")):
        yield _text_of(part, x, at, name, SMALL)
        at += len(part) * SMALL[1]
    below = addresses.folded(card.iri) if card.folded else addresses.opened(card.iri)
    yield from _more(face.below, below, x, at)
    at += boxes.more_height(face.below)
    yield from _more(face.above, addresses.opened(card.iri, both=True), x, at)
    if foldable or card.folded:
        yield from _fold(card, addresses, x + face.width, y)
    yield "</g>\n"


def _more(rows: Sequence[str], target: str | None, x: float, y: float) -> Iterator[str]:
    """Yield what leads on from a card to what the map leaves out."""
    if rows:
        area = (
            f'<rect class="target" x="{x + 2:.1f}" y="{y:.1f}" width="{boxes.WIDTH - 4}" '
            f'height="{boxes.more_height(rows)}" rx="4"/>'
        )
        text = _text_of(rows, x, y + boxes.MORE / 2, "small more", SMALL)
        yield from _linked(target, None, area + text)


def _fold(card: Card, addresses: Addresses, right: float, y: float) -> Iterator[str]:
    """Yield the button of a card that hides or shows what bears on it."""
    left, top = right - _TARGET - 2, y + 2
    middle = (left + _TARGET / 2, top + _TARGET / 2)
    bars = f"M{middle[0] - 5:.1f},{middle[1]:.1f}h10"
    if card.folded:
        bars += f"M{middle[0]:.1f},{middle[1] - 5:.1f}v10"
    yield from _linked(
        addresses.folded(card.iri),
        f"{'Show' if card.folded else 'Hide'} what bears on: {card.label}",
        f'<rect class="target" x="{left:.1f}" y="{top:.1f}" width="{_TARGET}" '
        f'height="{_TARGET}" rx="4"/><path class="fold" d="{bars}"/>',
        "fold",
    )


def _linked(target: str | None, name: str | None, inner: str, kind: str = "") -> Iterator[str]:
    """Yield *inner* as a link to *target*, if there is one; its text is its *name* unless given."""
    if target is None:
        yield inner
        return
    class_ = f' class="{kind}"' if kind else ""
    label = f" aria-label={_attribute(name)}" if name else ""
    yield f"<a{class_} href={_attribute(target)}{label}>{inner}</a>"


def _text_of(  # noqa: PLR0913 - what is written, where, and how
    rows: Sequence[str],
    x: float,
    y: float,
    name: str,
    font: tuple[float, int],
    *,
    language: str = "",
) -> str:
    """Return *rows* one under the other, as one text in a *language*, English if none is given."""
    size, step = font
    if not rows:
        return ""
    left = f"{x + PADDING:.1f}"
    inner = f'</tspan><tspan x="{left}" dy="{step}">'.join(
        _text(row) + (" " if number < len(rows) else "") for number, row in enumerate(rows, 1)
    )
    told = f" xml:lang={_attribute(language)}" if language else ""
    return f'<text class="{name}"{told} x="{left}" y="{y + size:.1f}"><tspan>{inner}</tspan></text>'


def _path(points: Sequence[Point]) -> str:
    """Return a line through *points* with round corners, as the data of a path."""
    steps = [f"M{points[0][0]:g},{points[0][1]:g}"]
    for before, here, after in zip(points, points[1:], points[2:], strict=False):
        start, end = _near(here, before), _near(here, after)
        steps.append(f"L{start[0]:g},{start[1]:g}Q{here[0]:g},{here[1]:g} {end[0]:g},{end[1]:g}")
    steps.append(f"L{points[-1][0]:g},{points[-1][1]:g}")
    return "".join(steps)


def _near(corner: Point, other: Point) -> Point:
    """Return the point near *corner* where its rounding ends, on the way to *other*."""
    along = (other[0] - corner[0], other[1] - corner[1])
    far = max(abs(along[0]), abs(along[1])) or 1.0
    part = min(_RADIUS, far / 2) / far
    return round(corner[0] + along[0] * part, 1), round(corner[1] + along[1] * part, 1)


def _class(relation: str) -> str:
    return relation.replace(" ", "-")


def _number(number: int, name: str) -> str:
    return f"{number:,} {name}{'' if number == 1 else 's'}"


def _text(text: str) -> str:
    return escape(_NO_XML.sub("�", text))


def _attribute(text: str) -> str:
    return quoteattr(_NO_XML.sub("�", text))
