"""The form of a canned query: its inputs, what they offer, and what a value may mean."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from starlette.responses import JSONResponse

from pkgraph import catalogue, namespaces, ontology, resolution, search, terms
from pkgraph.errors import AmbiguousNameError, NotFoundError, ParameterError
from pkgraph.namespaces import compact

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from starlette.requests import Request
    from starlette.responses import Response

    from pkgraph.web.site import Site

#: How many things a form offers to choose from, and up to how many it lists instead of a text.
OFFERED: Final = 200
_LISTED: Final = 50
#: How many things are told at once to who is typing, and the longest text they are found by.
_TOLD: Final = 20
_LONGEST: Final = 100
_INPUTS: Final = {"integer": "number", "year": "number", "date": "date"}


@dataclass(frozen=True, slots=True)
class Field:
    """An input of a form: a parameter, the value it has and what it may be, with labels."""

    parameter: catalogue.Parameter
    value: str
    options: tuple[tuple[str, str], ...]

    @property
    def offered(self) -> tuple[tuple[str, str], ...]:
        """The options that the form offers, which may not be all."""
        return self.options[:OFFERED]

    @property
    def is_list(self) -> bool:
        """Whether all that it may be is chosen from a list; what is typed may be anything."""
        return self.parameter.kind == "choice" or (
            0 < len(self.options) <= _LISTED
            and (not self.value or self.value in {value for value, _ in self.options})
        )

    @property
    def input(self) -> str:
        """The type of the input element."""
        return _INPUTS.get(self.parameter.kind, "text")

    @property
    def wanted(self) -> str:
        """What a value is, in words."""
        classes = [ontology.terms().get(iri) for iri in self.parameter.class_iris]
        labels = [term.label for term in classes if term]
        if labels:
            return f"{'an' if labels[0][0] in 'aeiou' else 'a'} {' or '.join(labels)}"
        return catalogue.wanted(self.parameter)


def field(site: Site, parameter: catalogue.Parameter, value: str) -> Field:
    """Return the input for *parameter*, which has the *value* that somebody gave, or none."""
    options: tuple[tuple[str, str], ...] = ()
    if parameter.scheme:
        options = tuple(
            (term.iri.rpartition("/")[2], term.label)
            for term in ontology.terms().values()
            if parameter.scheme in term.parents
        )
    elif parameter.options:
        options = tuple((each, each.rpartition(":")[2]) for each in parameter.options)
    elif parameter.class_iris:
        # One more than are offered, which tells that there are more.
        found = search.offered(search.index(site.graph.store), parameter.class_iris, OFFERED + 1)
        options = tuple((compact(iri), label) for iri, label in found)
        if len(options) <= _LISTED:
            value = _named(value, options)
    if parameter.kind == "choice":
        value = _option(value, options)
    return Field(parameter, value, options)


def _option(value: str, options: tuple[tuple[str, str], ...]) -> str:
    """Return that of *options* which *value* means: one may be written as IRI, CURIE or word."""
    last = (namespaces.expand(value) or value).rpartition("/")[2]
    known = {each.rpartition(":")[2]: each for each, _ in options}
    return known.get(last, value)


def _named(value: str, options: tuple[tuple[str, str], ...]) -> str:
    """Return that of *options* which *value* names: by IRI, CURIE, its last part or its label."""
    curie, folded = compact(value), terms.fold(value)
    fitting = [
        each
        for each, label in options
        if each == curie or each.partition(":")[2] == value or terms.fold(label) == folded
    ]
    return fitting[0] if len(fitting) == 1 else value


def options(site: Site, request: Request) -> Response:
    """
    Return what a parameter of a query takes and a text fits, for who is typing it.

    Raises:
        UnknownQueryError: There is no such query.
        ParameterError: It has no such parameter, or the text is too long.
    """
    query = catalogue.find(request.path_params["name"])
    parameter = query.parameter(request.path_params["parameter"])
    text = request.query_params.get("text", "").strip()
    if len(text) > _LONGEST:
        raise ParameterError(f"'text' has at most {_LONGEST} characters")
    if not parameter.class_iris:
        offered = field(site, parameter, "").options
        found = [each for each in offered if text.lower() in f"{each[0]} {each[1].lower()}"]
    else:
        index = search.index(site.graph.store)
        things = search.typed(index, text, parameter.class_iris, _TOLD)
        found = [(compact(iri), label) for iri, label in things]
    return JSONResponse([list(each) for each in found[:_TOLD]])


@dataclass(frozen=True, slots=True)
class Meant:
    """A thing that a value may mean: its short name and label, and the query asked with it."""

    name: str
    label: str
    address: str


def meant(site: Site, query: catalogue.Query, given: Mapping[str, str]) -> tuple[Meant, ...]:
    """Return what the first value of *given* that names several things, or none, may mean."""
    for parameter in query.parameters:
        if parameter.name not in given:
            continue
        try:
            resolution.resolve(site.graph.store, parameter, given[parameter.name])
        except AmbiguousNameError as error:
            return tuple(_meant(site, query, given, parameter.name, error.candidates))
        except NotFoundError as error:
            return tuple(_meant(site, query, given, parameter.name, error.nearest))
        except ParameterError:
            return ()
    return ()


def _meant(
    site: Site, query: catalogue.Query, given: Mapping[str, str], name: str, iris: Iterable[str]
) -> Iterable[Meant]:
    known = list(iris)
    things = " ".join(str(terms.iri(iri)) for iri in known)
    rows = search.texts(
        site.graph.store.query(
            f"{search.PREFIXES}SELECT ?thing (MIN(?name) AS ?label) WHERE {{ "
            f"VALUES ?thing {{ {things} }} ?thing rdfs:label ?name }} GROUP BY ?thing"
        )
    )
    labels = {row[0]: row[1] for row in rows}
    for iri in known:
        asked = {**given, name: compact(iri)}
        yield Meant(compact(iri), labels.get(iri, ""), site.link(f"/queries/{query.name}", asked))
