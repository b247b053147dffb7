"""Nanopublications go out and come in whole, and what was changed or is something else does not."""

from __future__ import annotations

import base64
import hashlib
import re
import subprocess
import sys
from datetime import UTC, datetime

import pyoxigraph as ox
import pytest
import rdflib
from Crypto.PublicKey import DSA, RSA
from hypothesis import given, settings
from hypothesis import strategies as st

from pkgraph import intake, nanopublications, resources, turtle, validation
from pkgraph.cli import main
from pkgraph.errors import InputError, MissingDependencyError, NotFoundError, TurtleSyntaxError
from pkgraph.nanopublications import parts, signatures, trusty

ORCID = "https://orcid.org/0000-0002-1825-0097"
CLAIM = ox.NamedNode("https://w3id.org/pkgraph/claim/bellamy-2004-1-no-victory")
WHEN = datetime(2026, 3, 1, 12, 30, tzinfo=UTC)
NP = "http://www.nanopub.org/nschema#"
NPX = "http://purl.org/nanopub/x/"
#: What stands for the code in the files that these tests write.
CODE = "RA" + "x" * 43
#: The smallest nanopublication, graph by graph.
SMALL = {
    "Head": "this: a np:Nanopublication ; np:hasAssertion sub:a ; np:hasProvenance sub:p ; "
    "np:hasPublicationInfo sub:i .",
    "a": "<urn:x:claim> <urn:x:says> 'so' .",
    "p": "sub:a prov:wasDerivedFrom <urn:x:book> .",
    "i": f"this: dcterms:creator <{ORCID}> ; dcterms:created '2026-03-01' .",
}
PREFIXES = f"""\
@prefix this: <https://example.org/np/{CODE}> .
@prefix sub: <https://example.org/np/{CODE}#> .
@prefix np: <{NP}> .
@prefix npx: <{NPX}> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
"""


@pytest.fixture(scope="module")
def statements():
    """Return what the files of the graph say."""
    return nanopublications.Statements(resources.data_files("graph", ".ttl"))


@pytest.fixture(scope="module")
def key():
    """Return a private key."""
    return RSA.generate(2048)


@pytest.fixture(scope="module")
def short():
    """Return a private key that is enough to verify by, and too short to sign with."""
    return RSA.generate(1024)  # noqa: S505  # others sign with these


@pytest.fixture(scope="module")
def key_file(key, tmp_path_factory):
    """Return a file with that key."""
    path = tmp_path_factory.mktemp("key") / "key.pem"
    path.write_bytes(key.export_key("PEM"))
    return path


@pytest.fixture(scope="module")
def signed(statements, key):
    """Return a nanopublication that is signed, as text."""
    publisher = nanopublications.Publisher(ORCID, WHEN, "0123456789ab", key)
    return nanopublications.write([CLAIM], statements, publisher)


@pytest.fixture
def publisher():
    """Return somebody who publishes without a key."""
    return nanopublications.Publisher(ORCID, WHEN, "0123456789ab")


