"""Where the logical lines of a source text begin and end, and its comments, by one regex scan.

The scan needs no parser, so it also works on syntax newer than the running interpreter. It serves
three ends: positions of statements, suppression comments, and refusing input that would crash or
stall the native parser before the parser sees it.
"""

from __future__ import annotations

import re
from bisect import bisect_right

import msgspec

# A string literal that is not closed ends with its line or the text: nothing is searched twice.
_STRING = (
    r'"""[^"\\]*(?:(?:\\.?|"(?!""))[^"\\]*)*(?:""")?'
    r"|'''[^'\\]*(?:(?:\\.?|'(?!''))[^'\\]*)*(?:''')?"
    r'|"[^"\\\r\n]*(?:\\(?:\r\n|.)?[^"\\\r\n]*)*"?'
    r"|'[^'\\\r\n]*(?:\\(?:\r\n|.)?[^'\\\r\n]*)*'?"
)
_STRING_TOKEN = re.compile(_STRING, re.DOTALL)
_TOKEN = re.compile(
    rf"{_STRING}|\#[^\r\n]*|[()\[\]{{}}]|\\(?:\r\n|\r|\n)|\r\n|\r|\n",
    re.DOTALL,
)
_NEWLINE = re.compile(r"\r\n|\r|\n")

# Within an f-string: what counts in its literal text, and in the code of a replacement field.
_FORMATTED_PREFIX = re.compile(r"(?:[fFtT][rR]?|[rR][fFtT])$")
_LITERAL = re.compile(
    r"\\N\{[^{}\r\n]*\}|\\(?:\r\n|[^{}])|\{\{|\"\"\"|'''|[{}\"'\r\n]",
    re.DOTALL,
)
_CODE = re.compile(r"[()\[\]{}:\"']|#[^\r\n]*")

_OPERATOR = r"[-+*/%&|^<>.@~]|\b(?:and|or|not|lambda|if|else|await|yield|for|in|is)\b"
_LINK = re.compile(_OPERATOR)
_STEP = re.compile(rf"{_STRING}|\#[^\r\n]*|[()\[\]{{}},;]|{_OPERATOR}", re.DOTALL)

MAX_BRACKETS = 190
"""Depth of brackets that is still parsed. CPython refuses more than 200."""
MAX_STEPS = 1_000
"""Depth of expressions that is still parsed, counted in operators, calls and brackets."""
MAX_ELIFS = 2_000
_STEPS_OF_BRACKET = 4
_COSTLY_STEPS = 100
_COSTLY_LENGTH = 150
_MAX_EFFORT = 4_000_000
"""What the costly expressions of a file may cost together: a few seconds. Parse time is quadratic
in their depth."""
_CASE = re.compile(r"case\b\s*(?![\s=.,:)\]])")
"""The beginning of a line with a pattern, or of one with a variable of that name."""
_MAX_PATTERN_EFFORT = 4**10
"""Likewise for the patterns of `match`, where parse time is exponential in the depth."""


class TooComplex(Exception):
    """The text would crash or stall the parser; the message says why, `offset` says where."""

    def __init__(self, reason: str, offset: int) -> None:
        super().__init__(reason)
        self.offset = offset


class Comment(msgspec.Struct, frozen=True):
    """A comment: its row and column (from 1), its text with the `#`, whether its row is all its."""

    row: int
    column: int
    text: str
    alone: bool


class Lines(msgspec.Struct, frozen=True):
    """The physical lines of a text: offset to row and column."""

    starts: tuple[int, ...]

    def position(self, offset: int) -> tuple[int, int]:
        """Row and column of an offset, both from 1, in code points."""
        row = bisect_right(self.starts, offset)
        return row, offset - self.starts[row - 1] + 1


class Scan(msgspec.Struct, frozen=True):
    """`logical` holds (start, end) offsets of every logical line that has code."""

    lines: Lines
    logical: tuple[tuple[int, int], ...]
    comments: tuple[Comment, ...]


def line_starts(text: str) -> tuple[int, ...]:
    """The offsets at which physical lines start."""
    return (0, *[match.end() for match in _NEWLINE.finditer(text)])


def scan(text: str) -> Scan:
    """Scan a source text. Raises `TooComplex` for text that must not reach the parser."""
    return _Scanner(text).scan()


