"""
Put a whole site in the place of an older one, and never in the place of anything else.

It is written to a folder beside the place that it is meant for, which then gets its name. What was
there before is removed only if it is a site of ours, and has nothing in it that is not.
"""

from __future__ import annotations

import json
import secrets
import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from pkgraph.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

#: The file that tells a site of ours, and of what.
MARK: Final = "published.json"
_BY: Final = "pkgraph publish"


@contextmanager
def replaced(target: Path) -> Iterator[Path]:
    """
    Give a new folder, which at the end of the context is at *target*; after an error it is gone.

    Raises:
        UsageError: There is something at *target* that is no site of ours.
        OSError: It cannot be written.
    """
    _require_ours(target)
    place = target.resolve()
    place.parent.mkdir(parents=True, exist_ok=True)
    beside = place.with_name(f".{place.name[:200]}-{secrets.token_hex(4)}")
    beside.mkdir()
    try:
        yield beside
        _require_ours(target)  # it took a while
        old = beside.with_name(f"{beside.name}-old")
        if place.exists():
            place.rename(old)
        try:
            beside.rename(place)
        except OSError:
            if old.exists():
                old.rename(place)
            raise
        shutil.rmtree(old, ignore_errors=True)
    except BaseException:
        shutil.rmtree(beside, ignore_errors=True)
        raise


def mark(folder: Path, told: Mapping[str, object]) -> None:
    """Say in *folder* that it is a site of ours, what it has, and what else is *told* of it."""
    entries = sorted({MARK, *(path.name for path in folder.iterdir())})
    text = json.dumps({"by": _BY, **told, "entries": entries}, indent=2, ensure_ascii=False)
    (folder / MARK).write_text(f"{text}\n", encoding="utf-8")


def _require_ours(target: Path) -> None:
    """
    Check that what is at *target* may be removed.

    Raises:
        UsageError: It may not.
    """
    if not target.exists():
        return
    if not target.is_dir():
        raise UsageError(f"{target} is a file; name a folder to publish into")
    there = {path.name for path in target.iterdir()}
    if not there:
        return
    try:
        told = json.loads((target / MARK).read_text("utf-8"))
        ours = set(told["entries"]) if told["by"] == _BY else set()
    except (OSError, ValueError, TypeError, LookupError):
        ours = set()
    if not ours:
        raise UsageError(
            f"{target} is not empty, and pkgraph publish did not make it; name another folder, or "
            "empty this one"
        )
    if there - ours:
        raise UsageError(
            f"{target} has {', '.join(sorted(there - ours)[:3])} in it, which pkgraph publish did "
            "not make and would remove; move that elsewhere, or name another folder"
        )