def read(folder, text, name="x.trig"):
    """Return what the nanopublications of *text* are read as."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return nanopublications.read(path)


def small(**graphs):
    """Return the smallest nanopublication with some of its graphs changed, and further ones."""
    named = {**SMALL, **graphs}
    return PREFIXES + "".join(f"sub:{name} {{ {text} }}\n" for name, text in named.items())


def sealed(text):
    """Return the TriG *text* with its right code."""
    quads = ox.parse(text.encode(), ox.RdfFormat.TRIG)
    return text.replace(CODE, trusty.make_code(quads, CODE))


def changed(text, before, after):
    """Return *text* with *before* made *after*, and its code made to fit."""
    assert before in text
    code = re.search(r"RA[\w-]{43}", text)[0]
    return sealed(text.replace(before, after).replace(code, CODE))


def told(folder, text, name="x.trig"):
    """Return how *text* is refused."""
    with pytest.raises(TurtleSyntaxError) as caught:
        read(folder, text, name)
    return str(caught.value)


# Out


def test_every_claim_comes_back_as_it_went_out(statements, publisher, graph, tmp_path):
    """What is asserted of each claim of the graph is what the files say of it and of its parts."""
    found = graph.sparql(
        "PREFIX pk: <https://w3id.org/pkgraph/ontology#> SELECT ?c WHERE { ?c pk:voice ?v ; "
        "pk:occursAt ?o } ORDER BY ?c"
    )
    claims = list(dict.fromkeys(row[0] for row in found.terms))
    source = read(tmp_path, nanopublications.write(claims, statements, publisher))
    assert len(source.publications) == len(claims) > 200
    for claim, publication in zip(claims, source.publications, strict=True):
        assert set(publication.assertion) == set(statements.belonging_to(claim))


def test_what_belongs_to_a_claim(statements):
    """Its occurrences, attributions and links from it do; links to it and passages do not."""
    subjects = {t.subject.value.rpartition("/")[2] for t in statements.belonging_to(CLAIM)}
    assert subjects == {
        "bellamy-2004-1-no-victory",
        "bellamy-2004-1-no-victory-1",
        "bellamy-2004-1-l124-woodhouse-2000",
        "bellamy-2004-1-no-victory-elaborates-bellamy-2004-1-mediation",
    }
    target = ox.NamedNode("https://w3id.org/pkgraph/claim/bellamy-2004-1-mediation")
    assert not {t for t in statements.belonging_to(target) if t.subject.value == CLAIM.value}


def test_nothing_derived_is_asserted(statements, graph):
    """The graph derives who holds a claim; the assertion does not say so."""
    held = "https://w3id.org/pkgraph/ontology#heldBy"
    assert graph.sparql(f"ASK {{ {CLAIM} <{held}> ?who }}") is True
    assert held not in {t.predicate.value for t in statements.belonging_to(CLAIM)}


def test_where_a_claim_is_from(signed, tmp_path):
    """The provenance names passage, work and whoever holds the claim."""
    (publication,) = read(tmp_path, signed).publications
    assert publication.derived_from == (
        "https://w3id.org/pkgraph/passage/bellamy-2004-1-1-p6",
        "https://w3id.org/pkgraph/work/bellamy-2004",
    )
    assert publication.attributed_to == ("https://w3id.org/pkgraph/person/tom-woodhouse",)


def test_what_a_work_says_itself_its_authors_hold(statements, publisher, tmp_path):
    """A claim in the own voice of a work is attributed to the authors of the work."""
    own = ox.NamedNode("https://w3id.org/pkgraph/claim/bellamy-2004-1-few-conceptual")
    (publication,) = read(
        tmp_path, nanopublications.write([own], statements, publisher)
    ).publications
    assert {iri.rpartition("/")[2] for iri in publication.attributed_to} == {
        "bellamy-2004",
        "griffin-2004",
        "williams-2004",
    }


def test_who_published_it(signed, tmp_path):
    """The publication info names creator, time, licence, version and release."""
    (publication,) = read(tmp_path, signed).publications
    assert publication.creators == (ORCID,)
    assert publication.orcid == ORCID
    assert publication.created == "2026-03-01T12:30:00Z"
    assert publication.licences == ("https://creativecommons.org/licenses/by/4.0/",)
    said = {t.object.value for t in publication.information}
    assert {resources.version(), "0123456789ab"} <= said
    assert publication.iri.startswith("http://purl.org/np/RA")


def test_what_no_source_is_known_of_is_its_publishers(publisher, tmp_path):
    """Of a file without a header, the assertion is attributed to whoever publishes it."""
    file = tmp_path / "own.ttl"
    file.write_text("<https://w3id.org/pkgraph/concept/x> <urn:x:p> 1.50 , 'colour'@en-GB .")
    own = nanopublications.Statements([file])
    text = nanopublications.write(
        [ox.NamedNode("https://w3id.org/pkgraph/concept/x")], own, publisher
    )
    (publication,) = read(tmp_path, text).publications
    assert publication.attributed_to == (ORCID,)
    assert publication.licences == ()
    assert str(tmp_path) not in text
    # A store would have made 1.5 and en-gb of them.
    assert "1.50" in text
    assert set(publication.assertion) == set(turtle.parse(file.read_text()))


def test_a_thing_that_nothing_is_said_of_is_not_published(statements, publisher):
    """It is an error that names the thing."""
    with pytest.raises(NotFoundError, match="concept:nowhere"):
        nanopublications.write(
            [ox.NamedNode("https://w3id.org/pkgraph/concept/nowhere")], statements, publisher
        )


@pytest.mark.parametrize("said", ["[]", "'x'@en--ltr"])
def test_what_no_hash_covers_is_not_published(said, publisher, tmp_path):
    """A thing with a blank node or a directed text is refused."""
    file = tmp_path / "own.ttl"
    file.write_text(f"<https://w3id.org/pkgraph/concept/x> <urn:x:p> {said} .")
    own = nanopublications.Statements([file])
    with pytest.raises(InputError, match=r"concept:x: .* no hash covers"):
        nanopublications.write([ox.NamedNode("https://w3id.org/pkgraph/concept/x")], own, publisher)


def test_too_much_for_one_is_not_published(publisher, tmp_path):
    """A thing with more statements than a nanopublication has is refused."""
    file = tmp_path / "own.ttl"
    objects = ", ".join(map(str, range(parts.MAX_STATEMENTS)))
    file.write_text(f"<https://w3id.org/pkgraph/concept/x> <urn:x:p> {objects} .")
    own = nanopublications.Statements([file])
    with pytest.raises(InputError, match="at most 1200"):
        nanopublications.write([ox.NamedNode("https://w3id.org/pkgraph/concept/x")], own, publisher)


# Hashes and signatures


def test_the_package_nanopub_agrees(signed, statements, publisher):
    """It finds the codes that are made here right, and wrong ones wrong."""
    unsigned = nanopublications.write([CLAIM], statements, publisher)
    for text in (signed, unsigned):
        assert _by_package(text).has_valid_trusty
        tampered = _by_package(text.replace("victory", "defeat"))
        with pytest.raises(ValueError, match="not valid"):
            _ = tampered.has_valid_trusty


def _by_package(text):
    with signatures._as_nanopub_has_it():
        from nanopub import Nanopub

        dataset = rdflib.ConjunctiveGraph()
        dataset.parse(data=text, format="trig")
        return Nanopub(rdf=dataset)


def test_signing_leaves_rdflib_as_it_was(signed):
    """The package nanopub would keep rdflib from normalizing literals for good."""
    assert "npx:hasSignature" in signed
    script = (
        "from pkgraph.nanopublications import signatures\nimport rdflib\n"
        "with signatures._as_nanopub_has_it():\n    import nanopub\n"
        "print(rdflib.NORMALIZE_LITERALS)"
    )
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", script], check=True, capture_output=True, text=True
    )
    assert done.stdout == "True\n"


def test_a_valid_signature_is_told(signed, key, tmp_path):
    """Who is said to have signed, and by which key."""
    (publication,) = read(tmp_path, signed).publications
    public = hashlib.sha256(key.public_key().export_key("DER")).hexdigest()
    assert publication.signature == nanopublications.Signature((ORCID,), public)


def test_a_signature_of_something_else_is_refused(signed, tmp_path):
    """With another statement and a hash that fits it, the signature shows the change."""
    assert "signature that does not fit" in told(tmp_path, changed(signed, "victory", "defeat"))


def test_a_signature_by_another_key_is_refused(signed, short, tmp_path):
    """With another public key, whose owner has not signed."""
    public = re.search(r'hasPublicKey "([^"]+)"', signed)[1]
    other = base64.b64encode(short.public_key().export_key("DER")).decode()
    assert "signature that does not fit" in told(tmp_path, changed(signed, public, other))


def test_the_name_of_the_signer_is_signed(signed, tmp_path):
    """Nobody can put another name beside the signature of somebody."""
    text = changed(signed, "0000-0002-1825-0097", "0000-0001-5109-3700")
    assert "signature that does not fit" in told(tmp_path, text)


def signature(key, **changes):
    """Return a publication info with a signature by *key*, some of its parts changed."""
    public = base64.b64encode(key.public_key().export_key("DER")).decode()
    said = {
        "hasAlgorithm": "'RSA'",
        "hasPublicKey": f"'{public}'",
        "hasSignature": "'AAAA'",
        "hasSignatureTarget": "this:",
        **changes,
    }
    return SMALL["i"] + "sub:sig " + "; ".join(f"npx:{k} {v}" for k, v in said.items()) + " ."


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"hasAlgorithm": "'DSA'"}, "not signed by one key of RSA"),
        ({"hasAlgorithm": "'RSA', 'DSA'"}, "not signed by one key of RSA"),
        ({"hasSignatureTarget": "<urn:x:other>"}, "not signed by one key of RSA"),
        ({"hasPublicKey": "'AAAA', 'BBBB'"}, "not signed by one key of RSA"),
        ({"hasPublicKey": "'no key'"}, "no RSA key"),
        ({"hasPublicKey": "<urn:x:key>"}, "no RSA key"),
        ({"hasPublicKey": f"'{'A' * 10_000}'"}, "no RSA key"),
        ({"hasSignature": "'AAAA', 'BBBB'"}, "more than one signature"),
        ({"hasSignature": "'????'"}, "does not fit"),
        ({"hasSignature": "<urn:x:signature>"}, "does not fit"),
        ({"hasSignature": f"'{'A' * 10_000}'"}, "does not fit"),
    ],
)
def test_a_signature_that_is_none_is_refused(changes, reason, short, tmp_path):
    """What is not one whole signature by RSA for this very nanopublication does not count."""
    assert reason in told(tmp_path, sealed(small(i=signature(short, **changes))))


def test_keys_of_a_size_that_does_harm_are_refused(tmp_path):
    """A short key can be broken; a huge one, or one with a huge exponent, takes long to check."""
    huge = RSA.construct(((1 << 9000) + 1, 65537), consistency_check=False)
    slow = RSA.construct(((1 << 4096) + 1, (1 << 4095) + 1), consistency_check=False)
    broken = RSA.construct(((1 << 500) + 1, 65537), consistency_check=False)
    for each in (huge, slow, broken):
        text = sealed(small(i=signature(each)))
        assert "no RSA key of 1024 to 8192 bits" in told(tmp_path, text)


def test_without_the_package_a_signature_is_not_passed_over(signed, monkeypatch, tmp_path):
    """The error says what to install; a nanopublication without signature is read all the same."""
    monkeypatch.setitem(sys.modules, "Crypto.PublicKey", None)
    with pytest.raises(MissingDependencyError, match=r"pip install 'pkgraph\[nanopub\]'"):
        read(tmp_path, signed)
    assert read(tmp_path, sealed(small())).publications[0].signature is None


def test_keys_are_read_from_pem_and_from_what_nanopub_keeps(key, key_file, tmp_path):
    """The package keeps a key without the lines of PEM around it."""
    bare = tmp_path / "id_rsa"
    bare.write_bytes(base64.b64encode(key.export_key("DER", pkcs=8)))
    assert nanopublications.read_key(key_file) == nanopublications.read_key(bare) == key


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (None, "cannot be read"),
        (b"", "no private key of RSA"),
        (b"hello", "no private key of RSA"),
        (b"-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----", "no private key"),
        ("public", "has a public key"),
        ("short", "has 1024 bits"),
        ("locked", "without a password"),
        ("dsa", "no private key of RSA"),
    ],
)
def test_what_is_no_key_is_refused(content, reason, key, short, tmp_path):
    """The message says why and shows nothing of what is in the file."""
    made = {
        "public": lambda: key.public_key().export_key("PEM"),
        "short": lambda: short.export_key("PEM"),
        "locked": lambda: key.export_key("PEM", passphrase=reason, pkcs=8),
        "dsa": lambda: DSA.construct((5, 2, 23, 11, 3), consistency_check=False).export_key("PEM"),
    }
    path = tmp_path / "key.pem"
    if content is not None:
        path.write_bytes(made[content]() if isinstance(content, str) else content)
    with pytest.raises(InputError, match=reason) as caught:
        nanopublications.read_key(path)
    assert "BEGIN" not in str(caught.value)
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


# In


def test_the_smallest_is_read(tmp_path):
    """Its assertion is what the source says."""
    source = read(tmp_path, sealed(small()))
    assert [str(t) for t in source.triples] == ['<urn:x:claim> <urn:x:says> "so"']
    assert source.publications[0].orcid == ORCID


def test_syntax_order_and_prefixes_do_not_count(signed, tmp_path):
    """The same statements as N-Quads, in another order, are the same nanopublication."""
    quads = list(ox.parse(signed.encode(), ox.RdfFormat.TRIG))
    lines = (ox.serialize(reversed(quads), format=ox.RdfFormat.N_QUADS) or b"").decode()
    one, other = read(tmp_path, signed), read(tmp_path, lines, "x.nq")
    assert set(one.triples) == set(other.triples)
    assert one.publications[0].iri == other.publications[0].iri


def test_intake_reads_both_endings(signed, tmp_path):
    """What is to be checked or contributed may be a nanopublication."""
    source = read(tmp_path, signed)
    (taken,) = intake.read(tmp_path / "x.trig")
    assert isinstance(taken, nanopublications.Nanopublications)
    assert taken.triples == source.triples
    lines = ox.serialize(ox.parse(signed.encode(), ox.RdfFormat.TRIG), format=ox.RdfFormat.N_QUADS)
    (tmp_path / "y.nq").write_bytes(lines or b"")
    (taken,) = intake.read(tmp_path / "y.nq")
    assert set(taken.triples) == set(source.triples)


def test_several_of_a_file_are_read_together(statements, publisher, tmp_path):
    """A file may have a claim and the work that it cites, each in one of its own."""
    work = ox.NamedNode("https://w3id.org/pkgraph/work/woodhouse-2000")
    source = read(tmp_path, nanopublications.write([CLAIM, work, CLAIM], statements, publisher))
    assert len(source.publications) == 2
    assert {work, CLAIM} <= {t.subject for t in source.triples}


@settings(max_examples=200)
@given(st.data())
def test_a_changed_character_of_the_assertion_is_noticed(signed, tmp_path_factory, data):
    """Whatever character becomes whatever else, it is refused or says what it said."""
    start, end = signed.index("sub:assertion {"), signed.index("sub:provenance {")
    position = data.draw(st.integers(start, end - 1))
    character = data.draw(st.sampled_from(' "\\.;,:<>@^_{}abXYZ019\té\n'))
    text = signed[:position] + character + signed[position + 1 :]
    folder = tmp_path_factory.getbasetemp()
    before = {quad.triple for quad in ox.parse(signed.encode(), ox.RdfFormat.TRIG)}
    try:
        source = read(folder, text, "tampered.trig")
    except InputError:
        return
    assert set(source.triples) <= before
    assert len(source.triples) == len(read(folder, signed, "whole.trig").triples)


def test_relative_iris_need_a_base(tmp_path):
    """Without one they are refused; with one they are what they are in full."""
    text = sealed(small(a="<urn:x:claim> <urn:x:says> <https://example.org/it> ."))
    relative = text.replace("<https://example.org/it>", "<it>")
    assert "it" in told(tmp_path, relative)
    based = "@base <https://example.org/> .\n" + relative
    assert read(tmp_path, based).triples == read(tmp_path, text).triples


LARGE = " , ".join(f"'{number}'" for number in range(parts.MAX_STATEMENTS))
OTHER = PREFIXES.replace("/np/", "/other/")
HOSTILE = {
    "no nanopublication": ("<urn:g> { <urn:a> <urn:b> <urn:c> }", "write the statements in a file"),
    "no graph": ("<urn:a> <urn:b> <urn:c> .", "outside of any graph"),
    "beside the graphs": (small() + "<urn:a> <urn:b> <urn:c> .", "outside of any graph"),
    "graph without a name": (small() + "_:g { <urn:a> <urn:b> 1 }", "outside of any graph"),
    "graph of others": (
        small() + "<https://w3id.org/pkgraph/graph/states> { <urn:a> <urn:b> 1 }",
        "part of no nanopublication",
    ),
    "second assertion": (small(b="<urn:a> <urn:b> 1 ."), "part of no nanopublication"),
    "graph of others as assertion": (
        PREFIXES
        + f"sub:Head {{ {SMALL['Head'].replace('sub:a', '<https://w3id.org/pkgraph/graph/x>')} }}"
        + "<https://w3id.org/pkgraph/graph/x> { <urn:a> <urn:b> 1 }"
        + "sub:p { <https://w3id.org/pkgraph/graph/x> prov:wasDerivedFrom <urn:x:book> }"
        + f"sub:i {{ {SMALL['i']} }}",
        "not named after its nanopublication",
    ),
    "nothing asserted": (small(a=""), "nothing in the graph of its np:hasAssertion"),
    "no provenance": (small(p=""), "nothing in the graph of its np:hasProvenance"),
    "no publication info": (small(i=""), "nothing in the graph of its np:hasPublicationInfo"),
    "provenance of something else": (small(p="<urn:a> <urn:b> 1 ."), "does not speak of its"),
    "info of something else": (small(i="<urn:a> <urn:b> 1 ."), "does not speak of it;"),
    "two assertions": (
        small(Head=SMALL["Head"] + "this: np:hasAssertion sub:p ."),
        "2 of np:hasAssertion",
    ),
    "none of the graphs": (small(Head="this: a np:Nanopublication ."), "0 of np:hasAssertion"),
    "head that asserts itself": (
        small(Head=SMALL["Head"].replace("sub:a", "sub:Head")),
        "all differ",
    ),
    "graph in two places": (small(Head=SMALL["Head"].replace("sub:p", "sub:a")), "all differ"),
    "asserts its own IRI": (small(Head=SMALL["Head"].replace("sub:a", "this:")), "all differ"),
    "graphs that are texts": (small(Head=SMALL["Head"].replace("sub:a", "'a'")), "nothing in"),
    "two heads": (small(b=SMALL["Head"]), "belongs to two"),
    "two in one head": (
        small(
            Head=SMALL["Head"] + SMALL["Head"].replace("this:", "sub:twin"),
            i=SMALL["i"] + f"sub:twin dcterms:creator <{ORCID}> .",
        ),
        "belongs to two",
    ),
    "declared in its assertion": (
        small(a="<urn:a> a np:Nanopublication ."),
        "0 of np:hasAssertion",
    ),
    "nameless": (small(Head=SMALL["Head"].replace("this:", "_:n")), "has no IRI"),
    "statement about a statement": (
        small(a="<< <urn:a> <urn:b> <urn:c> >> <urn:d> 1 ."),
        "no statements about statements",
    ),
    "blank node": (small(a="[] <urn:b> 1 ."), "has no IRI"),
    "blank node as value": (small(a="<urn:a> <urn:b> [] ."), "has no IRI"),
    "directed text": (small(a="<urn:a> <urn:b> 'x'@en--rtl ."), "no hash covers"),
    "without a code": (small().replace(CODE, "1"), "has no trusty URI"),
    "code of another kind": (small().replace(CODE, "FA" + CODE[2:]), "has no trusty URI"),
    "code of something else": (small(), "was changed after it was published"),
    "too many statements": (small(a=f"<urn:a> <urn:b> {LARGE} ."), "at most 1200"),
    "too many": (
        "".join(
            f"<urn:h:{n}> {{ <urn:n:{n}> a <{NP}Nanopublication> }}"
            for n in range(parts.MAX_NANOPUBLICATIONS + 1)
        ),
        "at most 1000",
    ),
    "broken": (small()[:-3], "x.trig, line 1"),
    "no Unicode": (small(a="<urn:a> <urn:b> '\\uD800' ."), "x.trig, line"),
}


@pytest.mark.parametrize(("text", "reason"), HOSTILE.values(), ids=HOSTILE)
def test_anything_else_is_refused(text, reason, tmp_path):
    """What is not nanopublications and nothing else is refused, with a reason and what to do."""
    message = told(tmp_path, text)
    assert reason in message
    assert message.startswith(str(tmp_path / "x.trig"))
    assert len(message) < 600


def test_what_is_asserted_of_another_is_asserted_and_no_more(tmp_path):
    """A nanopublication may cite another; that does not make the other part of it."""
    other = "https://example.org/other/RA" + "y" * 43
    source = read(tmp_path, sealed(small(a=f"<{other}> <urn:x:says> 'so' .")))
    assert [publication.iri for publication in source.publications] != [other]
    assert source.triples[0].subject == ox.NamedNode(other)


def test_a_large_file_is_refused(tmp_path):
    """The error names the limit."""
    text = small(a=f"<urn:a> <urn:b> '{'x' * (9 << 20)}' .")
    with pytest.raises(InputError, match="larger than 8 MiB"):
        read(tmp_path, text)


@pytest.mark.parametrize(
    "text", ["<urn:g> {{ <urn:a> <urn:b> {} }}", "<urn:g> {{ <urn:a> <urn:b> ({}) }}"]
)
def test_a_short_text_of_many_statements_is_refused(text, tmp_path):
    """What is read of it ends at the limit, which the error names."""
    mark = " " if "(" in text else ","
    assert "more than 100000 statements" in told(tmp_path, text.format(mark.join("1" * 2_000_000)))


def test_a_statement_that_is_repeated_is_one(tmp_path):
    """A nanopublication whose head is written twice is still one."""
    text = sealed(small())
    head = text[text.index("sub:Head {") : text.index("sub:a {")]
    assert read(tmp_path, text + head).triples == read(tmp_path, text).triples


def test_deep_nesting_ends_soon(tmp_path):
    """Brackets and lists without end are refused, and not by running out of stack."""
    for opening in ("[ <urn:b> ", "( "):
        assert told(tmp_path, small(a="<urn:a> <urn:b> " + opening * 100_000))


def test_the_code_covers_what_a_literal_is():
    """Datatype, language, escapes and the border between two statements make other codes."""
    texts = ["'1'", "1", "'1'@en", "'1'^^<urn:x>", "'1\\n'", "'1\\\\n'", "'1\\r'", "' 1'"]
    codes = {
        trusty.make_code(
            ox.parse(small(a=f"<urn:a> <urn:b> {text} .").encode(), ox.RdfFormat.TRIG), CODE
        )
        for text in texts
    }
    assert len(codes) == len(texts)


@pytest.mark.parametrize("ending", [".trig", ".nq"])
def test_findings_say_their_line(ending, statements, publisher, tmp_path):
    """What a check finds is placed in the file of the nanopublication."""
    text = nanopublications.write([CLAIM], statements, publisher)
    text = changed(text, "voice:disputed", "voice:loud")
    if ending == ".nq":
        quads = ox.parse(text.encode(), ox.RdfFormat.TRIG)
        text = (ox.serialize(quads, format=ox.RdfFormat.N_QUADS) or b"").decode()
    path = tmp_path / f"x{ending}"
    path.write_text(text, encoding="utf-8")
    (finding,) = (f for f in validation.check(path).findings if f.path.endswith("voice"))
    line = text.splitlines()[finding.line - 1]
    assert re.match(r"voice:loud|<\S+voice/loud>", line[finding.column - 1 :])


# By command


def test_out_and_in_by_command(key_file, tmp_path, capsys):
    """A claim is written, signed; imported, it is the claim; the key is shown nowhere."""
    trig, ttl = tmp_path / "claim.trig", tmp_path / "claim.ttl"
    name = "bellamy-2004-1-no-victory"
    arguments = ["nanopublication", name, "--by", ORCID, "--key", str(key_file)]
    assert main([*arguments, "--out", str(trig)]) == 0
    assert main(["import", "nanopub", str(trig), "--out", str(ttl)]) == 0
    assert main(["check", str(ttl)]) == 0
    assert main(["format", "--check", str(ttl)]) == 0
    out, err = capsys.readouterr()
    assert "nothing was sent anywhere" in err
    assert f"published by {ORCID}" in err
    assert "in the name of" in err
    secret = "".join(key_file.read_text().split()[4:6])[:40]
    assert secret not in out + err + trig.read_text() + ttl.read_text()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["claim.trig", "claim.ttl"]


def test_without_a_key_it_is_not_signed(capsys):
    """It has a trusty URI all the same, and that is told."""
    assert main(["nanopublication", "bellamy-2004-1-no-victory", "--by", ORCID]) == 0
    out, err = capsys.readouterr()
    assert "hasSignature" not in out
    assert "not signed, since no --key was given" in err
    code = re.search(r"@prefix this: <\S+/(RA[\w-]+)>", out)[1]
    assert trusty.make_code(ox.parse(out.encode(), ox.RdfFormat.TRIG), code) == code


def test_the_name_of_the_publisher_is_checked(capsys):
    """An ORCID iD with a wrong digit is wrong use."""
    assert main(["nanopublication", CLAIM.value, "--by", "0000-0002-1825-0098"]) == 2
    assert "is not an ORCID iD" in capsys.readouterr().err


def test_a_file_of_ones_own_is_published(tmp_path, capsys):
    """With --data, the thing is taken from there; that it has no licence is told."""
    file = tmp_path / "own.ttl"
    file.write_text(
        "@prefix pk: <https://w3id.org/pkgraph/ontology#> .\n"
        "<https://w3id.org/pkgraph/concept/mine> a pk:Concept ;\n"
        '  <http://www.w3.org/2000/01/rdf-schema#label> "my concept"@en .\n'
    )
    assert main(["nanopublication", "my concept", "--by", ORCID, "--data", str(file)]) == 0
    out, err = capsys.readouterr()
    assert "concept:mine a pk:Concept" in out
    assert "concept:mine is in no graph that names a licence" in err


def test_a_changed_one_is_not_imported(signed, tmp_path, capsys):
    """It ends with the status of a verdict, and nothing is written."""
    path, out = tmp_path / "x.trig", tmp_path / "x.ttl"
    path.write_text(signed.replace("victory", "defeat"), encoding="utf-8")
    assert main(["import", "nanopub", str(path), "--out", str(out)]) == 1
    assert "was changed after it was published" in capsys.readouterr().err
    assert not out.exists()
    assert main(["check", str(path)]) == 1


def test_what_does_not_conform_is_not_imported(tmp_path, capsys):
    """A nanopublication of something else says nothing that the graph has a place for."""
    path, out = tmp_path / "x.trig", tmp_path / "x.ttl"
    path.write_text(sealed(small()), encoding="utf-8")
    assert main(["import", "nanopub", str(path), "--out", str(out)]) == 1
    printed, err = capsys.readouterr()
    assert "x.trig:" in printed
    assert "Nothing was imported" in err
    assert not out.exists()


def test_what_is_told_of_others_is_cut(tmp_path, capsys):
    """What a publisher writes of itself can neither flood nor steer the terminal."""
    path = tmp_path / "x.trig"
    flood = f"this: dcterms:created '\\u001b[31m{'x' * 100_000}' ."
    path.write_text(sealed(small(i=SMALL["i"].partition(";")[0] + "." + flood)), encoding="utf-8")
    assert main(["import", "nanopub", str(path)]) == 1
    err = capsys.readouterr().err
    assert "\x1b" not in err
    assert len(err) < 1000
