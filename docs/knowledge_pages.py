"""The pages about the data: the queries, the ontology and the shapes."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from page_text import anchor, code, curie, sentence, table
from pkgraph import catalogue, namespaces, ontology, resources

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

SH: Final = "http://www.w3.org/ns/shacl#"


def queries_page() -> Iterator[str]:
    """Yield the page of the canned queries, from the headers of their files."""
    topics = defaultdict(list)
    for query in catalogue.catalogue():
        topics[query.topic].append(query)
    yield "# The canned queries"
    yield ""
    yield "Each is a file under `queries/` that runs as it stands; its `VALUES` rows hold the"
    yield "example. A parameter of a class takes an IRI, a CURIE, a slug or a name that only one"
    yield "thing has. Every column of addresses, `x`, is followed by `x_label`, its name, which is"
    yield "not told again below."
    yield ""
    yield from table(
        ["query", "what it answers"],
        [
            [f"[{each.name}](#{each.name})", sentence(each.summary)]
            for each in sorted(catalogue.catalogue(), key=lambda each: each.name)
        ],
    )
    for topic, queries in sorted(topics.items()):
        yield f"## {topic}"
        yield ""
        for query in sorted(queries, key=lambda each: each.name):
            yield from query_section(query)


def query_section(query: catalogue.Query) -> Iterator[str]:
    """Yield the section of one query."""
    yield f"### {query.name}"
    yield ""
    yield f"{sentence(query.summary)} {sentence(query.description)}"
    yield ""
    if query.parameters:
        yield from table(
            ["parameter", "what it takes", "needed", "example", "what it does"],
            [
                [
                    code(parameter.name),
                    value_of(parameter),
                    "yes" if parameter.required else "no",
                    code(str(parameter.example or "")),
                    sentence(parameter.description),
                ]
                for parameter in query.parameters
            ],
        )
    yield from table(
        ["column", "what it holds"],
        [
            [code(name), sentence(text)]
            for name, text in query.columns.items()
            if name.removesuffix("_label") == name
            or name.removesuffix("_label") not in query.columns
        ],
    )


def value_of(parameter: catalogue.Parameter) -> str:
    """Return what *parameter* takes, its default included."""
    if parameter.classes:
        wanted = " or ".join(f"[{name}](ontology.md#{anchor(name)})" for name in parameter.classes)
    elif parameter.scheme:
        name = f"pk:{parameter.scheme.rpartition('/')[2]}"
        scheme = ontology.terms()[parameter.scheme]
        wanted = f"a value of [{name[3:]}](ontology.md#{anchor(namespaces.compact(scheme.iri))})"
    else:
        wanted = catalogue.wanted(parameter)
    default = f", {code(parameter.default)} if left out" if parameter.default else ""
    return wanted + default


def ontology_page() -> Iterator[str]:
    """Yield the page of the ontology, from its terms."""
    terms = ontology.terms()
    yield "# The ontology"
    yield ""
    yield f"The prefix `pk:` is `{namespaces.PK}`; every value of a closed list has the"
    yield "prefix of its scheme. The files are under `ontology/`."
    yield ""
    for kind, title in (
        ("class", "Classes"),
        ("object property", "Properties that lead to things"),
        ("datatype property", "Properties that hold values"),
        ("scheme", "Closed lists"),
    ):
        yield f"## {title}"
        yield ""
        for term in terms.values():
            if term.kind == kind:
                yield from term_section(term, terms)


def term_section(term: ontology.Term, terms: Mapping[str, ontology.Term]) -> Iterator[str]:
    """Yield the section of one term; that of a scheme has its values."""
    yield f"### {namespaces.compact(term.iri)}"
    yield ""
    yield f"*{term.label}*: {sentence(term.definition)}"
    yield ""
    facts = [
        ("under", term.parents),
        ("of", term.domain),
        ("leads to", term.range),
        ("inverse", (term.inverse,) if term.inverse else ()),
    ]
    told = [
        f"{name} {', '.join(code(namespaces.compact(i)) for i in iris)}"
        for name, iris in facts
        if iris
    ]
    if told:
        yield sentence("; ".join(told))
        yield ""
    if term.example:
        yield f"Example: {code(term.example)}"
        yield ""
    values = [each for each in terms.values() if each.kind == "value" and term.iri in each.parents]
    if values:
        yield from table(
            ["value", "meaning"],
            [[curie(each.iri), sentence(each.definition)] for each in values],
        )


#: What is told of one shape: values by the local name of the SHACL property, lists left out.
Facts = dict[str, list[str]]


def shapes() -> dict[str, Facts]:
    """Return the shapes that speak to a reader, by IRI: those that have a message."""
    described: dict[str, Facts] = defaultdict(lambda: defaultdict(list))
    for path in resources.data_files("shapes", ".ttl"):
        for quad in ox.parse(path=path, format=ox.RdfFormat.TURTLE):
            if isinstance(quad.subject, ox.NamedNode) and not isinstance(quad.object, ox.BlankNode):
                name = quad.predicate.value.removeprefix(SH)
                described[quad.subject.value][name].append(quad.object.value)
    return {iri: facts for iri, facts in described.items() if facts.get("message")}


def shapes_page() -> Iterator[str]:
    """Yield the page of the shapes, from their files."""
    found = shapes()
    listed = {each for facts in found.values() for each in facts.get("property", ())}
    for_all = sorted(
        (each for each in found if each.startswith(f"{namespaces.PKS}Thing-")),
        key=lambda each: order_of(found[each], each),
    )
    classes = {facts["targetClass"][0]: iri for iri, facts in found.items() if facts.get("closed")}
    yield "# The shapes"
    yield ""
    yield "What `pkgraph check` asks of a file. Each class has a closed shape: a thing of the class"
    yield "takes the properties of its section and no others. Each finding of a check names its"
    yield "shape; its message is here word for word. The files are under `shapes/`. Shapes that"
    yield "only serve others have no message and are left out."
    yield ""
    yield "## What classes share"
    yield ""
    yield from shape_table(found, for_all)
    told = set(for_all)
    for class_, iri in sorted(classes.items(), key=lambda item: item[1]):
        yield f"## {namespaces.compact(iri)}"
        yield ""
        lead = sentence(found[iri]["description"][0])
        name = namespaces.compact(class_)
        yield f"{lead} For [{name}](ontology.md#{anchor(name)})."
        yield ""
        own = [each for each in found[iri].get("property", ()) if each not in for_all]
        more = [
            each
            for each, facts in sorted(found.items())
            if class_ in facts.get("targetClass", ()) and each != iri
        ]
        told |= {iri, *own, *more}
        shared = [each for each in for_all if each in found[iri].get("property", ())]
        properties = ", ".join(curie(found[each]["path"][0]) for each in shared)
        yield f"It takes these of the [shared properties](#what-classes-share): {properties}."
        yield ""
        yield from shape_table(found, [*own, *more, iri])
    rest = sorted(set(found) - told - listed)
    if rest:
        yield "## Wherever a property is used"
        yield ""
        yield from shape_table(found, rest)


def order_of(facts: Mapping[str, list[str]], iri: str) -> tuple[float, str]:
    """Return where a shape comes among others: properties in their order, then the rest."""
    return (float((facts.get("order") or ["inf"])[0]), iri)


def shape_table(found: Mapping[str, Facts], iris: Iterable[str]) -> Iterator[str]:
    """Yield the table of the shapes *iris*."""
    rows = []
    for iri in sorted(iris, key=lambda each: order_of(found[each], each)):
        facts = found[iri]
        count = ""
        if facts.get("path"):
            count = f"{facts.get('minCount', ['0'])[0]}–{facts.get('maxCount', ['*'])[0]}"
        rows.append(
            [
                curie(iri),
                curie(facts["path"][0]) if facts.get("path") else "",
                count,
                sentence(facts["message"][0]),
            ]
        )
    yield from table(["shape", "property", "how many", "message"], rows)
