"""
Put what browsers run, which is made of packages from npm, into the wheel and the source archive.

It is built where it is not built already and npm is there. Without it no wheel is made, lest it
silently lack the half; an editable install does without, and its pages are served in their plain
form until ``make serve`` finds npm. A source archive has it built, so that a wheel needs no npm.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

_FRONTEND = "frontend"
_BUILT = "src/pkgraph/web/static/built"


def fingerprint(frontend: Path) -> str:
    """Return the hash of all that decides what is built; frontend/build.mjs reckons the same."""
    names = ["build.mjs", "package-lock.json"]
    sources = (frontend / "src").rglob("*")
    names += [path.relative_to(frontend).as_posix() for path in sources if path.is_file()]
    found = hashlib.sha256()
    for name in sorted(names):
        found.update(f"{name}\0".encode())
        found.update((frontend / name).read_bytes())
    return found.hexdigest()


def is_built(root: Path) -> bool:
    """Tell whether what is in *root* was built from what is there."""
    manifest = root / _BUILT / "manifest.json"
    if not manifest.is_file():
        return False
    return bool(json.loads(manifest.read_text("utf-8"))["sources"] == fingerprint(root / _FRONTEND))


class FrontendHook(BuildHookInterface[Any]):
    """Builds the part for browsers before the package is packed."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build what is not built; *version* is ``editable`` for an install in place."""
        root = Path(self.root)
        if version == "editable":
            return
        if not is_built(root):
            npm = shutil.which("npm")
            if npm is None:
                message = (
                    "the part of pkgraph that browsers run is not built, and npm, which builds it, "
                    "is not installed; install Node.js 20 or newer with npm and repeat, or install "
                    "a wheel of a release, which has it (an editable install does without)"
                )
                raise RuntimeError(message)
            for command in ([npm, "ci", "--silent"], [npm, "run", "build", "--silent"]):
                subprocess.run(command, cwd=root / _FRONTEND, check=True)  # noqa: S603
        build_data["artifacts"].append(f"/{_BUILT}/*")
