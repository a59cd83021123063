"""Which network addresses we connect to: the public internet and nothing else.

The check sits where the socket is made, so it sees the very address connected to: after name resolution, for literal
addresses in any spelling, and for every redirect. Nothing can be resolved again in between. Called by `network`.
"""

from __future__ import annotations

import socket
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

from aiohttp import AddrInfoType

_GLOBAL_UNICAST = IPv6Network("2000::/3")
_TUNNELS = (IPv6Network("2002::/16"), IPv6Network("2001::/32"))  # 6to4 and Teredo hide an IPv4 address
_IPV4_INSIDE = (IPv6Network("::ffff:0:0/96"), IPv6Network("64:ff9b::/96"), IPv6Network("::/96"))


class RefusedAddressError(OSError):
    """A connection was asked for to an address that is not public.

    The text is the same for every address: the connector keeps the type of an error only if all its attempts agree.
    """

    def __init__(self) -> None:
        super().__init__("the host has no public address")


def is_public(text: str) -> bool:
    """Say whether an IP address, with or without a zone, lies on the public internet."""
    address = _unwrap(ip_address(text.partition("%")[0]))
    if isinstance(address, IPv6Address) and (
        address not in _GLOBAL_UNICAST or any(address in tunnel for tunnel in _TUNNELS)
    ):
        return False
    return address.is_global and not address.is_multicast


def open_public_socket(info: AddrInfoType) -> socket.socket:
    """Make the socket for one resolved address; raises RefusedAddressError where it is not public."""
    family, kind, protocol, _, address = info
    if not is_public(str(address[0])):
        raise RefusedAddressError
    return socket.socket(family, kind, protocol)


def _unwrap(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """Return the IPv4 address inside a mapped (RFC 4291), NAT64 (RFC 6052) or compatible one, else the address."""
    if isinstance(address, IPv6Address) and any(address in network for network in _IPV4_INSIDE):
        return IPv4Address(int(address) & 0xFFFF_FFFF)
    return address
