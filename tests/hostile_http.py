"""Requests that are hostile by their form: smuggled, slow, cut off, flooding, off the path."""

from __future__ import annotations

from hostile_server import BODY_S, HEAD_S, asking, get, request

EMPTY = b"0\r\n\r\n"
CHUNKED = "Transfer-Encoding: chunked"
DIRECT = "Content-Type: application/sparql-query"
#: A request that must never be taken for one, hidden in the body of another.
HIDDEN = b"GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n"


def raw(line, *fields, body=b"", host=b"Host: x"):
    """Write a request of these lines, whatever they are."""
    lines = [line, *([host] if host else []), *fields, b"", b""]
    return b"\r\n".join(lines) + body


def post(*fields, body=EMPTY + HIDDEN):
    """Write a POST with these fields, which say where its body ends."""
    return raw(b"POST /sparql HTTP/1.1", DIRECT.encode(), *fields, body=body)


def chunked(body):
    """Write a POST with a body in chunks."""
    return post(CHUNKED.encode(), body=body)


#: Shapes that two servers in a row may read in different ways, and their statuses.
SMUGGLING = {
    "length and coding": (post(b"Content-Length: 4", b"Transfer-Encoding: chunked"), 400),
    "coding and length": (post(b"Transfer-Encoding: chunked", b"Content-Length: 4"), 400),
    "two lengths": (post(b"Content-Length: 4", b"Content-Length: 60"), 400),
    "one length twice": (post(b"Content-Length: 5", b"Content-Length: 5"), 400),
    "a list of lengths": (post(b"Content-Length: 5, 5"), 400),
    "a length with a plus": (post(b"Content-Length: +5"), 400),
    "a negative length": (post(b"Content-Length: -5"), 400),
    "a hexadecimal length": (post(b"Content-Length: 0x5"), 400),
    "a length with an underscore": (post(b"Content-Length: 1_0"), 400),
    "a length with a space within": (post(b"Content-Length: 1 0"), 400),
    "an empty length": (post(b"Content-Length: "), 400),
    "a length beyond 64 bits": (post(b"Content-Length: 99999999999999999999"), 400),
    "a length in other digits": (post("Content-Length: \u0665".encode()), 400),
    "another coding": (post(b"Transfer-Encoding: xchunked"), 501),
    "an identity coding": (post(b"Transfer-Encoding: identity"), 501),
    "chunked before another": (post(b"Transfer-Encoding: chunked, identity"), 400),
    "two codings": (post(b"Transfer-Encoding: chunked", b"Transfer-Encoding: identity"), 400),
    "one coding twice": (post(b"Transfer-Encoding: chunked", b"Transfer-Encoding: chunked"), 400),
    "gzip in chunks": (post(b"Transfer-Encoding: gzip, chunked"), 501),
    "a coding after a vertical tab": (post(b"Transfer-Encoding: \x0bchunked"), 400),
    "a coding after nul": (post(b"Transfer-Encoding: \0chunked"), 400),
    "a coding on the next line": (post(b"Transfer-Encoding:\r\n chunked"), 400),
    "a coding with a space": (post(b"Transfer-Encoding : chunked"), 400),
    "a coding with a tab": (post(b"Transfer-Encoding\t: chunked"), 400),
    "a coding in quotes": (post(b'Transfer-Encoding: "chunked"'), 501),
    "a coding in HTTP/1.0": (
        raw(b"POST /sparql HTTP/1.0", b"Transfer-Encoding: chunked", body=EMPTY + HIDDEN),
        400,
    ),
    "a folded line": (raw(b"GET /health HTTP/1.1", b"X: a\r\n b"), 400),
    "a folded line with a tab": (raw(b"GET /health HTTP/1.1", b"X: a\r\n\tb"), 400),
    "a fold at first": (raw(b"GET /health HTTP/1.1\r\n X: y"), 400),
    "lines without return": (b"GET /health HTTP/1.1\nHost: x\n\n", 400),
    "one line without return": (raw(b"GET /health HTTP/1.1", b"X: a\nY: b"), 400),
    "a return alone": (raw(b"GET /health HTTP/1.1", b"X: a\rY: b"), 400),
    "an end without return": (b"GET /health HTTP/1.1\r\nHost: x\r\n\n" + HIDDEN, 400),
    "a name with a space": (raw(b"GET /health HTTP/1.1", host=b"Host : x"), 400),
    "a name with nul": (raw(b"GET /health HTTP/1.1", b"X\0Y: a"), 400),
    "a value with nul": (raw(b"GET /health HTTP/1.1", b"X: a\0b"), 400),
    "a value with a control": (raw(b"GET /health HTTP/1.1", b"X: a\x01b"), 400),
    "a name with parentheses": (raw(b"GET /health HTTP/1.1", b"X(a): b"), 400),
    "an empty name": (raw(b"GET /health HTTP/1.1", b": b"), 400),
    "a line without colon": (raw(b"GET /health HTTP/1.1", b"Xab"), 400),
    "a chunk of garbage": (chunked(b"5x\r\nASK{}\r\n0\r\n\r\n"), 400),
    "a chunk with a prefix": (chunked(b"0x5\r\nASK{}\r\n0\r\n\r\n"), 400),
    "a negative chunk": (chunked(b"-5\r\nASK{}\r\n0\r\n\r\n"), 400),
    "a chunk with a space": (chunked(b"5 \r\nASK{}\r\n0\r\n\r\n"), 400),
    "a chunk without return": (chunked(b"5\nASK{}\r\n0\r\n\r\n"), 400),
    "a chunk that goes on": (chunked(b"5\r\nASK{}xx0\r\n\r\n"), 400),
    "a chunk beyond 64 bits": (chunked(b"FFFFFFFFFFFFFFFFF\r\nASK{}\r\n0\r\n\r\n"), 400),
    "an extension without return": (chunked(b"5;a\nASK{}\r\n0\r\n\r\n"), 400),
    "an empty chunk size": (chunked(b"\r\nASK{}\r\n0\r\n\r\n"), 400),
    "HTTP/0.9": (b"GET /health\r\n\r\n", 505),
    "HTTP/0.9 that says so": (b"GET /health HTTP/0.9\r\n\r\n", 505),
    "HTTP/1.2": (raw(b"GET /health HTTP/1.2"), 400),
    "HTTP/2.0": (raw(b"GET /health HTTP/2.0"), 505),
    "HTTP/11.1": (raw(b"GET /health HTTP/11.1"), 400),
    "the preface of HTTP/2": (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0", 400),
    "a greeting of TLS": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"a" * 500, 400),
    "another protocol in small letters": (raw(b"GET /health http/1.1"), 400),
    "a method that is none": (raw(b"SMUGGLE /health HTTP/1.1"), 400),
    "a method in small letters": (raw(b"get /health HTTP/1.1"), 400),
    "a space at first": (b" " + raw(b"GET /health HTTP/1.1"), 400),
    "a tab in the line": (raw(b"GET\t/health HTTP/1.1"), 400),
    "a space in the target": (raw(b"GET /health /x HTTP/1.1"), 400),
    "a space at the end of the line": (raw(b"GET /health HTTP/1.1 "), 400),
    "nul in the target": (raw(b"GET /he\0alth HTTP/1.1"), 400),
    "high bytes in the target": (raw(b"GET /\xff\xfe HTTP/1.1"), 400),
    "a fragment in the target": (raw(b"GET /health#x HTTP/1.1"), 400),
    "a star": (raw(b"GET * HTTP/1.1"), 400),
    "a star to ask for options": (raw(b"OPTIONS * HTTP/1.1"), 400),
    "a path without slash": (raw(b"GET health HTTP/1.1"), 400),
    "a host as target": (raw(b"GET x:80 HTTP/1.1"), 400),
    "a file as target": (raw(b"GET file:///etc/passwd HTTP/1.1"), 400),
    "another protocol as target": (raw(b"GET gopher://x/ HTTP/1.1"), 400),
    "a target with a name in it": (raw(b"GET http://me:it@x/ HTTP/1.1"), 400),
    "a target without host": (raw(b"GET http:///health HTTP/1.1"), 400),
    "connect": (raw(b"CONNECT 127.0.0.1:22 HTTP/1.1"), 501),
    "trace": (raw(b"TRACE /health HTTP/1.1", b"Connection: close"), 405),
    "no host": (raw(b"GET /health HTTP/1.1", host=b""), 400),
    "an empty host": (raw(b"GET /health HTTP/1.1", host=b"Host: "), 400),
    "two hosts": (raw(b"GET /health HTTP/1.1", b"Host: y"), 400),
    "one host twice": (raw(b"GET /health HTTP/1.1", b"Host: x"), 400),
    "a port that is none": (raw(b"GET /health HTTP/1.1", host=b"Host: x:80x"), 400),
    "a port of many digits": (raw(b"GET /health HTTP/1.1", host=b"Host: x:999999"), 400),
    "a host with a path": (raw(b"GET /health HTTP/1.1", host=b"Host: x/../y"), 400),
    "a host with a quote": (raw(b"GET /health HTTP/1.1", host=b'Host: x"><script>'), 400),
    "a host with a name in it": (raw(b"GET /health HTTP/1.1", host=b"Host: me@x"), 400),
    "a host with high bytes": (raw(b"GET /health HTTP/1.1", host=b"Host: \xff"), 400),
    "a host that is a list": (raw(b"GET /health HTTP/1.1", host=b"Host: x, y"), 400),
    "a long host": (raw(b"GET /health HTTP/1.1", host=b"Host: " + b"x" * 5000), 400),
    "an open bracket": (raw(b"GET /health HTTP/1.1", host=b"Host: [::1"), 400),
}

