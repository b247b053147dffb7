"""The spreadsheet templates, to be taken away: ``/templates/<class>.xlsx`` and ``.csv``."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from starlette.exceptions import HTTPException
from starlette.responses import Response

from pkgraph import spreadsheets, terms
from pkgraph.errors import NotFoundError, UsageError
from pkgraph.web import negotiation

if TYPE_CHECKING:
    from starlette.requests import Request

    from pkgraph.web.site import Site

FORMATS: Final = ("xlsx", "csv")
#: What most contributions are about.
USUAL: Final = frozenset({"claims", "concepts", "peace-operations", "people", "works"})


def names() -> list[tuple[str, str]]:
    """Return of each class the last part of its address here, and its name."""
    return sorted((terms.slug(kind.title), kind.title) for kind in spreadsheets.kinds().values())


def answer(_: Site, request: Request) -> Response:
    """
    Give a workbook to enter things of a class in, or the header of its sheet as CSV.

    Raises:
        NotFoundError: There is no such class.
    """
    name, _, ending = request.path_params["name"].rpartition(".")
    if ending not in FORMATS or terms.slug(name) != name:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    try:
        content: str | bytes = (
            spreadsheets.csv([name]) if ending == "csv" else spreadsheets.workbook([name])
        )
    except UsageError as error:
        raise NotFoundError(str(error), ()) from None
    headers = {
        "Content-Type": negotiation.content_type(ending),
        "Content-Disposition": f'attachment; filename="{name}.{ending}"',
    }
    return Response(content, headers=headers)
