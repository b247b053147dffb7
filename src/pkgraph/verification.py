"""
Verify that the ontology and the graph keep what they promise.

Each thing is looked at by the tool that is made for it: the ontology says whether each term is
declared, a query whether each claim has a passage, the rules of :mod:`pkgraph.hygiene` whether the
graph as a whole is in order, the shapes whether the files are as they should be, and HermiT whether
all can be true together.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pkgraph import build, hygiene, ontology, reasoning, resources, search
from pkgraph.namespaces import compact

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

_WITHOUT_PASSAGE = f"""\
{search.PREFIXES}SELECT DISTINCT ?claim WHERE {{
  ?claim a pk:Claim .
  FILTER NOT EXISTS {{ ?claim pk:occursAt/pk:inPassage/pk:passageOf ?work }}
}} ORDER BY ?claim
"""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found of one *subject*; ``faults`` is empty if all is well."""

    subject: str
    faults: tuple[str, ...]

    @property
    def ok(self) -> bool:
        """Whether nothing is at fault."""
        return not self.faults


def verify(files: Sequence[Path] = ()) -> Iterator[Verdict]:
    """
    Yield a verdict on each thing that is looked at, as soon as it is known.

    Args:
        files: Files of Turtle to verify together with the ontology and the shipped graph.

    Raises:
        InputError: A file cannot be read or is not Turtle.
        JavaNotFoundError: There is no Java for HermiT to run on.
        EnvironmentFailure: HermiT stopped for a reason that is not in the logic.
    """
    data = [*resources.data_files("graph", ".ttl"), *files]
    store = build.load(data)
    undefined = [
        f"{compact(found.iri)} is not declared in the ontology, and is used in: {found.triple}"
        for found in ontology.undefined_terms(store.engine)
    ]
    yield Verdict("every term is declared", tuple(undefined))

    claims = search.texts(store.query(_WITHOUT_PASSAGE))
    lost = [f"{compact(row[0])} has no passage of a work" for row in claims]
    yield Verdict("every claim has its passage", tuple(lost))

    for promise, faults in hygiene.check(store):
        yield Verdict(promise, faults)

    from pkgraph import validation  # slow to import

    report = validation.check(data)
    yield Verdict("the graph conforms to the shapes", tuple(map(str, report.findings)))

    consistency = reasoning.check_consistency([*ontology.files(), *data])
    yield Verdict(
        "the ontology and the graph are consistent, and every class can have members",
        () if consistency.ok else (consistency.message,),
    )
