"""
Make the hostile files that are too large to keep, or that no archive of files can hold.

What is small stands in ``tests/corpus/hostile``; what is expected of all of them, in
``expected.json`` there.
"""

from __future__ import annotations

import gzip
import io
import json
import os
import zipfile
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from pkgraph import namespaces

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

MIB: Final = 1 << 20
#: On one line, so that what comes after it stands on the second, whatever is declared.
PREFIXES: Final = (
    " ".join(f"@prefix {p}: <{iri}> ." for p, iri in namespaces.prefixes().items()) + "\n"
)
PERSON: Final = (
    'person:example-rudolf a pk:Person ; rdfs:label "{}"@en ; pk:familyName "Rassendyll" .\n'
)
RDF_XML: Final = (
    f'<rdf:RDF xmlns:rdf="{namespaces.RDF}" xmlns:rdfs="{namespaces.RDFS}"'
    f' xmlns:pk="{namespaces.PK}">{{}}</rdf:RDF>'
)
PERSON_XML: Final = (
    f'<pk:Person rdf:about="{namespaces.BASE}person/example-rudolf">'
    '<rdfs:label xml:lang="en">{}</rdfs:label></pk:Person>'
)


def _turtle(body: str) -> str:
    return PREFIXES + body


def _each(statement: str, count: int) -> str:
    """Return *statement* so many times, with {0} its number and {1} the next."""
    return "".join(statement.format(number, number + 1) for number in range(count))


def _json_ld(**more: object) -> str:
    context = {"pk": namespaces.PK, "rdfs": namespaces.RDFS, "x": "urn:x:"}
    return json.dumps({"@context": context, "@id": "x:a", "@type": "pk:Person", **more})


def _nested(opener: str, inner: str, closer: str, depth: int) -> str:
    return opener * depth + inner + closer * depth


