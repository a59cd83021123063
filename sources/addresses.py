"""Which network addresses we connect to: the public internet and nothing else.

The check sits where the socket is made, so it sees the very address connected to: after name resolution, for literal
addresses in any spelling, and for every redirect. Nothing can be resolved again in between. Called by `network`.
"""

from __future__ import annotations

import socket
from collections.abc import Callable
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

from aiohttp import AddrInfoType

_GLOBAL_UNICAST = IPv6Network("2000::/3")  # mapped, compatible, NAT64 and all local forms lie outside
_TUNNELS = (IPv6Network("2002::/16"), IPv6Network("2001::/32"))  # 6to4 and Teredo hide an IPv4 address
_NAT64 = IPv6Network("64:ff9b::/96")


class RefusedAddressError(OSError):
    """A connection was asked for to an address that is not public.

    The text is the same for every address: the connector keeps the type of an error only if all its attempts agree.
    """

    def __init__(self) -> None:
        super().__init__("the host has no public address")


def is_public(text: str, *, allow_nat64: bool = False) -> bool:
    """Say whether an IP address, with or without a zone, lies on the public internet.

    An IPv6 address that hides an IPv4 one is refused, whatever it hides; with `allow_nat64` that of a translator
    (RFC 6052) is judged by what it hides, for machines that reach IPv4 in no other way.
    """
    address: IPv4Address | IPv6Address = ip_address(text.partition("%")[0])
    if allow_nat64 and address.version == 6 and address in _NAT64:
        address = IPv4Address(int(address) & 0xFFFF_FFFF)
    if isinstance(address, IPv6Address) and (
        address not in _GLOBAL_UNICAST or any(address in tunnel for tunnel in _TUNNELS)
    ):
        return False
    return address.is_global and not address.is_multicast


def socket_opener(is_allowed: Callable[[str], bool]) -> Callable[[AddrInfoType], socket.socket]:
    """Return what makes the socket for a resolved address; it raises RefusedAddressError where that is not allowed."""

    def open_socket(info: AddrInfoType) -> socket.socket:
        family, kind, protocol, _, address = info
        if not is_allowed(str(address[0])):
            raise RefusedAddressError
        return socket.socket(family, kind, protocol)

    return open_socket
