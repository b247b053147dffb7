"""
Keep the tokens that contributions over HTTP are let in by.

A token is 256 random bits that are shown once, when they are made. What is kept of it, in a file
of JSON that only its owner may read, is a hash, and for whom it stands: the ORCID iD under which
whatever comes with it is contributed.

The hash is SHA-256, plain. A slow or salted one is for passwords, which people choose and others
guess; of 2²⁵⁶ tokens none can be guessed, and no two are the same.

Source:
    RFC 6750, bearer tokens: https://www.rfc-editor.org/rfc/rfc6750
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import re
import secrets
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, Final

from pkgraph import export, orcid
from pkgraph.errors import InputError, NotFoundError, ParameterError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

_BITS: Final = 256
#: What a token looks like: the beginning tells programs that look for secrets what it is.
PATTERN: Final = re.compile(r"pkgraph_[0-9a-f]{64}")
_PREFIX: Final = "pkgraph_"
_HASH: Final = re.compile(r"[0-9a-f]{64}")
#: Who may read and write the file: its owner. What is set of the rest makes it refused.
_MODE: Final = 0o600
_OTHERS: Final = 0o077
_LONGEST_NOTE: Final = 200
_MAX_BYTES: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Token:
    """
    What is kept of a token.

    ``id`` is what it is called, ``sha256`` what it is known by, ``orcid`` the IRI of the ORCID iD
    that it stands for. It is good until the end of the day ``expires``, in UTC, if there is one.
    """

    id: str
    sha256: str
    orcid: str
    created: date
    expires: date | None = None
    note: str = ""

    @property
    def expired(self) -> bool:
        """Whether its time is over."""
        return self.expires is not None and self.expires < today()


class Tokens:
    """The tokens in one file, which is read anew when it has changed."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._state: tuple[int, ...] | None = None
        self._tokens: tuple[Token, ...] = ()

    def find(self, secret: str) -> Token | None:
        """
        Return the token of which *secret* is what was shown, or None if there is none.

        Raises:
            InputError: The file cannot be read, or others may read it.
        """
        hashed = _hash(secret)
        found = None
        # All are compared, each in the same time, so that the time tells nothing of what is there.
        for token in self.all():
            if hmac.compare_digest(token.sha256, hashed):
                found = token
        return found

    def all(self) -> tuple[Token, ...]:
        """
        Return all tokens, the oldest first.

        Raises:
            InputError: The file cannot be read, or others may read it.
        """
        try:
            status = self._path.stat()
            state = (status.st_ino, status.st_mtime_ns, status.st_size, status.st_mode)
            if state != self._state:
                self._tokens, self._state = _read(self._path), state
        except OSError as error:
            raise InputError(
                f"the file of tokens {self._path} cannot be read: {error.strerror}"
            ) from error
        return self._tokens


def new(path: Path, by: str, note: str = "", expires: date | None = None) -> tuple[str, Token]:
    """
    Make a token for the ORCID iD *by*, and keep its hash in the file at *path*.

    Returns:
        The token, which is nowhere else, and what is kept of it.

    Raises:
        InputError: The file is there and cannot be read, or others may read it.
        OSError: It cannot be written.
        ParameterError: *by* is no ORCID iD, the note too long, or its time over already.
    """
    who = orcid.parse(by)
    if expires is not None and expires < today():
        raise ParameterError(f"{expires} is over; give a day to come, or leave it out")
    if len(note) > _LONGEST_NOTE or not note.isprintable():
        raise ParameterError(f"a note is one line of at most {_LONGEST_NOTE} characters")
    secret = _PREFIX + secrets.token_hex(_BITS // 8)
    with _alone(path):
        tokens = Tokens(path).all() if path.exists() else ()
        taken = {token.id for token in tokens}
        name = next(name for name in iter(_name, None) if name not in taken)
        token = Token(name, _hash(secret), who, today(), expires, note)
        _write(path, (*tokens, token))
    return secret, token


def revoke(path: Path, name: str) -> Token:
    """
    Take the token *name* out of the file at *path*, and return what was kept of it.

    Raises:
        InputError: The file cannot be read, or others may read it.
        NotFoundError: There is no such token.
        OSError: It cannot be written.
    """
    with _alone(path):
        tokens = Tokens(path).all()
        found = next((token for token in tokens if token.id == name), None)
        if found is None:
            raise NotFoundError(
                f"{path} has no token '{name}'; `pkgraph token list` tells those that it has"
            )
        _write(path, tuple(token for token in tokens if token is not found))
    return found


def hidden(text: str) -> str:
    """
    Return *text* with what looks like a token taken out.

    >>> hidden("GET /x/pkgraph_" + "0a" * 32)
    'GET /x/pkgraph_…'
    """
    return PATTERN.sub(f"{_PREFIX}…", text)


def today() -> date:
    """Return the day in UTC."""
    return datetime.now(tz=UTC).date()


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _name() -> str:
    """Return a name for a token, which says nothing of it."""
    return secrets.token_hex(4)


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Let nobody else change the file at *path* meanwhile, so that no change is lost."""
    import fcntl  # which Windows has not; the rest of the module works there

    try:
        folder = os.open(path.resolve().parent, os.O_RDONLY)
    except OSError as error:
        raise InputError(f"the folder of {path} cannot be opened: {error.strerror}") from error
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)  # until it is closed
        yield
    finally:
        os.close(folder)


def _read(path: Path) -> tuple[Token, ...]:
    """Return the tokens in the file at *path*."""
    with path.open("rb") as file:
        if os.name == "posix" and os.fstat(file.fileno()).st_mode & _OTHERS:
            raise InputError(f"{path} may be read by others than its owner; run: chmod 600 {path}")
        content = file.read(_MAX_BYTES)
    try:
        return tuple(map(_token, json.loads(content)["tokens"]))
    except (KeyError, TypeError, ValueError):
        # The cause is not told: it may have what the file says.
        raise InputError(
            f"{path} is no file of tokens; make one with: pkgraph token new --orcid ORCID FILE"
        ) from None


def _token(told: Mapping[str, Any]) -> Token:
    """
    Return the token that is written so.

    Raises:
        KeyError: Something is missing.
        ValueError: Something is not what it should be.
    """
    if not _HASH.fullmatch(told["sha256"]):
        raise ValueError(told["sha256"])
    until = told["expires"]
    return Token(
        id=told["id"],
        sha256=told["sha256"],
        orcid=told["orcid"],
        created=date.fromisoformat(told["created"]),
        expires=None if until is None else date.fromisoformat(until),
        note=told["note"],
    )


def _write(path: Path, tokens: tuple[Token, ...]) -> None:
    """Write *tokens* to the file at *path*, all or none, for its owner alone."""
    document = {"tokens": [asdict(token) for token in tokens]}
    text = json.dumps(document, default=date.isoformat, ensure_ascii=False, indent=2)
    export.replace_file(path, text + "\n", mode=_MODE)