def _zip(name: str, content: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return file.getvalue()


#: The text or the bytes of a file, by its name.
CONTENTS: Final[Mapping[str, Callable[[], str | bytes]]] = MappingProxyType(
    {
        # Deep
        "deep-brackets.ttl": lambda: _turtle(
            f"claim:a pk:about {_nested('[ pk:about ', '1', ']', 100_000)} ."
        ),
        "deep-lists.ttl": lambda: _turtle(f"claim:a pk:about {_nested('(', '1', ')', 100_000)} ."),
        "deep-brackets-open.ttl": lambda: _turtle("claim:a pk:about " + "[ pk:about " * 100_000),
        "deep-triple-terms.ttl": lambda: _turtle(
            f"claim:a pk:about {_nested('<<( claim:a pk:about ', '1', ')>>', 100_000)} ."
        ),
        "deep-annotations.ttl": lambda: _turtle(
            f"claim:a pk:about 1 {_nested('{| pk:about 1 ', '', '|}', 20_000)} ."
        ),
        "deep.jsonld": lambda: _nested('{"urn:p":', "1", "}", 10_000),
        "deep-arrays.jsonld": lambda: _nested("[", "", "]", 100_000),
        "deep-lists.jsonld": lambda: (
            '{"@id":"urn:a","urn:p":' + _nested('{"@list":[', "", "]}", 10_000) + "}"
        ),
        "deep-graphs.jsonld": lambda: _nested('{"@graph":', "1", "}", 10_000),
        "deep-contexts.jsonld": lambda: (
            '{"@context":' + _nested('{"p":{"@id":"urn:p","@context":', "{}", "}}", 1000) + "}"
        ),
        "deep-and-wide.jsonld": lambda: _nested('{"urn:p":', str([1] * 100_000), "}", 30),
        "deep.rdf": lambda: RDF_XML.format(
            _nested("<pk:Claim><pk:about>", "", "</pk:about></pk:Claim>", 100_000)
        ),
        "deep-literal.rdf": lambda: RDF_XML.format(
            '<pk:Claim><pk:about rdf:parseType="Literal">'
            + _nested("<b>", "", "</b>", 100_000)
            + "</pk:about></pk:Claim>"
        ),
        "chain-of-passages.ttl": lambda: _turtle(
            _each("passage:p{0} a pk:Passage ; pk:partOf passage:p{1} ; pk:firstLine 1 .\n", 33_000)
        ),
        # Many
        "blank-nodes.ttl": lambda: _turtle("[] a pk:Claim .\n" * 99_999),
        "blank-nodes.nt": lambda: _each(f"_:b{{0}} <{namespaces.PK}about> _:b{{1}} .\n", 99_999),
        "blank-nodes.rdf": lambda: RDF_XML.format("<pk:Claim/>" * 99_999),
        "list-of-40-thousand.ttl": lambda: _turtle(f"claim:a pk:about ({'1 ' * 40_000}) ."),
        "list-of-100-thousand.ttl": lambda: _turtle(f"claim:a pk:about ({'1 ' * 100_000}) ."),
        "list-of-100-thousand.jsonld": lambda: _json_ld(**{"x:p": {"@list": [1] * 100_000}}),
        "collection-of-100-thousand.rdf": lambda: RDF_XML.format(
            '<pk:Claim><pk:about rdf:parseType="Collection">'
            + "<pk:Claim/>" * 100_000
            + "</pk:about></pk:Claim>"
        ),
        "statements.ttl": lambda: _turtle(_each("person:p{0} a pk:Person .\n", 100_001)),
        "statements.nt": lambda: _each("<urn:a> <urn:p> <urn:b{0}> .\n", 300_000),
        "statements.jsonld": lambda: _json_ld(**{"x:p": list(range(300_000))}),
        "people.ttl": lambda: _turtle(
            _each(PERSON.replace("rudolf", "{0}").replace('"{}"', '"Rudolf"'), 33_000)
        ),
        "claims-of-nothing.ttl": lambda: _turtle(_each("claim:c{0} a pk:Claim .\n", 99_000)),
        "values-of-nothing.ttl": lambda: _turtle(
            "claim:a a pk:Claim ; pk:about " + _each("concept:c{0} , ", 95_000) + "concept:x ."
        ),
        "links-to-nothing.ttl": lambda: _turtle(
            _each("link:l{0} a pk:ArgumentLink ; pk:from claim:c ; pk:to claim:d{0} .\n", 33_000)
        ),
        "classes-of-nothing.ttl": lambda: _turtle(
            "person:a a " + _each("pk:T{0} , ", 95_000) + "pk:T ."
        ),
        "terms-misspelt.ttl": lambda: _turtle(_each("person:p{0} a pk:Persson .\n", 99_000)),
        "labels.ttl": lambda: _turtle(
            "person:a a pk:Person ; rdfs:label " + _each('"l{0}"@en , ', 95_000) + '"l"@en .'
        ),
        "lines.ttl": lambda: _turtle(
            _each("occurrence:o{0} a pk:Occurrence ; pk:inPassage passage:x ; ", 1)
            + "pk:firstLine "
            + _each("{0} , ", 45_000)
            + "7 ; "
            + "pk:lastLine "
            + _each("{0} , ", 45_000)
            + "7 ."
        ),
        "lines-of-many.ttl": lambda: _turtle(
            _each(
                "occurrence:o{0} a pk:Occurrence ; pk:firstLine "
                + ", ".join(map(str, range(101, 141)))
                + " ; pk:lastLine "
                + ", ".join(map(str, range(1, 41)))
                + " .\n",
                1_200,
            )
        ),
        "prefixes.ttl": lambda: _each("@prefix p{0}: <urn:{0}:> .\n", 300_000) + "p1:a p1:b 1 .",
        "more-about-others.ttl": lambda: _turtle(
            _each("claim:bellamy-2004-1-no-victory <urn:p{0}> 1 .\n", 50_000)
        ),
        "keys-of-a-context.jsonld": lambda: json.dumps(
            {"@context": {f"t{number}": "urn:t" for number in range(100_000)}, "@id": "urn:a"}
        ),
        "chain-of-terms.jsonld": lambda: json.dumps(
            {"@context": {f"t{n}": {"@id": f"t{n + 1}:a"} for n in range(100_000)}, "t0": 1}
        ),
        "attributes.rdf": lambda: RDF_XML.format(
            "<pk:Claim " + _each("pk:p{0}='' ", 100_000) + "/>"
        ),
        "prefixes.rdf": lambda: RDF_XML.format(
            "<pk:Claim " + _each("xmlns:p{0}='x:' ", 100_000) + "/>"
        ),
        "references-to-characters.rdf": lambda: RDF_XML.format(
            PERSON_XML.format("&#65;" * 1_000_000)
        ),
        # Huge
        "file.ttl": lambda: b"#" * (16 * MIB + 1),
        "comment.ttl": lambda: _turtle("#" + "x" * 15 * MIB),
        "white-space.ttl": lambda: _turtle(
            PERSON.format("Rudolf").replace(" ; ", " " * 5 * MIB + ";")
        ),
        "label.ttl": lambda: _turtle(PERSON.format("x" * 15 * MIB)),
        "label-of-9-thousand.ttl": lambda: _turtle(
            f"concept:example-calm a pk:Concept ; rdfs:label '{'x' * 9_000}'@en ."
        ),
        "note-of-15-thousand.ttl": lambda: _turtle(
            'concept:example-calm a pk:Concept ; rdfs:label "calm"@en ; '
            f"skos:editorialNote '{'x' * 15_000}'@en ."
        ),
        "label-in-long-letters.ttl": lambda: _turtle(PERSON.format("\U0001d11e" * (15 * MIB // 4))),
        "label-of-escapes.ttl": lambda: _turtle(PERSON.format("\\u0041" * 2_000_000)),
        "label.jsonld": lambda: _json_ld(**{"rdfs:label": "x" * 15 * MIB}),
        "label.rdf": lambda: RDF_XML.format(PERSON_XML.format("x" * 15 * MIB)),
        "number.ttl": lambda: _turtle(f"claim:a pk:number {'9' * 5 * MIB} ."),
        "number.jsonld": lambda: '{"@id":"urn:a","urn:p":' + "9" * 5 * MIB + "}",
        "iri.ttl": lambda: _turtle(f"person:{'a' * 15 * MIB} a pk:Person ."),
        "prefix.ttl": lambda: f"@prefix a: <urn:{'a' * 15 * MIB}> .\na:a a:b a:c , a:d .",
        "prefix-repeated.ttl": lambda: (
            f"@prefix a: <urn:{'a' * 5_000}> .\n" + _each("a:a{0} a:b a:c .\n", 90_000)
        ),
        "language.ttl": lambda: _turtle(f"claim:a rdfs:label 'x'@en-{'a' * 5 * MIB} ."),
        "line-with-a-fault.ttl": lambda: f"<urn:a> <urn:b> {'1, ' * 90_000} oops",
        "long-string-without-end.nt": lambda: '<urn:a> <urn:b> """' + "x\\\"'" * 3_000_000,
        "string-without-end.jsonld": lambda: '{"@id": "' + "x\\\\" * 4_000_000,
        "long-iri-without-end.ttl": lambda: "<urn:a> <urn:b> <" + "x" * 15 * MIB,
        "one-line.jsonld": lambda: "[" + "[]," * 3_000_000 + "[]]",
        # Packed
        "bomb.ttl.gz": lambda: gzip.compress(b"\0" * 64 * MIB, mtime=0),
        "bomb.zip": lambda: _zip("a.ttl", b"\0" * 64 * MIB),
        "bomb.xlsx": lambda: _zip("xl/workbook.xml", b" " * 64 * MIB),
        "bomb-under-another-ending.ttl": lambda: gzip.compress(b"\0" * 64 * MIB, mtime=0),
        "wide.csv": lambda: "person *," + "note," * 100_000 + "\n",
        "long.csv": lambda: "person *,label *\n" + _each("p{0},Rudolf\n", 200_000),
        "cell.csv": lambda: "person *,label *\na," + "x" * 5 * MIB + "\n",
        "braces.bib": lambda: "@book{a, title = " + _nested("{", "x", "}", 100_000) + "}",
        "entries.bib": lambda: _each(
            "@book{{k{0}, author = {{Hope, A.}}, title = {{Zenda {0}}}, year = 1894}}\n", 50_000
        ),
        "deep.json": lambda: _nested("[", "", "]", 100_000),
    }
)


def _link_to(target: str) -> Callable[[Path], None]:
    return lambda path: path.symlink_to(target)


def _person(path: Path) -> None:
    path.write_text(_turtle(PERSON.format("Rudolf Rassendyll")), "utf-8")


def _nothing(_: Path) -> None:
    """Make nothing: the name alone is hostile."""


#: What makes a file that is none, or has a name that few files have, by its name.
MAKERS: Final[Mapping[str, Callable[[Path], None]]] = MappingProxyType(
    {
        "link-to-passwd.ttl": _link_to("/etc/passwd"),
        "link-to-itself.ttl": _link_to("link-to-itself.ttl"),
        "link-to-nothing.ttl": _link_to("nothing.ttl"),
        "link-to-a-device.ttl": _link_to("/dev/zero"),
        "pipe.ttl": os.mkfifo,
        "folder.ttl": lambda path: path.mkdir(),
        "/dev/zero": _nothing,
        "/dev/null": _nothing,
        "/proc/self/mem": _nothing,
        "missing.ttl": _nothing,
        "../../../../../../../../etc/shadow.ttl": _nothing,
        "http://192.0.2.1/claims.ttl": _nothing,
        "file:///etc/passwd": _nothing,
        "--shapes=http://192.0.2.1/": _nothing,
        "a" * 300 + ".ttl": _nothing,
        "name\nwith-a-line.ttl": _person,
        "\x1b[2J\x1b]0;name\x07.ttl": _person,
        "name-turned\u202eltt.ttl": _person,
        "name-of-bytes\udcff.ttl": _person,
        "name with spaces & $(id) `id`.ttl": _person,
        "%2e%2e%2fname.ttl": _person,
        "без-имени.ttl": _person,
        ".ttl": _person,
        "name-without-ending": _person,
    }
)


def make(name: str, folder: Path) -> None:
    """Make the file *name* in *folder*."""
    path = folder / name
    if name in CONTENTS:
        content = CONTENTS[name]()
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    else:
        MAKERS[name](path)
