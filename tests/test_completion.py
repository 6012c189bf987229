"""What shells offer after `<Tab>`."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from fastapi_lint.cli import cli
from fastapi_lint.completion import SHELLS, VARIABLE, script

ENTRY = "import sys; sys.argv[0] = 'fastapi-lint'; from fastapi_lint.entry import main; main()"


def offered(line: str, cwd: Path) -> list[str]:
    """The words that bash is told for a command line whose last word is being written."""
    words = line.split(" ")
    done = subprocess.run(
        [sys.executable, "-c", ENTRY],
        cwd=cwd,
        env={**os.environ, VARIABLE: "bash_complete", "COMP_WORDS": line.rstrip(),
             "COMP_CWORD": str(len(words) - 1)},
        capture_output=True,
        text=True,
    )  # fmt: skip
    assert done.stderr == ""
    return [entry.partition(",")[2] for entry in done.stdout.splitlines()]


def test_commands_and_flags_of_the_first_command_are_offered(tmp_path: Path) -> None:
    assert {"check", "rule", "completion"} <= set(offered("fastapi-lint ", tmp_path))
    assert offered("fastapi-lint --sel", tmp_path) == ["--select"]


def test_codes_and_names_of_rules_are_offered(tmp_path: Path) -> None:
    assert offered("fastapi-lint rule FAL60", tmp_path)[0] == "FAL601"
    assert offered("fastapi-lint src --select FAL1,cors-not", tmp_path) == [
        "FAL1,cors-not-outermost"
    ]


def test_completing_does_not_repeat_the_last_run(tmp_path: Path) -> None:
    (tmp_path / "main.py").write_text("import fastapi\n\napp = fastapi.FastAPI()\n")
    old = (1e9, 1e9)
    for _ in range(2):
        os.utime(tmp_path / "main.py", old)
        os.utime(tmp_path, old)
        subprocess.run([sys.executable, "-c", ENTRY], cwd=tmp_path, capture_output=True)
    assert "rule" in offered("fastapi-lint ", tmp_path)


@pytest.mark.parametrize("shell", SHELLS)
def test_the_script_is_valid(shell: str, tmp_path: Path) -> None:
    result = CliRunner().invoke(cli, ["completion", shell])
    assert result.exit_code == 0
    if shutil.which(shell) is None:
        pytest.skip(f"no {shell} here")
    checked = subprocess.run([shell, "-n"], input=result.stdout, capture_output=True, text=True)
    assert (checked.returncode, checked.stderr) == (0, "")


def test_fish_gets_all_of_a_help_text() -> None:
    assert 'string split --max 1 ","' in script(cli, "fish")
