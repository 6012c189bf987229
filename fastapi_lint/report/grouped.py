"""Findings below a heading for each file, with `[*]` where `--fix` repairs them."""

from __future__ import annotations

import os
from itertools import groupby

from ..engine import Report
from ..rule import Finding
from ..terminal import PLAIN, Paint
from . import visible


def render(report: Report, paint: Paint = PLAIN) -> str:
    """The findings by file, in columns, with paths relative to the working directory."""
    return "".join(
        f"{paint(visible(os.path.relpath(path)), 'bold')}:\n{_group([*group], report, paint)}\n"
        for path, group in groupby(report.findings, key=lambda finding: finding.path)
    )


def _group(findings: list[Finding], report: Report, paint: Paint) -> str:
    places = [f"{finding.span[0]}:{finding.span[1]}" for finding in findings]
    width, letters = max(map(len, places)), max(len(finding.code) for finding in findings)
    lines = []
    for place, finding in zip(places, findings, strict=True):
        severity = finding.severity.value
        code = paint(f"{finding.code:<{letters}}", severity)
        mark = paint("[*]", "cyan") + " " if report.is_fixable(finding) else ""
        message = mark + visible(finding.message)
        lines.append(f"  {place:>{width}}  {code}  {severity:<7}  {message}\n")
    return "".join(lines)
