"""
Read files of nanopublications: what is asserted in them, and what is known of its publication.

A nanopublication is taken in only if nobody can have changed it: it has a trusty URI that fits it,
and a signature, if there is one, that is valid. Without a trusty URI it is refused: what is cited
as published would be whatever the file happens to say, and to hand in the assertion as Turtle says
the same more honestly.

Source:
    Nanopublication Guidelines: https://nanopub.net/guidelines/working_draft/
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from pkgraph import orcid, turtle
from pkgraph.errors import ParameterError
from pkgraph.intake import rdf
from pkgraph.intake.source import Source, name
from pkgraph.namespaces import DCTERMS, PROV
from pkgraph.nanopublications import signatures, trusty
from pkgraph.nanopublications.parts import take_apart
from pkgraph.nanopublications.places import Places, quads_as_turtle, trig_as_turtle
from pkgraph.nanopublications.vocabulary import PAV

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from pkgraph.nanopublications.parts import Nanopublication
    from pkgraph.nanopublications.signatures import Signature

#: The largest file of nanopublications, in MiB.
MAX_MIB: Final = 8

_CREATED_BY: Final = (DCTERMS + "creator", PAV + "createdBy", PROV + "wasAttributedTo")
_CREATED_AT: Final = (DCTERMS + "created", PAV + "createdOn", PROV + "generatedAtTime")
_LICENCE: Final = (DCTERMS + "license", DCTERMS + "rights")
_DERIVED_FROM: Final = (PROV + "wasDerivedFrom", PROV + "hadPrimarySource")
_ATTRIBUTED_TO: Final = (PROV + "wasAttributedTo",)


@dataclass(frozen=True, slots=True)
class Publication:
    """
    What is known of the publication of an assertion; all of it is as the publisher says.

    ``iri`` is the trusty URI of the nanopublication. ``creators`` published it, at ``created`` (as
    it is written there), under ``licences``. The assertion is ``derived_from`` sources and
    ``attributed_to`` those who first made it. ``signature`` is valid, or None if there is none.
    """

    iri: str
    creators: tuple[str, ...]
    created: str | None
    licences: tuple[str, ...]
    derived_from: tuple[str, ...]
    attributed_to: tuple[str, ...]
    signature: Signature | None
    assertion: tuple[ox.Triple, ...]
    provenance: tuple[ox.Triple, ...]
    information: tuple[ox.Triple, ...]

    @property
    def orcid(self) -> str | None:
        """The IRI of the ORCID iD of the first creator that has one."""
        for creator in self.creators:
            try:
                return orcid.parse(creator)
            except ParameterError:
                continue
        return None


@dataclass(frozen=True)
class Nanopublications(Source):
    """What nanopublications assert, and what is known of the publication of each."""

    publications: tuple[Publication, ...] = ()


def read(path: Path) -> Nanopublications:
    """
    Read a file of nanopublications, in TriG or, if its name ends in ``.nq``, in N-Quads.

    Raises:
        InputError: It cannot be read, or is too large.
        TurtleSyntaxError: It is not in that syntax, or is not nanopublications and nothing else,
            or was changed after it was published.
        MissingDependencyError: It is signed, and the package that verifies signatures is missing.
    """
    text = turtle.read(path, MAX_MIB)
    lines = path.suffix.lower() == ".nq"
    syntax = ox.RdfFormat.N_QUADS if lines else ox.RdfFormat.TRIG
    quads = turtle.parse_quads(text, file=str(path), format=syntax, limits=rdf.LIMITS)
    publications = tuple(_checked(each, str(path)) for each in take_apart(quads, str(path)))
    asserted = dict.fromkeys(triple for each in publications for triple in each.assertion)
    places = Places(text, quads_as_turtle if lines else trig_as_turtle)
    return Nanopublications(path, tuple(asserted), places.find, publications)


def _checked(nanopublication: Nanopublication, file: str) -> Publication:
    """Return what *nanopublication* says, once its trusty URI and its signature are checked."""
    code = trusty.check(nanopublication, file)
    signature = signatures.verify(nanopublication, code, file)
    iri = nanopublication.iri
    assertion = nanopublication.assertion[0].graph_name
    about, origin = nanopublication.information, nanopublication.provenance
    created = _values(about, iri, _CREATED_AT)
    return Publication(
        iri=iri.value,
        creators=_values(about, iri, _CREATED_BY),
        created=created[0] if created else None,
        licences=_values(about, iri, _LICENCE),
        derived_from=_values(origin, assertion, _DERIVED_FROM),
        attributed_to=_values(origin, assertion, _ATTRIBUTED_TO),
        signature=signature,
        assertion=tuple(quad.triple for quad in nanopublication.assertion),
        provenance=tuple(quad.triple for quad in origin),
        information=tuple(quad.triple for quad in about),
    )


def _values(
    quads: Iterable[ox.Quad], subject: object, predicates: tuple[str, ...]
) -> tuple[str, ...]:
    """Return what *quads* say of *subject* by any of *predicates*, in their order."""
    return tuple(
        dict.fromkeys(
            quad.object.value if isinstance(quad.object, ox.Literal) else name(quad.object)
            for predicate in predicates
            for quad in quads
            if quad.subject == subject and quad.predicate.value == predicate
        )
    )
