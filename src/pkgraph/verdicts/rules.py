"""
Say of the shapes that findings go against what they ask for, and where to read of them.

A shape of others is known by what its findings say only.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from pkgraph.namespaces import PKS
from pkgraph.validation import shapes
from pkgraph.validation.report import SH
from pkgraph.verdicts.verdict import SYNTAX, rule

if TYPE_CHECKING:
    from pkgraph.validation import Finding

_SYNTAX: Final = "Whether a file is in the syntax that the ending of its name promises."


@dataclass(frozen=True, slots=True)
class Rule:
    """
    What a shape asks for.

    ``name`` is that of the shape for readers, ``help`` what to do if it is not satisfied, and
    ``address`` where to read of it, if anywhere.
    """

    id: str
    name: str
    description: str
    help: str
    address: str | None


def of(finding: Finding) -> Rule:
    """Return the rule that *finding* goes against."""
    if not finding.shape:
        return Rule(SYNTAX, SYNTAX, _SYNTAX, "Correct the text where the finding says.", None)
    description = _said(finding.shape, "description") or finding.wanted
    message = _said(finding.shape, "message") or finding.message
    name = _said(finding.shape, "name") or rule(finding)
    # The addresses of shapes of others may lead anywhere; they are not passed on as links.
    address = finding.shape if finding.shape.startswith(PKS) else None
    return Rule(rule(finding), name, description, message, address)


def _said(shape: str, property_: str) -> str:
    """Return what one of our shapes says of itself, or an empty text."""
    if not shape.startswith(PKS):
        return ""
    values = shapes.ours().values(ox.NamedNode(shape), SH + property_)
    return str(values[0].value) if values else ""
