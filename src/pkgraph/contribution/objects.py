"""Say what is on record of a contribution as an object of JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pkgraph.contribution.register import Contribution


def as_object(contribution: Contribution) -> dict[str, object]:
    """
    Return what is on record of *contribution*.

    ``state`` is "in the store", "withdrawn" or "replaced"; ``end`` says when and by whom.
    """
    end = contribution.withdrawal
    withdrawn = end is not None and end.by_what.startswith(f"{contribution.iri}/")
    return {
        "id": contribution.name,
        "iri": contribution.iri,
        "by": contribution.by,
        "at": contribution.at,
        "graph": contribution.graph,
        "statements": contribution.statements,
        "shapes": contribution.release,
        "files": [
            {"name": file.name, "sha256": file.digest, "bytes": file.size}
            for file in contribution.files
        ],
        "nanopublications": list(contribution.published),
        "state": "in the store" if end is None else "withdrawn" if withdrawn else "replaced",
        "end": None
        if end is None
        else {
            "at": end.at,
            "by": end.by,
            "replaced_by": None if withdrawn else end.by_what.rpartition("/")[2],
            "reason": end.reason,
        },
    }
