"""One line per finding: `path:row:column: CODE message`, with `[*]` where `--fix` repairs it."""

from __future__ import annotations

import os

from ..engine import Report
from . import visible


def render(report: Report) -> str:
    """The findings as lines, with paths relative to the working directory."""
    lines = []
    for finding in report.findings:
        row, column, _, _ = finding.span
        path = visible(os.path.relpath(finding.path))
        mark = "[*] " if report.is_fixable(finding) else ""
        lines.append(f"{path}:{row}:{column}: {finding.code} {mark}{visible(finding.message)}\n")
    return "".join(lines)
