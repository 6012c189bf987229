"""Repeating the last outcome when nothing that it depends on has changed.

This is the path that must be fast: it imports nothing but `os` and `sys`, compares the stored
modification times and sizes with those on disk, and prints what was printed before. Folders are
compared as well, so a new, renamed or removed file is noticed; so are files whose absence decided
which settings and which root were used.
"""

from __future__ import annotations

import os
import sys
import time

from .roots import CACHE_FOLDER, MARKERS, ancestors, common_folder, is_repository, project_root

_MAGIC = b"fastapi-lint outcome 1\n"
_FRESH_NS = 2_000_000_000
_ENVIRONMENT = ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "TERM", "PYTHONIOENCODING", "CLICOLOR_FORCE")


def replay(argv: list[str]) -> int | None:
    """Print the stored outcome of these arguments; its exit status, or `None` if it is stale."""
    if "--no-cache" in argv or "-" in argv:
        return None
    try:
        with open(_path(argv), "rb") as file:
            data = file.read()
        stored = _decode(data)
        if stored is None or not _holds(*stored[:3]):
            return None
        _, _, _, status, out, err = stored
        sys.stdout.buffer.write(out)
        sys.stdout.flush()
        sys.stderr.buffer.write(err)
        sys.stderr.flush()
    except (OSError, ValueError, AttributeError):
        return None
    return status


def store(
    argv: list[str],
    status: int,
    out: str,
    err: str,
    files: tuple[str, ...],
    folders: tuple[str, ...],
) -> None:
    """Store an outcome together with the state of everything that it depends on."""
    from .cache import write

    lines = [str(time.time_ns()), str(status)]
    entries: list[str] = []
    for path in sorted({*files, *folders}):
        state = _state(path)
        if state is None:
            return
        entries.extend((path, *state))
    absent = [path for path in _candidates(argv) if not os.path.lexists(path)]
    body = [out.encode("utf-8", "backslashreplace"), err.encode("utf-8", "backslashreplace")]
    tables = [os.fsencode("\0".join(part)) for part in (lines, entries, absent)]
    blocks = [*tables, *body]
    sizes = " ".join(str(len(block)) for block in blocks).encode()
    content = sizes + b"\n" + b"".join(blocks)
    folder, name = os.path.split(_path(argv))
    write(folder, name, _MAGIC + _digest(content) + b"\n" + content)


def _decode(data: bytes) -> tuple[int, list[str], list[str], int, bytes, bytes] | None:
    if not data.startswith(_MAGIC):
        return None
    check, _, content = data[len(_MAGIC) :].partition(b"\n")
    if check != _digest(content):
        return None
    head, _, rest = content.partition(b"\n")
    blocks: list[bytes] = []
    for size in map(int, head.split()):
        blocks.append(rest[:size])
        rest = rest[size:]
    first, entries, absent, out, err = blocks
    written, status = first.split(b"\0")
    return int(written), _split(entries), _split(absent), int(status), out, err


def _split(block: bytes) -> list[str]:
    return os.fsdecode(block).split("\0") if block else []


def _holds(written: int, entries: list[str], absent: list[str]) -> bool:
    limit = written - _FRESH_NS
    paths = entries[::3]
    for path, mtime, size in zip(paths, entries[1::3], entries[2::3], strict=True):
        state = _state(path)
        if state is None or state[0] != mtime or state[1] != size or int(mtime) > limit:
            return False
    return not any(map(os.path.lexists, absent))


def _state(path: str) -> tuple[str, str] | None:
    try:
        status = os.stat(path)
    except (OSError, ValueError):
        return None
    return str(status.st_mtime_ns), str(status.st_size)


def _paths(argv: list[str]) -> tuple[str, ...]:
    words = argv[1:] if argv[:1] == ["check"] else argv
    found = [os.path.abspath(w) for w in words if not w.startswith("-") and os.path.exists(w)]
    return tuple(found) or (os.getcwd(),)


def _candidates(argv: list[str]) -> list[str]:
    """Files that would change the root or the settings of a run if they appeared."""
    found: list[str] = []
    for folder in ancestors(common_folder(_paths(argv))):
        found.extend(os.path.join(folder, name) for name in (*MARKERS, ".git", ".hg"))
        if is_repository(folder):
            break
    return found


def _path(argv: list[str]) -> str:
    parts = [os.getcwd(), *argv, str(sys.version_info[:3]), str(sys.stdout.isatty())]
    if sys.stdout.isatty():
        parts.append(str(os.get_terminal_size(sys.stdout.fileno())))
    parts.extend(f"{name}={os.environ.get(name)}" for name in _ENVIRONMENT)
    name = _digest("\0".join(parts).encode("utf-8", "surrogateescape")).decode()
    return os.path.join(project_root(_paths(argv)), CACHE_FOLDER, f"outcome-{name}")


def _digest(data: bytes) -> bytes:
    from _blake2 import blake2b

    return blake2b(data, digest_size=16).hexdigest().encode()
