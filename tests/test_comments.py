"""Suppression comments are added and taken out, and nothing else of a text changes."""

from __future__ import annotations

import ast
import subprocess
from pathlib import Path

import pytest

from fastapi_lint.comments import FORMS, removals, suppressed
from fastapi_lint.fix import apply
from fastapi_lint.registry import all_rules, names
from fastapi_lint.rule import Finding, Severity
from fastapi_lint.suppression import Suppressions, parse
from fastapi_lint.syntax.scan import scan

from .command import run_text
from .support import lint

NAMES = names(all_rules())
HEAD = "from fastapi import FastAPI\napp = FastAPI()\n"
EVENT = '@app.on_event("startup")\ndef f() -> None: ...\n'
forms = pytest.mark.parametrize("form", FORMS)


def finding(*span: int, code: str = "FAL601") -> Finding:
    first, column, last, end = span
    return Finding(code, "x", Severity.ERROR, "", "/a.py", (first, column, last, end))


def add(text: str, form: str, *found: Finding) -> str:
    """The text with comments, which suppress all that was found."""
    changed, failed = suppressed(text, found, form)
    assert not failed
    ast.parse(changed)
    return changed


def own(text: str, *found: Finding) -> str:
    return add(text, "ignore", *found)


def noqa(text: str, *found: Finding) -> str:
    return add(text, "noqa", *found)


# Adding, one text at a time


def test_a_comment_comes_to_the_end_of_the_row() -> None:
    assert own("f()\n", finding(1, 1, 1, 4)) == "f()  # fastapi-lint: ignore[FAL601]\n"
    assert noqa("f()\n", finding(1, 1, 1, 4)) == "f()  # noqa: FAL601\n"
    assert noqa("f()", finding(1, 1, 1, 4)) == "f()  # noqa: FAL601"


def test_codes_of_one_row_share_a_comment() -> None:
    found = finding(1, 1, 1, 4), finding(1, 2, 1, 3, code="FAL130"), finding(1, 3, 1, 4)
    assert noqa("f()\n", *found) == "f()  # noqa: FAL130, FAL601\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("f()  # noqa: E501\n", "f()  # noqa: E501, FAL601\n"),
        ("f()  # noqa: E501 long\n", "f()  # noqa: E501, FAL601 long\n"),
        ("f()  # noqa\n", "f()  # noqa  # noqa: FAL601\n"),
        ("f()  # why\n", "f()  # why  # noqa: FAL601\n"),
        ("f()  # fastapi-lint: ignore[FAL1]\n", "f()  # fastapi-lint: ignore[FAL1, FAL601]\n"),
    ],
)
def test_comments_are_extended_by_noqa(before: str, after: str) -> None:
    assert noqa(before, finding(1, 1, 1, 4)) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "f()  # fastapi-lint: ignore[on-event, FAL130] why\n",
            "f()  # fastapi-lint: ignore[on-event, FAL130, FAL611] why\n",
        ),
        ("f()  # fastapi-lint: ignore[]\n", "f()  # fastapi-lint: ignore[FAL611]\n"),
        ("f()  # noqa: E501\n", "f()  # noqa: E501  # fastapi-lint: ignore[FAL611]\n"),
        (
            "# fastapi-lint: ignore[FAL130] why\nf()\n",
            "# fastapi-lint: ignore[FAL130, FAL611] why\nf()\n",
        ),
        (
            "f()  # fastapi-lint: ignore-file[FAL130]\n",
            "f()  # fastapi-lint: ignore-file[FAL130]  # fastapi-lint: ignore[FAL611]\n",
        ),
    ],
)
def test_comments_are_extended_by_ignore(before: str, after: str) -> None:
    row = before.count("\n")
    assert own(before, finding(row, 1, row, 4, code="FAL611")) == after


def test_the_end_of_a_string_takes_the_comment_if_the_finding_reaches_it() -> None:
    text = 'f("""\na\n""")\n'
    assert noqa(text, finding(1, 1, 3, 5)) == 'f("""\na\n""")  # noqa: FAL601\n'


