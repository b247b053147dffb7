"""A release in one file: always the same, known by its hash, and taken apart only if plain."""

from __future__ import annotations

import hashlib
import io
import json
import shutil
import subprocess
import sys
import tarfile
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from test_releasing import made, retold  # noqa: F401 - a fixture

from pkgraph import open_graph, releasing
from pkgraph.cli import main
from pkgraph.errors import InputError, StoreError, UsageError
from pkgraph.releasing import archives, manifest, serving

FOLDER = "pkgraph-0.1.0"


@pytest.fixture(scope="module")
def archive(made):  # noqa: F811 - as above
    """Return a release in one file."""
    path = made[0].parent / "release.tar"
    releasing.make(open_graph(made[1]), path)
    return path


@pytest.fixture
def cache(tmp_path, monkeypatch):
    """Return the folder in which releases are kept, which is empty."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache" / "pkgraph" / "releases"


def members(archive):
    """Return what is in an archive: each header with its bytes."""
    with tarfile.open(archive) as tar:
        return [(member, tar.extractfile(member).read()) for member in tar]


def written(path, parts, end=b"\0" * 1024):
    """Write an archive of these headers and bytes, whatever they are."""
    with path.open("wb") as file:
        for member, data in parts:
            file.write(member.tobuf(tarfile.GNU_FORMAT) + data + b"\0" * (-len(data) % 512))
        file.write(end)
    return path


def digest(path):
    """Return the SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


# --- what is written


def test_an_archive_has_the_files_of_the_folder_but_no_store(made, archive):  # noqa: F811
    """Any tar takes it apart, into a folder of its own."""
    names = {path.name for path in made[0].iterdir()} - {manifest.STORE}
    found = {member.name: data for member, data in members(archive)}
    assert found == {f"{FOLDER}/{name}": (made[0] / name).read_bytes() for name in names}


def test_the_same_data_give_the_same_archive(made, archive, tmp_path, capsys):  # noqa: F811
    """Also from the folder of a release; the command tells its hash."""
    assert main(["release", str(tmp_path / "again.tar"), "--data", str(made[0])]) == 0
    assert digest(tmp_path / "again.tar") == digest(archive)
    assert f"#sha256={digest(archive)}" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["again.tar"]


def test_an_archive_is_as_its_manifest_says(archive, capsys):
    """The command takes it as it takes a folder."""
    assert main(["verify-release", str(archive)]) == 0
    assert "as the manifest says" in capsys.readouterr().out


def test_an_archive_is_never_written_over(archive):
    """Nor is what a link leads to."""
    with pytest.raises(UsageError, match="never written over"):
        releasing.make(None, archive)


# --- what is refused


def changed(archive, tmp_path, number, **values):
    """Return an archive in which the header of the member of this number has other values."""
    parts = members(archive)
    for name, value in values.items():
        setattr(parts[number][0], name, value)
    return written(tmp_path / "changed.tar", parts)


@pytest.mark.parametrize(
    ("number", "values"),
    [
        (0, {"name": f"{FOLDER}/../manifest.json"}),
        (0, {"name": "/manifest.json"}),
        (0, {"name": f"{FOLDER}/LICENSE"}),
        (0, {"size": manifest.MOST_BYTES + 1}),
        (1, {"name": f"{FOLDER}/../../CITATION.cff"}),
        (1, {"name": "/etc/passwd"}),
        (1, {"name": f"{FOLDER}/LICENSE"}),
        (1, {"type": tarfile.SYMTYPE, "linkname": "/etc/passwd"}),
        (1, {"type": tarfile.LNKTYPE, "linkname": "/etc/passwd"}),
        (1, {"type": tarfile.FIFOTYPE}),
        (1, {"type": tarfile.CHRTYPE}),
        (1, {"type": tarfile.DIRTYPE}),
        (1, {"type": tarfile.GNUTYPE_SPARSE}),
        (1, {"type": tarfile.GNUTYPE_LONGNAME}),
        (1, {"type": tarfile.XHDTYPE}),
        (1, {"size": 0}),
        (1, {"size": 1 << 40}),
        (1, {"size": -1}),
    ],
)
def test_an_archive_with_a_member_that_is_not_named_so_is_refused(
    archive, tmp_path, cache, number, values
):
    """Whatever the header says; and no file is left or written elsewhere."""
    path = changed(archive, tmp_path, number, **values)
    with pytest.raises(InputError, match="no archive of a release"):
        releasing.verify(path)
    with pytest.raises(InputError, match="no archive of a release"):
        releasing.folder_of(str(path))
    assert list(cache.iterdir()) == []
    assert {each.name for each in tmp_path.iterdir()} == {"changed.tar", "cache"}


