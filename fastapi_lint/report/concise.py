"""One line per finding: `path:row:column: CODE message`, with `[*]` where `--fix` repairs it."""

from __future__ import annotations

import os

from ..engine import Report
from ..terminal import PLAIN, Paint
from . import visible


def render(report: Report, paint: Paint = PLAIN) -> str:
    """The findings as lines, with paths relative to the working directory."""
    lines = []
    for finding in report.findings:
        row, column, _, _ = finding.span
        path = paint(visible(os.path.relpath(finding.path)), "bold")
        code = paint(finding.code, finding.severity.value)
        mark = paint("[*]", "cyan") + " " if report.is_fixable(finding) else ""
        lines.append(f"{path}:{row}:{column}: {code} {mark}{visible(finding.message)}\n")
    return "".join(lines)
