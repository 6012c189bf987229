"""Working in forked processes, which may die without taking the run along."""

from __future__ import annotations

import os
import signal
import struct
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from types import FrameType

MIN_FILES = 8
MIN_BYTES = 100_000
MAX_PROCESSES = 64
MAX_SECONDS = 30
"""Processor time that reading one file may take."""
FILES_PER_PROCESS = 4
MAX_PLAIN_BYTES = 200_000
MAX_PLAIN_LINE = 2_000
"""How large a file and its lines may be for this process to parse it."""
_DEADLY = (signal.SIGINT, signal.SIGTERM, getattr(signal, "SIGHUP", signal.SIGTERM))
_HEADER = struct.Struct("<II")


def count(sizes: Sequence[int], wanted: int | None = None) -> int:
    """How many processes to use for files of these sizes: as `wanted`, or as pays; 1 means none."""
    if wanted is None and len(sizes) < MIN_FILES and sum(sizes) < MIN_BYTES:
        return 1
    return most(len(sizes) if wanted is not None else len(sizes) // FILES_PER_PROCESS, wanted)


def most(parts: int, wanted: int | None = None) -> int:
    """How many processes to use for work of so many parts: as `wanted`, or as there are."""
    if not hasattr(os, "fork"):
        return 1
    limit = min(wanted, MAX_PROCESSES) if wanted is not None else min(_processors(), 8)
    return max(1, min(limit, parts))


def is_plain(data: bytes) -> bool:
    """Whether a file's bytes are too harmless to kill or to stop a parser that runs on them."""
    if not hasattr(os, "fork"):
        return True
    return len(data) <= MAX_PLAIN_BYTES and max(map(len, data.splitlines()), default=0) <= (
        MAX_PLAIN_LINE
    )


def _processors() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def shares(sizes: Sequence[int], processes: int) -> list[list[int]]:
    """Pieces of work by share, the largest first, each to the share with the least so far."""
    found: list[list[int]] = [[] for _ in range(processes)]
    loads = [0] * processes
    for index in sorted(range(len(sizes)), key=lambda i: -sizes[i]):
        least = loads.index(min(loads))
        found[least].append(index)
        loads[least] += sizes[index] + 1_000
    return [share for share in found if share]


def run(
    work: Callable[[int], bytes],
    shares: Sequence[Sequence[int]],
    seconds: int = MAX_SECONDS,
    meanwhile: Callable[[], None] = lambda: None,
) -> Iterator[tuple[int, bytes | None]]:
    """Yield (index, result of `work(index)`) for every piece of work, as they come.

    Each share has a process of its own; when all have been started, `meanwhile` is called here. A
    process hands over its results when it is done with its share, so that it never waits for a
    reader. If it dies, as it does when a piece takes more processor time than `seconds` (0: any),
    each piece of its share is tried again in a process of its own; a result of `None` means that
    this one died as well. Where no process can be had, the work is done here.
    """
    pending = {index for share in shares for index in share}
    try:
        for index, result in _parallel(work, shares, seconds, meanwhile):
            pending.discard(index)
            yield index, result
    except OSError:
        meanwhile()
    for index in sorted(pending):
        try:
            alone: list[tuple[int, bytes | None]] = [*_parallel(work, [[index]], seconds)]
        except OSError:
            alone = [(index, work(index))]
        yield from alone or [(index, None)]


def _parallel(
    work: Callable[[int], bytes],
    shares: Sequence[Sequence[int]],
    seconds: int,
    meanwhile: Callable[[], None] = lambda: None,
) -> Iterator[tuple[int, bytes]]:
    """The results of a process for each share. Raises `OSError` where no process can be had."""
    started: list[tuple[int, int]] = []
    with _dying_together(started):
        try:
            for share in shares:
                try:
                    started.append(_start(work, share, seconds))
                except OSError:
                    if not started:
                        raise
            meanwhile()
            for _, pipe in started:
                yield from _results(pipe)
        finally:
            _end(started)
            for process, pipe in started:
                os.close(pipe)
                os.waitpid(process, 0)


@contextmanager
def _dying_together(started: Sequence[tuple[int, int]]) -> Iterator[None]:
    """Let a signal that would end this process end those that it has started as well."""
    parent = os.getpid()

    def end(number: int, _: FrameType | None) -> None:
        if os.getpid() == parent:
            _end(started)
        signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)

    deadly = [number for number in _DEADLY if signal.getsignal(number) is signal.SIG_DFL]
    try:
        for number in deadly:
            signal.signal(number, end)
    except ValueError:  # only the main thread of a program decides about signals
        deadly = []
    try:
        yield
    finally:
        for number in deadly:
            signal.signal(number, signal.SIG_DFL)


def _end(started: Sequence[tuple[int, int]]) -> None:
    """End processes that have not ended yet: their results are not wanted any more."""
    for process, _ in started:
        with suppress(OSError):
            os.kill(process, signal.SIGKILL)


def _start(work: Callable[[int], bytes], share: Sequence[int], seconds: int) -> tuple[int, int]:
    parent = os.getpid()
    reading, writing = os.pipe()
    try:
        process = os.fork()
    except OSError:
        os.close(reading)
        os.close(writing)
        raise
    if process:
        os.close(writing)
        return process, reading
    try:
        os.close(reading)
        blocks = []
        for index in share:
            if os.getppid() != parent:
                break
            signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
            result = work(index)
            blocks.append(_HEADER.pack(index, len(result)) + result)
        _write(writing, b"".join(blocks))
    finally:
        os._exit(0)


def _write(pipe: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(pipe, view) :]


def _results(pipe: int) -> Iterator[tuple[int, bytes]]:
    with os.fdopen(pipe, "rb", closefd=False) as file:
        while len(header := file.read(_HEADER.size)) == _HEADER.size:
            index, size = _HEADER.unpack(header)
            result = file.read(size)
            if len(result) < size:
                return
            yield index, result
