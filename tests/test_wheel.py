"""
The package that is built answers on a machine that has nothing but Python and the wheels it needs.

The wheels of the dependencies are packed again from what is installed here, so that the test needs
no network to have them; where the machine allows it, the installed package runs with none.
"""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
import subprocess
import sys
import tarfile
import venv
import zipfile
from email.parser import HeaderParser
from importlib.metadata import distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
DATA = ("graph", "ontology", "queries", "shapes")
FRONTEND = "src/pkgraph/web/static/built"

pytestmark = pytest.mark.slow


def required(name):
    """Return the distributions installed here that the distribution *name* needs, by name."""
    found = {}
    waiting, seen = [(name, "")], set()
    while waiting:
        name, extra = waiting.pop()
        if (name, extra) in seen:
            continue
        seen.add((name, extra))
        found[name] = distribution(name)
        for need in map(Requirement, found[name].requires or ()):
            if not need.marker or need.marker.evaluate({"extra": extra}):
                waiting += [(canonicalize_name(need.name), also) for also in ("", *need.extras)]
    return found


def pack(installed, folder):
    """Write the wheel from which the distribution *installed* was installed, into *folder*."""
    about = HeaderParser().parsestr(installed.read_text("WHEEL"))
    tags = [tag.split("-") for tag in about.get_all("Tag")]
    tag = "-".join(".".join(dict.fromkeys(part)) for part in zip(*tags, strict=True))
    name = installed.metadata["Name"].replace("-", "_").replace(".", "_")
    record = io.StringIO()
    rows = csv.writer(record, lineterminator="\n")
    with zipfile.ZipFile(folder / f"{name}-{installed.version}-{tag}.whl", "w") as wheel:
        for file in installed.files:
            path = file.as_posix()
            if path.startswith("..") or "__pycache__" in path:
                continue
            if file.name == "RECORD":
                record_path = path
            elif file.name not in {"INSTALLER", "REQUESTED", "direct_url.json"}:
                wheel.write(file.locate(), path)
                rows.writerow([path, "", ""])
        rows.writerow([record_path, "", ""])
        wheel.writestr(record_path, record.getvalue())


def require_frontend():
    """Skip, but not in CI, where the part for browsers is not built and cannot be."""
    has_frontend = (ROOT / FRONTEND / "manifest.json").is_file() or shutil.which("npm")
    if not has_frontend and os.environ.get("CI", "").lower() != "true":
        pytest.skip("npm builds the part for browsers, without which there is no wheel; install it")


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """Build the source archive, and the wheel from it; return the folder that has both."""
    require_frontend()
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", folder, ROOT]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


@pytest.fixture(scope="module")
def installed(built, tmp_path_factory):
    """Install the wheel into an empty environment without an index; return its bin folder."""
    wheelhouse = tmp_path_factory.mktemp("wheelhouse")
    for name, needed in required("pkgraph").items():
        if name != "pkgraph":
            pack(needed, wheelhouse)
    environment = tmp_path_factory.mktemp("environment")
    venv.create(environment, with_pip=False, symlinks=True)
    command = [
        *(sys.executable, "-m", "pip", "--python", environment / "bin/python", "install"),
        *("--quiet", "--disable-pip-version-check", "--no-index", "--find-links", wheelhouse),
        next(built.glob("*.whl")),
    ]
    done = subprocess.run(
        command, check=False, capture_output=True, text=True, env={"PATH": "/usr/bin:/bin"}
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return environment / "bin"


def offline():
    """Return what to put before a command to run it without a network, if the machine has it."""
    cut = [shutil.which("unshare") or "unshare", "--user", "--map-root-user", "--net"]
    try:
        subprocess.run([*cut, "true"], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        return []
    return cut


def shipped(folder):
    """Return the files of a data folder of the repository, as paths from the repository's root."""
    return {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


@pytest.mark.parametrize("folder", DATA)
def test_wheel_has_the_data(built, folder):
    """The wheel has every file of the data folders, under pkgraph/data."""
    with zipfile.ZipFile(next(built.glob("*.whl"))) as wheel:
        names = set(wheel.namelist())
    assert {f"pkgraph/data/{path}" for path in shipped(folder)} - names == set()


def test_wheel_has_only_the_package(built):
    """The wheel has nothing beside the package, its typing marker and both licences included."""
    with zipfile.ZipFile(next(built.glob("*.whl"))) as wheel:
        names = wheel.namelist()
    about = [name for name in names if ".dist-info/" in name]
    assert {name.split("/")[0] for name in names if name not in about} == {"pkgraph"}
    assert "pkgraph/py.typed" in names
    assert {"LICENSE", "LICENSE-DATA"} <= {Path(name).name for name in about}
    assert [name for name in names if name.endswith((".pyc", ".ox", ".db"))] == []


def test_wheel_has_what_browsers_run(built):
    """What npm builds is in the wheel and in the source archive, with the licences of its parts."""
    with zipfile.ZipFile(next(built.glob("*.whl"))) as wheel:
        inside = FRONTEND.removeprefix("src/")
        manifest = json.loads(wheel.read(f"{inside}/manifest.json"))
        assert manifest["files"]
        for name in manifest["files"].values():
            assert len(wheel.read(f"{inside}/{name}")) > 1000
        assert b"MIT License" in wheel.read(f"{inside}/licences.txt")
        assert not [name for name in wheel.namelist() if "node_modules" in name]
    with tarfile.open(next(built.glob("*.tar.gz"))) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {f"{FRONTEND}/manifest.json", "frontend/package-lock.json", "hatch_build.py"} <= names
    assert not [name for name in names if "node_modules" in name]


def test_source_archive_has_the_data_and_the_tests(built):
    """The source archive has all that a build and a test of it need."""
    with tarfile.open(next(built.glob("*.tar.gz"))) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    wanted = set().union(*map(shipped, DATA)) | {
        "Makefile",
        "pyproject.toml",
        "tests/test_wheel.py",
    }
    assert wanted - names == set()


def test_installed_package_answers(installed, tmp_path):
    """Away from the checkout and without a network, a canned query gives the typologies."""
    done = subprocess.run(
        [*offline(), installed / "pkgraph", "query", "typologies", "--format", "json"],
        cwd=tmp_path,
        env={"HOME": str(tmp_path), "PATH": "/usr/bin:/bin"},
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    rows = [
        {name: cell["value"] for name, cell in row.items()}
        for row in json.loads(done.stdout)["results"]["bindings"]
    ]
    counts = {row["proposer_label"]: (row.get("types_stated"), row["types_named"]) for row in rows}
    assert counts["Durch 1997"] == ("4", "4")
    assert counts["Demurenko & Nikitin 1997"] == ("7", "0")
    assert counts["Diehl, Druckman & Wall 1998"] == ("12", "2")


def test_installed_package_keeps_its_folder_clean(installed, tmp_path):
    """Answering writes nothing into the environment that the package is installed in."""
    before = {path for path in installed.parent.rglob("*") if "__pycache__" not in path.parts}
    subprocess.run(
        [installed / "pkgraph", "queries"],
        cwd=tmp_path,
        env={"HOME": str(tmp_path), "PATH": "/usr/bin:/bin"},
        check=True,
        capture_output=True,
    )
    after = {path for path in installed.parent.rglob("*") if "__pycache__" not in path.parts}
    assert after == before
