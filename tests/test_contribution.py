"""Contributions land whole or not at all, stay on record, and nobody's is lost."""

from __future__ import annotations

import hashlib
import multiprocessing
import re
import resource
import signal
import time
from concurrent.futures import ThreadPoolExecutor

import pyoxigraph as ox
import pytest
import scholars_path
import warmed_up
from contributing import ADA, BEA, CLAIM, RESTING, assert_whole, chance, contents, written
from starlette.testclient import TestClient

from pkgraph import build, cli, contribution, open_graph, web
from pkgraph.contribution import folders, register
from pkgraph.errors import (
    ConflictError,
    InputError,
    NotFoundError,
    ParameterError,
    StoreError,
    UsageError,
)
from pkgraph.namespaces import BASE, GRAPH, PK, PKS, PROV, REGISTER_GRAPH

#: How often the crash test kills a process.
KILLS = 200


@pytest.fixture
def give(tmp_path):
    """Return a function that contributes a text to a store, and returns the outcome."""

    def run(text, by=ADA, name="claims.ttl", **options):
        path = written(tmp_path, name, text)
        return contribution.contribute([path], by, tmp_path / "store", **options)

    return run


def listed(folder):
    """Return the contributions to the store in *folder*."""
    return contribution.contributions(build.open_folder(folder)[0])


# --- what is accepted


def test_a_contribution_lands_with_its_record(give, tmp_path):
    """The statements are in a graph of their own, and the record says who, when, what, how."""
    text = CLAIM % {"n": "example-2001"}
    before = register.now()
    outcome = give(text)
    assert outcome.report.conforms
    (found,) = listed(tmp_path / "store")
    assert found == outcome.contribution
    assert found.by == f"https://orcid.org/{ADA}"
    assert before <= found.at <= register.now()
    assert found.name == f"{found.at[:10]}-1"
    assert re.fullmatch(r"0\.\d+\.\d+-[0-9a-f]{12}", found.release)
    (file,) = found.files
    assert (file.name, file.size) == ("claims.ttl", len(text.encode()))
    assert file.digest == hashlib.sha256(text.encode()).hexdigest()
    assert contribution.kept(tmp_path / "store", file).read_bytes() == text.encode()
    statements = contribution.statements(build.open_folder(tmp_path / "store")[0], found)
    assert len(statements) == found.statements == 18
    assert_whole(tmp_path / "store", conforms=True)


def test_what_is_contributed_can_be_asked(give, tmp_path):
    """A canned query finds the new claim, with what follows from it."""
    give(CLAIM % {"n": "example-2001"})
    graph = open_graph(tmp_path / "store")
    rows = graph.query("claims-of-work", work="example-2001")
    assert [row.claim_label for row in rows] == ["Patrols calm towns, says example-2001."]
    derived = graph.sparql(
        f"ASK {{ GRAPH <{GRAPH}derived> {{ <{BASE}claim/example-2001-calm> <{PK}heldBy> "
        f"<{BASE}work/example-2001> }} }}"
    )
    assert derived


def test_the_record_is_in_terms_of_prov(give, tmp_path):
    """An activity of an agent used the file and generated the graph, which is attributed to her."""
    name = give(CLAIM % {"n": "example-2001"}).contribution.name
    rows = open_graph(tmp_path / "store").sparql(
        "PREFIX prov: <http://www.w3.org/ns/prov#> SELECT * { ?act prov:generated ?graph ; "
        "prov:wasAssociatedWith ?who ; prov:used ?file ; prov:endedAtTime ?at . "
        "?graph prov:wasAttributedTo ?who ; prov:wasDerivedFrom ?file ; prov:generatedAtTime ?at }"
    )
    assert [(row.act, row.graph, row.who) for row in rows] == [
        (
            f"{BASE}contribution/{name}",
            f"{GRAPH}contributions/{name}",
            f"https://orcid.org/{ADA}",
        )
    ]


