"""How suppression comments are added to a source text, and how they are taken out of it.

Texts go in and come out; nothing here reads or writes files. What is not a suppression comment
stays as it is, line ends included.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cached_property
from typing import TypeAlias

from .fix import Edit, apply
from .rule import Finding
from .suppression import Mark, marks
from .syntax.scan import Comment, Scan, TooComplex, scan

Span: TypeAlias = tuple[int, int, int, int]
FORMS = ("ignore", "noqa")
_PROBE = "  # may a comment stand here"


def suppressed(
    text: str, findings: Iterable[Finding], form: str
) -> tuple[str, tuple[Finding, ...]]:
    """The text with comments that suppress these findings of it, and those that none can.

    `form` is one of `FORMS`. A comment that can hold the code is extended. Otherwise a new one
    comes to the end of the first row of the finding that can end in a comment, or, where none can,
    alone on the row above, which only the form "ignore" allows.
    """
    layout = _Layout(text)
    places: dict[tuple[str, int], set[str]] = defaultdict(set)
    failed = []
    for finding in findings:
        place = layout.place(finding.span, form)
        if place is None:
            failed.append(finding)
        else:
            places[place].add(finding.code)
    edits = [layout.insertion(place, sorted(codes), form) for place, codes in places.items()]
    return apply(text, edits), tuple(failed)


def suppression(text: str, finding: Finding) -> Edit | None:
    """The edit that suppresses one finding by a comment of the form "ignore"; `None` if none can.

    The place is that of `suppressed`.
    """
    try:
        layout = _Layout(text)
    except TooComplex:
        return None
    place = layout.place(finding.span, "ignore")
    return None if place is None else layout.insertion(place, [finding.code], "ignore")


def noqa_rows(text: str, spans: Iterable[Span]) -> tuple[int | None, ...]:
    """For each finding's span the row at whose end a `noqa` comment suppresses it, if any does."""
    try:
        layout = _Layout(text)
    except TooComplex:
        return tuple(None for _ in spans)
    return tuple(next(layout.closed(span), None) for span in spans)


def removals(
    text: str, unused: Mapping[int, Collection[str]], names: Mapping[str, str]
) -> tuple[Edit, ...]:
    """The edits that take unused codes, given by the row of their comment, out of a text.

    `names` gives the code of each rule's name. A suppression of which no code is left goes with its
    reason, a comment of which nothing is left goes as a whole, and so does its row if it stood
    alone.
    """
    edits: list[Edit] = []
    scanned = scan(text)
    for comment in scanned.comments:
        codes = unused.get(comment.row, ())
        remaining = apply(comment.text, _marks_without(comment.text, codes, names)).rstrip()
        if remaining == comment.text.rstrip():
            continue
        begin = scanned.lines.starts[comment.row - 1]
        start = begin + comment.column - 1
        end = start + len(comment.text)
        if not remaining:
            following = scanned.lines.starts[comment.row : comment.row + 1]
            end = next(iter(following), end) if comment.alone else end
            start = begin if comment.alone else begin + len(text[begin:start].rstrip())
        edits.append(Edit(start, end, remaining))
    return tuple(edits)


def _marks_without(
    comment: str, codes: Collection[str], names: Mapping[str, str]
) -> Iterator[Edit]:
    for mark in marks(comment):
        kept = [word for word in mark.words if mark.code(word, names) not in codes]
        if not kept:
            following = comment.find("#", mark.last)
            yield Edit(mark.start, following if following >= 0 else len(comment), "")
        elif len(kept) < len(mark.words):
            yield Edit(mark.first, mark.last, ", ".join(kept))