CLOSE = b"Connection: close"
#: Odd requests that have one meaning, and its status.
STANDARD = {
    "a target with its host": (raw(b"GET http://y/health HTTP/1.1", CLOSE), 200),
    "a target that is a host alone": (raw(b"GET http://y?a HTTP/1.1", CLOSE), 200),
    "HTTP/1.0 without host": (b"GET /health HTTP/1.0\r\n\r\n", 200),
    "a host of six": (raw(b"GET /health HTTP/1.1", CLOSE, host=b"Host: [::1]:80"), 200),
    "another host": (raw(b"GET /reconcile HTTP/1.1", CLOSE, host=b"Host: evil.example"), 200),
    "empty lines before": (b"\r\n\r\n" + raw(b"GET /health HTTP/1.1", CLOSE), 200),
    "an upgrade to a socket": (
        raw(b"GET /health HTTP/1.1", b"Connection: upgrade, close", b"Upgrade: websocket"),
        200,
    ),
    "an upgrade to HTTP/2 with a body": (
        post(
            b"Connection: Upgrade, HTTP2-Settings, close",
            b"Upgrade: h2c",
            b"HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA",
            b"Content-Length: 5",
            body=b"ASK{}",
        ),
        200,
    ),
    "a coding in capitals": (
        post(b"Transfer-Encoding: CHUNKED", CLOSE, body=b"5\r\nASK{}\r\n0\r\n\r\n"),
        200,
    ),
    "fields after the body": (
        post(
            CHUNKED.encode(),
            CLOSE,
            body=b"5\r\nASK{}\r\n0\r\nHost: evil\r\nContent-Encoding: gzip\r\n\r\n",
        ),
        200,
    ),
    "an extension of a chunk": (
        post(CHUNKED.encode(), CLOSE, body=b"5;a=b\r\nASK{}\r\n0\r\n\r\n"),
        200,
    ),
    "a length that is no length": (
        post(b"Content_Length: 4", b"Content-Length: 5", CLOSE, body=b"ASK{}"),
        200,
    ),
    "expecting to go on": (
        post(b"Expect: 100-continue", b"Content-Length: 5", CLOSE, body=b"ASK{}"),
        200,
    ),
}

