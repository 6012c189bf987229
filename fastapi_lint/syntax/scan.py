"""Where the logical lines of a source text begin and end, and its comments, by one regex scan.

The scan needs no parser, so it also works on syntax newer than the running interpreter. It serves
three ends: positions of statements, suppression comments, and refusing input that would crash or
stall the native parser before the parser sees it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass

_TOKEN = re.compile(
    r'"""(?:[^"\\]|\\.|"(?!""))*"""'
    r"|'''(?:[^'\\]|\\.|'(?!''))*'''"
    r'|"(?:[^"\\\r\n]|\\(?:\r\n|.))*"'
    r"|'(?:[^'\\\r\n]|\\(?:\r\n|.))*'"
    r"|\#[^\r\n]*"
    r"|[()\[\]{}]"
    r"|\\(?:\r\n|\r|\n)"
    r"|\r\n|\r|\n",
    re.DOTALL,
)
_NEWLINE = re.compile(r"\r\n|\r|\n")
_STRING = re.compile(r"\"[^\"\n]*\"|'[^'\n]*'")
_SEGMENT = re.compile(r"[,;:=\[\]{}]")
_LINK = re.compile(r"[-+*/%&|^<>.@~]|\band\b|\bor\b|\bnot\b")

MAX_DEPTH = 190
"""Bracket depth that is still parsed. CPython refuses more than 200."""
MAX_CHAIN = 1_500
"""Operators or dots in one unbroken chain that are still parsed. Parse time is quadratic in it."""
_LONG_LINE = 3_000


class TooComplex(Exception):
    """The text would crash or stall the parser; the message says why."""


@dataclass(frozen=True)
class Comment:
    """A comment: its row and column (from 1), its text with the `#`, and whether it stands alone."""

    row: int
    column: int
    text: str
    alone: bool


@dataclass(frozen=True)
class Lines:
    """The physical lines of a text: offset to row and column."""

    starts: tuple[int, ...]

    def position(self, offset: int) -> tuple[int, int]:
        """Row and column of an offset, both from 1, in code points."""
        row = bisect_right(self.starts, offset)
        return row, offset - self.starts[row - 1] + 1


@dataclass(frozen=True)
class Scan:
    """`logical` holds (start, end) offsets of every logical line that has code."""

    lines: Lines
    logical: tuple[tuple[int, int], ...]
    comments: tuple[Comment, ...]


def _check_chain(text: str) -> None:
    for segment in _SEGMENT.split(_STRING.sub("", text)):
        if len(segment) > MAX_CHAIN and len(_LINK.findall(segment)) > MAX_CHAIN:
            raise TooComplex(f"an expression chains more than {MAX_CHAIN} operators")


def line_starts(text: str) -> tuple[int, ...]:
    """The offsets at which physical lines start."""
    return (0, *[match.end() for match in _NEWLINE.finditer(text)])


def scan(text: str) -> Scan:
    """Scan a source text. Raises `TooComplex` for text that must not reach the parser."""
    lines = Lines(line_starts(text))
    logical: list[tuple[int, int]] = []
    comments: list[Comment] = []
    depth = 0
    begin = 0
    end = -1  # the end of the current logical line's code so far; -1: no code yet

    def finish(stop: int) -> None:
        nonlocal end
        head = text[begin : max(end, stop)]
        start = begin + len(head) - len(head.lstrip())
        end = begin + len(head.rstrip())
        if end - start > _LONG_LINE:
            _check_chain(text[start:end])
        logical.append((start, end))
        end = -1

    for match in _TOKEN.finditer(text):
        token = match[0]
        first = token[0]
        start = match.start()
        if first == "#":
            row, column = lines.position(start)
            code = end >= 0 or (not text[begin:start].isspace() and start > begin)
            comments.append(Comment(row, column, token, not code))
            if depth == 0 and code:
                finish(start)
                begin = match.end()
            elif depth == 0:
                begin = match.end()
        elif first in "\r\n":
            if depth:
                continue
            if end >= 0 or (start > begin and not text[begin:start].isspace()):
                finish(start)
            begin = match.end()
        else:
            end = match.end()
            if first in "([{":
                depth += 1
                if depth > MAX_DEPTH:
                    raise TooComplex(f"brackets nest deeper than {MAX_DEPTH} levels")
            elif first in ")]}" and depth:
                depth -= 1
    if end >= 0 or text[begin:].strip():
        finish(len(text))
    return Scan(lines, tuple(logical), tuple(comments))
