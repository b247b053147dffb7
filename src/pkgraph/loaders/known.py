"""The engines that there are files for, and what each wants of the data."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Engine:
    """
    What a bulk loader wants.

    ``part`` is how many statements a file has at most: loaders take files side by side, so there
    should be several for each core, but not thousands. ``packed`` files are in gzip. An engine that
    ``is_given_the_union`` has no default graph that is the union of the others, as a set, whatever
    its settings; it is loaded with one.
    """

    name: str
    part: int
    packed: bool = True
    is_given_the_union: bool = False


#: By the name that is given to ``--for``.
ENGINES: Final[Mapping[str, Engine]] = MappingProxyType(
    {
        engine.name: engine
        for engine in (
            Engine("allegrograph", 5_000_000),
            Engine("fuseki", 10_000_000),
            Engine("graphdb", 10_000_000),
            Engine("neptune", 5_000_000),
            Engine("oxigraph", 5_000_000, packed=False, is_given_the_union=True),
            Engine("qlever", 10_000_000),
            Engine("stardog", 5_000_000),
            Engine("virtuoso", 1_000_000),
        )
    }
)
