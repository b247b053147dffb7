"""Make up the lists that sources share, each thing after one of the real lists."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from pkgraph.generation import wording
from pkgraph.generation.encoded import ANALYSTS, iris
from pkgraph.generation.pools import pools
from pkgraph.namespaces import GRAPH

if TYPE_CHECKING:
    import random
    from collections.abc import Iterable, Iterator

    from pkgraph.generation.encoded import Encoded

_LISTS: Final = GRAPH + "made-up/"


class Lists:
    """
    The lists of a literature.

    They repeat the real ones, round after round, each up to the size of its pool: what a thing
    points at is of the same round, so that an operation keeps its host and its successor.
    """

    def __init__(self, encoded: Encoded, claims: int, dice: random.Random) -> None:
        """Size the lists for so many *claims*."""
        self._encoded = encoded
        self._dice = dice
        self._pools = pools(encoded, claims)
        #: Where each model stands in its pool.
        self._places = {
            model: place for pool in self._pools.values() for place, model in enumerate(pool.models)
        }

    def __contains__(self, thing: str) -> bool:
        """Tell whether *thing* is a model of something made up."""
        return thing in self._places

    def statements(self) -> Iterator[str]:
        """Yield all that the lists say, as N-Quads."""
        for graph, triples in self._encoded.graphs.items():
            name = f"list of {graph.removeprefix(GRAPH)}"
            yield from self._thing(_renamed(graph), ((graph, t) for t in triples), name, 0, "")
        for graph, triple in self._encoded.shared[ANALYSTS]:
            yield f"{triple} <{_renamed(graph)}> .\n"
        for pool in self._pools.values():
            words = [wording.spoken_words(self._encoded.label(model)) for model in pool.models]
            for member in range(pool.size):
                round_, place = divmod(member, len(pool.models))
                yield from self._thing(
                    pool.iri(member),
                    self._encoded.shared[pool.models[place]],
                    f"{pool.words} {member + 1}",
                    round_,
                    wording.sentence(self._dice, words[place]),
                )

    def drawn(self, models: Iterable[str]) -> Iterator[tuple[str, str]]:
        """Yield each of *models* with the slug of what is drawn for it; no two get the same."""
        taken: dict[str, set[int]] = {}
        for model in models:
            pool = self._pools[self._encoded.classes[model]]
            member = pool.draw(self._dice, taken.setdefault(pool.class_, set()))
            taken[pool.class_].add(member)
            yield model, pool.slug(member)

    def _thing(
        self, iri: str, model: Iterable[tuple[str, ox.Triple]], name: str, round_: int, said: str
    ) -> Iterator[str]:
        """Yield the statements of what is called *name* and made after *model*."""
        for ordinal, (graph, triple) in enumerate(model):
            if triple.predicate.value in wording.OUTWARD:
                continue
            if isinstance(triple.object, ox.Literal):
                object_ = wording.literal(triple, name, ordinal, said)
            else:
                object_ = f"<{self._member(iris([triple])[0], round_)}>"
            yield f"<{iri}> {triple.predicate} {object_} <{_renamed(graph)}> .\n"

    def _member(self, thing: str, round_: int) -> str:
        """Return what *thing* is called in a round of the lists; no model is called as it is."""
        if thing not in self:
            return thing
        pool = self._pools[self._encoded.classes[thing]]
        return pool.iri((round_ * len(pool.models) + self._places[thing]) % pool.size)


def _renamed(graph: str) -> str:
    return _LISTS + graph.removeprefix(GRAPH)
