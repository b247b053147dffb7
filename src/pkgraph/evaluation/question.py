"""What is asked and what comes back, whoever evaluates it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, Protocol, TypeAlias

from anyio import to_thread

from pkgraph import serialization
from pkgraph.errors import UnknownFormatError
from pkgraph.results import Table

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from pkgraph.dataset import Dataset
    from pkgraph.graph import Graph
    from pkgraph.results import Answer as Result

#: A SELECT gives a table, ASK a boolean, CONSTRUCT and DESCRIBE triples.
Kind: TypeAlias = Literal["table", "boolean", "triples"]
_CALLED: Final = {"table": "a table", "boolean": "a yes or no", "triples": "a graph"}
#: The format that an answer of each kind is wanted in.
Formats: TypeAlias = Mapping[Kind, str]


def wanted(formats: Formats, kind: Kind) -> str:
    """
    Return the format in which an answer of this *kind* is wanted.

    Raises:
        UnknownFormatError: It is wanted in none.
    """
    if kind not in formats:
        raise UnknownFormatError(f"the answer is {_CALLED[kind]}, which is not wanted")
    return formats[kind]


@dataclass(frozen=True, slots=True)
class Question:
    """
    A query, and how its answer is wanted.

    With ``shown_rows`` it is wanted for a page: of a table only so many rows, as JSON, with the
    number that there are. It is asked of ``dataset``, or else of everything.
    """

    text: str
    formats: Formats
    shown_rows: int | None = None
    dataset: Dataset | None = None


class Pieces(Protocol):
    """An answer that is read piece by piece, and is complete if that ends without an error."""

    def __aiter__(self) -> AsyncIterator[bytes]:
        """Yield the pieces; raise what cuts the answer off."""
        ...

    @property
    def closed(self) -> bool:
        """Whether it was closed."""
        ...

    def close(self) -> None:
        """Give up what was not read yet."""
        ...


@dataclass(frozen=True, slots=True)
class Answer:
    """
    An answer, written in ``format``.

    It is whole in ``body``, or comes in ``pieces`` if there are any, which have to be closed.
    ``total`` is the number of rows, if it was asked for.
    """

    kind: Kind
    format: str
    body: bytes = b""
    pieces: Pieces | None = None
    total: int | None = None


class Evaluator(Protocol):
    """What evaluates the queries of strangers."""

    @property
    def ready(self) -> bool:
        """Whether there is something that can evaluate them at once."""
        ...

    async def answer(self, question: Question, client: str = "") -> Answer:
        """
        Return the answer to *question*, which *client* asks; to cancel it is to give it up.

        Raises:
            QuerySyntaxError: The text is not a query, too long or deep, or uses SERVICE.
            UnknownFormatError: What is answered cannot be written in the format that is wanted.
            LimitExceededError: It takes more than there is for one query.
            BusyError: Too many ask at once.
            StoreError: The store cannot answer.
        """
        ...


class InThreads:
    """
    Evaluate in threads of this process, where no query can be stopped.

    That is for a server that only its owner reaches, and for an endpoint elsewhere, which has
    limits of its own.
    """

    ready = True

    def __init__(self, graph: Graph) -> None:
        self._graph = graph

    async def answer(self, question: Question, client: str = "") -> Answer:
        """Return the answer to *question*: see :class:`Evaluator`."""
        del client
        return await to_thread.run_sync(self._answer, question, abandon_on_cancel=True)

    def _answer(self, question: Question) -> Answer:
        result = self._graph.sparql(question.text, question.dataset)
        kind, total = _kind(result), None
        format_name = wanted(question.formats, kind)
        if isinstance(result, Table) and question.shown_rows is not None:
            total, format_name = len(result), "json"
            result = Table(result.columns, result.terms[: question.shown_rows])
        body = serialization.write(result, format_name).encode()
        return Answer(kind, format_name, body, total=total)


def _kind(result: Result) -> Kind:
    if isinstance(result, bool):
        return "boolean"
    return "triples" if isinstance(result, tuple) else "table"