def cut(data):
    """Return what is left of an archive that broke off in the middle of a file."""
    return data[: len(data) // 2]


def longer(data):
    """Return an archive with something after its end."""
    return data + b"\0" * 511 + b"x"


def without_end(data):
    """Return an archive with another file in place of its end."""
    member = tarfile.TarInfo(f"{FOLDER}/more.txt")
    return data[:-1024] + member.tobuf(tarfile.GNU_FORMAT) + b"\0" * 1024


def spoilt(data):
    """Return an archive with a header that has another sum."""
    return b"P" + data[1:]


@pytest.mark.parametrize(
    "change", [cut, longer, without_end, spoilt, lambda _: b"", lambda _: b"\0" * 10_240]
)
def test_an_archive_that_is_broken_or_has_more_is_refused(archive, tmp_path, change):
    """It says so and what to do."""
    (tmp_path / "changed.tar").write_bytes(change(archive.read_bytes()))
    with pytest.raises(InputError, match=r"no archive of a release: .*; fetch it again"):
        releasing.verify(tmp_path / "changed.tar")


def test_a_file_that_is_not_as_the_manifest_says_is_told(archive, tmp_path, cache, capsys):
    """As of a folder; and it is not served."""
    parts = members(archive)
    member, data = parts[1]
    parts[1] = member, b"!" + data[1:]
    path = written(tmp_path / "changed.tar", parts)
    assert main(["verify-release", str(path)]) == 1
    assert "CITATION.cff has other bytes" in capsys.readouterr().out
    assert main(["serve", "--release", str(path)]) == 2
    assert "CITATION.cff has other bytes" in capsys.readouterr().err
    assert list(cache.iterdir()) == []


def test_a_manifest_in_an_archive_is_read_as_one_in_a_folder(archive, tmp_path):
    """A file that it names outside is refused before anything is written."""
    (member, data), *others = members(archive)
    told = json.loads(data)
    told["files"]["../more"] = told["files"].pop("NOTICE")
    text = json.dumps(told).encode()
    member.size = len(text)
    path = written(tmp_path / "changed.tar", [(member, text), *others])
    with pytest.raises(InputError, match="is no manifest of a release"):
        releasing.verify(path)


def test_what_is_not_there_is_told(tmp_path, cache):
    """By its name."""
    with pytest.raises(InputError, match=r"none\.tar cannot be read"):
        releasing.verify(tmp_path / "none.tar")
    with pytest.raises(InputError, match=r"none\.tar cannot be read"):
        releasing.folder_of(str(tmp_path / "none.tar"))
    assert not list(cache.parent.glob("*/*"))


def test_what_is_packed_is_a_file_to_the_end():
    """A file that became shorter meanwhile is no part of an archive."""
    with pytest.raises(ValueError, match="it ends in the middle of x"):
        list(archives._parts(io.BytesIO(b"1"), 2, "x"))


# --- what is served


def test_an_archive_is_kept_apart_by_its_hash(archive, cache):
    """It answers as what it was made from, and is made once."""
    folder = releasing.verified_folder(str(archive))
    assert folder.parent == cache
    assert folder.name.startswith(digest(archive))
    assert releasing.verify(folder)[1] == ()
    assert [each.iri for each in open_graph(folder).find("calm")] == [
        "https://w3id.org/pkgraph/concept/calm"
    ]
    (folder / "kept").touch()
    assert releasing.verified_folder(str(archive)) == folder
    assert (folder / "kept").exists()


def test_a_folder_is_verified_each_time(made, tmp_path):  # noqa: F811
    """It is served where it is, if it is as its manifest says."""
    folder = shutil.copytree(made[0], tmp_path / "release")
    assert releasing.verified_folder(str(folder)) == folder
    retold(folder, statements=1)
    with pytest.raises(InputError, match="is not the release that its manifest describes"):
        releasing.verified_folder(str(folder))


@pytest.mark.parametrize(
    "option", [["--data", "x"], ["--endpoint", "http://x/"], ["--tokens", "x"]]
)
def test_a_release_is_served_alone(made, option, capsys):  # noqa: F811
    """Not with other data, and without contributions."""
    assert main(["serve", "--release", str(made[0]), *option]) == 2
    assert "leave out the one or the other" in capsys.readouterr().err


def test_a_server_says_which_release_it_serves(made):  # noqa: F811
    """It is named in answers and in citations."""
    code = f"""
import sys
from pkgraph.cli import parser
from pkgraph.cli.serving import released
with released(parser().parse_args(["serve", "--release", {str(made[0])!r}])) as graph:
    print(graph.release, graph.query("typologies").citation)
"""
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    release = manifest.Manifest.read(made[0]).release
    assert done.stdout.startswith(release)
    assert f"graph {release}" in done.stdout


# --- what is fetched


class Giving(BaseHTTPRequestHandler):
    """Answers GET with what its server has: a status, headers and bytes."""

    def do_GET(self):
        """Answer, and remember what was asked."""
        self.server.asked.append((self.path, dict(self.headers)))
        status, headers, data = self.server.given
        self.send_response(status)
        for name, value in {"Content-Length": str(len(data)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_):
        """Say nothing."""


@pytest.fixture
def server():
    """Return a server of this machine, and its address in ``url``."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Giving) as found:
        found.asked, found.url = [], f"http://127.0.0.1:{found.server_port}/release.tar"
        thread = threading.Thread(target=found.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield found
        found.shutdown()
        thread.join()


def test_a_release_is_fetched_once_by_its_hash(archive, cache, server, monkeypatch):
    """Credentials for an endpoint are not for who gives releases."""
    monkeypatch.setenv("PKGRAPH_TOKEN", "secret")
    server.given = 200, {}, archive.read_bytes()
    named = f"{server.url}#sha256={digest(archive).upper()}"
    told = []
    folder = releasing.folder_of(named, told.append)
    assert told == [f"fetches {server.url}", "verifies it", "makes a store of it"]
    assert releasing.verified_folder(named) == folder
    assert releasing.verified_folder(str(archive)) == folder
    ((path, headers),) = server.asked
    assert path == "/release.tar"
    assert "secret" not in str(headers)
    assert list(cache.iterdir()) == [folder]


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ((200, {}, b"another release"), "has another release, or a part of one: its SHA-256 is"),
        ((404, {}, b""), "answers with status 404 and no release"),
        ((302, {"Location": "http://127.0.0.1:1/x"}, b""), "is not followed"),
        ((200, {"Content-Length": "1000000"}, b"cut"), "broke off in the middle"),
        ((200, {}, b"x" * (1 << 20)), "longer than 0 MiB"),
    ],
)
def test_what_is_no_release_is_not_kept(cache, server, monkeypatch, given, told):
    """Neither another one, nor an error, a part, or more than there is room for."""
    monkeypatch.setattr(serving, "_PATIENCE", serving.Patience(10, 10, 1000))
    server.given = given
    with pytest.raises((InputError, StoreError), match=told):
        releasing.folder_of(f"{server.url}#sha256={'0' * 64}")
    assert list(cache.iterdir()) == []


@pytest.mark.parametrize(
    ("named", "told"),
    [
        ("https://example.org/x.tar", "does not say which release it has to be"),
        ("https://example.org/x.tar#sha256=00", "does not say which release it has to be"),
        (f"https://example.org/x.tar#md5={'0' * 64}", "does not say which release"),
        (f"ftp://example.org/x.tar#sha256={'0' * 64}", "does not say which release"),
        (f"file:///etc/passwd#sha256={'0' * 64}", "does not say which release"),
        (f"http://example.org/x.tar#sha256={'0' * 64}", "without encryption"),
        (f"http://127.0.0.1.example.org/x.tar#sha256={'0' * 64}", "without encryption"),
        (f"https://ann:secret@example.org/x.tar#sha256={'0' * 64}", "user or password"),
    ],
)
def test_an_address_says_which_release_and_is_not_overheard(cache, named, told):
    """Nothing is asked of any other; nor is a secret told."""
    with pytest.raises(UsageError, match=told) as caught:
        releasing.folder_of(named)
    assert "secret" not in str(caught.value)
    assert not cache.exists()
