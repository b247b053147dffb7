"""The site as files: whole, linked, the same each time, and of nothing but plain names."""

from __future__ import annotations

import gzip
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import pytest
from defusedxml import ElementTree as DefusedET
from required import require

from pkgraph import build, export, open_graph, publication, resources, web
from pkgraph.cli import main
from pkgraph.errors import PublicationError, UsageError
from pkgraph.graph import Graph
from pkgraph.namespaces import BASE
from pkgraph.publication import documents, folders, following, places, publishing, redirects
from pkgraph.publication.making import Made
from pkgraph.web.site import Site

PREFIXES = (resources.folder("ontology") / "prefixes.ttl").read_text("utf-8")
SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
BASE_URL = "https://example.org/peace"
#: A few of the shipped files: what they name and do not describe has a page as well.
FEW = ("propositions.ttl", "questions.ttl", "operations/named-in-sources.ttl")
#: One of the things in these files.
THING = "proposition/liberal-peace-is-imperial"
HOSTILE = (
    "claim/../../../../etc/passwd",
    "claim/..",
    "claim/.htaccess",
    "claim/index",
    "claim/x.html",
    "claim/x.ttl",
    "claim/%2e%2e%2fx",
    "claim/a%20b",
    "claim/é",
    "claim/" + "l" * 201,
    "claim/x/" + "deep/" * 100 + "x",
    "claim//x",
    "claim/x~page-2",
    "static/style.css",
    "map/claim",
    "queries/typologies",
    ".htaccess",
    "Claim/x",
)


@pytest.fixture(scope="module")
def few(tmp_path_factory):
    """Return the folder with a few files of the shipped graph, published by the command."""
    folder = tmp_path_factory.mktemp("few") / "site"
    told = published_by_command(folder, seed="1", processes="1")
    return folder, told


