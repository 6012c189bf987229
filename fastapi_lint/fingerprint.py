"""Which finding of one version of the code is which finding of another.

A finding is known by its code, its file and the text of the statement that it stands in, written
without blanks and comments; findings that agree in all three are counted from the top. So it stays
the same when lines move, when a formatter breaks them, and when a comment is added.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from hashlib import blake2b

from .rule import Finding
from .source import Texts
from .syntax.scan import Scan, TooComplex, scan

_BLANKS = re.compile(r"\s+")
_LAST_COMMA = re.compile(r",(?=[)\]}])")


def fingerprints(
    findings: Iterable[Finding], texts: Texts, name: Callable[[str], str]
) -> Iterator[str]:
    """The fingerprint of each of the sorted findings; `name` gives the name of a path."""
    statements: dict[str, _Statements] = {}
    seen: Counter[tuple[str, str, str]] = Counter()
    for finding in findings:
        if finding.path not in statements:
            source = texts.source(finding.path)
            statements[finding.path] = _Statements(source.text if source is not None else "")
        statement = statements[finding.path].at(*finding.span[:2])
        key = finding.code, name(finding.path), statement
        parts = "\0".join((*key, str(seen[key])))
        seen[key] += 1
        yield blake2b(parts.encode("utf-8", "surrogateescape"), digest_size=16).hexdigest()


class _Statements:
    """The normal form of the statements of a text."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._scan: Scan | None
        try:
            self._scan = scan(text)
        except TooComplex:
            self._scan = None
        self._starts = [start for start, _ in self._scan.logical] if self._scan is not None else []

    def at(self, row: int, column: int) -> str:
        """The statement at a place; the rest of its row where no statement is known."""
        if self._scan is None or row > len(self._scan.lines.starts):
            return ""
        offset = self._scan.lines.starts[row - 1] + column - 1
        index = bisect_right(self._starts, offset) - 1
        if index < 0 or self._scan.logical[index][1] <= offset:
            return _normal(self._text[offset:].partition("\n")[0])
        start, end = self._scan.logical[index]
        return _normal(self._without_comments(start, end))

    def _without_comments(self, start: int, end: int) -> str:
        assert self._scan is not None
        parts = []
        for comment in self._scan.comments:
            at = self._scan.lines.starts[comment.row - 1] + comment.column - 1
            if start <= at < end:
                parts.append(self._text[start:at])
                start = at + len(comment.text)
        return "".join([*parts, self._text[start:end]])


def _normal(text: str) -> str:
    return _LAST_COMMA.sub("", _BLANKS.sub("", text))
