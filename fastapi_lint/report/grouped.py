"""Findings below a heading for each file, with `[*]` where `--fix` repairs them."""

from __future__ import annotations

import os
from itertools import groupby

from ..engine import Report
from ..rule import Finding
from . import visible


def render(report: Report) -> str:
    """The findings by file, in columns, with paths relative to the working directory."""
    parts = []
    for path, group in groupby(report.findings, key=lambda finding: finding.path):
        rows = [
            (f"{f.span[0]}:{f.span[1]}", f.code, f.severity.value, _message(report, f))
            for f in group
        ]
        width = max(len(place) for place, *_ in rows)
        lines = [
            f"  {place:>{width}}  {code}  {severity:<7}  {message}\n"
            for place, code, severity, message in rows
        ]
        parts.append("".join([f"{visible(os.path.relpath(path))}:\n", *lines]))
    return "\n".join(parts)


def _message(report: Report, finding: Finding) -> str:
    return ("[*] " if report.is_fixable(finding) else "") + visible(finding.message)
