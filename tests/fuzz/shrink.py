"""Making a failing project smaller while it still fails in the same way."""

from __future__ import annotations

import time

from .check import Failure, Files, check

MAX_SECONDS = 60


def shrink(files: Files) -> Files | None:
    """Drop files, then lines, as long as the same kind of failure remains.

    `None` if there is no failure at all: time may have run out on a busy machine.
    """
    end = time.monotonic() + MAX_SECONDS
    kind = _kind(files)
    if kind is None:
        return None
    for name in list(files):
        fewer = {other: data for other, data in files.items() if other != name}
        if fewer and time.monotonic() < end and _kind(fewer) == kind:
            files = fewer
    for name in list(files):
        lines = files[name].splitlines(keepends=True)
        size = max(1, len(lines) // 2)
        while time.monotonic() < end:
            for start in range(0, len(lines), size):
                rest = lines[:start] + lines[start + size :]
                if time.monotonic() < end and _kind({**files, name: b"".join(rest)}) == kind:
                    lines = rest
                    files = {**files, name: b"".join(rest)}
                    break
            else:
                if size == 1:
                    break
                size //= 2
    return files


def _kind(files: Files) -> str | None:
    """The last line of what went wrong, without its details."""
    try:
        check(files)
    except Failure as failure:
        return str(failure).strip().splitlines()[-1].partition(":")[0]
    return None
