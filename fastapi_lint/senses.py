"""What a run has taken from a file, in a few words: whether a change to the file matters.

Most of a project's files are not parsed: of those a run takes an outline, and which of some words
stand in them. Of a file that is parsed it takes what the code says; where that stands matters
only if the run has spoken of it. A later run that would take the same says the same.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from .contents import digest
from .facts import Facts, names_fastapi, observe
from .outline import Outline, definitions, names_any, outline
from .source import MAX_BYTES
from .workers import is_plain

_UNREAD = "unread"
_CHOSEN = "chosen"
_NEEDED = "needed"


class Words(msgspec.Struct, frozen=True):
    """What was looked for in the bytes of files: each of `sought` in those that had not been chosen
    at once, any of `errors` to choose more."""

    sought: tuple[str, ...] = ()
    errors: tuple[str, ...] = ()


def of_unread(data: bytes, seen: Outline, names: Iterable[str], held: Iterable[str]) -> str:
    """What was taken from a file that was not parsed, given the names that it was asked for.

    `held` are the sought words that stand in it.
    """
    asked = sorted(names)
    defined = definitions(data) if asked else {}
    taken = _digest((seen, [defined.get(name) for name in asked], sorted(held)))
    return " ".join((_UNREAD, taken, *asked))


def of_parsed(facts: Facts, seen: Outline, is_first: bool, held: Iterable[str] | None) -> str:
    """What was taken from a file that was parsed, apart from where things stand.

    `held` are the sought words that stand in it, if it was parsed because evaluation needed it, not
    chosen at once. Nothing is given if it has problems or comments that are shown where they stand.
    """
    module = facts.module
    if module is None or facts.comments:
        return ""
    words = None if held is None else sorted(held)
    taken = _digest((seen, is_first, words, module.body, module.has_walrus))
    return f"{_CHOSEN if held is None else _NEEDED} {taken}"


def holds(sense: str, path: str, data: bytes, words: Words) -> bool:
    """Whether a run would take the same from a file that now has these bytes."""
    if len(data) > MAX_BYTES:
        return False
    kind, _, rest = sense.partition(" ")
    is_first, is_error = names_fastapi(data), names_any(data, words.errors)
    if (is_first or is_error) is not (kind == _CHOSEN):
        return False
    held = [word for word in words.sought if names_any(data, (word,))]
    if kind == _UNREAD:
        return of_unread(data, outline(data), rest.split(" ")[1:], held) == sense
    if not is_plain(data):
        return False
    facts, of_needed = observe(path, frozenset(), data), None if kind == _CHOSEN else held
    return of_parsed(facts, outline(data), is_first, of_needed) == sense


def _digest(taken: object) -> str:
    return digest(msgspec.msgpack.encode(taken))
