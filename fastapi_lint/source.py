"""Bytes of a file to text: the only place where analysed files are opened."""

from __future__ import annotations

import codecs
import re
from collections.abc import Collection, Mapping

import msgspec

from .contents import read_regular

MAX_BYTES = 2_000_000
"""Files larger than this are reported as skipped, not read."""

_COOKIE = re.compile(rb"^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)")
_BLANK = re.compile(rb"^[ \t\f]*(?:#.*)?$")
_NEWLINE = re.compile(rb"\r\n|\r|\n")
_LINE_END = re.compile(r"\r\n|\r|\n")
_HEAD = 4_000
"""In how many characters a mark of generated files is looked for."""
_SLOW = frozenset({"punycode", "idna", "undefined"})
"""Text encodings in which no source is written; some take minutes to decode a megabyte."""


class Unreadable(Exception):
    """The file cannot be read as Python source; the message says why."""


class TooLarge(Unreadable):
    """The file is larger than `most` bytes; `head` is its beginning."""

    def __init__(self, head: bytes, most: int) -> None:
        super().__init__(f"larger than {most:,} bytes, skipped")
        self.head = head


class Source(msgspec.Struct, frozen=True):
    """A file's content: its path, the bytes as read, the text without a byte order mark, and the
    encoding of that text."""

    path: str
    data: bytes
    text: str
    encoding: str

    def encode(self, text: str) -> bytes:
        """The bytes that another text has in this file. Raises `UnicodeError` if it has none, or
        if bytes might change where the text does not."""
        if self._bytes(self.text) != self.data:
            raise UnicodeError(f"the encoding {self.encoding} has several spellings of one text")
        return self._bytes(text)

    @property
    def is_generated(self) -> bool:
        """Whether a comment at its beginning says `@generated`: another tool writes the file."""
        for line in _LINE_END.split(self.text[:_HEAD]):
            if line.strip() and not line.startswith("#"):
                return False
            if "@generated" in line:
                return True
        return False

    def _bytes(self, text: str) -> bytes:
        mark = codecs.BOM_UTF8 if self.data.startswith(codecs.BOM_UTF8) else b""
        body = text.encode(self.encoding)
        return body if self.encoding == "utf-8-sig" else mark + body


class Texts:
    """The texts of files, each read when it is first asked for.

    `given` holds contents that stand for those on disk. A file that cannot be read has no text.
    """

    def __init__(self, given: Mapping[str, bytes] | None = None) -> None:
        self._given = given or {}
        self._sources: dict[str, Source | None] = {}
        self._lines: dict[str, tuple[str, ...]] = {}

    def opened(self) -> Collection[str]:
        """The files whose texts were asked for."""
        return self._sources.keys()

    def source(self, path: str) -> Source | None:
        """The content of a file."""
        if path not in self._sources:
            try:
                data = self._given[path] if path in self._given else read_bytes(path)
                self._sources[path] = decode(path, data)
            except Unreadable:
                self._sources[path] = None
        return self._sources[path]

    def lines(self, path: str) -> tuple[str, ...]:
        """The physical lines of a file, without their ends."""
        if path not in self._lines:
            source = self.source(path)
            self._lines[path] = () if source is None else tuple(_LINE_END.split(source.text))
        return self._lines[path]


def read_bytes(path: str, most: int = MAX_BYTES) -> bytes:
    """The bytes of a regular file. Raises `Unreadable` for anything else and on every OS error."""
    try:
        data = read_regular(path, most + 1)
    except (OSError, ValueError) as error:
        raise Unreadable(reason(error)) from None
    if len(data) > most:
        raise TooLarge(data, most)
    return data


def decode(path: str, data: bytes) -> Source:
    """Decode source bytes as PEP 263 says. Raises `Unreadable` when that fails."""
    mark = data.startswith(codecs.BOM_UTF8)
    body = data[3:] if mark else data
    declared = declared_encoding(body)
    if mark and declared not in ("utf-8", "utf-8-sig"):
        raise Unreadable(f"a UTF-8 byte order mark contradicts the declared encoding {declared}")
    try:
        text = body.decode(declared)
        if declared != "utf-8":
            text.encode()  # some encodings can spell lone surrogates, which no parser takes
    except (UnicodeError, LookupError, ValueError) as error:
        raise Unreadable(reason(error)) from None
    return Source(path, data, text, declared)


def read(path: str) -> Source:
    """Read and decode a file. Raises `Unreadable`."""
    return decode(path, read_bytes(path))


def declared_encoding(data: bytes) -> str:
    """The encoding that a comment in the first two lines declares, else UTF-8.

    Raises `Unreadable` if it is none in which source is written.
    """
    first, *rest = _NEWLINE.split(data, maxsplit=2)[:2]
    for line in (first, *rest) if _BLANK.match(first) else (first,):
        if (match := _COOKIE.match(line)) is not None:
            name = match[1].decode("latin-1")
            try:
                info = codecs.lookup(name)
            except (LookupError, ValueError):
                raise Unreadable(f"unknown encoding: {name}") from None
            if not info._is_text_encoding or info.name in _SLOW:
                raise Unreadable(f"{name} is not a text encoding")
            return info.name
    return "utf-8"


def reason(error: Exception) -> str:
    """What an error says, without the path."""
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return str(error) or type(error).__name__
