"""
Say how often somebody may do something: a bucket of tokens each, that fills again with time.

Source:
    RFC 6585, 429 Too Many Requests: https://www.rfc-editor.org/rfc/rfc6585#section-4
"""

from __future__ import annotations

import ipaddress
import math
import time
from collections import OrderedDict
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

#: How many are remembered; whoever was last seen the longest ago is forgotten first.
_REMEMBERED: Final = 10_000
#: What one customer of a network has: all of these addresses are one.
_IPV6_PREFIX: Final = 64


class Rate:
    """
    A limit for each of many: so many times at once, and then once every so many seconds.

    Who has not come for as long as the bucket takes to fill is as one who never came, so that
    forgetting them changes nothing.
    """

    def __init__(
        self, times: int, every_s: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._times = times
        self._every_s = every_s
        self._clock = clock
        #: When the bucket of each is full again.
        self._full_at: OrderedDict[str, float] = OrderedDict()

    def __len__(self) -> int:
        return len(self._full_at)

    def take(self, who: str) -> int:
        """
        Count one time more for *who*, and return 0.

        If it is one too many, it is not counted; the number of seconds to wait is returned.
        """
        now = self._clock()
        full_at = max(now, self._full_at.get(who, now)) + self._every_s
        wait = full_at - now - self._times * self._every_s
        if wait > 0:
            return math.ceil(wait)
        self._full_at[who] = full_at
        self._full_at.move_to_end(who)
        if len(self._full_at) > _REMEMBERED:
            self._full_at.popitem(last=False)
        return 0


def network(host: str) -> str:
    """
    Return what stands for the address *host* where addresses are counted: of IPv6, its network.

    >>> network("192.0.2.7"), network("2001:db8:1:2:3:4:5:6"), network("")
    ('192.0.2.7', '2001:db8:1:2::/64', '')
    """
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    if isinstance(address, ipaddress.IPv4Address):
        return host
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(ipaddress.ip_network((address.packed, _IPV6_PREFIX), strict=False))
