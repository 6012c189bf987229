"""The cache of facts: what each file said when it was last read, by content.

One file per project, in a folder of its own. Entries are trusted by times, size and identity, and
by a digest of the bytes where those differ or are too fresh to tell. The file is msgpack of known
types: reading a damaged or hostile one gives an error, never an object of its choosing, and an
error means an empty cache. `storage.py` says how it is kept.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress

import msgspec

from . import __version__, storage
from .contents import digest, read_regular
from .outline import Outline

_OWN = (".py", ".css", ".js")
_FRESH_NS = 2_000_000_000
"""A file changed this shortly before a run began may have changed again unnoticed."""

_NO_FILE = (-1, -1, -1, -1)
"""The stamp of a text that was never read from a file."""


class Entry(msgspec.Struct, array_like=True, gc=False):
    """What is known of one file. `facts` is empty until somebody asked for them, and `outline` is
    missing until then. `named` tells for words that were asked together whether any of them occurs.
    """

    stamp: tuple[int, int, int, int]
    digest: str
    is_first: bool
    facts: bytes
    outline: Outline | None = None
    named: dict[str, bool] = {}


class _Stored(msgspec.Struct, array_like=True):
    fingerprint: str
    begun_ns: int
    entries: dict[str, Entry]


class Cache:
    """The entries of one project. `folder` of `None` keeps nothing on disk."""

    def __init__(self, folder: str | None, fingerprint: str) -> None:
        self._folder = folder
        self._fingerprint = fingerprint
        self._begun_ns = time.time_ns()
        self._before_ns = 0
        self._before: dict[str, Entry] = {}
        self.entries: dict[str, Entry] = {}
        if folder is not None:
            self._load(folder)

    def renewed(self) -> Cache:
        """A cache that knows what this one has come to know, and keeps nothing on disk."""
        other = Cache(None, self._fingerprint)
        other._before_ns = self._begun_ns
        other._before = {**self._before, **self.entries}
        return other

    def _load(self, folder: str) -> None:
        try:
            stored = msgspec.msgpack.decode(
                storage.read(folder, storage.FACTS) or b"", type=_Stored
            )
        except (msgspec.DecodeError, ValueError, RecursionError, MemoryError):
            return
        if stored.fingerprint == self._fingerprint:
            self._before = stored.entries
            self._before_ns = stored.begun_ns

    def known(self, path: str, status: os.stat_result) -> Entry | None:
        """The entry of a file that times, size and identity say is unchanged."""
        entry = self._before.get(path)
        if (
            entry is None
            or entry.stamp != storage.stamp(status)
            or status.st_mtime_ns > self._before_ns - _FRESH_NS
        ):
            return None
        self.entries[path] = entry
        return entry

    def match(self, path: str, status: os.stat_result | None, data: bytes) -> tuple[Entry, bool]:
        """An entry for a file's bytes, and whether it holds what was known of them before.

        Bytes that stand for a file have no status; their entry is kept in memory only.
        """
        fresh = digest(data)
        before = self._before.get(path)
        same = before is not None and before.digest == fresh
        entry = Entry(storage.stamp(status) if status else _NO_FILE, fresh, False, b"")
        if before is not None and same:
            entry.is_first, entry.facts = before.is_first, before.facts
            entry.outline, entry.named = before.outline, before.named
        self.entries[path] = entry
        return entry, same

    def save(self) -> None:
        """Write the entries that were used. A disk that refuses is no error."""
        entries = {
            path: entry
            for path, entry in self.entries.items()
            if entry.stamp != _NO_FILE and _is_text(path)
        }
        if self._folder is None or entries == self._before:
            return
        stored = _Stored(self._fingerprint, self._begun_ns, entries)
        storage.write(self._folder, storage.FACTS, msgspec.msgpack.encode(stored))


def _is_text(path: str) -> bool:
    """Whether a path is no more than Unicode: names of other bytes are not kept."""
    try:
        path.encode()
    except UnicodeEncodeError:
        return False
    return True


def own_files() -> tuple[str, ...]:
    """The source files of this tool and the parser's version file: what facts depend on."""
    from importlib.util import find_spec

    package = os.path.dirname(os.path.abspath(__file__))
    found: list[str] = []
    for base in (package, os.path.join(os.path.dirname(package), "rules")):
        for folder, folders, names in os.walk(base):
            folders[:] = [name for name in folders if name != "__pycache__"]
            found.extend(os.path.join(folder, name) for name in names if name.endswith(_OWN))
    spec = find_spec("libcst")
    if spec is not None and spec.origin is not None:
        found.append(os.path.join(os.path.dirname(spec.origin), "_version.py"))
    return tuple(sorted(found))


def digests(paths: Iterable[str]) -> dict[str, str]:
    """Digests of the files that can be read."""
    found: dict[str, str] = {}
    for path in paths:
        with suppress(OSError, ValueError):
            found[path] = digest(read_regular(path, storage.MAX_BYTES))
    return found


def fingerprint(own: Mapping[str, str], wanted: Iterable[str]) -> str:
    """A digest of everything but the analysed files that facts depend on.

    `own` are the digests of this tool's files; where they lie is of no matter.
    """
    parts = [__version__, sys.version, *sorted(wanted)]
    base = os.path.commonpath(own) if own else ""
    parts.extend(f"{os.path.relpath(path, base)}:{made}" for path, made in own.items())
    return digest("\0".join(parts).encode("utf-8", "surrogateescape"))
