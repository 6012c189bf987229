"""What becomes of fixes: files, a diff, or text for standard output; and what is said about it."""

from __future__ import annotations

import os
from collections import Counter
from difflib import unified_diff

from .engine import Request
from .fixes import Change, Fixed
from .report import counted, visible
from .source import decode
from .syntax.scan import line_starts
from .terminal import Paint
from .writing import WriteError, write_together

_STYLES = {"+": "green", "-": "red", "@": "cyan"}


def write(fixed: Fixed, root: str) -> tuple[str, ...]:
    """Write the changed files; what could not be written, for people."""
    failures: list[str] = []
    for group in fixed.changes:
        try:
            write_together(group, root)
        except WriteError as error:
            failures.append(str(error))
    return tuple(failures)


def text_of(request: Request, fixed: Fixed) -> bytes:
    """The fixed bytes of the file that standard input stands for."""
    ((path, given),) = request.overlays.items()
    changed = {change.path: change.after for group in fixed.changes for change in group}
    return changed.get(path, given)


def diff(fixed: Fixed, paint: Paint) -> str:
    """The changes as a unified diff, with paths relative to the working directory."""
    lines = [line for group in fixed.changes for change in group for line in _diff(change)]
    return "".join(_painted(line, paint) for line in lines)


def _painted(line: str, paint: Paint) -> str:
    if line[0] not in _STYLES:
        return line
    text = line.rstrip("\r\n")
    return paint(text, _STYLES[line[0]]) + line[len(text) :]


def _diff(change: Change) -> list[str]:
    name = os.path.relpath(change.path)
    before, after = (_lines(change.path, data) for data in (change.before, change.after))
    lines: list[str] = []
    for line in unified_diff(before, after, name, name):
        lines.append(line if line.endswith(("\n", "\r")) else f"{line}\n")
        if not line.endswith(("\n", "\r")):
            lines.append("\\ No newline at end of file\n")
    return lines


def _lines(path: str, data: bytes) -> list[str]:
    text = decode(path, data).text
    starts = line_starts(text)
    lines = [text[a:b] for a, b in zip(starts, (*starts[1:], len(text)), strict=True)]
    return lines if lines[-1] else lines[:-1]


def summary(fixed: Fixed, quiet: bool, *, would: bool = False) -> str:
    """What was fixed, and what was not and why."""
    lines = []
    for refusal in fixed.refusals:
        finding = refusal.finding
        place = f"{visible(os.path.relpath(finding.path))}:{finding.span[0]}"
        lines.append(f"{place}: {finding.code} not fixed: {visible(refusal.reason)}")
    if not fixed.is_complete:
        lines.append("Some fixes bring others without end; a further run may go on.")
    if not quiet:
        number = len(fixed.findings)
        verb = "Would fix" if would else "Fixed"
        report = fixed.report
        hidden = sum(f.fix is not None and not report.is_fixable(f) for f in report.findings)
        more = f" ({hidden} more with --unsafe-fixes)" if hidden else ""
        what = counted(number, "finding") if number else "nothing"
        lines.append(f"{verb} {what}{more}.")
    return "".join(f"{line}\n" for line in lines)


def listing(fixed: Fixed) -> str:
    """The fixed findings, counted by file and rule."""
    counts = Counter((f.path, f.code, f.name) for f in fixed.findings)
    lines: list[str] = []
    last = None
    for (path, code, name), count in sorted(counts.items()):
        if path != last:
            lines.append(f"{visible(os.path.relpath(path))}:")
            last = path
        lines.append(f"    {count} x {code} ({name})")
    return "".join(f"{line}\n" for line in lines)
