"""Which lines of code are shown with a finding, and what of them is marked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

_CONTEXT = 2
_LONGEST = 8
"""Lines that are shown of a span; of a longer one only the first is."""


@dataclass(frozen=True)
class Line:
    """A line of a file, and from where to where it is marked, in characters from 0."""

    number: int
    text: str
    marked: tuple[int, int] | None


def frame(
    lines: Sequence[str], span: tuple[int, int, int, int], context: int = _CONTEXT
) -> tuple[Line, ...]:
    """The lines of a span and some before it; none if the file does not have them."""
    row, column, end_row, end_column = span
    if row > len(lines):
        return ()
    first = max(1, row - context)
    while first < row and not lines[first - 1].strip():
        first += 1
    last = min(len(lines), end_row if end_row - row < _LONGEST else row)
    found = []
    for number in range(first, last + 1):
        text = lines[number - 1]
        start = column - 1 if number == row else len(text) - len(text.lstrip())
        end = end_column - 1 if number == end_row else len(text.rstrip())
        is_marked = number >= row
        found.append(Line(number, text, (start, max(end, start)) if is_marked else None))
    return tuple(found)
