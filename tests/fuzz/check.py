"""What must hold for every input: no crash, no internal error, places inside the files, and fixes
that can be worked out."""

from __future__ import annotations

import json
import os
import signal
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from fastapi_lint.config import Loaded, Settings
from fastapi_lint.engine import Report, Request
from fastapi_lint.fixes import fix
from fastapi_lint.report import renderer
from fastapi_lint.rule import Finding
from fastapi_lint.source import Unreadable, read
from fastapi_lint.syntax.scan import line_starts

from ..support import lint

MAX_SECONDS = 30
"""Seconds after which a project counts as a hang."""

Files = Mapping[str, bytes]


class Failure(Exception):
    """The linter did not survive an input; the message says how."""


def check(files: Files) -> None:
    """Lint a project with all rules. Raises `Failure` where a promise is broken."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder).resolve()
        for name, data in files.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_bytes(data)
        with _limited():
            try:
                report = lint(root, select=("ALL",))
                rendered = {name: renderer(name)(report) for name in ("concise", "json")}
                fixed = fix(_request(root)) if report.findings else None
            except (Exception, TimeoutError) as error:
                raise Failure(f"{type(error).__name__}: {error}") from error
        _judge(report, rendered)
        for refusal in fixed.refusals if fixed is not None else ():
            if "internal error" in refusal.reason or "would no longer parse" in refusal.reason:
                raise Failure(f"{refusal.finding.code} not fixed: {refusal.reason}")


def _request(root: Path) -> Request:
    settings = Settings(select=("ALL",), unsafe_fixes=True)
    return Request((str(root),), Loaded(settings, None), str(root))


def _judge(report: Report, rendered: Mapping[str, str]) -> None:
    for crash in report.crashes:
        raise Failure(f"{crash.code} {crash.name}\n{crash.details}")
    for finding in report.findings:
        if "internal error" in finding.message or "crashed" in finding.message:
            raise Failure(f"{finding.code} {finding.message}")
        _check_place(finding)
    if len(json.loads(rendered["json"])) != len(report.findings):
        raise Failure("the JSON report does not hold every finding")
    if rendered["concise"].count("\n") != len(report.findings):
        raise Failure("a finding takes more than one line")


def _check_place(finding: Finding) -> None:
    row, column, end_row, end_column = finding.span
    if not ((1, 1) <= (row, column) <= (end_row, end_column)):
        raise Failure(f"{finding.code} ends before it begins: {finding.span}")
    try:
        text = read(finding.path).text
    except (Unreadable, OSError):
        return
    starts = (*line_starts(text), len(text) + 1)
    if end_row >= len(starts) or end_column > starts[end_row] - starts[end_row - 1] + 1:
        name = os.path.basename(finding.path)
        raise Failure(f"{finding.code} lies outside of {name}: {finding.span}")


@contextmanager
def _limited() -> Iterator[None]:
    def stop(_: int, __: FrameType | None) -> None:
        raise TimeoutError(f"longer than {MAX_SECONDS} s")

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, MAX_SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
