"""
Every error that pkgraph raises on purpose, in one tree.

::

    PkgraphError
    ├── NotFoundError             exit 1  a named thing is not there
    │   └── GoneError                     it was there, and was withdrawn or replaced
    ├── PublicationError          exit 1  pages that lead nowhere, or that no files can have
    ├── UsageError                exit 2
    │   ├── UnknownQueryError             no query of that name
    │   ├── UnknownFormatError            no format of that name
    │   ├── ParameterError                a bad, missing or unknown parameter
    │   ├── AmbiguousNameError            a name that several things have
    │   ├── QuerySyntaxError              SPARQL that cannot be read, or is too much to run
    │   ├── LimitExceededError            a query that takes more than there is for it
    │   ├── ConflictError                 a change that the store has gone past
    │   ├── NotYoursError                 a change of what somebody else gave
    │   └── InputError                    a file that cannot be read
    │       └── MalformedError            a file that is not in the form it should be in
    │           ├── BibliographySyntaxError
    │           └── TurtleSyntaxError
    └── EnvironmentFailure        exit 3
        ├── StoreError                    the store cannot be read or written
        ├── BusyError                     too many ask at once
        ├── JavaNotFoundError             no Java on this machine
        ├── MissingDependencyError        an optional package is not installed
        └── UntraceableChangeError        a change after which all has to be derived anew

A message is one sentence: what is wrong and where, then what to do about it. It stands on its own:
the command line prints it after ``pkgraph:`` and nothing else, and exits with ``exit_code``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from collections.abc import Iterable


class PkgraphError(Exception):
    """What every error of pkgraph is; ``exit_code`` is the status that a command ends with."""

    exit_code: ClassVar[int] = 3


class NotFoundError(PkgraphError):
    """A named thing is not in the graph; ``nearest`` are the names most like it."""

    exit_code = 1

    def __init__(self, message: str, nearest: Iterable[str] = ()) -> None:
        super().__init__(message)
        self.nearest = tuple(nearest)


class GoneError(NotFoundError):
    """A named thing was withdrawn or replaced; ``nearest`` are what replaces it."""


class PublicationError(PkgraphError):
    """Pages that cannot be published as they are; ``faults`` are what is wrong, one by one."""

    exit_code = 1

    def __init__(self, message: str, faults: Iterable[str]) -> None:
        super().__init__(message)
        self.faults = tuple(faults)


class UsageError(PkgraphError):
    """What was asked cannot be done as it was asked."""

    exit_code = 2


class UnknownQueryError(UsageError):
    """No query of the catalogue has this name; ``nearest`` are the names most like it."""

    def __init__(self, message: str, nearest: Iterable[str] = ()) -> None:
        super().__init__(message)
        self.nearest = tuple(nearest)


class UnknownFormatError(UsageError):
    """No format has this name, or what is to be written cannot be written in it."""


class ParameterError(UsageError):
    """A parameter is unknown, missing, or its value is not of the kind it takes."""


class AmbiguousNameError(UsageError):
    """A name that several things have; ``candidates`` are their IRIs."""

    def __init__(self, message: str, candidates: Iterable[str]) -> None:
        super().__init__(message)
        self.candidates = tuple(candidates)


class QuerySyntaxError(UsageError):
    """
    A query that is not SPARQL 1.1, or is larger, deeper or wider than pkgraph runs.

    ``line`` and ``column`` count from 1 and are None where no single place is at fault.
    """

    def __init__(self, reason: str, line: int | None = None, column: int | None = None) -> None:
        super().__init__(_placed(None, line, column, reason))
        self.reason = reason
        self.line = line
        self.column = column


class LimitExceededError(UsageError):
    """
    A query that takes more than there is for one.

    ``limit`` is the limit that it exceeds: time, cpu, memory, rows or bytes.
    """

    def __init__(self, message: str, limit: str) -> None:
        super().__init__(message)
        self.limit = limit


class ConflictError(UsageError):
    """A change that does not fit what the store says by now: it was made, or undone, already."""


class NotYoursError(UsageError):
    """A change of what somebody else contributed."""


class InputError(UsageError):
    """A file that is missing, unreadable, empty, too large, or not in UTF-8."""


class MalformedError(InputError):
    """
    A file, or a text, that is not in the form it should be in.

    ``file`` is its name (None for a text). ``faults`` are what is wrong with it: line and column,
    which count from 1, in characters, and are None where a fault has no single place; and the
    reason. ``line``, ``column`` and ``reason`` are those of the first.
    """

    #: How many faults the message tells.
    told: ClassVar[int] = 20

    def __init__(
        self, file: str | None, faults: Iterable[tuple[int | None, int | None, str]]
    ) -> None:
        self.faults = tuple(faults)
        lines = [_placed(file, *fault) for fault in self.faults[: self.told]]
        more = len(self.faults) - self.told
        lines += [f"… and {more} more of this kind; mend these first"] if more > 0 else []
        super().__init__("\n".join(lines))
        self.file = file
        self.line, self.column, self.reason = self.faults[0]


class TurtleSyntaxError(MalformedError):
    """A file, or a text, that is not in the RDF syntax it should be in; it has one fault."""

    def __init__(
        self,
        reason: str,
        *,
        file: str | None = None,
        line: int | None = None,
        column: int | None = None,
    ) -> None:
        super().__init__(file, [(line, column, reason)])


class BibliographySyntaxError(MalformedError):
    """A bibliography with faults that have to be mended before it is read."""


class EnvironmentFailure(PkgraphError):  # noqa: N818  # the environment failed; nobody erred
    """The machine, the network or the installation does not do what is needed of it."""


class StoreError(EnvironmentFailure):
    """A store cannot be opened, read or written."""


class BusyError(EnvironmentFailure):
    """So many ask at once that no more can wait; ``retry_after_s`` is when to ask again."""

    def __init__(self, message: str, retry_after_s: int) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


class JavaNotFoundError(EnvironmentFailure):
    """There is no Java on this machine."""


class MissingDependencyError(EnvironmentFailure):
    """An optional package is not installed."""


class UntraceableChangeError(EnvironmentFailure):
    """What follows from a change cannot be told from the change alone."""


def _placed(file: str | None, line: int | None, column: int | None, reason: str) -> str:
    """
    Put the place before the reason.

    >>> _placed("claims.ttl", 3, 7, "a dot is missing")
    'claims.ttl, line 3, column 7: a dot is missing'
    """
    place = [file] if file else []
    place += [f"line {line}"] if line is not None else []
    place += [f"column {column}"] if column is not None else []
    return f"{', '.join(place)}: {reason}" if place else reason
