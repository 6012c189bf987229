"""What a run saw of a file or folder, so that a later one can tell whether it would see the same.

The start of a run without changes needs this: it imports nothing but `os`.
"""

from __future__ import annotations

import os
import stat

from .roots import CACHE_FOLDER

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

SKIPPED = frozenset(
    {
        ".git", ".hg", ".svn", ".bzr", ".tox", ".nox", ".eggs", ".mypy_cache", ".pytest_cache",
        ".ruff_cache", CACHE_FOLDER, ".ipynb_checkpoints", "__pycache__", "__pypackages__",
        "node_modules", "site-packages", "dist-packages",
    }
)  # fmt: skip
"""Folders that hold nothing of a project."""
_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


def digest(data: bytes) -> str:
    """A digest of 32 hexadecimal digits."""
    from _blake2 import blake2b

    return blake2b(data, digest_size=16).hexdigest()


def read_regular(path: str, limit: int) -> bytes:
    """Up to `limit` bytes of a regular file. Raises `OSError` for anything else, at once."""
    descriptor = os.open(path, _FLAGS)
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise OSError(0, "not a regular file")
        with open(descriptor, "rb", closefd=False) as file:
            # Asked for many bytes, it would reserve as many.
            return file.read(limit if status.st_size >= limit else -1)
    finally:
        os.close(descriptor)


def of_folder(entries: Iterable[os.DirEntry[str]]) -> str:
    """What tells listings of a folder apart: the names and kinds of what it holds."""
    listing = [f"{kind}{entry.name}" for entry in entries if (kind := _kind(entry))]
    return "/" + digest("\0".join(sorted(listing)).encode("utf-8", "surrogateescape"))


def now(path: str, before: str, limit: int) -> str | None:
    """What is seen of a path now, in the form of what was seen `before`; `None` if nothing is."""
    try:
        if before.startswith("/"):
            with os.scandir(path) as entries:
                return of_folder(entries)
        return digest(read_regular(path, limit))
    except (OSError, ValueError):
        return None


def _kind(entry: os.DirEntry[str]) -> str:
    """A letter for what an entry is; none for what no run looks into."""
    try:
        if entry.is_dir(follow_symlinks=False):
            return "" if entry.name in SKIPPED else "d"
        return "f" if entry.is_file(follow_symlinks=False) else "o"
    except OSError:
        return "o"
