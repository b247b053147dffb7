"""
Say what a check found: findings with their place, and the report as SHACL has it.

Source:
    SHACL, validation report: https://www.w3.org/TR/shacl/#validation-report
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from pkgraph.namespaces import compact
from pkgraph.validation import nodes

if TYPE_CHECKING:
    from collections.abc import Mapping

    import rdflib

Severity: TypeAlias = Literal["Violation", "Warning", "Info"]

SH: Final = "http://www.w3.org/ns/shacl#"

_SEVERITIES: Final[Mapping[str, Severity]] = MappingProxyType(
    {SH + "Violation": "Violation", SH + "Warning": "Warning", SH + "Info": "Info"}
)

#: The longest value that a finding prints whole, in characters.
_SHOWN: Final = 60
#: The longest name of a thing or a property that it prints whole.
_SHOWN_NAME: Final = 200

#: An IRI as N-Triples, and SPARQL in a property path, write it.
_IRI: Final = re.compile(r"<([^<>\s]*)>")


@dataclass(frozen=True, slots=True)
class Finding:
    """
    One thing that is wrong, and where.

    ``focus`` is the thing at fault, by IRI (or ``_:label``), ``path`` the property, by IRI (or a
    SPARQL property path), ``value`` the value, as N-Triples has it; the last two are None where
    the fault lies in no single one. ``shape`` is the IRI of the shape that says so, ``component``
    that of the kind of constraint. ``line`` and ``column`` count from 1 and are None where the
    data has no text; ``file`` is None where the text is in no file. ``cell`` names the cell of a
    table, as "claims!D7". ``own_severity`` is the IRI of a severity that is none of SHACL's three;
    such a finding counts as a violation.
    """

    severity: Severity
    focus: str
    path: str | None
    value: str | None
    message: str
    shape: str
    component: str
    file: str | None = None
    line: int | None = None
    column: int | None = None
    cell: str | None = None
    own_severity: str | None = None

    @property
    def wanted(self) -> str:
        """What should be so: the first sentence of the message."""
        return self.message.partition(". ")[0].removesuffix(".") + "."

    @property
    def mend(self) -> str:
        """What to do about it: the rest of the message."""
        return self.message.partition(". ")[2]

    @property
    def place(self) -> str:
        """File, line and column, as compilers print them, or cell; empty where there is none."""
        if self.cell is not None:
            return f"{self.file or 'table'}:{self.cell}"
        parts = [part for part in (self.file, self.line, self.column) if part is not None]
        return ":".join(map(str, parts))

    @property
    def statement(self) -> str:
        """The thing, property and value at fault, with prefixes; a long value is cut."""
        parts = [_cut(compact(self.focus), _SHOWN_NAME)]
        if self.path is not None:
            path = _IRI.sub(lambda found: compact(found[1]), compact(self.path))
            parts.append(_cut(path, _SHOWN_NAME))
        if self.value is not None and self.value not in {self.focus, f"<{self.focus}>"}:
            value = _IRI.sub(lambda found: compact(found[1]), self.value)
            parts.append(_cut(value, _SHOWN))
        return " ".join(parts)

    def __str__(self) -> str:
        """
        Return the finding on one line.

        >>> from pkgraph.namespaces import BASE, PK, PKS
        >>> print(Finding("Violation", BASE + "claim/x", PK + "voice", '"own"', "Wrong. Mend it.",
        ...               PKS + "Claim-voice", "", "claims.ttl", 12, 5))
        claims.ttl:12:5: Violation: claim:x pk:voice "own": Wrong. Mend it. (pks:Claim-voice)
        """
        lead = f"{self.place}: " if self.place else ""
        return f"{lead}{self.severity}: {self.statement}: {self.message} ({compact(self.shape)})"


def severity(iri: str) -> tuple[Severity, str | None]:
    """
    Return a severity of SHACL by its IRI, and the IRI of any other, which counts as a violation.

    Source:
        SHACL, severity: https://www.w3.org/TR/shacl/#severity

    >>> severity(SH + "Info"), severity("urn:x:Urgent")
    (('Info', None), ('Violation', 'urn:x:Urgent'))
    """
    known = _SEVERITIES.get(iri)
    return ("Violation", iri) if known is None else (known, None)


def unworded(component: str) -> str:
    """Return a message for a shape that has none: a validator need not make one."""
    return f"The shape has no message; sh:{component.removeprefix(SH)} is not satisfied."


@dataclass(frozen=True, slots=True)
class Report:
    """
    What a check found: nothing if ``conforms``.

    The findings stand in the order of their files, lines and columns.
    """

    conforms: bool
    findings: tuple[Finding, ...]

    @nodes.quiet()
    def graph(self) -> rdflib.Graph:
        """Return the findings as a validation report of SHACL, for other tools."""
        import rdflib
        from rdflib.extras.shacl import build_shacl_path
        from rdflib.namespace import SH as sh  # noqa: N811  # a namespace, by its prefix

        graph = rdflib.Graph()
        graph.bind("sh", sh)
        report = rdflib.BNode()
        graph.add((report, rdflib.RDF.type, sh.ValidationReport))
        graph.add((report, sh.conforms, rdflib.Literal(self.conforms)))
        for finding in self.findings:
            result = rdflib.BNode()
            graph.add((report, sh.result, result))
            graph.add((result, rdflib.RDF.type, sh.ValidationResult))
            graph.add((result, sh.focusNode, nodes.to_rdflib(nodes.parse(finding.focus))))
            severity = rdflib.URIRef(finding.own_severity or SH + finding.severity)
            graph.add((result, sh.resultSeverity, severity))
            message = rdflib.Literal(finding.message, lang="en")
            graph.add((result, sh.resultMessage, message))
            graph.add((result, sh.sourceShape, nodes.to_rdflib(nodes.parse(finding.shape))))
            component = rdflib.URIRef(finding.component)
            graph.add((result, sh.sourceConstraintComponent, component))
            if finding.path is not None:
                path, _ = build_shacl_path(nodes.parse_path(finding.path), graph)
                graph.add((result, sh.resultPath, path))
            if finding.value is not None:
                graph.add((result, sh.value, nodes.to_rdflib(nodes.parse(finding.value))))
        return graph


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"
