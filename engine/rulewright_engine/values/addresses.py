"""IP addresses and networks as numbers.

An address is its 128-bit number; an IPv4 address is the number of its IPv4-mapped form, as Elasticsearch indexes it,
so that `::ffff:10.0.0.1` and `10.0.0.1` are one address and addresses of both families have an order.
"""

import ipaddress
from dataclasses import dataclass
from functools import lru_cache

__all__ = ["Network", "address_text", "canonical_address", "parse_address", "parse_network"]

_MAPPED = 0xFFFF << 32
_MAPPED_END = _MAPPED | 0xFFFFFFFF


@lru_cache(maxsize=65_536)
def parse_address(text: str) -> int | None:
    """The number of an address, or None when the text is none. A zone (`fe80::1%eth0`) is not accepted."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    if address.version == 4:
        return _MAPPED | int(address)
    return None if "%" in text else int(address)


def canonical_address(text: str) -> str | None:
    """The shortest spelling (RFC 5952; an IPv4-mapped address is spelled as IPv4), or None."""
    number = parse_address(text)
    return None if number is None else address_text(number)


def address_text(number: int) -> str:
    """The shortest spelling of the address with this number."""
    if _MAPPED <= number <= _MAPPED_END:
        return str(ipaddress.IPv4Address(number - _MAPPED))
    return str(ipaddress.IPv6Address(number))


@dataclass(frozen=True, slots=True)
class Network:
    """The addresses from `first` to `last`; an IPv6 network never holds an IPv4 address (semantics B1)."""

    first: int
    last: int
    is_ipv4: bool

    def __contains__(self, address: int) -> bool:
        return self.first <= address <= self.last and (self.is_ipv4 or not _MAPPED <= address <= _MAPPED_END)


@lru_cache(maxsize=4_096)
def parse_network(text: str) -> Network | None:
    """The network of `10.0.0.0/8` (host bits are ignored, a bare address is a network of one), or None."""
    try:
        network = ipaddress.ip_network(text, strict=False)
    except ValueError:
        return None
    if "%" in text:
        return None
    base = _MAPPED if network.version == 4 else 0
    first = base | int(network.network_address)
    last = base | int(network.broadcast_address)
    return Network(first, last, network.version == 4 or (first >= _MAPPED and last <= _MAPPED_END))
