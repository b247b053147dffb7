"""
Fetch what the tests marked ``servers`` ask and is written in Java, into ``.tools/``.

Apache Jena Fuseki, RDF4J Server and what reads Jelly in Jena come through Maven by the coordinates
in ``.ci/stores/`` and are kept there.

Usage: ``python .ci/fetch_servers.py``. Exit status: 0 they are there, 3 Maven is missing or fails.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def main() -> int:
    """Fetch what is not there yet."""
    return max(fetch(pom) for pom in sorted(Path(__file__).parent.glob("stores/*/pom.xml")))


def fetch(pom: Path) -> int:
    """Fetch what *pom* names, unless it is there, and return the exit status."""
    library = ROOT / ".tools" / pom.parent.name
    fetched = library / "pom.xml"
    if fetched.is_file() and fetched.read_bytes() == pom.read_bytes():
        return 0
    maven = shutil.which("mvn")
    if maven is None:
        print(
            "Maven fetches triple stores and is not there; install it (Debian: apt install maven)",
            file=sys.stderr,
        )
        return 3
    shutil.rmtree(library, ignore_errors=True)
    command = [
        *(maven, "--quiet", "--batch-mode", "--file", str(pom)),
        *("dependency:copy-dependencies", f"-DoutputDirectory={library}"),
    ]
    run = subprocess.run(command, check=False, capture_output=True, text=True)  # noqa: S603 - ours
    if run.returncode:
        print(f"Maven could not fetch {library.name}: {run.stdout.strip()[:500]}", file=sys.stderr)
        return 3
    shutil.copyfile(pom, fetched)
    return 0


if __name__ == "__main__":
    sys.exit(main())
