"""What strangers type, upload and send to the pages and services beside ``/sparql``."""

from __future__ import annotations

import gzip
import json
from urllib.parse import quote, urlencode

from hostile_server import form, get, posting, request

LAUGHS = (
    "<?xml version='1.0'?><!DOCTYPE l [<!ENTITY a0 'ha'>"
    + "".join(f"<!ENTITY a{n + 1} '{f'&a{n};' * 10}'>" for n in range(9))
    + "]><rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>&a9;</rdf:RDF>"
)
TEXTS = {
    "a quote": "\"'",
    "the end of a row": '"} UNION { ?s ?p ?o } #',
    "an iri that ends": "https://w3id.org/pkgraph/claim/x> } DROP ALL #",
    "a script": "<script>alert(1)</script>",
    "an attribute": '" autofocus onfocus="alert(1)',
    "a template": "{{7*7}}{% for a in b %}${7*7}",
    "a path": "../../../../etc/passwd",
    "nul": "a\0b",
    "new lines": "a\r\nSet-Cookie: a=b\r\n\r\n<html>",
    "marks of direction": "\u202e\u2066x\u2069",
    "accents": "e" + "\u0301" * 400,
    "a surrogate": "%ED%A0%80",
    "no utf-8": "%FF%FE%80",
    "overlong utf-8": "%C0%AF%E0%80%AF",
    "long": "a" * 20_000,
    "many words": "peace " * 3000,
    "a regular expression": "(a+)+$" + "a" * 40,
    "a wildcard": "%*?_.*",
    "a number": "9" * 500,
    "an expression": "1;WAITFOR DELAY '0:0:9'--",
    "a lookup": "${jndi:ldap://127.0.0.1/a}",
    "emoji": "💥" * 300,
}
#: Where a text is typed, and how.
PLACES = {
    "search": "/search?q={}",
    "a thing": "/api/queries/attacks-on?target={}",
    "a thing in a form": "/queries/attacks-on?target={}",
    "a choice": "/api/queries/attacks-on?target=bellamy-2004-1-two-kinds&basis={}",
    "a number": "/api/queries/typologies?minimum={}",
    "a page": "/api/queries/typologies?limit={}",
    "a source": "/api/queries/typologies?source={}",
    "a name of a query": "/queries/{}",
    "a suggestion": "/reconcile/suggest/entity?prefix={}",
    "a callback": "/reconcile?callback={}",
    "a graph": "/graph-store?graph={}",
    "a page of a list": "/claim?page={}",
}
TAKEN = {200, 400, 404, 406, 422}
DEEP = "[" * 100_000
QUERIES = json.dumps({f"q{n}": {"query": f"operation {n}"} for n in range(5000)})
BATCHES = {
    "no json": ("queries={", {400}),
    "deep json": ("queries=" + DEEP, {400}),
    "deep objects": ("queries=" + '{"a":' * 100_000, {400}),
    "deep json that ends": ("queries=" + quote('{"q":' + "[" * 900 + "]" * 900 + "}"), {400}),
    "one key twice": ("queries=" + quote('{"q":{"query":"a"},"q":{"query":"b"}}'), {200, 400}),
    "a list": ("queries=[]", {400}),
    "nothing": ("queries=null", {400}),
    "nan": ("queries=NaN", {400}),
    "infinity": ("queries=" + quote('{"q":{"query":"a","limit":Infinity}}'), {400}),
    "a huge limit": ("queries=" + quote('{"q":{"query":"a","limit":1e400}}'), {400}),
    "a limit of many digits": (
        "queries=" + quote('{"q":{"query":"a","limit":%s}}' % ("9" * 5000)),
        {400},
    ),
    "a limit that is true": ("queries=" + quote('{"q":{"query":"a","limit":true}}'), {400}),
    "a huge batch": ("queries=" + quote(QUERIES), {400}),
    "a long name": ("queries=" + quote(json.dumps({"q": {"query": "a" * 9000}})), {400}),
    "a name of spaces": ("queries=" + quote(json.dumps({"q": {"query": "  "}})), {200, 400}),
    "a name with nul": ("queries=" + quote('{"q":{"query":"a\\u0000b"}}'), {200, 400}),
    "a surrogate": ("queries=" + quote('{"q":{"query":"\\ud800"}}'), {200, 400}),
    "a surrogate as a key": ("queries=" + quote('{"\\ud800":{"query":"a"}}'), {200, 400}),
    "an unknown type": ("queries=" + quote('{"q":{"query":"a","type":"x"}}'), {400}),
    "a type that is an object": ("queries=" + quote('{"q":{"query":"a","type":{"id":{}}}}'), {400}),
    "a type that is a number": ("queries=" + quote('{"q":{"query":"a","type":7}}'), {400}),
    "properties": (
        "queries=" + quote(json.dumps({"q": {"query": "a", "properties": [{}] * 1000}})),
        {200, 400},
    ),
    "a type with a surrogate": ("queries=" + quote('{"q":{"query":"a","type":"\\ud800"}}'), {400}),
    "extend nothing": ("extend=" + quote("{}"), {400}),
    "extend a row": ("extend=" + quote('{"ids":["x> } DROP ALL #"],"properties":[]}'), {200, 400}),
    "extend nul": ("extend=" + quote('{"ids":["\\u0000"],"properties":[]}'), {200, 400}),
    "extend a surrogate": ("extend=" + quote('{"ids":["\\ud800"],"properties":[]}'), {200, 400}),
    "extend objects": ("extend=" + quote('{"ids":[{},[],null,1],"properties":[]}'), {200, 400}),
    "extend many": (
        "extend=" + quote(json.dumps({"ids": ["operation/onuc"] * 5000, "properties": []})),
        {400},
    ),
    "extend a property": ("extend=" + quote('{"ids":[],"properties":[{"id":"\\ud800"}]}'), {400}),
    "many fields": ("a=b&" * 5000, {400}),
    "no form": (b"\xff\xfe\0", {400}),
    "a large form": ("queries=" + "a" * (2 << 20), {413}),
}
XML, TURTLE, JSON = "application/rdf+xml", "text/turtle", "application/ld+json"
PREFIX = "@prefix pk: <https://w3id.org/pkgraph/ontology#> . "


