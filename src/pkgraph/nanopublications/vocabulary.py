"""The terms in which nanopublications are written."""

from __future__ import annotations

from typing import Final

import pyoxigraph as ox

from pkgraph.namespaces import RDF

NP: Final = "http://www.nanopub.org/nschema#"
NPX: Final = "http://purl.org/nanopub/x/"
PAV: Final = "http://purl.org/pav/"
SCHEMA: Final = "https://schema.org/"

TYPE: Final = ox.NamedNode(RDF + "type")
NANOPUBLICATION: Final = ox.NamedNode(NP + "Nanopublication")

SIGNATURE: Final = ox.NamedNode(NPX + "hasSignature")
SIGNATURE_TARGET: Final = ox.NamedNode(NPX + "hasSignatureTarget")
PUBLIC_KEY: Final = ox.NamedNode(NPX + "hasPublicKey")
ALGORITHM: Final = ox.NamedNode(NPX + "hasAlgorithm")
SIGNED_BY: Final = ox.NamedNode(NPX + "signedBy")
