"""Where is a place of the linter in the text that the editor shows, and the other way round?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from lsprotocol import types

from ..fix import Edit
from ..source import Unreadable, declared_encoding, decode

_LINE_END = re.compile(r"\r\n|\r|\n")


def lines(text: str) -> tuple[str, ...]:
    """The lines of a text without their ends: the ends that the protocol and Python know."""
    return tuple(_LINE_END.split(text))


def lines_of(path: str, data: bytes) -> tuple[str, ...]:
    """The lines of a file's bytes; none if they are no text."""
    try:
        return lines(decode(path, data).text)
    except Unreadable:
        return ()


def encode(text: str) -> bytes:
    """The bytes that a file with this text would have: what it declares decides the encoding."""
    data = text.encode("utf-8", "surrogatepass")
    try:
        return text.encode(declared_encoding(data))
    except (Unreadable, UnicodeError):
        return data


def as_range(
    span: tuple[int, int, int, int], shown: Sequence[str], encoding: str | None
) -> types.Range:
    """The range of a span of rows and columns; one without extent is drawn to the line's end."""
    row, column, last_row, last_column = span
    if (row, column) == (last_row, last_column):
        last_column = len(_line(shown, row).rstrip()) + 1
    return types.Range(
        _position(row, column, shown, encoding), _position(last_row, last_column, shown, encoding)
    )


def _position(row: int, column: int, shown: Sequence[str], encoding: str | None) -> types.Position:
    before = _line(shown, row)[: column - 1]
    return types.Position(row - 1, units(before, encoding))


def _line(shown: Sequence[str], row: int) -> str:
    return shown[row - 1] if 0 < row <= len(shown) else ""


def units(text: str, encoding: str | None) -> int:
    """The length of a text as the client counts it."""
    if encoding == types.PositionEncodingKind.Utf8:
        return len(text.encode("utf-8", "surrogatepass"))
    if encoding == types.PositionEncodingKind.Utf32:
        return len(text)
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def as_text_edits(edits: Iterable[Edit], text: str, encoding: str | None) -> list[types.TextEdit]:
    """Edits of a text as the client makes them."""

    def position(offset: int) -> types.Position:
        before = lines(text[:offset])
        return types.Position(len(before) - 1, units(before[-1], encoding))

    return [
        types.TextEdit(types.Range(position(edit.start), position(edit.end)), edit.text)
        for edit in edits
    ]


def contains(outer: types.Range, position: types.Position) -> bool:
    """Whether a position lies in a range or at its end."""
    return outer.start <= position <= outer.end


def overlap(first: types.Range, second: types.Range) -> bool:
    """Whether two ranges meet."""
    return first.start <= second.end and second.start <= first.end