def test_several_files_are_one_contribution(tmp_path):
    """What one file says may rest on what another says; the same bytes are kept once."""
    one = written(tmp_path, "one.ttl", CLAIM % {"n": "example-2001"})
    other = written(tmp_path, "other.ttl", RESTING % {"n": "example-2001"})
    again = written(tmp_path, "again.ttl", RESTING % {"n": "example-2001"})
    outcome = contribution.contribute([other, one, again], ADA, tmp_path / "store")
    assert [file.name for file in outcome.contribution.files] == [
        "again.ttl",
        "one.ttl",
        "other.ttl",
    ]
    assert len(list((tmp_path / "store" / "submitted").iterdir())) == 2
    assert_whole(tmp_path / "store")


def test_a_contribution_may_rest_on_another(give, tmp_path):
    """What the store has been given counts as described."""
    give(CLAIM % {"n": "example-2001"})
    assert give(RESTING % {"n": "example-2001"}, by=BEA).report.conforms
    assert [each.name[-2:] for each in listed(tmp_path / "store")] == ["-1", "-2"]
    assert_whole(tmp_path / "store", conforms=True)


def test_literals_arrive_as_they_are(give, tmp_path):
    """Quotation marks, line ends, backslashes and other scripts survive the way into the store."""
    label = 'A "label" with \\\\u0041, \\\\ and 平和 \U0001f54a.'
    text = (CLAIM % {"n": "example-2001"}).replace(
        "Patrols calm towns, says example-2001.", label.replace('"', '\\"')
    )
    assert give(text).report.conforms
    rows = open_graph(tmp_path / "store").sparql(
        f"SELECT ?l {{ <{BASE}claim/example-2001-calm> <http://www.w3.org/2000/01/rdf-schema#label>"
        " ?l }"
    )
    assert rows[0].l == label.replace("\\\\", "\\")


# --- what is refused


@pytest.mark.parametrize(
    ("before", "after", "shape"),
    [
        ("voice:own", "voice:onw", "Claim-voice"),
        ("occurrence:%(n)s-1 .", "occurrence:%(n)s-2 .", "Claim-occursAt"),
        ("pk:lastLine 3", "pk:lastLine 1", "Occurrence-lineOrder"),
    ],
)
def test_what_does_not_conform_leaves_the_store_as_it_was(give, tmp_path, before, after, shape):
    """A rejected contribution is told with its lines, and nothing of it is kept."""
    give(CLAIM % {"n": "example-2000"})
    then = contents(tmp_path / "store")
    outcome = give(CLAIM.replace(before, after) % {"n": "example-2001"})
    assert outcome.contribution is None
    assert {f.shape for f in outcome.report.findings} == {PKS + shape}
    assert all(f.line for f in outcome.report.findings)
    assert contents(tmp_path / "store") == then
    assert len(list((tmp_path / "store" / "submitted").iterdir())) == 1


def test_what_others_gave_is_theirs(give):
    """A contribution says nothing of a claim in another contribution."""
    give(CLAIM % {"n": "example-2001"})
    text = CLAIM.replace("concept:peacekeeping", "concept:peacebuilding") % {"n": "example-2001"}
    outcome = give(text, by=BEA)
    assert outcome.contribution is None
    assert [f.shape for f in outcome.report.findings] == [PKS + "Thing-owner"]
    assert "/graph/contributions/" in outcome.report.findings[0].message


@pytest.mark.parametrize(
    "text",
    [
        "pks:Claim-voice sh:deactivated true .",
        "pk:Claim rdfs:subClassOf pk:Work .",
        "claim:bellamy-2004-1-westphalian-role owl:sameAs claim:example-2001-calm .",
        "claim:bellamy-2004-1-westphalian-role pk:voice voice:disputed .",
        "claim:bellamy-2004-1-westphalian-role pk:heldBy work:example-2001 .",
        "<https://w3id.org/pkgraph/graph/concepts> a pk:SourceGraph .",
        "<https://w3id.org/pkgraph/graph/works/bellamy-2004/1-1> pk:encodes work:bellamy-2004 .",
    ],
)
def test_nothing_but_ones_own_is_changed(give, text):
    """Shapes, ontology, mergers, others' claims and derived statements are refused."""
    more = (
        "@prefix owl: <http://www.w3.org/2002/07/owl#> .\n"
        "@prefix pks: <https://w3id.org/pkgraph/shapes#> .\n"
        "@prefix sh: <http://www.w3.org/ns/shacl#> .\n"
    )
    assert give(more + CLAIM % {"n": "example-2001"} + text).contribution is None


