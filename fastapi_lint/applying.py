"""What becomes of fixes: files, a diff, or text for standard output; and what is said about it."""

from __future__ import annotations

import os
import re
from collections import Counter
from difflib import unified_diff

from .engine import Request
from .fixes import Change, Fixed
from .report import counted, visible
from .terminal import Paint
from .writing import WriteError, write_together

_STYLES = {"+": "green", "-": "red", "@": "cyan"}
_SPECIAL = re.compile(r'[\x00-\x1f\x7f"\\]')


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


def diff(fixed: Fixed, paint: Paint, *, to_terminal: bool) -> str:
    """The changes as a unified diff, with paths relative to the working directory.

    Outside of a terminal it can be applied: bytes that are no UTF-8 are surrogates in it.
    """
    lines = [line for group in fixed.changes for change in group for line in _diff(change)]
    if to_terminal:
        lines = [f"{visible(line[:-1])}\n" for line in lines]
    return "".join(_painted(line, paint) for line in lines)


def _painted(line: str, paint: Paint) -> str:
    return f"{paint(line[:-1], _STYLES[line[0]])}\n" if line[0] in _STYLES else line


def _diff(change: Change) -> list[str]:
    name = _quoted(os.path.relpath(change.path))
    before, after = (_lines(data) for data in (change.before, change.after))
    lines: list[str] = []
    for line in unified_diff(before, after, name, name):
        lines.append(line if line.endswith("\n") else f"{line}\n")
        if not line.endswith("\n"):
            lines.append("\\ No newline at end of file\n")
    return lines


def _lines(data: bytes) -> list[str]:
    """Lines as tools that apply diffs know them: only a line feed ends them."""
    *lines, last = data.decode("utf-8", "surrogateescape").split("\n")
    return [*(f"{line}\n" for line in lines), *([last] if last else [])]


def _quoted(name: str) -> str:
    """A name as the head of a diff has it; a tab follows one that ends at no space."""
    if _SPECIAL.search(name):
        return '"' + _SPECIAL.sub(lambda match: f"\\{ord(match[0]):03o}", name) + '"'
    return f"{name}\t" if " " in name else name


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