@forms
def test_above_a_row_that_cannot_end_in_a_comment(form: str) -> None:
    comment = "# fastapi-lint: ignore[FAL601]"
    string = 'if x:\n    f("""\n    a""")\n'
    expected = f'if x:\n    {comment}\n    f("""\n    a""")\n'
    assert add(string, form, finding(2, 5, 2, 6)) == expected
    continued = "x = f() + \\\n    1\n"
    assert add(continued, form, finding(1, 5, 1, 8)) == f"{comment}\n{continued}"
    windows = continued.replace("\n", "\r\n")
    assert add(windows, form, finding(1, 5, 1, 8)) == f"{comment}\r\n{windows}"


def test_a_continued_row_is_not_the_place() -> None:
    text = "x = f() + \\\n    g(\n1)\n"
    assert noqa(text, finding(1, 5, 2, 5)) == "x = f() + \\\n    g(  # noqa: FAL601\n1)\n"


def test_where_no_comment_can_stand_nothing_is_written() -> None:
    text = "x = \\\n f() + \\\n 1\n"
    found = finding(2, 2, 2, 5)
    assert suppressed(text, [found], "ignore") == (text, (found,))
    text = '"""\n""", f("""\n""")\n'
    found = finding(2, 6, 2, 7)
    assert suppressed(text, [found], "ignore") == (text, (found,))


@forms
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_line_ends_stay(form: str, ending: str) -> None:
    text = f"a = 1{ending}f(){ending}\x0cb = '''x{ending}y'''{ending}"
    changed = add(text, form, finding(2, 1, 2, 4), finding(3, 2, 3, 3))
    assert changed.count(ending) == text.count(ending) + 1
    assert "\n" not in changed.replace(ending, "")


# Taking out


@pytest.mark.parametrize(
    ("before", "unused", "after"),
    [
        ("f()  # noqa: FAL601\n", {"FAL601"}, "f()\n"),
        ("f()  # noqa: FAL601", {"FAL601"}, "f()"),
        ("f()\t# noqa: FAL601, E501\n", {"FAL601"}, "f()\t# noqa: E501\n"),
        ("f()  # noqa: E501 FAL601 FAL130\n", {"FAL601"}, "f()  # noqa: E501, FAL130\n"),
        ("f()  # fastapi-lint: ignore[on-event] why\r\n", {"FAL601"}, "f()\r\n"),
        (
            "f()  # fastapi-lint: ignore[on-event, FAL130] why\n",
            {"FAL601"},
            "f()  # fastapi-lint: ignore[FAL130] why\n",
        ),
        ("f()  # a  # noqa: FAL601\n", {"FAL601"}, "f()  # a\n"),
        ("f()  # noqa: FAL601 why # a\n", {"FAL601"}, "f()  # a\n"),
        ("a\n  # fastapi-lint: ignore[X]\nb\n", {"X"}, "a\nb\n"),
        ("a\n# fastapi-lint: ignore-file[X]", {"X"}, "a\n"),
        ("f()  # fastapi-lint: ignore[X]  # noqa: X1, FAL6\n", {"X"}, "f()  # noqa: X1, FAL6\n"),
        ("f()  # noqa: FAL601\n", {"FAL130"}, "f()  # noqa: FAL601\n"),
        ("f('# noqa: FAL601')\n", {"FAL601"}, "f('# noqa: FAL601')\n"),
    ],
)  # fmt: skip
def test_unused_codes_are_taken_out(before: str, unused: set[str], after: str) -> None:
    rows = dict.fromkeys(range(1, 4), unused)
    assert apply(before, removals(before, rows, NAMES)) == after


def test_what_was_added_can_be_taken_out_again() -> None:
    text = f"{HEAD}# a\n{EVENT}"
    for form in FORMS:
        changed = add(text, form, finding(4, 1, 4, 24))
        assert changed != text
        assert apply(changed, removals(changed, {4: {"FAL601"}}, NAMES)) == text


