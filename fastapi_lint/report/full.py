"""Findings with a code frame, drawn for people."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from ..engine import Report
from ..rule import Finding, Severity
from . import visible
from .frame import Line, frame

_STYLES = {Severity.ERROR: "bold red", Severity.WARNING: "bold yellow", Severity.INFO: "bold cyan"}
_NARROWEST = 40


def draw(report: Report, console: Console) -> None:
    """Print every finding of a report."""
    width = max(console.width, _NARROWEST)
    for finding in report.findings:
        for line in _finding(finding, report, console, width):
            console.print(line, soft_wrap=True, highlight=False)


def _finding(finding: Finding, report: Report, console: Console, width: int) -> Iterable[Text]:
    texts, style = report.texts, _STYLES[finding.severity]
    code = frame(texts.lines(finding.path), finding.span)
    others = [(r, frame(texts.lines(r.path), r.span, 0)[:1]) for r in finding.related]
    rows = [finding.span[0], *(line.number for part in (code, *(o[1] for o in others))
                               for line in part)]  # fmt: skip
    gutter = len(str(max(rows)))
    head = Text.assemble(
        (f"{finding.severity.value}[{finding.code}]", style),
        (f" {finding.name}", "bold"),
        (" [*]" if report.is_fixable(finding) else "", "cyan"),
        f": {visible(finding.message)}",
    )
    yield from _wrapped(head, Text("  "), console, width)
    yield _location(finding.path, finding.span, gutter)
    if code:
        yield Text.assemble(" " * gutter, (" |", "blue"))
        yield from _drawn(code, gutter, width, style)
    for related, line in others:
        yield _location(related.path, related.span, gutter, "::: ")
        yield from _drawn(line, gutter, width, "blue", "-", related.message)
    for label, text in (("why", finding.why), ("help", finding.help)):
        if text is not None:
            note = Text.assemble(
                " " * gutter, (" = ", "blue"), (label, "bold"), f": {visible(text)}"
            )
            yield from _wrapped(note, Text(" " * (gutter + len(f" = {label}: "))), console, width)
    yield Text("")


def _location(path: str, span: tuple[int, int, int, int], gutter: int, arrow: str = "--> ") -> Text:
    name = visible(os.path.relpath(path))
    return Text.assemble(" " * gutter, (arrow, "blue"), f"{name}:{span[0]}:{span[1]}")


def _wrapped(text: Text, indent: Text, console: Console, width: int) -> Iterator[Text]:
    """Text in lines that fit, all but the first indented."""
    first, *_ = text.wrap(console, width, overflow="fold") or (text,)
    yield first
    rest = text[len(first) :]
    rest = rest[len(rest.plain) - len(rest.plain.lstrip()) :]
    if rest:
        for line in rest.wrap(console, width - len(indent), overflow="fold"):
            yield indent + line


def _drawn(
    lines: Sequence[Line], gutter: int, width: int, style: str, mark: str = "^", message: str = ""
) -> Iterator[Text]:
    """Lines of code, cut to the width around what is marked, which is underlined."""
    if len([line for line in lines if line.marked is not None]) > 1:
        yield from _embraced(lines, gutter, width, style)
        return
    empty = Text.assemble(" " * gutter, (" | ", "blue"))
    room = width - len(empty)
    left = _left(lines, room)
    for line in lines:
        code = _cut(visible(line.text), left, room)
        yield Text.assemble((f"{line.number:>{gutter}} |", "blue"), f" {code}".rstrip())
        if line.marked is None:
            continue
        start, end = (max(len(visible(line.text[:at])) - left, 0) for at in line.marked)
        before = cell_len(code[:start])
        length = min(max(1, cell_len(code[start:end])), room - before)
        under = empty + Text.assemble(" " * before, (mark * length, style))
        note = Text(visible(message), style)
        if not note or len(under) + 1 + cell_len(note.plain) <= width:
            yield under + Text(" ") + note if note else under
        else:
            yield under
            yield empty + Text(" " * max(0, min(before, room - cell_len(note.plain)))) + note


def _embraced(lines: Sequence[Line], gutter: int, width: int, style: str) -> Iterator[Text]:
    """Lines of code, of which several are marked by a bracket on their left."""
    room = width - gutter - len(" | / ")
    edge = "/"
    for line in lines:
        code = _cut(visible(line.text), 0, room)
        text = Text.assemble((f"{line.number:>{gutter}} |", "blue"))
        text.append(f" {edge if line.marked else ' '}", style).append(f" {code}")
        text.rstrip()
        yield text
        edge = "|" if line.marked else edge
    assert line.marked is not None
    under = "_" * min(cell_len(visible(line.text[: line.marked[1]])), room)
    yield Text.assemble(" " * gutter, (" | ", "blue"), (f"|{under}^", style))


def _left(lines: Sequence[Line], room: int) -> int:
    """How many characters are left out on the left, so that the beginning of the mark is seen."""
    line = next(line for line in lines if line.marked is not None)
    assert line.marked is not None
    start, end = (len(visible(line.text[:column])) for column in line.marked)
    if end <= room or start < room // 2:
        return 0
    return start - room // 4


def _cut(text: str, left: int, room: int) -> str:
    """A part of a text that fits; an ellipsis stands for what is left out."""
    text = f"…{text[left + 1 :]}" if left and text.strip() else text
    if cell_len(text) <= room:
        return text
    cut = Text(text)
    cut.truncate(room, overflow="ellipsis")
    return cut.plain