def test_the_same_twice_is_told(give):
    """What the store says already is no contribution."""
    give(CLAIM % {"n": "example-2001"})
    with pytest.raises(ConflictError, match="says all of this already"):
        give(CLAIM % {"n": "example-2001"}, by=BEA)


@pytest.mark.parametrize("by", ["0000-0002-1825-0098", "Ada", ""])
def test_a_contributor_has_an_orcid(give, tmp_path, by):
    """An iD that cannot be one is refused before anything is done."""
    with pytest.raises(ParameterError):
        give(CLAIM % {"n": "example-2001"}, by=by)
    assert not (tmp_path / "store").exists()


def test_a_file_that_changes_meanwhile_is_refused(give, monkeypatch):
    """What is kept is what was checked."""
    read = contribution.giving.intake.read

    def slow(data):
        sources = read(data)
        for source in sources:
            source.path.write_text(source.path.read_text("utf-8") + "# more\n", "utf-8")
        return sources

    monkeypatch.setattr(contribution.giving.intake, "read", slow)
    with pytest.raises(InputError, match="changed while it was read"):
        give(CLAIM % {"n": "example-2001"})


@pytest.mark.parametrize("make", [lambda path: path.write_text("x"), lambda path: path.mkdir()])
def test_what_is_no_store_is_left_alone(give, tmp_path, make):
    """A file or a folder of something else is refused, and not written to."""
    make(tmp_path / "store")
    with pytest.raises(InputError, match="is no store"):
        give(CLAIM % {"n": "example-2001"})
    assert not list((tmp_path / "store").glob("*"))


# --- withdrawing and replacing


def test_what_is_withdrawn_stays_on_record(give, tmp_path):
    """The statements leave the store with all that followed from them; record and file stay."""
    name = give(CLAIM % {"n": "example-2001"}).contribution.name
    asserted = contents(tmp_path / "store")
    report = contribution.withdraw(name, BEA, tmp_path / "store", "It was a slip.")
    assert report.conforms
    (found,) = listed(tmp_path / "store")
    assert (found.withdrawal.by, found.withdrawal.reason) == (
        f"https://orcid.org/{BEA}",
        "It was a slip.",
    )
    left = contents(tmp_path / "store")
    (told,) = {each for each in left if "claim/example-2001-calm" in str(each[0])} - {
        each for each in left if each[1] == "DEFAULT"
    }
    assert (told[0].predicate.value, told[1]) == (f"{PROV}invalidated", f"<{REGISTER_GRAPH}>")
    assert len(asserted - left) > 2 * found.statements
    assert contribution.kept(tmp_path / "store", found.files[0]).is_file()
    assert_whole(tmp_path / "store", conforms=True)
    with pytest.raises(UsageError, match="left the store"):
        contribution.withdraw(name, ADA, tmp_path / "store")


def test_what_was_withdrawn_can_come_again(give, tmp_path):
    """The same file is a new contribution, under a new name; its claim is there, and gone again."""
    name = give(CLAIM % {"n": "example-2001"}).contribution.name
    contribution.withdraw(name, ADA, tmp_path / "store")
    again = give(CLAIM % {"n": "example-2001"}).contribution.name
    assert again.endswith("-2")
    assert_whole(tmp_path / "store")
    address = "/claim/example-2001-calm"
    assert asked(tmp_path, address).status_code == 303
    contribution.withdraw(again, ADA, tmp_path / "store")
    assert f"with contribution {again}," in asked(tmp_path, address).text


def asked(folder, path):
    """Return what a server of the store says to a browser that asks for *path*."""
    client = TestClient(web.app(open_graph(folder / "store")), follow_redirects=False)
    return client.get(path, headers={"Accept": "text/html"})


