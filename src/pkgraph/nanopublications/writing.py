"""
Make nanopublications of things of a graph.

Source:
    Nanopublication Guidelines: https://nanopub.net/guidelines/working_draft/
    PROV-O, starting point terms: https://www.w3.org/TR/prov-o/#description-starting-point-terms
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeVar

import pyoxigraph as ox

from pkgraph import orcid, resources
from pkgraph.errors import EnvironmentFailure, InputError, NotFoundError
from pkgraph.namespaces import BASE, DCTERMS, PROV, RDFS, XSD, compact, prefixes
from pkgraph.nanopublications import signatures, trusty
from pkgraph.nanopublications.parts import take_apart
from pkgraph.nanopublications.vocabulary import (
    ALGORITHM,
    NANOPUBLICATION,
    NP,
    NPX,
    PAV,
    PUBLIC_KEY,
    SCHEMA,
    SIGNATURE,
    SIGNATURE_TARGET,
    SIGNED_BY,
    TYPE,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

    from Crypto.PublicKey.RSA import RsaKey

    from pkgraph.nanopublications.selection import Statements

    _Node = TypeVar("_Node")
    _Statement = tuple[ox.NamedNode, ox.NamedNode, ox.NamedNode | ox.Literal]

#: What a nanopublication is called until its code is known. The package ``nanopub`` puts what is
#: called so under :data:`_PUBLISHED`, where the servers of the network resolve it.
_FOR_NOW: Final = "http://purl.org/nanopub/temp/np#"
_PUBLISHED: Final = "http://purl.org/np/"
#: What stands for the code while it is made.
_CODE: Final = "RA" + "0" * 43


@dataclass(frozen=True, slots=True)
class Publisher:
    """Who publishes, by IRI, when (UTC), from which release of the graph, and signing with what."""

    iri: str
    when: datetime
    release: str
    key: RsaKey | None = None


def write(things: Iterable[ox.NamedNode], statements: Statements, publisher: Publisher) -> str:
    """
    Return a nanopublication of each of *things*, in TriG.

    Raises:
        NotFoundError: Nothing is said of a thing.
        InputError: What is said of a thing has a part without an IRI, or is too much.
        MissingDependencyError: It is to be signed, and the package that signs is missing.
    """
    written: list[str] = []
    for thing in dict.fromkeys(things):
        draft = _draft(thing, statements, publisher)
        try:
            quads, code = _signed(draft, publisher) if publisher.key else _sealed(draft)
            take_apart(quads)  # what nobody could read is not written
        except InputError as error:
            raise InputError(f"{compact(thing.value)}: {error}") from None
        written.append(_as_trig(quads, _PUBLISHED + code))
    return "\n".join(written)


def _as_trig(quads: Sequence[ox.Quad], iri: str) -> str:
    """Return the nanopublication *iri* in TriG, with the prefixes that it uses in order."""
    nodes = [
        node.datatype if isinstance(node, ox.Literal) else node
        for quad in quads
        for node in (quad.subject, quad.predicate, quad.object)
    ]
    used = {
        node.value[: max(node.value.rfind("/"), node.value.rfind("#")) + 1]
        for node in nodes
        if isinstance(node, ox.NamedNode)
    }
    known = {**prefixes(), "np": NP, "npx": NPX, "orcid": orcid.BASE, "pav": PAV}
    names = {prefix: namespace for prefix, namespace in known.items() if namespace in used}
    text = ox.serialize(
        quads, format=ox.RdfFormat.TRIG, prefixes={**names, "this": iri, "sub": iri + "#"}
    )
    lines = (text or b"").decode().splitlines(keepends=True)
    header = sum(line.startswith("@prefix ") for line in lines[: len(names) + 2])
    return "".join([*sorted(lines[:header]), *lines[header:]])


def _draft(thing: ox.NamedNode, statements: Statements, publisher: Publisher) -> list[ox.Quad]:
    """Return the nanopublication of *thing*, called as it is for now."""
    this, assertion, provenance, information = map(
        _named, ("", "assertion", "provenance", "pubinfo")
    )
    asserted = statements.belonging_to(thing)
    if not asserted:
        raise NotFoundError(f"nothing is said of {compact(thing.value)} in the files; name others")
    head: list[_Statement] = [
        (this, TYPE, NANOPUBLICATION),
        (this, ox.NamedNode(NP + "hasAssertion"), assertion),
        (this, ox.NamedNode(NP + "hasProvenance"), provenance),
        (this, ox.NamedNode(NP + "hasPublicationInfo"), information),
    ]
    origin = _provenance(thing, statements, publisher)
    about = _about(thing, statements, publisher)
    return [
        *(ox.Quad(s, p, o, _named("Head")) for s, p, o in head),
        *(ox.Quad(t.subject, t.predicate, t.object, assertion) for t in asserted),
        *(ox.Quad(s, p, o, provenance) for s, p, o in origin),
        *(ox.Quad(s, p, o, information) for s, p, o in about),
    ]


def _provenance(
    thing: ox.NamedNode, statements: Statements, publisher: Publisher
) -> Iterator[_Statement]:
    """Yield where the assertion is from: its passages, its work, and those who hold it."""
    assertion = _named("assertion")
    passages, works = statements.passages(thing), statements.encoded(thing)
    agents = statements.agents(thing)
    if not passages and not works and not agents:
        agents = [ox.NamedNode(publisher.iri)]
    yield from ((assertion, ox.NamedNode(PROV + "wasDerivedFrom"), each) for each in passages)
    yield from ((assertion, ox.NamedNode(PROV + "hadPrimarySource"), each) for each in works)
    yield from ((assertion, ox.NamedNode(PROV + "wasAttributedTo"), each) for each in agents)


def _about(
    thing: ox.NamedNode, statements: Statements, publisher: Publisher
) -> Iterator[_Statement]:
    """Yield who publishes, when, with what licence, and which pkgraph made this of which graph."""
    this, pkgraph = _named(""), ox.NamedNode(BASE)
    when = publisher.when.strftime("%Y-%m-%dT%H:%M:%SZ")
    yield this, ox.NamedNode(DCTERMS + "creator"), ox.NamedNode(publisher.iri)
    yield (
        this,
        ox.NamedNode(DCTERMS + "created"),
        ox.Literal(when, datatype=ox.NamedNode(XSD + "dateTime")),
    )
    for licence in statements.licences(thing):
        yield this, ox.NamedNode(DCTERMS + "license"), licence
    for label in statements.labels(thing):
        yield this, ox.NamedNode(RDFS + "label"), label
    yield this, ox.NamedNode(PAV + "createdWith"), pkgraph
    yield pkgraph, ox.NamedNode(SCHEMA + "softwareVersion"), ox.Literal(resources.version())
    yield pkgraph, ox.NamedNode(PAV + "version"), ox.Literal(publisher.release)
    if publisher.key:
        yield _named("sig"), SIGNED_BY, ox.NamedNode(publisher.iri)


def _signed(draft: Sequence[ox.Quad], publisher: Publisher) -> tuple[list[ox.Quad], str]:
    """Return *draft* signed, under the name that its code gives it, and the code."""
    if publisher.key is None:
        raise ValueError("there is no key to sign with")
    signed = signatures.sign(draft, publisher.iri, publisher.key)
    added: list[tuple[ox.NamedNode, ox.NamedNode | ox.Literal]] = [
        (PUBLIC_KEY, ox.Literal(signed.public_key)),
        (ALGORITHM, ox.Literal("RSA")),
        (SIGNATURE_TARGET, _named("")),
        (SIGNATURE, ox.Literal(signed.signature)),
    ]
    information = _named("pubinfo")
    whole = [*draft, *(ox.Quad(_named("sig"), p, o, information) for p, o in added)]
    quads, code = _sealed(whole)
    (nanopublication,) = take_apart(quads)
    # Two programs have made the code now, each in its own way.
    if code != signed.code or signatures.verify(nanopublication, code) is None:
        raise EnvironmentFailure(
            "the package nanopub signs in another way than it should; install nanopub 2.0.1"
        )
    return quads, code


def _sealed(draft: Iterable[ox.Quad]) -> tuple[list[ox.Quad], str]:
    """Return *draft* under the name that its code gives it, and the code."""
    waiting = [_renamed(quad, _CODE) for quad in draft]
    code = trusty.make_code(waiting, _CODE)
    return [_renamed(quad, code) for quad in draft], code


def _renamed(quad: ox.Quad, code: str) -> ox.Quad:
    """Return *quad* with the name of the nanopublication that *code* gives."""

    def renamed(node: _Node) -> _Node | ox.NamedNode:
        if isinstance(node, ox.NamedNode) and node.value.startswith(_FOR_NOW):
            local = node.value.removeprefix(_FOR_NOW)
            return ox.NamedNode(_PUBLISHED + code + (f"#{local}" if local else ""))
        return node

    return ox.Quad(
        renamed(quad.subject), quad.predicate, renamed(quad.object), renamed(quad.graph_name)
    )


def _named(local: str) -> ox.NamedNode:
    """Return a name within the nanopublication, or its own."""
    return ox.NamedNode(_FOR_NOW + local)