class _Scanner:
    def __init__(self, text: str) -> None:
        self._text = text
        self._lines = Lines(line_starts(text))
        self._logical: list[tuple[int, int]] = []
        self._comments: list[Comment] = []
        self._elifs = 0
        self._effort = 0
        self._pattern_effort = 0
        self._has_match = False

    def scan(self) -> Scan:
        text = self._text
        begin = 0  # where the current logical line may begin
        depth = peak = 0  # how deep in brackets: now, and at most in this logical line
        resume: int | None = 0
        while resume is not None:
            at, resume = resume, None
            for match in _TOKEN.finditer(text, at):
                start = match.start()
                first = text[start]
                if first in "\r\n#":
                    if first == "#":
                        self._comment(start, match[0])
                    if not depth:
                        if not _is_blank(text[begin:start]):
                            self._finish(begin, start, peak)
                        begin, peak = match.end(), 0
                elif first in "([{":
                    depth += 1
                    if depth > peak:
                        peak = depth
                        if depth > MAX_BRACKETS:
                            raise TooComplex(f"brackets nest over {MAX_BRACKETS} deep", start)
                elif first in ")]}":
                    depth = max(0, depth - 1)
                elif first == "\\":
                    if not depth and _is_blank(text[begin:start]):
                        begin = match.end()
                elif _is_intricate(text, start, match.end()):
                    resume = self._formatted(start)
                    break
        if not _is_blank(text[begin:]):
            self._finish(begin, len(text), peak)
        return Scan(self._lines, tuple(self._logical), tuple(self._comments))

    def _comment(self, start: int, comment: str) -> None:
        row, column = self._lines.position(start)
        alone = _is_blank(self._text[start - column + 1 : start])
        self._comments.append(Comment(row, column, comment, alone))

    def _finish(self, begin: int, stop: int, peak: int) -> None:
        """Note the logical line between two offsets, unless it or the sum is too complex."""
        text = self._text
        head = text[begin:stop]
        start = begin + len(head) - len(head.lstrip())
        end = begin + len(head.rstrip().removesuffix(";").rstrip())
        self._logical.append((start, end))
        if end - start > _COSTLY_LENGTH:
            self._spend(_steps(text[start:end]), start)
        if text.startswith("elif", start):
            self._elifs += 1
            if self._elifs > MAX_ELIFS:
                raise TooComplex(f"there are over {MAX_ELIFS:,} `elif` branches", start)
        elif text.startswith("match", start) and text[end - 1] == ":":
            self._has_match = True
        elif peak > 1 and self._has_match and _CASE.match(text, start):
            self._pattern_effort += 4**peak
            if self._pattern_effort > _MAX_PATTERN_EFFORT:
                raise TooComplex("the patterns of `match` nest too deeply", start)

    def _spend(self, steps: int, offset: int) -> None:
        if steps > MAX_STEPS:
            raise TooComplex(f"an expression is over {MAX_STEPS:,} operations deep", offset)
        if steps > _COSTLY_STEPS:
            self._effort += steps * steps
            if self._effort > _MAX_EFFORT:
                raise TooComplex("too many expressions are hundreds of operations deep", offset)

    def _formatted(self, start: int) -> int:
        """The end of the f-string whose quote stands at `start`, by the grammar of PEP 701.

        What is open lies on a stack: a quote while its literal text is read, "{" while the code of
        a replacement field is, "(" while that of any bracket in it is, ":" for a format.
        """
        text = self._text
        stack = [_quote(text, start)]
        at = field = start + len(stack[0])
        while stack:
            if len(stack) > MAX_BRACKETS:
                raise TooComplex(f"an f-string nests over {MAX_BRACKETS} deep", start)
            top, height = stack[-1], len(stack)
            is_code = top in "{("
            match = (_CODE if is_code else _LITERAL).search(text, at)
            if match is None:
                return len(text)
            token, at = match[0], match.end()
            if is_code:
                at = _code_token(text, token, match.start(), at, stack)
            elif token[0] == "{" and (token == "{" or top == ":"):
                stack.append("{")
                at = match.start() + 1
            elif token[0] == top[0] and len(token) >= len(top):
                stack.pop()
                at = match.start() + len(top)
            elif token == "}" and top == ":":
                stack.pop()
            elif token in "\r\n" and len(top) == 1 and top != ":":
                return match.start()
            if height == 1:
                field = at
            elif len(stack) == 1 and at - field > _COSTLY_LENGTH:
                self._spend(len(_LINK.findall(text, field, at)), start)
        return at


def _code_token(text: str, token: str, start: int, end: int, stack: list[str]) -> int:
    """Account for a token in the code of a replacement field; gives where to read on."""
    if token in "([{":
        stack.append("(")
    elif token in ")]}":
        stack.pop()
    elif token == ":":
        if stack[-1] == "{":
            stack[-1] = ":"
    elif token[0] != "#":
        if _is_formatted(text, start):
            stack.append(_quote(text, start))
            return start + len(stack[-1])
        string = _STRING_TOKEN.match(text, start)
        assert string is not None
        return string.end()
    return end


def _is_intricate(text: str, start: int, end: int) -> bool:
    """Whether a string literal has replacement fields that may hold quotes, or costly code."""
    fields = text.count("{", start, end)
    return (
        fields > 0
        and (fields != text.count("}", start, end) or end - start > _COSTLY_LENGTH)
        and _is_formatted(text, start)
    )


def _is_formatted(text: str, quote: int) -> bool:
    """Whether the string literal with this opening quote is an f-string or a t-string."""
    return _FORMATTED_PREFIX.search(text[max(0, quote - 2) : quote]) is not None


def _quote(text: str, start: int) -> str:
    """The opening quote at an offset: one or three characters."""
    triple = text[start] * 3
    return triple if text.startswith(triple, start) else text[start]


def _steps(line: str) -> int:
    """How deep the deepest expression of a logical line is, roughly and rather too much."""
    steps = deepest = 0
    outside: list[int] = []
    for match in _STEP.finditer(line):
        token = match[0]
        if token in "([{":
            outside.append(steps + 1)
            steps += _STEPS_OF_BRACKET
        elif token in ")]}":
            steps = outside.pop() if outside else 0
        elif token in ",;":
            steps = outside[-1] - 1 + _STEPS_OF_BRACKET if outside else 0
        elif token[0] not in "\"'#":
            steps += 1
        if steps > deepest:
            deepest = steps
    return deepest


def _is_blank(text: str) -> bool:
    return not text or text.isspace()
