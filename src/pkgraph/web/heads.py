"""
Read the head of a request in the one way in which it can be meant.

The parser refuses most of what two servers in a row could read in different ways. What it lets
through is refused here, or put into its plainest form.

Source:
    RFC 9112, request target and message body: https://www.rfc-editor.org/rfc/rfc9112#section-3.2
    RFC 9110, Upgrade: https://www.rfc-editor.org/rfc/rfc9110#section-7.8
"""

from __future__ import annotations

import re
from functools import partial
from http import HTTPStatus
from typing import Final, NamedTuple

#: How long to wait before another connection is tried.
_RETRY_S: Final = 5
_VERSIONS: Final = frozenset({"1.0", "1.1"})
_HOST: Final = re.compile(rb"(?:[A-Za-z0-9._-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::[0-9]{0,5})?")
_TARGET: Final = re.compile(rb"(?:(?i:https?)://([^/?#]*))?(/[^?#]*)?(\?[^#]*)?")
#: What asks for another protocol.
_OF_UPGRADES: Final = frozenset({b"connection", b"upgrade", b"http2-settings"})


class Refusal(Exception):  # noqa: N818 - it is told to the client, and is no error of ours
    """A request is not taken, with this status and for this reason."""

    def __init__(self, status: HTTPStatus, reason: str) -> None:
        super().__init__(reason)
        self.status = status

    def answer(self, fields: list[tuple[bytes, bytes]]) -> bytes:
        """Return the answer that tells of it, with *fields* in its head."""
        body = f"{self}\n".encode()
        fields = [
            *fields,
            (b"content-type", b"text/plain; charset=utf-8"),
            (b"content-length", b"%d" % len(body)),
            (b"x-content-type-options", b"nosniff"),
            (b"access-control-allow-origin", b"*"),
            (b"connection", b"close"),
        ]
        if self.status == HTTPStatus.SERVICE_UNAVAILABLE:
            fields.append((b"retry-after", b"%d" % _RETRY_S))
        line = b"HTTP/1.1 %d %s" % (self.status, self.status.phrase.encode())
        return _written(line, fields) + body


class Head(NamedTuple):
    """The head of a request; the names of its fields are in small letters."""

    method: bytes
    target: bytes
    version: str
    fields: list[tuple[bytes, bytes]]

    def plain(self) -> Head:
        """
        Return the head with a path for its target, and with the host that the target names.

        Raises:
            Refusal: It is not the head of a request that is taken.

        >>> Head(b"GET", b"http://a?b", "1.1", [(b"host", b"c")]).plain()[1:]
        (b'/?b', '1.1', [(b'host', b'a')])
        """
        bad = partial(Refusal, HTTPStatus.BAD_REQUEST)
        if self.version not in _VERSIONS:
            raise Refusal(HTTPStatus.HTTP_VERSION_NOT_SUPPORTED, "only HTTP/1.1 is spoken here")
        if self.method == b"CONNECT":
            raise Refusal(HTTPStatus.NOT_IMPLEMENTED, "nothing is passed on by CONNECT here")
        codings = self._all(b"transfer-encoding")
        if codings and self.version == "1.0":
            raise bad("HTTP/1.0 has no Transfer-Encoding; send Content-Length")
        if any(coding.strip().lower() != b"chunked" for coding in codings):
            raise Refusal(HTTPStatus.NOT_IMPLEMENTED, "the only Transfer-Encoding is 'chunked'")
        target = _TARGET.fullmatch(self.target)
        if target is None or not (target[1] or target[2]):
            raise bad("the target of the request is no path; send one that begins with '/'")
        hosts, fields = self._all(b"host"), self.fields
        if len(hosts) != 1 and (hosts or self.version == "1.1"):
            raise bad("a request has one Host; send it once")
        if target[1] is not None:
            hosts = [target[1]]
            fields = [field for field in fields if field[0] != b"host"] + [(b"host", target[1])]
        if any(not _HOST.fullmatch(host) for host in hosts):
            raise bad("Host is no name of a machine, with or without a port; send one")
        return Head(self.method, (target[2] or b"/") + (target[3] or b""), self.version, fields)

    def without_upgrade(self) -> Head:
        """Return the head without what asks for another protocol, which nobody has to heed."""
        fields = [field for field in self.fields if field[0] not in _OF_UPGRADES]
        if any(b"close" in value.lower() for value in self._all(b"connection")):
            fields.append((b"connection", b"close"))
        return self._replace(fields=fields)

    def __bytes__(self) -> bytes:
        r"""
        Write the head as it is sent.

        >>> bytes(Head(b"GET", b"/", "1.1", [(b"host", b"a")]))
        b'GET / HTTP/1.1\r\nhost: a\r\n\r\n'
        """
        line = self.method + b" " + self.target + b" HTTP/" + self.version.encode()
        return _written(line, self.fields)

    def _all(self, name: bytes) -> list[bytes]:
        return [value for each, value in self.fields if each == name]


def _written(line: bytes, fields: list[tuple[bytes, bytes]]) -> bytes:
    """Write a head of this first *line* and *fields*."""
    return b"\r\n".join([line, *(name + b": " + value for name, value in fields), b"", b""])
