"""
Refuse what has the name of a file and is none that should be read.

A pipe or a device may never end, and a link leads to a file that nobody named: what is wrong with
that one would be told to whoever put the link there.
"""

from __future__ import annotations

import re
import stat
from contextlib import suppress
from pathlib import Path
from typing import Final

from pkgraph.errors import InputError

#: What the caller has opened already is a file under these names, and may be a pipe.
_OPENED: Final = (Path("/dev/fd"), Path("/proc/self/fd"))
_STANDARD_INPUT: Final = Path("/dev/stdin")
#: What would act on a terminal or a log that the name is written to, or cannot be written at all.
_UNSHOWN: Final = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"
)


def check(path: Path) -> None:
    """
    Do nothing if *path* names a plain file, or nothing at all.

    Raises:
        InputError: It is a link, a pipe, a device or a socket, or its name cannot be shown.
    """
    if _UNSHOWN.search(str(path)):
        raise InputError(
            f"the name {str(path)!a} has characters that cannot be shown; rename the file"
        )
    if path == _STANDARD_INPUT or path.parent in _OPENED:
        return
    with suppress(OSError, ValueError):  # whoever reads it says what is wrong
        mode = path.lstat().st_mode
        if stat.S_ISLNK(mode):
            raise InputError(f"{path} is a link to another file; name that file itself")
        if not stat.S_ISREG(mode) and not stat.S_ISDIR(mode):
            raise InputError(
                f"{path} is no file but a pipe, a device or a socket; save what it gives in a file"
            )
