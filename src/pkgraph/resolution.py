"""
Turn what a person types for a parameter into the RDF term that is meant.

A thing may be given by its IRI, its CURIE, the last part of its IRI, or a name that only it has
among the things that the parameter takes. A name that several have is refused with the list of
them, and one that none has with the names most like it: nothing is guessed.
"""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING, Final

from pkgraph import namespaces, search, terms
from pkgraph.catalogue import plain_term, wanted, write
from pkgraph.errors import AmbiguousNameError, NotFoundError, ParameterError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pyoxigraph as ox

    from pkgraph.catalogue import Parameter, Term
    from pkgraph.store import Store

#: What an IRI looks like. A name may have a colon too, but then there is a space in it.
_ABSOLUTE: Final = re.compile(r"[a-z][a-z0-9+.-]*:\S+", re.IGNORECASE)
#: What a parameter takes that takes things of every class, as the catalogue says it.
_ANYTHING: Final = "any thing"
#: How many candidates a message names.
_SHOWN: Final = 10


def resolve(store: Store, parameter: Parameter, text: str) -> Term:
    """
    Return the term that *text* stands for as a value of *parameter*.

    Raises:
        ParameterError: *text* is not of the kind or class that the parameter takes.
        AmbiguousNameError: Several things are called so.
        NotFoundError: Nothing is.
    """
    try:
        if parameter.kind == "iri":
            return thing(store, text, parameter.class_iris, wanted(parameter))
        term = plain_term(parameter, text)
    except ParameterError as error:
        raise ParameterError(f"{parameter.name}: {error}") from None
    if parameter.scheme and not _is_value(store, term, parameter.scheme):
        options = ", ".join(_values(store, parameter.scheme))
        raise ParameterError(f"{parameter.name}: there is no '{text}'; it takes one of {options}")
    return term


def thing(
    store: Store, text: str, classes: Sequence[str] = (), description: str = _ANYTHING
) -> ox.NamedNode:
    """
    Return the thing that *text* names, which must be of one of *classes*, if any are given.

    Raises:
        ParameterError: *text* names a thing of another class.
        AmbiguousNameError: Several things are called so; the error has their IRIs.
        NotFoundError: Nothing is called so; the error has the nearest names.
    """
    text = text.strip()
    terms.literal(text, "string")
    if _ABSOLUTE.fullmatch(text):
        iri = terms.iri(namespaces.expand(text) or text)
        return _given(store, text, iri, classes, description)
    found = _by_slug(store, text, classes) or _by_name(store, text, classes)
    if not found:
        other = _by_slug(store, text, ()) or _by_name(store, text, ()) if classes else ()
        if other:
            raise ParameterError(f"'{text}' is {_list(other)}, not {description}")
        found = search.called(search.index(store), text, classes)
        if not found:
            raise _not_found(store, text, classes, description)
    if len(found) > 1:
        raise AmbiguousNameError(
            f"'{text}' may be {_list(found)}; write which of them is meant", found
        )
    return terms.iri(found[0])


def _given(
    store: Store, text: str, iri: ox.NamedNode, classes: Sequence[str], description: str
) -> ox.NamedNode:
    """Return *iri* if it is in the store and of one of *classes*."""
    rows = search.texts(store.query(f"SELECT DISTINCT ?class WHERE {{ {iri} a ?class }}"))
    if not rows:
        raise _not_found(store, text, classes, description)
    found = {row[0] for row in rows}
    if classes and found.isdisjoint(classes):
        kinds = ", ".join(sorted(map(namespaces.compact, found)))
        raise ParameterError(f"'{text}' is {kinds}, not {description}")
    return iri


def _by_slug(store: Store, text: str, classes: Sequence[str]) -> tuple[str, ...]:
    """Return the things of *classes* whose IRI ends in *text*."""
    if terms.slug(text) != text:
        return ()
    ours = [each for each in namespaces.prefixes().values() if each.startswith(namespaces.BASE)]
    candidates = " ".join(str(terms.iri(each + text)) for each in ours)
    return _things(store, f"VALUES ?thing {{ {candidates} }}", classes)


def _by_name(store: Store, text: str, classes: Sequence[str]) -> tuple[str, ...]:
    """Return the things of *classes* that have exactly the name *text*."""
    literal = write(terms.literal(text, "string"))
    pattern = f"VALUES ?name {{ {literal} {literal}@en }} ?thing {search.NAMING} ?name ."
    return _things(store, pattern, classes)


def _things(store: Store, pattern: str, classes: Sequence[str]) -> tuple[str, ...]:
    """Return the things of ours, and of *classes* if any, that *pattern* finds, in order."""
    of_class = " ".join(str(terms.iri(each)) for each in classes)
    only = f"VALUES ?class {{ {of_class} }}" if classes else ""
    answer = store.query(
        f"{search.PREFIXES}SELECT DISTINCT ?thing WHERE {{ {pattern} ?thing a ?class . {only} "
        f'FILTER(STRSTARTS(STR(?thing), "{namespaces.BASE}")) }} ORDER BY ?thing'
    )
    return tuple(row[0] for row in search.texts(answer))


def _not_found(store: Store, text: str, classes: Sequence[str], description: str) -> NotFoundError:
    # Of an IRI or a CURIE, the last part is what may be misspelt.
    last = re.split("[:/#]", text)[-1]
    near = tuple(name.iri for name in search.likest(search.index(store), last, classes))
    hint = (
        f"did you mean {_list(near, 'or')}?" if near else f"try: pkgraph find {shlex.quote(text)}"
    )
    of_class = "" if description == _ANYTHING else f" that is {description}"
    return NotFoundError(f"nothing{of_class} is called '{text}'; {hint}", near)


def _list(iris: Sequence[str], word: str = "or") -> str:
    """Write *iris* as a list of CURIEs, the end of a long one left out with its number."""
    names = list(map(namespaces.compact, iris[:_SHOWN]))
    more = [f"one of {len(iris) - _SHOWN} more"] if len(iris) > _SHOWN else []
    return f" {word} ".join([*names, *more])


def _is_value(store: Store, term: Term, scheme: str) -> bool:
    return bool(store.query(f"{search.PREFIXES}ASK {{ {term} skos:inScheme {terms.iri(scheme)} }}"))


def _values(store: Store, scheme: str) -> list[str]:
    """Return the values of *scheme* as people type them."""
    answer = store.query(
        f"{search.PREFIXES}SELECT ?value WHERE {{ ?value skos:inScheme {terms.iri(scheme)} }} "
        "ORDER BY ?value"
    )
    return [value.rpartition("/")[2] for (value,) in search.texts(answer)]
