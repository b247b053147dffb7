"""The commands that ask a graph: queries, query, sparql, find, show."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from pkgraph import catalogue, graph, tables
from pkgraph.cli.output import put, put_answer, put_texts, say, width
from pkgraph.errors import InputError, ParameterError
from pkgraph.namespaces import compact

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Iterable


def open_graph(arguments: Namespace) -> graph.Graph:
    """Open the graph that *arguments* name."""
    return graph.open_graph(arguments.data, endpoint=arguments.endpoint, sources=arguments.source)


def run_queries(arguments: Namespace) -> int:
    """List the queries, or tell about one."""
    if arguments.name:
        return _tell(catalogue.find(arguments.name), arguments.format)
    found = catalogue.catalogue()
    if arguments.format == "json":
        import json

        put(json.dumps([_as_object(each) for each in found], ensure_ascii=False, indent=2) + "\n")
        return 0
    rows = [(each.topic, each.name, each.summary) for each in found]
    put_texts(("topic", "name", "summary"), rows, arguments.format)
    return 0


def run_query(arguments: Namespace) -> int:
    """Run a canned query."""
    values = _values(arguments.name, arguments.values)
    result = open_graph(arguments).query(arguments.name, **values)
    if arguments.format == "bibtex":
        put(result.bibtex())
    else:
        put_answer(result, arguments.format)
    return 0


def run_sparql(arguments: Namespace) -> int:
    """Run a SPARQL query from a file or standard input."""
    if arguments.file == "-":
        try:
            text = sys.stdin.read()
        except UnicodeDecodeError as error:
            raise InputError(
                f"standard input is not UTF-8 ({error.reason}); save the query as UTF-8"
            ) from None
    else:
        from pkgraph import turtle

        text = turtle.read(Path(arguments.file))
    put_answer(open_graph(arguments).sparql(text), arguments.format)
    return 0


def run_find(arguments: Namespace) -> int:
    """Find things by name."""
    text = " ".join(arguments.text)
    found = open_graph(arguments).find(text)
    rows = [(compact(each.iri), each.label, compact(each.type), each.name) for each in found]
    put_texts(("thing", "label", "class", "found by"), rows, arguments.format)
    if not found:
        say(f"Nothing is called '{text}', or nearly so.")
    return 0


def run_show(arguments: Namespace) -> int:
    """Show what the graph says of a thing."""
    from pkgraph import pages, resolution, serialization

    store = open_graph(arguments).store
    iri = resolution.thing(store, arguments.thing).value
    if arguments.format == "text":
        put(pages.as_text(pages.describe(store, iri), width()))
    else:
        put(serialization.write(pages.triples(store, iri), arguments.format))
    return 0


def _values(name: str, given: Iterable[str]) -> dict[str, str]:
    """Return the parameters and values among the arguments of the query *name*."""
    values: dict[str, str] = {}
    for argument in given:
        parameter, equals, value = argument.partition("=")
        if not equals:
            raise ParameterError(
                f"'{argument}' is not a parameter and its value; write them as PARAMETER=VALUE "
                f"(`pkgraph queries {name}` tells the parameters)"
            )
        if parameter in values:
            raise ParameterError(f"'{parameter}' is given twice; give it one value")
        values[parameter] = value
    return values


def _tell(query: catalogue.Query, format_name: str) -> int:
    """Print all about one query."""
    if format_name == "json":
        import json

        put(json.dumps(_as_object(query), ensure_ascii=False, indent=2) + "\n")
        return 0
    example = "".join(f" {p.name}={p.example}" for p in query.parameters if p.required)
    columns = [
        (name, text)
        for name, text in query.columns.items()
        if name.removesuffix("_label") == name or name.removesuffix("_label") not in query.columns
    ]
    pairs = [
        ("name", query.name),
        ("asks", query.summary),
        ("in full", query.description),
        *((f"{p.name}=", _told(p)) for p in query.parameters),
        *((f"column {name}", text) for name, text in columns),
        ("example", f"pkgraph query {query.name}{example}"),
        ("file", str(query.path)),
    ]
    if format_name == "table":
        put(tables.record(pairs, width()))
    else:
        put_texts(("what", "told"), pairs, format_name)
    return 0


def _told(parameter: catalogue.Parameter) -> str:
    """Say of a parameter what it takes."""
    need = "needed" if parameter.required else "may be left out"
    if parameter.default is not None:
        need += f" and is then {parameter.default}"
    return f"{catalogue.wanted(parameter)}, {need}: {parameter.description}".removesuffix(": ")


def _as_object(query: catalogue.Query) -> dict[str, object]:
    """Return what there is to know of *query*, for JSON."""
    return {
        "name": query.name,
        "topic": query.topic,
        "summary": query.summary,
        "description": query.description,
        "parameters": [
            {
                "name": parameter.name,
                "kind": parameter.kind,
                "class": list(parameter.classes),
                "required": parameter.required,
                "default": parameter.default,
                "example": parameter.example,
                "options": parameter.scheme or list(parameter.options),
                "description": parameter.description,
            }
            for parameter in query.parameters
        ],
        "columns": dict(query.columns),
        "tags": list(query.tags),
        "version": query.version,
    }
