"""
Give a release to serve from: a folder, an archive, or the address of one with its hash.

Each is verified before it is used. An archive is kept in the cache, apart and with a store made of
its dump, by its hash; an address is asked only for what is not there. So replicas that are given
the same address serve the same bytes, and start again without the server that they had it from.
"""

from __future__ import annotations

import hashlib
import ipaddress
import re
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

import pyoxigraph as ox

from pkgraph import build, resources
from pkgraph.endpoint.addresses import checked
from pkgraph.endpoint.client import Client
from pkgraph.endpoint.credentials import Credentials
from pkgraph.endpoint.requests import Patience, Request
from pkgraph.errors import InputError, StoreError, UsageError
from pkgraph.releasing.archives import unpack
from pkgraph.releasing.manifest import DUMP, STORE
from pkgraph.releasing.stores import make_store, store_faults
from pkgraph.releasing.verifying import unpacked_dump, verify, verify_files

if TYPE_CHECKING:
    from collections.abc import Callable

#: How large an archive may be that is fetched, in MiB, and how long that may take, in seconds.
MOST_MIB: Final = 4096
MOST_S: Final = 3600
#: For how many seconds a server may be silent.
SILENT_S: Final = 60
_PATIENCE: Final = Patience(SILENT_S, MOST_S, MOST_MIB << 20)
#: How many bytes are copied at once.
_PART: Final = 1 << 20
_ADDRESS: Final = re.compile(
    r"(?P<url>https?://[^#]*)(#sha256=(?P<sha256>[0-9a-f]{64}))?", re.IGNORECASE
)
_OK: Final = 200
#: What folders are called in which a release is made ready.
_BESIDE: Final = "building-"


def verified_folder(named: str) -> Path:
    """
    Return the folder of the release that is *named*, of which all was verified.

    Args:
        named: What :func:`folder_of` takes.

    Raises:
        PkgraphError: The same as there; an InputError as well if a folder differs from its
            manifest.
        OSError: The cache cannot be written, or a file not be read.
    """
    folder = folder_of(named)
    if folder == Path(named):  # else it was verified before it got into the cache
        _require(verify(folder)[1], named)
    return folder


def folder_of(named: str, tell: Callable[[str], None] = lambda _: None) -> Path:
    """
    Return the folder of the release that is *named*: it is fetched and taken apart if need be.

    Args:
        named: A folder, which is not looked at; an archive; or ``URL#sha256=HASH`` of an archive,
            by https or from this machine.
        tell: Is told what is done next.

    Raises:
        UsageError: The address is none of these, or has no hash.
        InputError: An archive is none, or differs from its manifest or from the hash.
        StoreError: The address cannot be reached, or what it sends is too large or too slow.
        OSError: The cache cannot be written.
        EnvironmentFailure: There is no home directory to have a cache in.
    """
    if "://" in named:
        url, sha256 = _address(named)
        home = _home()
        kept = _kept(home, sha256)
        if not kept.is_dir():
            with tempfile.TemporaryDirectory(prefix=_BESIDE, dir=home) as beside:
                archive = Path(beside, "release.tar")
                tell(f"fetches {url}")
                _fetch(url, sha256, archive)
                _keep(archive, kept, named, tell)
        return kept
    place = Path(named)
    if place.is_dir():
        return place
    home = _home()
    kept = _kept(home, _hash(place))
    if not kept.is_dir():
        _keep(place, kept, named, tell)
    return kept


def _address(named: str) -> tuple[str, str]:
    """Return the URL and the hash in *named*."""
    found = _ADDRESS.fullmatch(named)
    if not found or not found["sha256"]:
        raise UsageError(
            f"'{named.partition('?')[0]}' does not say which release it has to be; give its address"
            " in full and its hash, as https://example.org/pkgraph.tar#sha256=… with the 64 digits "
            "that sha256sum tells of it"
        )
    url = checked(found["url"])
    if not url.lower().startswith("https:") and not _is_here(urlsplit(url).hostname or ""):
        raise UsageError(
            f"{url} would be fetched without encryption from another machine; give an https address"
        )
    return url, found["sha256"].lower()


def _is_here(host: str) -> bool:
    """Tell whether *host* is this machine."""
    with suppress(ValueError):
        return ipaddress.ip_address(host).is_loopback
    return host == "localhost"


def _home() -> Path:
    """Return the folder in which releases are kept, which is made if it is not there."""
    home = build.default_cache() / "releases"
    home.mkdir(parents=True, exist_ok=True)
    return home


def _kept(home: Path, sha256: str) -> Path:
    """Return where the archive of this hash is kept apart; others make other stores of it."""
    return home / f"{sha256}-{resources.version()}-{ox.__version__}"


def _hash(archive: Path) -> str:
    try:
        with archive.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise InputError(
            f"{archive} cannot be read: {error.strerror}; name a release: a folder, an archive, or "
            "the address of one with its hash"
        ) from error


def _fetch(url: str, sha256: str, archive: Path) -> None:
    """Write what is at *url* to the new file *archive*, if it has this hash."""
    client = Client(url, Credentials())
    sum_ = hashlib.sha256()
    with client.send(Request("GET", url), _PATIENCE) as answer:
        if answer.status != _OK:
            raise StoreError(
                f"{answer.name} answers with status {answer.status} and no release; is the address "
                "right, and may anybody read it?"
            )
        with archive.open("xb") as file:
            while part := answer.read(_PART):
                sum_.update(part)
                file.write(part)
    if sum_.hexdigest() != sha256:
        raise InputError(
            f"{answer.name} has another release, or a part of one: its SHA-256 is "
            f"{sum_.hexdigest()}, and not {sha256}; look up which of them you want"
        )


def _keep(archive: Path, kept: Path, named: str, tell: Callable[[str], None]) -> None:
    """Put what is in *archive* into the folder *kept*, with a store, in one step."""
    with tempfile.TemporaryDirectory(prefix=_BESIDE, dir=kept.parent) as beside:
        folder = Path(beside, "release")
        folder.mkdir()
        unpack(archive, folder)
        tell("verifies it")
        manifest, faults = verify_files(folder)
        _require(faults, named)
        tell("makes a store of it")
        dump = Path(beside, "pkgraph.nq")
        dump.write_bytes(unpacked_dump(folder / DUMP, manifest))
        make_store(dump, folder / STORE)
        _require(tuple(store_faults(folder / STORE, manifest)), named)
        try:
            folder.rename(kept)
        except OSError:
            if not kept.is_dir():  # else another process was first, with the same release
                raise


def _require(faults: tuple[str, ...], named: str) -> None:
    """Raise what differs, if anything does."""
    if faults:
        raise InputError(
            f"{named} is not the release that its manifest describes: {'; '.join(faults)}; "
            "fetch it again"
        )
