"""
The tests that the threat model names would notice if a guard were gone.

For some guards this is shown: in a copy of the package the guard is taken out, and the test that
holds it is run against that copy, and has to fail. A replacement that does not fit exactly once
fails as well, so that it follows the code.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from test_threat_model import rows

from pkgraph import build

ROOT = Path(__file__).parents[1]
pytestmark = pytest.mark.slow


@dataclass(frozen=True)
class Mutation:
    """
    A guard that is taken out: in a module, a piece of its text is replaced.

    The test then fails, and what it tells has ``sign`` in it.
    """

    module: str
    old: str
    new: str
    test: str
    sign: str


MUTATIONS = {
    "SERVICE is refused": Mutation(
        "sparql.py",
        '    if name == "SERVICE" and name == token[0].upper():\n        return _SERVICE\n'
        '    return _SERVICE_WITHIN.format(token["name"]) if "SERVICE" in name else None\n',
        "    return None\n",
        "tests/test_sparql.py::test_service_is_found_however_it_is_hidden",
        r"False = is_refused\(",
    ),
    "updates are refused": Mutation(
        "sparql.py",
        "        return _UPDATE\n",
        "        return None\n",
        "tests/test_protocol.py::test_an_update_is_refused",
        "assert 'only read' in",
    ),
    "stores are opened for reading": Mutation(
        "store/embedded.py",
        "return cls(ox.Store.read_only(str(folder)), str(folder))",
        "return cls(ox.Store(str(folder)), str(folder))",
        "tests/test_store.py::test_a_store_on_disk_is_read_only",
        "StoreError: .* cannot be opened",
    ),
    "the dataset of a request narrows": Mutation(
        "store/embedded.py",
        "        dataset = dataset or stated(text)\n",
        "        dataset = None\n",
        "tests/test_protocol.py::test_a_graph_that_is_not_here_is_empty_and_is_not_fetched",
        r"== \[\]",
    ),
    "a worker has so much time": Mutation(
        "evaluation/pool.py",
        "async with asyncio.timeout(left_s):",
        "async with asyncio.timeout(None):",
        "tests/test_threats.py::test_a_query_has_so_much_time",
        "assert 'cpu' == 'time'",
    ),
    "a worker has so much memory": Mutation(
        "evaluation/worker.py",
        "            resource.setrlimit(resource.RLIMIT_AS, (most, resource.RLIM_INFINITY))\n",
        "            del most\n",
        "tests/test_threats.py::test_a_query_has_so_much_memory",
        "DID NOT RAISE",
    ),
    "an answer has so many rows": Mutation(
        "evaluation/sink.py",
        "if self._rows and self._rows.take(piece) > self._limits.rows:",
        "if False:",
        "tests/test_workers.py::test_as_many_rows_as_the_limit_are_answered_and_one_more_is_not",
        "DID NOT RAISE",
    ),
    "the queue is bounded": Mutation(
        "evaluation/waiting.py",
        "if len(self) >= self._places or len(own) >= self._each:",
        "if False:",
        "tests/test_workers.py::test_clients_take_turns",
        "DID NOT RAISE",
    ),
    "what is cut off has no end": Mutation(
        "web/evaluating.py",
        '            _LOG.warning("an answer was cut off: %s", error)\n',
        '            _LOG.warning("an answer was cut off: %s", error)\n'
        '            await send({"type": "http.response.body", "body": b""})\n',
        "tests/test_workers.py::test_an_answer_that_is_cut_off_cannot_be_taken_for_the_whole",
        "DID NOT RAISE",
    ),
    "pages escape what they show": Mutation(
        "web/site.py",
        "            autoescape=True,\n",
        "            autoescape=False,\n",
        "tests/test_web.py::test_data_cannot_get_into_pages",
        "'<script>alert' not in",
    ),
    "JSON-LD ends no element": Mutation(
        "web/scripts.py",
        '        text = text.replace(sign, f"\\\\u{ord(sign):04x}")\n',
        "        continue\n",
        "tests/test_linked_data.py::test_data_of_a_page_ends_no_element",
        r"\('<script'\)",
    ),
    "the child of a check has limits": Mutation(
        "verdicts/apart.py",
        "        resource.setrlimit(resource.RLIMIT_AS, (most, most))\n",
        "",
        "tests/test_threats.py::test_who_checks_a_text_is_limited_first",
        "-1, -1",
    ),
    "a token is one that is known": Mutation(
        "tokens.py",
        "            if hmac.compare_digest(token.sha256, hashed):\n",
        "            if hashed:\n",
        "tests/test_contributions_over_http.py::test_who_has_no_good_token_is_told_so",
        "415.* == 401",
    ),
    "every answer has the headers": Mutation(
        "web/envelope.py",
        "                own.update(self._headers[path in _CLOSED])\n",
        "",
        "tests/test_threats.py::test_every_answer_has_the_headers_that_guard_it",
        "KeyError: 'content-security-policy'",
    ),
    "our own pages run files alone": Mutation(
        "web/running.py",
        'refused = scope["type"] == "http" and _would_run(Headers(scope=scope))',
        "refused = False",
        "tests/test_threats.py::test_our_own_pages_run_files_alone",
        r"== \(403",
    ),
    "a body has so many bytes": Mutation(
        "web/protocol.py",
        "MAX_BYTES: Final = 1024 * 1024\n",
        "MAX_BYTES: Final = 1 << 40\n",
        "tests/test_web.py::test_bodies_are_bounded_and_typed",
        "== 413",
    ),
    "values are written as terms": Mutation(
        "catalogue/query.py",
        '        edits.append((start, end, f" {write(value)} "))\n',
        "        edits.append((start, end, f' \"{value.value}\" '))\n",
        "tests/test_catalogue.py::test_no_text_escapes_from_its_row",
        "SyntaxError: error at",
    ),
    "a context elsewhere is refused": Mutation(
        "turtle/jsonld.py",
        '        if last in {"@context", "@import"}:\n            return True\n',
        "",
        "tests/test_intake.py::test_json_ld_loses_nothing_without_a_word",
        'Expected regex: "its.*context.*at',
    ),
    "the log has the path alone": Mutation(
        "web/observing.py",
        '            "path": tokens.hidden(path)[:_MAX_PATH],\n',
        '            "path": path + "?" + scope["query_string"].decode(),\n',
        "tests/test_observing.py::test_a_line_of_the_log_is_json_without_secrets",
        "match='hush'",
    ),
    "what is kept is kept for its form": Mutation(
        "web/cache.py",
        '            b",".join(accept),\n',
        "",
        "tests/test_cache.py::test_other_requests_have_other_answers",
        r"test_cache\.Counting object .*\.times",
    ),
}


@pytest.fixture(scope="module")
def cache(tmp_path_factory):
    """Return a cache that has the store of the shipped graph, which each run would build anew."""
    folder = tmp_path_factory.mktemp("cache")
    build.build_store(folder / "pkgraph")
    return folder


@dataclass(frozen=True)
class Copy:
    """A copy of the package beside what it reads, with a cache of its own."""

    folder: Path

    @classmethod
    def of(cls, cache, folder):
        """Make the copy in *folder*; what is compiled already comes along."""
        shutil.copytree(ROOT / "src", folder / "src")
        shutil.copytree(cache, folder / "cache")
        for name in ("graph", "ontology", "queries", "shapes"):
            (folder / name).symlink_to(ROOT / name)
        return cls(folder)

    def without(self, mutation):
        """Take the guard of *mutation* out, and return the copy."""
        path = self.folder / "src" / "pkgraph" / mutation.module
        text = path.read_text("utf-8")
        assert text.count(mutation.old) == 1, f"the guard in {mutation.module} is not where it was"
        path.write_text(text.replace(mutation.old, mutation.new), "utf-8")
        return self

    def run(self, tests):
        """Run *tests* against it; give name and outcome of each, and the words."""
        report = self.folder / "report.xml"
        options = ("-q", "-p", "pytest_socket", "-p", "no:cacheprovider", "--junitxml", str(report))
        keep = {k: v for k, v in os.environ.items() if not k.startswith(("COV", "PYTEST"))}
        own = {
            "PYTHONPATH": str(self.folder / "src"),
            "PKGRAPH_TESTS_CACHE": str(self.folder / "cache"),
            # The plugins take longer to import than most of the tests to run.
            "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        }
        subprocess.run(
            [sys.executable, "-B", "-m", "pytest", *options, *tests],
            cwd=ROOT,
            env=keep | own,
            capture_output=True,
            check=False,
            timeout=120,
        )
        return list(outcomes(report))


def outcomes(report):
    """Yield the name and the outcome of each test in a report of pytest, and what it tells."""
    for case in ET.parse(report).iter("testcase"):  # noqa: S314 - pytest wrote it
        file = case.get("classname").replace(".", "/")
        name = f"{file}.py::{case.get('name').partition('[')[0]}"
        kind = next((each.tag for each in case if each.tag in {"failure", "error", "skipped"}), "")
        words = "".join("".join(each.itertext()) for each in case)
        told = "\n".join(line for line in words.splitlines() if line.startswith("E "))
        yield name, kind, told


def test_the_tests_pass_with_their_guards(cache, tmp_path):
    """Against a copy in which nothing is taken out, all of them hold."""
    tests = {each.test for each in MUTATIONS.values()}
    found = Copy.of(cache, tmp_path).run(sorted(tests))
    assert {name for name, _, _ in found} == tests
    assert [each for each in found if each[1]] == []


@pytest.mark.parametrize("name", MUTATIONS)
def test_without_its_guard_a_test_fails(cache, tmp_path, name):
    """The test that the model names fails, for the reason that it is there for."""
    mutation = MUTATIONS[name]
    found = Copy.of(cache, tmp_path).without(mutation).run([mutation.test])
    assert {test for test, _, _ in found} == {mutation.test}
    assert not [each for each in found if each[1] in {"error", "skipped"}]
    failed = [words for _, kind, words in found if kind == "failure"]
    assert failed
    assert [words for words in failed if not re.search(mutation.sign, words)] == []


@pytest.mark.parametrize("name", MUTATIONS)
def test_the_model_names_what_is_shown(name):
    """A row of the threat model has the module and the test together."""
    mutation = MUTATIONS[name]
    assert any(mutation.module in row.guards and mutation.test in row.tests for row in rows())
