"""Functions of IP addresses and of points."""

import math
from collections.abc import Callable
from typing import Any

from rulewright_engine.esql.functions.registry import BadConstant, Binding, Failure, FunctionKind, declare, scalar
from rulewright_engine.esql.functions.traits import Element, Traits
from rulewright_engine.ir.expression import InNetwork
from rulewright_engine.values.addresses import Network, parse_network

__all__: list[str] = []

_MAPPED = 0xFFFF << 32
_EARTH_RADIUS = 6_371_008.7714


@declare(
    "cidr_match",
    FunctionKind.LOGIC,
    "ip, string, string... -> boolean",
    "ip, string -> boolean",
    traits=Traits(as_test=lambda network, _: InNetwork(network), element=Element.NETWORK),
)
def cidr_match(binding: Binding) -> Callable[..., Any]:
    """Whether the address lies in one of the networks; a network of one family never holds an address of the other."""
    constants = binding.constants[1:]
    fixed = [_network(constant, index) for index, constant in enumerate(constants, 1) if isinstance(constant, str)]
    if len(fixed) == len(constants):
        answers: dict[int, bool] = {}

        def matches(row: Any, address: Callable[[Any], Any], *_: Any) -> bool | None:
            value = address(row)
            if value is None:
                return None
            answer = answers.get(value)
            if answer is None:
                answer = any(value in network for network in fixed)
                if len(answers) < 100_000:
                    answers[value] = answer
            return answer

        return matches

    def evaluate(row: Any, address: Callable[[Any], Any], *networks: Callable[[Any], Any]) -> bool | None:
        value = address(row)
        texts = [network(row) for network in networks]
        if value is None or None in texts:
            return None
        return any(value in network for network in map(parse_network, texts) if network is not None)

    return evaluate


def _network(text: str, index: int) -> Network:
    found = parse_network(text)
    if found is None:
        raise BadConstant(index, f"`{text}` is no network", help="write it like `10.0.0.0/8` or `2001:db8::/32`")
    return found


@scalar("ip_prefix", "ip, integer, integer -> ip")
def ip_prefix(address: int, length_v4: int, length_v6: int) -> int:
    """The address with only the first bits left: of 32 for IPv4, of 128 for IPv6."""
    if not 0 <= length_v4 <= 32 or not 0 <= length_v6 <= 128:
        raise Failure("a prefix has 0 to 32 bits for IPv4 and 0 to 128 for IPv6")
    is_v4 = _MAPPED <= address <= _MAPPED | 0xFFFFFFFF
    dropped = 32 - length_v4 if is_v4 else 128 - length_v6
    return address >> dropped << dropped


@scalar("st_x", "point -> double")
def st_x(point: tuple[float, float]) -> float:
    return point[0]


@scalar("st_y", "point -> double")
def st_y(point: tuple[float, float]) -> float:
    return point[1]


@declare(
    "st_distance", FunctionKind.SCALAR, "geo_point, geo_point -> double", "cartesian_point, cartesian_point -> double"
)
def st_distance(binding: Binding) -> Callable[..., float]:
    """Metres along the Earth's surface for geographic points, plain distance for others."""
    if binding.types[0] == "geo_point":
        return _haversine
    return lambda first, second: math.hypot(first[0] - second[0], first[1] - second[1])


def _haversine(first: tuple[float, float], second: tuple[float, float]) -> float:
    longitude, latitude, other_longitude, other_latitude = map(math.radians, (*first, *second))
    half_latitude = math.sin((other_latitude - latitude) / 2)
    half_longitude = math.sin((other_longitude - longitude) / 2)
    a = half_latitude**2 + math.cos(latitude) * math.cos(other_latitude) * half_longitude**2
    return 2 * _EARTH_RADIUS * math.asin(min(1.0, math.sqrt(a)))


@scalar(
    "st_intersects st_contains st_within",
    "geo_point, geo_point -> boolean",
    "cartesian_point, cartesian_point -> boolean",
)
def st_intersects(first: tuple[float, float], second: tuple[float, float]) -> bool:
    return first == second


@scalar("st_disjoint", "geo_point, geo_point -> boolean", "cartesian_point, cartesian_point -> boolean")
def st_disjoint(first: tuple[float, float], second: tuple[float, float]) -> bool:
    return first != second
