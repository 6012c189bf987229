"""Fixing as users do it: what is fixed, what is refused, how files are written, what is said."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from fastapi_lint import engine, fixes, ir
from fastapi_lint.config import Loaded, Settings
from fastapi_lint.engine import Request
from fastapi_lint.fix import Edit, Editor, Fix, Unfixable, apply
from fastapi_lint.fixes import Change
from fastapi_lint.model.application import Place
from fastapi_lint.model.link import Application
from fastapi_lint.registry import all_rules
from fastapi_lint.report.edits import replacements
from fastapi_lint.rule import Context, Finding, Fixability, Rule, Severity
from fastapi_lint.writing import WriteError, write_together

from .support import project, write
from .test_run import run

PROJECT = """
# --- requirements.txt
fastapi==0.165.0
# --- main.py
from fastapi import FastAPI, HTTPException

app = FastAPI()


@app.get("/a/{x}")
def read(x: int):
    if x < 0:
        return HTTPException(404)  # too small
    if x > 9:
        return HTTPException(404)
    return x
"""
FIXED = project(PROJECT)["main.py"].replace("return HTTP", "raise HTTP")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    write(project(PROJECT), tmp_path)
    return tmp_path


def test_fix_writes_and_reports_the_rest(root: Path) -> None:
    result = run(root, "--fix", "--show-fixes")
    assert result.returncode == 0, result.stderr
    assert (root / "main.py").read_text() == FIXED
    assert result.stdout == ""
    assert "Fixed 2 findings." in result.stderr
    assert "2 x FAL708" in result.stderr


def test_a_fixed_project_is_left_alone(root: Path) -> None:
    run(root, "--fix")
    before = (root / "main.py").stat()
    assert run(root, "--fix").returncode == 0
    after = (root / "main.py").stat()
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)


def test_a_stored_outcome_does_not_hide_what_can_be_fixed(root: Path) -> None:
    run(root, "--fix")
    assert "Fixed nothing." in run(root, "--fix").stderr
    write(project(PROJECT), root)
    assert "Fixed 2 findings." in run(root, "--fix").stderr
    assert (root / "main.py").read_text() == FIXED


def test_diff_writes_nothing(root: Path) -> None:
    result = run(root, "--diff")
    assert result.returncode == 1
    assert (root / "main.py").read_text() == project(PROJECT)["main.py"]
    assert "-        return HTTPException(404)  # too small\n+        raise" in result.stdout
    assert "Would fix 2 findings." in result.stderr
    run(root, "--fix")
    assert run(root, "--diff").returncode == 0


def test_fix_only_reports_nothing(root: Path) -> None:
    text = (root / "main.py").read_text() + "\n\n@app.on_event('startup')\ndef start(): ...\n"
    (root / "main.py").write_text(text)
    result = run(root, "--fix-only")
    assert (result.returncode, result.stdout) == (0, "")
    assert "raise" in (root / "main.py").read_text()
    assert run(root, "--fix").returncode == 1


def test_standard_input(root: Path) -> None:
    text = project(PROJECT)["main.py"]
    result = run(root, "-", "--stdin-filename", "main.py", "--fix", stdin=text)
    assert (result.returncode, result.stdout) == (0, FIXED)
    assert (root / "main.py").read_text() == text


@pytest.mark.parametrize("comment", ["# noqa: FAL708", "# fastapi-lint: ignore[FAL708]"])
def test_suppressed_findings_are_not_fixed(root: Path, comment: str) -> None:
    text = project(PROJECT)["main.py"].replace("# too small", comment)
    (root / "main.py").write_text(text)
    run(root, "--fix")
    assert f"return HTTPException(404)  {comment}" in (root / "main.py").read_text()


def test_only_fixable_rules_are_fixed(root: Path) -> None:
    assert run(root, "--fix", "--unfixable", "FAL708").returncode == 1
    assert run(root, "--fix", "--fixable", "FAL1").returncode == 1
    assert (root / "main.py").read_text() == project(PROJECT)["main.py"]
    (root / "fastapi-lint.toml").write_text('fix = true\nfixable = ["FAL7"]\n')
    assert run(root).returncode == 0


def test_fixes_are_shown(root: Path) -> None:
    line = run(root, "--output-format", "concise").stdout.splitlines()[0]
    assert "FAL708 [*] " in line
    result = run(root, "--output-format", "json")
    first, second = json.loads(result.stdout)
    assert first["fix"] == {
        "applicability": "safe",
        "message": "Raise the exception",
        "edits": [
            {
                "content": "raise",
                "location": {"row": 9, "column": 9},
                "end_location": {"row": 9, "column": 15},
            }
        ],
    }
    assert second["fix"]["edits"][0]["location"] == {"row": 11, "column": 9}
    assert "Fixable: 2 with --fix [*]." in result.stderr


def test_read_only_files_are_reported(root: Path) -> None:
    (root / "main.py").chmod(0o444)
    result = run(root, "--fix")
    assert result.returncode == 2
    assert "main.py: it is read-only" in result.stderr
    assert "FAL708" in result.stdout
    assert (root / "main.py").read_text() == project(PROJECT)["main.py"]


# Rules that are made for these tests


class _Rename(Rule):
    """Finds each call of `old` at the top level; what it becomes is said by the test."""

    code = "FAL999"
    name = "old-call"
    severity = Severity.ERROR
    fix = Fixability.MIXED
    positions = frozenset({"old"})
    recipe: Callable[[Editor, ir.Call, Application], None]

    def check_application(self, application: Application, context: Context) -> Iterator[Finding]:
        recipe = type(self).recipe
        for site in application.index.calls("old"):

            def make(edit: Editor, call: ir.Call = site.call) -> None:
                recipe(edit, call, application)

            yield self.at(Place(site.module, site.call.at), "old", fix=Fix.safe("Renew it", make))


Recipe = Callable[[Editor, ir.Call, Application], Any]


def fixed(
    root: Path, monkeypatch: pytest.MonkeyPatch, text: str, recipe: Recipe
) -> tuple[fixes.Fixed, dict[str, str]]:
    write(project(text), root)
    monkeypatch.setattr(_Rename, "recipe", staticmethod(recipe), raising=False)
    rule = _Rename()
    rules = all_rules()
    monkeypatch.setattr(engine, "all_rules", lambda: (*rules, rule))
    settings = Settings(select=("FAL999",))
    outcome = fixes.fix(Request((str(root),), Loaded(settings, None), str(root)))
    changes = [change for group in outcome.changes for change in group]
    return outcome, {os.path.relpath(c.path, root): c.after.decode() for c in changes}


def test_a_bad_fix_does_not_lose_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "import fastapi\n\nold(1)\nold(2)\nold(3)\nold(4)\nold(5)\n"

    def recipe(edit: Editor, call: ir.Call, _: Application) -> None:
        bad = call.args == (ir.Constant(3, "int"),)
        edit.replace(edit.callee(call.at), "not(" if bad else "new")

    outcome, after = fixed(tmp_path, monkeypatch, text, recipe)
    assert after == {"main.py": "import fastapi\n\nnew(1)\nnew(2)\nold(3)\nnew(4)\nnew(5)\n"}
    assert [refusal.finding.span[0] for refusal in outcome.refusals] == [5]
    assert "no longer parse" in outcome.refusals[0].reason
    assert len(outcome.findings) == 4


def test_a_recipe_that_fails_loses_no_other_fix(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def recipe(edit: Editor, call: ir.Call, _: Application) -> None:
        edit.replace(edit.callee(call.at), {1: "new"}[call.args[0].value])  # type: ignore

    outcome, after = fixed(tmp_path, monkeypatch, "import fastapi\n\nold(1)\nold(2)\n", recipe)
    assert after == {"main.py": "import fastapi\n\nnew(1)\nold(2)\n"}
    (refusal,) = outcome.refusals
    assert refusal.reason == "internal error: KeyError; please report it"
    assert refusal.finding.span[0] == 4


def test_a_fix_that_does_not_help_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def recipe(edit: Editor, call: ir.Call, _: Application) -> None:
        edit.set_keyword(call.at, "x", "1")

    outcome, after = fixed(tmp_path, monkeypatch, "import fastapi\n\nold()\n", recipe)
    assert not after
    assert outcome.refusals[0].reason == "the finding would still be there"


def test_a_fix_that_makes_another_finding_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "from fastapi import HTTPException\n\nold(404)\n"

    def recipe(edit: Editor, call: ir.Call, _: Application) -> None:
        edit.replace(edit.callee(call.at), "HTTPException")

    outcome, after = fixed(tmp_path, monkeypatch, text, recipe)
    assert not after
    assert outcome.refusals[0].reason.startswith("it would bring FAL709 in main.py")


def test_overlapping_fixes_are_made_in_turn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def recipe(edit: Editor, call: ir.Call, _: Application) -> None:
        edit.replace(call.at, edit.text(call.at).replace("old", "new", 1))

    outcome, after = fixed(tmp_path, monkeypatch, "import fastapi\n\nold(old(old()))\n", recipe)
    assert after == {"main.py": "import fastapi\n\nnew(new(new()))\n"}
    assert len(outcome.findings) == 3
    assert outcome.is_complete


def test_an_import_that_several_fixes_need_is_added_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def recipe(edit: Editor, call: ir.Call, _: Application) -> None:
        edit.replace(edit.callee(call.at), edit.import_name("m", "new"))

    _, after = fixed(tmp_path, monkeypatch, "import fastapi\n\nold()\nold()\n", recipe)
    assert after == {"main.py": "import fastapi\nfrom m import new\n\nnew()\nnew()\n"}


TWO = "# --- a.py\nimport fastapi\n\nold()\n# --- b.py\nimport fastapi\n\nx = 1\n"


def test_fixes_of_several_files_stay_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def recipe(edit: Editor, call: ir.Call, application: Application) -> None:
        edit.replace(edit.callee(call.at), "new")
        other = next(m for m in application.program.modules.values() if m.path.endswith("b.py"))
        edit.of(other).insert_after(other.node.body[-1].at, "y = 2")

    outcome, after = fixed(tmp_path, monkeypatch, TWO, recipe)
    assert after == {
        "a.py": "import fastapi\n\nnew()\n",
        "b.py": "import fastapi\n\nx = 1\ny = 2\n",
    }
    assert [len(group) for group in outcome.changes] == [2]


def test_a_file_that_was_not_to_be_checked_is_not_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def recipe(edit: Editor, call: ir.Call, application: Application) -> None:
        other = next(m for m in application.program.modules.values() if m.path.endswith("b.py"))
        edit.of(other).insert_after(other.node.body[-1].at, "y = 2")

    monkeypatch.setattr(
        engine.Run, "reported", property(lambda run: frozenset({str(tmp_path / "a.py")}))
    )
    outcome, after = fixed(tmp_path, monkeypatch, TWO, recipe)
    assert not after
    assert "was not to be checked" in outcome.refusals[0].reason


def test_a_file_that_changes_meanwhile_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "import fastapi\n\nold()\n"
    report = engine.Run.report

    def change(run: engine.Run) -> engine.Report:
        found = report(run)
        (tmp_path / "main.py").write_text(f"# new\n{text}")
        return found

    monkeypatch.setattr(engine.Run, "report", change)
    outcome, after = fixed(tmp_path, monkeypatch, text, lambda edit, call, _: edit.delete(call.at))
    assert not after
    assert outcome.refusals[0].reason == "the file has changed since it was read"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("from m import A\n\nold(A)\n", "\nnew()\n"),
        ("from m import A, b  # b\n\nold(A)\n", "from m import b  # b\n\nnew()\n"),
        (
            "from m import (\n    A,  # one\n    # two\n    b,  # two\n)\n\nold(A)\n",
            "from m import (\n    # two\n    b,  # two\n)\n\nnew()\n",
        ),
        ("from m import A, B, c\n\nold(A, B)\n", "from m import c\n\nnew()\n"),
        ("from m import A\n\nold(A)\nold(A)\n", "\nnew()\nnew()\n"),
        ("import m as A\nfrom n import m\n\nold(A.m)\n", "from n import m\n\nnew()\n"),
    ],
)
def test_imports_that_a_fix_leaves_unused_are_removed(
    before: str, after: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def recipe(edit: Editor, call: ir.Call, _: Application) -> None:
        edit.replace(call.at, "new()")

    _, changed = fixed(tmp_path, monkeypatch, f"import fastapi\n{before}", recipe)
    assert changed == {"main.py": f"import fastapi\n{after}"}


@pytest.mark.parametrize(
    "text",
    [
        "from m import A\n\nold(A)\nprint(A)\n",
        "from m import A\nfrom n import B\n\nold(A)\n__all__ = ['A']\n",
        "from m import A as A\n\nold(A)\n",
        "from m import A  # noqa: F401\n\nold(A)\n",
        "from m import A\n\nold(A)\nx: 'list[A]' = []\n",
        "try:\n    from m import A\nexcept ImportError:\n    A = None\n\nold(A)\n",
        "from m import A\n\nold(1)\n",
        "from m import A\n\nold(A)\n# --- other.py\nimport fastapi\nfrom main import A\n",
        "# --- __init__.py\nimport fastapi\nfrom m import A\n\nold(A)\n",
    ],
)
def test_imports_that_something_may_use_stay(
    text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def recipe(edit: Editor, call: ir.Call, _: Application) -> None:
        edit.replace(call.at, "new()")

    text = text if text.startswith("# ---") else f"# --- main.py\nimport fastapi\n{text}"
    _, changed = fixed(tmp_path, monkeypatch, text, recipe)
    (after,) = changed.values()
    assert "new()" in after
    assert "from m import A" in after


def test_a_shown_fix_removes_its_import(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = "import fastapi\nfrom m import A\n\nold(A)\n"

    def recipe(edit: Editor, call: ir.Call, _: Application) -> None:
        edit.replace(call.at, "new()")

    fixed(tmp_path, monkeypatch, text, recipe)
    loaded = Loaded(Settings(select=("FAL999",)), None)
    report = engine.run(Request((str(tmp_path),), loaded, str(tmp_path)))
    ((*_, call),) = replacements(report).values()
    assert call.text == "new()"
    ((removal, _),) = replacements(report).values()
    assert (removal.span, removal.text) == ((2, 1, 3, 1), "")


def test_a_refused_fix_is_no_longer_offered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def recipe(edit: Editor, call: ir.Call, _: Application) -> None:
        edit.replace(call.at, "old(1)")

    outcome, _ = fixed(tmp_path, monkeypatch, "import fastapi\n\nold()\n", recipe)
    assert [finding.fix for finding in outcome.report.findings] == [None]


def test_edits_that_overlap_are_no_fix() -> None:
    with pytest.raises(Unfixable):
        apply("abc", [Edit(0, 2, "x"), Edit(1, 3, "y")])
    assert apply("abc", [Edit(1, 1, "x"), Edit(1, 1, "y"), Edit(1, 2, "z")]) == "axyzc"


# Writing


def changes(root: Path, *names: str) -> list[Change]:
    for name in names:
        (root / name).write_bytes(b"before")
    return [Change(str(root / name), b"before", b"after") for name in names]


def contents(root: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(root.iterdir())}


def test_mode_is_kept(tmp_path: Path) -> None:
    made = changes(tmp_path, "a")
    (tmp_path / "a").chmod(0o751)
    write_together(made, str(tmp_path))
    assert contents(tmp_path) == {"a": b"after"}
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == 0o751


@pytest.mark.parametrize("error", [OSError("no"), KeyboardInterrupt()], ids=["error", "interrupt"])
@pytest.mark.parametrize("call", [1, 2, 3])
@pytest.mark.parametrize("is_done", [False, True])
def test_interrupted_between_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException, call: int, is_done: bool
) -> None:
    made = changes(tmp_path, "a", "b", "c")
    replace, count = os.replace, 0

    def fail(source: str, target: str) -> None:
        nonlocal count
        count += 1
        if count != call or is_done:
            replace(source, target)
        if count == call:
            raise error

    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises((WriteError, KeyboardInterrupt)):
        write_together(made, str(tmp_path))
    assert contents(tmp_path) == {"a": b"before", "b": b"before", "c": b"before"}


def test_a_full_disk_loses_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = changes(tmp_path, "a", "b")

    def fail(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(WriteError, match="No space left"):
        write_together(made, str(tmp_path))
    assert contents(tmp_path) == {"a": b"before", "b": b"before"}


def test_a_file_that_changed_is_not_overwritten(tmp_path: Path) -> None:
    made = changes(tmp_path, "a", "b")
    (tmp_path / "b").write_bytes(b"mine")
    with pytest.raises(WriteError, match="changed"):
        write_together(made, str(tmp_path))
    assert contents(tmp_path) == {"a": b"before", "b": b"mine"}


def test_links_are_written_through_inside_the_project(tmp_path: Path) -> None:
    inside, outside = tmp_path / "project", tmp_path / "other"
    inside.mkdir()
    outside.mkdir()
    changes(inside, "a")
    changes(outside, "b")
    (inside / "good").symlink_to("a")
    (inside / "bad").symlink_to("../other/b")
    write_together([Change(str(inside / "good"), b"before", b"after")], str(inside))
    assert (inside / "good").is_symlink()
    assert (inside / "a").read_bytes() == b"after"
    with pytest.raises(WriteError, match="out of the project"):
        write_together([Change(str(inside / "bad"), b"before", b"after")], str(inside))
    assert (outside / "b").read_bytes() == b"before"


def test_a_fix_that_gives_the_rule_of_another_work_is_made_after_it(tmp_path: Path) -> None:
    text = """
import jwt
from fastapi import Depends, FastAPI, HTTPException
from fastapi.security import OAuth2PasswordBearer

app = FastAPI()
oauth2 = OAuth2PasswordBearer("token", auto_error=False)


@app.get("/")
def read(token: str | None = Depends(oauth2)) -> str:
    if token is None:
        raise HTTPException(401)
    return jwt.decode(token, "key", ["HS256"])["name"]
"""
    write(project(text), tmp_path)
    settings = Settings(select=("FAL205", "FAL211"), unsafe_fixes=True)
    outcome = fixes.fix(Request((str(tmp_path),), Loaded(settings, None), str(tmp_path)))
    assert not outcome.refusals
    assert not outcome.report.findings
    assert sorted(finding.code for finding in outcome.findings) == ["FAL205", "FAL211", "FAL211"]
