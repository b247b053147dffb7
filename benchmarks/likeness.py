"""
Compare a made-up literature with the encoded sources, and print the table that the docs show.

Shares say what part of claims, citations and links have a value; degrees say how many of one thing
another has: their mean, their median, the 90th percentile and the largest.
"""

from __future__ import annotations

import statistics
import sys
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from pkgraph import resources
from pkgraph.generation import generate
from pkgraph.generation.encoded import CLAIMS, TYPE
from pkgraph.namespaces import PK

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

CLAIMS_MADE: Final = 20_000
SEED: Final = 1
SHARES: Final = ("voice", "kind", "role", "signal", "relation", "basis")
#: What is counted for each of what: (of one, the property, read backwards or not).
DEGREES: Final = (
    ("citations that serve a claim", "claim", "attribution", False),
    ("claims that a citation serves", "citation", "attribution", True),
    ("things that a claim is about", "claim", "about", False),
    ("cases of a claim", "claim", "case", False),
    ("occurrences of a claim", "claim", "occursAt", False),
    ("links from a claim", "claim", "from", True),
    ("links to a claim", "claim", "to", True),
    ("propositions that a claim affirms", "claim", "affirms", False),
    ("propositions that a claim denies", "claim", "denies", False),
    ("occurrences and citations in a passage", "passage", "inPassage", True),
    ("passages of a source", "source", "passageOf", True),
)


class Statements:
    """The statements of some sources, and of the lists beside them."""

    def __init__(self, quads: Iterable[ox.Quad]) -> None:
        """Read them."""
        self.values: dict[str, list[tuple[str, str]]] = defaultdict(list)
        self.members: dict[str, set[str]] = defaultdict(set)
        for quad in quads:
            if isinstance(quad.object, ox.NamedNode) and isinstance(quad.subject, ox.NamedNode):
                self.values[quad.predicate.value].append((quad.subject.value, quad.object.value))
        for thing, class_ in self.values[TYPE]:
            kind = "claim" if class_ in CLAIMS else class_.removeprefix(PK).lower()
            self.members[{"attribution": "citation", "quotation": "passage"}.get(kind, kind)].add(
                thing
            )
        self.members["source"] = {work for _, work in self.values[PK + "passageOf"]}

    def share(self, name: str) -> dict[str, float]:
        """Return what part of the values of a property each value has, in per cent."""
        counted = Counter(value.rpartition("/")[2] for _, value in set(self.values[PK + name]))
        return {value: 100 * count / counted.total() for value, count in counted.items()}

    def degrees(self, of: str, name: str, *, backwards: bool) -> list[int]:
        """Return how many a property gives each thing of a kind."""
        pairs = set(self.values[PK + name])
        counted = Counter(pair[1] if backwards else pair[0] for pair in pairs)
        return [counted[thing] for thing in sorted(self.members[of])]


def shipped() -> Iterator[ox.Quad]:
    """Yield what the shipped graph says."""
    for path in resources.data_files("graph", ".ttl"):
        yield from ox.parse(path=path)


def made(claims: int) -> Iterator[ox.Quad]:
    """Yield what a made-up literature says."""
    for part in generate(claims, SEED):
        yield from ox.parse(part, format=ox.RdfFormat.N_QUADS)


def summary(degrees: list[int]) -> str:
    """Return the mean, the median, the 90th percentile and the largest of some degrees."""
    nine = statistics.quantiles(degrees, n=10, method="inclusive")[-1]
    return (
        f"{statistics.mean(degrees):.2f}; {statistics.median(degrees):g}, {nine:g}, {max(degrees)}"
    )


def main() -> None:
    """Print the tables."""
    claims = int(sys.argv[1]) if sys.argv[1:] else CLAIMS_MADE
    real, other = Statements(shipped()), Statements(made(claims))
    print("| share, % | value | encoded | made up |\n|---|---|---:|---:|")
    for name in SHARES:
        one, two = real.share(name), other.share(name)
        for value in sorted(one, key=lambda each: -one[each]):
            print(f"| {name} | {value} | {one[value]:.1f} | {two.get(value, 0):.1f} |")
    print(
        "\n| degree: mean; median, 90th percentile, largest | encoded | made up |\n|---|---:|---:|"
    )
    for label, of, name, backwards in DEGREES:
        both = (summary(each.degrees(of, name, backwards=backwards)) for each in (real, other))
        print(f"| {label} | {' | '.join(both)} |")
    for label, of, name in (
        ("citations of a cited work", "work", "holder"),
        ("claims about a concept", "concept", "about"),
        ("claims that affirm a proposition", "proposition", "affirms"),
        ("claims about an event", "event", "about"),
        ("claims about a process", "process", "about"),
    ):
        both = (
            summary([n for n in each.degrees(of, name, backwards=True) if n])
            for each in (real, other)
        )
        print(f"| {label}, where there are any | {' | '.join(both)} |")
    for label, kind in (("sources", "source"), ("claims", "claim")):
        counts = (f"{len(each.members[kind]):,}" for each in (real, other))
        print(f"| {label} | {' | '.join(counts)} |")


if __name__ == "__main__":
    main()
