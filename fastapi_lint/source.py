"""Bytes of a file to text: the only place where analysed files are opened."""

from __future__ import annotations

import codecs
import os
import re
import stat
from dataclasses import dataclass

MAX_BYTES = 2_000_000
"""Files larger than this are reported as skipped, not read."""

_COOKIE = re.compile(rb"^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)")
_BLANK = re.compile(rb"^[ \t\f]*(?:#[^\r\n]*)?(?:\r\n|\r|\n)?$")


class Unreadable(Exception):
    """The file cannot be read as Python source; the message says why."""


class TooLarge(Unreadable):
    """The file is larger than `MAX_BYTES`; `head` is its beginning."""

    def __init__(self, head: bytes) -> None:
        super().__init__(f"larger than {MAX_BYTES:,} bytes, skipped")
        self.head = head


@dataclass(frozen=True)
class Source:
    """A file's content: its path, the bytes as read, the text without a byte order mark."""

    path: str
    data: bytes
    text: str


def read_bytes(path: str) -> bytes:
    """The bytes of a regular file. Raises `Unreadable` for anything else and on every OS error."""
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    except (OSError, ValueError) as error:
        raise Unreadable(_reason(error)) from None
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise Unreadable("not a regular file")
        with open(descriptor, "rb", closefd=False) as file:
            data = file.read(MAX_BYTES + 1)
        if len(data) > MAX_BYTES:
            raise TooLarge(data)
        return data
    except OSError as error:
        raise Unreadable(_reason(error)) from None
    finally:
        os.close(descriptor)


def decode(path: str, data: bytes) -> Source:
    """Decode source bytes as PEP 263 says. Raises `Unreadable` when that fails."""
    mark = data.startswith(codecs.BOM_UTF8)
    body = data[3:] if mark else data
    declared = _declared_encoding(body)
    if mark and declared not in (None, "utf-8"):
        raise Unreadable(f"a UTF-8 byte order mark contradicts the declared encoding {declared}")
    try:
        return Source(path, data, body.decode(declared or "utf-8"))
    except (UnicodeError, LookupError, ValueError) as error:
        raise Unreadable(_reason(error)) from None


def read(path: str) -> Source:
    """Read and decode a file. Raises `Unreadable`."""
    return decode(path, read_bytes(path))


def _declared_encoding(data: bytes) -> str | None:
    first, _, rest = data.partition(b"\n")
    candidates = [first]
    if _BLANK.match(first):
        candidates.append(rest.partition(b"\n")[0])
    for line in candidates:
        if (match := _COOKIE.match(line)) is not None:
            name = match[1].decode("latin-1")
            try:
                info = codecs.lookup(name)
            except (LookupError, ValueError):
                raise Unreadable(f"unknown encoding: {name}") from None
            if not info._is_text_encoding:
                raise Unreadable(f"{name} is not a text encoding")
            return info.name
    return None


def _reason(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return str(error) or type(error).__name__