def texts(port):
    """Return what is sent to be checked: its media type, and its text."""
    there = f"http://127.0.0.1:{port}/"
    return {
        "a billion laughs": (XML, LAUGHS),
        "an entity of a file": (
            XML,
            (
                "<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><rdf:RDF "
                "xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>&b;</rdf:RDF>"
            ),
        ),
        "an entity elsewhere": (
            XML,
            (
                f"<!DOCTYPE a SYSTEM '{there}a.dtd'><rdf:RDF "
                "xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'/>"
            ),
        ),
        "deep xml": (XML, "<a>" * 50_000),
        "a stylesheet": (XML, f"<?xml-stylesheet href='{there}'?><a/>"),
        "a context elsewhere": (JSON, json.dumps({"@context": there, "@id": "x:a"})),
        "a context of a file": (JSON, json.dumps({"@context": "file:///etc/passwd"})),
        "contexts elsewhere": (JSON, json.dumps({"@context": [{}, {"@import": there}]})),
        "deep json": (JSON, "[" * 100_000),
        "json that ends": (JSON, "[" * 5000 + "]" * 5000),
        "deep turtle": (TURTLE, "<x:a> <x:b> " + "[ <x:p> " * 20_000 + "]" * 20_000 + " ."),
        "a deep list": (TURTLE, "<x:a> <x:b> " + "(" * 20_000 + ")" * 20_000 + " ."),
        "an open string": (TURTLE, '<x:a> <x:b> """' + "a" * 500_000),
        "an import": (TURTLE, f"<x:a> <http://www.w3.org/2002/07/owl#imports> <{there}> ."),
        "a base elsewhere": (TURTLE, f"@base <{there}> . <a> <b> <c> ."),
        "nul": (TURTLE, "<x:a> <x:b> 'a\0b' ."),
        "a pattern": (TURTLE, PREFIX + "<x:a> pk:pages '" + "1-" * 5000 + "' ."),
        "turtle in gzip": (TURTLE, gzip.compress(b"<x:a> <x:b> <x:c> .")),
        "a bomb in gzip": (TURTLE, gzip.compress(b" " * (64 << 20))),
        "random bytes": (TURTLE, bytes(range(256)) * 100),
        "utf-16": (TURTLE, "<x:a> <x:b> <x:c> .".encode("utf-16")),
        "turtle called xml": (XML, "<x:a> <x:b> <x:c> ."),
        "a citation that goes on": ("application/x-bibtex", "@book{a, title={" + "{" * 20_000),
        "a note without end": ("application/x-research-info-systems", "TY  - BOOK\n" * 20_000),
        "quads": ("application/n-quads", f"<x:a> <x:b> <x:c> <{there}> .\n" * 100),
        "many triples": ("application/n-triples", "<x:a> <x:b> <x:c> .\n" * 40_000),
    }


