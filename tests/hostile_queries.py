"""Queries that mean harm, or look as if they did, and the statuses that they have to get."""

from __future__ import annotations

from urllib.parse import quote

from hostile_server import asking, form, get, request

DIGITS = " ".join(f'"{digit * 20}"' for digit in "0123456789")
BOMB = "".join(f"VALUES ?v{each} {{ {DIGITS} }} " for each in range(8))
ANY = "(!<x:y>|^!<x:y>)"
#: What a query is refused for, and what ends one that runs: time, memory or size.
REFUSED = {400}
ENDED = {504, 507, 413}


def doubled_by_bind(times):
    """Return a query in which a text doubles so many times."""
    binds = "".join(f"BIND(CONCAT(?t{each}, ?t{each}) AS ?t{each + 1}) " for each in range(times))
    return f'SELECT (STRLEN(?t{times}) AS ?n) {{ BIND("xxxxxxxxxx" AS ?t0) {binds} }}'


def doubled_by_replace(times):
    """Return a query with an expression of a text that doubles so many times."""
    text = '"xxxxxxxxxx"'
    for _ in range(times):
        text = f'REPLACE({text}, ".", "$0$0")'
    return f"SELECT ({text} AS ?x) {{}}"


def reaching(port):
    """Return queries and updates that would reach the listener at *port*, or a file."""
    there = f"http://127.0.0.1:{port}/"
    data = "{ <x:a> <x:b> <x:c> }"
    return {
        "service": f"SELECT * {{ SERVICE <{there}> {{ ?s ?p ?o }} }}",
        "service silent": f"SELECT * {{ SERVICE SILENT <{there}> {{ ?s ?p ?o }} }}",
        "service in small letters": f"select * {{ service <{there}> {{ ?s ?p ?o }} }}",
        "service by a variable": f"SELECT * {{ BIND(<{there}> AS ?u) SERVICE ?u {{ ?s ?p ?o }} }}",
        "service by values": f"SELECT * {{ VALUES ?u {{ <{there}> }} SERVICE ?u {{ ?s ?p ?o }} }}",
        "service with escapes": f"SELECT * {{ \\u0053ERVICE <{there}> {{ ?s ?p ?o }} }}",
        "service glued to a name": f"SELECT * {{ ?s ?p ?o.SERVICE <{there}> {{ ?a ?b ?c }} }}",
        "service glued to a number": f"SELECT * {{ ?s ?p 5SERVICE<{there}>{{ ?a ?b ?c }} }}",
        "service in exists": f"ASK {{ FILTER EXISTS {{ SERVICE <{there}> {{ ?s ?p ?o }} }} }}",
        "service in optional": f"ASK {{ OPTIONAL {{ SERVICE <{there}> {{ ?s ?p ?o }} }} }}",
        "service in a subquery": f"ASK {{ {{ SELECT * {{ SERVICE <{there}> {{ ?s ?p ?o }} }} }} }}",
        "service after a comment": f"ASK {{ # }}\n SERVICE <{there}> {{ ?s ?p ?o }} }}",
        "service in construct": f"CONSTRUCT WHERE {{ SERVICE <{there}> {{ ?s ?p ?o }} }}",
        "load": f"LOAD <{there}>",
        "load silent into": f"LOAD SILENT <{there}> INTO GRAPH <x:g>",
        "load a file": "LOAD <file:///etc/passwd>",
        "insert data": f"INSERT DATA {data}",
        "insert where": f"INSERT {data} WHERE {{}}",
        "delete data": f"DELETE DATA {data}",
        "delete where": "DELETE WHERE { ?s ?p ?o }",
        "delete insert": f"DELETE {data} INSERT {data} WHERE {{}}",
        "with": f"WITH <x:g> DELETE {data} WHERE {{}}",
        "clear": "CLEAR ALL",
        "drop": "DROP SILENT ALL",
        "create": "CREATE GRAPH <x:g>",
        "copy": "COPY DEFAULT TO <x:g>",
        "move": "MOVE <x:a> TO <x:b>",
        "add": "ADD <x:a> TO DEFAULT",
        "a query and an update": "ASK {} ; DROP ALL",
        "an update after a prefix": f"PREFIX a: <x:> INSERT DATA {data}",
        "two queries": "ASK {} ASK {}",
    }


