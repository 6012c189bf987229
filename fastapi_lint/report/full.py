"""Findings with a code frame, drawn for people."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.text import Text

from ..engine import Report
from ..rule import Finding, Severity
from . import visible

_STYLES = {Severity.ERROR: "bold red", Severity.WARNING: "bold yellow", Severity.INFO: "bold cyan"}
_CONTEXT = 2
_LONGEST = 6


def draw(report: Report, console: Console) -> None:
    """Print every finding of a report."""
    for finding in report.findings:
        for line in _finding(finding, report, console.width):
            console.print(line, soft_wrap=True, highlight=False)


def _finding(finding: Finding, report: Report, width: int) -> Iterable[Text]:
    texts = report.texts
    style = _STYLES[finding.severity]
    row, column, _, _ = finding.span
    gutter = len(str(max(row + _CONTEXT, *[r.span[0] for r in finding.related], 1)))
    yield Text.assemble(
        (f"{finding.severity.value}[{finding.code}]", style),
        (f" {finding.name}", "bold"),
        (" [*]" if report.is_fixable(finding) else "", "cyan"),
        f": {visible(finding.message)}",
    )
    yield _location(finding.path, row, column, gutter)
    yield from _frame(finding, texts.lines(finding.path), gutter, width, style)
    for related in finding.related:
        yield _location(related.path, related.span[0], related.span[1], gutter, "::: ")
        lines = texts.lines(related.path)
        yield from _related(related.message, related.span, lines, gutter, width)
    for label, text in (("why", finding.why), ("help", finding.help)):
        if text is not None:
            yield Text.assemble(" " * gutter, (" = ", "blue"), (label, "bold"), f": {text}")
    yield Text("")


def _location(path: str, row: int, column: int, gutter: int, arrow: str = "--> ") -> Text:
    name = visible(os.path.relpath(path))
    return Text.assemble(" " * gutter, (arrow, "blue"), f"{name}:{row}:{column}")


def _frame(
    finding: Finding, lines: Sequence[str], gutter: int, width: int, style: str
) -> Iterable[Text]:
    row, column, end_row, end_column = finding.span
    if not lines or row > len(lines):
        return
    first = max(1, row - _CONTEXT)
    last = min(len(lines), end_row if end_row - row < _LONGEST else row)
    yield Text.assemble(" " * gutter, (" |", "blue"))
    for number in range(first, last + 1):
        line = lines[number - 1]
        yield _code(number, line, gutter, width)
        if number >= row:
            start = column - 1 if number == row else len(line) - len(line.lstrip())
            end = end_column - 1 if number == end_row else len(line)
            yield _carets(line, start, end, gutter, width, style)


def _related(
    message: str, span: tuple[int, int, int, int], lines: Sequence[str], gutter: int, width: int
) -> Iterable[Text]:
    row, column, end_row, end_column = span
    if not lines or row > len(lines):
        return
    line = lines[row - 1]
    yield _code(row, line, gutter, width)
    end = end_column - 1 if end_row == row else len(line)
    marker = _carets(line, column - 1, end, gutter, width, "blue", "-")
    marker.append(f" {visible(message)}", "blue")
    yield marker


def _code(number: int, line: str, gutter: int, width: int) -> Text:
    text = Text.assemble((f"{number:>{gutter}} | ", "blue"), visible(line))
    text.truncate(max(width, 40), overflow="ellipsis")
    text.rstrip()
    return text


def _carets(
    line: str, start: int, end: int, gutter: int, width: int, style: str, mark: str = "^"
) -> Text:
    before = len(visible(line[:start]))
    length = max(1, min(len(visible(line[start:end])), max(width, 40) - gutter - 3 - before))
    return Text.assemble(" " * gutter, (" | ", "blue"), " " * before, (mark * length, style))