def cases(port):
    """Yield each case: its name, the request, the statuses, and what time it may take."""
    for place, target in PLACES.items():
        for name, text in TEXTS.items():
            typed = text if text.startswith("%") and text[1] in "EFC" else quote(text, safe="")
            statuses = TAKEN | {431} if len(typed) > 60_000 else TAKEN
            yield f"{place}: {name}", get(target.format(typed)), statuses, 1
    yield from _strange()
    for name, (content, statuses) in BATCHES.items():
        yield f"reconcile: {name}", form("/reconcile", content), statuses, 1
    yield "reconcile in gzip", form("/reconcile", gzip.compress(b"queries={}")), {400, 415}, 0
    for name, (kind, text) in texts(port).items():
        body = text if isinstance(text, bytes) else text.encode()
        yield f"check: {name}", posting("/check", kind, body), {200, 400}, 20
        typed = urlencode({"text": text if isinstance(text, str) else "x"})
        if len(typed) < 2000:
            yield f"check a text: {name}", form("/check", typed), {200, 400}, 20
    yield "check: too large", posting("/check", TURTLE, b"#" * (3 << 20)), {413, 0}, 1
    for kind in ("", "text/plain", "application/zip", "image/png", "*/*", "multipart/form-data"):
        yield f"check as {kind}", posting("/check", kind, b"x"), {400, 415}, 0
    for name, body in _parts().items():
        kind = "multipart/form-data; boundary=b"
        yield f"check parts: {name}", posting("/check", kind, body), {200, 400}, 20


def _strange():
    """Yield requests to the pages that are wrong by their parameters."""
    for target in (
        "/api/queries/attacks-on",
        "/api/queries/attacks-on?target=a&target=b",
        "/api/queries/attacks-on?aim=a",
        "/api/queries/attacks-on?" + "a=b&" * 5000,
        "/api/queries/typologies?limit=0",
        "/api/queries/typologies?limit=1e9",
        "/api/queries/typologies?limit=99999999999",
        "/api/queries/typologies?offset=-1",
        "/api/queries/typologies?offset=%D9%A3",
        "/api/queries/typologies?minimum=%EF%BC%91",
        "/api/queries/personnel-by-state?" + "&".join(f"a{n}=b" for n in range(300)),
        "/api/queries/typologies?" + "&".join(f"source=s{n}" for n in range(300)),
        "/queries/attacks-on?target=a&target=b",
        "/queries/attacks-on.csv",
        "/claim?page=0",
        "/claim?page=99999999999999999999",
        "/claim?page=%D9%A3",
        "/claim/bellamy-2004-1-two-kinds.html?page=99999999999999999999",
        "/graph-store",
        "/graph-store?default&graph=x:a",
        "/graph-store?graph=file:///etc/passwd",
        "/graph-store?graph=http://127.0.0.1/",
        "/graph-store?graph=",
        "/search?q=",
        "/search?q=a&q=b&" + "q=c&" * 300,
    ):
        yield f"parameters: {target[:60]}", get(target), TAKEN, 1
    for target in ("/graph-store?default", "/graph-store?graph=x:a", "/claim/x", "/health"):
        for method in ("PUT", "POST", "DELETE", "PATCH"):
            fields = ["Content-Type: text/turtle"]
            raw = request(method, target, *fields, body=b"<x:a> <x:b> <x:c> .")
            yield f"{method} {target}", raw, {405}, 0


def _parts():
    """Return bodies of several parts that are wrong."""
    part = b'--b\r\nContent-Disposition: form-data; name="text"\r\n\r\nx\r\n'
    file = part.replace(b'"text"', b'"file"; filename="%s"') + b"--b--\r\n"
    return {
        "no end": part,
        "no parts": b"--b--\r\n",
        "no boundary": b"x" * 1000,
        "many parts": part * 2000 + b"--b--\r\n",
        "many fields": b"--b\r\n" + b"X: a\r\n" * 20_000 + b"\r\n\r\n--b--\r\n",
        "a long field": b"--b\r\nX: " + b"a" * 500_000 + b"\r\n\r\n--b--\r\n",
        "a part without a name": b"--b\r\nContent-Disposition: form-data\r\n\r\nx\r\n--b--\r\n",
        "a file out of its folder": file % b"../../../../etc/passwd",
        "a file with nul": file % b"a\0.ttl",
        "a file with a long name": file % (b"a" * 5000 + b".ttl"),
        "a file that is a device": file % b"/dev/zero",
        "a file that is an option": file % b"--help",
        "a file of another kind": file % b"a.exe",
        "two files": (file % b"a.ttl")[:-7] + b"\r\n" + file % b"b.ttl",
        "a name that is no utf-8": file % b"\xff\xfe.ttl",
    }
