"""
Look for what is allowed in a graph one file at a time, and is a fault in the graph as a whole.

Most rules are queries under ``shapes/hygiene/``: each finds the things that break a promise, and
says in its header what the promise is and how to mend it. Three need more than the graph: what is
known of the texts of the sources (:mod:`pkgraph.fingerprints`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Final

from pkgraph import fingerprints, resources, search
from pkgraph.errors import InputError
from pkgraph.namespaces import compact

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from pkgraph.fingerprints import Fingerprints
    from pkgraph.store import Store

_HEADER: Final = re.compile(r"^#\+ (\w+): (.+)$", re.MULTILINE)

_STATEMENTS: Final = f"""\
{search.PREFIXES}SELECT DISTINCT ?thing ?label WHERE {{
  VALUES ?class {{ pk:Claim pk:Proposition }}
  ?thing a ?class ; rdfs:label ?label .
}} ORDER BY ?thing
"""
_PASSAGES: Final = f"""\
{search.PREFIXES}SELECT DISTINCT ?passage ?work ?whole ?first ?last WHERE {{
  ?passage pk:passageOf ?work ; pk:firstLine ?first ; pk:lastLine ?last .
  OPTIONAL {{ ?passage pk:partOf ?whole }}
}} ORDER BY ?passage
"""
_COVERING: Final = f"""\
{search.PREFIXES}SELECT DISTINCT ?passage ?first ?last WHERE {{
  VALUES ?class {{ pk:Occurrence pk:Gap }}
  ?thing a ?class ; pk:inPassage ?passage ; pk:firstLine ?first ; pk:lastLine ?last .
}}
"""


@dataclass(frozen=True, slots=True)
class Rule:
    """
    A rule of hygiene, as a file has it.

    ``query`` selects each ``?thing`` that breaks the ``promise``, with an ``?other`` if it takes
    two; ``mend`` says what to do about it.
    """

    name: str
    summary: str
    promise: str
    mend: str
    query: str


@dataclass(frozen=True, slots=True)
class _Passage:
    work: str
    whole: str
    first: int
    last: int


def rules() -> tuple[Rule, ...]:
    """
    Return the rules that are queries, by name.

    Raises:
        InputError: The header of one is not as it should be.
    """
    return tuple(map(_rule, resources.data_files("shapes", ".rq")))


def check(
    store: Store, sources: Iterable[Fingerprints] | None = None
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """
    Yield each promise and what breaks it in *store*.

    Args:
        store: The graph, with what follows from it.

        sources: What is known of the texts; if None, of those that the graph comes with.
    """
    for rule in rules():
        yield rule.promise, tuple(broken(store, rule))
    known = fingerprints.shipped() if sources is None else tuple(sources)
    passages = {
        row[0]: _Passage(row[1], row[2], int(row[3]), int(row[4]))
        for row in search.texts(store.query(_PASSAGES))
    }
    yield "no statement has eight words on end from a source", tuple(_copied(store, known))
    yield "every passage is within the text of its source", tuple(_beyond(passages, known))
    covered = _covered(store)
    yield (
        "every line of a source states a claim, or a gap says why not",
        tuple(fault for source in known for fault in _bare(source, passages, covered)),
    )


def broken(store: Store, rule: Rule) -> Iterator[str]:
    """Yield each thing in *store* that breaks *rule*, with how to mend it."""
    for row in search.texts(store.query(rule.query)):
        yield f"{' and '.join(map(compact, row))}: {rule.summary}. {rule.mend}"


def _rule(path: Path) -> Rule:
    text = path.read_text("utf-8")
    header = dict(_HEADER.findall(text))
    try:
        return Rule(path.stem, header["summary"], header["promise"], header["mend"], text)
    except KeyError as error:
        raise InputError(f"{path}: the header of a rule of hygiene has to have {error}") from error


def _copied(store: Store, sources: Iterable[Fingerprints]) -> Iterator[str]:
    """Yield each statement that may share eight words on end with the text of a source."""
    for thing, label in search.texts(store.query(_STATEMENTS)):
        for source in sources:
            if (run := source.shared(label)) is not None:
                yield (
                    f"{compact(thing)}: five to eight words on end are those of "
                    f"{compact(source.work)}, among '{run}'. Say it in other words or another order"
                )


def _beyond(passages: Mapping[str, _Passage], sources: Iterable[Fingerprints]) -> Iterator[str]:
    """Yield each passage that goes on after the last line of its source."""
    for source in sources:
        end = len(source.lines)
        for iri, passage in passages.items():
            if passage.work == source.work and passage.last > end:
                yield (
                    f"{compact(iri)}: ends on line {passage.last}, and the text of "
                    f"{compact(source.work)} on line {end}. Correct pk:lastLine"
                )


def _covered(store: Store) -> dict[int, set[str]]:
    """Return for each line the passages in which a claim or a gap lies on it."""
    lines: dict[int, set[str]] = {}
    for passage, first, last in search.texts(store.query(_COVERING)):
        for line in range(int(first), int(last) + 1):
            lines.setdefault(line, set()).add(passage)
    return lines


def _bare(
    source: Fingerprints, passages: Mapping[str, _Passage], covered: Mapping[int, set[str]]
) -> Iterator[str]:
    """
    Yield each stretch of lines of *source* that states no claim and is no gap.

    A claim that a box interrupts does not cover the lines of the box: what covers a line lies in
    the smallest passage that has the line, in one around that, or in a part of it.
    """
    own = {iri: passage for iri, passage in passages.items() if passage.work == source.work}

    def around(iri: str) -> set[str]:
        found: set[str] = set()
        while iri in own and iri not in found:
            found.add(iri)
            iri = own[iri].whole
        return found

    wholes = {iri: around(iri) for iri in own}
    bare = []
    for line in range(1, len(source.lines) + 1):
        has = [iri for iri in own if own[iri].first <= line <= own[iri].last]
        least = min(has, key=lambda iri: (own[iri].last - own[iri].first, iri), default="")
        if not source.blank(line) and not any(
            least in wholes.get(iri, ()) or iri in wholes[least]
            for iri in covered.get(line, ())
            if least
        ):
            bare.append(line)
    for _, group in groupby(enumerate(bare), key=lambda pair: pair[1] - pair[0]):
        lines = [line for _, line in group]
        span = f"line {lines[0]}" if len(lines) == 1 else f"lines {lines[0]} to {lines[-1]}"
        yield (
            f"{compact(source.work)}, {span}: no claim and no gap. Encode what is asserted there, "
            "or describe a pk:Gap with its reason"
        )
