"""Repeating the last outcome when nothing that it depends on has changed.

This is the path that must be fast: it imports nothing but `os` and `sys`, compares the stored
times, sizes and identities of files with those on disk, and prints what was printed before.
Folders are compared as well, so a new, renamed or removed file is noticed; so are files whose
absence decided which settings and which root were used. Where times differ, as in a new checkout,
or are too fresh to tell, the contents decide.
"""

from __future__ import annotations

import os
import sys
import time

from . import contents, storage, streams
from .roots import MARKERS, ancestors, common_folder, is_repository, project_root

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .engine import Inputs

_FRESH_NS = 2_000_000_000
_COLUMNS = 5
_MAX_CHANGED = 32
"""How many changed files are looked into; more are not worth it."""
_ENVIRONMENT = ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "TERM", "PYTHONIOENCODING", "TTY_COMPATIBLE")
VALUED = frozenset(
    {
        "--select", "--extend-select", "--ignore", "--output-format", "--fastapi-version",
        "--config", "--fail-on", "--stdin-filename", "--jobs", "--cache-dir", "--fixable",
        "--unfixable", "--profile", "--baseline", "--diff-base", "--output-file", "-o",
        "--format", "--route",
    }
)  # fmt: skip
"""The options of `check` and `map` that take a value, which may be the next word."""


def replay(argv: list[str]) -> int | None:
    """Print the stored outcome of these arguments; its exit status, or `None` if it is stale."""
    if "--no-cache" in argv or "-" in argv:
        return None
    try:
        folder = storage.folder_for(project_root(_paths(argv)), _option(argv, "--cache-dir"))
        data = storage.read(folder, _name(argv))
        if data is None:
            return None
        now = time.time_ns()
        begun, entries, absent, words, status, out, err = _decode(data)
        if any(map(os.path.lexists, absent)):
            return None
        compared = _compared(begun - _FRESH_NS, entries, words)
        if compared is None:
            return None
        entries, is_new = compared
        if is_new:
            data = _encode(now, entries, absent, words, status, out, err)
            storage.write(folder, _name(argv), data)
    except (OSError, ValueError):
        return None
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
    inputs: Inputs,
) -> None:
    """Store an outcome together with the state of everything that it depends on.

    `paths` are what the run was about; `begun_ns` is the time before it read anything.
    """
    if _paths(argv) != paths:
        return
    entries: list[str] = []
    for path, seen in inputs.seen.items():
        state = _state(path)
        if state is None:
            return
        if not seen and int(state[0]) <= begun_ns - _FRESH_NS:
            seen = contents.now(path, seen, storage.MAX_BYTES) or ""
        entries.extend((path, *state, seen, inputs.senses.get(path, "")))
    words = [" ".join(inputs.words.errors), *inputs.words.sought]
    absent = [path for path in (*inputs.missed, *_candidates(paths)) if not os.path.lexists(path)]
    texts = [text.encode("utf-8", "backslashreplace") for text in (out, err)]
    storage.write(folder, _name(argv), _encode(begun_ns, entries, absent, words, status, *texts))
    storage.tidy(folder)
    storage.tidy_beside(folder)


def _encode(
    begun_ns: int,
    entries: list[str],
    absent: list[str],
    words: list[str],
    status: int,
    out: bytes,
    err: bytes,
) -> bytes:
    tables = ([str(begun_ns), str(status)], entries, absent, words)
    blocks = [*[os.fsencode("\0".join(table)) for table in tables], out, err]
    sizes = " ".join(str(len(block)) for block in blocks).encode()
    return sizes + b"\n" + b"".join(blocks)


def _decode(content: bytes) -> tuple[int, list[str], list[str], list[str], int, bytes, bytes]:
    head, _, rest = content.partition(b"\n")
    blocks: list[bytes] = []
    for size in map(int, head.split()):
        blocks.append(rest[:size])
        rest = rest[size:]
    first, entries, absent, words, out, err = blocks
    begun, status = first.split(b"\0")
    tables = _split(entries), _split(absent), _split(words)
    return int(begun), *tables, int(status), out, err


def _split(block: bytes) -> list[str]:
    return os.fsdecode(block).split("\0") if block else []


def _compared(limit: int, entries: list[str], words: list[str]) -> tuple[list[str], bool] | None:
    """The entries as they are now, if each still holds what was seen, or at least what was taken
    from it, and whether that took looking into some: into those that have changed after `limit` or
    that have other stamps."""
    now: list[str] = []
    changed: list[tuple[str, str, bytes]] = []
    is_new = False
    columns = (entries[start::_COLUMNS] for start in range(_COLUMNS))
    for path, when, stamp, seen, sense in zip(*columns, strict=True):
        state = _state(path)
        if state is None:
            return None
        if state != (when, stamp) or int(when) > limit:
            found = contents.now(path, seen, storage.MAX_BYTES) if seen else None
            if found is None:
                return None
            is_new = True
            if found != seen:
                data = contents.read_regular(path, storage.MAX_BYTES) if sense else b""
                if contents.digest(data) != found or len(changed) == _MAX_CHANGED:
                    return None
                changed.append((sense, path, data))
                seen = found
        now += (path, *state, seen, sense)
    if changed:
        from .senses import Words, holds

        errors, *sought = words or [""]
        known = Words(tuple(sought), tuple(errors.split()))
        if not all(holds(*one, known) for one in changed):
            return None
    return now, is_new


def _state(path: str) -> tuple[str, str] | None:
    """The time of a file's last change, and all that tells of changes without looking into it."""
    try:
        stamp = storage.stamp(os.stat(path))
    except (OSError, ValueError):
        return None
    return str(max(stamp[0], stamp[-1])), " ".join(map(str, stamp))


def _paths(argv: list[str]) -> tuple[str, ...]:
    """The absolute paths that a command line is about, as far as can be told without parsing it."""
    words = argv[1:] if argv[:1] in (["check"], ["map"]) else argv
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
    parts = [os.getcwd(), *argv, sys.version, str(sys.stdout.isatty())]
    if sys.stdout.isatty():
        parts.append(str(os.get_terminal_size(sys.stdout.fileno())))
    parts.extend(f"{name}={os.environ.get(name)}" for name in _ENVIRONMENT)
    return storage.OUTCOME + contents.digest("\0".join(parts).encode("utf-8", "surrogateescape"))
