"""
The manifest of a release: what is in it, how much, and by which hashes it is known.

Source:
    SHA-256: https://doi.org/10.6028/NIST.FIPS.180-4
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import asdict, dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from pkgraph.build import RELEASED
from pkgraph.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

#: The files and the folder that a release has.
FILE: Final = RELEASED
STORE: Final = "store"
DUMP: Final = "pkgraph.nq.gz"
OTHER_DUMPS: Final[Mapping[str, ox.RdfFormat]] = MappingProxyType(
    {"pkgraph.trig.gz": ox.RdfFormat.TRIG, "pkgraph.ttl.gz": ox.RdfFormat.TURTLE}
)
JELLY: Final = "pkgraph.jelly.gz"
#: Counts up when a release is laid out in another way.
FORMAT: Final = 1
#: How long a manifest may be: one with ten thousand graphs is shorter.
MOST_BYTES: Final = 10_000_000
#: What a file may be called, which is a name alone and no path; a state; and a hash.
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_STATE: Final = re.compile(r"[ -~]{1,1000}")
_HASH: Final = re.compile(r"[0-9a-f]{64}")
_COMMIT: Final = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Content:
    """What a file or a graph has: how many bytes or statements, and their SHA-256 in hex."""

    size: int
    sha256: str

    def __post_init__(self) -> None:
        if type(self.size) is not int or self.size < 0 or not _HASH.fullmatch(self.sha256):
            raise ValueError(f"{self.size!r} and {self.sha256!r} are no size and SHA-256")


@dataclass(frozen=True, slots=True)
class Manifest:
    """
    What a release is.

    ``commit`` is that of the program which made it, if that was a checkout without changes;
    ``release`` names the state of the graph, and is what rows are cited by; ``dataset`` is the
    canonical N-Quads of all graphs, sorted and unpacked; ``graphs`` has those of each alone;
    ``files`` those beside the manifest, packed as they are.
    """

    version: str
    commit: str | None
    release: str
    statements: int
    dataset: Content
    graphs: Mapping[str, Content]
    files: Mapping[str, Content]

    def __post_init__(self) -> None:
        if type(self.statements) is not int:
            raise ValueError(f"{self.statements!r} is no number of statements")
        for text in (self.version, self.release):
            if not _STATE.fullmatch(text):
                raise ValueError(f"{text!r} names no version or state")
        if self.commit is not None and not _COMMIT.fullmatch(self.commit):
            raise ValueError(f"{self.commit!r} names no commit")
        for name in self.files:
            if not _NAME.fullmatch(name) or name in {FILE, STORE}:
                raise ValueError(f"{name!r} is no name of a file beside the manifest")

    def text(self) -> str:
        """Return the manifest as JSON, always the same for the same release."""
        told = {"name": "pkgraph", "format": FORMAT, **asdict(self)}
        return json.dumps(told, indent=2, ensure_ascii=False) + "\n"

    @classmethod
    def read(cls, folder: Path) -> Manifest:
        """
        Return the manifest of the release in *folder*.

        Raises:
            InputError: There is none, or it is no manifest of ours.
        """
        path = folder / FILE
        try:
            if not path.is_file():  # a pipe would be waited for
                raise FileNotFoundError(None, "there is no such file")
            with path.open("rb") as file:
                return cls.parse(file.read(MOST_BYTES), str(path))
        except OSError as error:
            raise InputError(
                f"{path} cannot be read: {error.strerror}; name the folder that pkgraph release "
                "has written"
            ) from error

    @classmethod
    def parse(cls, data: bytes, name: str) -> Manifest:
        """
        Return the manifest that *data* is; messages call it *name*.

        Raises:
            InputError: It is no manifest of ours.
        """
        try:
            told = json.loads(data)
            if told.pop("name") != "pkgraph" or told.pop("format") != FORMAT:
                raise InputError(
                    f"{name} is of another kind of release; this pkgraph reads format {FORMAT}"
                )
            dataset = Content(**told.pop("dataset"))
            graphs = {iri: Content(**each) for iri, each in told.pop("graphs").items()}
            files = {file: Content(**each) for file, each in told.pop("files").items()}
            return cls(dataset=dataset, graphs=graphs, files=files, **told)
        except (ValueError, TypeError, LookupError, AttributeError, RecursionError) as error:
            raise InputError(f"{name} is no manifest of a release: {error}") from error


def content(parts: Iterable[bytes]) -> Content:
    """Return the size in bytes and the hash of what *parts* are together."""
    sum_, size = hashlib.sha256(), 0
    for part in parts:
        sum_.update(part)
        size += len(part)
    return Content(size, sum_.hexdigest())


def lines_of(text: str) -> list[str]:
    """Return the lines of N-Quads with their ends; other separators of lines stand in literals."""
    return [f"{line}\n" for line in text.split("\n")[:-1]]


def graphs_of(lines: Iterable[str]) -> dict[str, Content]:
    """Return the number of statements and the hash of each named graph in lines of N-Quads."""
    sums: dict[str, tuple[int, hashlib._Hash]] = {}
    for line in lines:
        # The name of the graph is the last term: no literal comes after it.
        name = line[line.rindex("<") + 1 : line.rindex(">")]
        number, sum_ = sums.get(name, (0, hashlib.sha256()))
        sum_.update(line.encode())
        sums[name] = number + 1, sum_
    return {
        name: Content(number, sum_.hexdigest()) for name, (number, sum_) in sorted(sums.items())
    }
