"""
Check with the OWL API, as ROBOT offers it, that the ontology is within the OWL 2 DL profile.

HermiT does not: it takes an ontology outside the profile and answers as well as it can. ROBOT comes
through Maven by its coordinates in ``.ci/robot/pom.xml`` into ``.tools/robot/`` and is kept there.
The files are merged first, since together they are one ontology.

Usage: ``python .ci/validate_profile.py [FILE ...]``. Without files, the ontology with its schemes
is checked alone and together with its alignments.

Exit status: 0 within the profile, 1 not, 3 no Java, no Maven or no ROBOT to be had.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from pkgraph import ontology
from pkgraph.errors import JavaNotFoundError
from pkgraph.reasoning import find_java

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT: Final = Path(__file__).resolve().parent.parent
POM: Final = ROOT / ".ci" / "robot" / "pom.xml"
LIBRARY: Final = ROOT / ".tools" / "robot"
MAIN_CLASS: Final = "org.obolibrary.robot.CommandLineInterface"


class ToolMissingError(Exception):
    """A tool that the check needs is not there; the message says how to get it."""


def robot() -> Path:
    """Return the folder with ROBOT and what it depends on, fetched by Maven the first time."""
    fetched = LIBRARY / "pom.xml"
    if fetched.is_file() and fetched.read_bytes() == POM.read_bytes():
        return LIBRARY
    maven = shutil.which("mvn")
    if maven is None:
        raise ToolMissingError(
            "Maven fetches ROBOT and is not on PATH; install it (Debian: apt install maven)"
        )
    shutil.rmtree(LIBRARY, ignore_errors=True)
    command = [
        *(maven, "--quiet", "--batch-mode", "--file", str(POM)),
        *("dependency:copy-dependencies", f"-DoutputDirectory={LIBRARY}"),
    ]
    run = subprocess.run(command, check=False, capture_output=True, text=True)  # noqa: S603 - ours
    if run.returncode:
        raise ToolMissingError(f"Maven could not fetch ROBOT: {run.stdout.strip()[:500]}")
    shutil.copyfile(POM, fetched)
    return LIBRARY


def violations(files: Sequence[Path]) -> list[str]:
    """Return what in *files*, taken together, is outside OWL 2 DL: one line each."""
    java, library = find_java(), robot()
    with tempfile.TemporaryDirectory(prefix="pkgraph-") as folder:
        merged, report = Path(folder, "merged.ttl"), Path(folder, "report.txt")
        triples = [
            quad.triple
            for path in files
            for quad in ox.parse(path=path, format=ox.RdfFormat.TURTLE, rename_blank_nodes=True)
        ]
        merged.write_bytes(ox.serialize(triples, format=ox.RdfFormat.TURTLE) or b"")
        command = [
            *(str(java), "-cp", str(library / "*"), MAIN_CLASS, "validate-profile"),
            *("--profile", "DL", "--input", str(merged), "--output", str(report)),
        ]
        run = subprocess.run(command, check=False, capture_output=True, text=True)  # noqa: S603 - ours
        if run.returncode == 0:
            return []
        if not report.is_file():
            raise ToolMissingError(
                f"ROBOT stopped before it had a verdict: {run.stdout.strip()[:500]}"
            )
        lines = report.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line.strip() and "Profile Report" not in line]


def main(arguments: Sequence[str]) -> int:
    """Check the files named in *arguments*, or the ontology, and print the verdict."""
    ours = ontology.files()
    alignments = ours[0].parent / ontology.ALIGNMENTS
    sets = (
        {"the files given": [Path(argument) for argument in arguments]}
        if arguments
        else {
            "the ontology": ours,
            "the ontology with its alignments": [*ours, alignments],
        }
    )
    outside = False
    for name, files in sets.items():
        try:
            found = violations(files)
        except (JavaNotFoundError, ToolMissingError) as error:
            print(error, file=sys.stderr)
            return 3
        outside = outside or bool(found)
        print(f"OWL 2 DL: {name}: {'outside' if found else 'within'} the profile")
        print(*(f"  {line}" for line in found), sep="\n", end="\n" if found else "")
    return int(outside)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
