"""
Write a release as one file that is known by its hash, and take one apart.

An archive has what is always the same: the manifest and the files that it names, in a folder of the
name of the version. It has no store: whoever takes it apart makes one of the dump, so nothing that
a stranger sends is opened by the engine. It is a tar file in its plainest form, without links,
extended headers or compression: a member has no more bytes than its header says, and its header no
other name and size than the manifest, which comes first.

Source:
    The ustar format: https://pubs.opengroup.org/onlinepubs/9799919799/utilities/pax.html
"""

from __future__ import annotations

import tarfile
from typing import TYPE_CHECKING, Final

from pkgraph.errors import InputError
from pkgraph.releasing.manifest import FILE, MOST_BYTES, Manifest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import BinaryIO

#: How the name of an archive ends.
ENDING: Final = ".tar"
_BLOCK: Final = tarfile.BLOCKSIZE
#: How many bytes are copied at once.
_PART: Final = 1 << 20


def pack(folder: Path, manifest: Manifest, archive: BinaryIO) -> None:
    """
    Write the release in *folder* to *archive*, always the same bytes for the same *manifest*.

    Raises:
        OSError: A file cannot be read, or the archive not be written.
    """
    for name in (FILE, *sorted(manifest.files)):
        with (folder / name).open("rb") as file:
            member = tarfile.TarInfo(f"pkgraph-{manifest.version}/{name}")
            member.size = (folder / name).stat().st_size
            archive.write(member.tobuf(tarfile.GNU_FORMAT))
            archive.writelines(_parts(file, member.size, name))
            archive.write(b"\0" * (-member.size % _BLOCK))
    archive.write(b"\0" * 2 * _BLOCK)


def unpack(archive: Path, folder: Path) -> None:
    """
    Write the files of the release in *archive* into *folder*, which is empty.

    What they have is not looked at: see :mod:`pkgraph.releasing.verifying`.

    Raises:
        InputError: It cannot be read or is no archive of a release, or what it has is not what the
            manifest in it names.
        OSError: A file cannot be written.
    """
    try:
        file = archive.open("rb")
    except OSError as error:
        raise InputError(
            f"{archive} cannot be read: {error.strerror}; name an archive or a folder that pkgraph "
            "release has written"
        ) from error
    with file:
        try:
            _unpack(file, folder, str(archive))
        except (tarfile.HeaderError, ValueError) as error:
            raise InputError(
                f"{archive} is no archive of a release: {error}; fetch it again"
            ) from error


def _unpack(archive: BinaryIO, folder: Path, called: str) -> None:
    """Do what :func:`unpack` does; what is wrong is a ValueError, or named by what it is called."""
    first = _header(archive)
    if first is None or first.name.rpartition("/")[2] != FILE or first.size > MOST_BYTES:
        raise ValueError(f"it does not begin with {FILE}")
    data = b"".join(_parts(archive, first.size, FILE))
    _skip(archive, first.size)
    manifest = Manifest.parse(data, f"{FILE} in {called}")
    if first.name != f"pkgraph-{manifest.version}/{FILE}":
        raise ValueError(f"its folder is not pkgraph-{manifest.version}")
    (folder / FILE).write_bytes(data)
    for name, wanted in sorted(manifest.files.items()):
        member = _header(archive)
        if member is None or member.name != f"pkgraph-{manifest.version}/{name}":
            raise ValueError(f"{name} is not where it has to be")
        if member.size != wanted.size:
            raise ValueError(f"{name} has {member.size} bytes in place of {wanted.size}")
        with (folder / name).open("xb") as file:
            for part in _parts(archive, member.size, name):
                file.write(part)
        _skip(archive, member.size)
    if archive.read(2 * _BLOCK + 1) != b"\0" * 2 * _BLOCK:
        raise ValueError("there is more after its last file, or less")


def _header(archive: BinaryIO) -> tarfile.TarInfo | None:
    """Return what the next header of *archive* says, or nothing at its end."""
    block = archive.read(_BLOCK)
    if not block.strip(b"\0"):
        return None
    member = tarfile.TarInfo.frombuf(block, "ascii", "strict")
    if member.type != tarfile.REGTYPE:
        raise ValueError(f"{member.name!r} is no plain file")
    return member


def _skip(archive: BinaryIO, size: int) -> None:
    """Read on to where the next header is after a file of *size* bytes."""
    archive.read(-size % _BLOCK)


def _parts(file: BinaryIO, size: int, name: str) -> Iterator[bytes]:
    """Yield the next *size* bytes of *file*, some at a time."""
    while size > 0:
        part = file.read(min(_PART, size))
        if not part:
            raise ValueError(f"it ends in the middle of {name}")
        size -= len(part)
        yield part