def test_the_address_of_what_was_withdrawn_says_so(give, tmp_path):
    """It is gone (410) with what took it out, and why; what never was is not found (404)."""
    name = give(CLAIM % {"n": "example-2001"}).contribution.name
    contribution.withdraw(name, BEA, tmp_path / "store", "It was <b>a slip</b>.")
    things = ("claim/example-2001-calm", "work/example-2001", "passage/example-2001-1")
    for path in (*things, f"{things[0]}.html", f"map/{things[0]}"):
        answer = asked(tmp_path, f"/{path}")
        assert answer.status_code == 410, path
        assert f"with contribution {name}, and nothing is said to replace it" in answer.text
        assert "the reason given: It was &lt;b&gt;a slip&lt;/b&gt;." in answer.text
    assert f"{PROV}invalidated" in asked(tmp_path, f"/{things[0]}.nt").text
    assert asked(tmp_path, "/claim/example-2001-never").status_code == 404
    assert asked(tmp_path, "/concept/peacekeeping").status_code == 303


def test_what_a_replacement_leaves_out_is_gone_and_leads_to_it(give, tmp_path):
    """A claim that the new contribution has no more is 410; what it has still is there."""
    claim = (CLAIM % {"n": "example-2001"}).partition("claim:example-2001-calm")[1:]
    text = CLAIM % {"n": "example-2001"} + "".join(claim).replace("-calm", "-quiet").replace(
        "calm", "quieten"
    )
    old = give(text).contribution.name
    text = (CLAIM % {"n": "example-2001"}).replace("calm towns", "soothe towns")
    new = give(text, replaces=old).contribution
    answer = asked(tmp_path, "/claim/example-2001-quiet")
    assert answer.status_code == 410
    assert f"contribution {old}, which described it, was replaced by" in answer.text
    assert f'href="/graph/contributions/{new.name}"' in answer.text
    assert asked(tmp_path, "/claim/example-2001-calm").status_code == 303
    assert asked(tmp_path, f"/graph/contributions/{old}").status_code == 410
    assert_whole(tmp_path / "store")


def test_what_others_still_describe_is_not_gone(give, tmp_path):
    """Of two contributions that describe a claim one is withdrawn: the claim is there."""
    first = give(CLAIM % {"n": "example-2001"}).contribution.name
    text = CLAIM % {"n": "example-2001"} + "work:example-2001-b a pk:Work ; rdfs:label 'B'@en ."
    second = give(text, by=BEA).contribution.name
    contribution.withdraw(first, ADA, tmp_path / "store")
    assert asked(tmp_path, "/claim/example-2001-calm").status_code == 303
    contribution.withdraw(second, BEA, tmp_path / "store")
    for path in ("claim/example-2001-calm", "work/example-2001-b"):
        assert f"contribution {second}" in asked(tmp_path, f"/{path}").text


def test_what_others_rest_on_is_not_withdrawn(give, tmp_path):
    """The report names the things of others that would not conform any more."""
    first = give(CLAIM % {"n": "example-2001"}).contribution.name
    second = give(RESTING % {"n": "example-2001"}, by=BEA).contribution.name
    before = contents(tmp_path / "store")
    report = contribution.withdraw(first, ADA, tmp_path / "store")
    assert {f.focus for f in report.findings} == {f"{BASE}claim/example-2001-late"}
    assert contents(tmp_path / "store") == before
    assert contribution.withdraw(second, ADA, tmp_path / "store").conforms
    assert contribution.withdraw(first, ADA, tmp_path / "store").conforms
    assert_whole(tmp_path / "store")


def test_one_statement_of_two_stays_until_both_go(give, tmp_path):
    """What two contributions say leaves the union with the second of them."""
    first = give(CLAIM % {"n": "example-2001"}).contribution.name
    text = CLAIM % {"n": "example-2001"} + "work:example-2001-b a pk:Work ; rdfs:label 'B'@en ."
    second = give(text, by=BEA).contribution.name
    contribution.withdraw(first, ADA, tmp_path / "store")
    assert_whole(tmp_path / "store")
    rows = open_graph(tmp_path / "store").sparql(f"ASK {{ <{BASE}claim/example-2001-calm> ?p ?o }}")
    assert rows
    contribution.withdraw(second, ADA, tmp_path / "store")
    assert_whole(tmp_path / "store")


