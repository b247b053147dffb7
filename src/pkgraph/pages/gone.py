"""
Tell what is no longer there from what never was.

A thing that another replaces says so itself. The record of contributions says which graphs left
the store, by what, and which things nothing describes since then; one that is described again is
there again.

Source:
    RFC 9110, 410 Gone: https://www.rfc-editor.org/rfc/rfc9110#section-15.5.11
    PROV-O, invalidation: https://www.w3.org/TR/prov-o/#wasInvalidatedBy
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pkgraph import search, terms
from pkgraph.errors import GoneError
from pkgraph.namespaces import PROV, compact
from pkgraph.pages.atlas import lettering

if TYPE_CHECKING:
    from pkgraph.store import Store

_GONE: Final = """\
SELECT DISTINCT ?at ?heir ?had ?reason WHERE {{
  {{ {0} dcterms:isReplacedBy+ ?heir FILTER NOT EXISTS {{ ?heir dcterms:isReplacedBy ?later }} }}
  UNION
  {{ {0} prov:invalidatedAtTime ?at OPTIONAL {{ {0} prov:wasInvalidatedBy ?end
    OPTIONAL {{ ?end prov:generated ?heir }} OPTIONAL {{ ?end rdfs:comment ?reason }} }} }}
  UNION
  {{ ?end prov:invalidated {0} FILTER NOT EXISTS {{ {0} a ?class }}
    ?graph prov:wasInvalidatedBy ?end ; prov:invalidatedAtTime ?at . ?had prov:generated ?graph
    OPTIONAL {{ ?end prov:generated ?heir }} OPTIONAL {{ ?end rdfs:comment ?reason }} }}
}} ORDER BY DESC(?at) ?heir ?had ?reason"""


def require_standing(store: Store, iri: str) -> None:
    """
    Check that *store* does not say that the thing or graph *iri* was withdrawn or replaced.

    Raises:
        ParameterError: *iri* is not an absolute IRI.
        GoneError: It was; the error has what replaces it, as far as the store says.
    """
    query = f"{search.PREFIXES}PREFIX prov: <{PROV}> {_GONE.format(terms.iri(iri))}"
    rows = search.texts(store.query(query))
    if not rows:
        return
    at, had = rows[0][0], rows[0][2]
    last = [row for row in rows if row[0] == at]  # what came again may have gone again
    heirs = tuple(dict.fromkeys(heir for _, heir, _, _ in last if heir))
    reasons = dict.fromkeys(lettering.plain(reason) for _, _, _, reason in last if reason)
    when, by = f" at {at}" if at else "", " and ".join(map(compact, heirs))
    if had and heirs:
        said = (
            f"left the graph{when}: contribution {_name(had)}, which described it, was replaced by "
            f"{by}, which does not"
        )
    elif had:
        said = (
            f"was withdrawn{when} with contribution {_name(had)}, and nothing is said to replace it"
        )
    elif heirs:
        said = f"was replaced{when} by {by}"
    else:
        said = f"was withdrawn{when}, and nothing is said to replace it"
    given = f"; the reason given: {'; '.join(reasons)}" if reasons else ""
    raise GoneError(f"{compact(iri)} {said}{given}", heirs)


def _name(contribution: str) -> str:
    return contribution.rpartition("/")[2]
