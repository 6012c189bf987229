"""How are changed files replaced so that none is ever half-written or lost?

The new content goes to a temporary file in the same folder, is flushed to the disk, and takes the
place of the old file in one step. Of files that belong together, all temporary files are written
before the first is replaced; if one cannot be, those that already were get their old content back.
"""

from __future__ import annotations

import os
import re
import stat
import tempfile
from collections.abc import Iterable
from contextlib import suppress

import msgspec

from .fixes import Change
from .roots import is_inside
from .source import reason

_SUFFIX = ".tmp"


class WriteError(Exception):
    """A file was not written; the message says which one and why. Nothing has changed."""


class _Prepared(msgspec.Struct, frozen=True):
    """A change whose new content is on the disk, beside the file that it will replace."""

    target: str
    temporary: str
    change: Change


def write_together(changes: Iterable[Change], root: str) -> None:
    """Replace all of these files or none. Raises `WriteError`; nothing has changed then.

    A file is written through links, but only inside of `root`. One that is read-only, that has a
    second name, or whose content is not what it was before the change, is not written.
    """
    prepared: list[_Prepared] = []
    try:
        for change in changes:
            prepared.append(_prepare(change, root))
        _replace_all(prepared)
    finally:
        for item in prepared:
            with suppress(OSError):
                os.unlink(item.temporary)


def write(path: str, data: bytes) -> None:
    """Write a file that need not be there yet, and that nobody else writes. Raises `WriteError`."""
    target = os.path.realpath(path)
    try:
        status = os.stat(target) if os.path.exists(target) else None
        os.replace(_write(target, data, status), target)
    except OSError as error:
        raise WriteError(f"{path}: {reason(error)}") from None


def _new_mode() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def _prepare(change: Change, root: str) -> _Prepared:
    target = os.path.realpath(change.path)
    if not is_inside(target, os.path.realpath(root)):
        raise WriteError(f"{change.path}: it is a link that leads out of the project")
    try:
        status = os.stat(target)
        is_writable = status.st_mode & (stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH)
        if not is_writable or not os.access(target, os.W_OK):
            raise WriteError(f"{change.path}: it is read-only")
        if status.st_nlink > 1:
            raise WriteError(f"{change.path}: it has another name (a hard link)")
        _remove_stale(target)
        return _Prepared(target, _write(target, change.after, status), change)
    except OSError as error:
        raise WriteError(f"{change.path}: {reason(error)}") from None


def _write(target: str, data: bytes, status: os.stat_result | None) -> str:
    """Write a temporary file beside another one, whose owner, mode and attributes it gets if there
    is one; its path."""
    folder, name = os.path.split(target)
    prefix = f".{name}.{os.getpid()}-"
    descriptor, path = tempfile.mkstemp(suffix=_SUFFIX, prefix=prefix, dir=folder)
    try:
        with open(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if status is not None:
            _keep_attributes(target, path, status)
        os.chmod(path, _new_mode() if status is None else stat.S_IMODE(status.st_mode))
    except BaseException:
        with suppress(OSError):
            os.unlink(path)
        raise
    return path


def _keep_attributes(source: str, path: str, status: os.stat_result) -> None:
    """Give a file the owner and the extended attributes of another one, as far as permitted."""
    if hasattr(os, "chown"):
        with suppress(OSError):
            os.chown(path, status.st_uid, status.st_gid)
    if hasattr(os, "listxattr"):
        with suppress(OSError):
            for name in os.listxattr(source):
                os.setxattr(path, name, os.getxattr(source, name))


def _remove_stale(target: str) -> None:
    """Remove what a run that was killed has left beside a file."""
    folder, name = os.path.split(target)
    left = re.compile(rf"\.{re.escape(name)}\.(\d+)-\w+{re.escape(_SUFFIX)}")
    for found in filter(None, map(left.fullmatch, os.listdir(folder))):
        if not _is_running(int(found[1])):
            with suppress(OSError):
                os.unlink(os.path.join(folder, found[0]))


def _is_running(process: int) -> bool:
    """Whether there is a process of this number; taken for granted where one cannot ask."""
    if not hasattr(os, "fork"):
        return True
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        pass
    return True


def _replace_all(prepared: list[_Prepared]) -> None:
    begun: list[_Prepared] = []
    try:
        for item in prepared:
            with open(item.target, "rb") as file:
                if file.read() != item.change.before:
                    raise WriteError(f"{item.change.path}: it has changed since it was read")
            begun.append(item)
            os.replace(item.temporary, item.target)
    except BaseException as error:
        for item in begun:
            _restore(item)
        if isinstance(error, OSError):
            raise WriteError(f"{item.change.path}: {reason(error)}") from None
        raise


def _restore(item: _Prepared) -> None:
    """Give a file its old content back, if it had been replaced."""
    if not os.path.exists(item.temporary):
        status = os.stat(item.target)
        os.replace(_write(item.target, item.change.before, status), item.target)
