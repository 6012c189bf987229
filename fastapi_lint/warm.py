"""Repeating the last outcome when nothing that it depends on has changed.

This is the path that must be fast: it imports nothing but `os` and `sys`, compares the stored
times, sizes and identities of files with those on disk, and prints what was printed before.
Folders are compared as well, so a new, renamed or removed file is noticed; so are files whose
absence decided which settings and which root were used.
"""

from __future__ import annotations

import os
import sys

from . import storage, streams
from .roots import MARKERS, ancestors, common_folder, is_repository, project_root

_FRESH_NS = 2_000_000_000
_ENVIRONMENT = ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "TERM", "PYTHONIOENCODING", "CLICOLOR_FORCE")
VALUED = frozenset(
    {
        "--select", "--extend-select", "--ignore", "--output-format", "--fastapi-version",
        "--config", "--fail-on", "--stdin-filename", "--jobs", "--cache-dir", "--fixable",
        "--unfixable", "--profile", "--baseline", "--diff-base", "--output-file", "-o",
    }
)  # fmt: skip
"""The options of `check` that take a value, which may be the next word."""


def replay(argv: list[str]) -> int | None:
    """Print the stored outcome of these arguments; its exit status, or `None` if it is stale."""
    if "--no-cache" in argv or "-" in argv:
        return None
    try:
        folder = storage.folder_for(project_root(_paths(argv)), _option(argv, "--cache-dir"))
        data = storage.read(folder, _name(argv))
        stored = _decode(data) if data is not None else None
        if stored is None or not _holds(*stored[:3]):
            return None
    except (OSError, ValueError):
        return None
    _, _, _, status, out, err = stored
    streams.write(sys.stdout, out)
    streams.write(sys.stderr, err)
    return status


def store(
    argv: list[str],
    paths: tuple[str, ...],
    folder: str,
    begun_ns: int,
    status: int,
    out: str,
    err: str,
    inputs: tuple[tuple[str, ...], tuple[str, ...]],
) -> None:
    """Store an outcome together with the state of everything that it depends on.

    `paths` are what the run was about; `begun_ns` is the time before it read anything; `inputs`
    are what it has read, and what it has looked for in vain.
    """
    if _paths(argv) != paths:
        return
    lines = [str(begun_ns), str(status)]
    read, missed = inputs
    entries: list[str] = []
    for path in sorted(set(read)):
        state = _state(path)
        if state is None:
            return
        entries.extend((path, *state))
    absent = [path for path in (*missed, *_candidates(paths)) if not os.path.lexists(path)]
    body = [out.encode("utf-8", "backslashreplace"), err.encode("utf-8", "backslashreplace")]
    tables = [os.fsencode("\0".join(part)) for part in (lines, entries, absent)]
    blocks = [*tables, *body]
    sizes = " ".join(str(len(block)) for block in blocks).encode()
    storage.write(folder, _name(argv), sizes + b"\n" + b"".join(blocks))
    storage.tidy(folder)
    storage.tidy_beside(folder)


def _decode(content: bytes) -> tuple[int, list[str], list[str], int, bytes, bytes]:
    head, _, rest = content.partition(b"\n")
    blocks: list[bytes] = []
    for size in map(int, head.split()):
        blocks.append(rest[:size])
        rest = rest[size:]
    first, entries, absent, out, err = blocks
    begun, status = first.split(b"\0")
    return int(begun), _split(entries), _split(absent), int(status), out, err


def _split(block: bytes) -> list[str]:
    return os.fsdecode(block).split("\0") if block else []


def _holds(begun: int, entries: list[str], absent: list[str]) -> bool:
    limit = begun - _FRESH_NS
    for path, mtime, rest in zip(entries[::3], entries[1::3], entries[2::3], strict=True):
        if _state(path) != (mtime, rest) or int(mtime) > limit:
            return False
    return not any(map(os.path.lexists, absent))


def _state(path: str) -> tuple[str, str] | None:
    """The time of the last change of a file's content, and all else that tells of changes."""
    try:
        mtime, *rest = storage.stamp(os.stat(path))
    except (OSError, ValueError):
        return None
    return str(mtime), " ".join(map(str, rest))


def _paths(argv: list[str]) -> tuple[str, ...]:
    """The absolute paths that a command line is about, as far as can be told without parsing it."""
    words = argv[1:] if argv[:1] == ["check"] else argv
    found = [
        os.path.abspath(word)
        for before, word in zip(["", *words], words, strict=False)
        if before not in VALUED and not word.startswith("-") and os.path.exists(word)
    ]
    return tuple(found) or (os.getcwd(),)


def _option(argv: list[str], name: str) -> str | None:
    """The value of an option: the last one that is given."""
    value = None
    for before, word in zip(["", *argv], argv, strict=False):
        if before == name:
            value = word
        elif word.startswith(f"{name}="):
            value = word[len(name) + 1 :]
    return value


def _candidates(paths: tuple[str, ...]) -> list[str]:
    """Files that would change the root or the settings of a run if they appeared."""
    found: list[str] = []
    for folder in ancestors(common_folder(paths)):
        found.extend(os.path.join(folder, name) for name in (*MARKERS, ".git", ".hg"))
        if is_repository(folder):
            break
    return found


def _name(argv: list[str]) -> str:
    """The name under which the outcome of these arguments is stored."""
    parts = [os.getcwd(), *argv, str(sys.version_info[:3]), str(sys.stdout.isatty())]
    if sys.stdout.isatty():
        parts.append(str(os.get_terminal_size(sys.stdout.fileno())))
    parts.extend(f"{name}={os.environ.get(name)}" for name in _ENVIRONMENT)
    digest = storage.digest("\0".join(parts).encode("utf-8", "surrogateescape"))
    return storage.OUTCOME + digest.decode()
