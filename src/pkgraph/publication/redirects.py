"""
Write what tells a web server how to serve the files: for Apache, and for the redirects of w3id.org.

The address of a thing, which has no file, leads on (303) to the document about it: to data for who
names a type of data in Accept, and else to the page. How much a client likes one type more than
another is more than these rules can weigh.

Source:
    Apache HTTP Server 2.4, mod_rewrite: https://httpd.apache.org/docs/2.4/mod/mod_rewrite.html
    Permanent identifiers at w3id.org: https://github.com/perma-id/w3id.org
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from pkgraph.serialization import GRAPH_FORMATS
from pkgraph.web.envelope import headers
from pkgraph.web.negotiation import MEDIA_TYPES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pkgraph.web.site import Site

#: The documents that are no lists and no things.
_DOCUMENTS: Final = ("dataset", "ontology", "shapes")
#: Formats whose files are of another type elsewhere.
_NOT_OURS: Final = frozenset({"html", "json", "md", "xlsx", "xml"})

_READ_ME: Final = """\
# Redirects for w3id.org

`.htaccess` leads from https://w3id.org/pkgraph/ to {base}/, where these files are
reached. To put it in force, propose it as `pkgraph/.htaccess` to the repository of w3id.org, with
this text beside it as `pkgraph/README.md` and the name of who looks after it.

What is asked for by the name of a thing leads on to data in Turtle, N-Triples, JSON-LD or RDF/XML
for who names one of these in Accept, and else to a page.
"""


def apache(site: Site) -> str:
    """Return the text of the ``.htaccess`` of the whole site."""
    return "\n".join(_apache(site)) + "\n"


def w3id(base_url: str) -> tuple[str, str]:
    """Return the ``.htaccess`` that leads from w3id.org to *base_url*, and a text about it."""
    return "\n".join(_w3id(base_url)) + "\n", _READ_ME.format(base=base_url)


def _apache(site: Site) -> Iterator[str]:
    yield "# For Apache 2.4, with AllowOverride All; made by pkgraph publish."
    yield "Options -Indexes -MultiViews"
    yield "DirectoryIndex index.html"
    if site.base_url:
        yield f"ErrorDocument 404 {site.prefix}/404.html"
    yield ""
    for name, (media, *_) in MEDIA_TYPES.items():
        if name not in _NOT_OURS:
            yield f"AddType {media} .{name}"
    yield "AddType text/markdown .md"
    yield "AddType text/vnd.graphviz .dot"
    yield "AddDefaultCharset utf-8"
    yield "AddCharset utf-8 .html .csv .tsv .ttl .nt .md .bib .ris .dot .js .css"
    yield ""
    yield '<FilesMatch "^void$">'
    yield "ForceType text/turtle"
    yield "</FilesMatch>"
    yield '<FilesMatch "^sparql-examples$">'
    yield "ForceType text/turtle"
    yield "</FilesMatch>"
    yield '<FilesMatch "\\.gz$">'
    yield "RemoveType .nq"
    yield "ForceType application/gzip"
    yield "</FilesMatch>"
    yield ""
    yield "<IfModule mod_headers.c>"
    for name, value in headers(replace(site, base_url="")).items():  # wherever it is put
        yield f'Header always set {name} "{value}"'
    yield 'Header always merge Vary "Accept"'
    yield "</IfModule>"
    yield ""
    yield "<IfModule mod_rewrite.c>"
    yield "RewriteEngine On"
    yield "DirectorySlash Off"
    for name, condition in _liked():
        yield "RewriteCond %{REQUEST_FILENAME} !-f"
        yield f"RewriteCond %{{REQUEST_FILENAME}}.{name} -f"
        if condition:
            yield condition
        yield f"RewriteRule [^/]$ %{{REQUEST_URI}}.{name} [R=303,L]"
    yield "RewriteCond %{REQUEST_FILENAME}/index.html -f"
    yield "RewriteRule [^/]$ %{REQUEST_URI}/ [R=301,L]"
    yield "</IfModule>"


def _w3id(base_url: str) -> Iterator[str]:
    host = urlsplit(base_url).netloc
    endings = "|".join(sorted({*MEDIA_TYPES, "css", "dot", "gz", "js", "png", "svg", "txt"}))
    documents = "|".join(_DOCUMENTS)
    yield f"# https://w3id.org/pkgraph/ leads to {host}"
    yield "Options -MultiViews"
    yield "RewriteEngine On"
    yield ""
    yield f"RewriteRule ^$ {base_url}/ [R=302,L]"
    yield f"RewriteRule ^(\\.well-known/.+|.+\\.(?:{endings}))$ {base_url}/$1 [R=302,L]"
    yield f"RewriteRule ^(world|search)/?$ {base_url}/$1.html [R=302,L]"
    # The version of the ontology is the one that there is.
    for pattern, target in ((f"^({documents})/?$", "$1"), ("^ontology/[0-9.]+$", "ontology")):
        for name, condition in _liked():
            if condition:
                yield condition
            yield f"RewriteRule {pattern} {base_url}/{target}.{name} [R=303,L]"
    yield f"RewriteRule ^([a-z][a-z-]*)/?$ {base_url}/$1/ [R=302,L]"
    yield f"RewriteRule ^((?:queries|map|timeline)/.+)$ {base_url}/$1.html [R=302,L]"
    for name, condition in _liked():
        if condition:
            yield condition
        yield f"RewriteRule ^(.+?)/?$ {base_url}/$1.{name} [R=303,L]"


def _liked() -> Iterator[tuple[str, str]]:
    """Yield the documents of a thing, each with the condition under which it is liked."""
    for name in GRAPH_FORMATS:
        types = "|".join(MEDIA_TYPES[name]).replace("+", r"\+").replace(".", r"\.")
        yield name, f"RewriteCond %{{HTTP_ACCEPT}} (?:^|[\\s,])(?:{types})(?:[\\s,;]|$) [NC]"
    yield "html", ""
