"""
Write statements with their graphs in Jelly, a binary form of RDF, and read them back.

What is written is a flat stream of quads, in frames with the length of each before it. The same
statements in the same order give the same bytes.

Source:
    Jelly serialization format 1.1: https://w3id.org/jelly/1.1.1/specification/serialization
"""

from __future__ import annotations

import io
from itertools import chain
from typing import TYPE_CHECKING, Final, TypeAlias

import pyoxigraph as ox
from pyjelly import jelly
from pyjelly.integrations.generic import generic_sink as generic
from pyjelly.integrations.generic.serialize import GenericSinkTermEncoder, stream_frames
from pyjelly.options import LookupPreset
from pyjelly.parse.decode import Adapter, Decoder, options_from_frame
from pyjelly.parse.ioutils import frame_iterator
from pyjelly.serialize.ioutils import write_delimited
from pyjelly.serialize.streams import QuadStream, SerializerOptions

from pkgraph.errors import UnknownFormatError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_Term: TypeAlias = "ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple | ox.DefaultGraph"

#: After how many rows a frame ends, and how many names, prefixes and datatypes can be pointed back
#: at. They are what pyjelly takes by itself, and named because others would give other bytes.
_ROWS: Final = 250
_TABLES: Final = LookupPreset(max_names=4000, max_prefixes=150, max_datatypes=32)


def write(quads: Iterable[ox.Quad]) -> Iterator[bytes]:
    """
    Yield the bytes of *quads* in Jelly, frame by frame.

    Raises:
        UnknownFormatError: One has a term of RDF 1.2, which this version of Jelly cannot say.
    """
    options = SerializerOptions(
        frame_size=_ROWS,
        logical_type=jelly.LOGICAL_STREAM_TYPE_FLAT_QUADS,
        lookup_preset=_TABLES,
    )
    stream = QuadStream(encoder=GenericSinkTermEncoder(lookup_preset=_TABLES), options=options)
    for frame in stream_frames(stream, (generic.Quad(*map(_term, quad)) for quad in quads)):
        written = io.BytesIO()
        write_delimited(frame, written)
        yield written.getvalue()


def read(data: bytes) -> Iterator[ox.Quad]:
    """
    Yield the quads of the Jelly in *data*, in its order and with its blank nodes.

    No more is read ahead than a frame, nor is more than one statement put together at once: a few
    bytes can point back at long names many times.

    Raises:
        ValueError: It is no stream of quads in Jelly.
    """
    try:
        yield from _quads(data)
    except ValueError:
        raise
    except Exception as error:
        # pyjelly raises whatever broken bytes lead it to: of assertions, types, keys, protobuf.
        raise ValueError(f"it is not Jelly: {error!r}") from error


def _quads(data: bytes) -> Iterator[ox.Quad]:
    """Do what :func:`read` does, with errors of any kind."""
    frames = frame_iterator(io.BytesIO(data))
    first = next(frames, None)
    if first is None or not first.rows:
        raise ValueError("it does not say what stream it is")
    options = options_from_frame(first, delimited=True)
    if options.stream_types.physical_type != jelly.PHYSICAL_STREAM_TYPE_QUADS:
        raise ValueError("it is no stream of quads")
    decoder = Decoder(adapter=_Engine(options))
    for frame in chain([first], frames):
        yield from decoder.iter_rows(frame)


def _term(term: _Term) -> object:
    """Return *term* as pyjelly has it."""
    if isinstance(term, ox.NamedNode):
        return generic.IRI(term.value)
    if isinstance(term, ox.BlankNode):
        return generic.BlankNode(term.value)
    if isinstance(term, ox.DefaultGraph):
        return generic.DefaultGraph
    if isinstance(term, ox.Triple) or term.direction:
        raise UnknownFormatError(f"Jelly cannot say {term}, a term of RDF 1.2; choose nq or trig")
    if term.language:
        return generic.Literal(term.value, langtag=term.language)
    return generic.Literal(term.value, datatype=term.datatype.value)


class _Engine(Adapter):  # type: ignore[misc]  # pyjelly ships without types
    """Makes terms and quads of the engine of what pyjelly reads."""

    def iri(self, iri: str) -> ox.NamedNode:
        return ox.NamedNode(iri)

    def bnode(self, bnode: str) -> ox.BlankNode:
        return ox.BlankNode(bnode)

    def literal(
        self, lex: str, language: str | None = None, datatype: str | None = None
    ) -> ox.Literal:
        if language:
            return ox.Literal(lex, language=language)
        return ox.Literal(lex, datatype=ox.NamedNode(datatype) if datatype else None)

    def default_graph(self) -> ox.DefaultGraph:
        return ox.DefaultGraph()

    def quad(self, terms: Iterable[ox.NamedNode]) -> ox.Quad:
        return ox.Quad(*terms)
