"""Reading the files of a project: from the cache, or in several processes where that pays."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress

import msgspec

from . import workers
from .cache import Cache, Entry
from .contents import digest
from .facts import Facts, names_fastapi, observe, unreadable
from .fix import Unfixable
from .outline import Outline, names_any, outline
from .source import TooLarge, Unreadable, read_bytes, reason

_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(Facts)
_READING = "Reading files"
_MAX_NAMED = 64
"""How many answers about words are kept for a file."""


class Observer:
    """Gives the facts of files. `texts` stands for the content of files that are not read."""

    def __init__(
        self,
        cache: Cache,
        wanted: frozenset[str],
        texts: Mapping[str, bytes],
        processes: int | None,
        progress: Callable[[str, int, int], None],
    ) -> None:
        self._cache = cache
        self._wanted = wanted
        self._texts = texts
        self._processes = processes
        self._progress = progress
        self._facts: dict[str, Facts] = {}
        self._unread: dict[str, bytes] = {}

    def first(self, files: Iterable[str]) -> list[str]:
        """Those of the files that suggest a FastAPI application; they are read at once."""
        found = [path for path in files if self._is_first(path)]
        self._observe_all([p for p in found if p not in self._facts and not self._cached(p)])
        return found

    def naming(self, files: Iterable[str], words: Iterable[str]) -> list[str]:
        """Those of the files that contain one of these names; they are read at once."""
        wanted = tuple(words)
        found = [path for path in files if self.names(path, wanted)]
        self._observe_all([p for p in found if p not in self._facts and not self._cached(p)])
        return found

    def content(self, path: str) -> bytes:
        """The bytes of a file; none if it cannot be read."""
        return self._read(path) or b""

    def outline(self, path: str) -> Outline:
        """The outline of a file."""
        entry = self._cache.entries.get(path)
        if entry is None:
            return outline(self.content(path))
        if entry.outline is None:
            entry.outline = outline(self.content(path))
        return entry.outline

    def names(self, path: str, words: tuple[str, ...]) -> bool:
        """Whether one of some words stands in a file."""
        entry = self._cache.entries.get(path)
        known = entry.named if entry is not None else {}
        key = " ".join(words)
        if key not in known:
            if len(known) >= _MAX_NAMED:
                known.clear()
            known[key] = names_any(self.content(path), words)
        return known[key]

    def facts(self, path: str) -> Facts:
        """The facts of a file."""
        if path not in self._facts:
            if not self._cached(path):
                self._classify(path)
            if not self._cached(path):
                self._observe_all([path])
        return self._facts[path]

    def unchanged(self, path: str) -> bytes:
        """The bytes that a file's facts were made of. Raises `Unfixable` if it has changed."""
        if path in self._texts:
            return self._texts[path]
        entry = self._cache.entries.get(path)
        try:
            data = read_bytes(path)
        except Unreadable as error:
            raise Unfixable(str(error)) from None
        if entry is None or entry.digest != digest(data):
            raise Unfixable("the file has changed since it was read")
        return data

    def known(self) -> Mapping[str, Facts]:
        """The facts gathered so far."""
        return self._facts

    def encoded(self, path: str) -> bytes:
        """The facts of a file for another process."""
        return _encoder.encode(self._facts[path])

    def learn(self, facts: Mapping[str, bytes]) -> None:
        """Take over what other processes have read."""
        for path, encoded in facts.items():
            if path not in self._facts:
                self._keep(path, _decoder.decode(encoded), encoded)

    def _is_first(self, path: str) -> bool:
        entry = self._classify(path)
        return entry is not None and entry.is_first

    def _classify(self, path: str) -> Entry | None:
        """The cache's entry of a file; a file that cannot be read has facts at once, and none."""
        if path in self._texts:
            return self._entry(path, None, self._texts[path])
        try:
            status = os.stat(path)
            if stat.S_ISREG(status.st_mode):
                entry = self._cache.known(path, status)
                if entry is not None:
                    return entry
            data = read_bytes(path)
        except TooLarge as error:
            if names_fastapi(error.head):
                self._facts[path] = unreadable(str(error))
            return None
        except (OSError, ValueError, Unreadable) as error:
            self._facts[path] = unreadable(reason(error))
            return None
        return self._entry(path, status, data)

    def _entry(self, path: str, status: os.stat_result | None, data: bytes) -> Entry:
        entry, same = self._cache.match(path, status, data)
        if not same:
            entry.is_first = names_fastapi(data)
        self._unread[path] = data
        return entry

    def _cached(self, path: str) -> bool:
        """Take a file's facts from the cache, if it has them."""
        if path in self._facts:
            return True
        entry = self._cache.entries.get(path)
        if entry is None or not entry.facts:
            return False
        try:
            self._facts[path] = _decoder.decode(entry.facts)
        except msgspec.DecodeError:
            return False
        return True

    def _read(self, path: str) -> bytes | None:
        data = self._bytes(path)
        if data is None:
            with suppress(Unreadable):
                data = read_bytes(path)
        return data

    def _bytes(self, path: str) -> bytes | None:
        text = self._texts.get(path)
        return self._unread.get(path) if text is None else text

    def _keep(self, path: str, facts: Facts, encoded: bytes | None = None) -> None:
        self._facts[path] = facts
        self._unread.pop(path, None)
        if path in self._cache.entries:
            self._cache.entries[path].facts = encoded or _encoder.encode(facts)

    def _observe_all(self, paths: list[str]) -> None:
        contents = [self._read(path) for path in paths]
        processes = workers.count([len(data or b"") for data in contents], self._processes)
        is_alone = processes == 1
        own = [i for i, data in enumerate(contents) if is_alone and workers.is_plain(data or b"")]
        for done, index in enumerate(own):
            self._progress(_READING, done, len(paths))
            self._keep(paths[index], observe(paths[index], self._wanted, contents[index]))
        others = sorted({*range(len(paths))} - {*own})
        if others:
            self._observe_elsewhere([(paths[i], contents[i]) for i in others], processes)

    def _observe_elsewhere(self, files: list[tuple[str, bytes | None]], processes: int) -> None:
        from .syntax import parse  # noqa: F401  (imported once, before the processes are forked)

        def work(index: int) -> bytes:
            path, data = files[index]
            return _encoder.encode(observe(path, self._wanted, data))

        self._progress(_READING, 0, len(files))
        shares = workers.shares([len(data or b"") for _, data in files], processes)
        for done, (index, encoded) in enumerate(workers.run(work, shares), 1):
            self._progress(_READING, done, len(files))
            path = files[index][0]
            if encoded is None:
                self._keep(path, unreadable("parsing it crashed or took too long"))
            else:
                self._keep(path, _decoder.decode(encoded), encoded)
