"""Helpers of the tests: projects written as one text, and findings compared with marks."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Mapping
from pathlib import Path

from fastapi_lint.config import Loaded, Settings
from fastapi_lint.engine import Report, Request, run
from fastapi_lint.rule import Finding

_FILE = re.compile(r"^# --- (\S+)\n", re.MULTILINE)
_MARK = re.compile(r"#\s*expect:\s*(FAL\d{3}(?:\s*,\s*FAL\d{3})*)")


def project(text: str) -> dict[str, str]:
    """Split a text into files at its `# --- path` lines; a text without any is `main.py`."""
    text = text.lstrip("\n")
    parts = _FILE.split(text)
    if len(parts) == 1:
        return {"main.py": text}
    assert not parts[0].strip(), "text before the first `# --- path` line"
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def marks(files: Mapping[str, str]) -> set[tuple[str, int, str]]:
    """The (file, line, code) triples announced by `# expect: CODE` comments."""
    found = set()
    for name, text in files.items():
        for number, line in enumerate(text.splitlines(), 1):
            if match := _MARK.search(line):
                found |= {(name, number, code.strip()) for code in match[1].split(",")}
    return found


def write(files: Mapping[str, str], root: Path) -> None:
    """Write the files below `root`."""
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def lint(root: Path, **settings: object) -> Report:
    """Lint a folder as a project of its own."""
    loaded = Loaded(Settings(**settings), None)  # type: ignore[arg-type]
    return run(Request((str(root),), loaded, str(root)))


def findings(text: str, code: str, fastapi: str = "0.165.0") -> list[Finding]:
    """The findings of one rule in a project written as one text."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder).resolve()
        write(project(text), root)
        report = lint(root, select=(code,), fastapi_version=fastapi)
        assert not report.crashes, report.crashes[0].details
        return [finding for finding in report.findings if finding.code == code]


def assert_marks(text: str, code: str, fastapi: str = "0.165.0") -> None:
    """Compare the findings of one rule with the `# expect:` marks, by file and line."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder).resolve()
        files = project(text)
        write(files, root)
        report = lint(root, select=(code,), fastapi_version=fastapi)
        assert not report.crashes, report.crashes[0].details
        broken = [finding for finding in report.findings if finding.code != code]
        assert not broken, broken
        found = {
            (str(Path(finding.path).relative_to(root)), finding.span[0], finding.code)
            for finding in report.findings
        }
        assert found == {mark for mark in marks(files) if mark[2] == code}