def test_a_contribution_replaces_another_in_one_step(give, tmp_path):
    """What is described anew takes the place of what was said before."""
    old = give(CLAIM % {"n": "example-2001"}).contribution.name
    text = (CLAIM % {"n": "example-2001"}).replace("voice:own", "voice:reported")
    assert give(text, replaces=old).contribution is None  # nobody holds it
    text = (CLAIM % {"n": "example-2001"}).replace("calm towns", "soothe towns")
    new = give(text, replaces=old).contribution
    before, after = listed(tmp_path / "store")
    assert before.withdrawal.by_what == new.iri
    assert after == new
    assert_whole(tmp_path / "store", conforms=True)
    with pytest.raises(UsageError, match="left the store"):
        give(CLAIM % {"n": "example-2001"}, replaces=old)


def test_a_name_that_is_not_there_is_told_with_those_that_are(give, tmp_path):
    """The latest contributions are named."""
    name = give(CLAIM % {"n": "example-2001"}).contribution.name
    with pytest.raises(NotFoundError, match=name):
        contribution.withdraw("2001-01-01-1", ADA, tmp_path / "store")


# --- equal to a rebuild, whatever was done


@pytest.mark.long
@pytest.mark.slow
def test_any_row_of_contributions_leaves_what_a_rebuild_makes(tmp_path):
    """After contributions, replacements and withdrawals by chance, all that follows is right."""
    dice = chance()
    store = tmp_path / "store"
    for number in range(24):
        known = listed(store) if store.exists() else []
        standing = [each.name for each in known if each.withdrawal is None]
        kind = dice.choice(["claim", "claim", "resting", "withdraw", "replace"])
        slug = {"n": f"example-20{number:02}"}
        if kind == "withdraw" and standing:
            contribution.withdraw(dice.choice(standing), ADA, store)
        elif kind == "replace" and standing:
            path = written(tmp_path, "c.ttl", CLAIM % slug)
            contribution.contribute([path], ADA, store, replaces=dice.choice(standing))
        elif kind == "resting" and number:
            slug = {"n": f"example-20{dice.randrange(number):02}"}
            path = written(tmp_path, "c.ttl", RESTING % slug)
            if ox.NamedNode(f"{BASE}claim/{slug['n']}-late") not in _subjects(store):
                contribution.contribute([path], ADA, store)
        else:
            contribution.contribute([written(tmp_path, "c.ttl", CLAIM % slug)], ADA, store)
        assert_whole(store, conforms=number % 8 == 7)


def _subjects(store):
    return {triple.subject for triple, _ in contents(store)}


# --- several at once, a full disk, a kill


def _contribute(path, store):
    contribution.contribute([path], ADA, store)


@pytest.mark.slow
def test_contributors_at_once_lose_nothing(tmp_path):
    """Of processes and threads that contribute at once, each waits for its turn."""
    store = tmp_path / "store"
    paths = [written(tmp_path, f"{n}.ttl", CLAIM % {"n": f"example-20{n:02}"}) for n in range(10)]
    context = multiprocessing.get_context("forkserver")
    processes = [context.Process(target=_contribute, args=(p, store)) for p in paths[:5]]
    for process in processes:
        process.start()
    with ThreadPoolExecutor(5) as pool:
        list(pool.map(lambda path: _contribute(path, store), paths[5:]))
    for process in processes:
        process.join()
    assert [process.exitcode for process in processes] == [0] * 5
    assert len(listed(store)) == 10
    assert_whole(store)


def test_a_store_in_use_for_too_long_is_told(give, tmp_path, monkeypatch):
    """Who waits in vain learns what for, and loses nothing."""
    give(CLAIM % {"n": "example-2001"})
    monkeypatch.setattr(folders, "WAIT_S", 0)
    with folders.opened(tmp_path / "store"), pytest.raises(StoreError, match="another program"):
        give(CLAIM % {"n": "example-2002"})