SECRET = "etc/passwd"  # noqa: S105 - a path
#: Paths that lead out of where they are, and what they may not be answered with is a file.
PATHS = (
    *(f"/static/{up * 8}{SECRET}" for up in ("../", "..%2f", "%2e%2e/", "%2e%2e%2f", "..\\")),
    *(f"/static/{up * 8}{SECRET}" for up in ("..%5c", "%252e%252e%252f", "....//", "..;/")),
    *(f"/static/{up * 8}{SECRET}" for up in ("%c0%ae%c0%ae/", "%c0%ae%c0%ae%c0%af", "%uff0e./")),
    f"/static//{SECRET}",
    f"/static/%2f{SECRET}",
    f"/static/{SECRET}%00.css",
    "/static/%00",
    "/static/style.css%00",
    "/static/" + "a" * 5000,
    "/static/" + "a/" * 5000,
    "/static/.",
    "/static/..",
    "/static/con",
    "/static/~root",
    "/static/%ff%fe",
    f"//{SECRET}",
    "//evil.example/%2f..",
    "///evil.example/",
    "/\\evil.example",
    "/%5cevil.example",
    "/%2f%2fevil.example/",
    f"/graph/{'..%2f' * 8}{SECRET}",
    "/graph/%00",
    "/graph/%3E%20%7D%20DROP%20ALL",
    f"/scheme/..%2f..%2f{SECRET}/x",
    "/scheme/%00/%00",
    "/claim/..%2f..%2fgraph",
    "/claim/%00",
    "/claim/%22%3E%3Cscript%3E",
    "/claim/%0d%0aSet-Cookie:%20a=b",
    "/claim/%0d%0aSet-Cookie:%20a=b/",
    "/claim/" + "%F0%9F%92%A5" * 500,
    "/claim/%ED%A0%80",
    "/claim/x.html.ttl.nt",
    "/claim/.ttl",
    "/%00",
    "/%",
    "/%zz",
    "/queries/..%2f..%2fpyproject",
    "/queries/%00.csv",
    "/queries/attacks-on.exe",
    "/api/queries/..%2f..%2f",
    "/api/queries/%2e%2e",
    "/api/queries/%00",
    "/api/queries/attacks-on%0d%0a",
    "/.git/config",
    "/.env",
    "/.well-known/../../etc/passwd",
    "/ontology/..%2f",
    "/cgi-bin/.%2e/.%2e/bin/sh",
    "/?-d+allow_url_include%3d1",
    "/$%7bjndi:ldap:%2f%2f127.0.0.1%2fa%7d",
)


