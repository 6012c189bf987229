"""What is taken from the bytes of files that nobody has to parse."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

import msgspec

_PLAIN_BODY = re.compile(
    rb"\n[ \t]*def[ \t]+(\w+)((?:(?!\n[ \t]*(?:async[ \t]+)?def[ \t])[\s\S])*)"
)
_ASYNC = re.compile(rb"\basync[ \t]+def[ \t]+(\w+)")
_PASSING = re.compile(rb"\n[ \t]*def[ \t]+(\w+)\([^\n]*:\n[ \t]+return[ \t]+(?:\w+\.)*(\w+)\(")
_DEFINITION = re.compile(rb"^(?:async[ \t]+)?(def|class)[ \t]+(\w+)", re.MULTILINE)
_THROWN_AWAY = re.compile(rb"^[ \t]+(?:\w+\.)*(\w*)\Z")
_EXCEPTION_CALL = re.compile(rb"E(?:rror|xception)\(")
_TRACING = re.compile(rb"\bformat_(?:exc|exception|tb|stack)\b")
_DEFINED = re.compile(rb"\bdef[ \t]+(\w+)")
_DERIVED = re.compile(rb"\nclass[ \t]+(\w+)[ \t]*\(([^()]*)\)[ \t]*:")
_BASE = re.compile(rb"\b(\w+)\b(?=\s*(?:,|$))")


class Outline(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """Names of functions in a file.

    `asynchronous` are those of asynchronous ones; `passing` are pairs of a plain function and the
    one that it does nothing but call; `spawning` are those of plain ones that start tasks of
    asyncio, or call one that does; `tracing` are those that ask for the text of a traceback.
    `derived` are pairs of a class and a base; `drops` tells whether a line begins with the call of
    what is called like an exception.
    """

    asynchronous: tuple[str, ...] = ()
    passing: tuple[tuple[str, str], ...] = ()
    spawning: tuple[str, ...] = ()
    tracing: tuple[str, ...] = ()
    derived: tuple[tuple[str, str], ...] = ()
    drops: bool = False


_EMPTY = Outline()


def outline(data: bytes) -> Outline:
    """The outline of a file with these bytes."""
    asynchronous: Iterable[bytes] = ()
    passing: Iterable[tuple[bytes, bytes]] = ()
    if b"async" in data:
        asynchronous, passing = dict.fromkeys(_ASYNC.findall(data)), _PASSING.findall(data)
    spawning = _spawning(data)
    tracing, derived, drops = _tracing(data), _derived(data), _drops(data)
    if not (asynchronous or passing or spawning or tracing or derived or drops):
        return _EMPTY
    return Outline(
        tuple([name.decode("latin-1") for name in asynchronous]),
        tuple([(name.decode("latin-1"), called.decode("latin-1")) for name, called in passing]),
        spawning,
        tracing,
        derived,
        drops,
    )


def _tracing(data: bytes) -> tuple[str, ...]:
    found: dict[bytes, None] = {}
    for match in _TRACING.finditer(data) if b"traceback" in data else ():
        defined = _DEFINED.match(data, max(data.rfind(b"def ", 0, match.start()), 0))
        if defined is not None:
            found[defined[1]] = None
    return tuple([name.decode("latin-1") for name in found])


def _derived(data: bytes) -> tuple[tuple[str, str], ...]:
    if b"Exception" not in data and b"Error" not in data:
        return ()
    return tuple(
        (name.decode("latin-1"), base.decode("latin-1"))
        for name, listed in _DERIVED.findall(b"\n" + data)
        for base in _BASE.findall(listed)
    )


def _drops(data: bytes) -> bool:
    return any(
        _THROWN_AWAY.match(data[data.rfind(b"\n", 0, match.start()) + 1 : match.start()])
        for match in _EXCEPTION_CALL.finditer(data)
    )


def _spawning(data: bytes) -> tuple[str, ...]:
    found: dict[bytes, None] = {}
    if b"create_task(" in data or b"ensure_future(" in data:
        plain = [match.groups() for match in _PLAIN_BODY.finditer(data)]
        starts, more = rb"create_task|ensure_future", [b""]
        while more:
            starting = re.compile(rb"\b(?:" + starts + rb")\(")
            more = [n for n, body in plain if n not in found and starting.search(body)]
            found |= dict.fromkeys(more)
            starts = b"|".join(more)
    return tuple([name.decode("latin-1") for name in found])


def names_any(data: bytes, words: tuple[str, ...]) -> bool:
    """Whether one of some words stands in a file with these bytes."""
    encoded = tuple([word.encode() for word in words])
    return any(word in data for word in encoded) and _naming(encoded).search(data) is not None


@lru_cache(maxsize=256)
def _naming(words: tuple[bytes, ...]) -> re.Pattern[bytes]:
    return re.compile(b"|".join(rb"\b%s\b" % re.escape(word) for word in words))


def definitions(data: bytes) -> dict[str, str]:
    """The names that a file defines at its top by `def` or `class`, and by which of them."""
    found = _DEFINITION.findall(data)
    return {name.decode("latin-1"): kind.decode() for kind, name in found}