def test_a_store_that_is_written_to_can_be_read(give, tmp_path):
    """Readers see the last whole state while somebody writes."""
    give(CLAIM % {"n": "example-2001"})
    with folders.opened(tmp_path / "store"):
        assert len(listed(tmp_path / "store")) == 1


def _contribute_on_a_full_disk(path, store, limit):
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    with pytest.raises((StoreError, OSError)):
        contribution.contribute([path], ADA, store)


@pytest.mark.parametrize("limit", [0, 64, 2000])
def test_a_full_disk_leaves_the_store_as_it_was(give, tmp_path, limit):
    """If no file can grow, the contribution fails and the store is as it was."""
    give(CLAIM % {"n": "example-2001"})
    before = contents(tmp_path / "store")
    path = written(tmp_path, "more.ttl", CLAIM % {"n": "example-2002"})
    process = multiprocessing.get_context("forkserver").Process(
        target=_contribute_on_a_full_disk, args=(path, tmp_path / "store", limit)
    )
    process.start()
    process.join()
    assert process.exitcode == 0
    assert contents(tmp_path / "store") == before
    assert give(CLAIM % {"n": "example-2002"}).contribution is not None
    assert_whole(tmp_path / "store")


@pytest.mark.long
@pytest.mark.slow
def test_a_kill_at_any_instant_leaves_no_half(tmp_path):
    """Of processes killed while they contribute, each has given all or nothing."""
    dice = chance()
    store = tmp_path / "store"
    commands = warmed_up.Commands("contribute")

    def given(number, **options):
        path = written(tmp_path, f"{number}.ttl", CLAIM % {"n": f"example-{number:04}"})
        arguments = ("contribute", str(path), "--by", ADA, "--store", str(store))
        return commands.run(*arguments, folder=tmp_path, **options).status

    for number in range(2):  # the second has all that the others have to begin with
        begin = time.perf_counter()
        assert given(number) == 0
        longest = time.perf_counter() - begin
    for number in range(2, 2 + KILLS):
        instant = dice.uniform(0.001, 1.2 * longest)
        assert given(number, killed_after_s=instant) in {0, -signal.SIGKILL}
        if number % 25 == 0:
            assert_whole(store)
    commands.close()
    assert_whole(store, conforms=True)
    whole = len(listed(store))
    assert 2 < whole < KILLS
    _contribute(written(tmp_path, "last.ttl", CLAIM % {"n": "example-last"}), store)
    assert len(listed(store)) == whole + 1


@pytest.mark.parametrize("instant", [0.01, 0.05, 0.1, 0.2])
def test_a_kill_while_the_store_is_made_leaves_none_or_all(tmp_path, instant):
    """A store that was not made whole is not there, and is made by the next contribution."""
    build.build_store()
    path = written(tmp_path, "a.ttl", CLAIM % {"n": "example-2001"})
    process = multiprocessing.get_context("forkserver").Process(
        target=_contribute, args=(path, tmp_path / "store")
    )
    process.start()
    time.sleep(instant)
    process.kill()
    process.join()
    if (tmp_path / "store").exists():
        assert_whole(tmp_path / "store")
    other = written(tmp_path, "b.ttl", CLAIM % {"n": "example-2002"})
    contribution.contribute([other], ADA, tmp_path / "store")
    assert_whole(tmp_path / "store")


# --- what a scholar does


def test_a_scholar_contributes_from_a_spreadsheet(command, tmp_path, capsys):
    """Three mistakes are named by cell; mended, the new attack is found; withdrawn, it is gone."""
    store = str(tmp_path / "store")
    table = tmp_path / "article.xlsx"

    def attacks():
        target = f"target={scholars_path.ATTACKED}"
        assert cli.main(["query", "attacks-on", target, "--data", store, "--format", "csv"]) == 0
        return capsys.readouterr().out

    scholars_path.fill(table, mistaken=True)
    status, _, told = command("contribute", table, "--by", ADA)
    assert status == 1
    for cell, mend in scholars_path.VERDICTS.items():
        assert f"{table}:{cell}" in told
        assert mend in told
    assert "3 findings" in told

    scholars_path.fill(table, mistaken=False)
    status, name, _ = command("contribute", table, "--by", ADA)
    assert status == 0
    claim = scholars_path.ATTACK.removeprefix("claim:")
    assert f"{BASE}claim/{claim}," in attacks()
    assert_whole(tmp_path / "store")

    assert command("contributions", "withdraw", name.strip(), "--by", ADA)[0] == 0
    assert claim not in attacks()
    assert_whole(tmp_path / "store")


