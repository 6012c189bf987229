"""The command as users run it: statuses, formats, one file, broken input, the cache."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from fastapi_lint.model.application import Router
from fastapi_lint.registry import all_rules
from fastapi_lint.rule import Context, Finding, Rule, Severity

from .command import run_text
from .support import PROJECT, lint, project, write


@pytest.fixture
def root(tmp_path: Path) -> Path:
    write(project(PROJECT), tmp_path)
    return tmp_path


def run(root: Path, *args: str, stdin: str | None = None) -> subprocess.CompletedProcess[str]:
    return run_text(root, *args, stdin=stdin)


def codes(result: subprocess.CompletedProcess[str]) -> list[str]:
    return [line.split()[1] for line in result.stdout.splitlines()]


def test_findings_give_status_1(root: Path) -> None:
    result = run(root, "--output-format", "concise")
    assert result.returncode == 1
    assert codes(result) == ["FAL131", "FAL601"]
    assert "2 findings in 3 files, 1 application" in result.stderr
    assert "FastAPI 0.115.6 (requirements.txt)" in result.stderr
    assert run(root, "--exit-zero").returncode == 0
    assert run(root, "--fail-on", "error", "--select", "FAL601").returncode == 0


@pytest.mark.parametrize(
    "args",
    [("missing",), ("--select", "FAL999"), ("--no-such-flag",), ("--fastapi-version", "new")],
)
def test_what_cannot_be_done_gives_status_2(root: Path, args: tuple[str, ...]) -> None:
    result = run(root, *args)
    assert result.returncode == 2
    assert "Traceback" not in result.stderr


def test_json_has_the_fields_that_consumers_read(root: Path) -> None:
    first, _ = json.loads(run(root, "--output-format", "json").stdout)
    assert first["filename"] == str(root / "app/main.py")
    assert first["location"] == {"row": 7, "column": 1}
    assert first["end_location"]["row"] == 7
    assert (first["code"], first["name"]) == ("FAL131", "cors-wildcard-with-credentials")
    assert set(first) == {
        "code", "name", "message", "severity", "filename", "location", "end_location", "fix",
        "url", "noqa_row", "versions",
    }  # fmt: skip


def test_one_file_is_reported_with_the_knowledge_of_all(root: Path) -> None:
    assert codes(run(root, "app/main.py", "--output-format", "concise")) == ["FAL131", "FAL601"]
    assert codes(run(root, "app/config.py", "--output-format", "concise")) == []


def test_standard_input_stands_for_a_file(root: Path) -> None:
    text = (root / "app/main.py").read_text().replace("@app.on_event", "@print")
    result = run(
        root, "-", "--stdin-filename", "app/main.py", "--output-format=concise", stdin=text
    )
    assert codes(result) == ["FAL131"]


def test_configuration_is_found_and_checked(root: Path) -> None:
    settings = root / "pyproject.toml"
    settings.write_text('[tool.fastapi-lint]\nignore = ["on-event"]\n')
    assert codes(run(root, "--output-format", "concise")) == ["FAL131"]
    assert codes(run(root, "--isolated", "--output-format", "concise")) == ["FAL131", "FAL601"]
    settings.write_text('[tool.fastapi-lint]\nignroe = ["on-event"]\n')
    result = run(root)
    assert result.returncode == 2
    assert "did you mean `ignore`?" in result.stderr


def test_comments_suppress(root: Path) -> None:
    main = root / "app/main.py"
    text = main.read_text()
    text = text.replace('"startup")', '"startup")  # noqa: FAL601')
    text = text.replace("app.add_m", "# fastapi-lint: ignore[FAL131] a demo\napp.add_m")
    main.write_text(text + "x = 1  # fastapi-lint: ignore[on-event]\n")
    assert codes(run(root, "--output-format", "concise")) == ["FAL003"]


class _Broken(Rule):
    code = "FAL998"
    name = "broken-rule"
    severity = Severity.ERROR

    def check_app(self, app: Router, context: Context) -> Iterator[Finding]:
        raise RuntimeError("broken on purpose")


def test_a_crash_of_one_rule_is_contained(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rules = (*all_rules(), _Broken())
    monkeypatch.setattr("fastapi_lint.engine.all_rules", lambda: rules)
    report = lint(root)
    assert [(crash.code, crash.name) for crash in report.crashes] == [("FAL998", "broken-rule")]
    assert "broken on purpose" in report.crashes[0].details
    assert {finding.code for finding in report.findings} == {"FAL131", "FAL601"}


BROKEN = {
    "syntax.py": b"from fastapi import FastAPI\ndef f(:\n",
    "python2.py": b"import fastapi\nprint 'x'\n",
    "template.py": b"from fastapi import FastAPI\n{% if x %}\n",
    "nul.py": b"import fastapi\n\0\n",
    "latin.py": b"import fastapi\nx = '\xe9'\n",
    "codec.py": b"# coding: rot13\nimport fastapi\n",
    "deep.py": b"import fastapi\nx = " + b"(" * 5_000 + b")" * 5_000 + b"\n",
    "chain.py": b"import fastapi\nx = " + b"+".join([b"1"] * 20_000) + b"\n",
    "calls.py": b"import fastapi\nx = a" + b".b()" * 20_000 + b"\n",
    "large.py": b"import fastapi\n" + b"#" * 2_100_000,
}


def test_broken_files_are_reported_and_the_others_linted(root: Path) -> None:
    for name, data in BROKEN.items():
        (root / name).write_bytes(data)
    (root / "empty.py").write_bytes(b"")
    (root / "crlf.py").write_bytes(b"\xef\xbb\xbfimport fastapi\r\n\r\nx = 1\r\n")
    os.mkfifo(root / "fifo.py")
    (root / "loop").symlink_to(root)
    (root / "dangling.py").symlink_to(root / "nowhere")
    found = {(Path(f.path).name, f.code): f for f in lint(root).findings}
    assert {name for name, code in found if code in ("FAL001", "FAL002")} == BROKEN.keys()
    assert found["template.py", "FAL001"].severity is Severity.INFO
    assert found["syntax.py", "FAL001"].span[0] == 2
    assert ("main.py", "FAL131") in found


def test_newer_grammar_is_parsed_whatever_python_runs(root: Path) -> None:
    newer = "import fastapi\ntry: ...\nexcept A, B: ...\ntype X[T] = list[T]\nt = t'{x}'\n"
    (root / "newer.py").write_text(newer)
    assert {finding.code for finding in lint(root).findings} == {"FAL131", "FAL601"}


def test_environments_are_skipped_by_what_they_hold(root: Path) -> None:
    for name in ("my-env/lib", "vendored/site-packages"):
        (root / name).mkdir(parents=True)
        (root / name / "main.py").write_text((root / "app/main.py").read_text())
    (root / "my-env/pyvenv.cfg").touch()
    assert {Path(f.path).parent.name for f in lint(root).findings} == {"app"}


def _age(root: Path) -> None:
    for path in (root, *root.rglob("*")):
        os.utime(path, (1_700_000_000, 1_700_000_000))


def test_a_repeated_run_prints_the_same_and_notices_every_change(root: Path) -> None:
    args = ("--output-format", "concise")
    run(root, *args)
    _age(root)
    cold = run(root, *args)
    warm = run(root, *args)
    assert (warm.stdout, warm.stderr, warm.returncode) == (cold.stdout, cold.stderr, 1)
    assert list((root / ".fastapi_lint_cache").glob("outcome-*"))
    (root / "app/config.py").write_text('ORIGINS = ["https://example.com"]\n')
    assert codes(run(root, *args)) == ["FAL601"]
    (root / "app/more.py").write_text(
        'from .main import app\n@app.on_event("shutdown")\ndef f(): ...\n'
    )
    assert codes(run(root, *args)) == ["FAL601", "FAL601"]
    (root / "requirements.txt").write_text("fastapi==0.92.0\n")
    assert codes(run(root, *args)) == []


def test_a_run_without_changes_imports_no_parser(root: Path) -> None:
    run(root)
    _age(root)
    run(root)
    probe = (
        "import sys, fastapi_lint.entry as entry\n"
        "try: entry.main()\n"
        "except SystemExit: pass\n"
        "heavy = {'libcst', 'click', 'msgspec', 'rich'} & sys.modules.keys()\n"
        "print(sorted(heavy), file=sys.stderr)"
    )
    result = subprocess.run(
        [sys.executable, "-c", probe],
        cwd=root,
        env={**os.environ},  # without what libraries in C have set
        capture_output=True,
        text=True,
        check=True,
    )
    assert "FAL131" in result.stdout
    assert result.stderr.splitlines()[-1] == "[]"


@pytest.mark.parametrize("damage", [b"", b"garbage", b"fastapi-lint outcome 1\nzz\n1 2\nabc"])
def test_a_damaged_cache_is_ignored(root: Path, damage: bytes) -> None:
    first = run(root, "--output-format", "concise")
    for path in (root / ".fastapi_lint_cache").iterdir():
        path.write_bytes(damage)
    assert run(root, "--output-format", "concise").stdout == first.stdout
