"""
The command ``pkgraph``.

Each command imports what it needs when it runs, so that a query answers in tens of milliseconds.
What a command prints goes to standard output; what it has to say about it, to standard error.

Exit status: 0 done, 1 a verdict against or a named thing that is not there, 2 wrong use, 3 the
environment failed, 130 interrupted.
"""

from __future__ import annotations

import os
import sys
from importlib import import_module
from typing import TYPE_CHECKING

from pkgraph.cli.arguments import parser
from pkgraph.errors import PkgraphError

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["main", "parser"]

_INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command that *arguments* (those of the process, if left out) ask for."""
    namespace = parser().parse_args(arguments)
    try:
        module = import_module(f"pkgraph.cli.{namespace.module}")
        status: int = getattr(module, f"run_{namespace.command}")(namespace)
        sys.stdout.flush()
    except PkgraphError as error:
        _say(error)
        return error.exit_code
    except BrokenPipeError:
        # Whoever read the output has had enough; nothing more is to be written at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        _say(f"{error.filename or 'output'}: {error.strerror}")
        return 3
    except KeyboardInterrupt:
        return _INTERRUPTED
    return status


def _say(error: object) -> None:
    """Tell what went wrong."""
    from pkgraph.cli.output import say  # what imports little starts fast

    say(f"pkgraph: {error}")