def headed(*fields):
    """Write a request with these fields for a page that heeds them."""
    return get("/claim/bellamy-2004-1-two-kinds.ttl", *fields)


#: Heads that are too much, or strange.
HEADS = {
    "a long target": (get("/search?q=" + "a" * 70_000), {431}),
    "a long field": (headed("X: " + "a" * 70_000), {431}),
    "a field without end": (b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"a" * 900_000, {431}),
    "a name without end": (b"GET / HTTP/1.1\r\nHost: x\r\n" + b"a" * 900_000, {431}),
    "a target without end": (b"GET /" + b"a" * 900_000, {431}),
    "a method without end": (b"A" * 900_000, {400}),
    "many fields": (headed(*(f"X-{each}: a" for each in range(500))), {431}),
    "many empty fields": (headed(*["a:"] * 30_000), {431}),
    "one field many times": (headed(*["Accept: text/turtle"] * 90), {200}),
    "a tag of 60 KiB": (headed(f'If-None-Match: "{"a" * 60_000}"'), {200}),
    "30,000 tags": (headed("If-None-Match: " + "a," * 30_000), {200}),
    "no tag": (headed('If-None-Match: W/W/W/,,,"\x85'), {200}),
    "thousands of types": (headed("Accept: " + "a/b;q=0.1," * 5000), {200, 303, 406}),
    "quality nan": (headed("Accept: text/turtle;q=nan, */*;q=inf"), {200, 406}),
    "quality of many digits": (headed(f"Accept: text/turtle;q=0.{'9' * 5000}"), {200, 406}),
    "quality negative": (headed("Accept: */*;q=-1"), {200, 406}),
    "commas": (headed("Accept: " + "," * 50_000), {200, 406}),
    "semicolons": (headed("Accept: " + ";" * 50_000), {200, 406}),
    "no type": (headed("Accept: ../../etc/passwd"), {200, 406}),
    "high bytes": (headed("Accept: \xff\xfe", "If-None-Match: \xff"), {200, 406}),
    "codings": (headed("Accept-Encoding: " + "gzip;q=0.5," * 4000), {200}),
    "a coding of no quality": (headed("Accept-Encoding: gzip;q=nan, *;q=0;q=1"), {200}),
    "ranges": (headed("Range: bytes=" + ",".join(f"{n}-" for n in range(3000))), {200}),
    "a range that is none": (headed("Range: bytes=9-1,-,a-b", "If-Range: x"), {200}),
    "a date that is none": (headed("If-Modified-Since: tomorrow"), {200}),
    "cookies": (headed("Cookie: " + "a=b;" * 10_000), {200}),
    "credentials": (headed("Authorization: Basic \xff", "Proxy-Authorization: x"), {200}),
    "forwarded": (
        headed("X-Forwarded-For: " + "1," * 5000, "X-Forwarded-Proto: javascript"),
        {200},
    ),
    "an origin": (headed("Origin: null", "Access-Control-Request-Method: \xff"), {200}),
    "another method within": (headed("X-HTTP-Method-Override: DELETE"), {200}),
    "ranges of a file": (
        get("/static/style.css", "Range: bytes=" + ",".join(f"{n}-" for n in range(3000))),
        {200, 206, 400, 404, 416},
    ),
    "a range of a file": (get("/static/style.css", "Range: bytes=9-1"), {200, 400, 404, 416}),
}

