"""Read what the timeline and the map are asked for, and narrow operations to it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from pkgraph.errors import ParameterError
from pkgraph.namespaces import compact
from pkgraph.pages.atlas import lettering, timeline

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from starlette.requests import Request

    from pkgraph.pages.atlas.operations import Named, Operation

_YEAR: Final = re.compile(r"[0-9]{4}")
#: What operations can be narrowed to.
OF: Final[Mapping[str, Callable[[Operation], Iterable[Named]]]] = {
    "region": lambda each: each.regions,
    "lead": lambda each: each.leaders,
    "kind": lambda each: ((each.kind.replace(" ", "-"), each.kind),),
}


def asked_for(request: Request, names: Sequence[str]) -> dict[str, str]:
    """
    Return the parameters that have a value.

    Raises:
        ParameterError: One is not among *names*, or is given twice.
    """
    given: dict[str, str] = {}
    for name, value in request.query_params.multi_items():
        if name not in names:
            raise ParameterError(
                f"there is no parameter '{lettering.short(name, 40)}' here; "
                + (f"there are {', '.join(names)}" if names else "there is none at all")
            )
        if name in given:
            raise ParameterError(f"'{name}' is given twice; give it one value")
        if value.strip():
            given[name] = value.strip()
    return given


def year(asked: Mapping[str, str], years: Sequence[tuple[int, int]]) -> int:
    """
    Return the year that is *asked* for; 0 if none is.

    Raises:
        ParameterError: It is not one of *years*.
    """
    text = asked.get("year")
    if text is None:
        return 0
    known = [year for year, _ in years]
    if not _YEAR.fullmatch(text) or int(text) not in known:
        told = (
            f"a year from {known[0]} to {known[-1]}"
            if known
            else "for dated operations, of which there are none"
        )
        raise ParameterError(f"'year' is {told}, not '{lettering.short(text, 40)}'")
    return int(text)


def only(asked: Mapping[str, str], every: Sequence[Operation]) -> Operation | None:
    """
    Return the one operation that is *asked* for; None if none is.

    Raises:
        ParameterError: It is not one of *every* operation.
    """
    name = asked.get("operation")
    found = next((each for each in every if compact(each.iri) == name), None)
    if name and found is None:
        raise ParameterError(
            f"there is no operation '{lettering.short(name, 60)}'; write one as operation:onuc"
        )
    return found


def narrowed(found: Sequence[Operation], asked: Mapping[str, str]) -> tuple[Operation, ...]:
    """
    Return those of *found* that are what is *asked* for.

    Raises:
        ParameterError: No operation at all is.
    """
    for name, of in OF.items():
        wanted = asked.get(name)
        if wanted:
            known = {compact(iri) for each in found for iri, _ in of(each)}
            if wanted not in known:
                raise ParameterError(
                    f"no operation has '{lettering.short(wanted, 60)}' for its {name} here; "
                    "choose one of those that /timeline offers"
                )
            found = [each for each in found if wanted in {compact(iri) for iri, _ in of(each)}]
    return tuple(found)


def offered(found: Sequence[Operation], name: str) -> list[tuple[str, str, int]]:
    """Return what *found* can be narrowed to by *name*: values, labels and numbers."""
    return [
        (compact(iri), label, number) for (iri, label), number in timeline.filters(found, OF[name])
    ]
