"""The kinds in which a reader looks for things; each class of the ontology is of one."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final

from pkgraph.namespaces import PK, SKOS


@dataclass(frozen=True, slots=True)
class Kind:
    """
    A kind of things: its ``name`` in addresses, its ``label``, and the ``classes`` it is made of.

    Where it ``states`` something, the label of a thing is a sentence and no name, or a description.
    """

    name: str
    label: str
    classes: tuple[str, ...]
    states: bool = False


#: The kinds in the order in which they are listed; what is of several is of the first.
KINDS: Final = (
    Kind("debates", "Debates", ("Proposition", "Question"), states=True),
    Kind("people", "People", ("Person",)),
    Kind("works", "Works", ("Work",)),
    Kind(
        "ideas",
        "Ideas",
        (
            *("Approach", "Conception", "Concept", "Component", "OperationType"),
            *("Process", "Phase", "Order", "Norm", "Principle", "LegalRule", "StateMonopoly"),
            *("Instrument", "Motive", "School", "Objective", "MethodProblem"),
        ),
    ),
    Kind("claims", "Claims", ("Claim",), states=True),
    Kind("operations", "Operations", ("Operation",)),
    Kind("states", "States", ("State",)),
    Kind("actors", "Organisations and other actors", ("Actor",)),
    Kind("places", "Places and events", ("Place", "Event")),
    Kind("passages", "Passages", ("Passage",), states=True),
    Kind("other", "Other", (), states=True),
)
_BY_CLASS: Final = {PK + name: kind for kind in reversed(KINDS) for name in kind.classes}
_BY_CLASS[SKOS + "Concept"] = next(kind for kind in KINDS if kind.name == "other")


@cache
def kind_of(class_: str) -> Kind:
    """
    Return the kind of the things whose narrowest class is *class_*.

    >>> kind_of("https://w3id.org/pkgraph/ontology#Definition").name
    'claims'
    """
    from pkgraph import ontology  # what only opens an index does without it

    above = ontology.superclasses(class_)
    of = {_BY_CLASS[each].name for each in above if each in _BY_CLASS}
    return next((kind for kind in KINDS if kind.name in of), KINDS[-1])