# --- the command


@pytest.fixture
def command(tmp_path, capsys):
    """Return a function that runs the command, and returns its status and what it printed."""

    def run(*arguments):
        store = ["--store", str(tmp_path / "store")]
        status = cli.main([*map(str, arguments), *store])
        return status, *capsys.readouterr()

    return run


def test_the_command_contributes_lists_shows_and_withdraws(command, tmp_path):
    """Each step says what it did and what can be done next."""
    path = written(tmp_path, "claims.ttl", CLAIM % {"n": "example-2001"})
    status, name, told = command("contribute", path, "--by", ADA)
    name = name.strip()
    assert status == 0
    assert f"pkgraph contributions show {name}" in told
    status, table, _ = command("contributions", "list", "--format", "csv")
    assert table.splitlines()[1].split(",")[-2:] == ["claims.ttl", "in the store"]
    status, text, told = command("contributions", "show", name)
    assert "claim:example-2001-calm a pk:Claim" in text
    assert f"by: https://orcid.org/{ADA}" in told
    status, _, told = command("contributions", "withdraw", name, "--by", BEA, "--reason", "a slip")
    assert (status, told) == (0, f"{name}: withdrawn; it stays on record.\n")
    status, table, _ = command("contributions", "list", "--format", "csv")
    assert "withdrawn" in table
    assert "a slip" in table
    status, text, told = command("contributions", "show", name)
    assert "claim:example-2001-calm a pk:Claim" in text
    assert "state: withdrawn" in told


def test_the_command_tells_what_a_contribution_changes(command, tmp_path):
    """What is replaced is told by what differs, in labels, also when it is withdrawn again."""
    text = CLAIM % {"n": "example-2001"}
    old = command("contribute", written(tmp_path, "a.ttl", text), "--by", ADA)[1].strip()
    status, told, _ = command("contributions", "diff", old)
    assert status == 0
    assert "Patrols calm towns, says example-2001." in told
    better = written(tmp_path, "b.ttl", text.replace("kind:empirical", "kind:causal"))
    new = command("contribute", better, "--by", ADA, "--replaces", old)[1].strip()
    _, told, _ = command("contributions", "diff", new, "--format", "md")
    assert "kind:causal" in told
    assert "kind:empirical" in told
    assert "voice:own" not in told
    command("contributions", "withdraw", new, "--by", ADA)
    assert command("contributions", "diff", new, "--format", "md")[1] == told


def test_the_command_tells_why_it_refuses(command, tmp_path):
    """A finding comes with its line and its mend, and the status is that of a verdict."""
    path = written(tmp_path, "a.ttl", CLAIM.replace("voice:own", "voice:onw") % {"n": "x-2001"})
    status, out, told = command("contribute", path, "--by", ADA)
    assert (status, out) == (1, "")
    assert "Did you mean voice:own?" in told
    assert "Nothing was contributed: 1 finding." in told
    broken = written(tmp_path, "b.ttl", "claim:x a")
    status, out, told = command("contribute", broken, "--by", ADA)
    assert (status, out) == (1, "")
    assert "line 1" in told


def test_the_command_tells_who_rests_on_what_is_withdrawn(command, tmp_path):
    """The things of others are named."""
    first = written(tmp_path, "a.ttl", CLAIM % {"n": "example-2001"})
    name = command("contribute", first, "--by", ADA)[1].strip()
    second = written(tmp_path, "b.ttl", RESTING % {"n": "example-2001"})
    command("contribute", second, "--by", BEA)
    status, _, told = command("contributions", "withdraw", name, "--by", ADA)
    assert status == 1
    assert "claim:example-2001-late" in told
    assert "others rest on it" in told
