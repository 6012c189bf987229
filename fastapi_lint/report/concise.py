"""One line per finding: `path:row:column: CODE message`."""

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
        lines.append(f"{path}:{row}:{column}: {finding.code} {visible(finding.message)}\n")
    return "".join(lines)
