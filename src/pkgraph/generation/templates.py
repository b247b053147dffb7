"""
Turn the statements of encoded sources into templates that made-up sources fill.

The fields of a template are ``w``, the slug of the source, ``n``, its number, ``t``, what a claim
says, ``x3``, the slug of the source that had the section 3 last, and ``s12``, the slug of what was
drawn for the shared thing 12.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from pkgraph.generation import wording
from pkgraph.generation.encoded import CLAIMS, ENCODES, ENDS, LINK, TYPE, iris
from pkgraph.generation.pools import class_words
from pkgraph.namespaces import BASE, DCTERMS, GRAPH, PK

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pkgraph.generation.encoded import Encoded
    from pkgraph.generation.lists import Lists

_GRAPH: Final = f"<{GRAPH}works/{{w}}>"
_WORK: Final = f"{BASE}work/{{w}}"
_LICENSE: Final = "https://creativecommons.org/licenses/by/4.0/"
_HEAD: Final = (
    f"{_GRAPH} <{TYPE}> <{PK}SourceGraph> {_GRAPH} .\n"
    f'{_GRAPH} <{wording.LABEL}> "Made-up source {{n}}"@en {_GRAPH} .\n'
    f"{_GRAPH} <{ENCODES}> <{_WORK}> {_GRAPH} .\n"
    f"{_GRAPH} <{DCTERMS}license> <{_LICENSE}> {_GRAPH} .\n"
)


@dataclass(frozen=True, slots=True)
class Template:
    """
    What is said of a thing, with fields.

    ``words`` is how many it says itself, ``ends`` are the claims that it joins if it is a link, and
    ``shared`` the things of the lists that it speaks of.
    """

    text: str
    words: int
    ends: tuple[str, ...]
    shared: tuple[str, ...]


class Templates:
    """The templates of the sources and of all that is in their sections, by the IRIs of these."""

    def __init__(self, encoded: Encoded, lists: Lists) -> None:
        """Make the templates; what *lists* have becomes a field."""
        self._encoded = encoded
        self._lists = lists
        self._fields = {thing: f"s{place}" for place, thing in enumerate(encoded.shared)}
        self._places = _places(encoded.own)
        #: The section that a thing belongs to, by number; a few are taken along by others as well.
        self.home: Mapping[str, int] = {
            thing: place
            for place, section in reversed(list(enumerate(encoded.sections)))
            for thing in section.own
        }
        works = {
            work: self._template(_WORK, triples, "source {n}", 0, _HEAD)
            for work, triples in encoded.works.items()
        }
        self._made = works | {thing: self._own(thing) for thing in self.home}

    def __getitem__(self, thing: str) -> Template:
        """Return the template of an encoded work, or of a thing that a section has."""
        return self._made[thing]

    def field(self, thing: str) -> str:
        """Return the name of the field for a shared thing."""
        return self._fields[thing]

    def _own(self, thing: str) -> Template:
        """Return the template of what is a section's own."""
        class_ = self._encoded.classes[thing]
        return self._template(
            self._iri(thing),
            self._encoded.own[thing],
            f"{class_words(class_)} {{n}}-{self._places[thing]}",
            wording.spoken_words(self._encoded.label(thing)) if class_ in CLAIMS else 0,
        )

    def _template(
        self, iri: str, triples: Iterable[ox.Triple], name: str, words: int, head: str = ""
    ) -> Template:
        """Return *head* and then what *triples* say, said of *iri*, which is called *name*."""
        text, ends, shared = head, [], []
        for ordinal, triple in enumerate(triples):
            if triple.predicate.value in wording.OUTWARD:
                continue
            if isinstance(triple.object, ox.Literal):
                object_ = wording.literal(triple, name, ordinal, "{t}")
            else:
                thing = iris([triple])[0]
                is_end = triple.predicate.value in ENDS and thing in self._encoded.own
                object_ = f"<{self._end(thing) if is_end else self._name(thing)}>"
                ends += [thing] * is_end
                shared += [thing] * (thing in self._lists)
            text += f"<{iri}> {triple.predicate} {object_} {_GRAPH} .\n"
        return Template(text, words, tuple(ends), tuple(shared))

    def _name(self, thing: str) -> str:
        """Return what a thing is called that is in the same source, or in no source."""
        if thing in self._encoded.own:
            return self._iri(thing)
        if thing in self._encoded.works:
            return _WORK
        if thing in self._lists:
            return f"{BASE}{_segment(thing)}/{{{self._fields[thing]}}}"
        return thing

    def _end(self, claim: str) -> str:
        """Return what a claim that a link joins is called where a source had it last."""
        return f"{BASE}claim/{{x{self.home[claim]}}}-{self._places[claim]}"

    def _iri(self, thing: str) -> str:
        """Return what is a section's own is called; a link, by what it joins."""
        if self._encoded.classes[thing] != LINK:
            return f"{BASE}{_segment(thing)}/{{w}}-{self._places[thing]}"
        said = {t.predicate.value: o for t in self._encoded.own[thing] for o in iris([t])}
        from_, to = (
            self._end(end) if end in self._encoded.own else self._name(end)
            for end in (said[PK + "from"], said[PK + "to"])
        )
        slugs = (iri.rpartition("/")[2] for iri in (from_, said[PK + "relation"], to))
        return f"{BASE}{_segment(thing)}/{'-'.join(slugs)}"


def _places(things: Iterable[str]) -> dict[str, int]:
    """Return the place of each thing among those of its segment, from 1."""
    counts: dict[str, int] = {}
    places = {}
    for thing in things:
        segment = _segment(thing)
        places[thing] = counts[segment] = counts.get(segment, 0) + 1
    return places


def _segment(iri: str) -> str:
    return iri.removeprefix(BASE).partition("/")[0]
