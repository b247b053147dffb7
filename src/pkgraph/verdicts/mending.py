"""
Find out which findings can be mended mechanically, and how.

That is: a misspelt term, or the text of a value where the value itself is meant; an address that is
not described and is most like one that is; a literal that lacks ``@en``, or that is written in the
form of another kind of value; white space at the ends of a name; an address with capitals.

A fix is safe where only one correction can be meant. A list of terms is closed, so a slip of two
letters can mean only one of them. Addresses are not: ``work:kaldor-1998`` may well be another work
than ``work:kaldor-1999``, so there only case and hyphens may differ. Whether a fix makes the
findings fewer is for :mod:`pkgraph.verdicts.fixing` to see.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from pkgraph import ontology
from pkgraph.namespaces import BASE, PK, PKS, RDFS, SKOS, compact
from pkgraph.validation import nodes
from pkgraph.validation.beyond import TERMS
from pkgraph.validation.hints import CLASS
from pkgraph.validation.report import SH
from pkgraph.validation.sources import shipped
from pkgraph.verdicts import writing
from pkgraph.verdicts.fix import Edit, Fix
from pkgraph.verdicts.spelling import folded, is_sure, nearest
from pkgraph.verdicts.verdict import MOST_MENDED

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from pkgraph.intake import Source
    from pkgraph.turtle.tokens import Token
    from pkgraph.validation import Finding
    from pkgraph.verdicts.text import Text

#: The properties of others that the shapes know.
_OTHERS: Final = (RDFS + "label", *(f"{SKOS}{n}" for n in ("altLabel", "editorialNote")))
#: How many addresses are compared with those that nobody describes. So many take 1 s.
_MOST_COMPARED: Final = 500_000
_TURTLE: Final = frozenset({"", ".ttl", ".nt"})
_SLUG: Final = re.compile(re.escape(BASE) + r"((?:[a-z-]+/)+)([A-Za-z0-9_-]+)")


def fixes(
    findings: Iterable[Finding], texts: Mapping[str | None, Text], sources: Sequence[Source]
) -> dict[Finding, Fix]:
    """
    Return what mends *findings*, for those of our shapes that can be mended mechanically.

    Of many, the first :data:`MOST_MENDED` are looked at: to look for what is nearest takes its
    time, and whoever has that many does well to mend some and check again.

    Args:
        findings: What was found.
        texts: The texts of the files that they stand in.
        sources: What was checked.
    """
    bench = _Bench(texts, sources)
    found = {}
    for finding in islice(findings, MOST_MENDED):
        text = texts.get(finding.file)
        turtle = Path(finding.file or "").suffix.lower() in _TURTLE
        if text is not None and turtle and finding.shape.startswith(PKS):
            fix = bench.fix(finding, text)
            if fix is not None:
                found[finding] = fix
    return found


class _Bench:
    """What is needed to mend the findings of one check."""

    def __init__(self, texts: Mapping[str | None, Text], sources: Sequence[Source]) -> None:
        self._texts = texts
        subjects = {nodes.name(t.subject) for source in sources for t in source.triples}
        self._described = subjects.union(map(nodes.name, shipped()))
        self._compared = 0

    def fix(self, finding: Finding, text: Text) -> Fix | None:
        """Return what mends *finding*, which stands in *text*."""
        kind = finding.component.removeprefix(SH).removesuffix("ConstraintComponent")
        value = None if finding.value is None else nodes.parse(finding.value)
        if kind == "Pattern" and finding.path is None:
            return self._slug(finding)
        if kind == "Closed" and finding.path is not None:
            return _property(finding, text, finding.path)
        if isinstance(value, ox.Literal):
            return _literal(finding, text, value, kind)
        return self._iri(finding, text, value.value, kind) if value is not None else None

    def _iri(self, finding: Finding, text: Text, iri: str, kind: str) -> Fix | None:
        """Mend an IRI that stands as a value, or as what nobody declared."""
        fix = None
        if finding.shape == TERMS and iri == finding.path:
            fix = _property(finding, text, iri)
        elif finding.shape == TERMS:
            fix = _misspelt(
                finding, text, iri, _declared("class" if iri.startswith(PK) else "value")
            )
        elif finding.shape == CLASS:
            fix = _misspelt(finding, text, iri, _declared("class"))
        elif kind == "In":
            fix = _misspelt(finding, text, iri, _values(finding.path))
        elif kind in {"Class", "Node"}:
            fix = self._dangling(finding, text, iri)
        return fix

    def _dangling(self, finding: Finding, text: Text, iri: str) -> Fix | None:
        """Mend an address that nobody describes: it may be most like one that somebody does."""
        if not iri.startswith(BASE) or iri in self._described:
            return None
        known = self._neighbours.get(_space(iri), [])
        self._compared += len(known)
        if self._compared > _MOST_COMPARED:
            return None
        same = self._folded.get((_space(iri), folded(iri)), [])
        token = text.find(finding.focus, finding.path, ox.NamedNode(iri))
        if len(same) == 1:
            fix = _replaced(finding, token, text, iri, same)
            return fix and replace(fix, safe=True)
        fix = _replaced(finding, token, text, iri, nearest(iri, known, digits=False))
        return fix and replace(fix, safe=False)

    @cached_property
    def _neighbours(self) -> Mapping[str, list[str]]:
        """What is described, by the address without its last part."""
        found: dict[str, list[str]] = {}
        for iri in self._described:
            found.setdefault(_space(iri), []).append(iri)
        return found

    @cached_property
    def _folded(self) -> Mapping[tuple[str, str], list[str]]:
        """What is described, by the address without its last part and that part without joints."""
        found: dict[tuple[str, str], list[str]] = {}
        for iri in self._described:
            found.setdefault((_space(iri), folded(iri)), []).append(iri)
        return found

    def _slug(self, finding: Finding) -> Fix | None:
        """Mend an address with capitals or underscores, wherever the texts have it."""
        found = _SLUG.fullmatch(finding.focus)
        if not found:
            return None
        slug = re.sub(r"[-_]+", "-", found[2].lower()).strip("-")
        iri = f"{BASE}{found[1]}{slug}"
        if not slug or iri in self._described:
            return None
        edits = [
            Edit(file, token.start, token.start + len(token.text), writing.iri(iri, text))
            for file, text in self._texts.items()
            for token in text.naming(finding.focus)
        ]
        if not edits:
            return None
        edits.sort(key=lambda each: (each.file != finding.file, each.file or "", each.start))
        old, new = compact(finding.focus), compact(iri)
        renamed = (finding.focus, iri)
        return Fix(tuple(edits), f"{new} for {old}", safe=True, renamed=renamed)


def _property(finding: Finding, text: Text, iri: str) -> Fix | None:
    """Mend the name of a property that is not declared."""
    properties = [*_declared("object property", "datatype property"), *_OTHERS]
    if iri in properties:
        return None
    candidates = nearest(iri, _beside(iri, properties))
    return _replaced(finding, text.find(finding.focus, iri), text, iri, candidates)


def _misspelt(finding: Finding, text: Text, iri: str, terms: Collection[str]) -> Fix | None:
    """Mend a term that stands as a value."""
    if iri in terms or finding.path is None:
        return None
    token = text.find(finding.focus, finding.path, ox.NamedNode(iri))
    return _replaced(finding, token, text, iri, nearest(iri, _beside(iri, terms)))


def _literal(finding: Finding, text: Text, value: ox.Literal, kind: str) -> Fix | None:
    """Mend a literal: the name of a value, or a value in a wrong form."""
    token = text.find(finding.focus, finding.path, value)
    if token is None or token.kind not in writing.LITERALS:
        return None
    if kind != "In":
        return _rewritten(finding, text, token, value)
    named = [each for each in _values(finding.path) if folded(each) == folded(value.value)]
    end = writing.end_of_literal(text, token)
    new = [writing.iri(each, text) for each in named]
    return _edited(finding, text, token.start, end, new[0]) if len(new) == 1 else None


def _rewritten(finding: Finding, text: Text, token: Token, value: ox.Literal) -> Fix | None:
    """
    Mend a literal that is written in a wrong form.

    The constraints of one shape are told once, so it is the shape that says what form is right.
    """
    start, end = token.start, writing.end_of_literal(text, token)
    allowed = writing.datatypes(finding.shape)
    if allowed and value.datatype.value not in allowed:
        plain = (finding.file or "").lower().endswith(".nt")
        forms = (writing.literal(value.value, each, text, plain=plain) for each in allowed)
        new = None if value.language else next(filter(None, forms), None)
        return None if new is None else _edited(finding, text, start, end, new)
    string, tail = token.text, text.text[start + len(token.text) : end]
    if value.value != value.value.strip():
        string = writing.trimmed(string)
    if not tail and "en" in writing.languages(finding.shape):
        tail = "@en"
    return _edited(finding, text, start, end, string + tail) if token.kind == "string" else None


def _replaced(
    finding: Finding, token: Token | None, text: Text, iri: str, candidates: Sequence[str]
) -> Fix | None:
    """Return the fix that writes the nearest of *candidates* where *token* stands for *iri*."""
    if not candidates or token is None or text.iri(token) != iri:
        return None
    new = writing.iri(candidates[0], text)
    edit = Edit(finding.file, token.start, token.start + len(token.text), new)
    what = f"{compact(candidates[0])} for {compact(iri)}"
    return Fix((edit,), what, is_sure(iri, candidates), renamed=(iri, candidates[0]))


def _edited(finding: Finding, text: Text, start: int, end: int, new: str) -> Fix | None:
    """Return the fix that writes *new* from *start* up to *end*, if that is not there already."""
    old = text.text[start:end]
    edit = Edit(finding.file, start, end, new)
    return None if old == new else Fix((edit,), f"{new} for {old}", safe=True)


def _declared(*kinds: str) -> list[str]:
    """Return the terms of these kinds."""
    return [term.iri for term in ontology.terms().values() if term.kind in kinds]


def _values(path: str | None) -> tuple[str, ...]:
    """Return the values that a property takes, if the ontology lists them."""
    term = ontology.terms().get(path or "")
    return term.values if term else ()


def _beside(iri: str, known: Iterable[str]) -> list[str]:
    """Return those of *known* that differ from *iri* in their last part only."""
    space = _space(iri)
    return [each for each in known if each.startswith(space) and len(each) > len(space)]


def _space(iri: str) -> str:
    """Return *iri* without its last part."""
    return iri[: max(iri.rfind("/"), iri.rfind("#")) + 1]