def empty_or_refused(port):
    """Return queries of graphs that are not here: they are refused, or have no rows."""
    there = f"http://127.0.0.1:{port}/"
    return {
        "from a file": "SELECT * FROM <file:///etc/passwd> WHERE { ?s ?p ?o }",
        "from http": f"SELECT * FROM <{there}> WHERE {{ ?s ?p ?o }}",  # noqa: S608 - no SQL
        "from named": f"SELECT * FROM NAMED <{there}> {{ GRAPH ?g {{ ?s ?p ?o }} }}",  # noqa: S608
        "from a relative file": "SELECT * FROM <../../../etc/passwd> WHERE { ?s ?p ?o }",
        "describe a file": "DESCRIBE <file:///etc/passwd>",
        "graph of a file": "SELECT * { GRAPH <file:///etc/passwd> { ?s ?p ?o } }",
    }


#: Queries that run until a limit ends them, or that an engine with more wit may answer at once.
HEAVY = {
    "a cross product": "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
    "a filtered cross product": "SELECT (COUNT(*) AS ?n) "
    "{ ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(?c < ?f) }",
    "a cross product to ask": "ASK { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(?a = <x:no>) }",
    "a path from all to all": f"SELECT (COUNT(*) AS ?n) {{ ?a {ANY}+ ?b . ?b {ANY}+ ?c }}",
    "a path of paths": f"SELECT (COUNT(*) AS ?n) {{ ?a (({ANY}*)*)* ?b . ?b (({ANY}+)?)+ ?c }}",
    "a long path": f"SELECT (COUNT(*) AS ?n) {{ ?a {'/'.join([ANY] * 20)} ?b }}",
    "a regular expression": f"SELECT (COUNT(*) AS ?n) {{ {BOMB} "
    'FILTER REGEX(CONCAT(?v0, ?v4, ?v7), "^(([0-9]+)+)+x$") }',
    "a concatenation": f"SELECT (GROUP_CONCAT(CONCAT(?v0, ?v1, ?v2, ?v3)) AS ?x) {{ {BOMB} }}",
    "a text doubled by bind": doubled_by_bind(60),
    "a text doubled by replace": doubled_by_replace(40),
    "a sort": f"SELECT * {{ {BOMB} }} ORDER BY DESC(?v7)",
    "distinct rows": f"SELECT DISTINCT * {{ {BOMB} }} OFFSET 99999999",
    "an offset": f"SELECT * {{ {BOMB} }} OFFSET 999999999",
    "groups": f"SELECT ?v0 ?v1 ?v2 ?v3 ?v4 ?v5 ?v6 (COUNT(*) AS ?n) {{ {BOMB} }} "
    "GROUP BY ?v0 ?v1 ?v2 ?v3 ?v4 ?v5 ?v6",
    "a graph without end": "CONSTRUCT { ?a ?b ?f } WHERE { ?a ?b ?c . ?d ?e ?f }",
    "minus": f"SELECT (COUNT(*) AS ?n) {{ {BOMB} MINUS {{ ?v0 ?p ?o . ?x ?y ?z }} }}",
    "optional products": "SELECT (COUNT(*) AS ?n) { ?a ?b ?c OPTIONAL { ?d ?e ?f } "
    "OPTIONAL { ?g ?h ?i } }",
    "exists in exists": "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f FILTER NOT EXISTS "
    "{ ?g ?h ?i FILTER(?i = ?a && ?h = ?c) } }",
    "many random numbers": f"SELECT (SUM(RAND()) AS ?n) {{ {BOMB} }}",
    "hashes": f"SELECT (MAX(SHA512(CONCAT(?v0, ?v1, ?v2))) AS ?n) {{ {BOMB} }}",
}