def published_by_command(folder, seed, processes):
    """Publish a few files into a *folder*, in a process of its own; return what it tells."""
    files = [str(resources.folder("graph") / name) for name in FEW]
    command = [sys.executable, "-m", "pkgraph", "publish", str(folder), "--base-url", BASE_URL]
    done = subprocess.run(
        [*command, "--processes", processes, "--data", *files],
        env={**os.environ, "PYTHONHASHSEED": seed},
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return done


def files_of(folder):
    """Return the content of each file in a *folder*, by its path there."""
    paths = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def pages_of(folder):
    """Return the text of each page in a *folder*, by its path there."""
    return {
        path.relative_to(folder).as_posix(): path.read_text("utf-8")
        for path in folder.rglob("*.html")
    }


def lost_links(folder):
    """Yield the links of the pages in a *folder* that lead to no file, or to no place in one."""
    pages = pages_of(folder)
    anchors = {file: set(re.findall(r'\bid="([^"]*)"', text)) for file, text in pages.items()}
    for file, text in pages.items():
        if file == "404.html":  # it is shown at any address
            continue
        for link in set(re.findall(r'\s(?:href|src|action)="([^"]*)"', text)):
            path, _, fragment = link.partition("#")
            if re.match(r"[a-z]+:", path):
                continue
            target = os.path.normpath(f"{Path(file).parent}/{path}") if path else file
            if not (folder / target).is_file() or (fragment and fragment not in anchors[target]):
                yield f"{file}: {link}"


# --- addresses and files


@pytest.mark.parametrize(
    ("address", "file"),
    [
        ("/", "index.html"),
        ("/queries", "queries/index.html"),
        ("/ontology", "ontology.html"),
        ("/timeline", "timeline/index.html"),
        ("/timeline/works.csv", "timeline/works.csv"),
        ("/graph/works/x-1/1-1", "graph/works/x-1/1-1.html"),
        ("/work/x?page=1", "work/x.html"),
        ("/work/x.html?page=3", "work/x~page-3.html"),
        ("/world.svg?operation=operation:onuc", "world~operation-onuc.svg"),
        ("/map/claim/x", "map/claim/x.html"),
        ("/.well-known/void", ".well-known/void"),
        ("/static/built/find-1.js", "static/built/find-1.js"),
        ("/queries/x?claim=claim:x", None),
        ("/world?year=1960&page=2", None),
        ("/world?year=../../x", None),
        ("/claim/%2e%2e/x", None),
        ("//example.org/x", None),
        ("/claim/x\n", None),
    ],
)
def test_an_address_has_one_file(address, file):
    """Each has its own, and none has what is not plain."""
    assert places.file_of(address) == file


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_that_could_do_harm_has_no_file(name):
    """Nothing that leads elsewhere, hides, is too long or is taken for another is a file's name."""
    assert not places.has_name(BASE + name)


def test_no_thing_is_called_as_what_the_site_has(graph):
    """The first parts of addresses that are the site's own are those of its routes."""
    paths = {route.path for route in web.app(graph).routes}
    own = {path.split("/")[1] for path in paths if re.match(r"/[a-z-]+/", path)}
    assert own - {"graph", "scheme"} <= places.RESERVED
    shipped, without = places.things(graph.store)
    assert not without
    assert not {iri.removeprefix(BASE).split("/")[0] for iri in shipped} & places.RESERVED


# --- links


def test_links_are_written_anew_and_nothing_else():
    """Of a page all but the addresses stays as it was, also where a tag looks odd."""
    text = (
        '<!doctype html>\n<p title="/claim/x">1 &lt; 2 &amp; <b>é</b>\n<a class="a&quot;b" '
        "href=\"/claim/x#here\">x</a> <A HREF='/'>top</A>"
        '<img alt="a>b" src="/world.svg?year=1960"/>'
        '<svg viewBox="0 0 1 1"><a href="/map/claim/x"><title>/x</title></a></svg>'
        '<script>"<a href=/claim/y>"</script><a href="https://example.org/claim/x">away</a>'
    )
    read = documents.read(text, "", documents.relative("claim/y.html"))
    assert read.text == (
        '<!doctype html>\n<p title="/claim/x">1 &lt; 2 &amp; <b>é</b>\n<a class="a&quot;b" '
        'href="x.html#here">x</a> <a href="../index.html">top</A>'
        '<img alt="a&gt;b" src="../world~year-1960.svg"/>'
        '<svg viewBox="0 0 1 1"><a href="../map/claim/x.html"><title>/x</title></a></svg>'
        '<script>"<a href=/claim/y>"</script><a href="https://example.org/claim/x">away</a>'
    )
    assert read.links == {
        "/claim/x": {"here"},
        "/": set(),
        "/world.svg?year=1960": set(),
        "/map/claim/x": set(),
    }


def test_a_link_that_no_file_can_have_is_lost():
    """It is told, whatever it looks like."""
    text = '<a href="/sparql?query=x">a</a><a href="x.html">b</a><a href="javascript:x">c</a>'
    read = documents.read(text, "", documents.relative("index.html"))
    assert read.lost == {"/sparql?query=x", "x.html", "javascript:x"}


def test_what_is_wrong_with_links_and_names_is_told_with_its_page():
    """A page that leads nowhere is named with the link, and so are two files of one name."""
    made = {
        each.file: each
        for each in (
            Made("a.html", "/a.html", links=(("/b.html", ("x",)), ("/c", ()), ("/d", ()))),
            Made("b.html", "/b.html", lost=("/sparql",)),
            Made("c/index.html", "/c", fault="answers 404"),
            Made("A.html", "/A.html"),
        )
    }
    with pytest.raises(PublicationError) as caught:
        following._check(made, frozenset())
    assert set(caught.value.faults) == {
        "a.html leads to /b.html#x, and there is no such place in it",
        "a.html leads to /c, which answers 404",
        "a.html leads to /d, for which there is no file",
        "b.html leads to /sparql, which no file has",
        "A.html and a.html are the same file on many machines; rename one of the two",
    }


# --- a small site


def test_every_thing_of_a_small_graph_has_a_page_and_its_data(few):
    """Also what is only named; and each page has the formats that it links to."""
    folder, told = few
    known, without = places.things(build.load(resources.folder("graph") / name for name in FEW))
    assert not without
    pages = pages_of(folder)
    for iri in known:
        path = iri.removeprefix(BASE)
        assert f"{path}.html" in pages
        assert all((folder / f"{path}.{name}").is_file() for name in ("ttl", "nt", "jsonld", "rdf"))
    assert list(lost_links(folder)) == []
    assert f"{len(pages) - 1:,} pages in {len(files_of(folder)):,} files" in told.stderr
    assert told.stdout == f"{folder}\n"


def test_nothing_in_files_asks_for_a_server(few):
    """No form but that of the search, and no link to what only a server has."""
    folder, _ = few
    for file, text in pages_of(folder).items():
        forms = re.findall(r"<form [^>]*", text)
        assert all('role="search"' in form for form in forms), file
        assert not re.search(r"/(?:sparql|check|suggest|openapi)\b(?!-)", text), file
        assert "Content-Security-Policy" in text, file


def test_the_same_release_gives_the_same_bytes(few, tmp_path):
    """In another folder, by other processes, in which sets have another order."""
    folder, _ = few
    published_by_command(tmp_path / "again", seed="2", processes="2")
    once, again = files_of(folder), files_of(tmp_path / "again")
    assert once.keys() == again.keys()
    assert [file for file, content in once.items() if again[file] != content] == []


def test_the_data_of_files_are_those_of_the_graph(few):
    """The dump has all statements; the description of the data set leads to it, at its place."""
    folder, _ = few
    store = build.load(resources.folder("graph") / name for name in FEW)
    dump = (folder / "pkgraph.nq.gz").read_bytes()
    assert gzip.decompress(dump).decode() == export.export(store, "nq")
    assert dump[4:8] == bytes(4)  # no time is in it
    void = (folder / ".well-known/void").read_text("utf-8")
    assert f"<{BASE_URL}/pkgraph.nq.gz>" in void
    assert "sparql" not in void.lower()
    assert json.loads((folder / "find.json").read_bytes())["things"]


def test_robots_and_pages_that_are_not_there(few):
    """The site map has all pages; a page for what is not there has whole addresses."""
    folder, _ = few
    listed = DefusedET.parse(folder / "sitemap-1.xml").iterfind(f".//{{{SITEMAP}}}loc")
    files = {each.text.removeprefix(f"{BASE_URL}/") for each in listed}
    files = {f"{file}index.html" if file.endswith("/") or not file else file for file in files}
    assert files == pages_of(folder).keys() - {"404.html"}
    assert f"Sitemap: {BASE_URL}/sitemap.xml" in (folder / "robots.txt").read_text("utf-8")
    text = (folder / "404.html").read_text("utf-8")
    assert 'href="/peace/static/style.css"' in text


def test_a_query_is_answered_for_its_example(few):
    """The page says so, and says so as well where the example is not in the graph."""
    folder, _ = few
    text = (folder / "queries/typologies.html").read_text("utf-8")
    assert "Show the SPARQL" in text
    assert not re.search(r"\b20\d\d-\d\d-\d\d\. https", text)  # no day is in the citation
    text = (folder / "queries/types-in-typology.html").read_text("utf-8")
    assert "The example for it is not in this graph" in text
    assert "pkgraph query types-in-typology typology=…" in text


# --- hostile data


def test_hostile_names_get_no_file_and_no_link(tmp_path):
    """They are told, what names them is published all the same, and nothing is outside of it."""
    data = tmp_path / "data" / "hostile.nt"
    data.parent.mkdir()
    label = "http://www.w3.org/2000/01/rdf-schema#label"
    odd = [name for name in HOSTILE if "é" not in name]
    data.write_text(
        f'<{BASE}concept/plain> <{label}> "</a><script>" .\n'
        + "".join(
            f"<{BASE}concept/plain> <{BASE}ontology#about> <{BASE}{name}> .\n" for name in odd
        ),
        "utf-8",
    )
    folder = tmp_path / "out" / "site"
    found = publication.publish(
        Graph(build.load([data]), "hostile"), folder, "https://example.org", processes=1
    )
    assert {iri.removeprefix(BASE) for iri in found.without} == set(odd)
    assert list(lost_links(folder)) == []
    text = (folder / "concept/plain.html").read_text("utf-8")
    assert "&lt;/a&gt;&lt;script&gt;" in text
    assert "claim/a%20b" in text  # as text
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data", "out"]
    assert [path.name for path in folder.parent.iterdir()] == ["site"]
    hidden = {path.name for path in folder.rglob(".*")}
    assert hidden == {".htaccess", ".nojekyll", ".well-known"}
    assert not (folder / "map/claim").exists()


# --- folders


def test_only_a_site_of_ours_is_replaced(tmp_path):
    """What is there is kept: a file, a folder of somebody, and what they put beside our files."""
    (tmp_path / "file").write_text("theirs", "utf-8")
    theirs = tmp_path / "theirs"
    theirs.mkdir()
    (theirs / "thesis.txt").write_text("theirs", "utf-8")
    ours = tmp_path / "ours"
    with folders.replaced(ours) as folder:
        (folder / "index.html").write_text("one", "utf-8")
        folders.mark(folder, {})
    with folders.replaced(ours) as folder:
        (folder / "index.html").write_text("two", "utf-8")
        folders.mark(folder, {})
    assert (ours / "index.html").read_text("utf-8") == "two"
    (ours / ".git").mkdir()
    for target, reason in (("file", "is a file"), ("theirs", "not empty"), ("ours", r"\.git")):
        with pytest.raises(UsageError, match=reason), folders.replaced(tmp_path / target):
            pytest.fail("it is given")
    assert (theirs / "thesis.txt").exists()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "ours", "theirs"]