class _Layout:
    """Where in a text comments stand and can stand. Raises `TooComplex` as `scan` does."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._scan: Scan = scan(text)
        self._comments = {comment.row: comment for comment in self._scan.comments}

    def place(self, span: Span, form: str) -> tuple[str, int] | None:
        """The kind of place for a comment about a span, and its row.

        The kinds are: "extend" the comment, "append" one to the row, write one "above" the row.
        """
        first = span[0]
        for row in self._rows(span, first - 1):
            if row in self._comments and self._extended(self._comments[row], span, form):
                return "extend", row
        closed = next(self.closed(span), None)
        if closed is not None:
            return "append", closed
        return ("above", first) if self._is_free_above(first) else None

    def closed(self, span: Span) -> Iterator[int]:
        """The rows of a span that can end in a comment."""
        return (row for row in self._rows(span, span[0]) if row in self._closed)

    def insertion(self, place: tuple[str, int], codes: list[str], form: str) -> Edit:
        """The edit that puts codes at a place."""
        kind, row = place
        start, end = self._bounds(row)
        listed = ", ".join(codes)
        if kind == "extend":
            comment = self._comments[row]
            mark = _extensible(comment, form)
            assert mark is not None
            at = start + comment.column - 1 + mark.last
            return Edit(at, at, f", {listed}" if mark.words else listed)
        line = self._text[start:end]
        if kind == "append":
            gap = "" if line.endswith("  ") else "  "
            written = f"# noqa: {listed}" if form == "noqa" else _own(listed)
            return Edit(end, end, gap + written)
        indent = line[: len(line) - len(line.lstrip())]
        return Edit(start, start, f"{indent}{_own(listed)}{self._line_end(row)}")

    @cached_property
    def _closed(self) -> frozenset[int]:
        """The rows that can end in a comment: tried out on all rows at once."""
        ends = [self._bounds(row)[1] for row in self._all_rows() if not self._continues(row)]
        try:
            tried = scan(apply(self._text, [Edit(end, end, _PROBE) for end in ends]))
        except TooComplex:
            return frozenset(self._comments)
        return frozenset(c.row for c in tried.comments if c.text.endswith(_PROBE.strip()))

    def _is_free_above(self, row: int) -> bool:
        start, _ = self._bounds(row)
        if row > 1 and self._continues(row - 1):
            return False
        try:
            tried = scan(f"{self._text[:start]}{_PROBE}\n{self._text[start:]}")
        except TooComplex:
            return False
        return any(c.row == row and c.text == _PROBE.strip() for c in tried.comments)

    def _extended(self, comment: Comment, span: Span, form: str) -> bool:
        mark = _extensible(comment, form)
        return mark is not None and span[0] <= mark.target(comment.row, comment.alone) <= span[2]

    def _rows(self, span: Span, first: int) -> range:
        return range(first, min(span[2], len(self._scan.lines.starts)) + 1)

    def _all_rows(self) -> range:
        return range(1, len(self._scan.lines.starts) + 1)

    def _bounds(self, row: int) -> tuple[int, int]:
        """Where a row's text begins and ends, its line end not included."""
        starts = self._scan.lines.starts
        end = starts[row] if row < len(starts) else len(self._text)
        return starts[row - 1], starts[row - 1] + len(
            self._text[starts[row - 1] : end].rstrip("\r\n")
        )

    def _continues(self, row: int) -> bool:
        start, end = self._bounds(row)
        return row not in self._comments and self._text.endswith("\\", start, end)

    def _line_end(self, row: int) -> str:
        _, end = self._bounds(row)
        starts = self._scan.lines.starts
        return self._text[end : starts[row]] if row < len(starts) else "\n"


def _extensible(comment: Comment, form: str) -> Mark | None:
    """The mark of a comment that new codes are added to, rather one of the wanted form."""
    allowed = ("noqa", "ignore") if form == "noqa" else ("ignore",)
    found = [mark for mark in marks(comment.text) if mark.form in allowed]
    return min(found, key=lambda mark: allowed.index(mark.form), default=None)


def _own(listed: str) -> str:
    return f"# fastapi-lint: ignore[{listed}]"