ENDLESS = b"POST /sparql HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n" + DIRECT.encode()
#: Clients that send slowly or not to the end, and how long they may at most.
SLOW = {
    "nothing": ([(b"", 0)], {0}, HEAD_S),
    "half a line": ([(b"GET /hea", 0)], {408}, HEAD_S),
    "a head byte by byte": (
        [(bytes([each]), 0.05) for each in raw(b"GET /health HTTP/1.1") * 2],
        {408, 0},
        HEAD_S + 2,
    ),
    "empty lines alone": ([(b"\r\n", 0.2)] * 9, {0, 408}, HEAD_S + 1),
    "a head without its end": ([(raw(b"GET /health HTTP/1.1")[:-2], 0)], {408}, HEAD_S),
    "a body that does not come": ([(post(b"Content-Length: 5", body=b""), 0)], {408}, BODY_S),
    "a body byte by byte": (
        [(post(b"Content-Length: 500", body=b""), 0), *[(b"#", 0.05)] * 50],
        {408, 0},
        BODY_S + 2,
    ),
    "a chunk that does not come": ([(ENDLESS + b"\r\n\r\n", 0)], {408}, BODY_S),
    "a chunk without end": ([(ENDLESS + b"\r\n\r\nFFFFFF\r\nASK", 0)], {408}, BODY_S),
    "an extension without end": ([(ENDLESS + b"\r\n\r\n5;" + b"a" * 900_000, 0)], {431}, 0),
    "a trailer without end": (
        [(ENDLESS + b"\r\n\r\n5\r\nASK{}\r\n0\r\nX: " + b"a" * 900_000, 0)],
        {431},
        0,
    ),
    "chunks of one byte": (
        [(ENDLESS + b"\r\n\r\n" + b"1\r\n#\r\n" * 200_000, 0)],
        {408, 413},
        2 * BODY_S,
    ),
    "a check that does not come": (
        [(request("POST", "/check", "Content-Type: text/turtle", "Content-Length: 99"), 0)],
        {408},
        BODY_S,
    ),
    "names that do not come": (
        [(request("POST", "/reconcile", "Content-Length: 99"), 0)],
        {408},
        BODY_S,
    ),
    "waiting to go on": (
        [(request("POST", "/sparql", DIRECT, "Content-Length: 9", "Expect: 100-continue"), 0)],
        {408},
        BODY_S,
    ),
    "a length of 8 EiB": (
        [(post(b"Content-Length: 9223372036854775807", body=b"#"), 0)],
        {413},
        0,
    ),
    "a body where none is read": (
        [(request("POST", "/no/such/place", "Content-Length: 999999"), 0)],
        {404, 405},
        0,
    ),
}


def cases():
    """Yield each case: its name, the request, the statuses, and what time it may take."""
    for name, (sent, status) in SMUGGLING.items():
        yield f"smuggling: {name}", sent, {status}, 0
    for name, (sent, status) in STANDARD.items():
        yield f"standard: {name}", sent, {status}, 0
    for path in PATHS:
        yield f"path: {path[:60]}", get(path), {200, 303, 308, 400, 404}, 0
    for name, (sent, statuses) in HEADS.items():
        yield f"head: {name}", sent, statuses, 0
    for name, (pieces, statuses, seconds) in SLOW.items():
        yield f"slow: {name}", pieces, statuses, seconds
    yield "head of a query", request("HEAD", "/sparql?query=ASK%7B%7D"), {200}, 0
    yield "a large answer", asking("SELECT * { ?s ?p ?o }"), {200, 413}, 1
