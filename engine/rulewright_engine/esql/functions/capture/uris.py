"""URI_PARTS: an address taken apart as Java's `URI` does it, and where that refuses it, as Java's `URL`.

`URI` is strict: no blanks, no `|`, a host of letters, digits and hyphens (others leave host, port and user unset). It
decodes `%41`; `URL` takes what stands behind `http:`, `https:`, `ftp:`, `file:` or `mailto:` as it is written.
"""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

from rulewright_engine.esql.functions.registry import Failure
from rulewright_engine.values.addresses import parse_address

__all__ = ["NAMES", "join", "split"]

NAMES = (
    "domain",
    "fragment",
    "path",
    "extension",
    "port",
    "query",
    "scheme",
    "user_info",
    "username",
    "password",
)

_OTHER = r"[^\x00-\x7f\x80-\x9f\s]"
_ESCAPED = r"%[0-9A-Fa-f]{2}"
_MARKS = r"A-Za-z0-9_\-!.~'()*"
_URIC = rf"(?:[{_MARKS};/?:@&=+$,\[\]]|{_ESCAPED}|{_OTHER})"
_PATH = rf"(?:[{_MARKS};/:@&=+$,]|{_ESCAPED}|{_OTHER})"
_AUTHORITY = rf"(?:[{_MARKS};:@&=+$,\[\]]|{_ESCAPED}|{_OTHER})"
_URI = re.compile(
    rf"(?:(?P<scheme>[A-Za-z][A-Za-z0-9+.\-]*):(?=[^#])|(?![^/?#]*:))"
    rf"(?:(?P<opaque>(?<=:)(?!/){_URIC}+)"
    rf"|(?://(?P<authority>{_AUTHORITY}+|(?=[/?#]))|(?!//))(?P<path>{_PATH}*)(?:\?(?P<query>{_URIC}*))?)"
    rf"(?:#(?P<fragment>{_URIC}*))?"
)
_SERVER = re.compile(
    rf"(?:(?P<user>(?:[{_MARKS};:&=+$,]|{_ESCAPED}|{_OTHER})*)@)?"
    r"(?P<host>\[[0-9A-Fa-f:.]+(?:%[A-Za-z0-9_.\-]+)?\]"
    r"|[0-9]{1,3}(?:\.[0-9]{1,3}){3}"
    r"|(?:[A-Za-z0-9](?:[A-Za-z0-9\-]*[A-Za-z0-9])?\.)*[A-Za-z](?:[A-Za-z0-9\-]*[A-Za-z0-9])?\.?)"
    r"(?::(?P<port>[0-9]*))?"
)
_URL_HOST = re.compile(r"(?P<host>\[[^\]]*\]|[^:\[]?[^:]*)(?::(?P<port>[0-9]*))?")
_BLANKS = "".join(map(chr, range(33)))
_URL = re.compile(r"(?P<scheme>https?|ftp|file|mailto(?=:[^#])):(?P<rest>.*)", re.IGNORECASE | re.DOTALL)


def split(text: str) -> tuple[Any, ...]:
    parts = _of_uri(text) or _of_url(text)
    path, user = parts.get("path"), parts.get("user_info")
    if path is not None and "/" in path:
        _, dot, extension = path.rpartition("/")[2].rpartition(".")
        parts["extension"] = extension if dot else None
    if user is not None and ":" in user:
        parts["username"], _, parts["password"] = user.partition(":")
    return tuple(parts.get(name) for name in NAMES)


def join(wanted: Mapping[str, str]) -> str:
    """An address that has these parts."""
    user = wanted.get("user_info", wanted.get("username", "user" if "password" in wanted else None))
    if user is not None and "user_info" not in wanted:
        user = f"{user}:{wanted.get('password', 'secret')}"
    port = f":{wanted['port']}" if "port" in wanted else ""
    path = wanted.get("path", f"/sample.{wanted['extension']}" if "extension" in wanted else "/")
    authority = f"{user}@" if user is not None else ""
    authority += wanted.get("domain", "www.example.com") + port
    rest = "".join(f"{mark}{wanted[name]}" for mark, name in (("?", "query"), ("#", "fragment")) if name in wanted)
    return f"{wanted.get('scheme', 'https')}://{authority}{path}{rest}"


def _of_uri(text: str) -> dict[str, Any] | None:
    match = _URI.fullmatch(text)
    if match is None:
        return None
    parts: dict[str, Any] = {"scheme": match["scheme"], "fragment": _decoded(match["fragment"])}
    if match["opaque"] is not None:
        return parts
    parts |= {"path": _decoded(match["path"]), "query": _decoded(match["query"])}
    authority = match["authority"] or ""
    server = _SERVER.fullmatch(authority)
    if server is not None and _is_host(server["host"]):
        port = server["port"]
        parts |= {"domain": server["host"], "user_info": _decoded(server["user"]), "port": int(port) if port else None}
    elif "[" in authority or "]" in authority:
        return None
    return parts


def _is_host(host: str) -> bool:
    if host.startswith("["):
        return ":" in host and parse_address(host[1:-1].partition("%")[0]) is not None
    return not host[0].isdigit() or parse_address(host) is not None or not host.replace(".", "").isdigit()


def _decoded(text: str | None) -> str | None:
    return None if text is None else unquote(text, errors="replace")


def _of_url(text: str) -> dict[str, Any]:
    match = _URL.match(text.strip(_BLANKS))
    if match is None:
        raise Failure(f"`{text}` is no URI")
    scheme = match["scheme"].lower()
    if scheme == "mailto":
        return {"scheme": scheme, "domain": "", "path": match["rest"]}
    rest, mark, fragment = match["rest"].partition("#")
    parts: dict[str, Any] = {"scheme": scheme, "fragment": fragment if mark else None, "domain": ""}
    if rest.startswith("//") and not rest.startswith("////"):
        authority = re.split("[/?]", rest[2:], maxsplit=1)[0]
        rest = rest[2 + len(authority) :]
        user, at, server = authority.rpartition("@")
        host = _URL_HOST.fullmatch(server)
        if host is None or (host["host"].startswith("[") and not _is_host(host["host"])):
            raise Failure(f"`{text}` is no URI")
        port = host["port"]
        parts |= {"domain": host["host"], "user_info": user if at else None, "port": int(port) if port else None}
    path, mark, query = rest.partition("?")
    return parts | {"path": path, "query": query if mark else None}
