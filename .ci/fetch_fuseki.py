"""
Fetch Apache Jena Fuseki, which the tests marked ``servers`` ask, into ``.tools/fuseki/``.

It comes through Maven by its coordinates in ``.ci/fuseki/pom.xml`` and is kept there.

Usage: ``python .ci/fetch_fuseki.py``. Exit status: 0 it is there, 3 Maven is missing or fails.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
POM = ROOT / ".ci" / "fuseki" / "pom.xml"
LIBRARY = ROOT / ".tools" / "fuseki"


def main() -> int:
    """Fetch what is not there yet."""
    fetched = LIBRARY / "pom.xml"
    if fetched.is_file() and fetched.read_bytes() == POM.read_bytes():
        return 0
    maven = shutil.which("mvn")
    if maven is None:
        print(
            "Maven fetches Fuseki and is not on PATH; install it (Debian: apt install maven)",
            file=sys.stderr,
        )
        return 3
    shutil.rmtree(LIBRARY, ignore_errors=True)
    command = [
        *(maven, "--quiet", "--batch-mode", "--file", str(POM)),
        *("dependency:copy-dependencies", f"-DoutputDirectory={LIBRARY}"),
    ]
    run = subprocess.run(command, check=False, capture_output=True, text=True)  # noqa: S603 - ours
    if run.returncode:
        print(f"Maven could not fetch Fuseki: {run.stdout.strip()[:500]}", file=sys.stderr)
        return 3
    shutil.copyfile(POM, fetched)
    return 0


if __name__ == "__main__":
    sys.exit(main())