#: Texts that are too much to be read.
TOO_MUCH = {
    "parentheses": "SELECT * { FILTER(" + "(" * 5000 + "1" + ")" * 5000 + ") }",
    "open parentheses": "SELECT * { FILTER" + "(" * 15_000,
    "braces": "SELECT * " + "{" * 5000 + "}" * 5000,
    "open braces": "SELECT * " + "{" * 15_000,
    "optionals": "SELECT * " + "{ OPTIONAL " * 800 + "{}" + "}" * 800,
    "exists": "ASK " + "{ FILTER EXISTS " * 800 + "{}" + "}" * 800,
    "subqueries": "SELECT * " + "{ SELECT * " * 800 + "{}" + "}" * 800,
    "brackets": "ASK { " + "[ <x:p> " * 1500 + "1" + "]" * 1500 + " <x:p> 1 }",
    "lists": "ASK { " + "(" * 3000 + ")" * 3000 + " <x:p> 1 }",
    "negations": "ASK { FILTER(" + "!" * 9000 + "true) }",
    "signs": "ASK { FILTER(" + "-" * 9000 + "1 = 1) }",
    "a long sum": "ASK { FILTER(1" + "+1" * 9000 + " = 1) }",
    "a long or": "ASK { FILTER(true" + "||true" * 2500 + ") }",
    "nested if": "SELECT (" + "IF(true," * 1500 + "1" + ",1)" * 1500 + " AS ?x) {}",
    "nested paths": "ASK { ?a " + "(" * 4000 + "<x:p>" + ")*" * 4000 + " ?b }",
    "a chain of paths": "ASK { ?a <x:p>" + "/<x:p>" * 2500 + " ?b }",
    "inverse paths": "ASK { ?a " + "^" * 9000 + "<x:p> ?b }",
    "unions": "ASK { {}" + "UNION{}" * 2500 + " }",
    "triple terms": "ASK { " + "<<( ?s ?p " * 1500 + "1" + " )>>" * 1500 + " ?p ?o }",
    "reified triples": "ASK { " + "<< ?s ?p " * 1500 + "1" + " >>" * 1500 + " ?p ?o }",
    "values": "SELECT * { VALUES ?x { " + "1 " * 9000 + "} }",
    "prefixes": "".join(f"PREFIX p{each}: <x:> " for each in range(1000)) + "ASK {}",
    "variables": "SELECT " + " ".join(f"?v{each}" for each in range(3000)) + " {}",
    "a long iri": f"ASK {{ <http://x/{'a' * 30_000}> ?p ?o }}",
    "a long string": f'ASK {{ ?s ?p "{"a" * 30_000}" }}',
    "a long name": f"ASK {{ ?{'a' * 30_000} ?p ?o }}",
    "a long comment": f"#{'a' * 30_000}\nASK {{}}",
}

#: What cannot be read.
BROKEN = {
    "a string that is open": 'ASK { ?s ?p "abc',
    "a long string that is open": 'ASK { ?s ?p """abc" }',
    "an iri that is open": "ASK { ?s ?p <abc",
    "an iri with a space": "ASK { ?s ?p <http://a b> }",
    "a backslash": "ASK { \\ }",
    "a bad escape": 'ASK { ?s ?p "\\q" }',
    "an escape of no character": 'ASK { ?s ?p "\\uD800" }',
    "an escape beyond all": 'ASK { ?s ?p "\\UFFFFFFFF" }',
    "nul in the text": "ASK\0{}",
    "no words": "%%%%",
    "words": "please give me everything",
    "sql": "SELECT * FROM users; DROP TABLE users --",
    "a template": "{{7*7}}${7*7}<%= 7*7 %>",
    "xml": "<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>",
    "an unknown function": "ASK { FILTER(SYSTEM('id')) }",
    "an undeclared prefix": "ASK { a:b a:c a:d }",
    "an aggregate in a filter": "ASK { FILTER(COUNT(*) > 1) }",
    "a variable twice": "SELECT (1 AS ?a) (2 AS ?a) {}",
    "a select without variables": "SELECT { ?s ?p ?o }",
    "rows of another width": "ASK { VALUES (?a ?b) { (1) } }",
    "a negative limit": "SELECT * { ?s ?p ?o } LIMIT -1",
    "a huge limit": f"SELECT * {{ ?s ?p ?o }} LIMIT {'9' * 100}",
    "another prefix named service": "PREFIX SERVICE: <x:> ASK { SERVICE:a ?p ?o }",
}

#: Odd, but sound: these have an answer.
SOUND = {
    "nul in a string": 'ASK { BIND("a\0b" AS ?x) }',
    "marks of direction": 'SELECT ("\u202e\u2066gnp.exe\u2069" AS ?x) {}',
    "characters beyond the first plane": 'SELECT ("\U0001f4a5\U000e0001" AS ?x) {}',
    "a byte order mark in a string": 'SELECT ("\ufeff" AS ?x) {}',
    "service in a string": 'SELECT ("SERVICE <http://127.0.0.1/>" AS ?x) {}',
    "an update in a comment": "ASK {} # DROP ALL",
    "a number with many digits": f"SELECT ({'9' * 1000} AS ?x) {{}}",
    "a date far away": 'SELECT ("9999999999-12-31T00:00:00Z"^^<http://www.w3.org/2001/XMLSchema#'
    "dateTime> AS ?x) {}",
    "division by zero": "SELECT (1/0 AS ?x) {}",
    "a regular expression that cannot be read": 'SELECT * { FILTER REGEX("a", "(((") }',
    "a huge count": 'ASK { FILTER REGEX("a", "((a{999}){999}){999}") }',
    "a regular expression that goes back": f'ASK {{ FILTER REGEX("{"a" * 40}b", "^(a+)+$") }}',
    "iris of hostile texts": 'SELECT (IRI("javascript:alert(1)") AS ?x) (IRI("a b") AS ?y) {}',
    "a variable that is nowhere": "SELECT ?nowhere {}",
    "a relative iri": "ASK { <a> <b> <c> }",
    "an empty group": "SELECT * {}",
    "limit nothing": "SELECT * { ?s ?p ?o } LIMIT 0",
}


