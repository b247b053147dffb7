"""
Prove to a server that a password is known, without sending it.

Source:
    HTTP Digest Access Authentication: https://www.rfc-editor.org/rfc/rfc7616
"""

from __future__ import annotations

import hashlib
import re
import secrets
import urllib.request
from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_DIGEST: Final = re.compile(r"(?:^|,)\s*digest\s+(.*)", re.IGNORECASE | re.DOTALL)
#: The hashes that may be asked for, the best first.
_HASHES: Final = {"SHA-256": "sha256", "MD5": "md5"}
_SESSION: Final = "-SESS"


@dataclass(slots=True)
class Challenge:
    """What a server wants a digest of, and how often it was given one."""

    fields: dict[str, str]
    algorithm: str
    used: Iterator[int] = field(default_factory=lambda: count(1))

    @classmethod
    def best(cls, headers: Iterable[str]) -> Challenge | None:
        """Return the best that can be answered of those in *headers* WWW-Authenticate, if any."""
        found = []
        for header in headers:
            if digest := _DIGEST.search(header):
                parts = [part for part in urllib.request.parse_http_list(digest[1]) if "=" in part]
                pairs = urllib.request.parse_keqv_list(parts)
                found.append({name.lower(): value for name, value in pairs.items()})
        for algorithm in _HASHES:
            for fields in found:
                named = fields.get("algorithm", "MD5").upper().removesuffix(_SESSION)
                ways = re.split(r"[\s,]+", fields.get("qop", "auth").lower())
                if named == algorithm and "nonce" in fields and "auth" in ways:
                    return cls(fields, algorithm)
        return None

    @property
    def is_stale(self) -> bool:
        """Whether the server only wants a newer digest: the password was right."""
        return self.fields.get("stale", "").lower() == "true"

    def answer(self, method: str, target: str, user: str, password: str) -> str:
        """Return the header Authorization for a request of *method* for *target*."""
        realm, nonce = self.fields.get("realm", ""), self.fields["nonce"]
        times, once = f"{next(self.used):08x}", secrets.token_hex(8)
        secret = self._hash(user, realm, password)
        if self.fields.get("algorithm", "").upper().endswith(_SESSION):
            secret = self._hash(secret, nonce, once)
        about = self._hash(method, target)
        named = "qop" in self.fields
        proof = (nonce, times, once, "auth", about) if named else (nonce, about)
        quoted = {
            "username": user,
            "realm": realm,
            "nonce": nonce,
            "uri": target,
            "response": self._hash(secret, *proof),
        }
        plain = {}
        if "algorithm" in self.fields:
            plain["algorithm"] = self.fields["algorithm"]
        if "opaque" in self.fields:
            quoted["opaque"] = self.fields["opaque"]
        if named:
            quoted["cnonce"] = once
            plain |= {"qop": "auth", "nc": times}
        told = [f'{name}="{_escaped(value)}"' for name, value in quoted.items()]
        told += [f"{name}={value}" for name, value in plain.items()]
        return f"Digest {', '.join(told)}"

    def _hash(self, *parts: str) -> str:
        return hashlib.new(
            _HASHES[self.algorithm], ":".join(parts).encode(), usedforsecurity=False
        ).hexdigest()


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"')
