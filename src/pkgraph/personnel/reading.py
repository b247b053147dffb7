"""Read a table row by row, and refuse one that is not what its mapping says."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

from pkgraph.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pkgraph.personnel.mapping import Mapping


def rows(path: Path, mapping: Mapping) -> Iterator[list[str]]:
    """
    Yield the rows of the table at *path*, its header first; nothing but the row is kept.

    Raises:
        InputError: It cannot be read, is empty, or is not in the encoding of the mapping.
    """
    number = 0
    try:
        with path.open(encoding=mapping.encoding, newline="") as file:
            for row in csv.reader(file, delimiter=mapping.delimiter, strict=True):
                number += 1
                yield row
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}") from error
    except UnicodeError as error:
        name = mapping.encoding.removesuffix("-sig")
        raise InputError(
            f"{path}, soon after row {number}: not in {name}; give its encoding in the mapping, "
            "such as encoding: cp1252"
        ) from error
    except csv.Error as error:
        raise InputError(
            f"{path}, row {number + 1}: not a table ({error}); mend the quotation marks"
        ) from error
    if not number:
        raise InputError(f"{path} is empty; a table begins with a row of names")


def columns(path: Path, header: list[str], mapping: Mapping) -> dict[str, int]:
    """
    Return where each column of *header* is.

    Raises:
        InputError: The delimiter is another one, a name comes twice, or a column is missing.
    """
    where: dict[str, int] = {}
    for index, name in enumerate(cell.strip() for cell in header):
        if name in where:
            raise InputError(
                f"{path}, row 1, column {index + 1}: the name '{name}' is also that of column "
                f"{where[name] + 1}; give one another name"
            )
        where[name] = index
    missing = [name for name in mapping.columns() if name not in where]
    if not missing:
        return where
    for other in ",;\t|":
        if other != mapping.delimiter and len(header) == 1 and other in header[0]:
            raise InputError(
                f"{path}, row 1: nothing is parted by {mapping.delimiter!r}, but there is "
                f'{other!r}; give the mapping delimiter: "{other!s}"'.replace("\t", "\\t")
            )
    raise InputError(
        f"{path}, row 1: there is no column '{missing[0]}'; the columns are {', '.join(where)}"
    )
