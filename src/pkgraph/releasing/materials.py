"""
What a release is made of: the commit, the packages, and the papers that go with every copy.

Source:
    CycloneDX 1.6, JSON: https://cyclonedx.org/docs/1.6/json/
    Package URL: https://github.com/package-url/purl-spec
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from importlib.metadata import PackageNotFoundError, distribution
from typing import TYPE_CHECKING

from pkgraph import resources

if TYPE_CHECKING:
    from importlib.metadata import Distribution


def papers() -> dict[str, bytes]:
    """
    Return the licences and the citation of pkgraph by the names of their files.

    Raises:
        EnvironmentFailure: The installation is broken: they are not there.
    """
    return {name: resources.paper(name).read_bytes() for name in resources.PAPERS}


def commit() -> str | None:
    """Return the hash of the commit that pkgraph is run from, if it is one, without changes."""
    root = resources.folder("graph").parent
    git = shutil.which("git")
    if git is None or not (root / ".git").exists():  # installed, or from an archive
        return None
    others = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}

    def told(*arguments: str) -> str | None:
        command = [git, "-C", str(root), *arguments]
        done = subprocess.run(command, capture_output=True, check=False, text=True, env=others)  # noqa: S603 - of our own words
        return done.stdout.strip() if done.returncode == 0 else None

    return None if told("status", "--porcelain") != "" else told("rev-parse", "HEAD")


def bill() -> str:
    """
    Return the bill of materials as JSON: the packages that pkgraph needs, as they are installed.

    It has no time and no serial number, so that the same installation gives the same bytes.
    """
    packages = _needed("pkgraph")
    components = [_component(packages[name]) for name in sorted(packages) if name != "pkgraph"]
    depends = [
        {
            "ref": _url(packages[name]),
            "dependsOn": sorted(
                _url(packages[other]) for other in _names(packages[name]) if other in packages
            ),
        }
        for name in sorted(packages)
    ]
    told = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": {**_component(packages["pkgraph"]), "type": "application"}},
        "components": components,
        "dependencies": depends,
    }
    return json.dumps(told, indent=2, ensure_ascii=False) + "\n"


def _needed(name: str) -> dict[str, Distribution]:
    """Return what *name* needs, and what that needs in turn, by their normalized names."""
    found: dict[str, Distribution] = {}
    waiting = [name]
    while waiting:
        wanted = waiting.pop()
        if wanted in found:
            continue
        try:
            found[wanted] = distribution(wanted)
        except PackageNotFoundError:  # needed on other systems, or with other versions of Python
            continue
        waiting += _names(found[wanted])
    return found


def _names(package: Distribution) -> list[str]:
    """Return the names of what *package* needs to run, without what its extras need."""
    wanted = [text for text in package.requires or () if "extra ==" not in text]
    return sorted({_normal(re.split(r"[^\w.-]", text, maxsplit=1)[0]) for text in wanted})


def _component(package: Distribution) -> dict[str, object]:
    name, version = _normal(package.metadata["Name"]), package.version
    told: dict[str, object] = {
        "type": "library",
        "bom-ref": _url(package),
        "name": name,
        "version": version,
        "purl": _url(package),
    }
    licenses = package.metadata.get_all("License-Expression")
    return {**told, "licenses": [{"expression": licenses[0]}]} if licenses else told


def _url(package: Distribution) -> str:
    return f"pkg:pypi/{_normal(package.metadata['Name'])}@{package.version}"


def _normal(name: str) -> str:
    """Return a name as PEP 503 has it."""
    return re.sub(r"[-_.]+", "-", name).lower()
