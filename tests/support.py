"""Helpers of the tests: projects written as one text, and findings compared with marks."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from fastapi_lint.config import Loaded, Settings
from fastapi_lint.engine import Report, Request, run
from fastapi_lint.fix import Applicability
from fastapi_lint.fixes import Fixed, fix
from fastapi_lint.registry import all_rules, find
from fastapi_lint.rule import Finding, Fixability

_FILE = re.compile(r"^# --- (\S+)\n", re.MULTILINE)
_MARK = re.compile(r"#\s*expect:\s*(FAL\d{3}(?:\s*,\s*FAL\d{3})*)")

PROJECT = """
# --- requirements.txt
fastapi==0.115.6
# --- app/__init__.py
# --- app/config.py
ORIGINS = ["*"]
# --- app/main.py
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

from .config import ORIGINS

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=ORIGINS, allow_credentials=True)


@app.on_event("startup")
async def connect() -> None: ...
"""
"""A project with one finding of each of two rules: FAL131 and FAL601."""


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


def check_fixes(root: Path, code: str, fastapi: str | None = None) -> Fixed:
    """Fix all that one rule finds, in memory. What is fixed parses and stays fixed."""
    settings = Settings(select=(code,), fastapi_version=fastapi, unsafe_fixes=True)
    request = Request((str(root),), Loaded(settings, None), str(root))
    fixed = fix(request)
    assert fixed.is_complete
    rule = find(code, all_rules())
    assert rule is not None
    expected = {
        Fixability.NONE: set(),
        Fixability.SAFE: {Applicability.SAFE},
        Fixability.UNSAFE: {Applicability.UNSAFE},
        Fixability.MIXED: {*Applicability},
    }[rule.fix]
    found = [*fixed.findings, *fixed.report.findings]
    assert {f.fix.applicability for f in found if f.fix is not None} <= expected
    overlays = {change.path: change.after for group in fixed.changes for change in group}
    again = fix(replace(request, overlays=overlays))
    assert not again.changes
    for path, data in overlays.items():
        compile(data, path, "exec", dont_inherit=True)
    return fixed


def assert_marks(text: str, code: str, fastapi: str = "0.165.0") -> None:
    """Compare the findings of one rule with the `# expect:` marks, by file and line.

    Where findings have fixes, these are made: see `check_fixes`.
    """
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
        if any(finding.fix is not None for finding in report.findings):
            check_fixes(root, code, fastapi)


def fixed(text: str, code: str, fastapi: str = "0.165.0") -> str:
    """A project written as one text, after all fixes of one rule."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder).resolve()
        files = project(text)
        write(files, root)
        for group in check_fixes(root, code, fastapi).changes:
            for change in group:
                files[str(Path(change.path).relative_to(root))] = change.after.decode()
    if len(files) == 1:
        return "\n" * text.startswith("\n") + files["main.py"]
    return "\n" + "".join(f"# --- {name}\n{content}" for name, content in files.items())
