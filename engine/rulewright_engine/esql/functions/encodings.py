"""Functions that encode, decode or hash a text."""

import base64
import binascii
import hashlib
import urllib.parse
from collections.abc import Callable
from dataclasses import replace

from rulewright_engine.esql.functions.registry import (
    VARIES,
    BadConstant,
    Binding,
    Failure,
    FunctionKind,
    declare,
    scalar,
)
from rulewright_engine.esql.functions.traits import Traits, Wish
from rulewright_engine.evaluate.functions.text import string

__all__: list[str] = []


def _decoded_by(decode: Callable[[str], str]) -> Traits:
    return Traits(inverse=lambda call, wanted: (Wish(0, decode(string(wanted))),))


@scalar("to_base64", "string -> keyword", traits=_decoded_by(lambda text: base64.b64decode(text.encode()).decode()))
def to_base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


@scalar("from_base64", "string -> keyword", traits=_decoded_by(to_base64))
def from_base64(text: str) -> str:
    padded = text + "=" * (-len(text) % 4) if not text.endswith("=") else text
    try:
        return base64.b64decode(padded, validate=True).decode("utf-8", "replace")
    except (binascii.Error, ValueError) as error:
        raise Failure("the text is not base64") from error


@scalar("url_encode", "string -> keyword", traits=replace(_decoded_by(urllib.parse.unquote_plus), since="9.2"))
def url_encode(text: str) -> str:
    return urllib.parse.quote_plus(text, safe="*-._").replace("~", "%7E")


@scalar("url_encode_component", "string -> keyword", traits=Traits(since="9.2"))
def url_encode_component(text: str) -> str:
    return url_encode(text).replace("+", "%20")


def _quoted(text: str) -> str:
    """As a browser writes an address, which leaves more as it is than `url_encode` does."""
    return urllib.parse.quote(text, safe="/:?=&.-_~*+")


@scalar("url_decode", "string -> keyword", traits=replace(_decoded_by(_quoted), since="9.2"))
def url_decode(text: str) -> str:
    position = text.find("%")
    while position >= 0:
        if len(text[position + 1 : position + 3]) < 2 or not all(c in _HEX for c in text[position + 1 : position + 3]):
            raise Failure("the text holds a `%` that two hexadecimal digits do not follow")
        position = text.find("%", position + 1)
    return urllib.parse.unquote_plus(text)


_HEX = frozenset("0123456789abcdefABCDEF")


@declare("hash", FunctionKind.SCALAR, "string, string -> keyword")
def hash_(binding: Binding) -> Callable[[str, str], str]:
    algorithm = binding.constants[0]
    if algorithm is not VARIES and algorithm is not None and _algorithm(str(algorithm)) is None:
        raise BadConstant(0, f"`{algorithm}` is no hash algorithm", help="name one such as `md5`, `sha-1` or `sha-256`")
    return _hash


def _hash(algorithm: str, text: str) -> str:
    name = _algorithm(algorithm)
    if name is None:
        raise Failure(f"`{algorithm}` is no hash algorithm")
    return hashlib.new(name, text.encode(), usedforsecurity=False).hexdigest()


def _algorithm(name: str) -> str | None:
    key = name.lower().replace("-", "").replace("/", "_")
    return key if key in ("md5", "sha1", "sha224", "sha256", "sha384", "sha512", "sha512_256", "sha512_224") else None


@scalar("md5", "string -> keyword")
def md5(text: str) -> str:
    return _hash("md5", text)


@scalar("sha1", "string -> keyword")
def sha1(text: str) -> str:
    return _hash("sha1", text)


@scalar("sha256", "string -> keyword")
def sha256(text: str) -> str:
    return _hash("sha256", text)