@pytest.mark.parametrize("mark", ["", "[]", "{}", '{"by": "x", "entries": ["a"]}', '{"by": []}'])
def test_a_mark_that_is_not_ours_is_none(tmp_path, mark):
    """Whatever the file of that name has in it."""
    (tmp_path / folders.MARK).write_text(mark, "utf-8")
    with pytest.raises(UsageError, match="did not make it"), folders.replaced(tmp_path):
        pytest.fail("it is given")


def test_an_error_leaves_what_was_there(tmp_path):
    """The old site stays as it was, and nothing is left of the new one."""
    site = tmp_path / "site"
    with folders.replaced(site) as folder:
        (folder / "index.html").write_text("old", "utf-8")
        folders.mark(folder, {})
    with pytest.raises(KeyboardInterrupt), folders.replaced(site) as folder:
        _interrupted(folder)
    assert (site / "index.html").read_text("utf-8") == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


def _interrupted(folder):
    """Write something, and do not come to an end."""
    (folder / "index.html").write_text("new", "utf-8")
    raise KeyboardInterrupt


def test_workers_end_with_the_process_that_started_them(tmp_path):
    """Where that is killed, they close its output, which all of them have, in a moment."""
    command = [sys.executable, "-m", "pkgraph", "publish", str(tmp_path / "site"), "--processes=2"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as process:
        while not any(tmp_path.rglob("*.html")):
            assert process.poll() is None
            time.sleep(0.1)
        process.kill()
        process.communicate(timeout=60)


def test_what_cannot_be_published_is_told(tmp_path, capsys):
    """An endpoint elsewhere, a base URL that is none, and no number of processes."""
    target = str(tmp_path / "site")
    assert main(["publish", target, "--endpoint", "http://127.0.0.1:1/sparql"]) == 2
    assert "an endpoint elsewhere cannot be published" in capsys.readouterr().err
    assert main(["publish", target, "--base-url", "example.org"]) == 2
    assert "is not a base URL" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        main(["publish", target, "--processes", "0"])
    assert "1 or more" in capsys.readouterr().err
    assert not (tmp_path / "site").exists()


# --- Apache


@pytest.fixture(scope="module")
def apache(few, tmp_path_factory):
    """Serve the small site by Apache, and what leads there as from w3id.org; return the address."""
    program = shutil.which("apache2") or shutil.which("apache2", path="/usr/sbin")
    require(is_there=program is not None, what="Apache", install="apt-get install apache2")
    folder = tmp_path_factory.mktemp("apache")
    folder.chmod(0o755)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    (folder / "w3id").mkdir()
    (folder / "w3id/.htaccess").write_text(redirects.w3id(f"{address}/site")[0], "utf-8")
    modules = ("mpm_event", "authz_core", "alias", "dir", "headers", "mime", "rewrite")
    (folder / "apache.conf").write_text(
        "".join(
            f"LoadModule {name}_module /usr/lib/apache2/modules/mod_{name}.so\n" for name in modules
        )
        + f"ServerName localhost\nListen 127.0.0.1:{port}\nPidFile {folder}/pid\n"
        f"ErrorLog {folder}/log\nTypesConfig /etc/mime.types\nDocumentRoot {folder}\n"
        f"Alias /site {few[0]}\nAlias /pkgraph {folder}/w3id\n"
        "<Directory />\nAllowOverride All\nRequire all granted\nOptions FollowSymLinks\n"
        "</Directory>\n",
        "utf-8",
    )
    with subprocess.Popen([program, "-DFOREGROUND", "-f", str(folder / "apache.conf")]) as process:
        for _ in range(200):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        yield address
        process.terminate()


class Still(urllib.request.HTTPRedirectHandler):
    """Follows nothing."""

    def redirect_request(self, *_):
        """Return no request."""


@contextmanager
def asked(url, accept="*/*", *, follow=True):
    """Give the answer to a GET of *url*."""
    opener = urllib.request.build_opener(*(() if follow else (Still,)))
    request = urllib.request.Request(url, headers={"Accept": accept})  # noqa: S310 - our own
    try:
        with opener.open(request, timeout=20) as answer:
            yield answer
    except urllib.error.HTTPError as error:
        with error:
            yield error


@pytest.mark.parametrize(
    ("path", "accept", "status", "target"),
    [
        (THING, "text/html", 303, f"{THING}.html"),
        (THING, "*/*", 303, f"{THING}.html"),
        (
            THING,
            "text/turtle",
            303,
            f"{THING}.ttl",
        ),
        (
            THING,
            "application/ld+json, */*;q=0.1",
            303,
            f"{THING}.jsonld",
        ),
        ("scheme/voice", "application/rdf+xml", 303, "scheme/voice.rdf"),  # it is a folder as well
        ("ontology", "application/n-triples", 303, "ontology.nt"),
        ("operation", "*/*", 301, "operation/"),
        ("operation/", "*/*", 200, None),
        ("claim/none-of-the-kind", "text/turtle", 404, None),
        ("static", "*/*", 404, None),
    ],
)
def test_apache_leads_from_a_thing_to_its_document(apache, path, accept, status, target):
    """By what is liked; and a list is a folder."""
    with asked(f"{apache}/site/{path}", accept, follow=False) as answer:
        assert answer.status in ({403, 404} if path == "static" else {status})
        if target:
            assert answer.headers["Location"] == f"{apache}/site/{target}"


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("index.html", "text/html; charset=utf-8"),
        ("ontology.ttl", "text/turtle; charset=utf-8"),
        ("ontology.nt", "application/n-triples; charset=utf-8"),
        ("ontology.jsonld", "application/ld+json"),
        ("ontology.rdf", "application/rdf+xml"),
        ("queries/typologies.csv", "text/csv; charset=utf-8"),
        (".well-known/void", "text/turtle"),
        ("pkgraph.nq.gz", "application/gzip"),
    ],
)
def test_apache_gives_files_their_types_and_headers(apache, path, kind):
    """As the server does; what is compressed is a file and no encoding."""
    with asked(f"{apache}/site/{path}") as answer:
        assert answer.status == 200
        assert answer.headers["Content-Type"] == kind
        assert answer.headers["Content-Encoding"] is None
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("path", "accept", "target"),
    [
        ("", "text/html", ""),
        (THING, "text/html", f"{THING}.html"),
        (THING, "text/turtle", f"{THING}.ttl"),
        (f"{THING}.nt", "*/*", f"{THING}.nt"),
        ("ontology", "text/turtle", "ontology.ttl"),
        ("ontology/0.1.0", "text/html", "ontology.html"),
        ("scheme/voice/own", "application/rdf+xml", "scheme/voice/own.rdf"),
        ("operation", "text/html", "operation/"),
        ("queries/typologies?x=1", "text/html", "queries/typologies.html?x=1"),
        ("timeline/works", "text/html", "timeline/works.html"),
        ("world", "text/html", "world.html"),
        (".well-known/void", "*/*", ".well-known/void"),
    ],
)
def test_w3id_leads_to_files(apache, path, accept, target):
    """What is under our name there is found in the files, wherever these are."""
    with asked(f"{apache}/pkgraph/{path}", accept) as answer:
        assert answer.status == 200
        assert answer.url == f"{apache}/site/{target}"


def test_without_a_base_url_nothing_is_said_of_w3id(few):
    """There is nowhere to lead to; with one there is."""
    graph = Graph(build.load([resources.folder("graph") / "questions.ttl"]), "few")
    site = Site.of(graph, None)
    assert "w3id/.htaccess" not in publishing._others(graph, site)
    assert publishing._maps(site, ["index.html"]) == {"robots.txt": b"User-agent: *\nAllow: /\n"}
    assert (few[0] / "w3id/.htaccess").is_file()


# --- the shipped graph


@pytest.mark.slow
def test_every_resource_of_the_shipped_graph_has_one_page(published):
    """As many pages of things as there are things, all of them reached by whole links."""
    known, without = places.things(open_graph().store)
    assert not without
    pages = pages_of(published)
    assert all(f"{iri.removeprefix(BASE)}.html" in pages for iri in known)
    assert list(lost_links(published)) == []
    told = json.loads((published / folders.MARK).read_text("utf-8"))
    assert told["pages"] == len(pages) - 1
    assert told["files"] == len(files_of(published))
