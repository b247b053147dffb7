"""
Make and check trusty URIs: IRIs that end in a hash of what they name.

Whoever cites a nanopublication by such an IRI cites its words: with one letter changed, the hash is
another. Only the module RA is known here, which is for graphs. Its hash is taken over the
statements, so their order, their prefixes and their syntax do not count.

The package ``nanopub`` makes such hashes too, but in version 2.0.1 only for one way of naming
graphs; the tests hold both against each other where they can be compared.

Source:
    Trusty URI Specification, version 1, module RA:
    https://github.com/trustyuri/trustyuri-spec#module-ra
"""

from __future__ import annotations

import hashlib
import re
from base64 import urlsafe_b64encode
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from pkgraph.errors import InputError, TurtleSyntaxError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pkgraph.nanopublications.parts import Nanopublication

_CODE: Final = re.compile(r".*[^A-Za-z0-9_-](RA[A-Za-z0-9_-]{43})", re.DOTALL)


def code_of(iri: str) -> str | None:
    """
    Return the code that a trusty URI ends in, or None if *iri* is not one.

    >>> code_of("https://example.org/np/RA3QeEArKrJhMi5hGQJwjizvDEPKnaM2wME9iuKItk_nE")
    'RA3QeEArKrJhMi5hGQJwjizvDEPKnaM2wME9iuKItk_nE'
    """
    found = _CODE.fullmatch(iri)
    return found[1] if found else None


def check(nanopublication: Nanopublication, file: str | None = None) -> str:
    """
    Return the code of *nanopublication*, once it fits all that is stated in it.

    Raises:
        TurtleSyntaxError: It has no trusty URI, or was changed since it got it.
    """
    iri = nanopublication.iri.value
    code = code_of(iri)
    if code is None:
        raise TurtleSyntaxError(
            f"the nanopublication <{iri}> has no trusty URI, so nothing would show if it were "
            "changed; have the tool that made it make it trusty, or hand in the assertion as "
            "Turtle",
            file=file,
        )
    for quad in nanopublication.quads:
        # Otherwise the graphs of one could be named as if they were those of another.
        if not str(quad.graph_name).startswith(f"<{iri}"):
            raise TurtleSyntaxError(
                f"the graph {quad.graph_name} is not named after its nanopublication <{iri}>; "
                "have the tool that made it make it trusty",
                file=file,
            )
    try:
        actual = make_code(nanopublication.quads, code)
    except InputError as error:
        raise TurtleSyntaxError(f"the nanopublication <{iri}>: {error}", file=file) from None
    if actual != code:
        raise TurtleSyntaxError(
            f"the nanopublication <{iri}> was changed after it was published, since its statements "
            f"give the code {actual}; fetch it again from where it was published",
            file=file,
        )
    return code


def make_code(quads: Iterable[ox.Quad], placeholder: str) -> str:
    """
    Return the code of *quads*, in whose IRIs *placeholder* stands for the code.

    Raises:
        InputError: A statement has a part that module RA has no form for.
    """
    digest = hashlib.sha256(normal_form(quads, placeholder).encode()).digest()
    return "RA" + urlsafe_b64encode(digest).decode().rstrip("=")


def normal_form(quads: Iterable[ox.Quad], placeholder: str) -> str:
    """
    Return the text of which the hash is taken, and which a signature signs.

    Raises:
        InputError: A statement has a part that module RA has no form for.
    """
    rows = sorted({_row(quad, placeholder) for quad in quads})
    return "".join(f"{row[0]}\n{row[1]}\n{row[2]}\n{row[-1]}\n" for row in rows)


def _row(quad: ox.Quad, placeholder: str) -> tuple[str, ...]:
    """Return graph, subject, predicate, what the object is sorted by, and how it is written."""

    def name(node: object) -> str:
        if not isinstance(node, ox.NamedNode):
            raise InputError(f"{node} has no IRI, so no hash covers it; give every thing an IRI")
        return node.value.replace(placeholder, " ")

    lead = (name(quad.graph_name), name(quad.subject), name(quad.predicate))
    value = quad.object
    if not isinstance(value, ox.Literal):
        return (*lead, "0", name(value), "", "", name(value))
    if value.direction:
        raise InputError(f"{value} has a direction, which no hash covers; leave it out")
    escaped = value.value.replace("\\", "\\\\").replace("\n", "\\n")
    if value.language:
        written = f"@{value.language.lower()} {escaped}"
        return (*lead, "1", value.value, "", value.language, written)
    datatype = value.datatype.value
    return (*lead, "1", value.value, datatype, "", f"^{datatype} {escaped}")
