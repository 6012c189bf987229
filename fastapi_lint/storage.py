"""How files of the cache are found, read, written and removed, whatever lies in their place.

The start of a run without changes needs this: it imports nothing but `os`. A file of the cache is
believed only if its digest holds, which takes in a *seal*: the identity of the marker in its folder
on this very disk. So nobody can ship a project with a cache that says what they like. A folder
that the user names is the user's, and has no seal, so that it may be kept between machines.
"""

from __future__ import annotations

import os
import stat
import time

from .contents import digest
from .roots import CACHE_FOLDER

VARIABLE = "FASTAPI_LINT_CACHE_DIR"
FACTS = "facts"
OUTCOME = "outcome-"
MAX_BYTES = 256_000_000
"""Larger files of the cache are neither written nor read."""
MAX_OUTCOMES = 64
MAX_SECONDS = 30 * 24 * 3600
"""Age at which what was stored is removed."""
_MAX_TEMPORARY_SECONDS = 3600
_MAGIC = b"fastapi-lint cache 2\n"
_MARKER = ".gitignore"
_TEMPORARY = ".tmp"
_NO_FOLLOW = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)


def folder_for(root: str, given: str | None) -> str:
    """The cache folder of a project: one of its own in the folder that was given, else in its root.

    The environment may name a folder as well.
    """
    base = given or os.environ.get(VARIABLE)
    if base:
        name = digest(root.encode("utf-8", "surrogateescape"))
        return os.path.join(os.path.abspath(base), name)
    return os.path.join(root, CACHE_FOLDER)


def read(folder: str, name: str) -> bytes | None:
    """What was written under this name; `None` if there is nothing that can be believed."""
    try:
        seal = _seal(folder)
        path = os.path.join(folder, name)
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | _NO_FOLLOW)
        with open(descriptor, "rb") as file:
            status = os.fstat(descriptor)
            if not stat.S_ISREG(status.st_mode) or status.st_size > MAX_BYTES:
                return None
            data = file.read(MAX_BYTES)
    except (OSError, ValueError):
        return None
    if not data.startswith(_MAGIC):
        return None
    check, _, content = data[len(_MAGIC) :].partition(b"\n")
    return content if check == digest(seal + content).encode() else None


def write(folder: str, name: str, content: bytes) -> None:
    """Replace a file of the cache as a whole. A disk that refuses is no error."""
    if len(content) > MAX_BYTES - 1_000:
        return
    temporary = os.path.join(folder, f"{name}-{os.getpid()}-{os.urandom(4).hex()}{_TEMPORARY}")
    try:
        _prepare(folder)
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | _NO_FOLLOW
        try:
            with open(os.open(temporary, flags, 0o666), "wb") as file:
                check = digest(_seal(folder) + content).encode()
                file.write(_MAGIC + check + b"\n" + content)
            os.replace(temporary, os.path.join(folder, name))
        except OSError:
            _remove(temporary)
    except OSError:
        return


def tidy(folder: str) -> None:
    """Remove what is too old or too much, and what a killed run left behind."""
    now = time.time()
    outcomes: list[tuple[float, str]] = []
    for name, path, changed in _own(folder):
        age = now - changed
        if name.endswith(_TEMPORARY):
            if age > _MAX_TEMPORARY_SECONDS:
                _remove(path)
        elif age > MAX_SECONDS:
            _remove(path)
        elif name.startswith(OUTCOME):
            outcomes.append((changed, path))
    for _, path in sorted(outcomes, reverse=True)[MAX_OUTCOMES:]:
        _remove(path)


def tidy_beside(folder: str) -> None:
    """Remove the caches, in a folder that several projects share, that none has used for long."""
    if os.path.basename(folder) == CACHE_FOLDER:
        return
    limit = time.time() - MAX_SECONDS
    for other in caches_in(os.path.dirname(folder)):
        if other != folder and all(changed < limit for _, _, changed in _own(other)):
            clean(other)


def clean(folder: str) -> int:
    """Remove the files of a cache, and the folder if nothing else is in it; gives their number."""
    if os.path.islink(folder):
        return 0
    removed = sum(_remove(path) for _, path, _ in _own(folder))
    if removed or _is_marked(folder):
        _remove(os.path.join(folder, _MARKER))
        try:
            os.rmdir(folder)
        except OSError:
            return removed
    return removed


def caches_in(folder: str) -> list[str]:
    """The caches that a folder given by the user holds."""
    try:
        names = sorted(os.listdir(folder))
    except OSError:
        return []
    paths = [os.path.join(folder, name) for name in names if len(name) == len(digest(b""))]
    return [path for path in paths if _is_marked(path) and not os.path.islink(path)]


def stamp(status: os.stat_result) -> tuple[int, int, int, int]:
    """What differs whenever a file has changed: times of content and of itself, size, identity."""
    return status.st_mtime_ns, status.st_size, status.st_ino, status.st_ctime_ns


def _seal(folder: str) -> bytes:
    """What nobody can know who has not seen the folder's marker on this disk."""
    if os.path.basename(folder) != CACHE_FOLDER:
        return b""
    if os.path.islink(folder):
        raise OSError("the folder is a link")
    status = os.lstat(os.path.join(folder, _MARKER))
    return f"{status.st_ino}:{status.st_ctime_ns}:".encode()


def _prepare(folder: str) -> None:
    os.makedirs(folder, exist_ok=True)
    if os.path.islink(folder):
        raise OSError("the folder is a link")
    try:
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | _NO_FOLLOW
        with open(os.open(os.path.join(folder, _MARKER), flags, 0o666), "wb") as file:
            file.write(b"*\n")
    except FileExistsError:
        pass


def _is_marked(folder: str) -> bool:
    return os.path.isfile(os.path.join(folder, _MARKER))


def _own(folder: str) -> list[tuple[str, str, float]]:
    """Name, path and time of change of each file that a cache folder may hold."""
    found: list[tuple[str, str, float]] = []
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.name.startswith((FACTS, OUTCOME)) and not entry.is_dir(
                    follow_symlinks=False
                ):
                    changed = entry.stat(follow_symlinks=False).st_mtime
                    found.append((entry.name, entry.path, changed))
    except OSError:
        pass
    return found


def _remove(path: str) -> bool:
    try:
        os.unlink(path)
    except OSError:
        return False
    return True
