"""
Tell what is no longer there from what never was.

A thing that another replaces says so itself; the record of contributions says which graphs left
the store, and by what.

Source:
    RFC 9110, 410 Gone: https://www.rfc-editor.org/rfc/rfc9110#section-15.5.11
    PROV-O, invalidation: https://www.w3.org/TR/prov-o/#wasInvalidatedBy
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pkgraph import search, terms
from pkgraph.errors import GoneError
from pkgraph.namespaces import compact

if TYPE_CHECKING:
    from pkgraph.store import Store


def require_standing(store: Store, iri: str) -> None:
    """
    Check that *store* does not say that the thing or graph *iri* was withdrawn or replaced.

    Raises:
        ParameterError: *iri* is not an absolute IRI.
        GoneError: It was; the error has what replaces it, as far as the store says.
    """
    thing = terms.iri(iri)
    rows = search.texts(
        store.query(
            f"{search.PREFIXES}PREFIX prov: <http://www.w3.org/ns/prov#> "
            "SELECT DISTINCT ?at ?heir WHERE { "
            f"{{ {thing} dcterms:isReplacedBy+ ?heir "
            "FILTER NOT EXISTS { ?heir dcterms:isReplacedBy ?later } } UNION "
            f"{{ {thing} prov:invalidatedAtTime ?at "
            f"OPTIONAL {{ {thing} prov:wasInvalidatedBy/prov:generated ?heir }} }} }} "
            "ORDER BY ?at ?heir"
        )
    )
    if not rows:
        return
    heirs = tuple(dict.fromkeys(heir for _, heir in rows if heir))
    at = next((time for time, _ in rows if time), "")
    if heirs:
        said = f"was replaced{f' at {at}' if at else ''} by {' and '.join(map(compact, heirs))}"
    else:
        said = f"was withdrawn at {at}, and nothing is said to replace it"
    raise GoneError(f"{compact(iri)} {said}", heirs)
