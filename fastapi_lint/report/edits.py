"""What the fixes of findings would put in the place of what."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

from ..engine import Report
from ..fix import Unfixable
from ..fixes import Workbench
from ..rule import Finding
from ..syntax.scan import Lines, line_starts


@dataclass(frozen=True)
class Replacement:
    """A text for a span of a file: start row and column, end row and column, from 1."""

    path: str
    span: tuple[int, int, int, int]
    text: str


def replacements(report: Report) -> dict[Finding, tuple[Replacement, ...]]:
    """The edits of the fix of each finding that has one which can be made."""
    bench = Workbench(report.content)
    found = {}
    for finding in report.findings:
        if finding.fix is not None:
            with suppress(Unfixable):
                found[finding] = tuple(_replacements(finding, bench))
    return found


def _replacements(finding: Finding, bench: Workbench) -> Iterator[Replacement]:
    for path, edits in bench.edits(finding).items():
        lines = Lines(line_starts(bench.source(path).text))
        for edit in sorted(edits, key=lambda edit: (edit.start, edit.end)):
            span = (*lines.position(edit.start), *lines.position(edit.end))
            yield Replacement(path, span, edit.text)