def test_taking_out_the_unused_leaves_nothing_unused(tmp_path: Path) -> None:
    text = f"{HEAD}x = 1  # noqa: FAL130, E501\n# fastapi-lint: ignore[on-event]\n\n{EVENT}"
    (tmp_path / "main.py").write_text(text)
    comments = [(c.row, c.text, c.alone) for c in scan(text).comments]
    known = frozenset(NAMES.values())
    unused: dict[int, set[str]] = {}
    for row, code in Suppressions(parse(comments, NAMES)).unused(known, known):
        unused.setdefault(row, set()).add(code)
    (tmp_path / "main.py").write_text(apply(text, removals(text, unused, NAMES)))
    assert {f.code for f in lint(tmp_path).findings} == {"FAL601"}
    assert "E501" in (tmp_path / "main.py").read_text()


def test_fixing_takes_the_unused_out(tmp_path: Path) -> None:
    text = f"{HEAD}x = 1  # noqa: FAL130, FAL131, E501\n# fastapi-lint: ignore[FAL1]\n{EVENT}"
    (tmp_path / "main.py").write_text(text)
    result = run(tmp_path, "--fix", "--output-format", "concise")
    assert "FAL003" not in result.stdout
    assert (tmp_path / "main.py").read_text() == f"{HEAD}x = 1  # noqa: E501\n{EVENT}"
    (tmp_path / "main.py").write_text(text)
    result = run(tmp_path, "--fix", "--unfixable", "FAL003", "--output-format", "concise")
    assert result.stdout.count("FAL003") == 3
    assert (tmp_path / "main.py").read_text() == text


# The command


def run(root: Path, *args: str) -> subprocess.CompletedProcess[str]:
    return run_text(root, *args)


@forms
def test_after_adding_a_run_is_clean_and_nothing_else_has_changed(
    tmp_path: Path, form: str
) -> None:
    latin = f"# -*- coding: latin-1 -*-\n{HEAD}ä = 'ü'\n{EVENT}".encode("latin-1")
    marked = b"\xef\xbb\xbf" + f"{HEAD}{EVENT}".replace("\n", "\r\n").encode()
    first = '@app.on_event("""startup""" \\\n)\ndef f(): ...\n'
    spread = f'{HEAD}{first}@app.on_event(\\\n"shutdown")\ndef g(): ...'
    contents = {"latin.py": latin, "marked.py": marked, "spread.py": spread.encode()}
    for name, data in contents.items():
        (tmp_path / name).write_bytes(data)
    (tmp_path / "marked.py").chmod(0o640)
    result = run(tmp_path, f"--add-{form}")
    assert (result.returncode, result.stdout) == (0, "")
    assert "Suppressed 4 findings in 3 files" in result.stderr
    assert run(tmp_path).returncode == 0
    after = {name: (tmp_path / name).read_bytes() for name in contents}
    assert run(tmp_path, f"--add-{form}").returncode == 0
    for name, data in contents.items():
        assert (tmp_path / name).read_bytes() == after[name] != data
        left = after[name]
        for comment in (b"  # noqa: FAL601", b"  # fastapi-lint: ignore[FAL601]"):
            left = left.replace(comment, b"")
        assert left.replace(b"# fastapi-lint: ignore[FAL601]\n", b"") == data
    assert (tmp_path / "marked.py").stat().st_mode & 0o777 == 0o640
    assert {path.name for path in tmp_path.iterdir()} - contents.keys() == {".fastapi_lint_cache"}


def test_what_cannot_be_suppressed_is_said(tmp_path: Path) -> None:
    (tmp_path / "broken.py").write_text("from fastapi import (\n")
    (tmp_path / "unused.py").write_text("import fastapi\nx = 1  # noqa: FAL130\n")
    (tmp_path / "utf7.py").write_text(f"# coding: utf-7\nx = '+AOQ-'\n{HEAD}{EVENT}")
    before = {path.name: path.read_bytes() for path in tmp_path.glob("*.py")}
    result = run(tmp_path, "--add-noqa")
    assert result.returncode == 1
    for place in (
        "broken.py:1: FAL001",
        "unused.py:2: FAL003",
        "utf7.py:5: FAL601",
        "Suppressed 0 findings",
    ):
        assert place in result.stderr
    assert {path.name: path.read_bytes() for path in tmp_path.glob("*.py")} == before


def test_standard_input_takes_no_comments(tmp_path: Path) -> None:
    result = run(tmp_path, "-", "--add-noqa")
    assert result.returncode == 2
    assert "standard input" in result.stderr