def cases(port):
    """Yield each case: its name, the request, the statuses, and what limit of time applies."""
    for name, text in reaching(port).items():
        yield f"query: {name}", asking(text), REFUSED, 0
    for name, text in reaching(port).items():
        target = "/sparql?query=" + quote(text)
        yield f"by address: {name}", get(target), REFUSED, 0
    for name, text in empty_or_refused(port).items():
        yield f"query: {name}", asking(text), {200, 400}, 1
    for name, text in HEAVY.items():
        yield f"heavy: {name}", asking(text), ENDED | {200}, 1
    for name, text in TOO_MUCH.items():
        yield f"too much: {name}", asking(text), REFUSED, 0
    for name, text in BROKEN.items():
        yield f"broken: {name}", asking(text), REFUSED, 0
    for name, text in SOUND.items():
        yield f"sound: {name}", asking(text), {200, 400}, 1
    yield "a surrogate", asking('ASK { ?s ?p "\ud800" }'), {400}, 0
    yield "no utf-8", asking(b'ASK { ?s ?p "\xff\xfe" }'), {400}, 0
    yield "overlong utf-8", asking(b'ASK { ?s ?p "\xc0\xaf" }'), {400}, 0
    yield "utf-16", asking("ASK {}".encode("utf-16")), {400}, 0
    yield "ten MiB", asking("ASK { " + "# x\n" * (10 << 18) + "}"), {413, 0}, 1
    yield "ten MiB of zeros", asking(b"\0" * (10 << 20)), {413, 0}, 1
    yield from _protocol(port)


def _protocol(port):
    """Yield requests to /sparql that are wrong in another way than by their query."""
    direct, sparql = "Content-Type: application/sparql-query", "/sparql"
    there = quote(f"http://127.0.0.1:{port}/")
    for kind in (
        *("text/plain", "application/json", "application/sparql-update", "multipart/form-data"),
        *("*/*", "", "application/sparql-query/x", ";;;;", "a" * 5000, "application/xml"),
    ):
        fields = [f"Content-Type: {kind}"] if kind else []
        yield (
            f"content type {kind[:30]}",
            request("POST", sparql, *fields, body=b"ASK {}"),
            {415},
            0,
        )
    for charset in ("utf-16", "utf-7", "latin-1", "x" * 1000, "utf-8, utf-16"):
        raw = request("POST", sparql, f"{direct}; charset={charset}", body=b"ASK {}")
        yield f"charset {charset[:20]}", raw, {415}, 0
    for coding in ("gzip", "deflate", "br", "gzip, gzip, gzip", "x"):
        bomb = b"\x1f\x8b\x08\x00" + b"\0" * 1000
        raw = request("POST", sparql, direct, f"Content-Encoding: {coding}", body=bomb)
        yield f"coding {coding}", raw, {415}, 0
    for name, query, statuses in (
        ("wrong percent signs", "query=%ZZ%&%", {400}),
        ("no utf-8 in an address", "query=%FF%FE", {400}),
        ("a surrogate in an address", "query=%ED%A0%80", {400}),
        ("nul in an address", "query=ASK%00%7B%7D", {400}),
        ("two queries", "query=ASK%7B%7D&query=ASK%7B%7D", {400}),
        ("an update", "update=DROP%20ALL", {400}),
        ("a query and an update", "query=ASK%7B%7D&update=DROP%20ALL", {400}),
        ("many parameters", "query=ASK%7B%7D" + "&a=b" * 5000, {400}),
        ("an unknown format", "query=ASK%7B%7D&format=exe", {400}),
        ("a format that is a path", "query=ASK%7B%7D&format=../../etc/passwd", {400}),
        ("a default graph elsewhere", f"query=ASK%7B%7D&default-graph-uri={there}", {200, 400}),
        ("a named graph of a file", "query=ASK%7B%7D&named-graph-uri=file:///etc", {200, 400}),
        ("a graph that is no iri", "query=ASK%7B%7D&default-graph-uri=%3E%20%7D", {400}),
        ("a thousand graphs", "query=ASK%7B%7D" + "&default-graph-uri=x:a" * 1000, {400}),
    ):
        yield f"address: {name}", get(f"{sparql}?{query}"), statuses, 0
        yield f"form: {name}", form(sparql, query), statuses, 0
    for method in ("PUT", "DELETE", "PATCH", "PROPFIND", "TRACE", "LINK"):
        yield f"method {method}", request(method, sparql), {405}, 0
    yield "get with a body", request("GET", sparql, direct, body=b"ASK {}"), {400}, 0
