"""
Tell whether words are those of a source, and which of its lines are blank, without its text.

The texts of the sources are not part of the data. What stands beside the files of a source, in
``fingerprints.json``, is how long each line of its text is and a choice of hashes of runs of five
words. The choice is made by winnowing: of the four runs in any eight words on end, the one with the
least hash is kept. So eight words on end that a statement shares with the text have a kept run in
them, and are found; what has not even five in common with it is not. Between the two it is a matter
of chance: two in five runs are kept.

The hashes are sorted, so their order says nothing of the order of the text, and most kept runs have
no kept one next to them that could be guessed from their end word by word: in the chapter that was
encoded first, such chains are one or two runs long and never more than five. Who guesses five words
can see whether they are among those kept; the text cannot be read out of the file.

The file of a new source is made from its text once, by whoever has it::

    write(make("https://w3id.org/pkgraph/work/bellamy-2004", Path("text.txt").read_text("utf-8")))

Source:
    Schleimer, Wilkerson and Aiken 2003, Winnowing: local algorithms for document fingerprinting:
    https://doi.org/10.1145/872757.872770
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pkgraph import resources
from pkgraph.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

#: What the file of a source is called.
NAME: Final = "fingerprints.json"
#: How many words on end are always found if they are those of the source.
FOUND: Final = 8
#: How many words on end have a hash.
RUN: Final = 5
#: Of how many hashes on end one is kept at least.
WINDOW: Final = FOUND - RUN + 1

_HASH_BYTES: Final = 4
_PER_ROW: Final = 10
#: A hyphen or an apostrophe inside a word, also where the word goes on in the next line.
_JOINT: Final = re.compile(r"(?<=\w)[-\u00ad\u2010\u2011'’](?:\s*\n\s*)?(?=\w)")
_WORD: Final = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Fingerprints:
    """What is known of the text of *work*: the length of each line, and the hashes kept of it."""

    work: str
    lines: tuple[int, ...]
    hashes: frozenset[int]

    def blank(self, line: int) -> bool:
        """Tell whether the line of that number, from 1, is empty; what is no line is blank."""
        return not (1 <= line <= len(self.lines) and self.lines[line - 1])

    def shared(self, statement: str) -> str | None:
        """Return the first eight words of *statement* that may be those of the text, if any."""
        found = words(statement)
        for start, least in enumerate(_least(found)):
            if least in self.hashes:
                return " ".join(found[start : start + FOUND])
        return None


def words(text: str) -> list[str]:
    r"""
    Return the words of *text* as they are compared.

    Capitals, punctuation and the form of letters do not count, and a word with a hyphen, be it
    inside the word or at the end of a line, is one word without it.

    >>> words("Peace-\nkeeping, the UN’s state-centric tool")
    ['peacekeeping', 'the', 'uns', 'statecentric', 'tool']
    """
    plain = unicodedata.normalize("NFKC", text).casefold()
    return _WORD.findall(_JOINT.sub("", plain))


def make(work: str, text: str) -> Fingerprints:
    """Return the fingerprints of the *text* that is encoded of *work*, an IRI."""
    lengths = tuple(len(line.strip()) for line in text.removesuffix("\n").split("\n"))
    return Fingerprints(work, lengths, frozenset(_least(words(text))))


def write(prints: Fingerprints) -> str:
    """Return *prints* as the text of a file."""
    hashes = [f"{each:0{2 * _HASH_BYTES}x}" for each in sorted(prints.hashes)]
    rows = {
        "work": json.dumps(prints.work),
        "run": str(RUN),
        "window": str(WINDOW),
        "lines": f"[\n{_rows([str(length) for length in prints.lines])}\n ]",
        "hashes": f"[\n{_rows([json.dumps(each) for each in hashes])}\n ]",
    }
    body = ",\n".join(f" {json.dumps(key)}: {value}" for key, value in rows.items())
    return f"{{\n{body}\n}}\n"


def read(path: Path) -> Fingerprints:
    """
    Return the fingerprints in the file *path*.

    Raises:
        InputError: It cannot be read, or was not made by this module as it is now.
    """
    try:
        known = json.loads(path.read_bytes())
        if (known["run"], known["window"]) != (RUN, WINDOW):
            raise InputError(
                f"{path}: the runs have {known['run']} words and the windows {known['window']} "
                f"runs, and should have {RUN} and {WINDOW}; make the file anew from the text"
            )
        return Fingerprints(
            work=str(known["work"]),
            lines=tuple(map(int, known["lines"])),
            hashes=frozenset(int(each, 16) for each in known["hashes"]),
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(
            f"{path} is not a file of fingerprints ({error}); make it anew from the text"
        ) from error


def shipped() -> tuple[Fingerprints, ...]:
    """Return the fingerprints of all encoded sources that the graph comes with."""
    return tuple(map(read, resources.data_files("graph", NAME)))


def _least(found: Sequence[str]) -> Iterator[int]:
    """Yield for each eight words on end the least hash of a run of five among them."""
    hashes = [_hash(found[i : i + RUN]) for i in range(len(found) - RUN + 1)]
    for start in range(len(hashes) - WINDOW + 1):
        yield min(hashes[start : start + WINDOW])


def _hash(run: Sequence[str]) -> int:
    digest = hashlib.blake2b(" ".join(run).encode(), digest_size=_HASH_BYTES).digest()
    return int.from_bytes(digest, "big")


def _rows(cells: Sequence[str]) -> str:
    """Return *cells* in rows, so that a changed one shows as a changed row."""
    return ",\n".join(
        f"  {', '.join(cells[i : i + _PER_ROW])}" for i in range(0, len(cells), _PER_ROW)
    )
