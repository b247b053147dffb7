"""
What was built for browsers from packages: ``frontend/`` has the sources, npm builds them.

It is in every wheel. A checkout has it once ``make serve`` or ``make browser`` found npm; where it
is not built, pages are served in their plain form, which lacks the editor of SPARQL and nothing
else. The names of the files have the hash of their content, so that caches keep them for good.
"""

from __future__ import annotations

import json
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from starlette.staticfiles import StaticFiles

from pkgraph.web.site import FOLDER

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping

    from starlette.responses import Response
    from starlette.types import Scope

STATIC: Final = FOLDER / "static"
BUILT: Final = STATIC / "built"
#: For what stays as it is: https://www.rfc-editor.org/rfc/rfc8246#section-2
_FOR_GOOD: Final = "public, max-age=31536000, immutable"
#: For what may be another after an update, so that a cache asks before it uses it.
_TO_BE_ASKED_FOR: Final = "no-cache"


def built() -> Mapping[str, str]:
    """Return the path of each file that was built, by the name of what it is; none if it is not."""
    manifest = BUILT / "manifest.json"
    if not manifest.is_file():
        return MappingProxyType({})
    files = json.loads(manifest.read_text("utf-8"))["files"]
    return MappingProxyType({name: f"/static/built/{file}" for name, file in files.items()})


class Static(StaticFiles):
    """The files under ``/static``; those with a hash in their name are kept by caches for good."""

    def __init__(self) -> None:
        super().__init__(directory=STATIC)
        self._hashed = {path.rpartition("/")[2] for path in built().values()}

    def file_response(
        self,
        full_path: os.PathLike[str] | str,
        stat_result: os.stat_result,
        scope: Scope,
        status_code: int = 200,
    ) -> Response:
        """Return the response that has the file at *full_path*."""
        response = super().file_response(full_path, stat_result, scope, status_code)
        is_hashed = str(full_path).replace("\\", "/").rpartition("/")[2] in self._hashed
        response.headers["Cache-Control"] = _FOR_GOOD if is_hashed else _TO_BE_ASKED_FOR
        return response
